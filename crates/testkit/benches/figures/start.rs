//! How soon `ceralacca serve` answers on a million mailboxes, and what it holds at rest.

use crate::{
    measure::{Figure, Stolen, median, memory},
    seed::Bed,
    server::Server,
};

const STARTS: usize = 5;
/// `database.page_cache_mib` by default; the memory limit is counted on top of it.
const PAGE_CACHE_MIB: f64 = 32.0;

pub async fn serve() -> Vec<Figure> {
    let stolen = Stolen::watch();
    let bed = Bed::copy("s").await;
    let (mut starts, mut resident) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let server = Server::product(&bed.database()).await;
        starts.push(server.first_answer_ms);
        resident.push(memory(server.pid(), "VmRSS"));
    }
    let rss = median(&mut resident);
    vec![
        Figure::new("serve_start", "sqlite", median(&mut starts), "ms").holding(rss).stolen(stolen.percent()),
        Figure::new("serve_rest", "sqlite", rss, "MiB")
            .against(40.0 + PAGE_CACHE_MIB, rss / (40.0 + PAGE_CACHE_MIB))
            .stolen(stolen.percent()),
    ]
}

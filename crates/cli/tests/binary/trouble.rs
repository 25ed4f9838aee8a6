//! Trouble with the database under the running binary: no space on the disk, and another program that holds it.

use std::{fs::File, io::Write, path::PathBuf, process::Command, sync::mpsc};

use app::Cx;
use store::EngineKind;
use testkit::{
    browser::{Browser, Page},
    builders,
    peers::bank::{Bank, Manners},
};

use crate::house::{self, Build, House};

const DOMAIN: &str = "pec.example.it";
const HONEST: Manners = Manners { refused: 0, lost: 0, untold: 0, untold_off_session: 0 };

/// A small disk of its own: a file system in memory, which only root may mount.
struct Disk(PathBuf);
impl Disk {
    fn of_mib(mib: usize) -> Self {
        let folder = tempfile::Builder::new().prefix("disk").tempdir().expect("a folder").keep();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={mib}m"), "tmpfs"]).arg(&folder);
        let mounted = mount.status().expect("`mount` is there");
        assert!(mounted.success(), "a disk that can be filled is mounted by root");
        Self(folder)
    }
    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
    /// Takes all space that is left.
    fn fill(&self) {
        let mut file = File::create(self.ballast()).expect("a new file");
        let mut size = 1 << 20;
        while size > 0 {
            if file.write_all(&vec![7; size]).is_err() {
                size /= 2;
            }
        }
    }
    fn make_room(&self) {
        std::fs::remove_file(self.ballast()).expect("the ballast is there");
    }
}
impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a process that still ends may hold it.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = std::fs::remove_dir(&self.0);
    }
}

/// A customer who is signed in and stands in the shop.
async fn customer(cx: &Cx, address: &str) -> Browser {
    app::fixtures::load_catalogue(cx).await.expect("the sample catalogue loads");
    let customer = builders::customer_of(cx, 100_001, "RSSNNA90E47Z110T").await;
    let mut browser = Browser::over_http(address);
    browser.set_cookie(web::cookies::SESSION, &builders::session(cx, customer.login).await);
    browser
}

/// A purchase up to the button that binds.
async fn to_review(browser: &mut Browser, name: &str) -> Page {
    let page = browser.get("/").await;
    let page = browser.submit(&page, "/order/start", &[("plan", "standard"), ("quantity", "1")]).await;
    let page = browser.submit(&page, "/order/names", &[("name-1", name), ("domain-1", DOMAIN)]).await;
    let fields = [("holder-1", "account"), ("email-1", "anna@example.org")];
    let page = browser.submit(&page, "/order/holders", &fields).await;
    assert_eq!(page.path, "/order/review", "{}", page.text());
    page
}
async fn confirm(browser: &mut Browser, page: &Page) -> Page {
    let fields =
        [("conditions", "yes"), ("unfair_terms", "yes"), ("years", "1"), ("method", "card"), ("confirm", "yes")];
    browser.submit(page, "/order/review", &fields).await
}
/// The answer to somebody whose wish could not be written: not now, nothing was lost, try again.
fn must_say_later(page: &Page) {
    assert_eq!(page.status, 503, "{}", page.text());
    let after = page.headers.get("retry-after").and_then(|v| v.to_str().ok()?.parse::<u32>().ok());
    assert!(after.is_some_and(|seconds| seconds > 0), "with a time to come back: {:?}", page.headers);
    page.must_have("Non abbiamo registrato nulla. Riprova");
}

async fn orders(cx: &Cx) -> i64 {
    cx.store().one(&ORDERS, &[]).await.expect("orders are counted")
}
store::sql!(ORDERS = "SELECT COUNT(*) FROM orders", i64);

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_clearly_and_loses_nothing() {
    let disk = Disk::of_mib(16);
    let port = house::free_port();
    let bank = Bank::open(format!("http://127.0.0.1:{port}/hooks/stripe"), HONEST, 1).await;
    let build = Build { sqlite_in: Some(&disk.0), ..Build::of(EngineKind::Sqlite, port, &bank) };
    let mut house = House::build(build).await;
    let cx = house.enter().await;
    let mut browser = customer(&cx, &house.address()).await;
    house.leave(cx).await;
    house.start().await;

    let mut page = to_review(&mut browser, "anna.0").await;
    disk.fill();
    // What the log of the database has left takes some orders yet.
    let mut confirmed = 0;
    let refused = loop {
        let answer = confirm(&mut browser, &page).await;
        if answer.status.is_server_error() {
            break answer;
        }
        assert!(answer.path.starts_with("/order/payment/"), "{}", answer.text());
        confirmed += 1;
        disk.fill();
        assert!(confirmed < 200, "the disk never fills");
        let next = browser.get("/").await;
        let next = browser.submit(&next, "/order/start", &[("plan", "standard"), ("quantity", "1")]).await;
        if next.status.is_server_error() {
            break next;
        }
        disk.make_room();
        page = to_review(&mut browser, &format!("anna.{confirmed}")).await;
        disk.fill();
    };
    must_say_later(&refused);
    for path in ["/", "/account/orders", "/health/live"] {
        assert_eq!(browser.get(path).await.status, 200, "{path} only reads");
    }
    let again = confirm(&mut browser, &page).await;
    must_say_later(&again);

    disk.make_room();
    let answer = confirm(&mut browser, &page).await;
    assert!(answer.path.starts_with("/order/payment/"), "there is space again: {}", answer.text());
    house.kill();
    house.must_be_sound();
    let cx = house.enter().await;
    assert_eq!(orders(&cx).await, confirmed + 1, "each confirmed order, and none of the refused");
    house.leave(cx).await;
    house.start().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_at_the_start_is_told_in_one_line() {
    let disk = Disk::of_mib(16);
    let port = house::free_port();
    let bank = Bank::open(format!("http://127.0.0.1:{port}/hooks/stripe"), HONEST, 1).await;
    let build = Build { sqlite_in: Some(&disk.0), ..Build::of(EngineKind::Sqlite, port, &bank) };
    let mut house = House::build(build).await;
    let cx = house.enter().await;
    app::fixtures::load_catalogue(&cx).await.expect("the sample catalogue loads");
    house.leave(cx).await;
    disk.fill();
    for _ in 0..2 {
        let (code, said) = house.refused().await;
        assert_eq!(code, Some(75), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.starts_with("ceralacca: database sqlite:") && said.contains("no space left"), "{said}");
    }
    disk.make_room();
    house.start().await;
    house.kill();
    house.must_be_sound();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_held_by_another_program_is_waited_for_then_refused() {
    let port = house::free_port();
    let bank = Bank::open(format!("http://127.0.0.1:{port}/hooks/stripe"), HONEST, 1).await;
    let build = Build { database: "write_deadline_ms = 1000", ..Build::of(EngineKind::Sqlite, port, &bank) };
    let mut house = House::build(build).await;
    let cx = house.enter().await;
    let mut browser = customer(&cx, &house.address()).await;
    house.start().await;
    let page = to_review(&mut browser, "anna.rossi").await;

    // This process opens a write transaction and sits on it.
    let (held, is_held) = tokio::sync::oneshot::channel();
    let (release, released) = mpsc::channel::<()>();
    let (held, released) = (std::sync::Mutex::new(Some(held)), std::sync::Mutex::new(released));
    let holder = cx.clone();
    let holding = tokio::spawn(async move {
        holder
            .write(async move |_| {
                held.lock().expect("nobody panics").take().expect("run once").send(()).expect("the test waits");
                released.lock().expect("nobody panics").recv().expect("the test lets go");
                Ok(())
            })
            .await
    });
    is_held.await.expect("the transaction begins");
    must_say_later(&confirm(&mut browser, &page).await);
    assert_eq!(browser.get("/account/orders").await.status, 200, "reading waits for nobody");
    house.must_live();
    release.send(()).expect("the holder waits");
    holding.await.expect("no panic").expect("it ends well");

    let answer = confirm(&mut browser, &page).await;
    assert!(answer.path.starts_with("/order/payment/"), "{}", answer.text());
    assert_eq!(orders(&cx).await, 1);
    house.leave(cx).await;
    house.kill();
    house.must_be_sound();
}

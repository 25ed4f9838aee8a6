//! How long each page takes to draw, in microseconds: `cargo run --release -p render --example speed [NAME]`.
// tidy: allow(clock) measures how long drawing takes

use std::time::Instant;

use render::{Chrome, Locale, Options, Registry, Renderer, SampleKind};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    // tidy: allow(clock) a stopwatch
    let began = Instant::now();
    let renderer = Renderer::new(Options::default())?;
    println!("start {:>28} ms", began.elapsed().as_millis());
    let chrome = Chrome::sample(Locale::It);
    for sample in Registry::all().samples {
        if sample.kind != SampleKind::Page || !sample.name.contains(&wanted) {
            continue;
        }
        let rounds = 2000;
        for _ in 0..200 {
            sample.draw(&renderer, &chrome)?;
        }
        // tidy: allow(clock) a stopwatch
        let began = Instant::now();
        for _ in 0..rounds {
            std::hint::black_box(sample.draw(&renderer, &chrome)?);
        }
        let each = began.elapsed().as_secs_f64() * 1e6 / f64::from(rounds);
        println!("{:<30} {each:>8.1} us", format!("{} #{}", sample.name, sample.index));
    }
    Ok(())
}

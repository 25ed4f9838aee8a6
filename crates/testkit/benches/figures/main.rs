//! The figures of `cargo xtask bench`: the product beside the engines with nothing around them, in the same run.
//!
//! Started by `cargo xtask bench`, which builds everything in release and names the program. One JSON object a line.

mod client;
mod logins;
mod measure;
mod night;
mod pages;
mod place;
mod raw;
mod seed;
mod server;
mod start;

use std::{future::Future, pin::Pin};

use measure::Figure;

type Run = fn() -> Pin<Box<dyn Future<Output = Vec<Figure>>>>;

/// Names with what they measure.
const ALL: &[(&str, Run)] = &[
    ("place_order_one", || Box::pin(place::one_by_one())),
    ("place_order_64", || Box::pin(place::together())),
    ("place_order_http", || Box::pin(place::by_http())),
    ("place_order_8", || Box::pin(place::on_postgres())),
    ("mailbox_card", || Box::pin(pages::card())),
    ("name_check", || Box::pin(pages::name_check())),
    ("name_check_page", || Box::pin(pages::name_check_page())),
    ("logins", || Box::pin(logins::rate())),
    ("login_storm", || Box::pin(logins::storm())),
    ("night_wallet", || Box::pin(night::wallet())),
    ("serve_start", || Box::pin(start::serve())),
];

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [flag, database, port] = arguments.as_slice()
        && flag == "--raw-page"
    {
        return raw::page::serve(database.into(), port.parse().expect("a port")).await;
    }
    if arguments.iter().any(|a| a == "--list") {
        return ALL.iter().for_each(|(name, _)| println!("{name}"));
    }
    let wanted: Vec<&String> = arguments.iter().filter(|a| !a.starts_with("--")).collect();
    for (name, run) in ALL.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|w| w == name)) {
        eprintln!("== {name}");
        for figure in run().await {
            println!("{}", serde_json::to_string(&figure).expect("plain values"));
        }
    }
}

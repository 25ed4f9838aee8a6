//! The figures of `cargo xtask bench`: the product beside the engines with nothing around them, in the same run.
//!
//! Started by `cargo xtask bench`, which builds everything in release and names the program. One JSON object a line.

mod addons;
mod cards;
mod client;
mod during;
mod gateway;
mod hot;
mod killed;
mod lists;
mod logins;
mod measure;
mod members;
mod night;
mod notices;
mod pages;
mod pgseed;
mod place;
mod raw;
mod seed;
mod server;
mod size;
mod start;

use std::{future::Future, pin::Pin};

use measure::Figure;

type Run = fn() -> Pin<Box<dyn Future<Output = Vec<Figure>>>>;

/// Names with what they measure.
const ALL: &[(&str, Run)] = &[
    ("place_order_one", || Box::pin(place::one_by_one())),
    ("place_order_64", || Box::pin(place::at_once())),
    ("place_order_http", || Box::pin(place::by_http())),
    ("place_order_8", || Box::pin(place::on_postgres())),
    ("addon_credit_one", || Box::pin(addons::one_by_one())),
    ("addon_credit_64", || Box::pin(addons::at_once())),
    ("addon_credit_8", || Box::pin(addons::on_postgres())),
    ("hot_wallet", || Box::pin(hot::both())),
    ("mailbox_card", || Box::pin(pages::card())),
    ("name_check", || Box::pin(pages::name_check())),
    ("name_check_page", || Box::pin(pages::name_check_page())),
    ("logins", || Box::pin(logins::rate())),
    ("login_storm", || Box::pin(logins::storm())),
    ("night_wallet", || Box::pin(night::wallet())),
    ("night_wallet_pg", || Box::pin(night::postgres())),
    ("night_mixed", || Box::pin(cards::mixed())),
    ("night_killed", || Box::pin(killed::ten_times())),
    ("night_notices", || Box::pin(notices::five_steps())),
    ("purchase_during_night", || Box::pin(during::purchases())),
    ("page_during_night", || Box::pin(during::pages())),
    ("due_search", || Box::pin(lists::due_search())),
    ("list_pages", || Box::pin(lists::pages())),
    ("workers_4", || Box::pin(cards::four_workers())),
    ("serve_start", || Box::pin(start::serve())),
];

/// Those that take more disk and time than others: run when they are named.
const BY_NAME: &[(&str, Run)] = &[("night_15m", || Box::pin(night::large()))];

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [flag, database, port] = arguments.as_slice()
        && flag == "--raw-page"
    {
        return raw::page::serve(database.into(), port.parse().expect("a port")).await;
    }
    if arguments.iter().any(|a| a == "--list") {
        return ALL.iter().chain(BY_NAME).for_each(|(name, _)| println!("{name}"));
    }
    let wanted: Vec<&String> = arguments.iter().filter(|a| !a.starts_with("--")).collect();
    let named = |name: &str| wanted.iter().any(|w| *w == name);
    for w in &wanted {
        assert!(ALL.iter().chain(BY_NAME).any(|(name, _)| w == name), "no figure is called {w}: see --list");
    }
    let usual = ALL.iter().filter(|(name, _)| wanted.is_empty() || named(name));
    for (name, run) in usual.chain(BY_NAME.iter().filter(|(name, _)| named(name))) {
        eprintln!("== {name}");
        for figure in run().await {
            println!("{}", serde_json::to_string(&figure).expect("plain values"));
        }
    }
}

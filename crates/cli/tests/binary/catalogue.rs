//! An empty installation until people can buy: what the doctor misses, the example, the file loaded, twice.

use store::EngineKind;
use testkit::{
    browser::Browser,
    peers::bank::{Bank, Manners},
};

use crate::house::{self, Build, House};

const HONEST: Manners = Manners { refused: 0, lost: 0, untold: 0, untold_off_session: 0 };

fn sells(house: &House) -> (bool, String) {
    let found = house.doctor().into_iter().find(|c| c.check == "catalogue.sells").expect("the doctor looks at it");
    (found.ok, found.detail)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_installation_is_filled_from_a_file() {
    let port = house::free_port();
    let bank = Bank::open(format!("http://127.0.0.1:{port}/hooks/stripe"), HONEST, 1).await;
    let mut house = House::build(Build::of(EngineKind::Sqlite, port, &bank)).await;
    let (ok, told) = sells(&house);
    assert!(!ok && told.contains("no text `conditions` in Italian"), "{told}");
    assert!(told.contains("no certified domain is on sale") && told.contains("catalogue-example DIR"), "{told}");
    let folder = house.folder().join("catalogue");
    let (folder, file) = (folder.to_str().expect("text"), folder.join("catalogue.toml"));
    let path = file.to_str().expect("text");
    let (ok, told) = house.says(&["admin", "catalogue-example", folder]);
    assert!(ok && told.contains("put yours in their place"), "{told}");
    let (ok, told) = house.says(&["admin", "catalogue", path, "--check"]);
    assert!(ok && told.contains("nothing is written; would be: 23 new"), "{told}");
    assert!(!sells(&house).0, "nothing was written");

    // One part is wrong: nothing is loaded, not even what is right.
    let good = std::fs::read_to_string(&file).expect("written before");
    let bad = good.replacen("product = \"pro\"", "product = \"gold\"", 1);
    std::fs::write(&file, &bad).expect("the folder is writable");
    let (ok, told) = house.says(&["admin", "catalogue", path]);
    assert!(!ok && told.contains("nothing was loaded"), "{told}");
    assert!(told.contains("price of `gold` in `retail` from 2025-09-01: there is no such plan or add-on"), "{told}");
    assert!(!sells(&house).0, "nothing was written");

    std::fs::write(&file, &good).expect("the folder is writable");
    let (ok, told) = house.says(&["admin", "catalogue", path]);
    assert!(ok && told.contains("plan `standard`\tnew") && !told.contains("not for sale yet"), "{told}");
    assert_eq!(sells(&house), (true, "people can buy".to_owned()));
    let (ok, told) = house.says(&["admin", "catalogue", path]);
    assert_eq!((ok, told.as_str()), (true, "23 there already\n"));
    house.must_be_sound();

    house.start().await;
    let mut browser = Browser::over_http(&house.address());
    browser.get("/").await.must_have("Standard").must_have("€12,08").must_have("Premium");
    browser.get("/legal/terms").await.must_have("Condizioni generali di contratto");
    house.kill();
}

//! «Salva ed esci»: what is right is kept, and the home page leads back, on another browser too.

use app::fixtures;
use testkit::{TestApp, builders};

use crate::people::signed_in;

#[tokio::test]
async fn an_order_left_on_one_browser_is_taken_up_on_another() {
    let app = TestApp::new().await;
    fixtures::load_catalogue(&app.cx).await.unwrap();
    let customer = builders::customer(&app, 100_900, "RSSMRA80A01H501U").await;
    let mut first = signed_in(&app, customer.login).await;
    assert!(!first.get("/account").await.has("Riprendi l’ordine"));
    let shop = first.get("/").await;
    let names = first.submit(&shop, "/order/start", &[("plan", "standard"), ("quantity", "2")]).await;
    let kept = [("name-1", "studio.salvato"), ("name-2", "non valido!")];
    let mut fields: Vec<_> = names.attrs("form#step [name]", "name").into_iter().map(|n| (n, String::new())).collect();
    fields.retain(|(n, _)| n == "csrf" || n.starts_with("domain-"));
    for (name, value) in &mut fields {
        *value = match name.as_str() {
            "csrf" => names.attrs("form#step input[name=csrf]", "value")[0].clone(),
            _ => fixtures::DOMAINS[0].into(),
        };
    }
    let typed: Vec<(&str, &str)> =
        fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(kept).chain([("leave", "1")]).collect();
    let home = first.post("/order/names", &typed).await;
    assert_eq!(home.path, "/account");
    home.must_have("Abbiamo salvato l’ordine").must_have("ordine di 2 caselle Standard");

    let mut second = signed_in(&app, customer.login).await;
    let home = second.get("/account").await;
    let names = second.submit(&home, "/order/resume", &[]).await;
    assert_eq!(names.path, "/order/names");
    assert_eq!(
        (names.attrs("#name-1", "value"), names.attrs("#name-2", "value")),
        (vec!["studio.salvato".into()], vec![String::new()])
    );
    // The first browser has lost the cart and takes it back the same way.
    let home = first.get("/account").await;
    assert_eq!(first.submit(&home, "/order/resume", &[]).await.path, "/order/names");
    // Nobody else sees it.
    let other = builders::customer(&app, 100_901, "BNCGLI85M41H501T").await;
    assert!(!signed_in(&app, other.login).await.get("/account").await.has("Riprendi l’ordine"));
    app.advance_days(31).await;
    assert!(!signed_in(&app, customer.login).await.get("/account").await.has("Riprendi l’ordine"));
}

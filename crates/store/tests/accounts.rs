//! Registry records, accounts, former passwords and consents on a fresh database.

use store::{Error, Options, Store, consents, logins, parties};
use uuid::Uuid;

async fn fresh() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("x.db").display()).parse().unwrap();
    let s = Store::open(&url, Options::default()).await.unwrap();
    s.migrate().await.unwrap();
    (dir, s)
}
fn party(id: u128, tax_key: &'static str) -> parties::NewParty<'static> {
    parties::NewParty {
        id: Uuid::from_u128(id),
        kind: "person",
        tax_key,
        display_name: "Anna Rossi",
        first_name: "Anna",
        last_name: "Rossi",
        organisation: None,
        fiscal_code: Some(tax_key),
        vat_number: None,
        email: "Anna@example.it",
        email_key: "anna@example.it",
        phone: None,
        mobile: Some("+393331234567"),
        locale: "it",
        secret_question: None,
        secret_answer_hash: None,
        details: "{}",
        now: 10,
    }
}

#[tokio::test]
async fn a_record_is_unique_by_its_tax_key() {
    let (_dir, s) = fresh().await;
    s.write(async |tx| parties::insert(tx, &party(1, "RSSNNA90E47Z110T")).await).await.unwrap();
    let again = s.write(async |tx| parties::insert(tx, &party(2, "RSSNNA90E47Z110T")).await).await;
    assert!(matches!(again, Err(Error::Duplicate(_))), "{again:?}");
    let row = parties::by_tax_key(&mut &s, "RSSNNA90E47Z110T").await.unwrap().unwrap();
    assert_eq!((row.id, row.version, row.mobile.as_deref()), (Uuid::from_u128(1), 1, Some("+393331234567")));
    assert_eq!(parties::by_email_key(&mut &s, "anna@example.it", 5).await.unwrap(), [row]);
}

#[tokio::test]
async fn of_two_edits_of_one_version_the_second_changes_nothing() {
    let (_dir, s) = fresh().await;
    let id = Uuid::from_u128(1);
    s.write(async |tx| parties::insert(tx, &party(1, "K")).await).await.unwrap();
    let edit = async |phone: &'static str| {
        s.write(async move |tx| parties::set_contacts(tx, id, 1, (Some(phone), None, "en"), 20).await).await.unwrap()
    };
    assert_eq!(edit("+390649912345").await, 1);
    assert_eq!(edit("+390649900000").await, 0);
    let details = s.write(async move |tx| parties::set_details(tx, id, 2, "{\"a\":1}", 30).await).await.unwrap();
    assert_eq!(details, 1);
    s.write(async move |tx| parties::set_email(tx, id, "B@x.it", "b@x.it", 40).await).await.unwrap();
    let row = parties::by_id(&mut &s, id).await.unwrap().unwrap();
    assert_eq!(
        (row.version, row.phone.as_deref(), row.mobile, row.locale.as_str()),
        (4, Some("+390649912345"), None, "en")
    );
    assert_eq!((row.email_key.as_str(), row.email_confirmed_at), ("b@x.it", Some(40)));
}

#[tokio::test]
async fn accounts_and_their_former_passwords() {
    let (_dir, s) = fresh().await;
    let (id, party_id) = (Uuid::from_u128(7), Uuid::from_u128(1));
    s.write(async move |tx| {
        parties::insert(tx, &party(1, "K")).await?;
        logins::insert(tx, id, party_id, (100_001, "100001@realm.example"), "incomplete", None, 10).await
    })
    .await
    .unwrap();
    for (version, now) in [(1, 20), (1, 25), (2, 30)] {
        let set = s
            .write(async move |tx| {
                let set = logins::set_password(tx, id, version, "active", "hash", now).await?;
                if set == 1 {
                    logins::remember_password(tx, id, &format!("hash-{now}"), 2, now).await?;
                }
                Ok::<_, Error>(set)
            })
            .await
            .unwrap();
        assert_eq!(set, u64::from(now != 25), "at {now}");
    }
    s.write(async move |tx| logins::remember_password(tx, id, "hash-40", 2, 40).await).await.unwrap();
    assert_eq!(logins::former_passwords(&mut &s, id, 5).await.unwrap(), ["hash-40", "hash-30"]);
    s.write(async move |tx| logins::remember_password(tx, id, "hash-50", 0, 50).await).await.unwrap();
    assert!(logins::former_passwords(&mut &s, id, 5).await.unwrap().is_empty(), "a history of none keeps none");
    let row = logins::by_username(&mut &s, "100001@realm.example").await.unwrap().unwrap();
    assert_eq!((row.version, row.state.as_str(), row.password_changed_at), (3, "active", Some(30)));
    assert_eq!(logins::of_party(&mut &s, party_id).await.unwrap(), [row]);
}

#[tokio::test]
async fn the_last_answer_of_each_consent_counts() {
    let (_dir, s) = fresh().await;
    s.write(async |tx| {
        parties::insert(tx, &party(1, "K")).await?;
        for (n, kind, given, at) in [
            (1, "marketing", true, 10),
            (2, "marketing", false, 20),
            (3, "privacy_notice", true, 10),
            (4, "marketing", true, 20),
        ] {
            let (id, party_id) = (Uuid::from_u128(n), Uuid::from_u128(1));
            let consent = consents::NewConsent {
                id,
                party_id,
                login_id: None,
                kind,
                given,
                text_version: "2026-01",
                at,
                ip: None,
            };
            consents::insert(tx, &consent).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    let rows = consents::latest(&mut &s, Uuid::from_u128(1)).await.unwrap();
    let short: Vec<_> = rows.iter().map(|r| (r.kind.as_str(), r.given, r.at)).collect();
    assert_eq!(short, [("marketing", true, 20), ("privacy_notice", true, 10)]);
}

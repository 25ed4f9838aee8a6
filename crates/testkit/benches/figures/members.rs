//! Mailboxes put under the sample agreement, with credit in their holders' wallets. Each has bought something before: in
//! empty tables neighbours would meet on one page, which no installation with so many mailboxes has.

use app::fixtures::AGREEMENT;
use domain::{
    id::{MailboxId, PartyId},
    ledger::{AccountKey, AccountKind},
    money::Money,
    time::Timestamp,
};
use rusqlite::{Connection, params};
use store::testing::TestDb;
use uuid::Uuid;

use crate::{
    pgseed,
    place::connect,
    raw::rows::Given,
    seed::{self, Bed},
};

/// What each wallet holds.
pub const CREDIT_CENTS: i64 = 100_000;
/// The paid period ends so many days ahead: an add-on is paid for a year.
const DAYS_AHEAD: i32 = 200;

/// Today in Rome.
pub fn today() -> i32 {
    Timestamp::from_micros(seed::now()).date().days()
}

pub fn wallet(party: Uuid) -> Uuid {
    AccountKey::of(AccountKind::CustomerCredit, PartyId::from_uuid(party)).id().uuid()
}

/// The member whose turn is the `n`-th of `count`: neighbours do not come one after the other.
pub fn turn_of(n: u64, count: u64) -> u64 {
    // Odd and without a divisor that the usual counts have.
    n % count * 7_919 % count
}

/// The mailbox of member `n`: the first of each customer's two.
pub fn mailbox(n: u64) -> MailboxId {
    MailboxId::from_uuid(seed::mailbox(2 * n))
}
/// What an act of member `n` is given: mailbox, party, login, wallet.
pub fn given(n: u64) -> Given {
    [seed::mailbox(2 * n), seed::party(n), seed::login(n), wallet(seed::party(n))]
        .map(|id| id.as_bytes().to_vec())
        .into()
}

/// Puts the first mailbox of each of `count` customers under the agreement, every customer with credit of his own.
pub fn each_with_credit(bed: &Bed, count: u64) {
    let c = bed.connection();
    c.execute_batch("BEGIN").expect("nobody else writes");
    for n in 0..count {
        member(&c, seed::mailbox(2 * n));
        fill_wallet(&c, seed::party(n), CREDIT_CENTS);
    }
    c.execute_batch("COMMIT").expect("there is room");
    seed::fold(&c);
}

/// Gives `count` mailboxes to the first customer, all of them under the agreement and paid by his one wallet.
pub fn one_with_many(bed: &Bed, count: u64, cents: i64) {
    let c = bed.connection();
    c.execute_batch("BEGIN").expect("nobody else writes");
    let (party, login) = (seed::party(0), seed::login(0));
    for n in 0..count {
        let mailbox = seed::mailbox(2 * n);
        let text = "UPDATE mailboxes SET party_id = ?2, login_id = ?3 WHERE id = ?1";
        run(&c, text, params![mailbox.as_bytes(), party.as_bytes(), login.as_bytes()]);
        run(&c, "UPDATE terms SET login_id = ?2 WHERE mailbox_id = ?1", params![mailbox.as_bytes(), login.as_bytes()]);
        member(&c, mailbox);
    }
    fill_wallet(&c, party, cents);
    c.execute_batch("COMMIT").expect("there is room");
    seed::fold(&c);
}

/// Puts `count` mailboxes, each as it is, under the agreement of which customer `body` is the body; it renews one of 20.
pub fn of_body(bed: &Bed, body: u64, from: u64, count: u64) {
    let c = bed.connection();
    c.execute_batch("BEGIN").expect("nobody else writes");
    let named = "UPDATE agreements SET body_party_id = ?1 WHERE code = ?2";
    run(&c, named, params![seed::party(body).as_bytes(), AGREEMENT]);
    for n in from..from + count {
        let id = seed::mailbox(2 * n);
        let id = id.as_bytes();
        run(&c, "UPDATE mailboxes SET agreement_code = ?2 WHERE id = ?1", params![id, AGREEMENT]);
        run(&c, "UPDATE terms SET agreement_code = ?2 WHERE mailbox_id = ?1", params![id, AGREEMENT]);
        let under = "INSERT INTO agreement_mailboxes (mailbox_id, agreement_code, renewal_kind, address) SELECT id, ?2, ?3, address FROM mailboxes WHERE id = ?1";
        run(&c, under, params![id, AGREEMENT, if n % 20 == 0 { "by_body" } else { "by_holder" }]);
    }
    c.execute_batch("COMMIT").expect("there is room");
    seed::fold(&c);
}

fn run(c: &Connection, text: &str, values: &[&dyn rusqlite::ToSql]) {
    let done = c.prepare_cached(text).and_then(|mut s| s.execute(values)).expect("the schema is ours");
    assert_eq!(done, 1, "{text}");
}

fn member(c: &Connection, mailbox: Uuid) {
    let (id, end) = (mailbox.as_bytes(), today() + DAYS_AHEAD);
    run(c, "UPDATE terms SET end_day = ?2, agreement_code = ?3 WHERE mailbox_id = ?1", params![id, end, AGREEMENT]);
    run(c, "UPDATE mailboxes SET agreement_code = ?2 WHERE id = ?1", params![id, AGREEMENT]);
    let owed = "UPDATE obligations SET period_start = ?2 + 1, due_day = ?2 - 7, way = 'wallet' WHERE service_id = ?1";
    run(c, owed, params![id, end]);
    let under = "INSERT INTO agreement_mailboxes (mailbox_id, agreement_code, renewal_kind, address) SELECT id, ?2, 'by_holder', address FROM mailboxes WHERE id = ?1";
    run(c, under, params![id, AGREEMENT]);
    // Any identifier of sixteen bytes: that of its mailbox.
    let addon = "INSERT INTO addons (id, mailbox_id, service, gb, start_day, end_day, free, state, price_list, order_id) SELECT m.id, m.id, 'legal_storage', 1, ?2 - 365, ?2, 0, 'active', a.price_list, m.order_id FROM mailboxes m, agreements a WHERE m.id = ?1 AND a.code = ?3";
    run(c, addon, params![id, end, AGREEMENT]);
    let key = "INSERT INTO client_keys (scope, key, result, created_at) VALUES (?1, 'earlier', 'earlier', ?2)";
    run(c, key, params![format!("addon:{}", MailboxId::from_uuid(mailbox)), seed::now()]);
}

/// A wallet with this much in it.
pub fn fill_wallet(c: &Connection, party: Uuid, cents: i64) {
    let text = "INSERT INTO ledger_accounts (id, kind, owner_id, guarded, posted_cents, held_cents) VALUES (?1, 'customer_credit', ?2, 1, ?3, 0)";
    run(c, text, params![wallet(party).as_bytes(), party.as_bytes(), cents]);
}

/// What is in the wallet of a customer, and how many lines its statement has.
pub fn balance(c: &Connection, party: Uuid) -> (Money, i64) {
    let text = "SELECT posted_cents, entries FROM ledger_accounts WHERE id = ?1";
    let found = c.query_row(text, [wallet(party).as_bytes()], |r| Ok((Money::cents(r.get(0)?), r.get(1)?)));
    found.expect("the wallet is there")
}

/// As [`each_with_credit`], or as [`one_with_many`] when the mailboxes are `shared`, on PostgreSQL.
pub async fn on_postgres(db: &TestDb, count: u64, shared: bool, cents: i64) {
    let client = connect(db).await;
    let (n, end) = ("2 * n", today() + DAYS_AHEAD);
    let (service, last) = (pgseed::mailbox(n), count - 1);
    let members = format!("FROM generate_series(0, {last}) n WHERE");
    let mut texts = vec![
        format!("UPDATE terms SET end_day = {end}, agreement_code = '{AGREEMENT}' {members} mailbox_id = {service}"),
        format!("UPDATE mailboxes SET agreement_code = '{AGREEMENT}' {members} id = {service}"),
        format!(
            "UPDATE obligations SET period_start = {end} + 1, due_day = {end} - 7, way = 'wallet' {members} service_id = {service}"
        ),
        format!(
            "INSERT INTO agreement_mailboxes (mailbox_id, agreement_code, renewal_kind, address) SELECT m.id, '{AGREEMENT}', 'by_holder', m.address FROM mailboxes m, generate_series(0, {last}) n WHERE m.id = {service}"
        ),
    ];
    texts.push(format!(
        "INSERT INTO addons (id, mailbox_id, service, gb, start_day, end_day, free, state, price_list, order_id) SELECT m.id, m.id, 'legal_storage', 1, {end} - 365, {end}, FALSE, 'active', a.price_list, m.order_id FROM mailboxes m, agreements a, generate_series(0, {last}) n WHERE m.id = {service} AND a.code = '{AGREEMENT}'"
    ));
    texts.push(format!(
        "INSERT INTO client_keys (scope, key, result, created_at) SELECT 'addon:mbx_' || replace({service}::text, '-', ''), 'earlier', 'earlier', {} FROM generate_series(0, {last}) n",
        seed::now()
    ));
    let (owner, account) = (pgseed::party("0"), pgseed::login("0"));
    if shared {
        texts.push(format!("UPDATE mailboxes SET party_id = {owner}, login_id = {account} {members} id = {service}"));
        texts.push(format!("UPDATE terms SET login_id = {account} {members} mailbox_id = {service}"));
    }
    let wallets = if shared { 0 } else { last };
    texts.push(credit("n", wallets, cents));
    for text in texts {
        client.batch_execute(&text).await.expect("the schema is ours");
    }
    pgseed::settle(&client).await;
}

/// Wallets of the customers that the expression names for the numbers up to `last`.
pub fn credit(n: &str, last: u64, cents: i64) -> String {
    let owner = pgseed::party(n);
    format!(
        "INSERT INTO ledger_accounts (id, kind, owner_id, guarded, posted_cents, held_cents) SELECT {}, 'customer_credit', {owner}, TRUE, {cents}, 0 FROM generate_series(0, {last}) n",
        pgseed::wallet(&owner)
    )
}

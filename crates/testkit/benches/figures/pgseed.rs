//! The same mailboxes on PostgreSQL, written by the server itself: identifiers, names and periods are those of `seed`.

use domain::time::DAY_US;
use store::{EngineKind, Options, testing};
use tokio_postgres::Client;

use crate::{place::connect, seed};

/// The identifier of `seed` for the number that this expression gives.
pub fn id(kind: u8, n: &str) -> String {
    format!("(lpad(to_hex(1717986918400 + ({n})), 12, '0') || '7{kind:03x}8' || lpad(to_hex(({n})), 15, '0'))::uuid")
}
pub fn party(n: &str) -> String {
    id(1, n)
}
pub fn login(n: &str) -> String {
    id(2, n)
}
pub fn mailbox(n: &str) -> String {
    id(4, n)
}
/// The identifier of the wallet of this registry record, as `domain::ledger::AccountKey` derives it.
pub fn wallet(party: &str) -> String {
    let hash = format!(
        "encode(substr(sha256('account'::bytea || '\\x00'::bytea || 'customer_credit'::bytea || '\\x00'::bytea || replace({party}::text, '-', '')::bytea), 1, 16), 'hex')"
    );
    format!(
        "(SELECT (substr(h, 1, 12) || '8' || substr(h, 14, 3) || translate(substr(h, 17, 1), '0123456789abcdef', '89ab89ab89ab89ab') || substr(h, 18))::uuid FROM (SELECT {hash} AS h) AS hashed)"
    )
}

/// A database with so many mailboxes, two of each customer.
pub async fn filled(mailboxes: u64, options: Options) -> testing::TestDb {
    let db = testing::fresh_with(EngineKind::Postgres, options).await;
    let cx = seed::cx(db.store.clone());
    app::fixtures::load_catalogue(&cx).await.expect("the sample catalogue");
    app::fixtures::load_agreement(&cx).await.expect("the sample agreement");
    eprintln!("making {mailboxes} mailboxes on PostgreSQL");
    let client = connect(&db).await;
    for text in fill(mailboxes) {
        client.batch_execute(&text).await.expect("the schema is ours");
    }
    settle(&client).await;
    db
}

/// Statistics of what has rows, and nothing left to be cleaned up meanwhile. An empty table that was looked at would be
/// read as a whole from then on, however it grows.
pub async fn settle(client: &Client) {
    let filled = "SELECT string_agg(quote_ident(relname), ', ') FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0";
    let tables: String = client.query_one(filled, &[]).await.expect("a catalogue").get(0);
    client.batch_execute(&format!("VACUUM (ANALYZE) {tables}")).await.expect("nobody else works");
    client.batch_execute("CHECKPOINT").await.expect("the superuser may");
}

fn fill(mailboxes: u64) -> [String; 7] {
    let (now, day) = (seed::now(), seed::now() / DAY_US);
    let (long_ago, ago) = (now - 400 * DAY_US, now - 300 * DAY_US);
    let logins = mailboxes / 2 - 1;
    let last = mailboxes - 1;
    let (person, account, order, service) = (party("n"), login("n"), id(3, "n"), mailbox("n"));
    let (owner, its_login, its_order) = (party("n / 2"), login("n / 2"), id(3, "n / 2"));
    let standard = "FROM prices x WHERE x.product_code = 'standard' AND x.price_list = 'retail'";
    [
        format!(
            "INSERT INTO parties (id, version, kind, tax_key, display_name, first_name, last_name, fiscal_code, email, email_key, locale, details, created_at, updated_at) \
             SELECT {person}, 1, 'person', tax, 'Giulia Bianchi', 'Giulia', 'Bianchi', tax, mail, mail, 'it', '{{}}', {long_ago}, {long_ago} \
             FROM (SELECT n, 'TAX' || lpad(n::text, 13, '0') AS tax, 'cliente' || n || '@example.org' AS mail FROM generate_series(0, {logins}) n) AS made"
        ),
        format!(
            "INSERT INTO logins (id, version, party_id, number, username, state, password_hash, created_at) \
             SELECT {account}, 1, {person}, 200000 + n, (200000 + n) || '@ceralacca.example', 'active', 'none', {long_ago} FROM generate_series(0, {logins}) n"
        ),
        format!(
            "INSERT INTO orders (id, version, number, kind, state, state_at, party_id, login_id, years, net_cents, vat_cents, gross_cents, payment_method, billing, placed_at, pay_by_at, paid_at) \
             SELECT {order}, 4, '2025-' || lpad(n::text, 7, '0'), 'purchase', 'completed', {ago} + n, {person}, {account}, 1, x.net_cents, x.net_cents * 22 / 100, x.net_cents + x.net_cents * 22 / 100, 'card', '{{}}', {ago} + n, {ago} + n, {ago} + n \
             FROM generate_series(0, {logins}) n, (SELECT x.net_cents {standard}) AS x"
        ),
        format!(
            "INSERT INTO order_lines (id, order_id, position, product_code, price_id, quantity, years, unit_net_cents, net_cents, vat_bp, vat_cents, gross_cents) \
             SELECT {}, {order}, 1, 'standard', x.id, 2, 1, x.net_cents, x.net_cents, 2200, x.net_cents * 22 / 100, x.net_cents + x.net_cents * 22 / 100 \
             FROM generate_series(0, {logins}) n, (SELECT x.id, x.net_cents {standard}) AS x",
            id(5, "n")
        ),
        format!(
            "INSERT INTO mailboxes (id, version, address, domain, plan_code, state, state_at, party_id, login_id, order_id, holder_kind, holder_tax_key, holder_name, password_hash, password_changed_at, contact_email, space_mib, extra_space_mib, archive_mib, requested_at, activated_at) \
             SELECT {service}, 3, 'mario.rossi' || lpad(n::text, 7, '0') || '@pec.example.it', 'pec.example.it', 'standard', 'active', {ago}, {owner}, {its_login}, {its_order}, 'account', 'TAX' || lpad((n / 2)::text, 13, '0'), 'Giulia Bianchi', 'none', {ago}, 'giulia.bianchi@example.org', 1024, 0, 0, {ago}, {ago} \
             FROM generate_series(0, {last}) n"
        ),
        format!(
            "WITH ends AS MATERIALIZED (SELECT n, {day} + 1 + (n::bigint * 7919) % 365 AS last FROM generate_series(0, {last}) n), \
             term AS (INSERT INTO terms (mailbox_id, login_id, start_day, end_day, years, auto_renew) SELECT {service}, {its_login}, last - 365, last, 1, FALSE FROM ends) \
             INSERT INTO obligations (service_id, period_start, service_kind, mailbox_id, due_day, way, state, tries) SELECT {service}, last + 1, 'mailbox', {service}, last + 91, 'manual', 'open', 0 FROM ends"
        ),
        format!(
            "INSERT INTO addresses (address, state, holder_tax_key, order_id, mailbox_id, changed_at) \
             SELECT 'mario.rossi' || lpad(n::text, 7, '0') || '@pec.example.it', 'assigned', 'TAX' || lpad((n / 2)::text, 13, '0'), {its_order}, {service}, {ago} FROM generate_series(0, {last}) n"
        ),
    ]
}

//! New price lists, their names, products and the days on which they are sold, and what was planned and is taken back.

use domain::{
    id::PriceId,
    time::{Date, Timestamp},
};

use crate::{Query, Result, WriteTx, args, row, sql};

row! {
    /// A plan or an add-on.
    pub struct ProductRow {
        pub code: String,
        /// `mailbox_plan` or `addon`.
        pub kind: String,
        pub name: String,
        pub sold_from_day: Date,
        pub sold_until_day: Option<Date>,
        pub version: i64,
    }
}

sql!(
    PRODUCTS = "SELECT code, kind, name, sold_from_day, sold_until_day, version FROM products ORDER BY kind DESC, position, code",
    ProductRow
);
sql!(
    PRODUCT = "SELECT code, kind, name, sold_from_day, sold_until_day, version FROM products WHERE code = $1",
    ProductRow
);
sql!(
    CHANGE_PRODUCT = "UPDATE products SET name = $3, sold_from_day = $4, sold_until_day = $5, version = version + 1 WHERE code = $1 AND version = $2"
);
sql!(
    PUT = "INSERT INTO price_lists (code, name, channel, addon_rule) VALUES ($1, $2, $3, $4) ON CONFLICT (code) DO NOTHING"
);
sql!(RENAME = "UPDATE price_lists SET name = $3, version = version + 1 WHERE code = $1 AND version = $2");
sql!(
    /// VAT of the product's latest price, in whichever list; else of the latest price there is.
    VAT = "SELECT vat_bp FROM prices ORDER BY CASE WHEN product_code = $1 THEN 0 ELSE 1 END, valid_from_at DESC, id LIMIT 1",
    i64
);
sql!(TAKE_BACK_PRICE = "DELETE FROM prices WHERE id = $1 AND valid_from_at > $2");
sql!(
    TAKE_BACK_VERSION = "DELETE FROM agreement_versions WHERE agreement_code = $1 AND from_day = $2 AND from_day > $3 AND begun_at IS NULL"
);

/// All plans and add-ons.
pub async fn products(q: &mut impl Query) -> Result<Vec<ProductRow>> {
    q.all(&PRODUCTS, args![]).await
}
/// One of them.
pub async fn product(q: &mut impl Query, code: &str) -> Result<Option<ProductRow>> {
    q.opt(&PRODUCT, args![code]).await
}
/// Changes its name and the days on which it is sold; 0 when somebody else has changed it since that version.
pub async fn change_product(
    tx: &mut WriteTx,
    (code, version): (&str, i64),
    name: &str,
    (from, until): (Date, Option<Date>),
) -> Result<u64> {
    tx.run(&CHANGE_PRODUCT, args![code, version, name, from, until]).await
}
/// Adds a price list; 0 when its code is known.
pub async fn put(tx: &mut WriteTx, code: &str, name: &str, channel: &str, addon_rule: Option<&str>) -> Result<u64> {
    tx.run(&PUT, args![code, name, channel, addon_rule]).await
}
/// Gives a list another name; 0 when somebody else has changed it since that version.
pub async fn rename(tx: &mut WriteTx, (code, version): (&str, i64), name: &str) -> Result<u64> {
    tx.run(&RENAME, args![code, version, name]).await
}
/// The VAT that a first price of a product takes over, in hundredths of a percent; none where nothing has a price.
pub async fn vat_bp(q: &mut impl Query, product: &str) -> Result<Option<i64>> {
    q.opt(&VAT, args![product]).await
}
/// Takes back a price that begins after `now`; 0 when there is none.
pub async fn take_back_price(tx: &mut WriteTx, id: PriceId, now: Timestamp) -> Result<u64> {
    tx.run(&TAKE_BACK_PRICE, args![id, now]).await
}
/// Takes back a change of an agreement that begins after `today`; 0 when there is none.
pub async fn take_back_version(tx: &mut WriteTx, agreement: &str, from: Date, today: Date) -> Result<u64> {
    tx.run(&TAKE_BACK_VERSION, args![agreement, from, today]).await
}

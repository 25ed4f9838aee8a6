//! Price lists and agreements, for operators.

use domain::operator::Permission;
use store::{
    catalogue_office::{self as rows, AgreementLineRow, DatedPriceRow, ListRow, VersionRow},
    offers::{self, DatedOfferRow},
    price_lists::{self, ProductRow},
};

use crate::{Cx, Problem, use_cases::operators::authorise};

/// The price lists with all their prices and offers.
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub lists: Vec<ListRow>,
    pub prices: Vec<DatedPriceRow>,
    pub offers: Vec<DatedOfferRow>,
}

/// Everything that is sold.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn catalogue(cx: &Cx) -> Result<Catalogue, Problem> {
    authorise(cx, Permission::See)?;
    let q = &mut cx.store();
    Ok(Catalogue { lists: rows::lists(q).await?, prices: rows::prices(q).await?, offers: offers::all(q).await? })
}

/// All plans and add-ons.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn products(cx: &Cx) -> Result<Vec<ProductRow>, Problem> {
    authorise(cx, Permission::See)?;
    Ok(price_lists::products(&mut cx.store()).await?)
}

/// A plan or an add-on.
///
/// # Errors
/// Forbidden; `NotFound`.
pub async fn product(cx: &Cx, code: &str) -> Result<ProductRow, Problem> {
    authorise(cx, Permission::See)?;
    price_lists::product(&mut cx.store(), code).await?.ok_or_else(Problem::not_found)
}

/// A price list.
///
/// # Errors
/// Forbidden; `NotFound`.
pub async fn list(cx: &Cx, code: &str) -> Result<ListRow, Problem> {
    authorise(cx, Permission::See)?;
    let all = rows::lists(&mut cx.store()).await?;
    all.into_iter().find(|l| l.code == code).ok_or_else(Problem::not_found)
}

/// All agreements.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn agreements(cx: &Cx) -> Result<Vec<AgreementLineRow>, Problem> {
    authorise(cx, Permission::See)?;
    Ok(rows::agreements(&mut cx.store()).await?)
}

/// An agreement with its changes, the latest first.
///
/// # Errors
/// Forbidden; `NotFound`.
pub async fn agreement(cx: &Cx, code: &str) -> Result<(AgreementLineRow, Vec<VersionRow>), Problem> {
    authorise(cx, Permission::See)?;
    let q = &mut cx.store();
    let found = rows::agreement(q, code).await?.ok_or_else(Problem::not_found)?;
    Ok((found, rows::versions(q, code).await?))
}

/// The domains on which mailboxes can be given.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn domains(cx: &Cx) -> Result<Vec<String>, Problem> {
    authorise(cx, Permission::See)?;
    Ok(rows::domains(&mut cx.store()).await?)
}

//! Price lists and agreements, for operators.

use domain::operator::Permission;
use store::catalogue_office::{self as rows, AgreementLineRow, DatedPriceRow, ListRow, OfferLineRow, VersionRow};

use crate::{Cx, Problem, use_cases::operators::authorise};

/// The price lists with all their prices and offers.
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub lists: Vec<ListRow>,
    pub prices: Vec<DatedPriceRow>,
    pub offers: Vec<OfferLineRow>,
}

/// Everything that is sold.
///
/// # Errors
/// Forbidden; when the store cannot be read.
pub async fn catalogue(cx: &Cx) -> Result<Catalogue, Problem> {
    authorise(cx, Permission::See)?;
    let q = &mut cx.store();
    Ok(Catalogue { lists: rows::lists(q).await?, prices: rows::prices(q).await?, offers: rows::offers(q).await? })
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

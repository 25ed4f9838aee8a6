//! Is this address free? Looks without holding: a name is held from the confirmation of an order.

use std::collections::HashMap;

use domain::{
    actor::Actor,
    address::{Availability, RegisterEntry, RegisterState, availability},
    catalogue::CertifiedDomain,
    ident::{LocalPart, local_part},
};
use store::{addresses, carts, catalogue};

use crate::{Cx, FieldProblem, Problem};

/// How many variants of a taken name are offered.
const VARIANTS: usize = 3;
/// How many candidates are looked up to find them.
const CANDIDATES: usize = 32;
/// Names that this provider keeps for itself, beside those that nobody may have.
const NOT_SOLD: &[&str] = &[];

/// The answer for one name.
#[derive(Clone, Debug, PartialEq)]
pub enum NameAnswer {
    Free {
        local: String,
        address: String,
        /// Kept for the one who asks, whose address it was.
        former: bool,
    },
    Taken {
        address: String,
        /// Free variants of the name on the same domain.
        variants: Vec<String>,
        /// The same name on other domains, where it is free.
        other_domains: Vec<String>,
    },
    /// The name breaks a rule; `suggestion` is a name that does not.
    Invalid { problem: FieldProblem, suggestion: Option<String> },
}
impl NameAnswer {
    pub fn is_free(&self) -> bool {
        matches!(self, NameAnswer::Free { .. })
    }
}

/// One name as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedName {
    pub name: String,
    pub domain: String,
}

/// Addresses of the register as they were found.
type Found = HashMap<String, RegisterEntry>;

/// Fiscal code or VAT number of the one who asks: to the former holder a released address is free. Not read
/// where no address was released, which is the usual case.
async fn own_tax_key(cx: &Cx, found: &Found) -> Result<Option<String>, Problem> {
    match cx.actor {
        Actor::Login { party, .. } if found.values().any(|e| e.state == RegisterState::Released) => {
            Ok(carts::account(&mut cx.store(), party).await?.map(|a| a.tax_key))
        }
        _ => Ok(None),
    }
}

/// Judges one name.
///
/// # Errors
/// When the store cannot be read.
pub async fn check_name(cx: &Cx, typed: &TypedName) -> Result<NameAnswer, Problem> {
    let domains = catalogue::domains(&mut cx.store()).await?;
    check_name_on(cx, typed, &domains).await
}

/// The same, with the domains on sale.
///
/// # Errors
/// When the store cannot be read.
pub async fn check_name_on(cx: &Cx, typed: &TypedName, domains: &[CertifiedDomain]) -> Result<NameAnswer, Problem> {
    Ok(judge(cx, std::slice::from_ref(typed), domains).await?.remove(0))
}

/// Judges many names, in their order.
///
/// # Errors
/// When the store cannot be read.
pub async fn check_names(cx: &Cx, typed: &[TypedName]) -> Result<Vec<NameAnswer>, Problem> {
    let domains = catalogue::domains(&mut cx.store()).await?;
    judge(cx, typed, &domains).await
}

async fn judge(cx: &Cx, typed: &[TypedName], domains: &[CertifiedDomain]) -> Result<Vec<NameAnswer>, Problem> {
    let parsed: Vec<_> = typed.iter().map(|t| read(t, domains)).collect();
    let asked: Vec<String> = parsed.iter().flatten().map(|(local, domain)| format!("{local}@{domain}")).collect();
    let found = entries(cx, &asked).await?;
    let own = own_tax_key(cx, &found).await?;
    let mut out = Vec::with_capacity(typed.len());
    for parsed in parsed {
        let (local, domain) = match parsed {
            Ok(parts) => parts,
            Err(invalid) => {
                out.push(*invalid);
                continue;
            }
        };
        let address = format!("{local}@{domain}");
        match availability(found.get(&address), own.as_deref()) {
            Availability::Taken => out.push(taken(cx, &local, &domain, domains).await?),
            free => out.push(NameAnswer::Free { local, address, former: free == Availability::FreeForFormerHolder }),
        }
    }
    Ok(out)
}

/// Name and domain by the rules, or the answer that says why not.
fn read(typed: &TypedName, domains: &[CertifiedDomain]) -> Result<(String, String), Box<NameAnswer>> {
    let invalid = |problem, suggestion| Box::new(NameAnswer::Invalid { problem, suggestion });
    let domain = typed.domain.trim().to_lowercase();
    if !domains.iter().any(|d| d.name == domain) {
        return Err(invalid(FieldProblem::new("domain", "domain-not-on-sale"), None));
    }
    match LocalPart::parse(&typed.name, NOT_SOLD) {
        Ok(local) => Ok((local.to_string(), domain)),
        Err(e) => {
            let suggestion = local_part::suggestion(&typed.name, NOT_SOLD).map(|l| l.to_string());
            Err(invalid(FieldProblem::new("name", e.code()), suggestion))
        }
    }
}

async fn entries(cx: &Cx, addresses: &[String]) -> Result<Found, Problem> {
    let rows = addresses::find_many(&mut cx.store(), addresses).await?;
    Ok(rows.into_iter().map(|r| Ok((r.address.clone(), r.entry()?))).collect::<Result<_, store::Error>>()?)
}

/// What is offered instead of a taken name. The other domains and the nearest variants take one look into the
/// register; only when too few of those are free are more looked up.
async fn taken(cx: &Cx, local: &str, domain: &str, domains: &[CertifiedDomain]) -> Result<NameAnswer, Problem> {
    let parsed = LocalPart::parse(local, NOT_SOLD).ok();
    let near = parsed.iter().flat_map(|l| local_part::variants(l, NOT_SOLD)).map(|v| format!("{v}@{domain}"));
    let mut near = near.take(CANDIDATES);
    let there: Vec<String> =
        domains.iter().filter(|d| d.name != domain).map(|d| format!("{local}@{}", d.name)).collect();
    let first = addresses::AT_ONCE.saturating_sub(there.len()).max(VARIANTS);
    let mut asked: Vec<String> = there.iter().cloned().chain(near.by_ref().take(first)).collect();
    let (mut variants, mut other_domains) = (Vec::new(), Vec::new());
    let mut others = there.len();
    while !asked.is_empty() {
        let found = entries(cx, &asked).await?;
        let own = own_tax_key(cx, &found).await?;
        let mut free = asked.into_iter().map(|a| (availability(found.get(&a), own.as_deref()).can_be_bought(), a));
        other_domains.extend(free.by_ref().take(others).filter_map(|(free, a)| free.then_some(a)));
        variants.extend(free.filter_map(|(free, a)| free.then_some(a)));
        others = 0;
        let more = if variants.len() < VARIANTS { addresses::AT_ONCE } else { 0 };
        asked = near.by_ref().take(more).collect();
    }
    variants.truncate(VARIANTS);
    Ok(NameAnswer::Taken { address: format!("{local}@{domain}"), variants, other_domains })
}

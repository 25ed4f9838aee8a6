//! What lacked credit, and is taken up again after a top-up (domain notes 4.2).

use domain::{addon::Service, id::AddonId};
use store::wallet::TopUpRow;

/// What the holder was about to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// So many GB of an add-on.
    Addon { service: Service, gb: i64 },
    /// Renewing the mailbox for so many years.
    Renewal { years: i64 },
    /// An add-on that ended shall come back.
    Back { addon: AddonId },
}
impl Wanted {
    /// What a top-up was asked for.
    pub fn of(row: &TopUpRow) -> Option<Self> {
        match (row.service.as_deref().and_then(Service::parse), row.gb, row.years, row.addon_id) {
            (Some(service), Some(gb), ..) => Some(Self::Addon { service, gb }),
            (.., Some(years), _) => Some(Self::Renewal { years }),
            (.., Some(addon)) => Some(Self::Back { addon }),
            _ => None,
        }
    }
}

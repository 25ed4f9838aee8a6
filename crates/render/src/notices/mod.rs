//! Typed contexts of mails and short messages, one module per area.

use crate::Registry;

pub mod accounts;
pub mod addons;
pub mod expiry;
pub mod first_password;
pub mod mailboxes;
pub mod methods;
pub mod orders;
pub mod payments;
pub mod profile;
pub mod recover;
pub mod renewals;
pub mod terminations;
pub mod withdrawal;

/// One line for each area.
pub(crate) fn register(registry: &mut Registry) {
    accounts::register(registry);
    addons::register(registry);
    expiry::register(registry);
    first_password::register(registry);
    methods::register(registry);
    orders::register(registry);
    payments::register(registry);
    profile::register(registry);
    recover::register(registry);
    renewals::register(registry);
    mailboxes::register(registry);
    terminations::register(registry);
    withdrawal::register(registry);
}

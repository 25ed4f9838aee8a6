//! The application's suite: the real use cases, effects and pages on a fresh database.
//! `CERALACCA_TEST_ENGINE=postgres` runs the same tests on PostgreSQL. One program, so that it is
//! linked once.

mod arrivals;
mod catalogue;
mod core;
mod crash;
mod frame;
mod holder_area;
mod holder_renewals;
mod import;
mod legal;
mod login;
mod mailbox_pages;
mod mailboxes;
mod methods;
mod names;
mod night;
mod notices;
mod office;
mod order_pages;
mod orders;
mod payment_hosted;
mod payment_pages;
mod payment_paypal;
mod payment_stripe;
mod payments;
mod people;
mod profile;
mod question;
mod quick;
mod recovery;
mod refunds;
mod registration;
mod renewals;
mod resume;
mod search;
mod secretariat;
mod step_up;
mod transfers;
mod walk;
mod withdrawal;

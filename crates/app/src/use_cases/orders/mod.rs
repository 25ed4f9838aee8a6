//! From the first choice of a plan to the mailboxes that live: carts, orders, what moves them.

pub mod assign_holders;
pub mod buy_again;
pub mod cancel_order;
pub mod cart;
pub mod check_name;
pub mod follow_up;
pub(crate) mod import_holder;
pub mod import_rows;
pub mod import_sheet;
pub mod mailbox_activated;
pub mod mark_paid;
mod notices;
pub mod place_order;
pub mod set_names;
pub mod start_cart;
pub(crate) mod texts;
pub mod withdraw;

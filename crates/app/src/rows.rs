//! Rows and filters of the store that pages show as they are, so that `web` need not name the store.

pub use store::{
    bank::{AwaitedRow, MovementRow, StatementRow},
    carts::AccountRow,
    desk_order::{OutgoingRow, PaymentRow as DeskPaymentRow},
    desk_search::HitRow,
    holders::HolderLine,
    lists::{From, MailboxFilter, OrderFilter},
    mailboxes::{CardRow, MailboxListRow},
    orders::OrderListRow,
};

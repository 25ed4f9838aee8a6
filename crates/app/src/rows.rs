//! Rows and filters of the store that pages show as they are, so that `web` need not name the store.

pub use store::{
    addons::{AddonRow, BuyerRow, OfferRow},
    agreements::{MemberMailboxRow, MemberRow},
    bank::{AwaitedRow, MovementRow, StatementRow},
    carts::AccountRow,
    desk_order::{OutgoingRow, PaymentRow as DeskPaymentRow},
    desk_search::HitRow,
    holders::HolderLine,
    lists::{From, MailboxFilter, OperationFilter, OrderFilter},
    mailboxes::{CardRow, MailboxListRow},
    operations::OperationRow,
    orders::OrderListRow,
    wallet::StatementRow as CreditRow,
};

//! Rows and filters of the store that pages show as they are, so that `web` need not name the store.

pub use store::{
    addons::{AddonRow, BuyerRow, OfferRow},
    agreements::{MemberMailboxRow, MemberRow},
    bank::{AwaitedRow, MovementRow, StatementRow},
    carts::AccountRow,
    catalogue_office::{AgreementLineRow, DatedPriceRow, VersionRow},
    desk_order::{OutgoingRow, PaymentRow as DeskPaymentRow},
    desk_search::HitRow,
    holders::HolderLine,
    lists::{From, MailboxFilter, OperationFilter, OrderFilter},
    mailboxes::{CardRow, MailboxListRow},
    member_imports::{ImportLineRow, MemberImportRow, PlanCountRow},
    night_looks::LookRow,
    offers::DatedOfferRow,
    operations::OperationRow,
    orders::{OrderListRow, ServedRow},
    price_lists::ProductRow,
    secretariat::{BodyAgreementRow, BodyFilter, BodyMailboxRow, CountsRow},
    wallet::StatementRow as CreditRow,
};

//! Stored words as the codes that pages, mails and exports share, and lines of lists.

use app::queries::{mailboxes::EXPIRING_DAYS, orders::OrderView};
use domain::{id::LoginId, time::Date};
use render::pages::customer::{MailboxLine, OrderLine, Served, ServedMailbox};

/// Code of an order's state (domain notes 2.8).
pub(crate) fn order_state(word: &str) -> &'static str {
    match word {
        "awaiting_payment" => "ATTESA_PAGAMENTO",
        "paid" => "PAGATO",
        "activating" => "IN_ATTIVAZIONE",
        "activation_failed" => "ATTIVAZIONE_KO",
        "completed" => "EVASO",
        "cancelled" => "ANNULLATO",
        _ => "SCADUTO_NON_PAGATO",
    }
}

/// The states that a list can be filtered by: stored word and code.
pub(crate) const ORDER_STATES: [&str; 7] =
    ["awaiting_payment", "paid", "activating", "activation_failed", "completed", "cancelled", "expired_unpaid"];

/// Code of a mailbox's state; an active one near its end says so (domain notes 4.3, 4.4).
pub(crate) fn mailbox_state(word: &str, end: Date, today: Date) -> &'static str {
    match word {
        "activating" => "IN_ATTIVAZIONE",
        "active" if end.days_since(today) <= EXPIRING_DAYS => "IN_SCADENZA",
        "active" => "ATTIVA",
        "expired" => "SCADUTA",
        "cancelled" => "CANCELLATA",
        _ => "DISDETTA",
    }
}

pub(crate) fn mailbox_line(m: app::rows::MailboxListRow, today: Date) -> MailboxLine {
    let left = i64::from(m.end_day.days_since(today));
    let near = left <= i64::from(EXPIRING_DAYS) && matches!(m.state.as_str(), "active" | "expired");
    MailboxLine {
        id: m.id.to_string(),
        address: m.address,
        plan: m.plan_name,
        state: mailbox_state(&m.state, m.end_day, today).into(),
        holder: m.holder_name,
        end: m.end_day,
        days_left: near.then_some(left),
        auto_renew: m.auto_renew,
        noticed: m.notice && matches!(m.state.as_str(), "active" | "expired"),
    }
}

/// What an order renews or serves; the reader's own mailboxes lead to their cards.
pub(crate) fn served(order: &OrderView, login: LoginId) -> Served {
    let named = order
        .served
        .iter()
        .map(|s| ServedMailbox { address: s.address.clone(), card: (s.login_id == login).then(|| s.id.to_string()) });
    Served { named: named.collect(), beside: order.served_beside() }
}

pub(crate) fn order_line(o: app::rows::OrderListRow) -> OrderLine {
    OrderLine {
        id: o.id.to_string(),
        number: o.number,
        kind: o.kind,
        state: order_state(&o.state).into(),
        placed: o.placed_at.date(),
        gross: o.gross_cents,
        mailboxes: o.mailboxes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_active_mailbox_is_expiring_from_ninety_days_on() {
        let today = Date::parse_iso("2026-10-01").expect("a date");
        let state = |word, days| mailbox_state(word, today.plus_days(days), today);
        assert_eq!(state("active", 91), "ATTIVA");
        assert_eq!(state("active", 90), "IN_SCADENZA");
        assert_eq!(state("active", 0), "IN_SCADENZA");
        assert_eq!(state("expired", -1), "SCADUTA");
        assert_eq!(state("activating", 365), "IN_ATTIVAZIONE");
    }
}

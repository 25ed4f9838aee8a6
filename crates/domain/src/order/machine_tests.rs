use super::*;

fn facts(state: Option<OrderState>) -> OrderFacts {
    OrderFacts {
        id: OrderId::new(Timestamp::from_micros(0), [1; 10]),
        state,
        placed_at: Timestamp::parse_rfc3339("2026-10-01T08:00:00Z").unwrap(),
        gross: Money::cents(2416),
        received: Money::ZERO,
        mailboxes: 2,
        activated: 0,
        outcome_unknown: false,
    }
}

fn late_enough() -> Timestamp {
    Timestamp::parse_rfc3339("2026-12-01T08:00:00Z").unwrap()
}

fn events() -> Vec<OrderEvent> {
    vec![
        OrderEvent::Placed,
        OrderEvent::PaymentRecorded { amount: Money::cents(2416) },
        OrderEvent::ActivationBegun,
        OrderEvent::MailboxActivated,
        OrderEvent::ActivationFailed,
        OrderEvent::Cancelled,
        OrderEvent::ReminderDue { days: 3 },
        OrderEvent::Expired,
        OrderEvent::LatePayment { amount: Money::cents(2416) },
    ]
}

fn names<T: std::fmt::Debug>(items: &[T]) -> String {
    let name = |item: &T| {
        let text = format!("{item:?}");
        text.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
    };
    let mut all: Vec<String> = items.iter().map(name).collect();
    all.dedup();
    all.join(", ")
}

/// Every pair of state and event, as a table that people read.
fn table() -> String {
    let mut out = String::from(
        "# The order\n\nPrinted by `domain::order::machine`; do not edit. Two mailboxes, none active yet, the exact amount paid, \
         retail rules.\n\n| state | event | next | written with it | postings | effects |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for state in std::iter::once(None).chain(OrderState::ALL.map(Some)) {
        for event in events() {
            let word = state.map_or("(new)", OrderState::as_str);
            let cells = match step(&facts(state), event, &OrderRules::default(), late_enough()) {
                Ok(s) => format!(
                    "{} | {} | {} | {}",
                    s.next.as_str(),
                    names(&s.writes),
                    names(&s.postings),
                    names(&s.effects)
                ),
                Err(refusal) => format!("refused: {refusal} | | | "),
            };
            out += &format!("| {word} | {} | {cells} |\n", event.as_str());
        }
    }
    out
}

#[test]
fn the_table_is_the_one_in_the_docs() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/machines/order.md");
    let printed = table();
    if std::env::var_os("CERALACCA_WRITE_GOLDEN").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/machines")).unwrap();
        std::fs::write(path, &printed).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(kept, printed, "run again with CERALACCA_WRITE_GOLDEN=1 and read the difference");
}

#[test]
fn placing_plans_the_whole_life_of_an_unpaid_order() {
    let s = step(&facts(None), OrderEvent::Placed, &OrderRules::default(), late_enough()).unwrap();
    let planned: Vec<String> = s
        .effects
        .iter()
        .filter_map(|e| match e {
            OrderEffect::Remind { days, at } => Some(format!("remind {days} {}", at.rfc3339())),
            OrderEffect::Expire { at } => Some(format!("expire {}", at.rfc3339())),
            _ => None,
        })
        .collect();
    assert_eq!(
        planned,
        [
            "remind 3 2026-10-04T08:00:00Z",
            "remind 10 2026-10-11T08:00:00Z",
            "remind 25 2026-10-26T09:00:00Z",
            "expire 2026-10-31T09:00:00Z"
        ]
    );
}

#[test]
fn a_shortfall_stays_due_and_an_excess_is_credit() {
    let rules = OrderRules::default();
    let pay = |order: &OrderFacts, cents| {
        step(order, OrderEvent::PaymentRecorded { amount: Money::cents(cents) }, &rules, late_enough()).unwrap()
    };
    let mut order = facts(Some(OrderState::AwaitingPayment));
    let s = pay(&order, 2000);
    assert_eq!(s.next, OrderState::AwaitingPayment);
    assert_eq!(s.effects, [OrderEffect::NoticeShortfall { due: Money::cents(416) }]);
    order.received = Money::cents(2000);
    let s = pay(&order, 500);
    assert_eq!(s.next, OrderState::Activating);
    assert_eq!(
        s.postings,
        [PostingReason::Received { amount: Money::cents(416) }, PostingReason::ToCredit { amount: Money::cents(84) }]
    );
}

#[test]
fn money_received_is_never_lost_when_the_order_closes() {
    let mut order = facts(Some(OrderState::AwaitingPayment));
    order.received = Money::cents(700);
    for event in [OrderEvent::Cancelled, OrderEvent::Expired] {
        let s = step(&order, event, &OrderRules::default(), late_enough()).unwrap();
        assert_eq!(s.postings, [PostingReason::ToCredit { amount: Money::cents(700) }]);
        assert!(s.writes.contains(&OrderWrite::ReleaseNames));
    }
}

#[test]
fn nothing_is_undone_while_the_bank_is_silent() {
    let mut order = facts(Some(OrderState::AwaitingPayment));
    order.outcome_unknown = true;
    for event in [OrderEvent::Cancelled, OrderEvent::Expired] {
        assert_eq!(step(&order, event, &OrderRules::default(), late_enough()), Err(OrderRefusal::OutcomeUnknown));
    }
}

#[test]
fn expiry_waits_for_the_thirtieth_day() {
    let order = facts(Some(OrderState::AwaitingPayment));
    let rules = OrderRules::default();
    let last = rules.schedule.expires_at(order.placed_at);
    assert_eq!(step(&order, OrderEvent::Expired, &rules, last.plus_us(-1)), Err(OrderRefusal::TooEarly));
    assert_eq!(step(&order, OrderEvent::Expired, &rules, last).unwrap().next, OrderState::ExpiredUnpaid);
}

#[test]
fn the_last_mailbox_completes_the_order_even_after_a_failure() {
    let rules = OrderRules::default();
    let mut order = facts(Some(OrderState::Activating));
    let go = |o: &OrderFacts, e| step(o, e, &rules, late_enough()).unwrap().next;
    assert_eq!(go(&order, OrderEvent::MailboxActivated), OrderState::Activating);
    order.state = Some(OrderState::ActivationFailed);
    assert_eq!(go(&order, OrderEvent::MailboxActivated), OrderState::ActivationFailed);
    order.activated = 1;
    assert_eq!(go(&order, OrderEvent::MailboxActivated), OrderState::Completed);
}

#[test]
fn papers_first_waits_in_paid() {
    let rules = OrderRules { papers_first: true, ..OrderRules::default() };
    let order = facts(Some(OrderState::AwaitingPayment));
    let s = step(&order, OrderEvent::PaymentRecorded { amount: order.gross }, &rules, late_enough()).unwrap();
    assert_eq!(s.next, OrderState::Paid);
    assert!(!s.effects.contains(&OrderEffect::Provision));
    let s = step(&facts(Some(OrderState::Paid)), OrderEvent::ActivationBegun, &rules, late_enough()).unwrap();
    assert_eq!((s.next, s.effects), (OrderState::Activating, vec![OrderEffect::Provision]));
}

#[test]
fn words_of_the_store() {
    for s in OrderState::ALL {
        assert_eq!(OrderState::parse(s.as_str()), Some(s));
    }
    assert_eq!(OrderState::parse("cart"), None);
}

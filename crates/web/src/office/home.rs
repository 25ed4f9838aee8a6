//! `/office`: what waits for somebody.

use app::queries::operators::{COUNT_LIMIT, figures};
use render::{
    Msg,
    pages::office::{Figure, FigureGroup, OfficeHome},
};

use crate::{Answer, Operator};

pub(super) async fn show(operator: Operator) -> Answer {
    let now = figures(&operator.visit.cx).await?;
    let plain = |label: &str, count| Figure { label: Msg::new(label), count, href: None, alarm: false };
    let group = |title: &str, figures| FigureGroup { title: Msg::new(title), figures };
    let stuck = Figure {
        href: Some("/office/effects".into()),
        alarm: true,
        ..plain("office-effects-stuck", now.effects_stuck)
    };
    let failed = Figure { alarm: true, ..plain("office-orders-failed", now.orders_failed) };
    let unmatched = Figure {
        href: Some("/office/transfers?state=unmatched".into()),
        alarm: true,
        ..plain("office-movements-unmatched", now.movements_unmatched)
    };
    let outgoing = Figure {
        href: Some("/office/refunds".into()),
        alarm: true,
        ..plain("office-refunds-outgoing", now.refunds_outgoing)
    };
    operator.visit.page(&OfficeHome {
        groups: vec![
            group(
                "office-group-work",
                vec![stuck, unmatched, outgoing, plain("office-effects-waiting", now.effects_waiting)],
            ),
            group(
                "office-group-orders",
                vec![
                    failed,
                    plain("office-orders-awaiting", now.orders_awaiting_payment),
                    plain("office-orders-activating", now.orders_in_activation),
                ],
            ),
            group(
                "office-group-mailboxes",
                vec![
                    plain("office-mailboxes-active", now.mailboxes_active),
                    plain("office-mailboxes-expired", now.mailboxes_expired),
                ],
            ),
        ],
        limit: COUNT_LIMIT,
    })
}

//! Opens the payment of an order at the gateway and tells where the customer goes.

use domain::id::{AttemptId, OrderId};
use ports::{PortError, Ports};

use crate::{
    Cx, Problem,
    use_cases::payments::{
        Means,
        apply_status::{News, apply},
        checkout::{self, Begun, By},
        quick,
    },
};

/// The address to which the customer is sent: the gateway's page, our page with its card fields,
/// or the page that waits for the bank.
///
/// # Errors
/// As [`checkout::begin`]; `NotFound` for a means that is not offered; `payment-unavailable` when the gateway cannot be reached or will not
/// open it: nothing was charged, and trying again is harmless.
pub async fn open_checkout(cx: &Cx, ports: &Ports, order: OrderId, means: Means) -> Result<String, Problem> {
    open(cx, ports, order, By { means, quick: false }).await
}

/// The same for somebody who is not signed in and knows the order's number and its customer's tax number. Nothing is
/// stored, and no renewal is switched on (domain notes 2.7).
///
/// # Errors
/// As [`quick::known_order`] and [`open_checkout`]; `payment-under-way` while another payment of the order is.
pub async fn open_quick(cx: &Cx, ports: &Ports, asked: &quick::Asked, means: Means) -> Result<String, Problem> {
    let known = quick::known_order(cx, asked).await?;
    open(cx, ports, known.id, By { means, quick: true }).await
}

async fn open(cx: &Cx, ports: &Ports, order: OrderId, by: By) -> Result<String, Problem> {
    let means = by.means;
    let name = means.gateway(cx.settings()).ok_or_else(Problem::not_found)?;
    let gateway = ports.gateway(name).map_err(|e| {
        tracing::error!(cause = %e, "payments are not configured");
        Problem::refused("payment-unavailable")
    })?;
    let wish = match checkout::begin(cx, order, by, gateway.describe()).await? {
        Begun::Continue { url } | Begun::Wait { url } => return Ok(url),
        Begun::Open(wish) => wish,
    };
    let attempt = wish.attempt;
    match gateway.open(&wish).await {
        Ok(opened) => checkout::opened(cx, attempt, opened).await,
        Err(error) => {
            tracing::warn!(%attempt, cause = %error, "the gateway opened no payment");
            note(cx, attempt, error).await?;
            Err(Problem::refused("payment-unavailable"))
        }
    }
}

async fn note(cx: &Cx, attempt: AttemptId, error: PortError) -> Result<(), Problem> {
    let news = match error {
        PortError::Refused(reason) => News::Refused { code: reason.code.into(), detail: reason.detail },
        // Nothing arrived there, so nothing can come of it.
        PortError::Unavailable(report) => News::Refused { code: "unavailable".into(), detail: report.0 },
        PortError::OutcomeUnknown(report) => News::AnswerLost { detail: report.0 },
    };
    let cx_in = cx.clone();
    cx.write(async move |tx| apply(tx, &cx_in, attempt, &news).await).await?;
    Ok(())
}

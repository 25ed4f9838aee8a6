//! Opens the storing of a method at its gateway and tells where the customer goes.

use domain::id::MethodId;
use ports::{PortError, Ports};

use crate::{
    Cx, Problem,
    use_cases::{
        methods::{
            apply_setup::apply_setup,
            begin_setup::{self, Begun},
        },
        payments::{Means, apply_status::News},
    },
};

/// The address to which the customer is sent. `replaces` is the method whose services move to the new one.
///
/// # Errors
/// As [`begin_setup::begin`]; `NotFound` for a means that is not offered; `payment-unavailable` when the gateway cannot
/// be reached or will not open it: trying again is harmless.
pub async fn open_setup(cx: &Cx, ports: &Ports, means: Means, replaces: Option<MethodId>) -> Result<String, Problem> {
    let name = means.gateway(cx.settings()).ok_or_else(Problem::not_found)?;
    let gateway = ports.gateway(name).map_err(|e| {
        tracing::error!(cause = %e, "payments are not configured");
        Problem::refused("payment-unavailable")
    })?;
    let wish = match begin_setup::begin(cx, replaces, gateway.describe()).await? {
        Begun::Continue { url } => return Ok(url),
        Begun::Open(wish) => wish,
    };
    match gateway.save_method(&wish).await {
        Ok(opened) => begin_setup::opened(cx, wish.attempt, opened).await,
        Err(error) => {
            tracing::warn!(setup = %wish.attempt, cause = %error, "the gateway opened no set-up");
            let news = match error {
                PortError::Refused(reason) => News::Refused { code: reason.code.into(), detail: reason.detail },
                PortError::Unavailable(report) => News::Refused { code: "unavailable".into(), detail: report.0 },
                PortError::OutcomeUnknown(report) => News::AnswerLost { detail: report.0 },
            };
            let (inner, id) = (cx.clone(), wish.attempt);
            cx.write(async move |tx| apply_setup(tx, &inner, id, &news).await).await?;
            Err(Problem::refused("payment-unavailable"))
        }
    }
}

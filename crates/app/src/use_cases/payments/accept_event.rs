//! The intake of events: believed, kept as they came, worked on later.

use domain::id::{AttemptId, InboundId};
use ports::payment::{EventRefusal, EventVerifier, GatewayEvent};
use store::{
    WriteTx,
    inbound::{self, NewEvent},
    methods, payments as rows,
};

use crate::{
    Cx, Problem,
    effects::{self, Effect, confirm_payment::ConfirmPayment, confirm_setup::ConfirmSetup},
};

/// Longest event that is read, in bytes.
pub const LONGEST_EVENT: usize = 256 * 1024;

/// What became of an event. Each is answered 200: the gateway has done its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// Kept; the gateway will be asked about the attempt, or about the storing of a method.
    Queued(AttemptId),
    /// Kept for an operator: it is about nothing that we know.
    Orphan,
    /// It was here before.
    Duplicate,
}

/// Checks an event and keeps it. What it claims is not acted on: it is a reason to ask.
///
/// # Errors
/// `event_forged`, `event_stale`, `event_malformed` when it cannot be believed; the store's when it
/// cannot be kept, or its signature not be checked now (the gateway will send it again).
pub async fn accept_event(
    cx: &Cx,
    gateway: &'static str,
    verifier: &dyn EventVerifier,
    headers: &http::HeaderMap,
    body: Vec<u8>,
) -> Result<Accepted, Problem> {
    let event = verifier.verify(headers, &body, cx.now()).await.map_err(|refusal| {
        tracing::warn!(gateway, code = refusal.code(), "event refused");
        match refusal {
            EventRefusal::Unproven => Problem::busy(5),
            EventRefusal::Forged | EventRefusal::Stale | EventRefusal::Malformed => Problem::refused(refusal.code()),
        }
    })?;
    let cx_in = cx.clone();
    cx.write(async move |tx| keep(tx, &cx_in, gateway, &event, &body).await).await
}

async fn keep(
    tx: &mut WriteTx,
    cx: &Cx,
    gateway: &'static str,
    event: &GatewayEvent,
    body: &[u8],
) -> Result<Accepted, Problem> {
    let attempt = rows::of_event(tx, gateway, event.attempt, event.reference.as_deref()).await?;
    let setup = match attempt {
        Some(_) => None,
        None => methods::setup_of_event(tx, gateway, event.attempt, event.reference.as_deref()).await?,
    };
    let id: InboundId = cx.new_id();
    let row = NewEvent {
        id,
        source: gateway,
        event_id: &event.id,
        kind: &event.kind,
        attempt: attempt.or(setup),
        body,
        received_at: cx.now(),
        outcome: if attempt.or(setup).is_some() { "queued" } else { "orphan" },
    };
    if !inbound::insert(tx, &row).await? {
        return Ok(Accepted::Duplicate);
    }
    if let Some(setup) = setup {
        let effect = ConfirmSetup { setup };
        let request = effect.request(("setup", setup.uuid()), Some(format!("confirm:{id}")), cx.now());
        effects::enqueue(tx, cx, &[request]).await?;
        return Ok(Accepted::Queued(setup));
    }
    let Some(attempt) = attempt else {
        tracing::warn!(gateway, event = event.id, kind = event.kind, "event about no attempt of ours");
        return Ok(Accepted::Orphan);
    };
    let effect = ConfirmPayment { attempt };
    let request = effect.request(("attempt", attempt.uuid()), Some(format!("confirm:{id}")), cx.now());
    effects::enqueue(tx, cx, &[request]).await?;
    Ok(Accepted::Queued(attempt))
}

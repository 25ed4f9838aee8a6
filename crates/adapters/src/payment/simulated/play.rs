//! The person's side: which choices the page offers, and the delivery of events.

use std::{sync::Arc, time::Duration};

use domain::id::AttemptId;
use ports::{
    PortError,
    payment::{PlayGateway, PlayPage, TruthState},
};

use super::{SIGNATURE_HEADER, Simulated, state::Mood};

/// The choices of the page, by the words of its buttons.
const CHOICES: [(&str, Mood); 11] = [
    ("approve", Mood::Approve),
    ("challenge", Mood::Challenge),
    ("decline", Mood::Decline("card_declined")),
    ("decline_funds", Mood::Decline("insufficient_funds")),
    ("delay", Mood::Delay),
    ("repeat", Mood::Repeat),
    ("reorder", Mood::Reorder),
    ("silent", Mood::Silent),
    ("never_answer", Mood::NeverAnswer),
    ("approve_then_decline", Mood::ApproveThenDecline),
    ("approve_then_challenge", Mood::ApproveThenChallenge),
];
/// The choices while the bank waits for the customer's authentication.
const CHALLENGE_CHOICES: [(&str, Mood); 2] =
    [("authenticate", Mood::Approve), ("fail_authentication", Mood::Decline("authentication_failed"))];

fn choices(state: &TruthState) -> &'static [(&'static str, Mood)] {
    match state {
        TruthState::Challenge => &CHALLENGE_CHOICES,
        TruthState::AwaitingPayer | TruthState::Processing { .. } => &CHOICES,
        _ => &[],
    }
}

impl PlayGateway for Simulated {
    fn page(&self, attempt: AttemptId) -> Option<PlayPage> {
        let now = self.now();
        let book = self.book();
        let item = book.find(attempt)?;
        let state = book.truth(&item.reference, now).state;
        // What is decided and only delayed cannot be decided again.
        let open = if item.paid() { &[] } else { choices(&state) };
        Some(PlayPage {
            attempt,
            amount: item.amount,
            description: item.description.clone(),
            state,
            return_url: item.return_url.clone(),
            choices: open.iter().map(|c| c.0).collect(),
        })
    }

    fn choose(&self, attempt: AttemptId, choice: &str) -> Result<(), PortError> {
        let now = self.now();
        self.change(|book| {
            let item = book.find(attempt).ok_or_else(|| PortError::refused("not_found", "no such attempt"))?;
            let open = if item.paid() { &[] } else { choices(&item.state) };
            let mood = open.iter().find(|c| c.0 == choice).map(|c| c.1);
            let mood = mood.ok_or_else(|| PortError::refused("not_now", "this choice is not open"))?;
            let reference = item.reference.clone();
            book.play(&reference, mood, now);
            Ok(())
        })
    }
}

/// Posts the events to `url` as they come due, until dropped. What is not accepted is posted
/// again, as gateways do, so that a restart of the receiver loses nothing.
pub async fn deliver(gateway: Arc<Simulated>, url: String) {
    let http = reqwest::Client::new();
    let mut waiting = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_millis(250));
    loop {
        ticks.tick().await;
        waiting.extend(gateway.drain());
        let mut refused = Vec::new();
        for posted in waiting.drain(..) {
            let request = http.post(&url).header(SIGNATURE_HEADER, &posted.signature).body(posted.body.clone());
            let answer = request.timeout(Duration::from_secs(10)).send().await;
            // 4xx is the receiver's last word; anything else may change.
            if !answer.is_ok_and(|a| a.status().is_success() || a.status().is_client_error()) {
                refused.push(posted);
            }
        }
        waiting = refused;
    }
}

//! Pages of the demonstration: roles, messages sent, the clock. Served only where the binary puts
//! them; nothing else knows of them.

use std::sync::{Arc, atomic::Ordering};

use app::Problem;
use async_trait::async_trait;
use axum::{
    Extension, Json, Router,
    http::{HeaderMap, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use domain::{period::Period, time::Timestamp};
use render::{
    Arg, Form, Msg, Tone,
    pages::demo::{Clock, Home, Letter, MailServers, Messages, Role},
};
use serde::Serialize;

use crate::{Answer, AppState, Visit, answer, csrf, form};

/// A message as `/demo/messages.json` tells it.
#[derive(Clone, Debug, Serialize)]
pub struct Sent {
    pub id: String,
    /// `email` or `sms`.
    pub channel: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    /// RFC 3339.
    pub at: String,
}

/// What the sample operator's authenticator app would show.
#[derive(Clone, Debug, Serialize)]
pub struct OperatorCode {
    pub user: String,
    pub code: String,
    /// What an authenticator app reads.
    pub uri: String,
}

/// What the demonstration can do besides the product; the binary implements it over its simulated parts.
#[async_trait]
pub trait Demo: Send + Sync {
    /// Mails and SMS so far, oldest first.
    fn messages(&self) -> Vec<Sent>;
    /// The sample users.
    fn roles(&self) -> Vec<Role>;
    /// The code that signs the sample operator in now.
    ///
    /// # Errors
    /// When there is no such operator in these data.
    async fn operator_code(&self) -> Result<OperatorCode, Problem>;
    /// A statement of the bank with the transfers that are awaited, and others that match nothing.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn statement(&self) -> Result<String, Problem>;
    /// The mail servers, if they run.
    fn servers(&self) -> Option<MailServers>;
    /// Moves the clock forward, does what comes due meanwhile, and answers the new time.
    ///
    /// # Errors
    /// `demo-period` when it is too long.
    async fn advance(&self, by: Period) -> Result<Timestamp, Problem>;
}

type TheDemo = Extension<Arc<dyn Demo>>;

/// Messages on the page; the JSON has all.
const SHOWN: usize = 100;

pub fn routes(demo: Arc<dyn Demo>) -> Router<AppState> {
    Router::new()
        .route("/demo", get(home))
        .route("/demo/messages", get(messages))
        .route("/demo/messages.json", get(messages_json))
        .route("/demo/operator-code.json", get(operator_code_json))
        .route("/demo/statement.xml", get(statement))
        .route("/demo/clock", get(clock).post(advance))
        .layer(Extension(demo))
}

async fn home(visit: Visit, Extension(demo): TheDemo) -> Answer {
    let operator_code = demo.operator_code().await.ok().map(|c| c.code);
    visit.page(&Home { roles: demo.roles(), servers: demo.servers(), operator_code })
}

async fn operator_code_json(Extension(demo): TheDemo) -> Answer {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    Ok((no_store, Json(demo.operator_code().await?)).into_response())
}

async fn statement(Extension(demo): TheDemo) -> Answer {
    let kind = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"camt053.xml\""),
    ];
    Ok((kind, demo.statement().await?).into_response())
}

async fn messages(visit: Visit, Extension(demo): TheDemo) -> Answer {
    let all = demo.messages();
    visit.state.demo_messages.store(all.len() as i64, Ordering::Relaxed);
    let older = all.len().saturating_sub(SHOWN) as i64;
    let letter = |m: Sent| {
        let at = Timestamp::parse_rfc3339(&m.at).unwrap_or(Timestamp::from_micros(0));
        Letter::new(m.channel == "sms", m.to, m.subject, at, &m.text)
    };
    visit.page(&Messages { letters: all.into_iter().rev().take(SHOWN).map(letter).collect(), older })
}

async fn messages_json(Extension(demo): TheDemo) -> Json<Vec<Sent>> {
    Json(demo.messages())
}

async fn clock(visit: Visit) -> Answer {
    clock_page(&visit, Form::new().with("advance", "P1D"))
}

fn clock_page(visit: &Visit, form: Form) -> Answer {
    let now = visit.cx.now();
    visit.page(&Clock { now, today: now.date(), form })
}

/// From the page: back to it. From a program: the new time as text. No token is asked for, because nothing
/// real can come to harm; a page of another site is refused all the same.
async fn advance(visit: Visit, Extension(demo): TheDemo, headers: HeaderMap, body: String) -> Answer {
    if !csrf::same_origin(&visit.state, &headers) {
        return Err(Problem::forbidden().into());
    }
    let form = form::parse(body.as_bytes()).unwrap_or_default();
    let by_person = headers.get(header::ACCEPT).is_some_and(|a| a.as_bytes().starts_with(b"text/html"));
    let moved = match Period::parse(form.get("advance")) {
        Some(by) => demo.advance(by).await,
        None => Err(Problem::invalid_field("advance", "demo-period")),
    };
    match moved {
        Ok(now) if by_person => {
            let said = Msg::new("demo-clock-moved").arg("now", Arg::At(now));
            visit.go_saying("/demo/clock", Tone::Ok, said)
        }
        Ok(now) => Ok(format!("{}\n", now.rfc3339()).into_response()),
        Err(problem) if by_person && answer::mendable(&problem) => {
            clock_page(&visit, answer::with_problem(form.shown(), &problem))
        }
        Err(problem) if answer::mendable(&problem) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(problem.to_string())).into_response())
        }
        Err(problem) => Err(problem.into()),
    }
}

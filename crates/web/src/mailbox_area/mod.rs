//! The area of a mailbox holder who signed in with the mailbox: its own card, at once (domain notes 4.3).

use app::queries;
use axum::{Router, routing::get};
use render::pages::mailbox_area::OwnCard;

use crate::{Answer, AppState, Holder, customer::mailboxes::page};

pub fn routes() -> Router<AppState> {
    Router::new().route("/mailbox", get(card))
}

async fn card(holder: Holder) -> Answer {
    let visit = &holder.visit;
    let row = queries::mailboxes::own_card(&visit.cx, holder.mailbox).await?;
    visit.page(&OwnCard { card: page(row, visit.cx.now()) })
}

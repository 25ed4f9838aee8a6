//! For who cannot sign in: username and password of an account recovered. Every page says the same
//! whether the account exists or not.

mod password;
mod question;
mod username;

use axum::{
    Router,
    routing::{get, post},
};
use render::pages::recover::RecoverHome;

use crate::{Answer, AppState, Visit};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/recover", get(home))
        .route("/recover/username", get(username::ask).post(username::send))
        .route("/recover/question", get(question::ask).post(question::show))
        .route("/recover/question/answer", post(question::answer))
        .route("/recover/question/address/{token}", get(question::ask_address).post(question::address))
        .route("/recover/question/email/{token}", get(question::ask_email).post(question::email))
        .route("/recover/question/mobile/{token}", get(question::ask_mobile).post(question::mobile))
        .route("/recover/stop/{token}", get(question::ask_stop).post(question::stop))
        .route("/recover/password", get(password::ask).post(password::ways))
        .route("/recover/password/send", post(password::send))
        .route("/recover/password/code", post(password::code))
        .route("/recover/password/{token}", get(password::open).post(password::set))
}

async fn home(visit: Visit) -> Answer {
    visit.page(&RecoverHome {})
}

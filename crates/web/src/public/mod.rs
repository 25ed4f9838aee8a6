//! Pages for everybody: legal texts and support. The shop is the area of orders.

use axum::{Router, extract::Path, routing::get};
use render::pages::public::{Legal, Support};

use app::Problem;

use crate::{Answer, AppState, Visit};

pub fn routes() -> Router<AppState> {
    Router::new().route("/legal/{text}", get(legal)).route("/support", get(support))
}

async fn legal(visit: Visit, Path(text): Path<String>) -> Answer {
    if !Legal::TEXTS.contains(&text.as_str()) {
        return Err(Problem::not_found().into());
    }
    visit.page(&Legal { text })
}

async fn support(visit: Visit) -> Answer {
    visit.page(&Support {})
}

//! The back office: operators sign in here, with a second factor, into sessions of their own kind.

mod agreements;
mod catalogue;
mod effects;
mod home;
mod login;
mod night;
mod night_looks;
mod operators;
mod orders;
mod price_lists;
mod renewals;
mod search;
mod transfers;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::Method,
    routing::{get, post},
};
use domain::operator::Permission;

use crate::{AppState, Operator, Refusal};

/// A page or an act of the back office. The table is what the routes are made of, so that a test can walk
/// all of them as everybody.
pub struct OfficeRoute {
    pub method: Method,
    pub path: &'static str,
    /// What it takes; nothing in front of the door.
    pub needs: Option<Permission>,
}

macro_rules! method_of {
    (get) => {
        Method::GET
    };
    (post) => {
        Method::POST
    };
}
macro_rules! office_routes {
    ($($method:ident $path:literal $needs:expr => $handler:path $(, $layer:expr)?;)*) => {
        /// Every route under `/office`.
        pub const ROUTES: &[OfficeRoute] =
            &[$(OfficeRoute { method: method_of!($method), path: $path, needs: $needs }),*];

        pub fn routes() -> Router<AppState> {
            Router::new()$(.route($path, $method($handler)$(.layer($layer))?))*
        }
    };
}

office_routes! {
    get "/office/login" None => login::show;
    post "/office/login" None => login::give_password;
    get "/office/login/code" None => login::show_code;
    post "/office/login/code" None => login::give_code;
    get "/office" Some(Permission::See) => home::show;
    get "/office/effects" Some(Permission::See) => effects::list;
    post "/office/effects/retry" Some(Permission::RetryEffects) => effects::retry;
    get "/office/effects/{id}/give-up" Some(Permission::GiveUpEffects) => effects::ask_give_up;
    post "/office/effects/{id}/give-up" Some(Permission::GiveUpEffects) => effects::give_up;
    get "/office/search" Some(Permission::See) => search::show;
    get "/office/customers/{id}/renewals" Some(Permission::See) => renewals::of_customer;
    get "/office/customers/{id}/renewals.csv" Some(Permission::See) => renewals::file_of_customer;
    get "/office/mailboxes/{id}/renewals" Some(Permission::See) => renewals::of_mailbox;
    get "/office/orders/{id}" Some(Permission::See) => orders::show;
    get "/office/orders/{id}/refund/{payment}" Some(Permission::MoveMoney) => orders::ask_refund;
    post "/office/orders/{id}/refund/{payment}" Some(Permission::MoveMoney) => orders::refund;
    get "/office/refunds" Some(Permission::See) => orders::outgoing;
    get "/office/refunds/{id}" Some(Permission::MoveMoney) => orders::ask_made;
    post "/office/refunds/{id}" Some(Permission::MoveMoney) => orders::made;
    get "/office/transfers" Some(Permission::See) => transfers::list;
    get "/office/transfers/book" Some(Permission::MoveMoney) => transfers::ask_book;
    post "/office/transfers/book" Some(Permission::MoveMoney) => transfers::book;
    get "/office/transfers/statement" Some(Permission::MoveMoney) => transfers::statements;
    post "/office/transfers/statement" Some(Permission::MoveMoney) => transfers::take, DefaultBodyLimit::max(transfers::UPLOAD_MAX);
    get "/office/transfers/{id}" Some(Permission::See) => transfers::show;
    post "/office/transfers/{id}/book" Some(Permission::MoveMoney) => transfers::book_on;
    post "/office/transfers/{id}/close" Some(Permission::MoveMoney) => transfers::close;
    get "/office/night" Some(Permission::See) => night::show;
    get "/office/night/dry-run" Some(Permission::See) => night::dry_run;
    get "/office/night/parked" Some(Permission::See) => night::parked;
    post "/office/night/parked" Some(Permission::RunNight) => night::unpark;
    get "/office/night/{day}" Some(Permission::See) => night::show_one;
    get "/office/night/{day}/obligations" Some(Permission::See) => night_looks::list;
    get "/office/night/{day}/obligations.csv" Some(Permission::See) => night_looks::export;
    post "/office/night/{day}/pause" Some(Permission::RunNight) => night::pause;
    post "/office/night/{day}/resume" Some(Permission::RunNight) => night::resume;
    get "/office/catalogue" Some(Permission::See) => catalogue::show;
    get "/office/catalogue/price" Some(Permission::EditCatalogue) => catalogue::ask_price;
    post "/office/catalogue/price" Some(Permission::EditCatalogue) => catalogue::take_price;
    get "/office/catalogue/new" Some(Permission::EditCatalogue) => price_lists::ask_list;
    post "/office/catalogue/new" Some(Permission::EditCatalogue) => price_lists::make_list;
    get "/office/catalogue/offer" Some(Permission::EditCatalogue) => price_lists::ask_offer;
    post "/office/catalogue/offer" Some(Permission::EditCatalogue) => price_lists::take_offer;
    get "/office/catalogue/take-back" Some(Permission::EditCatalogue) => price_lists::ask_take_back;
    post "/office/catalogue/take-back" Some(Permission::EditCatalogue) => price_lists::take_back;
    get "/office/catalogue/products" Some(Permission::See) => price_lists::products;
    get "/office/catalogue/products/{code}" Some(Permission::EditCatalogue) => price_lists::ask_product;
    post "/office/catalogue/products/{code}" Some(Permission::EditCatalogue) => price_lists::save_product;
    get "/office/catalogue/lists/{code}" Some(Permission::EditCatalogue) => price_lists::ask_name;
    post "/office/catalogue/lists/{code}" Some(Permission::EditCatalogue) => price_lists::rename;
    get "/office/agreements" Some(Permission::See) => agreements::list;
    get "/office/agreements/new" Some(Permission::EditCatalogue) => agreements::ask_new;
    post "/office/agreements/new" Some(Permission::EditCatalogue) => agreements::make;
    get "/office/agreements/{code}" Some(Permission::See) => agreements::show;
    post "/office/agreements/{code}" Some(Permission::EditCatalogue) => agreements::take;
    post "/office/agreements/{code}/body" Some(Permission::EditCatalogue) => agreements::name;
    get "/office/agreements/{code}/take-back" Some(Permission::EditCatalogue) => price_lists::ask_take_back_change;
    post "/office/agreements/{code}/take-back" Some(Permission::EditCatalogue) => price_lists::take_back_change;
    get "/office/operators" Some(Permission::ManageOperators) => operators::list;
    get "/office/operators/new" Some(Permission::ManageOperators) => operators::new;
    post "/office/operators/new" Some(Permission::ManageOperators) => operators::create;
    get "/office/operators/{id}/reset" Some(Permission::ManageOperators) => operators::ask_reset;
    post "/office/operators/{id}/reset" Some(Permission::ManageOperators) => operators::reset;
    post "/office/operators/{id}/block" Some(Permission::ManageOperators) => operators::block;
}

impl Operator {
    /// Goes on only when the role allows it. The use case asks again.
    fn must(&self, what: Permission) -> Result<(), Refusal> {
        if self.role.may(what) { Ok(()) } else { Err(app::Problem::forbidden().into()) }
    }
}

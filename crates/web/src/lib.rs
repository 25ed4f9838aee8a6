//! The pages: routes, forms, sessions and what surrounds every answer.
//!
//! [`router::router`] is the table of contents. Handlers take a [`Visit`] (who asks, in which
//! language), call a use case or a query of `app`, and fill a typed page of `render`.

pub mod accounts;
pub mod answer;
pub mod assets;
pub mod cookies;
pub mod csrf;
pub mod customer;
pub mod demo;
mod dress;
pub mod form;
mod frame;
pub mod mailbox_area;
pub mod mailbox_password;
pub mod office;
pub mod order;
pub mod payments;
pub mod profile;
pub mod public;
pub mod recover;
pub mod router;
pub mod secretariat;
pub mod session;
pub mod shop;
pub mod state;
mod upload;
pub mod visit;

pub use answer::{Answer, Refusal};
pub use form::FormData;
pub use router::router;
pub use session::{SessionSource, SignedIn};
pub use state::AppState;
pub use visit::{Customer, Holder, Operator, Visit};

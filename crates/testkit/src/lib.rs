//! What tests stand on: the whole application on a fresh database, fakes at the ports, a browser
//! without a screen, suites for ports, programs of others. Never part of the product.

pub mod app;
pub mod browser;
pub mod builders;
pub mod conformance;
pub mod crash;
pub mod dice;
pub mod fakes;
pub mod peers;

pub use app::TestApp;

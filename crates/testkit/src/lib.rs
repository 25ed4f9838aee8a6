//! What tests stand on: the whole application on a fresh database, fakes at the ports, a browser
//! without a screen. Never part of the product.

pub mod browser;
pub mod fakes;

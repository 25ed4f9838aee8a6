//! Payment gateways. Each one passes the suite `testkit::conformance::payment`.

pub mod paypal;
pub mod signature;
pub mod simulated;
pub mod stripe;

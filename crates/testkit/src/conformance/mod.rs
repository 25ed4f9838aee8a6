//! One suite per port; every adapter passes the suite of its port.

pub mod arrivals;
pub mod payment;
pub mod simulated_bench;

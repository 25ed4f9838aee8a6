//! Stripe's adapter passes the suite for gateways against the emulator `localstripe`.

use testkit::{payment_conformance, peers::localstripe::StripeBench};

payment_conformance!(StripeBench::start());

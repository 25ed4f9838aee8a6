//! Typed contexts of mails and short messages, one module per area.

use crate::Registry;

/// One line for each area.
pub(crate) fn register(_registry: &mut Registry) {}

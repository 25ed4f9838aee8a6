//! The wallet of a mailbox holder: top-ups and what becomes of them.

pub mod end_top_up;
pub mod start_top_up;
pub mod wanted;

//! The raw programs: the engines with nothing around them. They give the denominators of the ratios.

pub mod addon;
pub mod argon;
pub mod night;
pub mod page;
pub mod place;
pub mod rows;

//! The binary: configuration, wiring, commands.
#![allow(dead_code)]
mod config;
fn main() {}

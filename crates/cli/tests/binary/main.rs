//! The real binary as its surroundings meet it: killed, without space, locked out of its database, interrupted.

mod catalogue;
mod demo;
mod house;
mod kill;
mod processes;
mod trouble;

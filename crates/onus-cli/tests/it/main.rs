//! What each command says and does, from the outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod add;
mod assess;
mod common;
mod crash;
mod damage;
mod demo;
mod fingerprints;
mod help;
mod isolation;
mod keys;
mod rank;
mod read_tests;
mod reference;
mod show;
mod trace;
mod verify;
mod workers;

//! Dossiers of made-up cases: what a reader sees, and what an adversary cannot make a reader see.

mod hostile;
mod overturn;
mod page;
mod sample;
mod scale;
mod text;

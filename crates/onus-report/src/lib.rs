//! Renders the dossier of a case: one self-contained page, or text for a terminal.
//!
//! Values in, text out: no file, clock or environment. The same [`Dossier`] gives the same bytes.
//! Text of others is shown through [`onus_core::plain`] and escaped; it never becomes markup.

#![warn(clippy::indexing_slicing)]

mod anchor;
mod argument;
mod assumptions;
mod charts;
mod contest;
mod dossier;
mod foreign;
mod gaps;
mod glossary;
mod index;
mod links;
mod method;
mod numbers;
mod opening;
mod overturn;
mod page;
mod record;
mod svg;
mod text;
mod verdict;

pub use dossier::{Dossier, ExhibitRecord, LedgerFacts, OBSERVATIONS_MAX, RunRecord};
pub use page::html;
pub use text::{brief, text, trace as trace_text};
pub use verdict::verdict_sentence;

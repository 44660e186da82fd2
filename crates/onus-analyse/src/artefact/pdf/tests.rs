//! The consistency tests of PDF files, sorted by identifier.

mod pdf_dates_agree;
mod pdf_modified_after_created;
mod pdf_producers_agree;

use super::Pdf;
use crate::artefact::consistency::ConsistencyTest;

/// Every test of this format.
pub(super) const TESTS: &[ConsistencyTest<Pdf>] = &[
    pdf_dates_agree::PDF_DATES_AGREE,
    pdf_modified_after_created::PDF_MODIFIED_AFTER_CREATED,
    pdf_producers_agree::PDF_PRODUCERS_AGREE,
];

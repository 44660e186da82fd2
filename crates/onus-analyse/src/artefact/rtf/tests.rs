//! The consistency tests of Rich Text Format, sorted by identifier.

mod rtf_code_page_fits_language;
mod rtf_revised_after_created;

use super::Rtf;
use crate::artefact::consistency::ConsistencyTest;

/// Every test of this format.
pub(super) const TESTS: &[ConsistencyTest<Rtf>] =
    &[rtf_code_page_fits_language::RTF_CODE_PAGE_FITS_LANGUAGE, rtf_revised_after_created::RTF_REVISED_AFTER_CREATED];

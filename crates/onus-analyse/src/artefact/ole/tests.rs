//! The consistency tests of documents in compound files, sorted by identifier.

mod ole_code_page_fits_language;
mod ole_code_pages_agree;
mod ole_root_changed_at_saving;
mod ole_saved_after_created;

use super::Ole;
use crate::artefact::consistency::ConsistencyTest;

/// Every test of this format.
pub(super) const TESTS: &[ConsistencyTest<Ole>] = &[
    ole_code_page_fits_language::OLE_CODE_PAGE_FITS_LANGUAGE,
    ole_code_pages_agree::OLE_CODE_PAGES_AGREE,
    ole_root_changed_at_saving::OLE_ROOT_CHANGED_AT_SAVING,
    ole_saved_after_created::OLE_SAVED_AFTER_CREATED,
];

/// Code pages that say nothing of a language: UTF-16, UTF-8, Macintosh, ASCII.
fn is_neutral(code_page: u16) -> bool {
    matches!(code_page, 0 | 1200 | 65001 | 10000 | 20127)
}

//! The consistency tests of open packages, sorted by identifier.

mod ooxml_interface_script;
mod ooxml_modified_after_created;
mod ooxml_packed_after_modified;
mod ooxml_packer_fits_application;

use super::Ooxml;
use crate::artefact::consistency::ConsistencyTest;

/// Every test of this format.
pub(super) const TESTS: &[ConsistencyTest<Ooxml>] = &[
    ooxml_interface_script::OOXML_INTERFACE_SCRIPT,
    ooxml_modified_after_created::OOXML_MODIFIED_AFTER_CREATED,
    ooxml_packed_after_modified::OOXML_PACKED_AFTER_MODIFIED,
    ooxml_packer_fits_application::OOXML_PACKER_FITS_APPLICATION,
];

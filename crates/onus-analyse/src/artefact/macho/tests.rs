//! The consistency tests of Mach-O files, sorted by identifier.

mod appended_data;
mod checksum_edited;
mod export_names;
mod go_table;
mod go_version;
mod import_names;
mod kit_library;
mod kit_linker;
mod library_stamp;
mod object_times;
mod object_users;
mod oldest_system;
mod slices_agree;
mod uuid_form;

use super::MachO;
use crate::artefact::consistency::ConsistencyTest;

/// Every test of this format.
pub(super) const TESTS: &[ConsistencyTest<MachO>] = &[
    appended_data::APPENDED_DATA,
    checksum_edited::CHECKSUM_EDITED,
    export_names::EXPORT_NAMES,
    go_table::GO_TABLE,
    go_version::GO_VERSION,
    import_names::IMPORT_NAMES,
    kit_library::KIT_LIBRARY,
    kit_linker::KIT_LINKER,
    library_stamp::LIBRARY_STAMP,
    object_times::OBJECT_TIMES,
    object_users::OBJECT_USERS,
    oldest_system::OLDEST_SYSTEM,
    slices_agree::SLICES_AGREE,
    uuid_form::UUID_FORM,
];

#[cfg(test)]
mod table {
    use super::TESTS;

    #[test]
    fn the_table_is_sorted_and_without_doubles() {
        assert!(TESTS.is_sorted_by(|one, next| one.id < next.id));
    }
}

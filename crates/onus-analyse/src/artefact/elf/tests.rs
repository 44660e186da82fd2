//! The consistency tests of ELF files, sorted by identifier.

mod appended_data;
mod build_id_debug_link;
mod comment_merged;
mod comment_producer;
mod compiler_generation;
mod compiler_line;
mod dynamic_sections;
mod dynamic_strings;
mod gnu_hash;
mod go_table;
mod go_version;
mod interface_hash;
mod interface_library;
mod interface_version;
mod rust_version;
mod symbol_hash;

use super::Elf;
use crate::artefact::consistency::ConsistencyTest;

/// Every test of this format.
pub(super) const TESTS: &[ConsistencyTest<Elf>] = &[
    appended_data::APPENDED_DATA,
    build_id_debug_link::BUILD_ID_DEBUG_LINK,
    comment_merged::COMMENT_MERGED,
    comment_producer::COMMENT_PRODUCER,
    compiler_generation::COMPILER_GENERATION,
    compiler_line::COMPILER_LINE,
    dynamic_sections::DYNAMIC_SECTIONS,
    dynamic_strings::DYNAMIC_STRINGS,
    gnu_hash::GNU_HASH,
    go_table::GO_TABLE,
    go_version::GO_VERSION,
    interface_hash::INTERFACE_HASH,
    interface_library::INTERFACE_LIBRARY,
    interface_version::INTERFACE_VERSION,
    rust_version::RUST_VERSION,
    symbol_hash::SYMBOL_HASH,
];

#[cfg(test)]
mod table {
    use super::TESTS;

    #[test]
    fn the_table_is_sorted_and_without_doubles() {
        assert!(TESTS.is_sorted_by(|one, next| one.id < next.id));
    }
}

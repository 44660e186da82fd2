//! The consistency tests of Portable Executable images, sorted by identifier.

mod checksum_edited;
mod rich_checksum;
mod rich_compiler;
mod rich_debug_records;
mod rich_dropped_imports;
mod rich_exports;
mod rich_feature_count;
mod rich_feature_old_count;
mod rich_helper_objects;
mod rich_import_count;
mod rich_import_libraries;
mod rich_imports;
mod rich_layout;
mod rich_link_time_code;
mod rich_linker;
mod rich_linker_build;
mod rich_linker_release;
mod rich_load_config;
mod rich_order;
mod rich_padding;
mod rich_resources;
mod rich_runtime;
mod rich_runtime_library;
mod rich_startup_objects;
mod rich_static_objects;
mod rich_static_runtime;
mod section_packer;
mod signature_digest;
mod time_before_linker;
mod time_coff_debug;
mod time_coff_export;
mod time_resource;
mod time_signature;
mod time_toolchain;
mod time_whole_hour;
mod version_language;

use super::Pe;
use crate::artefact::consistency::ConsistencyTest;

/// Every test of this format.
pub(super) const TESTS: &[ConsistencyTest<Pe>] = &[
    checksum_edited::CHECKSUM_EDITED,
    rich_checksum::RICH_CHECKSUM,
    rich_compiler::RICH_COMPILER,
    rich_debug_records::RICH_DEBUG_RECORDS,
    rich_dropped_imports::RICH_DROPPED_IMPORTS,
    rich_exports::RICH_EXPORTS,
    rich_feature_count::RICH_FEATURE_COUNT,
    rich_feature_old_count::RICH_FEATURE_OLD_COUNT,
    rich_helper_objects::RICH_HELPER_OBJECTS,
    rich_import_count::RICH_IMPORT_COUNT,
    rich_import_libraries::RICH_IMPORT_LIBRARIES,
    rich_imports::RICH_IMPORTS,
    rich_layout::RICH_LAYOUT,
    rich_link_time_code::RICH_LINK_TIME_CODE,
    rich_linker::RICH_LINKER,
    rich_linker_build::RICH_LINKER_BUILD,
    rich_linker_release::RICH_LINKER_RELEASE,
    rich_load_config::RICH_LOAD_CONFIG,
    rich_order::RICH_ORDER,
    rich_padding::RICH_PADDING,
    rich_resources::RICH_RESOURCES,
    rich_runtime::RICH_RUNTIME,
    rich_runtime_library::RICH_RUNTIME_LIBRARY,
    rich_startup_objects::RICH_STARTUP_OBJECTS,
    rich_static_objects::RICH_STATIC_OBJECTS,
    rich_static_runtime::RICH_STATIC_RUNTIME,
    section_packer::SECTION_PACKER,
    signature_digest::SIGNATURE_DIGEST,
    time_before_linker::TIME_BEFORE_LINKER,
    time_coff_debug::TIME_COFF_DEBUG,
    time_coff_export::TIME_COFF_EXPORT,
    time_resource::TIME_RESOURCE,
    time_signature::TIME_SIGNATURE,
    time_toolchain::TIME_TOOLCHAIN,
    time_whole_hour::TIME_WHOLE_HOUR,
    version_language::VERSION_LANGUAGE,
];

//! Software: what programs say of their origin, and whether what they say can have been put there afterwards.
//!
//! Each format has an analyser that reads its traces and runs a table of consistency tests, one file a test.
//! A test compares a trace with the rest of the same file. That it passes proves nothing: it says that no
//! contradiction was found, and what it would cost to forge the trace so that none is.

mod archive;
mod build_time;
mod code;
mod code_page;
mod compound;
mod consistency;
mod container;
mod crc32;
mod der;
mod elf;
mod forge_cost;
mod hex;
mod hours;
mod inflate;
mod language;
mod language_id;
mod layout;
mod leads;
mod little_endian;
mod lnk;
mod macho;
mod office;
mod ole;
mod ooxml;
mod pdf;
mod pe;
mod pieces;
mod placement;
mod program;
mod reader;
mod references;
mod rtf;
mod script;
mod stamp;
mod surroundings;
mod toolchain;
mod user_path;
mod vba;
mod xml;
mod zip;

pub(crate) use archive::ARCHIVE;
pub(crate) use code::CODE;
pub use container::Container;
pub(crate) use elf::ELF;
pub use hours::{BUILD_RUNS_MIN, BuildHours, HoursFinding, build_hours};
pub(crate) use language::LANGUAGE;
pub(crate) use lnk::LNK;
pub(crate) use macho::MACHO;
pub(crate) use ole::OLE;
pub(crate) use ooxml::OOXML;
pub(crate) use pdf::PDF;
pub(crate) use pe::PE;
pub use program::Program;
pub(crate) use rtf::RTF;
pub(crate) use script::SCRIPT;
pub use script::Script;

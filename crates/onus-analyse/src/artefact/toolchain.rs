//! What compilers and linkers write of themselves into every format of programs.

mod go;
mod go_tests;
mod ident;
mod paths;
mod releases;

pub(crate) use go::{GoBuild, TableVersion, go_build, names_version, table_version};
pub(crate) use go_tests::{table_outcome, version_outcome};
pub(crate) use ident::{Ident, Tool, Version, ident, idents};
pub(crate) use paths::{Path, paths};
pub(crate) use releases::{day_in_words, gcc_for_glibc, glibc_release, release, rust_commit, rust_version};

//! The reference data that the program ships, `crates/onus-weigh/reference/attack.txt`.

use std::sync::OnceLock;

use super::Reference;

/// The shipped text form. Its terms stand beside it.
const TEXT: &str = include_str!("../../reference/attack.txt");

impl Reference {
    /// Returns the reference data that the program ships, read at the first call.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Reference> = OnceLock::new();
        BUILTIN.get_or_init(|| Self::parse(TEXT).expect("a test reads the shipped file"))
    }
}

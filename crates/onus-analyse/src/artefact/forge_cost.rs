//! How much it takes to make a trace say something else without being contradicted.

/// The cheapest way to forge a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ForgeCost {
    /// Editing one field with a hexadecimal editor.
    F0,
    /// Rewriting a header or a string with public tools or a short script.
    F1,
    /// Building the program again, with another toolchain or other sources.
    F2,
    /// Consistent changes in several structures of the finished file, or linking again with chosen objects.
    F3,
    /// A key, or a record that a third party keeps.
    F4,
}

impl ForgeCost {
    /// Returns its name, `F0` to `F4`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::F0 => "F0",
            Self::F1 => "F1",
            Self::F2 => "F2",
            Self::F3 => "F3",
            Self::F4 => "F4",
        }
    }
}

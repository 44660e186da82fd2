//! The one place that reads the environment.

#![expect(clippy::disallowed_methods, reason = "this module is where the others get the environment from")]

use std::{env, path::PathBuf};

/// What the environment says.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The folder that holds the signing key; absent when the environment names none.
    ///
    /// `ONUS_CONFIG`, else `onus` below `XDG_CONFIG_HOME`, else `.config/onus` below `HOME`
    /// (`APPDATA` on Windows). An empty variable counts as absent, and so does a relative `XDG_CONFIG_HOME`.
    pub config: Option<PathBuf>,
    /// Whether output is to bear no colour (`NO_COLOR` is set to anything).
    pub no_colour: bool,
}

impl Settings {
    /// Reads the environment.
    #[must_use]
    pub fn from_environment() -> Self {
        let path = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let config = path("ONUS_CONFIG")
            .or_else(|| path("XDG_CONFIG_HOME").filter(|folder| folder.is_absolute()).map(|folder| folder.join("onus")))
            .or_else(|| {
                path(if cfg!(windows) { "APPDATA" } else { "HOME" })
                    .map(|home| if cfg!(windows) { home.join("onus") } else { home.join(".config/onus") })
            });
        Self { config, no_colour: env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) }
    }
}

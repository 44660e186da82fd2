//! Where commands print: text that others wrote is made harmless, and colour is used only where it is wanted.

use std::{
    fmt::Display,
    io::{self, BufWriter, IsTerminal as _, Stdout, Write},
};

use onus::Settings;
use onus::plain;
use serde::Serialize;

/// How a command prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: JSON, one value or one value a line.
    Json,
}

/// Standard output and standard error.
pub(crate) struct Output {
    out: BufWriter<Stdout>,
    /// Whether standard output takes colour.
    pub colour: bool,
    /// Whether standard error takes colour.
    pub colour_errors: bool,
    /// Whether somebody watches standard error.
    pub is_watched: bool,
}

impl Output {
    pub(crate) fn new(settings: &Settings) -> Self {
        let is_watched = io::stderr().is_terminal();
        Self {
            colour: io::stdout().is_terminal() && !settings.no_colour,
            colour_errors: is_watched && !settings.no_colour,
            is_watched,
            out: BufWriter::new(io::stdout()),
        }
    }

    /// Prints a line for people. Whatever could steer a terminal is made visible.
    pub(crate) fn line(&mut self, line: impl Display) -> io::Result<()> {
        writeln!(self.out, "{}", plain(&line.to_string()))
    }

    /// Prints a value for programs, on one line.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        self.out.write_all(b"\n")
    }

    /// Prints bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Says something beside the result, on standard error.
    pub(crate) fn aside(&self, line: impl Display) {
        self.complain(&format!("{}\n", plain(&line.to_string())));
    }

    /// Writes text to standard error; if that is gone, nobody can be told.
    pub(crate) fn complain(&self, text: &str) {
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

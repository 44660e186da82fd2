//! How failures are shown: what, where, what to do next; mistakes in a sheet with the lines that hold them.

use std::{io, process::ExitCode};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use onus::Error;
use onus::Problem;
use onus::plain;

use crate::output::Output;

/// The most mistakes of one sheet that are shown.
const SHOWN_MAX: usize = 50;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Done, and nothing was found against what was tested.
    Done,
    /// Done, with findings.
    Findings,
    /// Not done, or not all of it.
    NotDone,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Done => Self::SUCCESS,
            Status::Findings => Self::from(1),
            Status::NotDone => Self::from(2),
        }
    }
}

/// Why a command was not done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever read the output went away.
    Closed,
    /// The output could not be written.
    Output(io::Error),
    /// The library said no.
    Onus(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Onus(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Output(error) }
    }
}

impl Failure {
    /// Shows the failure and returns the exit status. A reader who went away is no failure.
    pub(crate) fn report(self, output: &mut Output) -> ExitCode {
        // what was printed before belongs before the message
        let _ = output.flush();
        let shown = match &self {
            Self::Closed => return ExitCode::SUCCESS,
            Self::Output(error) => format!("error: writing the output failed ({error})\n"),
            Self::Onus(Error::Sheet { path, text, problems }) => {
                let path = path.display().to_string();
                let shown: String = problems
                    .iter()
                    .take(SHOWN_MAX)
                    .map(|problem| show(problem, &path, text, output.colour_errors))
                    .collect();
                let more = match problems.len().saturating_sub(SHOWN_MAX) {
                    0 => String::new(),
                    more => format!("and {more} more\n"),
                };
                format!("{shown}{more}{}", in_short(self.error()))
            }
            Self::Onus(_) => in_short(self.error()),
        };
        output.complain(&shown);
        Status::NotDone.into()
    }

    fn error(&self) -> Option<&Error> {
        match self {
            Self::Onus(error) => Some(error),
            Self::Closed | Self::Output(_) => None,
        }
    }
}

fn in_short(error: Option<&Error>) -> String {
    let Some(error) = error else { return String::new() };
    format!("error: {}\n next: {}\n", plain(&error.to_string()), plain(&error.remedy()))
}

/// One mistake with the line that holds it.
fn show(problem: &Problem, path: &str, text: &str, colour: bool) -> String {
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::none() };
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(100);
    let mistake = Mistake { problem, source: NamedSource::new(plain(path), harmless(text)) };
    let mut shown = String::new();
    if handler.render_report(&mut shown, &mistake).is_err() {
        let (line, column) = problem.place(text);
        shown = format!("{path}:{line}:{column}: {}\n", plain(&problem.message));
    }
    shown + "\n"
}

/// The text with every character that could steer a terminal blotted out, byte for byte, so that places stay right.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let mut bytes = [0; 4];
        let shown: &str = character.encode_utf8(&mut bytes);
        let is_layout = matches!(character, '\n' | '\t' | '\r');
        if is_layout || plain(shown) == shown { out.push(character) } else { out.extend(shown.bytes().map(|_| '?')) }
    }
    out
}

/// A mistake as miette wants it.
#[derive(Debug)]
struct Mistake<'a> {
    problem: &'a Problem,
    source: NamedSource<String>,
}

impl std::fmt::Display for Mistake<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&plain(&self.problem.message))
    }
}

impl std::error::Error for Mistake<'_> {}

impl Diagnostic for Mistake<'_> {
    fn help<'b>(&'b self) -> Option<Box<dyn std::fmt::Display + 'b>> {
        Some(Box::new(plain(&self.problem.remedy)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.problem.span.clone();
        Some(Box::new(std::iter::once(LabeledSpan::new(Some("here".to_owned()), span.start, span.len()))))
    }
}

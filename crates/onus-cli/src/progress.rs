//! Bars for long work, on standard error, and only when somebody watches.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::Output;

/// Returns a bar over so many files.
pub(crate) fn bar(output: &Output, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}  {eta}");
    made(output, style, what)
}

/// Returns a sign of life for work of unknown length.
pub(crate) fn spinner(output: &Output, what: &'static str) -> ProgressBar {
    made(output, ProgressStyle::with_template("{spinner} {msg} {elapsed}"), what)
}

fn made(
    output: &Output,
    style: Result<ProgressStyle, indicatif::style::TemplateError>,
    what: &'static str,
) -> ProgressBar {
    if !output.is_watched {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_message(what);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

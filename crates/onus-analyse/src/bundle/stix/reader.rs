//! Members of STIX objects, read with their types; a wrong type is an observation and otherwise as if absent.

use std::borrow::Cow;

use onus_core::Locus;

use super::json::{self, ENTRIES_MAX, Object, Raw};
use crate::{Finding, Findings, lines::Lines};

/// The text of a bundle and the list that its observations go to.
pub(crate) struct Reader<'a, 'f> {
    text: &'a str,
    base: usize,
    lines: Lines,
    findings: &'f mut Findings,
}

impl<'a, 'f> Reader<'a, 'f> {
    /// Returns a reader of a text that begins `base` bytes after the beginning of the exhibit.
    pub(crate) fn new(text: &'a str, base: usize, findings: &'f mut Findings) -> Self {
        Self { text, base, lines: Lines::of(text.as_bytes()), findings }
    }

    /// Returns the place of a value, which must be a slice of the text.
    pub(crate) fn locus(&self, raw: Raw<'_>) -> Locus {
        let part = raw.get();
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        self.place(offset, part.len().min(self.text.len() - offset))
    }

    fn place(&self, offset: usize, len: usize) -> Locus {
        let line = Some(self.lines.number(self.text.as_bytes(), offset));
        Locus { line, ..Locus::bytes(self.base + offset, len) }
    }

    pub(crate) fn add(&mut self, finding: Finding) {
        self.findings.add(finding);
    }

    pub(crate) fn is_full(&self) -> bool {
        self.findings.is_full()
    }

    pub(crate) fn malformed(&mut self, raw: Raw<'_>, what: impl Into<String>) {
        let finding = Finding::malformed(what).at(self.locus(raw));
        self.add(finding);
    }

    /// Says what is wrong from an offset of the text to its end.
    pub(crate) fn malformed_at(&mut self, offset: usize, what: &'static str) {
        let offset = offset.min(self.text.len());
        let place = self.place(offset, self.text.len() - offset);
        self.add(Finding::malformed(what).at(place));
    }

    pub(crate) fn text(&mut self, object: &Object<'a>, name: &'static str) -> Option<Cow<'a, str>> {
        let raw = present(object, name)?;
        let text = json::text(raw);
        if text.is_none() {
            self.malformed(raw, format!("`{name}` is no text"));
        }
        text
    }

    /// Returns a text that should be a time (RFC 3339); one that is not is kept, and observed.
    pub(crate) fn time(&mut self, object: &Object<'a>, name: &'static str) -> Option<Cow<'a, str>> {
        let time = self.text(object, name)?;
        if time.parse::<jiff::Timestamp>().is_err()
            && let Some(raw) = object.get(name)
        {
            self.malformed(raw, format!("`{name}` is no time"));
        }
        Some(time)
    }

    pub(crate) fn texts(&mut self, object: &Object<'a>, name: &'static str) -> Vec<Cow<'a, str>> {
        let entries = self.list(object, name);
        let count = entries.len();
        let texts: Vec<_> = entries.into_iter().filter_map(json::text).collect();
        if texts.len() < count
            && let Some(raw) = object.get(name)
        {
            self.malformed(raw, format!("an entry of `{name}` is no text"));
        }
        texts
    }

    pub(crate) fn objects(&mut self, object: &Object<'a>, name: &'static str) -> Vec<Object<'a>> {
        let entries = self.list(object, name);
        let count = entries.len();
        let objects: Vec<_> = entries.into_iter().filter_map(Object::of).collect();
        if objects.len() < count
            && let Some(raw) = object.get(name)
        {
            self.malformed(raw, format!("an entry of `{name}` is no object"));
        }
        objects
    }

    pub(crate) fn object(&mut self, object: &Object<'a>, name: &'static str) -> Option<Object<'a>> {
        let raw = present(object, name)?;
        let inner = Object::of(raw);
        if inner.is_none() {
            self.malformed(raw, format!("`{name}` is no object"));
        }
        inner
    }

    pub(crate) fn flag(&mut self, object: &Object<'a>, name: &'static str) -> bool {
        match present(object, name) {
            None => false,
            Some(raw) if matches!(raw.get(), "true" | "false") => raw.get() == "true",
            Some(raw) => {
                self.malformed(raw, format!("`{name}` is neither true nor false"));
                false
            }
        }
    }

    /// Returns a number as it is written.
    pub(crate) fn number(&mut self, object: &Object<'a>, name: &'static str) -> Option<&'a str> {
        let raw = present(object, name)?;
        if !raw.get().starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            self.malformed(raw, format!("`{name}` is no number"));
            return None;
        }
        Some(raw.get())
    }

    fn list(&mut self, object: &Object<'a>, name: &'static str) -> Vec<Raw<'a>> {
        let Some(raw) = present(object, name) else { return Vec::new() };
        let Some((entries, is_cut)) = json::entries(raw) else {
            self.malformed(raw, format!("`{name}` is no list"));
            return Vec::new();
        };
        if is_cut {
            let what = format!("entries of `{name}` after the first {ENTRIES_MAX} are left out");
            let place = self.locus(raw);
            self.add(Finding::limit(what).at(place));
        }
        entries
    }
}

/// A member that is there and not `null`.
fn present<'a>(object: &Object<'a>, name: &str) -> Option<Raw<'a>> {
    object.get(name).filter(|raw| !json::is_null(raw))
}

//! What was left out or mended while reference data was built, counted, so that nothing is lost silently.

use std::collections::BTreeMap;

use onus_core::plain;
use serde::Serialize;

/// The most examples that are kept of one sort of note.
const EXAMPLES_MAX: usize = 5;

/// The longest example that is kept, in bytes; longer ones are cut.
const EXAMPLE_BYTES_MAX: usize = 80;

/// The longest name that is kept, in bytes; longer ones are cut.
pub(super) const NAME_BYTES_MAX: usize = 500;

/// One sort of thing that was noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What was noticed, and what was done about it.
    pub what: &'static str,
    /// How often.
    pub count: usize,
    /// The first few places, each made safe to show.
    pub examples: Vec<String>,
}

/// Notes, counted by what was noticed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Notes(BTreeMap<&'static str, Note>);

impl Notes {
    /// Counts something, with the place where it was.
    pub(super) fn add(&mut self, what: &'static str, place: &str) {
        let note = self.0.entry(what).or_insert_with(|| Note { what, count: 0, examples: Vec::new() });
        note.count += 1;
        if note.examples.len() < EXAMPLES_MAX && !place.is_empty() {
            note.examples.push(plain(cut(place, EXAMPLE_BYTES_MAX)).into_owned());
        }
    }

    /// Returns a name fit for a line of text: nothing that steers a display, and not longer than names may be.
    pub(super) fn name(&mut self, name: &str) -> String {
        let short = cut(name, NAME_BYTES_MAX);
        if short.len() < name.len() {
            self.add("names longer than 500 bytes, cut", name);
        }
        let shown = plain(short);
        if shown != short {
            self.add("names with characters that steer a display, written as escapes", name);
        }
        shown.into_owned()
    }

    /// Adds the notes of another origin.
    pub(super) fn join(&mut self, more: &Self) {
        for note in more.0.values() {
            let known =
                self.0.entry(note.what).or_insert_with(|| Note { count: 0, examples: Vec::new(), ..note.clone() });
            known.count += note.count;
            let room = EXAMPLES_MAX.saturating_sub(known.examples.len());
            known.examples.extend(note.examples.iter().take(room).cloned());
        }
    }

    /// Returns all notes, sorted.
    pub(super) fn into_vec(self) -> Vec<Note> {
        self.0.into_values().collect()
    }
}

fn cut(name: &str, max: usize) -> &str {
    name.get(..name.floor_char_boundary(max)).unwrap_or(name)
}

//! The bounded list that an analyser fills.

use onus_core::{Locus, Observation};

/// Observations of one exhibit, of all analysers together, at most.
pub const OBSERVATIONS_MAX: usize = 100_000;

/// Bytes of a value, or of the value of an attribute, at most; longer ones are cut, and that is observed.
pub const VALUE_MAX: usize = 4096;

/// Bytes of a kind or of the name of an attribute, at most.
pub const NAME_MAX: usize = 64;

/// Attributes of one observation, at most.
pub const ATTRIBUTES_MAX: usize = 32;

/// Memory of all observations of one exhibit, at most, by the estimate of `cost`.
pub const TOTAL_MAX: usize = 128 << 20;

/// What an observation costs beside its texts: its own fields, and the node of its attributes.
const OBSERVATION_COST: usize = 800;

/// What an attribute costs beside its texts.
const ATTRIBUTE_COST: usize = 64;

/// One observation while it is being made.
#[derive(Clone, Debug)]
pub struct Finding(Observation);

/// What one analyser has read so far; never grows past its share of the limits.
#[derive(Debug)]
pub struct Findings {
    analyser: &'static str,
    observations: Vec<Observation>,
    room: usize,
    bytes: usize,
    bytes_max: usize,
    dropped: u64,
}

impl Finding {
    /// Returns an observation of a kind, which is a name in `snake_case`, about the exhibit as a whole.
    #[must_use]
    pub fn new(kind: &'static str, value: impl Into<String>) -> Self {
        Self(Observation {
            kind: kind.to_owned(),
            value: value.into(),
            locus: None,
            analyser: String::new(),
            attributes: std::collections::BTreeMap::new(),
        })
    }

    /// Returns the observation that something was left out because of a limit.
    #[must_use]
    pub fn limit(what: impl Into<String>) -> Self {
        Self::new("limit", what)
    }

    /// Returns the observation that the exhibit breaks the rules of its own format.
    #[must_use]
    pub fn malformed(what: impl Into<String>) -> Self {
        Self::new("malformed", what)
    }

    /// Says where it stands.
    #[must_use]
    pub fn at(mut self, locus: Locus) -> Self {
        self.0.locus = Some(locus);
        self
    }

    /// Adds a named fact; an empty one is left out, because absent is not the same as empty.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.0.attributes.insert(name.to_owned(), value);
        }
        self
    }

    /// Adds a named fact if there is one.
    #[must_use]
    pub fn with_some(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds a list, one entry a line; line breaks inside an entry become spaces.
    #[must_use]
    pub fn with_list<S: AsRef<str>>(self, name: &'static str, entries: impl IntoIterator<Item = S>) -> Self {
        let mut list = String::new();
        for entry in entries {
            if list.len() > VALUE_MAX {
                break;
            }
            if !list.is_empty() {
                list.push('\n');
            }
            list.extend(entry.as_ref().chars().map(|c| if c == '\n' { ' ' } else { c }));
        }
        self.with(name, list)
    }
}

impl Findings {
    /// Returns an empty list for an analyser, with room for so many observations and bytes.
    pub(crate) fn new(analyser: &'static str, room: usize, bytes_max: usize) -> Self {
        Self { analyser, observations: Vec::new(), room, bytes: 0, bytes_max, dropped: 0 }
    }

    /// Adds an observation. Texts that are too long are cut, which is a second observation.
    pub fn add(&mut self, finding: Finding) {
        let Finding(mut observation) = finding;
        let whole_len = observation.value.len();
        let mut is_cut = cut(&mut observation.value);
        for value in observation.attributes.values_mut() {
            is_cut |= cut(value);
        }
        let note = is_cut.then(|| {
            let note = Finding::limit(format!("a text of this observation is cut at {VALUE_MAX} bytes"))
                .with("kind", observation.kind.clone())
                .with("len", whole_len.to_string());
            Observation { locus: observation.locus, ..note.0 }
        });
        self.push(observation);
        if let Some(note) = note {
            self.push(note);
        }
    }

    /// Returns whether nothing more is taken, so that an analyser can stop early.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.dropped > 0
    }

    fn push(&mut self, mut observation: Observation) {
        let cost = cost(&observation);
        // One place is kept for the observation that the list is full.
        if self.dropped > 0 || self.observations.len() + 1 >= self.room || self.bytes + cost > self.bytes_max {
            self.dropped += 1;
            return;
        }
        self.bytes += cost;
        observation.analyser = self.analyser.to_owned();
        self.observations.push(observation);
    }

    /// Appends all to `observations` and returns what they cost.
    pub(crate) fn close_into(mut self, observations: &mut Vec<Observation>) -> usize {
        if self.dropped > 0 {
            let Finding(mut last) = Finding::limit("the list of observations is full; those after these are left out");
            last.analyser = self.analyser.to_owned();
            self.observations.push(last);
        }
        observations.append(&mut self.observations);
        self.bytes
    }
}

/// Memory that an observation takes, roughly, and at least.
fn cost(observation: &Observation) -> usize {
    let attributes: usize =
        observation.attributes.iter().map(|(name, value)| name.len() + value.len() + ATTRIBUTE_COST).sum();
    OBSERVATION_COST + observation.value.len() + attributes
}

/// Cuts a text at the limit, between two characters; returns whether there was something to cut.
fn cut(text: &mut String) -> bool {
    let is_long = text.len() > VALUE_MAX;
    if is_long {
        text.truncate(text.floor_char_boundary(VALUE_MAX));
        text.shrink_to_fit();
    }
    is_long
}

#[cfg(test)]
mod tests {
    use super::{Finding, Findings, VALUE_MAX};

    #[test]
    fn a_full_list_says_so_once() {
        let mut findings = Findings::new("text", 10, 1 << 20);
        for number in 0..50 {
            findings.add(Finding::new("text", number.to_string()));
        }
        assert!(findings.is_full());
        let mut observations = Vec::new();
        findings.close_into(&mut observations);
        assert_eq!(observations.len(), 10);
        assert_eq!(observations.iter().filter(|observation| observation.kind == "limit").count(), 1);
        assert_eq!(observations.last().unwrap().kind, "limit");
    }

    #[test]
    fn a_text_is_cut_between_characters_and_that_is_said() {
        let mut findings = Findings::new("text", 10, 1 << 20);
        findings.add(Finding::new("text", "a".to_owned() + &"ж".repeat(VALUE_MAX)));
        let mut observations = Vec::new();
        findings.close_into(&mut observations);
        assert_eq!(observations[0].value.len(), VALUE_MAX - 1);
        assert_eq!(observations[1].attributes["len"], (2 * VALUE_MAX + 1).to_string());
    }
}

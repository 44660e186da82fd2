//! Reads one table of a sheet key by key and keeps a list of what is wrong.

use std::{cell::RefCell, collections::BTreeMap, ops::Range};

use onus_core::{Digest, Edtf};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::Problem;

/// The longest identifier, in bytes.
const ID_MAX: usize = 100;

/// Everything that was found wrong so far.
#[derive(Default)]
pub(super) struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    pub(super) fn add(&self, span: Range<usize>, message: impl Into<String>, remedy: impl Into<String>) {
        self.0.borrow_mut().push(Problem { span, message: message.into(), remedy: remedy.into() });
    }

    /// The problems in the order of the text.
    pub(super) fn into_sorted(self) -> Vec<Problem> {
        let mut problems = self.0.into_inner();
        problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        problems
    }
}

/// The identifiers of a sheet, by table.
#[derive(Default)]
pub(super) struct Ids(pub(super) BTreeMap<String, Vec<String>>);

impl Ids {
    pub(super) fn of<'i>(&'i self, tables: &[&str]) -> Vec<&'i str> {
        tables.iter().filter_map(|table| self.0.get(*table)).flatten().map(String::as_str).collect()
    }
}

/// One table of the sheet while it is read. What is never asked for is unknown.
pub(super) struct Row<'s> {
    table: &'s DeTable<'s>,
    /// How the table is written, such as `[[source]]`.
    name: &'static str,
    span: Range<usize>,
    problems: &'s Problems,
    ids: &'s Ids,
    asked: RefCell<Vec<&'static str>>,
}

impl<'s> Row<'s> {
    pub(super) fn new(
        (table, span): (&'s DeTable<'s>, Range<usize>),
        name: &'static str,
        problems: &'s Problems,
        ids: &'s Ids,
    ) -> Self {
        Self { table, name, span, problems, ids, asked: RefCell::default() }
    }

    /// Reports every key that was never asked for.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for key in self.table.keys() {
            if !asked.contains(&key.get_ref().as_ref()) {
                let message = format!("unknown key `{}` in {}", key.get_ref(), self.name);
                self.problems.add(key.span(), message, did_you_mean(key.get_ref(), asked.iter().copied()));
            }
        }
    }

    pub(super) fn problem(&self, key: &str, message: impl Into<String>, remedy: impl Into<String>) {
        let span = self.table.get(key).map_or_else(|| self.span.clone(), Spanned::span);
        self.problems.add(span, message, remedy);
    }

    fn value(&self, key: &'static str) -> Option<&'s Spanned<DeValue<'s>>> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    /// Says that a key has the wrong sort of value.
    fn wrong<T>(&self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) -> Option<T> {
        let message = format!("`{key}` is {}, not {wanted}", article(value.get_ref().type_str()));
        self.problems.add(value.span(), message, format!("write {wanted}"));
        None
    }

    pub(super) fn text(&self, key: &'static str) -> Option<String> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                self.problems.add(value.span(), format!("`{key}` is empty"), "write it, or leave the key out");
                None
            }
            DeValue::String(text) => Some(text.to_string()),
            _ => self.wrong(key, value, "a text in quotation marks"),
        }
    }

    /// A text that has to be there; empty, and reported, when it is not.
    pub(super) fn required(&self, key: &'static str) -> String {
        if !self.table.contains_key(key) {
            self.problems.add(
                self.span.clone(),
                format!("{} has no `{key}`", self.name),
                format!("add `{key} = \"…\"`"),
            );
        }
        self.text(key).unwrap_or_default()
    }

    pub(super) fn id(&self) -> String {
        let id = self.required("id");
        if id.len() > ID_MAX || id.chars().any(|character| character.is_whitespace() || character.is_control()) {
            let message = format!("identifier `{id}` has white space or is longer than {ID_MAX} bytes");
            self.problem("id", message, "use a short word such as `rich-header`");
        }
        id
    }

    fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(&self, key: &'static str, remedy: &str) -> Option<T> {
        let text = self.text(key)?;
        text.parse().map_err(|error| self.problem(key, format!("`{text}` {error}"), remedy)).ok()
    }

    pub(super) fn date(&self, key: &'static str) -> Option<Edtf> {
        self.parsed(key, "write a date as year, year-month or year-month-day")
    }

    /// A date that has to be there. When it is not, the sheet is refused anyway and any day will do.
    pub(super) fn required_date(&self, key: &'static str) -> Option<Edtf> {
        if !self.table.contains_key(key) {
            let remedy = format!("add `{key} = \"2018-02-09\"`, the day it was published");
            self.problems.add(self.span.clone(), format!("{} has no `{key}`", self.name), remedy);
        }
        self.date(key)
    }

    pub(super) fn digest(&self, key: &'static str) -> Option<Digest> {
        self.parsed(key, "copy the digest that `onus show exhibits` prints")
    }

    /// One of a closed list of words.
    pub(super) fn choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = choices.iter().find(|(word, _)| *word == text);
        if found.is_none() {
            let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
            self.problem(key, format!("`{text}` is no {key}"), format!("write one of {}", words.join(", ")));
        }
        found.map(|(_, choice)| *choice)
    }

    pub(super) fn required_choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        if self.table.contains_key(key) {
            return self.choice(key, choices);
        }
        self.required(key);
        None
    }

    pub(super) fn number(&self, key: &'static str) -> Option<f64> {
        let value = self.value(key)?;
        number(value.get_ref()).or_else(|| self.wrong(key, value, "a number such as 0.05"))
    }

    pub(super) fn integer(&self, key: &'static str) -> Option<i64> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix()).ok(),
            _ => None,
        }
        .or_else(|| self.wrong(key, value, "a whole number"))
    }

    /// A probability strictly between zero and one: certainty is never an input.
    pub(super) fn open_probability(&self, key: &'static str) -> Option<f64> {
        let number = self.number(key)?;
        if number > 0.0 && number < 1.0 {
            return Some(number);
        }
        self.problem(key, format!("`{key} = {number}` is not between 0 and 1"), "write a probability such as 0.05");
        None
    }

    fn texts(&self, key: &'static str) -> Vec<(String, Range<usize>)> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong::<()>(key, value, "a list of texts such as [\"a\", \"b\"]");
            return Vec::new();
        };
        let text = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
            DeValue::String(text) => Some((text.to_string(), item.span())),
            _ => self.wrong(key, item, "a text in quotation marks"),
        };
        items.iter().filter_map(text).collect()
    }

    /// A list of texts that refer to nothing in the sheet.
    pub(super) fn names(&self, key: &'static str) -> Vec<String> {
        self.texts(key).into_iter().map(|(text, _)| text).collect()
    }

    fn must_exist(&self, id: &str, span: Range<usize>, tables: &[&str], extra: &[&str]) {
        let known: Vec<&str> = self.ids.of(tables).into_iter().chain(extra.iter().copied()).collect();
        if !known.contains(&id) {
            let message = format!("no {} has the id `{id}`", tables.join(", "));
            self.problems.add(span, message, did_you_mean(id, known.into_iter()));
        }
    }

    /// An identifier that must exist in one of the tables, or be one of the extra words.
    pub(super) fn reference(&self, key: &'static str, tables: &[&str], extra: &[&str]) -> Option<String> {
        let id = self.text(key)?;
        let span = self.table.get(key).map_or_else(|| self.span.clone(), Spanned::span);
        self.must_exist(&id, span, tables, extra);
        Some(id)
    }

    pub(super) fn required_reference(&self, key: &'static str, tables: &[&str], extra: &[&str]) -> String {
        if !self.table.contains_key(key) {
            return self.required(key);
        }
        self.reference(key, tables, extra).unwrap_or_default()
    }

    /// Distinct identifiers that must exist in a table, or be one of the extra words.
    pub(super) fn references(&self, key: &'static str, table: &'static str, extra: &[&str]) -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for (id, span) in self.texts(key) {
            if ids.contains(&id) {
                self.problems.add(span, format!("`{id}` stands twice in `{key}`"), "delete one of the two");
            } else {
                self.must_exist(&id, span, &[table], extra);
                ids.push(id);
            }
        }
        ids
    }

    /// Numbers by hypothesis, or none.
    pub(super) fn by_hypothesis(&self, key: &'static str) -> Option<BTreeMap<String, f64>> {
        let value = self.value(key)?;
        let DeValue::Table(table) = value.get_ref() else {
            return self.wrong(key, value, "a table such as { first = 0.3, other = 0.02 }");
        };
        let row = Row::new((table, value.span()), self.name, self.problems, self.ids);
        Some(row.all_by_hypothesis())
    }

    /// Every key of this table as a hypothesis with a number.
    pub(super) fn all_by_hypothesis(&self) -> BTreeMap<String, f64> {
        let mut numbers = BTreeMap::new();
        for (key, value) in self.table {
            self.must_exist(key.get_ref(), key.span(), &["hypothesis"], &[super::OTHER]);
            match number(value.get_ref()) {
                Some(number) if number > 0.0 && number <= 1.0 => {
                    numbers.insert(key.get_ref().to_string(), number);
                }
                Some(number) => self.problems.add(
                    value.span(),
                    format!("probability {number} of `{}` is not above 0 and at most 1", key.get_ref()),
                    "write a probability; what cannot happen at all would silence every other observation",
                ),
                None => drop(self.wrong::<()>(key.get_ref(), value, "a number such as 0.05")),
            }
        }
        numbers
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Float(digits) => digits.as_str().parse().ok().filter(|number: &f64| number.is_finite()),
        #[expect(clippy::cast_precision_loss, reason = "probabilities are small; a large integer is refused anyway")]
        DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix()).ok().map(|whole| whole as f64),
        _ => None,
    }
}

fn article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// A remedy that names the nearest known word, or all of them.
pub(super) fn did_you_mean<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> String {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    let near = known.iter().map(|other| (distance(word, other), *other)).min();
    match near {
        Some((steps, other)) if steps * 3 <= word.len().max(other.len()) => format!("did you mean `{other}`?"),
        _ if known.is_empty() => "there is none yet; add it".to_owned(),
        _ if known.len() > 16 => format!("it is none of the {} that exist", known.len()),
        _ => format!("known are {}", known.join(", ")),
    }
}

/// Levenshtein distance of two short words, in characters.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(ID_MAX).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (done, letter) in one.chars().take(ID_MAX).enumerate() {
        let mut diagonal = done;
        let mut left = done + 1;
        for (above, candidate) in row.iter_mut().skip(1).zip(&other) {
            let change = diagonal + usize::from(letter != *candidate);
            diagonal = *above;
            left = change.min(left + 1).min(diagonal + 1);
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = done + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distance_counts_edits() {
        for (one, other, edits) in
            [("", "", 0), ("abc", "abc", 0), ("kitten", "sitting", 3), ("", "ab", 2), ("ab", "", 2)]
        {
            assert_eq!(distance(one, other), edits, "{one} {other}");
        }
    }
}

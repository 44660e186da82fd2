//! Reads a case sheet and finds everything that is wrong with it at once.

use std::{collections::BTreeMap, ops::Range};

use onus_core::{Credibility, Edtf, Reliability};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Challenge, HYPOTHESES_MAX, Head, Hypothesis, Level, Likeness, OTHER, Problem, ROWS_MAX, Retraction, SHEET_MAX,
    Searched, Sheet, Source, Stated, Test, TestResult,
    row::{Ids, Problems, Row, did_you_mean},
};

/// Tables of which a sheet may have many, and how one is written. `onus`, `[case]` and `[prior]` stand once.
const TABLES: [(&str, &str); 7] = [
    ("challenge", "[[challenge]]"),
    ("hypothesis", "[[hypothesis]]"),
    ("observation", "[[observation]]"),
    ("retraction", "[[retraction]]"),
    ("searched", "[[searched]]"),
    ("source", "[[source]]"),
    ("test", "[[test]]"),
];

const LEVELS: [(&str, Level); 5] = [
    ("family", Level::Family),
    ("group", Level::Group),
    ("organisation", Level::Organisation),
    ("state", Level::State),
    ("scenario", Level::Scenario),
];

const LIKENESSES: [(&str, Likeness); 3] =
    [("exact", Likeness::Exact), ("close", Likeness::Close), ("partial", Likeness::Partial)];

const RESULTS: [(&str, TestResult); 4] = [
    ("consistent", TestResult::Consistent),
    ("inconsistent", TestResult::Inconsistent),
    ("borrowed", TestResult::Borrowed),
    ("not-run", TestResult::NotRun),
];

const TLP: [(&str, &str); 5] =
    [("clear", "clear"), ("green", "green"), ("amber", "amber"), ("amber+strict", "amber+strict"), ("red", "red")];

impl Sheet {
    /// Reads a case sheet.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text: TOML that cannot be read, unknown and missing keys,
    /// values of the wrong sort, ids that are used twice or name nothing, dates that are none, probabilities out of
    /// range, hypotheses of several levels, a sheet larger than [`SHEET_MAX`], a table of more than [`ROWS_MAX`] rows, more than [`HYPOTHESES_MAX`] hypotheses.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::default();
        if text.len() > SHEET_MAX {
            problems.add(
                0..0,
                format!("the sheet has more than {SHEET_MAX} bytes"),
                "split the case, or shorten its texts",
            );
            return Err(problems.into_sorted());
        }
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let message = format!("this is not TOML: {}", error.message().replace('\n', "; "));
            problems.add(error.span().unwrap_or(0..0), message, "mend the line; every value stands after `key = `");
        }
        let sheet = Reader { document: document.get_ref(), problems: &problems }.read();
        let problems = problems.into_sorted();
        if problems.is_empty() { Ok(sheet) } else { Err(problems) }
    }
}

struct Reader<'s> {
    document: &'s DeTable<'s>,
    problems: &'s Problems,
}

impl<'s> Reader<'s> {
    fn read(&self) -> Sheet {
        self.check_tables();
        self.check_version();
        let ids = self.ids();
        let case = self.head(&ids);
        let hypotheses = self.rows("hypothesis", &ids, hypothesis);
        self.check_levels(&hypotheses);
        Sheet {
            case,
            hypotheses,
            sources: self.rows("source", &ids, source),
            observations: self.rows("observation", &ids, stated),
            tests: self.rows("test", &ids, test),
            retractions: self.rows("retraction", &ids, retraction),
            challenges: self.rows("challenge", &ids, challenge),
            searched: self.rows("searched", &ids, searched),
            prior: self.prior(&ids),
        }
    }

    fn check_tables(&self) {
        let known = || TABLES.iter().map(|(table, _)| *table).chain(["onus", "case", "prior"]);
        for key in self.document.keys() {
            if !known().any(|table| table == key.get_ref()) {
                let message = format!("a sheet has no `{}`", key.get_ref());
                self.problems.add(key.span(), message, did_you_mean(key.get_ref(), known()));
            }
        }
    }

    fn check_version(&self) {
        match self.document.get("onus") {
            Some(version) if matches!(version.get_ref(), DeValue::Integer(digits) if digits.as_str() == "1") => {}
            Some(version) => {
                self.problems.add(
                    version.span(),
                    "this version of the sheet is not known",
                    "write `onus = 1`, the version this program reads",
                );
            }
            None => self.problems.add(0..0, "the sheet does not say its version", "add `onus = 1` as the first line"),
        }
    }

    /// The tables of one name with their places.
    fn tables(&self, name: &str) -> Vec<(&'s DeTable<'s>, Range<usize>)> {
        let Some(value) = self.document.get(name) else { return Vec::new() };
        let wrong = |value: &Spanned<DeValue<'_>>| {
            self.problems.add(
                value.span(),
                format!("`{name}` is not a list of tables"),
                format!("write each one under `[[{name}]]`"),
            );
        };
        let DeValue::Array(items) = value.get_ref() else {
            wrong(value);
            return Vec::new();
        };
        let most = if name == "hypothesis" { HYPOTHESES_MAX } else { ROWS_MAX };
        if items.len() > most {
            self.problems.add(value.span(), format!("`{name}` has more than {most} rows"), "split the case");
        }
        let table = |item: &'s Spanned<DeValue<'s>>| match item.get_ref() {
            DeValue::Table(table) => Some((table, item.span())),
            _ => {
                wrong(item);
                None
            }
        };
        items.iter().take(most).filter_map(table).collect()
    }

    fn rows<T>(&self, name: &'static str, ids: &'s Ids, read: fn(&Row<'_>) -> Option<T>) -> Vec<T> {
        let written = TABLES.iter().find(|(table, _)| *table == name).map_or(name, |(_, written)| written);
        let one = |table| {
            let row = Row::new(table, written, self.problems, ids);
            let value = read(&row);
            row.finish();
            value
        };
        self.tables(name).into_iter().filter_map(one).collect()
    }

    /// Collects the ids of all tables and reports those that are used twice.
    fn ids(&self) -> Ids {
        let mut ids = Ids::default();
        for table in ["hypothesis", "source", "observation", "test", "challenge"] {
            let list = ids.0.entry(table.to_owned()).or_default();
            let rows = self.document.get(table).and_then(|value| match value.get_ref() {
                DeValue::Array(items) => Some(items),
                _ => None,
            });
            for row in rows.into_iter().flatten() {
                let DeValue::Table(row) = row.get_ref() else { continue };
                let Some(id) = row.get("id") else { continue };
                let DeValue::String(text) = id.get_ref() else { continue };
                if list.contains(&text.to_string()) {
                    self.problems.add(
                        id.span(),
                        format!("{table} id `{text}` is used twice"),
                        "give one of the two another id",
                    );
                }
                list.push(text.to_string());
            }
        }
        ids
    }

    fn head(&self, ids: &Ids) -> Head {
        let empty = DeTable::default();
        let table = match self.document.get("case").map(|value| (value.get_ref(), value.span())) {
            Some((DeValue::Table(table), span)) => (table, span),
            Some((_, span)) => {
                self.problems.add(span, "`case` is not a table", "write `[case]` on a line of its own");
                return Head::default();
            }
            None => (&empty, 0..0),
        };
        let row = Row::new(table, "[case]", self.problems, ids);
        let head = Head {
            title: row.required("title"),
            question: row.required("question"),
            happened: row.date("happened"),
            tlp: row.choice("tlp", &TLP).map(str::to_owned),
            campaigns: row.names("campaigns"),
        };
        row.finish();
        head
    }

    fn prior(&self, ids: &Ids) -> Option<BTreeMap<String, f64>> {
        let value = self.document.get("prior")?;
        let DeValue::Table(table) = value.get_ref() else {
            self.problems.add(
                value.span(),
                "`prior` is not a table",
                "write `[prior]` and under it one line a hypothesis",
            );
            return None;
        };
        let prior = Row::new((table, value.span()), "[prior]", self.problems, ids).all_by_hypothesis();
        let missing: Vec<&str> =
            ids.of(&["hypothesis"]).into_iter().chain([OTHER]).filter(|id| !prior.contains_key(*id)).collect();
        let sum: f64 = prior.values().sum();
        if !missing.is_empty() {
            self.problems.add(
                value.span(),
                format!("the prior leaves out {}", missing.join(", ")),
                "give every hypothesis and `other` a probability",
            );
        } else if (sum - 1.0).abs() > 1e-9 {
            self.problems.add(
                value.span(),
                format!("the prior sums to {sum}, not to 1"),
                "change the numbers so that they sum to 1",
            );
        }
        Some(prior)
    }

    fn check_levels(&self, hypotheses: &[Hypothesis]) {
        let Some(first) = hypotheses.first() else { return };
        for (hypothesis, (table, span)) in hypotheses.iter().zip(self.tables("hypothesis")) {
            if hypothesis.level != first.level {
                let span = table.get("level").map_or(span, Spanned::span);
                let message = format!("hypothesis `{}` is of another level than `{}`", hypothesis.id, first.id);
                self.problems.add(
                    span,
                    message,
                    "ask one question a case: evidence for a group says nothing of a state",
                );
            }
        }
    }
}

fn hypothesis(row: &Row<'_>) -> Option<Hypothesis> {
    let id = row.id();
    if id == OTHER {
        row.problem("id", "`other` always exists", "delete this hypothesis; it need not be written");
    }
    Some(Hypothesis {
        id,
        title: row.required("title"),
        // A level that is wrong is reported; any stands in for it.
        level: row.required_choice("level", &LEVELS).unwrap_or(Level::Group),
        actor: row.text("actor"),
    })
}

fn source(row: &Row<'_>) -> Option<Source> {
    let id = row.id();
    let cites = row.references("cites", "source", &[]);
    if cites.contains(&id) {
        row.problem("cites", format!("source `{id}` cites itself"), "delete it from `cites`");
    }
    let letters = Reliability::ALL.map(|grade| (grade.letter().to_string(), grade));
    let letters: Vec<_> = letters.iter().map(|(letter, grade)| (letter.as_str(), *grade)).collect();
    Some(Source {
        id,
        title: row.required("title"),
        reliability: row.choice("reliability", &letters).unwrap_or(Reliability::F),
        cites,
        url: row.text("url"),
        reports: row.names("reports"),
    })
}

fn stated(row: &Row<'_>) -> Option<Stated> {
    let id = row.id();
    let relies_on = row.references("relies_on", "observation", &[]);
    if relies_on.contains(&id) {
        row.problem("relies_on", format!("observation `{id}` relies on itself"), "delete it from `relies_on`");
    }
    let points_at = row.references("points_at", "hypothesis", &[OTHER]);
    let points_away = row.references("points_away", "hypothesis", &[OTHER]);
    if let Some(both) = points_at.iter().find(|id| points_away.contains(id)) {
        row.problem(
            "points_away",
            format!("observation `{id}` points at `{both}` and away from it"),
            "keep one of the two",
        );
    }
    let credibility = row.integer("credibility").and_then(|number| {
        let grade = u8::try_from(number).ok().and_then(|number| Credibility::try_from(number).ok());
        if grade.is_none() {
            row.problem(
                "credibility",
                format!("credibility {number} is no grade"),
                "write 1 to 6; 6 means that it cannot be judged",
            );
        }
        grade
    });
    let likelihood = row.by_hypothesis("likelihood");
    if likelihood.as_ref().is_some_and(|numbers| !numbers.contains_key(OTHER)) {
        row.problem(
            "likelihood",
            "`likelihood` says nothing of `other`",
            "add `other = …`: how often would somebody not listed leave this trace?",
        );
    }
    Some(Stated {
        id,
        source: row.required_reference("source", &["source"], &[]),
        root: row.reference("root", &["source"], &[]),
        relies_on,
        exhibit: row.digest("exhibit"),
        kind: row.required("kind"),
        value: row.required("value"),
        points_at,
        points_away,
        likeness: row.choice("match", &LIKENESSES).unwrap_or(Likeness::Close),
        credibility: credibility.unwrap_or(Credibility::CANNOT_BE_JUDGED),
        block: row.text("block"),
        likelihood,
        seen: seen(row)?,
    })
}

fn test(row: &Row<'_>) -> Option<Test> {
    Some(Test {
        id: row.id(),
        observation: row.required_reference("observation", &["observation"], &[]),
        result: row.required_choice("result", &RESULTS).unwrap_or(TestResult::NotRun),
        source: row.required_reference("source", &["source"], &[]),
        value: row.required("value"),
        false_alarm: row.open_probability("false_alarm"),
        detection: row.open_probability("detection"),
        is_read: false,
        seen: seen(row)?,
    })
}

fn retraction(row: &Row<'_>) -> Option<Retraction> {
    Some(Retraction {
        observation: row.required_reference("observation", &["observation"], &[]),
        source: row.required_reference("source", &["source"], &[]),
        value: row.required("value"),
        seen: seen(row)?,
    })
}

fn challenge(row: &Row<'_>) -> Option<Challenge> {
    let source = row.reference("source", &["source"], &[]);
    let by = row.text("by");
    if source.is_none() && by.is_none() {
        row.problem(
            "against",
            "[[challenge]] does not say who objects",
            "add `source = \"…\"`, the id of a source, or `by = \"…\"`, a name",
        );
    }
    Some(Challenge {
        id: row.text("id"),
        against: row.required_reference(
            "against",
            &["observation", "test", "source", "hypothesis"],
            &["verdict", OTHER],
        ),
        by: by.or(source).unwrap_or_default(),
        seen: row.date("seen"),
        value: row.required("value"),
        exhibit: row.digest("exhibit"),
    })
}

fn searched(row: &Row<'_>) -> Option<Searched> {
    let kind = row.required("kind");
    let detection = row.open_probability("detection");
    if detection.is_none() {
        row.problem(
            "detection",
            "[[searched]] has no usable `detection`",
            "add `detection = 0.6`: how surely would it have been found?",
        );
    }
    Some(Searched { kind, detection: detection? })
}

/// The day of publication. Nothing can be replayed without it, so a row without one is reported and left out.
fn seen(row: &Row<'_>) -> Option<Edtf> {
    row.required_date("seen")
}

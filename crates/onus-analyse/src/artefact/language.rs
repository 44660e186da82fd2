//! Texts in human languages in programs: which language, in which encoding, and whether the program accounts for them.

mod latin;
mod models;
mod pages;
mod scan;
mod script;
mod shape;
mod test;
mod text;

use std::collections::BTreeMap;

use onus_core::Locus;

use super::{
    consistency,
    forge_cost::ForgeCost,
    layout::Place,
    placement::{self, Placed},
    surroundings::surroundings,
};
use crate::{Analyser, FileType, Finding, Findings, Subject};

pub(crate) use script::{Script, is_kana};
pub(crate) use text::{Text, holds_prose};

/// Texts that are listed, at most; all are counted.
const LISTED_MAX: usize = 200;

/// Characters of a text that are shown, at most.
const SHOWN_MAX: usize = 160;

/// Reads texts in human languages in programs.
pub(crate) const LANGUAGE: Analyser =
    Analyser { id: "language", version: 1, reads: |file_type| file_type.program.is_some(), observe };

fn observe(subject: &Subject<'_>, file_type: &FileType, findings: &mut Findings) {
    let bytes = subject.bytes;
    let (texts, is_full) = text::foreign(bytes);
    let surroundings = file_type.program.and_then(|program| surroundings(program, bytes, subject.is_whole(), &texts));
    let mut placed = match &surroundings {
        Some(known) => placement::place(texts, Some(&known.layout), &known.referenced, known.container),
        None => placement::place(texts, None, &[], None),
    };
    // Where nothing is expected, less is enough than among the messages of a program.
    placed.retain(|one| one.why.is_some() || one.text.script != Script::Latin || placement::is_certain(&one.text));
    let prose = surroundings.as_ref().map(|known| text::prose(bytes, &known.layout, known.container));
    list(&placed, findings);
    if is_full {
        findings.add(Finding::limit(format!("more than {} texts; the rest is left out", text::TEXTS_MAX)));
    }
    let facts = test::Facts { texts: placed, prose };
    consistency::run::<test::Texts>(test::TESTS, &facts, bytes.len(), findings);
}

/// Adds the texts, those that stand out first, and how many there are of each language.
fn list(placed: &[Placed], findings: &mut Findings) {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for one in placed {
        let (all, referenced) = counts.entry(one.text.language).or_default();
        *all += 1;
        *referenced += usize::from(one.is_referenced == Some(true));
    }
    for (language, (all, referenced)) in counts {
        findings.add(
            Finding::new("language_texts", language)
                .with("count", all.to_string())
                .with("referenced", referenced.to_string())
                .with("forge_cost", ForgeCost::F1.name()),
        );
    }
    let mut shown: Vec<&Placed> = placed.iter().collect();
    shown.sort_by_key(|one| (one.why.is_none(), std::cmp::Reverse(one.text.llr), one.text.range.start));
    shown.truncate(LISTED_MAX);
    shown.sort_by_key(|one| one.text.range.start);
    for one in shown {
        findings.add(observation(one));
    }
    if placed.len() > LISTED_MAX {
        findings.add(Finding::limit(format!("listed are {LISTED_MAX} of {} texts", placed.len())));
    }
}

fn observation(one: &Placed) -> Finding {
    let text = &one.text;
    Finding::new("string_language", text.language)
        .at(Locus::bytes(text.range.start, text.range.len()))
        .with("encoding", text.encoding)
        .with("script", text.script.code())
        .with_some("misread", text.is_misread.then_some("read in a wrong code page, then written as UTF-8"))
        .with(
            "confidence",
            format!("{}.{:02}", text.llr / models::NAT, text.llr.rem_euclid(models::NAT) * 100 / models::NAT),
        )
        .with("characters", text.characters.to_string())
        .with("text", shown(&text.text))
        .with_some("place", one.place.map(place_name))
        .with("section", one.section.as_str())
        .with_some("referenced", one.is_referenced.map(|is_referenced| if is_referenced { "yes" } else { "no" }))
        .with("forge_cost", ForgeCost::F1.name())
}

/// The beginning of a text, without control characters.
fn shown(text: &str) -> String {
    text.chars().take(SHOWN_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn place_name(place: Place) -> &'static str {
    match place {
        Place::Header => "header",
        Place::Code => "code",
        Place::Data => "data",
        Place::Accounted => "structure",
        Place::Debug => "debug",
        Place::Orphan => "unreferenced section",
        Place::Slack => "unused tail of a section",
        Place::Gap => "between sections",
        Place::Overlay => "overlay",
    }
}

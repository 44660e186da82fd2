//! The exhibits with what was read from them, as many as a page can hold.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use onus_core::{Digest, Observation};

use crate::{
    Dossier, ExhibitRecord, LedgerFacts, OBSERVATIONS_MAX, RunRecord,
    anchor::Place,
    foreign::{cut, foreign},
    index::Index,
    links,
    numbers::{count, thousands},
};

/// The most exhibits on a page.
const EXHIBITS_MAX: usize = 500;

/// The most observations of all exhibits together, so that the page opens.
const OBSERVATIONS_TOTAL: usize = 10_000;

/// The most columns of a value.
const VALUE_MAX: usize = 240;

/// The most columns of what contradicts what.
const EXPLAIN_MAX: usize = 1000;

/// The most contradictions of one exhibit.
const CONTRADICTIONS_MAX: usize = 50;

/// The exhibits that the page shows: those that items cite first, then in the order of the ledger.
pub(crate) struct Shown<'a> {
    records: Vec<&'a ExhibitRecord>,
    digests: BTreeSet<Digest>,
}

impl<'a> Shown<'a> {
    /// Chooses the exhibits.
    pub(crate) fn of(dossier: &Dossier<'a>) -> Self {
        let cited: BTreeSet<Digest> = dossier.sheet.observations.iter().filter_map(|stated| stated.exhibit).collect();
        let (first, then): (Vec<&ExhibitRecord>, Vec<&ExhibitRecord>) =
            dossier.exhibits.iter().partition(|record| cited.contains(&record.exhibit.sha256));
        let mut records: Vec<&ExhibitRecord> = first.into_iter().chain(then).take(EXHIBITS_MAX).collect();
        records.sort_by_key(|record| record.entry);
        Self { digests: records.iter().map(|record| record.exhibit.sha256).collect(), records }
    }

    /// Returns an exhibit's name as a link where it is on the page, else its digest.
    pub(crate) fn link(&self, digest: &Digest, index: &Index<'_>) -> Markup {
        let record = index.exhibit(digest).filter(|_| self.digests.contains(digest));
        html! {
            @match record {
                Some(record) => { a href=(Place::Exhibit(record.entry).href()) { (foreign(&cut(&record.name, 80))) } ", entry " (record.entry) }
                None => { code { (digest) } " (not on this page)" },
            }
        }
    }
}

/// Returns the section.
pub(crate) fn section(dossier: &Dossier<'_>, index: &Index<'_>, shown: &Shown<'_>) -> Markup {
    let left_out = dossier.exhibits.len() - shown.records.len();
    let mut room = OBSERVATIONS_TOTAL;
    let anchors = anchors(&shown.records);
    html! {
        section id="exhibits" {
            h2 { "Exhibits" }
            @if dossier.exhibits.is_empty() {
                p { "No exhibit is on file. Every item is known from a report alone." }
            } @else {
                p {
                    (count(dossier.exhibits.len(), "exhibit")) " on file, named by SHA-256 and never changed. "
                    @if left_out > 0 { "The page shows " (shown.records.len()) " of them, those that items cite first; " code { "onus show CASE exhibits" } " lists the other " (thousands(left_out as u64)) "." }
                }
            }
            @for (record, anchor) in shown.records.iter().zip(anchors) {
                (exhibit(record, anchor, index, &mut room))
            }
            @if let Some(ledger) = dossier.ledger { (self::ledger(ledger)) }
        }
    }
}

/// The anchor of each exhibit; bytes handed in again under one entry have none of their own.
fn anchors(records: &[&ExhibitRecord]) -> Vec<Option<String>> {
    let mut seen: BTreeMap<u64, ()> = BTreeMap::new();
    records
        .iter()
        .map(|record| seen.insert(record.entry, ()).is_none().then(|| Place::Exhibit(record.entry).id()))
        .collect()
}

fn exhibit(record: &ExhibitRecord, anchor: Option<String>, index: &Index<'_>, room: &mut usize) -> Markup {
    html! {
        article class="item exhibit" id=[anchor] {
            h3 { (foreign(&cut(&record.name, 160))) }
            dl class="particulars" {
                div class="long" { dt { "SHA-256" } dd { code { (record.exhibit.sha256.to_hex()) } } }
                div { dt { "Size" } dd { (thousands(record.exhibit.size)) " bytes" } }
                div { dt { "Entered" } dd { (foreign(&record.added)) ", entry " (record.entry) } }
                @if let Some(source) = &record.source { div { dt { "Source" } dd { (links::source(source, index)) } } }
                @if let Some(run) = &record.run {
                    div { dt { "Analysed" } dd { "entry " (run.entry) ", " (foreign(&run.outcome)) } }
                    div { dt { "Isolation" } dd { (foreign(&run.isolation)) } }
                } @else { div { dt { "Analysed" } dd { "no" } } }
                div class="long" { dt { "SHA-1" } dd { code { (foreign(&cut(&record.exhibit.sha1, 80))) } } }
                div class="long" { dt { "MD5" } dd { code { (foreign(&cut(&record.exhibit.md5, 80))) } } }
            }
            @if let Some(run) = &record.run { (contradictions(run)) (observations(run, room)) }
        }
    }
}

/// What contradicts the exhibit, and what else that can mean.
fn contradictions(run: &RunRecord) -> Markup {
    let found: Vec<&Observation> = run.observations.iter().filter(|one| one.is_contradiction()).collect();
    html! {
        @for test in found.iter().take(CONTRADICTIONS_MAX) {
            @let fact = |name: &str| test.attributes.get(name).map(|text| cut(text, VALUE_MAX)).unwrap_or_default();
            p class="test" {
                strong { "Contradicts itself: " (foreign(&cut(&test.value, 60))) } " (" (foreign(&fact("strength"))) ", about " (foreign(&fact("about").replace('_', " "))) "). "
                (foreign(&cut(test.attributes.get("explain").map_or("", String::as_str), EXPLAIN_MAX)))
                @if let Some(locus) = test.locus { " At " (locus.to_string()) "." }
                @if let Some(causes) = test.attributes.get("benign_causes") { " An innocent explanation: " (foreign(&cut(&causes.replace('\n', "; "), EXPLAIN_MAX))) "." }
                @if !fact("false_alarm_measured").is_empty() { " Files that nobody forged, with this result: " (foreign(&fact("false_alarm_measured"))) "." }
                @if !fact("forge_cost").is_empty() { " Cost of a forgery that this test does not see: " (foreign(&fact("forge_cost"))) "." }
            }
        }
        @if found.len() > CONTRADICTIONS_MAX { p { (found.len() - CONTRADICTIONS_MAX) " more contradictions." } }
    }
}

fn observations(run: &RunRecord, room: &mut usize) -> Markup {
    let shown = run.observations.len().min(OBSERVATIONS_MAX).min(*room);
    *room -= shown;
    let analysers: Vec<String> =
        run.analysers.iter().map(|analyser| format!("{} {}", cut(&analyser.id, 60), analyser.version)).collect();
    html! {
        @if !run.observations.is_empty() {
            details class="numbers" {
                summary { (count(run.observation_count, "observation")) " read from it" }
                div class="scroll" role="region" tabindex="0" aria-label=(format!("Observations of entry {}", run.entry)) {
                    table class="read" {
                        thead { tr { th scope="col" { "Kind" } th scope="col" { "Value" } th scope="col" { "Place" } th scope="col" { "Analyser" } } }
                        tbody { @for observation in run.observations.iter().take(shown) { tr {
                            th scope="row" { (foreign(&cut(&observation.kind.replace('_', " "), 60))) }
                            td {
                                bdi { (cut(&observation.value, VALUE_MAX)) }
                                @for (name, value) in &observation.attributes { br; span class="attribute" { (foreign(&cut(name, 60))) ": " (foreign(&cut(value, VALUE_MAX))) } }
                            }
                            td { @match &observation.locus { Some(locus) => (locus.to_string()), None => "the whole" } }
                            td { (foreign(&cut(&observation.analyser, 60))) }
                        } } }
                    }
                }
                @if run.observation_count > shown {
                    p { (thousands((run.observation_count - shown) as u64)) " more: " code { "onus show CASE observations" } " has them all." }
                }
            }
        }
        @if !analysers.is_empty() { p class="basis" { "Analysers and their versions: " (analysers.join(", ")) "." } }
    }
}

fn ledger(ledger: &LedgerFacts) -> Markup {
    html! {
        h3 { "The ledger" }
        dl class="particulars" {
            div { dt { "Origin" } dd { (foreign(&ledger.origin)) } }
            div { dt { "Entries" } dd { (thousands(ledger.size)) } }
            div class="long" { dt { "Root" } dd { code { (foreign(&ledger.root)) } } }
            div class="long" { dt { "Key" } dd { code { (foreign(&ledger.key)) } } }
        }
        p { "The newest checkpoint. Whoever keeps a copy of it can prove later that the ledger was rewritten." }
        pre role="region" tabindex="0" aria-label="Checkpoint" { @for line in ledger.checkpoint.lines() { (onus_core::plain(line)) "\n" } }
    }
}

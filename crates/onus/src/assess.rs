//! Weighs a case, and records what it came to where there is a ledger to record it in.

mod read_tests;

use std::{collections::BTreeMap, fs, io, path::Path};

use jiff::civil::Date;
use onus_core::{Digest, Exhibit, ObservationSet, to_canonical};
use onus_ledger::{Entry, OutsideBounds, Verified, VerifyOptions};
use onus_report::{Dossier, ExhibitRecord, LedgerFacts, OBSERVATIONS_MAX, RunRecord};
use onus_weigh::{Assessment, InputDigests, Reference, Sheet, Weights};

use crate::{
    Case, Error, Result, Settings,
    case::{SheetText, Writer},
    clock,
    durable::Batch,
};

pub(crate) use read_tests::with_read_tests;

/// A case that was weighed, and all that its dossier shows.
#[derive(Clone, Debug)]
pub struct Assessed {
    /// The sheet, with the tests that were read from its exhibits.
    pub sheet: Sheet,
    /// What it came to.
    pub assessment: Assessment,
    /// Its canonical form, with a line feed at the end: the bytes of `assessment.json`.
    pub json: Vec<u8>,
    /// What became of it.
    pub recorded: Recorded,
    exhibits: Vec<ExhibitRecord>,
    ledger: Option<LedgerFacts>,
}

/// Whether an assessment was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// The case has no ledger; nothing was written.
    NoLedger,
    /// It is this entry.
    Entry(u64),
    /// Nothing had changed since this entry.
    Unchanged(u64),
    /// The case cannot be written to by this user; nothing was written. Why, in words.
    NotWritable(String),
}

impl Assessed {
    /// Returns all that the dossier shows.
    #[must_use]
    pub fn dossier(&self) -> Dossier<'_> {
        Dossier {
            sheet: &self.sheet,
            assessment: &self.assessment,
            exhibits: &self.exhibits,
            ledger: self.ledger.as_ref(),
            notices: &Reference::builtin().notices,
        }
    }
}

/// Weighs a case as it was known on a day, or with all that is on file.
///
/// A folder that holds nothing but a sheet is weighed and left as it is. With a ledger, the sheet and the assessment
/// are recorded if they differ from the newest ones, and `out/assessment.json` and `out/report.html` are written.
/// Where this user may not write, or has not the key, nothing is recorded, and that is said.
///
/// # Errors
/// The sheet has mistakes; the log does not hold; a body is damaged; another process writes to the case.
pub fn assess(case: &Case, settings: &Settings, as_of: Option<Date>) -> Result<Assessed> {
    let sheet = case.read_sheet()?;
    if !case.has_ledger() {
        let assessment = weigh(&sheet.sheet, sheet.digest, [].into_iter(), None, as_of);
        return assessed(sheet.sheet, assessment, Recorded::NoLedger);
    }
    // the right to write is taken first, so that nobody adds an exhibit between weighing and recording
    let mut writer = case.writer(settings).map(Ok).or_else(|error| why_not_writable(error).map(Err))?;
    let log = case.read_ledger(&VerifyOptions::default())?;
    let (tested, tests) = with_read_tests(case, &sheet.sheet, &log.entries)?;
    let assessment = weigh(&tested, sheet.digest, exhibits_in(&log.entries), tests, as_of);
    let recorded = match &mut writer {
        Ok(writer) => record(case, writer, &log, &sheet, &assessment)?,
        Err(why) => Recorded::NotWritable(why.clone()),
    };
    let log = case.read_ledger(&VerifyOptions::default())?;
    let entry = match recorded {
        Recorded::Entry(entry) | Recorded::Unchanged(entry) => Some(entry),
        Recorded::NoLedger | Recorded::NotWritable(_) => None,
    };
    let written = entry.is_some();
    let mut assessed = assessed(tested, assessment, recorded)?;
    assessed.exhibits = exhibit_records(case, &log.entries)?;
    assessed.ledger = Some(facts(case, &log, entry)?);
    if written {
        let out = case.out();
        fs::create_dir_all(&out).map_err(Error::io("writing the report", &out))?;
        replace(&out.join("assessment.json"), &assessed.json)?;
        replace(&out.join("report.html"), onus_report::html(&assessed.dossier()).as_bytes())?;
    }
    Ok(assessed)
}

/// Weighs a sheet, with the tests that were read from exhibits, beside a set of exhibits. The one call for assessing
/// and for verifying.
pub(crate) fn weigh(
    sheet: &Sheet,
    digest: Digest,
    exhibits: impl Iterator<Item = Digest>,
    tests: Option<Digest>,
    as_of: Option<Date>,
) -> Assessment {
    let mut digests: Vec<Digest> = exhibits.collect();
    digests.sort_unstable();
    digests.dedup();
    let list: String = digests.iter().map(|digest| format!("{digest}\n")).collect();
    let inputs = InputDigests { sheet: digest, exhibits: Digest::of(list.as_bytes()), tests };
    onus_weigh::assess(sheet, &Weights::builtin(), inputs, as_of)
}

/// Returns the exhibits that entries add.
pub(crate) fn exhibits_in(entries: &[Entry]) -> impl Iterator<Item = Digest> {
    entries.iter().filter_map(|entry| match entry {
        Entry::ExhibitAdded { exhibit, .. } => Some(*exhibit),
        _ => None,
    })
}

/// Returns the canonical form of an assessment.
pub(crate) fn canonical(assessment: &Assessment) -> Result<Vec<u8>> {
    to_canonical(assessment).map_err(|error| Error::Io {
        doing: "writing the assessment as JSON",
        path: "assessment.json".into(),
        source: io::Error::other(error),
    })
}

/// Says in words what binds a log to somebody who is not its owner.
#[must_use]
pub fn bounds_in_words(bounds: &OutsideBounds) -> Vec<String> {
    let when = |time: Option<jiff::Timestamp>| time.map_or("without a time".to_owned(), |time| format!("at {time}"));
    let cosignatures = bounds.cosignatures.iter().map(|cosignature| {
        let checked = if cosignature.is_checked { "checked" } else { "not checked: no key of this witness was given" };
        format!(
            "cosigned by {} {} over {} entries ({checked})",
            onus_core::plain(&cosignature.name),
            when(cosignature.time),
            cosignature.size
        )
    });
    let stamps = bounds.time_stamps.iter().map(|stamp| {
        let said = if stamp.names_checkpoint { "names the checkpoint" } else { "does not name the checkpoint" };
        format!("time stamp over {} entries, {said}; check it with `openssl ts -verify`: {}", stamp.size, stamp.path)
    });
    let handed_over =
        bounds.handed_over.iter().map(|size| format!("checkpoint over {size} entries that was handed over earlier"));
    cosignatures.chain(stamps).chain(handed_over).collect()
}

fn assessed(sheet: Sheet, assessment: Assessment, recorded: Recorded) -> Result<Assessed> {
    let mut json = canonical(&assessment)?;
    json.push(b'\n');
    Ok(Assessed { sheet, assessment, json, recorded, exhibits: Vec::new(), ledger: None })
}

/// Enters the sheet and the assessment, unless the newest entries say the same.
fn record(
    case: &Case,
    writer: &mut Writer,
    log: &Verified,
    sheet: &SheetText,
    assessment: &Assessment,
) -> Result<Recorded> {
    let body = canonical(assessment)?;
    let newest = newest_assessment(&log.entries);
    let new = Entry::Assessment {
        time: clock::now(),
        body: Digest::of(&body),
        sheet: sheet.digest,
        as_of: assessment.as_of.clone(),
        engine: assessment.inputs.engine.clone(),
    };
    if let Some((number, _)) = newest.filter(|(_, entry)| is_same(entry, &new)) {
        return Ok(Recorded::Unchanged(number));
    }
    let mut batch = Batch::default();
    let mut entries = Vec::new();
    let is_in_force = newest_sheet(&log.entries) == Some(sheet.digest);
    if !is_in_force {
        entries.push(Entry::SheetSet { time: clock::now(), body: sheet.digest });
        stage(case, writer, &mut batch, sheet.digest, sheet.text.as_bytes())?;
    }
    stage(case, writer, &mut batch, Digest::of(&body), &body)?;
    entries.push(new);
    let first = writer.commit(batch, &entries)?;
    Ok(Recorded::Entry(first + entries.len() as u64 - 1))
}

/// Stages a body, unless it is there: a sheet may come into force again.
fn stage(case: &Case, writer: &Writer, batch: &mut Batch, digest: Digest, bytes: &[u8]) -> Result<()> {
    let path = case.blobs().path(&digest);
    if fs::read(&path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let staged = writer.staging.write(bytes).map_err(Error::io("writing to the case", &path))?;
    batch.add(staged, path);
    Ok(())
}

pub(crate) fn newest_assessment(entries: &[Entry]) -> Option<(u64, &Entry)> {
    (0..).zip(entries).filter(|(_, entry)| matches!(entry, Entry::Assessment { .. })).last()
}

pub(crate) fn newest_sheet(entries: &[Entry]) -> Option<Digest> {
    entries.iter().rev().find_map(|entry| match entry {
        Entry::SheetSet { body, .. } => Some(*body),
        _ => None,
    })
}

/// Whether two assessments differ in nothing but their time.
fn is_same(one: &Entry, other: &Entry) -> bool {
    let facts = |entry: &Entry| match entry {
        Entry::Assessment { body, sheet, as_of, engine, .. } => Some((*body, *sheet, as_of.clone(), engine.clone())),
        _ => None,
    };
    facts(one) == facts(other)
}

/// Why the case cannot be written to, where that is no failure: it was given away to be read.
fn why_not_writable(error: Error) -> Result<String> {
    use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    match error {
        Error::Io { source, .. } if matches!(source.kind(), PermissionDenied | ReadOnlyFilesystem) => {
            Ok("you may not write to this case".to_owned())
        }
        Error::OtherKey { .. } => Ok("the key that signs this case is not here".to_owned()),
        Error::NoConfig => Ok("no folder is known for the signing key".to_owned()),
        other => Err(other),
    }
}

/// Gathers the exhibits with their newest run.
fn exhibit_records(case: &Case, entries: &[Entry]) -> Result<Vec<ExhibitRecord>> {
    let mut records: Vec<ExhibitRecord> = Vec::new();
    let mut places: BTreeMap<Digest, usize> = BTreeMap::new();
    for (number, entry) in (0..).zip(entries) {
        match entry {
            Entry::ExhibitAdded { time, exhibit, sha1, md5, size, name, source } => {
                places.entry(*exhibit).or_insert(records.len());
                records.push(ExhibitRecord {
                    entry: number,
                    added: time.to_string(),
                    name: name.clone(),
                    source: source.clone(),
                    exhibit: Exhibit { sha256: *exhibit, sha1: sha1.clone(), md5: md5.clone(), size: *size },
                    run: None,
                });
            }
            Entry::AnalysisRun { exhibit, body, isolation, outcome, .. } => {
                let Some(record) = places.get(exhibit).and_then(|place| records.get_mut(*place)) else { continue };
                let mut set: ObservationSet = serde_json::from_slice(&case.read_body(body)?).map_err(|_| {
                    Error::Damaged { what: "a body is no observation set", path: case.blobs().path(body) }
                })?;
                let observation_count = set.observations.len();
                // what no page shows need not be held; what contradicts an exhibit is shown first
                set.observations.sort_by_key(|observation| !observation.is_contradiction());
                set.observations.truncate(OBSERVATIONS_MAX);
                record.run = Some(RunRecord {
                    observation_count,
                    entry: number,
                    isolation: isolation.clone(),
                    outcome: format!("{outcome:?}").to_lowercase(),
                    observations: set.observations,
                    analysers: set.analysers,
                });
            }
            _ => {}
        }
    }
    Ok(records)
}

fn facts(case: &Case, log: &Verified, assessment_entry: Option<u64>) -> Result<LedgerFacts> {
    let path = case.root().join("log/checkpoint");
    let checkpoint = fs::read_to_string(&path).map_err(Error::io("reading the log", &path))?;
    Ok(LedgerFacts {
        origin: log.origin.clone(),
        key: log.key.to_string(),
        size: log.size,
        root: log.root.to_string(),
        checkpoint,
        bounds: bounds_in_words(&log.bounds),
        assessment_entry,
    })
}

/// Writes a derived file, whole or not at all.
fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = path.with_extension(format!("{}.tmp", std::process::id()));
    fs::write(&unfinished, bytes)
        .and_then(|()| fs::rename(&unfinished, path))
        .map_err(Error::io("writing the report", path))
}

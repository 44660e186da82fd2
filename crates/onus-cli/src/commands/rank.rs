//! `onus rank`.

use std::path::PathBuf;

use onus::{
    Settings,
    rank::{CarriedRow, RankReport, RankedRow, Without, gather, rank_seen},
};

use crate::{
    failure::{Failure, Status},
    output::{Format, Output},
};

/// Candidates shown, where the reader does not say.
const TOP: usize = 10;

/// Traces shown beside each candidate.
const CARRIED_SHOWN: usize = 4;

/// Ranks groups for techniques and software that were seen
///
/// Compares what was seen with what reports say of groups, and says first who may be named at all.
/// The result suggests hypotheses for a case; it is never itself evidence.
/// WHAT is an identifier of ATT&CK (T1059.001, S0154), a name of software, a STIX bundle or a
/// Navigator layer.
/// Leave out reports about the very intrusion in question, with `--without-report`, or the answer
/// is only their own conclusion.
///
/// Examples:
///   onus rank T1566.001 T1059.001 T1027 S0154
///   onus rank bundle.json --without-report "Unit 42 SolarStorm December 2020"
///   onus rank layer.json --format json
///   onus rank --benchmark items.json --out predictions.jsonl
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// What was seen
    #[arg(required_unless_present = "benchmark")]
    what: Vec<String>,
    /// Leave out what this report says, by its name in the reference data
    #[arg(long, value_name = "NAME")]
    without_report: Vec<String>,
    /// Leave out this campaign and its attribution
    #[arg(long, value_name = "ID")]
    without_campaign: Vec<String>,
    /// Stand in an older release of the reference data
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// Use this reference data instead of what the program ships
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,
    /// Show so many candidates
    #[arg(long, value_name = "NUMBER", default_value_t = TOP)]
    top: usize,
    /// Rank the items of a benchmark under their own rules on what may be used
    #[arg(long, value_name = "FILE", requires = "out", conflicts_with_all = ["what", "without_report", "without_campaign", "release"])]
    benchmark: Option<PathBuf>,
    /// Write the benchmark's predictions here, one a line
    #[arg(long, value_name = "FILE", requires = "benchmark")]
    out: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args, settings: &Settings, output: &mut Output) -> Result<Status, Failure> {
    let reference = onus::reference::load(settings, args.reference.as_deref())?;
    if let (Some(benchmark), Some(out)) = (&args.benchmark, &args.out) {
        let count = onus::rank::predict(&reference, benchmark, out)?;
        output.line(format_args!("{count} rankings: {}", out.display()))?;
        return Ok(Status::Done);
    }
    let without = Without {
        release: args.release.clone(),
        reports: args.without_report.clone(),
        campaigns: args.without_campaign.clone(),
    };
    let report = rank_seen(&reference, gather(&reference, &args.what)?, &without)?;
    match args.format {
        Format::Json => output.json(&report)?,
        Format::Text => text(&report, args.top, output)?,
    }
    Ok(Status::Done)
}

fn text(report: &RankReport, top: usize, output: &mut Output) -> std::io::Result<()> {
    let of = |kind: &str| report.seen.iter().filter(|seen| seen.kind == kind).count();
    output.line(format_args!(
        "Seen: techniques {}, software {}. Compared with {} groups in {} reports, {}.",
        of("technique"),
        of("software"),
        report.reference.candidates,
        report.reference.reports,
        report.reference.title,
    ))?;
    for note in &report.notes {
        output.line(format_args!("note: {note}"))?;
    }
    output.line("")?;
    output.line(sentence(&report.naming))?;
    output.line(format_args!(
        "The order was decided to {} by reading it as if some of it were planted; that is no probability of a plant.",
        probability(report.sceptical_share)
    ))?;
    output.line("")?;
    let wide = report.ranking.iter().take(top).map(|row| name(row).chars().count()).max().unwrap_or_default().max(12);
    output.line(format_args!(
        "  #  {:<wide$}  {:>9}  {:>11}  carried by, in dB (reports, groups)",
        "group", "weight", "probability"
    ))?;
    for row in report.ranking.iter().take(top) {
        output.line(format_args!(
            "{:>3}  {:<wide$}  {:>9}  {:>11}  {}",
            row.rank,
            name(row),
            decibans(row.weight_mdb),
            probability(row.posterior),
            carried(&row.carried_by)
        ))?;
    }
    output.line(format_args!("     {:<wide$}  {:>9}  {:>11}", "none of them", "", probability(report.none)))?;
    if !report.next.is_empty() {
        output.line("")?;
        output.line("Worth looking for, because it would tell the nearest apart:")?;
        for sought in &report.next {
            let of: Vec<&str> = sought.known_of.iter().take(CARRIED_SHOWN).map(String::as_str).collect();
            let more = if sought.known_of.len() > of.len() { ", …" } else { "" };
            output.line(format_args!(
                "  {:<10} {:.2} bits  {}: known of {}{more}",
                sought.id,
                sought.value_bits,
                sought.name,
                of.join(", ")
            ))?;
        }
    }
    output.line("")?;
    output.line("This ranks a likeness to what reports say. It suggests hypotheses and is never itself evidence.")?;
    output.line("The parts do not add up: traces depend on each other, and the strongest are planted first.")?;
    for notice in &report.reference.notices {
        output.line(notice)?;
    }
    Ok(())
}

fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", characters.as_str())
}

fn name(row: &RankedRow) -> String {
    format!("{} ({})", row.name, row.group)
}

fn carried(rows: &[CarriedRow]) -> String {
    let one = |row: &CarriedRow| {
        // software is known by its name, a technique by its number
        let what = row.name.as_ref().filter(|_| row.id.starts_with('S')).unwrap_or(&row.id);
        format!("{what} {} ({}, {})", decibans(row.weight_mdb), row.reports, row.owners)
    };
    let shown: Vec<String> = rows.iter().take(CARRIED_SHOWN).map(one).collect();
    let more = rows.len().saturating_sub(CARRIED_SHOWN);
    match (shown.is_empty(), more) {
        (true, _) => "nothing".to_owned(),
        (false, 0) => shown.join("  "),
        (false, more) => format!("{}  and {more} more", shown.join("  ")),
    }
}

/// A probability with three decimals, rounded down so that no half looks reached that is not.
fn probability(probability: f64) -> String {
    format!("{:.3}", (probability * 1000.0).floor() / 1000.0)
}

/// Millidecibans with one decimal and their sign.
fn decibans(mdb: i64) -> String {
    let tenths = (mdb.unsigned_abs() + 50) / 100;
    format!("{}{}.{}", if mdb < 0 { "-" } else { "+" }, tenths / 10, tenths % 10)
}

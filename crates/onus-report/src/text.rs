//! The dossier for a terminal: at most 100 columns, plain unless colour is asked for.

mod paint;
mod sets;
mod tables;
mod trace;

use onus_core::plain;
use onus_weigh::{Assessment, Verdict};

use self::paint::{Paint, wrapped};
pub use self::trace::trace;
use crate::{
    Dossier,
    charts::bars::share_of_axis,
    charts::curve::break_even,
    contest::Contest,
    foreign::{columns, cut, named_plain},
    index::Index,
    numbers::{count, decibans, distance, factor, prior, probability},
    opening::capital,
    verdict,
};

/// Columns of a line, and of the bars.
const WIDTH: usize = 100;
const BAR: usize = 12;

/// Columns of a posterior with its words.
const PRIOR: usize = 23;

/// Columns of an answer's name.
const NAME: usize = 24;

/// Renders a dossier as text of at most 100 columns; with `colour`, ANSI sequences mark what matters.
///
/// Text of others is shown through [`onus_core::plain`], so that nothing in a sheet can steer the terminal.
#[must_use]
pub fn text(dossier: &Dossier<'_>, colour: bool) -> String {
    let (index, paint) = (Index::of(dossier), Paint(colour));
    let assessment = dossier.assessment;
    let mut out = head(dossier, paint);
    out.push_str(&gates(assessment, &index, paint));
    out.push_str(&answers(assessment, &index, paint));
    out.push_str(&tables::items(assessment, dossier.sheet, &index, paint));
    out.push_str(&deception(assessment, &index, paint));
    out.push_str(&sets::sets(assessment, &index, paint));
    out.push_str(&sets::searched_and_missing(assessment, &index, paint));
    out.push_str(&without_subjective(assessment, &index, paint));
    out.push_str(&remarks(assessment, &index, paint));
    out.push_str(&notices(dossier, paint));
    out.push_str(&check(dossier, paint));
    out
}

/// Renders what a reader needs first: the question, the verdict, who is ahead, and what is missing.
#[must_use]
pub fn brief(dossier: &Dossier<'_>, colour: bool) -> String {
    let (index, paint) = (Index::of(dossier), Paint(colour));
    let ahead = wrapped(&ahead(dossier.assessment, &index), WIDTH, "");
    let forged = match sets::foremost_forged(dossier.assessment, &index) {
        sentence if sentence.is_empty() => sentence,
        sentence => format!("{}\n", wrapped(&sentence, WIDTH, "")),
    };
    format!("{}{ahead}\n{forged}{}", head(dossier, paint), gates(dossier.assessment, &index, paint))
}

fn head(dossier: &Dossier<'_>, paint: Paint) -> String {
    let (case, assessment) = (&dossier.sheet.case, dossier.assessment);
    let marking = case.tlp.as_ref().map_or_else(String::new, |tlp| format!("TLP:{}", cut(tlp, 16).to_uppercase()));
    let title = cut(&case.title, WIDTH - 2 - columns(&marking));
    let gap = " ".repeat(WIDTH - columns(&title) - columns(&marking));
    let known = assessment
        .as_of
        .as_ref()
        .map_or("with all that is on file".to_owned(), |day| format!("as known on {}", plain(day)));
    let sentence = wrapped(&words(dossier), WIDTH, "");
    let sentence = match sentence.strip_prefix("Not determined.") {
        Some(rest) => format!("{}{rest}", paint.strong("Not determined.")),
        None => paint.strong(&sentence),
    };
    let confidence =
        verdict::confidence(assessment).map_or_else(String::new, |line| format!("{}\n", wrapped(&line, WIDTH, "")));
    format!(
        "{}\n{}\n{}\n\n{sentence}\n{confidence}",
        format_args!("{title}{gap}{marking}").to_string().trim_end(),
        paint.strong(&wrapped(&plain(&assessment.question), WIDTH, "")),
        paint.soft(&wrapped(&format!("{known}; {}", plain(&assessment.inputs.engine)), WIDTH, "")),
    )
}

/// The verdict without the list of what is missing, which follows with its findings.
fn words(dossier: &Dossier<'_>) -> String {
    let runs = verdict::opening(dossier.assessment, dossier.sheet);
    runs.into_iter().map(|(verdict::Words::Plain(text) | verdict::Words::Strong(text))| text).collect()
}

fn gates(assessment: &Assessment, index: &Index<'_>, paint: Paint) -> String {
    let mut out = String::new();
    if assessment.verdict == Verdict::NotDetermined {
        out.push_str("Missing, the gravest first:\n");
    } else {
        out.push_str("All conditions are met:\n");
    }
    for gate in verdict::failing(assessment) {
        let condition = capital(&verdict::condition(gate, &assessment.policy));
        out.push_str(&format!("  {} {}\n", paint.strong("-"), paint.strong(&wrapped(&condition, WIDTH - 4, "    "))));
        out.push_str(&format!("    {}\n", wrapped(&named_plain(&gate.detail, index), WIDTH - 4, "    ")));
    }
    let passed: Vec<&str> = verdict::passed(assessment).map(|gate| gate.id.as_str()).collect();
    if !passed.is_empty() {
        out.push_str(&format!(
            "  {}\n",
            paint.soft(&wrapped(&format!("met: {}", plain(&passed.join(", "))), WIDTH - 2, "  "))
        ));
    }
    out
}

fn answers(assessment: &Assessment, index: &Index<'_>, paint: Paint) -> String {
    let mut out = paint.heading("Answers, by weight over the strongest other one");
    for answer in &assessment.hypotheses {
        let mdb = answer.weight_mdb_over_next;
        let cells = share_of_axis(assessment, mdb, BAR);
        let (left, right) = if mdb < 0 { (cells, 0) } else { (0, cells) };
        let name = cut(index.title(&answer.id), NAME);
        let pad = " ".repeat(NAME - columns(&name));
        out.push_str(&format!(
            "  {name}{pad} {}{}|{}{} {:>8}  {}\n",
            " ".repeat(BAR - left),
            paint.against(&"█".repeat(left)),
            paint.toward(&"█".repeat(right)),
            " ".repeat(BAR - right),
            decibans(mdb),
            cut(&answer.words, 37),
        ));
    }
    out.push_str(&priors(assessment, index));
    out
}

/// Posteriors with their words (ICD 203), each under the prior that it starts from.
fn priors(assessment: &Assessment, index: &Index<'_>) -> String {
    let line = |name: &str, cells: [String; 3]| {
        let cells: String =
            cells.iter().map(|cell| format!(" {}{cell}", " ".repeat(PRIOR.saturating_sub(columns(cell))))).collect();
        format!("  {name}{}{cells}\n", " ".repeat(NAME - columns(name)))
    };
    let heads = ["flat", "sceptical", "sheet’s own, subjective"].map(str::to_owned);
    let mut out = format!("\n{}", line("Posterior by prior", heads));
    for answer in &assessment.hypotheses {
        let (posterior, words) = (&answer.posterior, &answer.likelihood_words);
        let worded = |posterior: f64, words: &str| cut(&format!("{words} {}", probability(posterior)), PRIOR);
        let user = posterior.user.map(|user| worded(user, words.user.as_deref().unwrap_or_default()));
        let cells = [
            worded(posterior.flat, &words.flat),
            worded(posterior.sceptical, &words.sceptical),
            user.unwrap_or_else(|| "none stated".to_owned()),
        ];
        out.push_str(&line(&cut(index.title(&answer.id), NAME), cells));
    }
    out
}

/// Which answer is ahead of every other, and by how much.
fn ahead(assessment: &Assessment, index: &Index<'_>) -> String {
    match Contest::of(assessment).filter(|contest| !contest.is_tie) {
        None => "No answer is ahead of every other.".to_owned(),
        Some(contest) => format!(
            "Ahead: {}. Strongest rival: {}, {} away, {}.",
            plain(index.title(&contest.leader.id)),
            plain(index.title(&contest.rival.id)),
            distance(contest.total_mdb()),
            factor(contest.total_mdb())
        ),
    }
}

fn deception(assessment: &Assessment, index: &Index<'_>, paint: Paint) -> String {
    let mut out = paint.heading("What if it was planted?");
    let mut say = |line: String| out.push_str(&format!("  {}\n", wrapped(&line, WIDTH - 2, "  ")));
    say(ahead(assessment, index));
    say(match break_even(assessment) {
        None => "Break-even deception prior: none.".to_owned(),
        Some((rival, delta)) => format!(
            "Break-even deception prior: {} (over {}); {} has to be survived.",
            prior(delta.max(0.0)),
            plain(index.title(rival)),
            prior(assessment.policy.break_even_delta)
        ),
    });
    let points: Vec<String> = assessment
        .single_points_of_failure
        .iter()
        .filter_map(|id| Some(format!("{} {}", index.item(id)?, plain(id))))
        .collect();
    say(match points.len() {
        0 => "Single points of failure: none.".to_owned(),
        _ => format!("Single points of failure ({}): {}.", count(points.len(), "item"), points.join(", ")),
    });
    out
}

fn without_subjective(assessment: &Assessment, index: &Index<'_>, paint: Paint) -> String {
    let Some(alternative) = &assessment.without_subjective else { return String::new() };
    let line = match (alternative.verdict, &alternative.leading) {
        (Verdict::Supported, Some(leading)) => {
            format!("The evidence on file supports {} over every other answer considered.", plain(index.title(leading)))
        }
        (_, Some(leading)) => format!("Not determined; {} would be ahead.", plain(index.title(leading))),
        (_, None) => "Not determined; no answer would be ahead of every other.".to_owned(),
    };
    format!("{}  {}\n", paint.heading("Without analysts' own numbers"), wrapped(&line, WIDTH - 2, "  "))
}

fn remarks(assessment: &Assessment, index: &Index<'_>, paint: Paint) -> String {
    let mut out = String::new();
    if !assessment.not_computed.is_empty() {
        out.push_str(&paint.heading("Not computed"));
        for entry in &assessment.not_computed {
            let line = format!("{}: {}", plain(&entry.what).replace('_', " "), plain(&entry.why));
            out.push_str(&format!("  - {}\n", wrapped(&line, WIDTH - 4, "    ")));
        }
    }
    if !assessment.notes.is_empty() {
        out.push_str(&paint.heading("Remarks on the inputs"));
        for note in &assessment.notes {
            out.push_str(&format!("  - {}\n", wrapped(&named_plain(note, index), WIDTH - 4, "    ")));
        }
    }
    out
}

/// What the owners of the reference data ask to be shown, where they were used.
fn notices(dossier: &Dossier<'_>, paint: Paint) -> String {
    if dossier.assessment.inputs.reference.is_none() || dossier.notices.is_empty() {
        return String::new();
    }
    let line = |notice: &String| format!("  {}\n", wrapped(&plain(notice), WIDTH - 2, "  "));
    format!("{}{}", paint.heading("Notices"), dossier.notices.iter().map(line).collect::<String>())
}

fn check(dossier: &Dossier<'_>, paint: Paint) -> String {
    let line = match dossier.ledger {
        None => "Made from a case sheet alone: there is no ledger to verify.".to_owned(),
        Some(ledger) if ledger.bounds.is_empty() => {
            format!("onus verify CASE. {} entries; not bound by any outside party.", ledger.size)
        }
        Some(ledger) => {
            format!("onus verify CASE. {} entries; bound by: {}.", ledger.size, plain(&ledger.bounds.join("; ")))
        }
    };
    format!("{}  {}\n", paint.heading("How to check this yourself"), wrapped(&line, WIDTH - 2, "  "))
}

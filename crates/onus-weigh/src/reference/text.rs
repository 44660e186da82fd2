//! The text form of reference data: one fact a line, fields separated by tabs, sections in a fixed order.
//!
//! The format is described in `docs/spec/reference.md`.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{Actor, Alias, Campaign, Origin, Reference, Release, Report, Span, State, Trace, TraceKind, Use, User};

/// First line of the form.
const MAGIC: &str = "onus-reference 1";

/// The most entries of one sort; numbers of entries are 16 bits wide.
const ENTRIES_MAX: usize = 65_535;

/// Why a text is no reference data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ReferenceProblem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl Reference {
    /// Reads the text form.
    ///
    /// # Errors
    /// The first line that does not fit: an unknown word, a missing field, a reference that leads nowhere, entries out of
    /// order or twice, more than 65,535 of one sort.
    pub fn parse(text: &str) -> Result<Self, ReferenceProblem> {
        let mut lines = text.lines().enumerate();
        if lines.next().map(|(_, line)| line) != Some(MAGIC) {
            return Err(ReferenceProblem { line: 1, message: format!("does not begin with `{MAGIC}`") });
        }
        let mut reading = Reading::default();
        for (index, line) in lines {
            reading.line(line).map_err(|message| ReferenceProblem { line: index + 1, message })?;
        }
        Ok(reading.reference)
    }

    /// Writes the text form. The same facts give the same bytes.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = format!("{MAGIC}\ntitle\t{}\n", plain(&self.title));
        let mut line = |fields: &[&str]| {
            let fields: Vec<String> = fields.iter().map(|field| plain(field)).collect();
            out.push_str(&fields.join("\t"));
            out.push('\n');
        };
        for notice in &self.notices {
            line(&["notice", notice]);
        }
        for origin in &self.origins {
            line(&["origin", &origin.name, &origin.version, &origin.digest.to_string()]);
        }
        for release in &self.releases {
            line(&["release", &release.name, &release.day]);
        }
        for actor in &self.actors {
            line(&["actor", &actor.id, &span(actor.span), &state(&actor.state), &actor.name]);
            for alias in &actor.aliases {
                line(&["alias", &alias.list, &alias.name]);
            }
        }
        for campaign in &self.campaigns {
            line(&["campaign", &campaign.id, &span(campaign.span), &state(&campaign.state), &campaign.name]);
            for (actor, span_of) in &campaign.attributed {
                line(&["attributed", self.id_of(User::Actor(*actor)), &span(*span_of)]);
            }
        }
        for trace in &self.traces {
            let kind = trace.kind.name();
            line(&["trace", kind, &trace.id, &span(trace.span), &state(&trace.state), &trace.name]);
        }
        for report in self.reports.iter().skip(1) {
            line(&["report", &report.name, &report.url]);
        }
        let mut user = None;
        for used in &self.uses {
            if user != Some(used.user) {
                user = Some(used.user);
                let _ = writeln!(out, "by\t{}", self.id_of(used.user));
            }
            let trace = self.traces.get(usize::from(used.trace)).map_or("", |trace| &trace.id);
            let _ = writeln!(out, "{trace}\t{}\t{}", used.report, span(used.span));
        }
        out
    }

    fn id_of(&self, user: User) -> &str {
        match user {
            User::Actor(actor) => self.actors.get(usize::from(actor)).map_or("", |actor| &actor.id),
            User::Campaign(campaign) => self.campaigns.get(usize::from(campaign)).map_or("", |campaign| &campaign.id),
        }
    }
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    reference: Reference,
    user: Option<User>,
    /// Traces by id: the list is long, and most lines name one.
    traces: BTreeMap<String, u16>,
}

impl Reading {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let mut fields = line.split('\t');
        let word = fields.next().unwrap_or_default();
        let mut field = |what: &str| fields.next().ok_or_else(|| format!("`{word}` has no {what}"));
        let reference = &mut self.reference;
        match word {
            "title" => reference.title = field("text")?.to_owned(),
            "notice" => reference.notices.push(field("text")?.to_owned()),
            "origin" => {
                let (name, version) = (field("name")?.to_owned(), field("version")?.to_owned());
                let digest = field("digest")?.parse().map_err(|error| format!("the digest {error}"))?;
                reference.origins.push(Origin { name, version, digest });
            }
            "release" => {
                let (name, day) = (field("name")?.to_owned(), field("day")?.to_owned());
                reference.releases.push(Release { name, day });
            }
            "actor" => {
                let id = next_id(field("id")?, reference.actors.iter().map(|actor| &actor.id))?;
                let (span, state) = (read_span(field("span")?)?, read_state(field("state")?)?);
                let name = field("name")?.to_owned();
                reference.actors.push(Actor { id, name, span, state, aliases: Vec::new() });
            }
            "alias" => {
                let alias = Alias { list: field("list")?.to_owned(), name: field("name")?.to_owned() };
                reference.actors.last_mut().ok_or("an alias before any actor")?.aliases.push(alias);
            }
            "campaign" => {
                let id = next_id(field("id")?, reference.campaigns.iter().map(|campaign| &campaign.id))?;
                let (span, state) = (read_span(field("span")?)?, read_state(field("state")?)?);
                let name = field("name")?.to_owned();
                reference.campaigns.push(Campaign { id, name, span, state, attributed: Vec::new() });
            }
            "attributed" => {
                let id = field("actor")?;
                let actor = reference.actor(id).ok_or_else(|| format!("there is no actor `{id}`"))?;
                let span = read_span(field("span")?)?;
                let campaign = reference.campaigns.last_mut().ok_or("`attributed` before any campaign")?;
                campaign.attributed.push((actor, span));
            }
            "trace" => {
                let kind = field("kind")?;
                let kind = TraceKind::ALL.into_iter().find(|known| known.name() == kind);
                let kind = kind.ok_or("an unknown kind of trace")?;
                let id = next_id(field("id")?, reference.traces.iter().map(|trace| &trace.id))?;
                let (span, state) = (read_span(field("span")?)?, read_state(field("state")?)?);
                self.traces.insert(id.clone(), index(reference.traces.len())?);
                reference.traces.push(Trace { id, kind, name: field("name")?.to_owned(), span, state });
            }
            "report" => {
                if reference.reports.is_empty() {
                    reference.reports.push(Report { name: String::new(), url: String::new() });
                }
                let name = next_id(field("name")?, reference.reports.iter().map(|report| &report.name))?;
                reference.reports.push(Report { name, url: field("url")?.to_owned() });
            }
            "by" => {
                let id = field("id")?;
                let actor = reference.actor(id).map(User::Actor);
                let user = actor.or_else(|| reference.campaign(id).map(User::Campaign));
                self.user = Some(user.ok_or_else(|| format!("there is no actor or campaign `{id}`"))?);
            }
            trace => {
                let user = self.user.ok_or_else(|| format!("the word `{trace}` is unknown"))?;
                let trace = *self.traces.get(trace).ok_or_else(|| format!("there is no trace `{trace}`"))?;
                let report: u16 = field("report")?.parse().map_err(|_| "the report is no number".to_owned())?;
                if usize::from(report) >= reference.reports.len().max(1) {
                    return Err(format!("there is no report {report}"));
                }
                let used = Use { user, trace, report, span: read_span(field("span")?)? };
                if reference.uses.last().is_some_and(|last| *last >= used) {
                    return Err("uses are out of order".to_owned());
                }
                reference.uses.push(used);
            }
        }
        if let Some(more) = fields.next() {
            return Err(format!("`{word}` has a field too many, `{more}`"));
        }
        Ok(())
    }
}

/// Takes an id that sorts after the last one.
fn next_id<'i>(
    id: &str,
    mut known: impl DoubleEndedIterator<Item = &'i String> + ExactSizeIterator,
) -> Result<String, String> {
    index(known.len())?;
    match known.next_back() {
        Some(last) if last.as_str() >= id => Err(format!("`{id}` is out of order, or there twice")),
        _ => Ok(id.to_owned()),
    }
}

fn index(len: usize) -> Result<u16, String> {
    u16::try_from(len).map_err(|_| format!("more than {ENTRIES_MAX} entries of one sort"))
}

fn span(span: Span) -> String {
    format!("{}-{}", span.first, span.last)
}

fn read_span(text: &str) -> Result<Span, String> {
    let ends = text.split_once('-').and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)));
    match ends {
        Some((first, last)) if first <= last => Ok(Span { first, last }),
        _ => Err("a span is two numbers of releases, such as `0-11`".to_owned()),
    }
}

fn state(state: &State) -> String {
    match state {
        State::Live => "live".to_owned(),
        State::Deprecated => "deprecated".to_owned(),
        State::Revoked(by) => format!("revoked:{by}"),
    }
}

fn read_state(text: &str) -> Result<State, String> {
    match text {
        "live" => Ok(State::Live),
        "deprecated" => Ok(State::Deprecated),
        _ => match text.strip_prefix("revoked:") {
            Some(by) => Ok(State::Revoked(by.to_owned())),
            None => Err("a state is `live`, `deprecated` or `revoked:ID`".to_owned()),
        },
    }
}

/// A field without what would end it.
fn plain(field: &str) -> String {
    field.split(|c: char| c.is_control()).collect::<Vec<_>>().join(" ")
}

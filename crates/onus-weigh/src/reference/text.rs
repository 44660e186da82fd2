//! The text form of reference data: one fact a line, fields separated by tabs, sections in a fixed order.
//!
//! The format is described in `docs/spec/reference.md`.

use std::fmt::Write as _;

use super::{Actor, Alias, Campaign, Origin, Reference, Release, Report, Span, State, Trace, TraceKind, Use, User};

/// First line of the form.
const MAGIC: &str = "onus-reference 1";

/// The most entries of one sort; numbers of entries are 16 bits wide.
const ENTRIES_MAX: usize = 65_535;

/// The words of each section; sections stand in this order; claims, which begin with an id, belong to the last.
const SECTIONS: [&[&str]; 9] = [
    &["title"],
    &["notice"],
    &["origin"],
    &["release"],
    &["actor", "alias"],
    &["campaign", "attributed"],
    &["trace"],
    &["report"],
    &["by"],
];

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
        let mut lines = text.split_terminator('\n').enumerate();
        if lines.next().map(|(_, line)| line) != Some(MAGIC) {
            return Err(ReferenceProblem { line: 1, message: format!("does not begin with `{MAGIC}`") });
        }
        let mut reading = Reading::begin();
        for (index, line) in lines {
            let number = index + 1;
            reading.line(line, number).map_err(|message| ReferenceProblem { line: number, message })?;
        }
        reading.end()
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
    /// The section of the last line, by place in [`SECTIONS`].
    section: usize,
    user: Option<User>,
    /// Ids that must exist in the end, each with its line.
    successors: Vec<(String, usize)>,
}

impl Reading {
    fn begin() -> Self {
        let mut reading = Self::default();
        reading.reference.reports.push(Report { name: String::new(), url: String::new() });
        reading
    }

    /// Reads one line; the rest of the form decides by its first word.
    fn line(&mut self, line: &str, number: usize) -> Result<(), String> {
        if line.contains(|c: char| c.is_control() && c != '\t') {
            return Err("a field holds a control character".to_owned());
        }
        let mut fields = Fields { word: "", rest: line.split('\t') };
        fields.word = fields.rest.next().unwrap_or_default();
        let section = SECTIONS.iter().position(|words| words.contains(&fields.word)).unwrap_or(SECTIONS.len() - 1);
        if section < self.section {
            return Err(format!("`{}` comes too late: sections stand in a fixed order", fields.word));
        }
        self.section = section;
        match fields.word {
            "title" => self.reference.title = fields.next("text")?.to_owned(),
            "notice" => self.reference.notices.push(fields.next("text")?.to_owned()),
            "origin" => {
                let (name, version) = (fields.next("name")?.to_owned(), fields.next("version")?.to_owned());
                let digest = fields.next("digest")?.parse().map_err(|error| format!("the digest {error}"))?;
                self.reference.origins.push(Origin { name, version, digest });
            }
            "release" => {
                let (name, day) = (fields.next("name")?.to_owned(), fields.next("day")?.to_owned());
                index(self.reference.releases.len())?;
                self.reference.releases.push(Release { name, day });
            }
            "actor" | "alias" => self.actor(&mut fields)?,
            "campaign" | "attributed" => self.campaign(&mut fields)?,
            "trace" => self.trace(&mut fields)?,
            "report" => {
                let reports = &mut self.reference.reports;
                let name = fields.next("name")?;
                after(name, reports.last().map(|report| report.name.as_str()), reports.len())?;
                reports.push(Report { name: name.to_owned(), url: fields.next("url")?.to_owned() });
            }
            "by" => {
                let id = fields.next("id")?;
                let actor = self.reference.actor(id).map(User::Actor);
                let user = actor.or_else(|| self.reference.campaign(id).map(User::Campaign));
                self.user = Some(user.ok_or_else(|| format!("there is no actor or campaign `{id}`"))?);
            }
            trace => self.claim(trace, &mut fields)?,
        }
        if let Some(State::Revoked(by)) = self.last_state(fields.word) {
            self.successors.push((by.clone(), number));
        }
        match fields.rest.next() {
            Some(more) => Err(format!("`{}` has a field too many, `{more}`", fields.word)),
            None => Ok(()),
        }
    }

    fn actor(&mut self, fields: &mut Fields<'_>) -> Result<(), String> {
        let actors = &mut self.reference.actors;
        if fields.word == "alias" {
            let alias = Alias { list: fields.next("list")?.to_owned(), name: fields.next("name")?.to_owned() };
            let aliases = &mut actors.last_mut().ok_or("an alias before any actor")?.aliases;
            if aliases.last().is_some_and(|last| *last >= alias) {
                return Err(format!("the alias `{}` is out of order, or there twice", alias.name));
            }
            aliases.push(alias);
            return Ok(());
        }
        let id = identifier(fields.next("id")?, actors.last().map(|actor| actor.id.as_str()), actors.len())?;
        let (span, state) = (self.span(fields.next("span")?)?, read_state(fields.next("state")?)?);
        let name = fields.next("name")?.to_owned();
        self.reference.actors.push(Actor { id, name, span, state, aliases: Vec::new() });
        Ok(())
    }

    fn campaign(&mut self, fields: &mut Fields<'_>) -> Result<(), String> {
        if fields.word == "attributed" {
            let id = fields.next("actor")?;
            let actor = self.reference.actor(id).ok_or_else(|| format!("there is no actor `{id}`"))?;
            let pair = (actor, self.span(fields.next("span")?)?);
            let campaign = self.reference.campaigns.last_mut().ok_or("`attributed` before any campaign")?;
            if campaign.attributed.last().is_some_and(|last| *last >= pair) {
                return Err("attributions are out of order, or there twice".to_owned());
            }
            campaign.attributed.push(pair);
            return Ok(());
        }
        let campaigns = &self.reference.campaigns;
        let id = identifier(fields.next("id")?, campaigns.last().map(|last| last.id.as_str()), campaigns.len())?;
        if self.reference.actor(&id).is_some() {
            return Err(format!("`{id}` is an actor already"));
        }
        let (span, state) = (self.span(fields.next("span")?)?, read_state(fields.next("state")?)?);
        let name = fields.next("name")?.to_owned();
        self.reference.campaigns.push(Campaign { id, name, span, state, attributed: Vec::new() });
        Ok(())
    }

    fn trace(&mut self, fields: &mut Fields<'_>) -> Result<(), String> {
        let kind = fields.next("kind")?;
        let kind = TraceKind::ALL.into_iter().find(|known| known.name() == kind);
        let kind = kind.ok_or("an unknown kind of trace")?;
        let traces = &self.reference.traces;
        let id = identifier(fields.next("id")?, traces.last().map(|trace| trace.id.as_str()), traces.len())?;
        let (span, state) = (self.span(fields.next("span")?)?, read_state(fields.next("state")?)?);
        self.reference.traces.push(Trace { id, kind, name: fields.next("name")?.to_owned(), span, state });
        Ok(())
    }

    fn claim(&mut self, trace: &str, fields: &mut Fields<'_>) -> Result<(), String> {
        let user = self.user.ok_or_else(|| format!("the word `{trace}` is unknown"))?;
        let trace = self.reference.trace(trace).ok_or_else(|| format!("there is no trace `{trace}`"))?;
        let report: u16 = fields.next("report")?.parse().map_err(|_| "the report is no number".to_owned())?;
        if usize::from(report) >= self.reference.reports.len() {
            return Err(format!("there is no report {report}"));
        }
        let used = Use { user, trace, report, span: self.span(fields.next("span")?)? };
        if self.reference.uses.last().is_some_and(|last| *last >= used) {
            return Err("claims are out of order, or there twice".to_owned());
        }
        self.reference.uses.push(used);
        Ok(())
    }

    fn span(&self, text: &str) -> Result<Span, String> {
        let span = read_span(text)?;
        if span != Span::NEVER && usize::from(span.last) >= self.reference.releases.len() {
            return Err(format!("there is no release {}", span.last));
        }
        Ok(span)
    }

    fn last_state(&self, word: &str) -> Option<&State> {
        match word {
            "actor" => self.reference.actors.last().map(|actor| &actor.state),
            "campaign" => self.reference.campaigns.last().map(|campaign| &campaign.state),
            "trace" => self.reference.traces.last().map(|trace| &trace.state),
            _ => None,
        }
    }

    /// Checks what could not be checked line by line.
    fn end(self) -> Result<Reference, ReferenceProblem> {
        for (id, line) in &self.successors {
            let reference = &self.reference;
            let is_known = reference.actor(id).or(reference.campaign(id)).or(reference.trace(id)).is_some();
            if !is_known {
                return Err(ReferenceProblem { line: *line, message: format!("there is no successor `{id}`") });
            }
        }
        Ok(self.reference)
    }
}

/// The fields of one line.
struct Fields<'l> {
    word: &'l str,
    rest: std::str::Split<'l, char>,
}

impl<'l> Fields<'l> {
    fn next(&mut self, what: &str) -> Result<&'l str, String> {
        let word = self.word;
        self.rest.next().ok_or_else(|| format!("`{word}` has no {what}"))
    }
}

/// Takes an id that sorts after the last one and cannot be taken for another word.
fn identifier(id: &str, last: Option<&str>, len: usize) -> Result<String, String> {
    if id.is_empty() || SECTIONS.iter().any(|words| words.contains(&id)) {
        return Err(format!("`{id}` cannot be an id"));
    }
    after(id, last, len)?;
    Ok(id.to_owned())
}

/// Checks that a name sorts after the last one of its sort, and that there is room for it.
fn after(name: &str, last: Option<&str>, len: usize) -> Result<(), String> {
    index(len)?;
    match last {
        Some(last) if last >= name => Err(format!("`{name}` is out of order, or there twice")),
        _ => Ok(()),
    }
}

fn index(len: usize) -> Result<u16, String> {
    let number = u16::try_from(len).ok().filter(|_| len < ENTRIES_MAX);
    number.ok_or_else(|| format!("more than {ENTRIES_MAX} entries of one sort"))
}

fn span(span: Span) -> String {
    if span == Span::NEVER {
        return "-".to_owned();
    }
    format!("{}-{}", span.first, span.last)
}

fn read_span(text: &str) -> Result<Span, String> {
    if text == "-" {
        return Ok(Span::NEVER);
    }
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

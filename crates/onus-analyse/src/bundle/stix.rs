//! STIX 2.0 and 2.1 bundles (OASIS STIX Version 2.1, and Version 2.0 parts 1 to 5), MITRE ATT&CK among them.
//!
//! A bundle is what somebody says, so each observation keeps who said it (`said_by`), according to whom
//! (`according_to`), and where in the bundle it stands. What is revoked or deprecated is marked, not dropped.
//! References to objects that are not in the bundle keep the identifier. A bundle that breaks off is read up to there.

mod cycle;
mod index;
mod json;
mod objects;
mod observable;
mod pattern;
mod reader;

use std::{borrow::Cow, collections::BTreeMap};

use index::Index;
use json::{MEMBERS_MAX, Object, Raw, Text};
use onus_core::Locus;
use reader::Reader;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::{Analyser, FileType, Finding, Findings, Subject, lines::Lines};

/// Objects of one bundle that are read, at most.
const OBJECTS_MAX: usize = 200_000;

/// Places of bytes that are no UTF-8 that are listed, at most.
const ENCODING_FAULTS_MAX: usize = 100;

/// Kinds of relation in which a circle is a contradiction.
const WITHOUT_CIRCLES: [&str; 3] = ["attributed-to", "revoked-by", "subtechnique-of"];

/// Reads STIX bundles.
pub(crate) const STIX: Analyser =
    Analyser { id: "stix", version: 1, reads: |file_type| file_type.media_type == "application/stix+json", observe };

/// A bundle: its own members, and the slices of its objects.
#[derive(Default)]
struct Bundle<'a> {
    members: Vec<(Cow<'a, str>, Raw<'a>)>,
    objects: Vec<Raw<'a>>,
    left_out: usize,
    has_list: bool,
}

/// A relation that takes part in the search for circles.
struct Edge<'a> {
    kind: Cow<'a, str>,
    source: Cow<'a, str>,
    target: Cow<'a, str>,
    raw: Raw<'a>,
}

fn observe(subject: &Subject<'_>, file_type: &FileType, findings: &mut Findings) {
    let base = file_type.encoding.map_or(0, crate::TextEncoding::mark_len);
    let text = valid_text(subject.bytes.get(base..).unwrap_or_default(), base, findings);
    let mut bundle = Bundle::default();
    let end = read(&text, &mut bundle);
    let mut reader = Reader::new(&text, base, findings);
    if let Err((offset, what)) = end {
        reader.malformed_at(offset, what);
    }
    if bundle.left_out > 0 {
        let what = format!("{} objects after the first {OBJECTS_MAX} are left out", bundle.left_out);
        reader.add(Finding::limit(what));
    }
    let index = Index::of(&bundle.objects);
    observe_bundle(&bundle, &index, &mut reader);
    let mut edges = Vec::new();
    for raw in &bundle.objects {
        if reader.is_full() {
            break;
        }
        observe_object(raw, &index, &mut reader, &mut edges);
    }
    observe_circles(&edges, &mut reader);
}

/// The text of the bundle; bytes that are no UTF-8 become `?`, one for one, so that all places stay where they are.
fn valid_text<'a>(bytes: &'a [u8], base: usize, findings: &mut Findings) -> Cow<'a, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let lines = Lines::of(bytes);
    let mut text = String::with_capacity(bytes.len());
    let mut faults = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            faults += 1;
            if faults <= ENCODING_FAULTS_MAX {
                let line = Some(lines.number(bytes, text.len()));
                let place = Locus { line, ..Locus::bytes(base + text.len(), chunk.invalid().len()) };
                findings.add(Finding::malformed("bytes that are no UTF-8").at(place));
            }
            text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
        }
    }
    if faults > ENCODING_FAULTS_MAX {
        findings.add(Finding::limit(format!("{} further places that are no UTF-8", faults - ENCODING_FAULTS_MAX)));
    }
    Cow::Owned(text)
}

/// Reads the outermost level; on a fault says where and what, and what came before stays in `bundle`.
fn read<'a>(text: &'a str, bundle: &mut Bundle<'a>) -> Result<(), (usize, &'static str)> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let result = BundleSeed(bundle).deserialize(&mut deserializer).and_then(|()| deserializer.end());
    result.map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Eof => "the JSON ends before it is complete",
            _ => "no JSON from here on; what follows is not read",
        };
        (offset_of(text, error.line(), error.column()), what)
    })
}

/// The offset of a line and column as serde_json counts them: lines from 1, columns in bytes.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let start = starts.take(line.max(1)).last().unwrap_or(0);
    (start + column.saturating_sub(1)).min(text.len())
}

/// The bundle itself: what it is called, how many objects of which types, and which types are not read.
fn observe_bundle(bundle: &Bundle<'_>, index: &Index<'_>, reader: &mut Reader<'_, '_>) {
    let member = |name: &str| bundle.members.iter().rev().find(|(member, _)| member == name).map(|(_, raw)| *raw);
    if member("type").and_then(json::text).is_none_or(|kind| kind != "bundle") {
        reader.malformed_at(0, "the type of the whole is not `bundle`");
    }
    if !bundle.has_list {
        reader.malformed_at(0, "the bundle has no list `objects`");
    }
    let mut names: Vec<&str> = bundle.members.iter().map(|(name, _)| name.as_ref()).collect();
    names.sort_unstable();
    if names.iter().zip(names.iter().skip(1)).any(|(one, next)| one == next) {
        reader.malformed_at(0, "the bundle has two members of the same name");
    }
    let id = member("id").and_then(json::text).unwrap_or(Cow::Borrowed("without an identifier"));
    let version = member("spec_version").and_then(json::text).or_else(|| index.spec_version.clone());
    reader.add(
        Finding::new("bundle", id)
            .with_some("spec_version", version)
            .with("objects", bundle.objects.len().to_string())
            .with_list("read", counts(index, true))
            .with_list("not_read", counts(index, false)),
    );
}

/// How many objects there are of each type that is, or is not, read.
fn counts(index: &Index<'_>, is_read: bool) -> Vec<String> {
    let of_interest = index.counts.iter().filter(|(kind, _)| objects::is_read(kind) == is_read);
    of_interest.map(|(kind, count)| format!("{kind} {count}")).collect()
}

fn observe_object<'a>(raw: Raw<'a>, index: &Index<'a>, reader: &mut Reader<'a, '_>, edges: &mut Vec<Edge<'a>>) {
    let Some(object) = Object::of(raw) else {
        return reader.malformed(raw, "an entry of `objects` is no object");
    };
    if object.is_cut {
        let place = reader.locus(raw);
        reader.add(Finding::limit(format!("members after the first {MEMBERS_MAX} are left out")).at(place));
    }
    if let Some(name) = object.double() {
        reader.malformed(raw, format!("two members are called `{name}`"));
    }
    let Some(kind) = reader.text(&object, "type") else {
        return reader.malformed(raw, "an object without a type");
    };
    check_id(&object, &kind, index, reader);
    objects::observe(&kind, &object, index, reader);
    if kind == "relationship"
        && let Some(edge) = edge(&object)
    {
        edges.push(edge);
    }
}

/// Identifiers begin with the type, and no two objects of one version share one.
fn check_id<'a>(object: &Object<'a>, kind: &str, index: &Index<'a>, reader: &mut Reader<'a, '_>) {
    let Some(id) = reader.text(object, "id") else {
        return reader.malformed(object.raw, "an object without an identifier");
    };
    if !id.strip_prefix(kind).is_some_and(|rest| rest.starts_with("--")) {
        reader.malformed(object.raw, "the identifier does not begin with the type");
    }
    if index.is_repeated(object.raw) {
        reader.malformed(object.raw, "an earlier object has the same identifier and version");
    }
}

fn edge<'a>(object: &Object<'a>) -> Option<Edge<'a>> {
    let text = |name: &str| object.get(name).and_then(json::text);
    let kind = text("relationship_type").filter(|kind| WITHOUT_CIRCLES.contains(&kind.as_ref()))?;
    Some(Edge { kind, source: text("source_ref")?, target: text("target_ref")?, raw: object.raw })
}

fn observe_circles(edges: &[Edge<'_>], reader: &mut Reader<'_, '_>) {
    let mut by_kind: BTreeMap<&str, Vec<&Edge<'_>>> = BTreeMap::new();
    for edge in edges {
        by_kind.entry(&edge.kind).or_default().push(edge);
    }
    for (kind, edges) in by_kind {
        let pairs: Vec<(&str, &str)> = edges.iter().map(|edge| (edge.source.as_ref(), edge.target.as_ref())).collect();
        for index in cycle::closing(&pairs) {
            if let Some(edge) = edges.get(index) {
                reader.malformed(edge.raw, format!("this relation closes a circle of `{kind}`"));
            }
        }
    }
}

/// Reads the object on the outermost level into a bundle.
struct BundleSeed<'b, 'a>(&'b mut Bundle<'a>);

/// Reads the list of objects into a bundle, one after the other, so that a fault keeps those before it.
struct ObjectsSeed<'b, 'a>(&'b mut Bundle<'a>);

impl<'de> DeserializeSeed<'de> for BundleSeed<'_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for BundleSeed<'_, 'de> {
    type Value = ();
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a bundle")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(name)) = map.next_key()? {
            if name == "objects" {
                map.next_value_seed(ObjectsSeed(self.0))?;
            } else if self.0.members.len() < MEMBERS_MAX {
                self.0.members.push((name, map.next_value()?));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for ObjectsSeed<'_, 'de> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Anything but a list is passed over; that the list is missing is observed afterwards.
impl<'de> Visitor<'de> for ObjectsSeed<'_, 'de> {
    type Value = ();
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of objects")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        self.0.has_list = true;
        while self.0.objects.len() < OBJECTS_MAX {
            let Some(object) = seq.next_element()? else { return Ok(()) };
            self.0.objects.push(object);
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {
            self.0.left_out += 1;
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

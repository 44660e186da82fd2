//! From each type of STIX object to its observation.

use std::borrow::Cow;

use super::{
    index::{self, Index, is_attack},
    json::Object,
    observable, pattern,
    reader::Reader,
};
use crate::Finding;

/// Returns whether objects of a type become observations.
pub(crate) fn is_read(kind: &str) -> bool {
    observable::is_observable(kind)
        || matches!(
            kind,
            "attack-pattern"
                | "campaign"
                | "grouping"
                | "identity"
                | "indicator"
                | "infrastructure"
                | "intrusion-set"
                | "malware"
                | "marking-definition"
                | "observed-data"
                | "opinion"
                | "relationship"
                | "report"
                | "sighting"
                | "threat-actor"
                | "tool"
                | "vulnerability"
        )
}

/// Adds the observations of one object.
pub(crate) fn observe<'a>(kind: &str, object: &Object<'a>, index: &Index<'a>, reader: &mut Reader<'a, '_>) {
    let finding = match kind {
        "attack-pattern" => technique(object, reader),
        "campaign" => named("campaign", kind, object, reader).map(|finding| seen(finding, object, reader)),
        "grouping" | "report" => report(kind, object, reader),
        "identity" => named("identity", kind, object, reader)
            .map(|finding| finding.with_some("identity_class", reader.text(object, "identity_class"))),
        "indicator" => indicator(object, reader),
        "infrastructure" | "vulnerability" => {
            named(if kind == "vulnerability" { "vulnerability" } else { "infrastructure" }, kind, object, reader)
        }
        "intrusion-set" | "threat-actor" => {
            named("actor_name", kind, object, reader).map(|finding| seen(finding, object, reader))
        }
        "malware" | "tool" => software(kind, object, reader),
        "marking-definition" => named("marking", kind, object, reader),
        "observed-data" => return observed_data(object, index, reader),
        "opinion" => opinion(object, index, reader),
        "relationship" => relation(object, index, reader),
        "sighting" => sighting(object, index, reader),
        _ if observable::is_observable(kind) => return observables(kind, object, index, reader),
        _ => return,
    };
    match finding {
        Some(finding) => {
            let finding = said(finding, object, index, reader).at(reader.locus(object.raw));
            reader.add(finding);
        }
        None => reader.malformed(object.raw, format!("a `{kind}` that lacks what it must say")),
    }
}

/// What every object may say about itself: who made it, when, according to whom, whether it still stands.
fn said<'a>(finding: Finding, object: &Object<'a>, index: &Index<'a>, reader: &mut Reader<'a, '_>) -> Finding {
    let said_by = reader.text(object, "created_by_ref");
    let markings = reader.texts(object, "object_marking_refs");
    let markings = markings.iter().map(|id| index.value_of(id)).filter(|value| value.starts_with("TLP:"));
    let sources: Vec<_> = reader
        .objects(object, "external_references")
        .iter()
        .filter_map(|reference| reader.text(reference, "source_name"))
        .filter(|source| !is_attack(source))
        .collect();
    let flag = |is_set: bool| is_set.then_some("true");
    finding
        .with_some("id", reader.text(object, "id"))
        .with_some("created", reader.time(object, "created"))
        .with_some("said_by", said_by.as_deref().map(|id| index.value_of(id)))
        .with_list("according_to", sources)
        .with_some("confidence", reader.number(object, "confidence"))
        .with_some("revoked", flag(reader.flag(object, "revoked")))
        .with_some("deprecated", flag(reader.flag(object, "x_mitre_deprecated")))
        .with_list("tlp", markings)
}

/// First and last time of activity.
fn seen<'a>(finding: Finding, object: &Object<'a>, reader: &mut Reader<'a, '_>) -> Finding {
    finding
        .with_some("first_seen", reader.time(object, "first_seen"))
        .with_some("last_seen", reader.time(object, "last_seen"))
}

/// An observation whose value is the name, with the other names.
fn named<'a>(
    observation: &'static str,
    kind: &str,
    object: &Object<'a>,
    reader: &mut Reader<'a, '_>,
) -> Option<Finding> {
    let aliases = [reader.texts(object, "aliases"), reader.texts(object, "x_mitre_aliases")].concat();
    let value = index::value(kind, object)?;
    let others = aliases.iter().filter(|alias| **alias != value);
    Some(
        Finding::new(observation, value.as_ref())
            .with("type", kind)
            .with_some("attack_id", index::attack_id(object))
            .with_list("aliases", others),
    )
}

fn technique<'a>(object: &Object<'a>, reader: &mut Reader<'a, '_>) -> Option<Finding> {
    let finding = named("technique", "attack-pattern", object, reader)?;
    Some(
        finding
            .with_some("name", reader.text(object, "name"))
            .with_list("domain", reader.texts(object, "x_mitre_domains")),
    )
}

fn software<'a>(kind: &str, object: &Object<'a>, reader: &mut Reader<'a, '_>) -> Option<Finding> {
    let finding = named("software", kind, object, reader)?;
    let types = [reader.texts(object, "malware_types"), reader.texts(object, "tool_types")].concat();
    Some(finding.with("software_type", kind).with_list("purposes", types))
}

fn report<'a>(kind: &str, object: &Object<'a>, reader: &mut Reader<'a, '_>) -> Option<Finding> {
    let finding = named("report", kind, object, reader)?;
    let about = reader.texts(object, "object_refs");
    Some(
        finding
            .with_some("published", reader.time(object, "published"))
            .with("objects", about.len().to_string())
            .with_list("about", about),
    )
}

fn indicator<'a>(object: &Object<'a>, reader: &mut Reader<'a, '_>) -> Option<Finding> {
    let text = reader.text(object, "pattern")?;
    let language = reader.text(object, "pattern_type");
    let mut observables = Vec::new();
    if language.as_deref().is_none_or(|language| language == "stix") {
        let (found, is_complete) = pattern::equalities(&text);
        observables = found;
        if !is_complete && let Some(raw) = object.get("pattern") {
            reader.malformed(raw, "a pattern that could not be read to its end");
        }
    }
    Some(
        Finding::new("indicator", text)
            .with_some("pattern_type", language)
            .with_some("name", reader.text(object, "name"))
            .with_some("valid_from", reader.time(object, "valid_from"))
            .with_some("valid_until", reader.time(object, "valid_until"))
            .with_list("indicates", reader.texts(object, "indicator_types"))
            .with_list("observables", observables),
    )
}

/// A relation between two objects; one that says who is behind something is an attribution.
fn relation<'a>(object: &Object<'a>, index: &Index<'a>, reader: &mut Reader<'a, '_>) -> Option<Finding> {
    let kind = reader.text(object, "relationship_type")?;
    let source = reader.text(object, "source_ref")?;
    let target = reader.text(object, "target_ref")?;
    let observation = if kind == "attributed-to" { "attribution" } else { "relation" };
    let value = format!("{} {} {}", index.value_of(&source), kind.replace('-', " "), index.value_of(&target));
    let attack_id = |id: &str| index.get(id).and_then(|entry| entry.attack_id.clone());
    Some(
        Finding::new(observation, value)
            .with("source", index.value_of(&source))
            .with("source_ref", source.as_ref())
            .with_some("source_attack_id", attack_id(&source))
            .with("target", index.value_of(&target))
            .with("target_ref", target.as_ref())
            .with_some("target_attack_id", attack_id(&target))
            .with_some("start_time", reader.time(object, "start_time"))
            .with_some("stop_time", reader.time(object, "stop_time"))
            .with("type", kind),
    )
}

fn sighting<'a>(object: &Object<'a>, index: &Index<'a>, reader: &mut Reader<'a, '_>) -> Option<Finding> {
    let what = reader.text(object, "sighting_of_ref")?;
    let finding = Finding::new("sighting", index.value_of(&what)).with("sighting_of", what.as_ref());
    let places = reader.texts(object, "where_sighted_refs");
    let finding = finding
        .with_some("count", reader.number(object, "count"))
        .with_list("seen_by", places.iter().map(|id| index.value_of(id)));
    Some(seen(finding, object, reader))
}

fn opinion<'a>(object: &Object<'a>, index: &Index<'a>, reader: &mut Reader<'a, '_>) -> Option<Finding> {
    let finding = named("opinion", "opinion", object, reader)?;
    let about = reader.texts(object, "object_refs");
    Some(
        finding
            .with_some("explanation", reader.text(object, "explanation"))
            .with_list("about", about.iter().map(|id| index.value_of(id))),
    )
}

/// STIX 2.0 keeps observables inside; STIX 2.1 refers to them, and they are objects of their own.
fn observed_data<'a>(object: &Object<'a>, index: &Index<'a>, reader: &mut Reader<'a, '_>) {
    let Some(inner) = reader.object(object, "objects") else { return };
    let objects: Vec<_> = inner.members().filter_map(|(_, raw)| Object::of(raw)).collect();
    for observable in objects {
        if let Some(kind) = reader.text(&observable, "type") {
            observables(&kind, &observable, index, reader);
        }
    }
}

fn observables<'a>(kind: &str, object: &Object<'a>, index: &Index<'a>, reader: &mut Reader<'a, '_>) {
    let found = observable::values(kind, object);
    if found.is_empty() && observable::is_observable(kind) {
        reader.malformed(object.raw, format!("a `{kind}` that lacks what it must say"));
    }
    let name: Option<Cow<'_, str>> = if kind == "file" { reader.text(object, "name") } else { None };
    for one in found {
        let name = name.clone().filter(|name| *name != one.value);
        let finding = Finding::new("observable", one.value)
            .with("type", kind)
            .with("property", one.property)
            .with_some("name", name);
        let finding = said(finding, object, index, reader).at(reader.locus(object.raw));
        reader.add(finding);
    }
}

//! What the objects of a bundle are called, so that references can be shown by name.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    json::{self, Object, Raw},
    observable,
};

/// What is looked up about other objects.
#[derive(Default)]
pub(crate) struct Index<'a> {
    entries: BTreeMap<Cow<'a, str>, Entry<'a>>,
    /// Addresses of the objects whose identifier and version an earlier object has.
    repeated: BTreeSet<usize>,
    /// How many objects there are of each type.
    pub(crate) counts: BTreeMap<Cow<'a, str>, usize>,
    /// The version of STIX that the first object with one gives.
    pub(crate) spec_version: Option<Cow<'a, str>>,
}

/// What is known of one object.
pub(crate) struct Entry<'a> {
    /// The value that its own observation has; absent where it has none.
    pub(crate) value: Option<Cow<'a, str>>,
    /// Its identifier in ATT&CK.
    pub(crate) attack_id: Option<Cow<'a, str>>,
    version: Cow<'a, str>,
}

impl<'a> Index<'a> {
    pub(crate) fn of(objects: &[Raw<'a>]) -> Self {
        let mut index = Self::default();
        let mut versions = BTreeSet::new();
        for object in objects.iter().filter_map(|raw| Object::of(raw)) {
            let text = |name: &str| object.get(name).and_then(json::text);
            let kind = text("type").unwrap_or(Cow::Borrowed("without a type"));
            *index.counts.entry(kind.clone()).or_default() += 1;
            index.spec_version = index.spec_version.take().or_else(|| text("spec_version"));
            let Some(id) = text("id") else { continue };
            let version = text("modified").or_else(|| text("created")).unwrap_or_default();
            if !versions.insert((id.clone(), version.clone())) {
                index.repeated.insert(object.raw.get().as_ptr() as usize);
                continue;
            }
            let is_newest = index.entries.get(&id).is_none_or(|entry| entry.version <= version);
            if is_newest {
                let entry = Entry { value: value(&kind, &object), attack_id: attack_id(&object), version };
                index.entries.insert(id, entry);
            }
        }
        index
    }

    /// Returns what is known of an identifier; `None` when it is not in the bundle.
    pub(crate) fn get(&self, id: &str) -> Option<&Entry<'a>> {
        self.entries.get(id)
    }

    /// Returns what an object is called: the value of its observation, or its identifier.
    pub(crate) fn value_of<'i>(&'i self, id: &'i str) -> &'i str {
        self.get(id).and_then(|entry| entry.value.as_deref()).unwrap_or(id)
    }

    pub(crate) fn is_repeated(&self, raw: Raw<'_>) -> bool {
        self.repeated.contains(&(raw.get().as_ptr() as usize))
    }
}

/// The value of an object's observation: for techniques the identifier in ATT&CK, elsewhere the name.
pub(crate) fn value<'a>(kind: &str, object: &Object<'a>) -> Option<Cow<'a, str>> {
    let text = |name: &str| object.get(name).and_then(json::text);
    match kind {
        "attack-pattern" => attack_id(object).or_else(|| text("name")),
        "indicator" => text("pattern"),
        "marking-definition" => marking(object),
        "opinion" => text("opinion"),
        _ => text("name").or_else(|| observable::values(kind, object).into_iter().next().map(|found| found.value)),
    }
    .filter(|value| !value.is_empty())
}

/// The identifier that ATT&CK gave to an object.
pub(crate) fn attack_id<'a>(object: &Object<'a>) -> Option<Cow<'a, str>> {
    let (references, _) = json::entries(object.get("external_references")?)?;
    references.into_iter().filter_map(Object::of).find_map(|reference| {
        let source = reference.get("source_name").and_then(json::text)?;
        is_attack(&source).then(|| reference.get("external_id").and_then(json::text))?
    })
}

/// Whether a source of an external reference is ATT&CK itself.
pub(crate) fn is_attack(source: &str) -> bool {
    matches!(source, "mitre-attack" | "mitre-ics-attack" | "mitre-mobile-attack" | "mitre-pre-attack")
}

/// What a marking says: the level of the Traffic Light Protocol, or its statement.
fn marking<'a>(object: &Object<'a>) -> Option<Cow<'a, str>> {
    let inner = object.get("definition").and_then(Object::of);
    let inner = |name: &str| inner.as_ref().and_then(|inner| inner.get(name)).and_then(json::text);
    inner("tlp")
        .map(|level| Cow::Owned(format!("TLP:{}", level.to_uppercase())))
        .or_else(|| object.get("name").and_then(json::text))
        .or_else(|| inner("statement"))
}

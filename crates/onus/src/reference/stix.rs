//! Reads ATT&CK as a STIX bundle, 2.0 or 2.1: who, what, and the relations between them, in one pass over the bytes.
//!
//! STIX 2.1 (OASIS, 10 June 2021); the fields `x_mitre_*` as in the ATT&CK data model. Descriptions are skipped.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};

use super::{
    loose::{Field, Sort, object},
    notes::Notes,
};

/// The most objects of one bundle.
const OBJECTS_MAX: usize = 2_000_000;

/// The facts of one bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    /// The release that the bundle says it is, if it does.
    pub(super) release: Option<String>,
    /// Groups, campaigns, techniques, software.
    pub(super) entries: Vec<Entry>,
    /// What stands between them.
    pub(super) relations: Vec<Relation>,
    pub(super) notes: Notes,
}

/// Sorts of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EntryKind {
    Actor,
    Campaign,
    Technique,
    Software,
}

/// A group, a campaign, a technique or software.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) stix_id: String,
    pub(super) kind: EntryKind,
    /// Its identifier in ATT&CK, such as `G0007`; empty where it has none.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) aliases: Vec<String>,
    pub(super) is_revoked: bool,
    pub(super) is_deprecated: bool,
}

/// Sorts of relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RelationKind {
    Uses,
    AttributedTo,
    RevokedBy,
    SubtechniqueOf,
}

/// A relation that is neither revoked nor deprecated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) stix_id: String,
    pub(super) kind: RelationKind,
    pub(super) source: String,
    pub(super) target: String,
    pub(super) citations: Vec<Citation>,
}

/// A report that a relation cites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Citation {
    pub(super) name: String,
    pub(super) url: String,
}

/// Reads a bundle.
///
/// # Errors
/// What is no JSON, or no STIX bundle; too many objects.
pub fn read_bundle(bytes: &[u8]) -> Result<Bundle, String> {
    let file: File = serde_json::from_slice(bytes).map_err(|error| super::in_words(&error))?;
    if file.kind.text() != "bundle" {
        return Err("the file is no STIX bundle: its `type` is not `bundle`".to_owned());
    }
    file.objects.ok_or_else(|| "the bundle has no `objects`".to_owned())
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Field<Cow<'a, str>>,
    objects: Option<Bundle>,
}

impl<'de> Deserialize<'de> for Bundle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Objects)
    }
}

struct Objects;

impl<'de> Visitor<'de> for Objects {
    type Value = Bundle;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of STIX objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Bundle, A::Error> {
        let mut bundle = Bundle::default();
        let mut count = 0;
        while let Some(object) = list.next_element::<Field<Object<'de>>>()? {
            count += 1;
            if count > OBJECTS_MAX {
                return Err(serde::de::Error::custom(format_args!("more than {OBJECTS_MAX} objects")));
            }
            match &object {
                Field::Is(object) => bundle.take(object),
                Field::Absent | Field::Wrong => bundle.notes.add("members of `objects` that are no objects", ""),
            }
        }
        Ok(bundle)
    }
}

#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Field<Cow<'a, str>>,
    #[serde(borrow, default)]
    id: Field<Cow<'a, str>>,
    #[serde(borrow, default)]
    name: Field<Cow<'a, str>>,
    #[serde(borrow, default)]
    aliases: Field<Vec<Field<Cow<'a, str>>>>,
    #[serde(default)]
    revoked: Field<bool>,
    #[serde(default)]
    x_mitre_deprecated: Field<bool>,
    #[serde(borrow, default)]
    x_mitre_version: Field<Cow<'a, str>>,
    #[serde(borrow, default)]
    external_references: Field<Vec<Field<External<'a>>>>,
    #[serde(borrow, default)]
    relationship_type: Field<Cow<'a, str>>,
    #[serde(borrow, default)]
    source_ref: Field<Cow<'a, str>>,
    #[serde(borrow, default)]
    target_ref: Field<Cow<'a, str>>,
}

impl<'de: 'a, 'a> Sort<'de> for Object<'a> {
    fn from_object<A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        object(map)
    }
}

#[derive(Deserialize)]
struct External<'a> {
    #[serde(borrow, default)]
    source_name: Field<Cow<'a, str>>,
    #[serde(borrow, default)]
    url: Field<Cow<'a, str>>,
    #[serde(borrow, default)]
    external_id: Field<Cow<'a, str>>,
}

impl<'de: 'a, 'a> Sort<'de> for External<'a> {
    fn from_object<A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        object(map)
    }
}

impl Object<'_> {
    /// The first field that is of another sort than it should be.
    fn wrong(&self) -> Option<&'static str> {
        let fields = [
            ("id", self.id.is_wrong()),
            ("name", self.name.is_wrong()),
            ("aliases", self.aliases.is_wrong() || self.aliases.items().iter().any(Field::is_wrong)),
            ("revoked", self.revoked.is_wrong()),
            ("x_mitre_deprecated", self.x_mitre_deprecated.is_wrong()),
            ("external_references", self.external_references.is_wrong()),
            ("external_references", self.external_references.items().iter().any(Field::is_wrong)),
            ("relationship_type", self.relationship_type.is_wrong()),
            ("source_ref", self.source_ref.is_wrong()),
            ("target_ref", self.target_ref.is_wrong()),
        ];
        fields.into_iter().find(|(_, is_wrong)| *is_wrong).map(|(name, _)| name)
    }

    fn is_revoked(&self) -> bool {
        self.revoked.get().copied().unwrap_or_default()
    }

    fn is_deprecated(&self) -> bool {
        self.x_mitre_deprecated.get().copied().unwrap_or_default()
    }
}

impl Bundle {
    fn take(&mut self, object: &Object<'_>) {
        let kind = match object.kind.text() {
            "relationship" => return self.take_relation(object),
            "x-mitre-collection" => {
                self.release = object.x_mitre_version.get().map(|version| version.clone().into_owned());
                return;
            }
            "intrusion-set" | "threat-actor" => EntryKind::Actor,
            "campaign" => EntryKind::Campaign,
            "attack-pattern" => EntryKind::Technique,
            "malware" | "tool" => EntryKind::Software,
            "" => return self.notes.add("objects without a type, left out", object.id.text()),
            _ => return,
        };
        if let Some(field) = object.wrong() {
            let place = format!("{}: {field}", object.id.text());
            return self.notes.add("entries with a field of the wrong sort, left out", &place);
        }
        let references = object.external_references.items().iter().filter_map(Field::get);
        let id = references
            .filter(|external| external.source_name.text().starts_with("mitre"))
            .find_map(|external| external.external_id.get());
        let id = id.filter(|id| is_id(id)).map_or("", |id| id.as_ref());
        let name = self.notes.name(object.name.text().trim());
        if name.is_empty() {
            self.notes.add("entries without a name, called by their id", object.id.text());
        }
        let aliases = object.aliases.items().iter().map(|alias| self.notes.name(alias.text()));
        self.entries.push(Entry {
            stix_id: object.id.text().to_owned(),
            kind,
            id: id.to_owned(),
            aliases: if kind == EntryKind::Actor { aliases.collect() } else { Vec::new() },
            name: if name.is_empty() { id.to_owned() } else { name },
            is_revoked: object.is_revoked(),
            is_deprecated: object.is_deprecated(),
        });
    }

    fn take_relation(&mut self, object: &Object<'_>) {
        let kind = match object.relationship_type.text() {
            "uses" => RelationKind::Uses,
            "attributed-to" => RelationKind::AttributedTo,
            "revoked-by" => RelationKind::RevokedBy,
            "subtechnique-of" => RelationKind::SubtechniqueOf,
            _ => return,
        };
        if let Some(field) = object.wrong() {
            let place = format!("{}: {field}", object.id.text());
            return self.notes.add("relations with a field of the wrong sort, left out", &place);
        }
        let is_of_software = ["malware--", "tool--"].iter().any(|kind| object.source_ref.text().starts_with(kind));
        // what software does is no statement about who used it
        if object.is_revoked() || object.is_deprecated() || (kind == RelationKind::Uses && is_of_software) {
            return;
        }
        let mut citations = Vec::new();
        for external in object.external_references.items().iter().filter_map(Field::get) {
            let (name, url) = (self.notes.name(external.source_name.text()), external.url.text());
            let is_fit = url.len() <= super::URL_BYTES_MAX && onus_core::plain(url) == url;
            if !is_fit {
                self.notes.add("addresses of reports that are too long or steer a display, left out", &name);
            }
            citations.push(Citation { name, url: if is_fit { url.to_owned() } else { String::new() } });
        }
        self.relations.push(Relation {
            stix_id: object.id.text().to_owned(),
            kind,
            source: object.source_ref.text().to_owned(),
            target: object.target_ref.text().to_owned(),
            citations,
        });
    }
}

/// Whether a text can be an identifier: a letter, then digits, then perhaps a dot and digits.
pub(super) fn is_id(id: &str) -> bool {
    let Some((letter, number)) = id.split_at_checked(1) else { return false };
    let (number, part) = number.split_once('.').unwrap_or((number, "0"));
    let is_digits = |text: &str| (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    letter.bytes().all(|byte| byte.is_ascii_uppercase()) && is_digits(number) && is_digits(part)
}

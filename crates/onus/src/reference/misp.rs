//! Reads clusters of the MISP galaxy: names of actors, and who their victims are said to be.
//!
//! Format: MISP galaxy, draft-dulaunoy-misp-galaxy-format. Only names, `cfr-suspected-victims` and `cfr-target-category`
//! are taken; countries and sponsors of actors are not.

use std::borrow::Cow;

use serde::{Deserialize, de::MapAccess};

use super::{
    loose::{Field, Sort, object},
    notes::Notes,
};

/// The most actors of one file.
const CLUSTERS_MAX: usize = 100_000;

/// One file of clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Galaxy {
    /// Its sort, such as `threat-actor`.
    pub(super) kind: String,
    pub(super) version: u64,
    pub(super) clusters: Vec<Cluster>,
    pub(super) notes: Notes,
}

/// One actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    pub(super) name: String,
    pub(super) synonyms: Vec<String>,
    pub(super) countries: Vec<String>,
    pub(super) sectors: Vec<String>,
}

/// Reads a file of clusters.
///
/// # Errors
/// What is no JSON, or no file of clusters; too many of them.
pub fn read_galaxy(bytes: &[u8]) -> Result<Galaxy, String> {
    let file: File<'_> = serde_json::from_slice(bytes).map_err(|error| super::in_words(&error))?;
    let Some(values) = file.values.get() else { return Err("the MISP cluster has no `values`".to_owned()) };
    if values.len() > CLUSTERS_MAX {
        return Err(format!("more than {CLUSTERS_MAX} clusters"));
    }
    let mut galaxy = Galaxy {
        kind: file.kind.text().to_owned(),
        version: file.version.get().copied().unwrap_or_default(),
        ..Galaxy::default()
    };
    for value in values {
        galaxy.take(value);
    }
    Ok(galaxy)
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Field<Cow<'a, str>>,
    #[serde(default)]
    version: Field<u64>,
    #[serde(borrow, default)]
    values: Field<Vec<Field<Value<'a>>>>,
}

#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow, default)]
    value: Field<Cow<'a, str>>,
    #[serde(borrow, default)]
    meta: Field<Meta<'a>>,
}

impl<'de: 'a, 'a> Sort<'de> for Value<'a> {
    fn from_object<A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        object(map)
    }
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, default)]
    synonyms: Texts<'a>,
    #[serde(borrow, default, rename = "cfr-suspected-victims")]
    victims: Texts<'a>,
    #[serde(borrow, default, rename = "cfr-target-category")]
    targets: Texts<'a>,
}

type Texts<'a> = Field<Vec<Field<Cow<'a, str>>>>;

impl<'de: 'a, 'a> Sort<'de> for Meta<'a> {
    fn from_object<A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        object(map)
    }
}

impl Galaxy {
    fn take(&mut self, value: &Field<Value<'_>>) {
        let Some(value) = value.get() else { return self.notes.add("clusters that are no objects, left out", "") };
        let name = self.notes.name(value.value.text().trim());
        if name.is_empty() {
            return self.notes.add("clusters without a name, left out", "");
        }
        let absent = Texts::Absent;
        if value.meta.is_wrong() {
            self.notes.add("fields of clusters of the wrong sort, left out", &name);
        }
        let meta = value.meta.get();
        let mut texts = |list: &Texts<'_>| {
            if list.is_wrong() || list.items().iter().any(Field::is_wrong) {
                self.notes.add("fields of clusters of the wrong sort, left out", &name);
            }
            let texts = list.items().iter().map(|text| text.text().trim()).filter(|text| !text.is_empty());
            texts.map(|text| self.notes.name(text)).collect()
        };
        let synonyms = texts(meta.map_or(&absent, |meta| &meta.synonyms));
        let countries = texts(meta.map_or(&absent, |meta| &meta.victims));
        let sectors = texts(meta.map_or(&absent, |meta| &meta.targets));
        self.clusters.push(Cluster { name, synonyms, countries, sectors });
    }
}

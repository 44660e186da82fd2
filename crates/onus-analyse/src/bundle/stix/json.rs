//! JSON read one level at a time, with the place of everything.
//!
//! A value is kept as the slice of the text that it was written in; what lies below it is looked at when asked for.
//! So depth costs nothing, a wrong type spoils nothing but itself, and every value knows where it stands.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Members of one object that are kept, at most.
pub(crate) const MEMBERS_MAX: usize = 4096;

/// Entries of one list that are kept, at most.
pub(crate) const ENTRIES_MAX: usize = 50_000;

/// A value as it is written.
pub(crate) type Raw<'a> = &'a RawValue;

/// The members of an object, sorted by name, those of the same name in the order in which they are written.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    /// The object itself.
    pub(crate) raw: Raw<'a>,
    members: Vec<(Cow<'a, str>, Raw<'a>)>,
    /// Whether there were more members than are kept.
    pub(crate) is_cut: bool,
}

/// A text of JSON, decoded; borrowed where it holds no escape.
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

struct Members<'a>(Vec<(Cow<'a, str>, Raw<'a>)>, bool);

struct Entries<'a>(Vec<Raw<'a>>, bool);

impl<'a> Object<'a> {
    /// Reads an object; `None` when the value is something else.
    pub(crate) fn of(raw: Raw<'a>) -> Option<Self> {
        if !raw.get().starts_with('{') {
            return None;
        }
        let Members(mut members, is_cut) = serde_json::from_str(raw.get()).ok()?;
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        Some(Self { raw, members, is_cut })
    }

    /// Returns the member of a name; of several, the last one, as most readers do.
    pub(crate) fn get(&self, name: &str) -> Option<Raw<'a>> {
        let end = self.members.partition_point(|(member, _)| member.as_ref() <= name);
        let (member, value) = self.members.get(end.checked_sub(1)?)?;
        (member == name).then_some(*value)
    }

    /// Returns all members.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, Raw<'a>)> {
        self.members.iter().map(|(name, value)| (name.as_ref(), *value))
    }

    /// Returns the first name that is there twice.
    pub(crate) fn double(&self) -> Option<&str> {
        let mut pairs = self.members.iter().zip(self.members.iter().skip(1));
        pairs.find(|((one, _), (next, _))| one == next).map(|((name, _), _)| name.as_ref())
    }
}

/// Returns the text of a value that is one.
pub(crate) fn text(raw: Raw<'_>) -> Option<Cow<'_, str>> {
    let written = raw.get();
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { serde_json::from_str(written).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inner)) }
}

/// Returns the entries of a value that is a list, and whether there were more than are kept.
pub(crate) fn entries(raw: Raw<'_>) -> Option<(Vec<Raw<'_>>, bool)> {
    if !raw.get().starts_with('[') {
        return None;
    }
    let Entries(entries, is_cut) = serde_json::from_str(raw.get()).ok()?;
    Some((entries, is_cut))
}

/// Returns whether a value is `null`, which STIX forbids and writers use for "absent".
pub(crate) fn is_null(raw: Raw<'_>) -> bool {
    raw.get() == "null"
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while members.len() < MEMBERS_MAX {
                    let Some(Text(name)) = map.next_key()? else { return Ok(Members(members, false)) };
                    members.push((name, map.next_value()?));
                }
                let mut is_cut = false;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    is_cut = true;
                }
                Ok(Members(members, is_cut))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;
        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while entries.len() < ENTRIES_MAX {
                    let Some(entry) = seq.next_element()? else { return Ok(Entries(entries, false)) };
                    entries.push(entry);
                }
                let mut is_cut = false;
                while seq.next_element::<IgnoredAny>()?.is_some() {
                    is_cut = true;
                }
                Ok(Entries(entries, is_cut))
            }
        }
        deserializer.deserialize_seq(EntriesVisitor)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::{Object, entries, text};

    fn raw(json: &str) -> &RawValue {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn members_are_found_whatever_their_order_and_spelling() {
        let object = Object::of(raw(r#"{"b":1,"\u0061":[true],"b":"two"}"#)).unwrap();
        assert_eq!(object.get("a").unwrap().get(), "[true]");
        assert_eq!(text(object.get("b").unwrap()).unwrap(), "two");
        assert_eq!(object.double(), Some("b"));
        assert!(object.get("c").is_none());
        assert!(Object::of(raw("[]")).is_none());
    }

    #[test]
    fn texts_are_decoded_and_lone_surrogates_are_none() {
        assert_eq!(text(raw(r#""a\nb""#)).unwrap(), "a\nb");
        assert!(text(raw(r#""\ud800""#)).is_none());
        assert!(text(raw("1")).is_none());
    }

    #[test]
    fn depth_costs_nothing() {
        let deep = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
        assert_eq!(entries(raw(&deep)).unwrap().0.len(), 1);
    }
}

//! Things seen on hosts and networks (STIX 2.1, section 6; STIX 2.0, part 4).

use std::borrow::Cow;

use super::json::{self, Object};

/// One value of an observable.
pub(crate) struct Found<'a> {
    /// The property that it is the value of, such as `value` or `hashes.SHA-256`.
    pub(crate) property: Cow<'static, str>,
    /// The value.
    pub(crate) value: Cow<'a, str>,
}

/// Type of observable and the properties that name it; the first that is there counts. Sorted by type.
const PROPERTIES: [(&str, &[&str]); 17] = [
    ("artifact", &["hashes", "url"]),
    ("autonomous-system", &["number"]),
    ("directory", &["path"]),
    ("domain-name", &["value"]),
    ("email-addr", &["value"]),
    ("email-message", &["message_id", "subject"]),
    ("file", &["hashes", "name"]),
    ("ipv4-addr", &["value"]),
    ("ipv6-addr", &["value"]),
    ("mac-addr", &["value"]),
    ("mutex", &["name"]),
    ("process", &["command_line", "name", "cwd"]),
    ("software", &["name"]),
    ("url", &["value"]),
    ("user-account", &["account_login", "user_id", "display_name"]),
    ("windows-registry-key", &["key"]),
    ("x509-certificate", &["hashes", "serial_number"]),
];

/// Returns whether a STIX type is that of an observable which is read.
pub(crate) fn is_observable(kind: &str) -> bool {
    PROPERTIES.binary_search_by_key(&kind, |(kind, _)| *kind).is_ok()
}

/// Returns what names an observable: every hash where there are hashes, otherwise one property.
pub(crate) fn values<'a>(kind: &str, object: &Object<'a>) -> Vec<Found<'a>> {
    let properties = PROPERTIES.iter().find(|(known, _)| *known == kind).map_or(&[] as &[&str], |(_, names)| names);
    for &property in properties {
        let Some(raw) = object.get(property) else { continue };
        let found: Vec<_> = match Object::of(raw) {
            Some(hashes) => hashes
                .members()
                .filter_map(|(name, raw)| {
                    Some(Found { property: format!("{property}.{name}").into(), value: json::text(raw)? })
                })
                .collect(),
            None => json::text(raw)
                .or_else(|| raw.get().parse::<u64>().is_ok().then_some(Cow::Borrowed(raw.get())))
                .map(|value| Found { property: property.into(), value })
                .into_iter()
                .collect(),
        };
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::PROPERTIES;

    #[test]
    fn the_table_is_sorted() {
        assert!(PROPERTIES.is_sorted_by(|(one, _), (next, _)| one < next));
    }
}

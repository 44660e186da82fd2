//! When releases of MITRE ATT&CK were published.
//!
//! Source: `index.json` of the repository `mitre-attack/attack-stix-data`, field `modified` of each version of the
//! Enterprise collection, read at release 18.1.

/// Name and day of publication, the oldest first.
const DAYS: &[(&str, &str)] = &[
    ("7.0", "2020-03-31"),
    ("7.1", "2020-07-13"),
    ("7.2", "2020-07-15"),
    ("8.0", "2020-10-27"),
    ("8.1", "2020-11-12"),
    ("8.2", "2021-01-27"),
    ("9.0", "2021-04-29"),
    ("10.0", "2021-10-21"),
    ("10.1", "2021-11-10"),
    ("11.0", "2022-04-25"),
    ("11.1", "2022-05-11"),
    ("11.2", "2022-05-24"),
    ("11.3", "2022-07-07"),
    ("12.0", "2022-10-25"),
    ("12.1", "2022-11-08"),
    ("13.0", "2023-04-25"),
    ("13.1", "2023-05-09"),
    ("14.0", "2023-10-31"),
    ("14.1", "2023-11-14"),
    ("15.0", "2024-04-23"),
    ("15.1", "2024-05-02"),
    ("16.0", "2024-10-31"),
    ("16.1", "2024-11-12"),
    ("17.0", "2025-04-22"),
    ("17.1", "2025-05-06"),
    ("18.0", "2025-10-28"),
    ("18.1", "2025-11-13"),
];

/// Returns the day on which a release was published, empty where it is not known.
pub(super) fn day(release: &str) -> &'static str {
    DAYS.iter().find(|(name, _)| *name == release).map_or("", |(_, day)| day)
}

/// Returns what a name of a release sorts by: its numbers, then the name.
pub(super) fn order(release: &str) -> (Vec<u64>, &str) {
    (release.split('.').map(|part| part.parse().unwrap_or(u64::MAX)).collect(), release)
}

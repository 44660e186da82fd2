//! The day from which on a linker can have been used outside of the house that makes it.

use jiff::civil::Date;

use super::builds::{RELEASES, Release};

/// Returns the earliest release of a linker, or of the one before it of the same generation, and its day.
///
/// A linker without a known day is not older than the one before it.
pub(super) fn earliest(linker: (u8, u8)) -> Option<(&'static Release, Date)> {
    let dated = RELEASES.iter().filter_map(|release| Some((release, release.day.parse::<Date>().ok()?)));
    let older = dated.filter(|(release, _)| release.linker.0 == linker.0 && release.linker <= linker);
    // The newest version of those, and of its releases the first.
    older.max_by_key(|(release, day)| (release.linker, std::cmp::Reverse(*day)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{RELEASES, earliest};

    #[test]
    fn every_day_is_one() {
        assert!(RELEASES.iter().all(|release| release.day.is_empty() || release.day.len() == 10));
        assert!(RELEASES.iter().all(|release| release.day.is_empty() || earliest(release.linker).is_some()));
    }

    #[test]
    fn the_first_release_of_a_linker_counts() {
        assert_eq!(earliest((14, 29)).unwrap().1, date(2021, 5, 25));
        assert_eq!(earliest((12, 0)).unwrap().1, date(2013, 6, 26));
    }

    #[test]
    fn a_linker_without_a_day_has_that_of_the_one_before() {
        assert_eq!(earliest((14, 51)).unwrap().0.linker, (14, 50));
        assert_eq!(earliest((10, 10)).unwrap().0.linker, (10, 0));
        assert!(earliest((2, 25)).is_none());
        assert!(earliest((48, 0)).is_none());
    }
}

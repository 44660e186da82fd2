//! Releases of the linker: which builds came with which release, since when, and where that is written.
//!
//! Servicing raises the build within a release, so that a row holds the builds from its first to the last known one.
//! Which minor version came with which release was read in the page on compiler versions. The days, those of the first
//! release, are recalled, with the document that states them; re-read it before citing a day. `About` marks rows of
//! which even the recollection is not sure; tests that rest on a day allow for months.

use std::ops::RangeInclusive;

/// How sure a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sure {
    Exact,
    About,
}

use Sure::{About, Exact};

/// One release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Release {
    /// Version of the linker, as the optional header has it.
    pub linker: (u8, u8),
    /// Its builds, as entries of the Rich header have them.
    pub builds: RangeInclusive<u16>,
    /// What it was sold as.
    pub name: &'static str,
    /// The day of the first release, in EDTF; empty where it is not known.
    pub day: &'static str,
    /// Where that is written.
    pub source: &'static str,
    /// How sure that is.
    pub sure: Sure,
}

/// The first build of linker 14 that left its maker, about.
const FIRST_14: u16 = 22000;

impl Release {
    /// Returns the release that a build of a compiler family belongs to; from 14 on, the build tells the minor version.
    pub(crate) fn of_family(family: (u8, u8), build: u16) -> Option<&'static Self> {
        RELEASES.iter().find(|release| {
            let is_family = if family.0 == 14 { release.linker.0 == 14 } else { release.linker == family };
            is_family && release.builds.contains(&build)
        })
    }

    /// Returns the builds that a version of the linker from 14 on can have, if the table knows them.
    ///
    /// They begin with the first of the version before and end before the first of the next: pre-releases of a linker
    /// made parts of Windows and .NET months before it was released, while the one before was still serviced.
    pub(crate) fn span(linker: (u8, u8)) -> Option<RangeInclusive<u16>> {
        let rows = || RELEASES.iter().filter(|release| release.linker.0 == 14);
        rows().find(|release| release.linker == linker)?;
        let before = rows().filter(|release| release.linker < linker).map(|release| release.linker).max();
        let first = rows().find(|release| Some(release.linker) == before).map(|release| *release.builds.start());
        let next = rows().filter(|release| release.linker > linker).map(|release| *release.builds.start()).min();
        Some(first.unwrap_or(FIRST_14)..=next.map_or(u16::MAX, |next| next.saturating_sub(1)))
    }
}

const fn release(
    linker: (u8, u8),
    builds: RangeInclusive<u16>,
    name: &'static str,
    day: &'static str,
    source: &'static str,
    sure: Sure,
) -> Release {
    Release { linker, builds, name, day, source, sure }
}

/// Where the days are written, other than in a document of one row.
const HISTORY_2015: &str = "learn.microsoft.com/visualstudio/releasenotes/vs2015-version-history";
const HISTORY_2017: &str = "learn.microsoft.com/visualstudio/releasenotes/vs2017-relnotes-history";
const HISTORY_2019: &str = "learn.microsoft.com/visualstudio/releases/2019/history";
const HISTORY_2022: &str = "learn.microsoft.com/visualstudio/releases/2022/release-history";
const LIFECYCLE: &str = "learn.microsoft.com/lifecycle/products/visual-studio";
const COMPILERS: &str = "learn.microsoft.com/cpp/overview/compiler-versions";

/// Every known release, by version and build.
#[rustfmt::skip]
pub(crate) const RELEASES: &[Release] = &[
    release((6, 0), 8168..=8168, "Visual C++ 6.0", "1998-09-02", LIFECYCLE, About),
    release((6, 0), 8447..=9782, "Visual C++ 6.0, service packs", "1999-05-26", LIFECYCLE, About),
    release((7, 0), 9466..=9466, "Visual C++ .NET 2002", "2002-02-13", LIFECYCLE, Exact),
    release((7, 0), 9955..=9955, "Visual C++ .NET 2002, Service Pack 1", "2005-03-08", LIFECYCLE, About),
    release((7, 10), 2179..=2292, "Visual C++ .NET 2003, beta", "2002-11-01", COMPILERS, About),
    release((7, 10), 3052..=3088, "Visual C++ .NET 2003", "2003-04-24", LIFECYCLE, Exact),
    release((7, 10), 4035..=4035, "Windows Server 2003 driver kit", "2005-03-30", "Windows Server 2003 SP1 DDK, release notes", About),
    release((7, 10), 6030..=6101, "Visual C++ .NET 2003, Service Pack 1", "2006-08-15", LIFECYCLE, About),
    release((8, 0), 40310..=41115, "Visual C++ 2005, beta; Windows SDK of 2005", "2004-06-29", COMPILERS, About),
    release((8, 0), 50727..=50727, "Visual C++ 2005", "2005-11-07", LIFECYCLE, About),
    release((9, 0), 20706..=20706, "Visual C++ 2008, beta 2", "2007-07-26", COMPILERS, About),
    release((9, 0), 21022..=21022, "Visual C++ 2008", "2007-11-19", LIFECYCLE, About),
    release((9, 0), 30729..=30729, "Visual C++ 2008, Service Pack 1", "2008-08-11", LIFECYCLE, Exact),
    release((10, 0), 20506..=21006, "Visual C++ 2010, beta", "2009-05-18", COMPILERS, About),
    release((10, 0), 30128..=30128, "Visual C++ 2010, release candidate", "2010-02-08", COMPILERS, About),
    release((10, 0), 30319..=30319, "Visual C++ 2010", "2010-04-12", LIFECYCLE, Exact),
    release((10, 0), 40219..=40219, "Visual C++ 2010, Service Pack 1", "2011-03-08", LIFECYCLE, About),
    release((11, 0), 50522..=50522, "Visual C++ 2012, release candidate", "2012-05-31", COMPILERS, About),
    release((11, 0), 50727..=50727, "Visual C++ 2012", "2012-08-15", LIFECYCLE, About),
    release((11, 0), 51106..=51106, "Visual C++ 2012, Update 1", "2012-11-26", "support.microsoft.com/kb/2797915", Exact),
    release((11, 0), 60315..=60315, "Visual C++ 2012, Update 2", "2013-04-04", "support.microsoft.com/kb/2797912", Exact),
    release((11, 0), 60610..=60610, "Visual C++ 2012, Update 3", "2013-06-26", "support.microsoft.com/kb/2835600", Exact),
    release((11, 0), 61030..=61219, "Visual C++ 2012, Update 4", "2013-11-13", "support.microsoft.com/kb/2872520", Exact),
    release((12, 0), 20617..=20827, "Visual C++ 2013, preview and release candidate", "2013-06-26", COMPILERS, About),
    release((12, 0), 21005..=21114, "Visual C++ 2013", "2013-10-17", LIFECYCLE, Exact),
    release((12, 0), 30501..=30501, "Visual C++ 2013, Update 2", "2014-05-12", "support.microsoft.com/kb/2927432", Exact),
    release((12, 0), 30723..=30723, "Visual C++ 2013, Update 3", "2014-08-04", "support.microsoft.com/kb/2933779", Exact),
    release((12, 0), 31101..=31101, "Visual C++ 2013, Update 4", "2014-11-12", "support.microsoft.com/kb/2994375", About),
    release((12, 0), 40629..=40664, "Visual C++ 2013, Update 5", "2015-07-20", "support.microsoft.com/kb/3021976", Exact),
    release((14, 0), 22609..=22823, "Visual Studio 2015, previews", "2015-02-23", HISTORY_2015, About),
    release((14, 0), 23026..=23107, "Visual Studio 2015", "2015-07-20", HISTORY_2015, Exact),
    release((14, 0), 23506..=23515, "Visual Studio 2015, Update 1", "2015-11-30", HISTORY_2015, Exact),
    release((14, 0), 23918..=23918, "Visual Studio 2015, Update 2", "2016-03-30", HISTORY_2015, Exact),
    release((14, 0), 24103..=24123, "Visual Studio 2015, Update 3, pre-release", "2016-06-07", HISTORY_2015, About),
    release((14, 0), 24210..=24247, "Visual Studio 2015, Update 3 and its servicing", "2016-06-27", HISTORY_2015, Exact),
    release((14, 10), 25017..=25019, "Visual Studio 2017 15.0", "2017-03-07", HISTORY_2017, Exact),
    release((14, 11), 25503..=25547, "Visual Studio 2017 15.3", "2017-08-14", HISTORY_2017, Exact),
    release((14, 12), 25827..=25835, "Visual Studio 2017 15.5", "2017-12-04", HISTORY_2017, Exact),
    release((14, 13), 26128..=26132, "Visual Studio 2017 15.6", "2018-03-05", HISTORY_2017, Exact),
    release((14, 14), 26428..=26433, "Visual Studio 2017 15.7", "2018-05-07", HISTORY_2017, Exact),
    release((14, 15), 26726..=26732, "Visual Studio 2017 15.8", "2018-08-14", HISTORY_2017, Exact),
    release((14, 16), 27023..=27054, "Visual Studio 2017 15.9", "2018-11-13", HISTORY_2017, Exact),
    release((14, 20), 27508..=27525, "Visual Studio 2019 16.0", "2019-04-02", HISTORY_2019, Exact),
    release((14, 21), 27702..=27702, "Visual Studio 2019 16.1", "2019-05-21", HISTORY_2019, Exact),
    release((14, 22), 27905..=27905, "Visual Studio 2019 16.2", "2019-07-24", HISTORY_2019, Exact),
    release((14, 23), 28105..=28107, "Visual Studio 2019 16.3", "2019-09-23", HISTORY_2019, Exact),
    release((14, 24), 28314..=28326, "Visual Studio 2019 16.4", "2019-12-03", HISTORY_2019, Exact),
    release((14, 25), 28610..=28619, "Visual Studio 2019 16.5", "2020-03-16", HISTORY_2019, Exact),
    release((14, 26), 28805..=28806, "Visual Studio 2019 16.6", "2020-05-19", HISTORY_2019, Exact),
    release((14, 27), 29110..=29121, "Visual Studio 2019 16.7", "2020-08-05", HISTORY_2019, Exact),
    release((14, 28), 29333..=29338, "Visual Studio 2019 16.8", "2020-11-10", HISTORY_2019, Exact),
    release((14, 28), 29910..=29927, "Visual Studio 2019 16.9", "2021-03-02", HISTORY_2019, Exact),
    release((14, 29), 30037..=30040, "Visual Studio 2019 16.10", "2021-05-25", HISTORY_2019, Exact),
    release((14, 29), 30133..=30162, "Visual Studio 2019 16.11", "2021-08-10", HISTORY_2019, Exact),
    release((14, 30), 30705..=30716, "Visual Studio 2022 17.0", "2021-11-08", HISTORY_2022, Exact),
    release((14, 31), 31103..=31108, "Visual Studio 2022 17.1", "2022-02-15", HISTORY_2022, Exact),
    release((14, 32), 31326..=31353, "Visual Studio 2022 17.2", "2022-05-10", HISTORY_2022, Exact),
    release((14, 33), 31629..=31631, "Visual Studio 2022 17.3", "2022-08-09", HISTORY_2022, Exact),
    release((14, 34), 31933..=31951, "Visual Studio 2022 17.4", "2022-11-08", HISTORY_2022, Exact),
    release((14, 35), 32213..=32219, "Visual Studio 2022 17.5", "2023-02-21", HISTORY_2022, Exact),
    release((14, 36), 32530..=32552, "Visual Studio 2022 17.6", "2023-05-16", HISTORY_2022, Exact),
    release((14, 37), 32820..=32830, "Visual Studio 2022 17.7", "2023-08-08", HISTORY_2022, Exact),
    release((14, 38), 33130..=33145, "Visual Studio 2022 17.8", "2023-11-14", HISTORY_2022, Exact),
    release((14, 39), 33519..=33526, "Visual Studio 2022 17.9", "2024-02-13", HISTORY_2022, Exact),
    release((14, 40), 33807..=33822, "Visual Studio 2022 17.10", "2024-05-21", HISTORY_2022, Exact),
    release((14, 41), 34120..=34123, "Visual Studio 2022 17.11", "2024-08-13", HISTORY_2022, Exact),
    release((14, 42), 34433..=34444, "Visual Studio 2022 17.12", "2024-11-12", HISTORY_2022, Exact),
    release((14, 43), 34808..=34823, "Visual Studio 2022 17.13", "2025-02-11", HISTORY_2022, Exact),
    release((14, 44), 35205..=35240, "Visual Studio 2022 17.14", "2025-05-13", HISTORY_2022, Exact),
    release((14, 50), 35717..=35741, "Visual Studio 2026 18.0", "2025-11-11", "learn.microsoft.com/visualstudio/releases/2026/release-history", About),
    release((14, 51), 36231..=36270, "Visual C++ 14.51", "", COMPILERS, About),
    release((14, 52), 36800..=37100, "Visual C++ 14.52", "", COMPILERS, About),
];

#[cfg(test)]
mod tests {
    use super::{RELEASES, Release};

    #[test]
    fn the_table_is_sorted_and_no_build_of_a_version_has_two_releases() {
        for (row, next) in RELEASES.iter().zip(&RELEASES[1..]) {
            assert!(
                row.linker < next.linker || (row.linker == next.linker && row.builds.end() < next.builds.start()),
                "{} {}",
                row.name,
                next.name
            );
        }
    }

    #[test]
    fn builds_of_version_14_grow_with_the_minor_version() {
        let rows: Vec<_> = RELEASES.iter().filter(|row| row.linker.0 == 14).collect();
        for (row, next) in rows.iter().zip(&rows[1..]) {
            assert!(row.builds.end() < next.builds.start(), "{} {}", row.name, next.name);
        }
    }

    #[test]
    fn a_build_has_its_release_and_a_foreign_one_has_none() {
        assert_eq!(Release::of_family((9, 0), 30729).unwrap().name, "Visual C++ 2008, Service Pack 1");
        assert_eq!(Release::of_family((9, 0), 40219), None);
        assert_eq!(Release::of_family((14, 0), 35228).unwrap().linker, (14, 44));
    }

    #[test]
    fn the_builds_of_a_minor_version_end_before_the_next() {
        let span = Release::span((14, 43)).unwrap();
        assert!(span.contains(&34809) && !span.contains(&35205) && !span.contains(&34123), "{span:?}");
        assert!(Release::span((14, 12)).unwrap().contains(&25711), "a pre-release that built parts of .NET");
        assert_eq!(Release::span((14, 99)), None);
    }
}

//! The tests of programs in Go, which are the same in every format.

use std::ops::Range;

use super::{GoBuild, TableVersion, names_version};
use crate::artefact::consistency::Outcome;

/// Returns whether the table of functions is of the version that build information names; `base` is where places count from.
pub(crate) fn table_outcome(go: Option<&GoBuild<'_>>, table: Option<(usize, TableVersion)>, base: usize) -> Outcome {
    let (Some(go), Some((at, table))) = (go, table) else {
        return Outcome::NotRun("there is no build information of Go, or no table of functions");
    };
    let Some(version) = go.numbers() else { return Outcome::NotRun("the version of Go is no released one") };
    if (table.from..table.before).contains(&version) {
        return Outcome::Consistent;
    }
    Outcome::Inconsistent {
        loci: vec![moved(go.version.range(), base), moved(at..at + 4, base)],
        explain: format!(
            "build information names Go {}, but the table of functions begins with {:08x}, which Go writes from {}.{}{}",
            version.in_words(),
            table.mark,
            table.from.0,
            table.from.1,
            if table.before.0 == u32::MAX {
                " on".to_owned()
            } else {
                format!(" to before {}.{}", table.before.0, table.before.1)
            }
        ),
    }
}

/// Returns whether the version of build information stands among the texts of the program as well.
pub(crate) fn version_outcome(go: Option<&GoBuild<'_>>, bytes: &[u8], ranges: &[Range<usize>], base: usize) -> Outcome {
    // Only Go from 1.18 on writes the version in place.
    let Some(go) = go.filter(|go| go.is_inline && go.numbers().is_some()) else {
        return Outcome::NotRun("there is no build information of Go from 1.18 on");
    };
    // A distribution may add words behind the version.
    let version = go.version.bytes.split(|byte| *byte == b' ').next().unwrap_or_default();
    let own = go.at..go.modules.range().end.max(go.version.range().end);
    if ranges.iter().any(|range| names_version(bytes, range.clone(), version, &own)) {
        return Outcome::Consistent;
    }
    Outcome::Inconsistent {
        loci: vec![moved(go.version.range(), base)],
        explain: format!(
            "build information names {:?}, but the program does not hold that version a second time, as programs in Go do",
            go.version.lossy()
        ),
    }
}

fn moved(range: Range<usize>, base: usize) -> Range<usize> {
    range.start + base..range.end + base
}

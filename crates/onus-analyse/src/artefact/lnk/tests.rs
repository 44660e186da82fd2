//! The consistency tests of shell links, sorted by identifier.

mod lnk_item_is_target;
mod lnk_item_times_agree;
mod lnk_sizes_agree;
mod lnk_tracked_in_life;

use super::Lnk;
use crate::artefact::consistency::ConsistencyTest;

/// Every test of this format.
pub(super) const TESTS: &[ConsistencyTest<Lnk>] = &[
    lnk_item_is_target::LNK_ITEM_IS_TARGET,
    lnk_item_times_agree::LNK_ITEM_TIMES_AGREE,
    lnk_sizes_agree::LNK_SIZES_AGREE,
    lnk_tracked_in_life::LNK_TRACKED_IN_LIFE,
];

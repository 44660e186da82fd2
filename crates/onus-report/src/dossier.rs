//! What goes into a dossier: plain values, gathered by whoever has the case open.

use onus_core::{AnalyserRun, Exhibit, Observation};
use onus_weigh::{Assessment, Sheet};

/// The most observations of one exhibit that a page shows.
pub const OBSERVATIONS_MAX: usize = 200;

/// All that a dossier shows.
#[derive(Clone, Copy, Debug)]
pub struct Dossier<'a> {
    /// The case sheet that was weighed.
    pub sheet: &'a Sheet,
    /// What it came to.
    pub assessment: &'a Assessment,
    /// The exhibits of the case, in the order in which they were entered.
    pub exhibits: &'a [ExhibitRecord],
    /// What the ledger says of itself; absent for a sheet without a case folder.
    pub ledger: Option<&'a LedgerFacts>,
    /// What the owners of the reference data ask to be shown wherever they are used; shown only if they were.
    pub notices: &'a [String],
}

/// One exhibit as it stands in the ledger.
#[derive(Clone, Debug)]
pub struct ExhibitRecord {
    /// Number of the entry that added it.
    pub entry: u64,
    /// When it was added, as the ledger has it.
    pub added: String,
    /// Its name when it was handed in.
    pub name: String,
    /// The source that supplied it: an id of the sheet.
    pub source: Option<String>,
    /// Its digests and size.
    pub exhibit: Exhibit,
    /// The newest run of the analysers over it; absent when none ran.
    pub run: Option<RunRecord>,
}

/// One run of the analysers over one exhibit.
#[derive(Clone, Debug)]
pub struct RunRecord {
    /// Number of the entry that holds the run.
    pub entry: u64,
    /// How well the run was shut off from the machine, in words.
    pub isolation: String,
    /// How it ended, in words.
    pub outcome: String,
    /// How many observations were read.
    pub observation_count: usize,
    /// The first of them, in order; a page shows no more than [`OBSERVATIONS_MAX`].
    pub observations: Vec<Observation>,
    /// The analysers that ran.
    pub analysers: Vec<AnalyserRun>,
}

/// What the ledger of a case says of itself.
#[derive(Clone, Debug)]
pub struct LedgerFacts {
    /// Its origin line.
    pub origin: String,
    /// The key that signs its checkpoints.
    pub key: String,
    /// Number of entries.
    pub size: u64,
    /// Root hash of the tree over them.
    pub root: String,
    /// The newest checkpoint, as signed.
    pub checkpoint: String,
    /// Who outside has bound it, in words; empty when nobody has.
    pub bounds: Vec<String>,
    /// Number of the entry that holds this assessment.
    pub assessment_entry: Option<u64>,
}

//! `onus reindex`.

use std::path::PathBuf;

use onus::{Case, Index};

use crate::{
    failure::{Failure, Status},
    output::Output,
    progress,
};

/// Builds index.sqlite anew from the ledger and the bodies
///
/// The index is derived: nothing is lost when it is deleted.
/// Building it twice from the same log gives the same bytes.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The folder of the case
    #[arg(default_value = ".")]
    case: PathBuf,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Status, Failure> {
    let case = Case::open(&args.case)?;
    let sign = progress::spinner(output, "indexing");
    let built = Index::rebuild(&case);
    sign.finish_and_clear();
    built?;
    output.line(format_args!("built the index anew: {}", case.root().join("index.sqlite").display()))?;
    Ok(Status::Done)
}

//! What is read of a Mach-O file before its tests run.

use super::{
    commands::Commands,
    fat::File,
    image::Image,
    signature::Signature,
    symbols::{Symbol, Symbols},
};
use crate::artefact::consistency::Outcome;
use crate::artefact::toolchain::{GoBuild, Path, TableVersion, go_build, paths, table_version};

/// Bytes of a section that paths are searched in, at most.
const SEARCHED_MAX: usize = 32 << 20;

/// Sections that hold texts.
const TEXT_SECTIONS: &[&str] = &["__cstring", "__const", "__rodata", "__gopclntab"];

/// What a Mach-O file says.
#[derive(Clone, Debug)]
pub(crate) struct Facts<'a> {
    /// The file.
    pub bytes: &'a [u8],
    /// What each architecture says.
    pub slices: Vec<Slice<'a>>,
}

/// What one architecture says. Places count from its beginning.
#[derive(Clone, Debug)]
pub(crate) struct Slice<'a> {
    /// The tables.
    pub image: Image<'a>,
    /// What load commands say.
    pub commands: Commands<'a>,
    /// The symbol table.
    pub symbols: Symbols<'a>,
    /// The code signature.
    pub signature: Option<Signature<'a>>,
    /// Build information of Go.
    pub go: Option<GoBuild<'a>>,
    /// Where the table of functions of Go is, and what it says of the version.
    pub go_table: Option<(usize, TableVersion)>,
    /// Paths of the machine on which it was built.
    pub paths: Vec<Path>,
    /// Whether the bytes are all of the file.
    pub is_whole: bool,
}

impl<'a> Facts<'a> {
    /// Reads everything of a file.
    pub(crate) fn of(file: File<'a>, is_whole: bool) -> Self {
        let slices = file.slices.into_iter().map(|image| Slice::of(image, is_whole)).collect();
        Self { bytes: file.bytes, slices }
    }

    /// Tests each architecture; the first inconsistency is what came of it.
    pub(crate) fn each(&self, test: fn(&Slice<'_>) -> Outcome) -> Outcome {
        let mut outcome = Outcome::NotRun("no architecture could be read");
        for slice in &self.slices {
            match test(slice) {
                found @ Outcome::Inconsistent { .. } => return found,
                Outcome::Consistent => outcome = Outcome::Consistent,
                Outcome::NotRun(why) if outcome != Outcome::Consistent => outcome = Outcome::NotRun(why),
                Outcome::NotRun(_) => {}
            }
        }
        outcome
    }
}

impl<'a> Slice<'a> {
    fn of(image: Image<'a>, is_whole: bool) -> Self {
        let mut found = Vec::new();
        for section in image.sections().filter(|section| TEXT_SECTIONS.contains(&section.name.as_str())) {
            let end = section.range.end.min(section.range.start.saturating_add(SEARCHED_MAX));
            paths(image.reader.bytes, section.range.start..end, &mut found);
        }
        let table = image.named("__gopclntab").map(|section| section.range.start);
        Self {
            commands: Commands::of(&image),
            symbols: Symbols::of(&image),
            signature: Signature::of(&image),
            go: go(&image),
            go_table: table.and_then(|at| Some((at, table_version(image.reader, at)?))),
            paths: found,
            is_whole,
            image,
        }
    }

    /// Returns the object files that debugging information is in: `N_OSO`, whose value is the time of the file.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Symbol<'a>> {
        self.symbols.symbols.iter().filter(|symbol| symbol.kind == 0x66)
    }

    /// Returns the folders and files of sources that debugging information names: `N_SO`.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &Symbol<'a>> {
        self.symbols.symbols.iter().filter(|symbol| symbol.kind == 0x64 && !symbol.name.bytes.is_empty())
    }
}

fn go<'a>(image: &Image<'a>) -> Option<GoBuild<'a>> {
    let section = image.named("__go_buildinfo")?;
    go_build(image.reader, section.range.clone(), &|address| image.offset(address))
}

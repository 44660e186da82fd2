//! What is read of an image before its tests run.

use std::cell::OnceCell;

use super::{
    certificates::Certificates,
    checksum::{self, Checksum},
    debug::Debug,
    dotnet::Dotnet,
    exports::Exports,
    image::Image,
    imports::Imports,
    load_config::LoadConfig,
    makers::Makers,
    overlay::Overlay,
    resources::Resources,
    rich::Reading,
    signing::{self, Signed},
    version::Version,
};

/// What is read of an image before its tests run.
#[derive(Clone, Debug)]
pub(crate) struct Facts<'a> {
    /// The headers.
    pub image: Image<'a>,
    /// What it asks for.
    pub imports: Imports<'a>,
    /// What it offers.
    pub exports: Option<Exports<'a>>,
    /// The debug directory.
    pub debug: Debug<'a>,
    /// The tree of resources.
    pub resources: Resources,
    /// The blocks of version information.
    pub versions: Vec<Version>,
    /// The load configuration.
    pub load_config: Option<LoadConfig>,
    /// What stands behind the last section.
    pub overlay: Option<Overlay>,
    /// The table of signatures.
    pub certificates: Option<Certificates>,
    /// Whether the bytes are all of the file.
    pub is_whole: bool,
    /// The Rich header.
    pub rich: Reading,
    /// The headers of a .NET assembly.
    pub dotnet: Option<Dotnet<'a>>,
    /// What needs a pass over many bytes is read when it is asked for.
    passes: Passes<'a>,
}

/// What needs a pass over many bytes.
#[derive(Clone, Debug, Default)]
struct Passes<'a> {
    makers: OnceCell<Makers<'a>>,
    signed: OnceCell<Signed>,
    checksum: OnceCell<Checksum>,
}

impl<'a> Facts<'a> {
    /// Reads the structures; what needs a pass over many bytes is left for later.
    pub(crate) fn of(image: Image<'a>, is_whole: bool) -> Self {
        let resources = Resources::of(&image);
        Self {
            imports: Imports::of(&image),
            exports: Exports::of(&image),
            debug: Debug::of(&image),
            versions: Version::all(&image, &resources),
            load_config: LoadConfig::of(&image),
            overlay: Overlay::of(&image),
            certificates: Certificates::of(&image),
            is_whole,
            rich: Reading::of(&image),
            dotnet: Dotnet::of(&image),
            passes: Passes::default(),
            resources,
            image,
        }
    }

    /// Returns what compilers left.
    pub(crate) fn makers(&self) -> &Makers<'a> {
        self.passes.makers.get_or_init(|| Makers::of(&self.image))
    }

    /// Returns whether the file is as it was signed.
    pub(crate) fn signed(&self) -> Signed {
        let state = || signing::state(&self.image, self.certificates.as_ref(), self.is_whole);
        *self.passes.signed.get_or_init(state)
    }

    /// Returns what the checksum says.
    pub(crate) fn checksum(&self) -> Checksum {
        *self.passes.checksum.get_or_init(|| checksum::state(&self.image, self.is_whole))
    }

    /// Returns whether something besides its version shows that the linker is Microsoft's: a Rich header, or one of the
    /// debug records that only it writes.
    pub(crate) fn is_linked_by_microsoft(&self) -> bool {
        self.debug.vc_feature.is_some() || self.debug.pogo.is_some() || self.rich.rich().is_some()
    }
}

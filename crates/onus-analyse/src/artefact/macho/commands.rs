//! What load commands say of the origin: identifier, platform, tools, libraries.

use std::ops::Range;

use super::image::{BUILD_VERSION, Command, ID_DYLIB, Image, LOAD_DYLIB, RPATH, SOURCE_VERSION, UUID};
use crate::artefact::reader::Text;

/// Tools of one command, at most.
const TOOLS_MAX: usize = 64;

/// What the commands of one architecture say. Places count from the beginning of the architecture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Commands<'a> {
    /// `LC_UUID`.
    pub uuid: Option<(&'a [u8], Range<usize>)>,
    /// The platforms that it was built for.
    pub builds: Vec<Build>,
    /// `LC_SOURCE_VERSION`.
    pub source_version: Option<(u64, Range<usize>)>,
    /// The name of the library itself.
    pub name: Option<Library<'a>>,
    /// The libraries that are loaded.
    pub libraries: Vec<Library<'a>>,
    /// Where libraries are searched.
    pub search_paths: Vec<Text<'a>>,
    /// Notes: owner, where the command lies.
    pub notes: Vec<Text<'a>>,
}

/// What it was built for, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Build {
    /// `PLATFORM_…`.
    pub platform: u32,
    /// Version of the oldest system that it runs on.
    pub oldest: u32,
    /// Version of the development kit; zero if it is not said.
    pub kit: u32,
    /// The tools: which, version, where it is written.
    pub tools: Vec<(u32, u32, Range<usize>)>,
    /// Where the command lies.
    pub range: Range<usize>,
    /// Whether it is the newer command `LC_BUILD_VERSION`.
    pub is_newer: bool,
}

/// A library that is loaded, or the library itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Library<'a> {
    /// Its path.
    pub name: Text<'a>,
    /// A stamp, for which linkers write a constant.
    pub stamp: u32,
    /// Its version when this file was linked.
    pub version: u32,
    /// The oldest version that will do.
    pub compatible: u32,
    /// Where the command lies.
    pub range: Range<usize>,
}

impl Build {
    /// Returns the name of the platform.
    pub(crate) fn platform_name(&self) -> String {
        const NAMES: &[&str] = &[
            "macOS",
            "iOS",
            "tvOS",
            "watchOS",
            "bridgeOS",
            "Mac Catalyst",
            "iOS simulator",
            "tvOS simulator",
            "watchOS simulator",
            "DriverKit",
            "visionOS",
            "visionOS simulator",
        ];
        let index = (self.platform as usize).checked_sub(1);
        index
            .and_then(|index| NAMES.get(index))
            .map_or_else(|| format!("platform {}", self.platform), |name| (*name).to_owned())
    }

    /// Returns the version of the linker, if it is said.
    pub(crate) fn linker(&self) -> Option<(u32, Range<usize>)> {
        self.tools.iter().find(|tool| tool.0 == 3).map(|tool| (tool.1, tool.2.clone()))
    }
}

impl<'a> Commands<'a> {
    /// Reads the commands.
    pub(crate) fn of(image: &Image<'a>) -> Self {
        let mut commands = Self::default();
        for command in &image.commands {
            let range = command.range.clone();
            match command.kind {
                UUID => {
                    let uuid = image.reader.slice(range.start + 8, 16).filter(|_| range.len() >= 24);
                    commands.uuid = commands.uuid.or(uuid.map(|uuid| (uuid, range)));
                }
                BUILD_VERSION => commands.builds.extend(build(image, command)),
                0x24 | 0x25 | 0x2f | 0x30 => commands.builds.extend(old_build(image, command)),
                SOURCE_VERSION => {
                    let version = image.reader.u64(range.start + 8).filter(|_| range.len() >= 16);
                    commands.source_version = commands.source_version.or(version.map(|version| (version, range)));
                }
                ID_DYLIB => commands.name = library(image, command),
                LOAD_DYLIB | 0x18 | 0x1f | 0x20 | 0x23 => commands.libraries.extend(library(image, command)),
                RPATH => commands.search_paths.extend(image.text(command, 8)),
                super::image::NOTE => commands.notes.extend(image.reader.text(range.start + 8, range.start + 24)),
                _ => {}
            }
        }
        commands
    }
}

fn build(image: &Image<'_>, command: &Command) -> Option<Build> {
    let count = (image.field(command, 20)? as usize).min(TOOLS_MAX);
    let tool = |index: usize| {
        let at = command.range.start + 24 + index * 8;
        let (tool, version) = (image.field(command, 24 + index * 8)?, image.field(command, 28 + index * 8)?);
        Some((tool, version, at..at + 8))
    };
    Some(Build {
        platform: image.field(command, 8)?,
        oldest: image.field(command, 12)?,
        kit: image.field(command, 16)?,
        tools: (0..count).filter_map(tool).collect(),
        range: command.range.clone(),
        is_newer: true,
    })
}

fn old_build(image: &Image<'_>, command: &Command) -> Option<Build> {
    let platform = match command.kind {
        0x24 => 1,
        0x25 => 2,
        0x2f => 3,
        _ => 4,
    };
    Some(Build {
        platform,
        oldest: image.field(command, 8)?,
        kit: image.field(command, 12)?,
        tools: Vec::new(),
        range: command.range.clone(),
        is_newer: false,
    })
}

fn library<'a>(image: &Image<'a>, command: &Command) -> Option<Library<'a>> {
    Some(Library {
        name: image.text(command, 8)?,
        stamp: image.field(command, 12)?,
        version: image.field(command, 16)?,
        compatible: image.field(command, 20)?,
        range: command.range.clone(),
    })
}

/// Returns a packed version in words: `13.3`, `1319.100.3`.
pub(crate) fn version_in_words(version: u32) -> String {
    let (major, minor, last) = (version >> 16, version >> 8 & 0xff, version & 0xff);
    if last == 0 { format!("{major}.{minor}") } else { format!("{major}.{minor}.{last}") }
}

/// Returns a source version in words: 24 bits, then four times 10 bits.
pub(crate) fn source_in_words(version: u64) -> String {
    let part = |shift: u32| version >> shift & 0x3ff;
    let numbers = [version >> 40, part(30), part(20), part(10), part(0)];
    let len = numbers.iter().rposition(|number| *number != 0).map_or(1, |last| last + 1);
    numbers.iter().take(len).map(u64::to_string).collect::<Vec<_>>().join(".")
}

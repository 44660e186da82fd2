//! The stream `dir` of a VBA project: a list of records (`[MS-OVBA]`, 2.3.4.2).

use crate::artefact::{
    code_page,
    little_endian::{u16_at, u32_at},
};

/// Records that are read, at most.
const RECORDS_MAX: usize = 100_000;

/// The code page where the project does not say one.
const CODE_PAGE: u16 = 1252;

/// What the stream says.
#[derive(Clone, Debug, Default)]
pub(super) struct Project {
    pub system: Option<u32>,
    pub lcid: Option<u32>,
    pub lcid_invoke: Option<u32>,
    pub code_page: Option<u16>,
    pub name: String,
    pub description: String,
    pub version: Option<(u32, u16)>,
    pub references: Vec<Reference>,
    pub modules: Vec<Module>,
}

/// A library or another project.
#[derive(Clone, Debug, Default)]
pub(super) struct Reference {
    pub name: String,
    pub library: String,
}

/// A module.
#[derive(Clone, Debug, Default)]
pub(super) struct Module {
    pub name: String,
    pub stream: String,
    pub offset: u32,
}

impl Project {
    /// Reads the records, to the first that is damaged.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut project = Self::default();
        let mut name = String::new();
        let mut at = 0;
        for _ in 0..RECORDS_MAX {
            let (Some(id), Some(len)) = (u16_at(bytes, at), u32_at(bytes, at + 2)) else { break };
            // The record of the version says 4, and has two bytes more.
            let len = if id == 9 { 6 } else { len as usize };
            let Some(data) = at.checked_add(6).and_then(|from| bytes.get(from..from.checked_add(len)?)) else { break };
            at += 6 + len;
            project.take(id, data, &mut name);
        }
        project
    }

    fn take(&mut self, id: u16, data: &[u8], name: &mut String) {
        let text = |bytes: &[u8]| code_page::decode(self.code_page.unwrap_or(CODE_PAGE), bytes);
        match id {
            0x01 => self.system = u32_at(data, 0),
            0x02 => self.lcid = u32_at(data, 0),
            0x14 => self.lcid_invoke = u32_at(data, 0),
            0x03 => self.code_page = u16_at(data, 0),
            0x04 => self.name = text(data),
            0x05 => self.description = text(data),
            0x09 => self.version = u32_at(data, 0).zip(u16_at(data, 4)),
            0x16 => *name = text(data),
            0x0d | 0x0e | 0x2f | 0x33 => {
                // A record of the original library is the text itself, the others begin with its length.
                let library = if id == 0x33 { Some(data) } else { measured(data) };
                let library = text(library.unwrap_or_default());
                self.references.push(Reference { name: name.clone(), library });
            }
            0x19 => {
                let name = text(data);
                self.modules.push(Module { name, ..Module::default() });
            }
            0x1a => {
                let stream = text(data);
                if let Some(module) = self.modules.last_mut() {
                    module.stream = stream;
                }
            }
            0x31 => {
                if let Some(module) = self.modules.last_mut() {
                    module.offset = u32_at(data, 0).unwrap_or_default();
                }
            }
            _ => {}
        }
    }
}

fn measured(data: &[u8]) -> Option<&[u8]> {
    let len = u32_at(data, 0)? as usize;
    data.get(4..len.checked_add(4)?)
}

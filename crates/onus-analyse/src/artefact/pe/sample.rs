//! Small images for unit tests, made of what a test compares.

use super::{Pe, facts::Facts, image::Image, rich};
use crate::artefact::consistency::{ConsistencyTest, Outcome};

/// Where the two sections lie in memory and in the file.
const CODE: (usize, usize) = (0x1000, 0x400);
const DATA: (usize, usize) = (0x2000, 0x600);

/// What an image is made of.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub machine: u16,
    pub linker: (u8, u8),
    pub entries: Vec<(u16, u16, u32)>,
    pub libraries: Vec<(String, usize)>,
    pub exports: bool,
    pub resources: bool,
    /// Records of the debug directory: type and bytes.
    pub records: Vec<(u32, Vec<u8>)>,
    pub load_config: Option<u32>,
    pub code: Vec<u8>,
    pub data: Vec<u8>,
    pub is_library: bool,
    /// Bytes that the Rich header is moved by, and that the PE header is moved by.
    pub gap: usize,
}

impl Default for Sample {
    fn default() -> Self {
        Self {
            machine: 0x8664,
            linker: (14, 44),
            entries: Vec::new(),
            libraries: Vec::new(),
            exports: false,
            resources: false,
            records: Vec::new(),
            load_config: None,
            code: vec![0xc3],
            data: Vec::new(),
            is_library: true,
            gap: 0,
        }
    }
}

impl Sample {
    /// Returns what linker 14.44 writes of a small DLL that uses the run-time DLL.
    pub(crate) fn ordinary() -> Self {
        Self {
            entries: vec![
                (0x93, 30729, 2),
                (0x101, 35207, 2),
                (0x103, 35207, 3),
                (0x104, 35207, 8),
                (0x105, 35207, 13),
                (0x101, 33145, 3),
                (0x01, 0, 9),
                (0x104, 35228, 4),
                (0x102, 35228, 1),
            ],
            libraries: vec![
                ("VCRUNTIME140.dll".into(), 2),
                ("KERNEL32.dll".into(), 2),
                ("api-ms-win-crt-runtime-l1-1-0.dll".into(), 1),
            ],
            ..Self::default()
        }
    }

    pub(crate) fn of(mut self, entries: &[(u16, u16, u32)]) -> Self {
        self.entries = entries.to_vec();
        self
    }

    pub(crate) fn linked_by(mut self, major: u8, minor: u8) -> Self {
        self.linker = (major, minor);
        self
    }

    pub(crate) fn importing(mut self, libraries: &[(&str, usize)]) -> Self {
        self.libraries = libraries.iter().map(|(name, functions)| ((*name).to_owned(), *functions)).collect();
        self
    }

    pub(crate) fn with_record(mut self, kind: u32, words: &[u32]) -> Self {
        self.records.push((kind, words.iter().flat_map(|word| word.to_le_bytes()).collect()));
        self
    }

    /// Returns the same sample with another count, or without the entry if the count is zero.
    pub(crate) fn with_count(mut self, product: u16, count: u32) -> Self {
        self.entries.iter_mut().filter(|entry| entry.0 == product).for_each(|entry| entry.2 = count);
        self.entries.retain(|entry| entry.2 > 0);
        self
    }

    /// Returns what came of a test.
    pub(crate) fn outcome(&self, test: &ConsistencyTest<Pe>) -> Outcome {
        self.with_facts(|facts| (test.run)(facts))
    }

    /// Returns the explanation of a test, empty where it found no contradiction; checks that its first place is the
    /// Rich header and that all lie inside the file.
    pub(crate) fn contradiction(&self, test: &ConsistencyTest<Pe>) -> String {
        let len = self.bytes().len();
        match self.outcome(test) {
            Outcome::Inconsistent { loci, explain } => {
                assert_eq!(loci.first().map(|place| place.start), Some(0x80), "{}", test.id);
                assert!(loci.iter().all(|place| place.end <= len && place.start < place.end), "{} {loci:?}", test.id);
                explain
            }
            Outcome::Consistent => String::new(),
            Outcome::NotRun(why) => panic!("{} did not run: {why}", test.id),
        }
    }

    /// Returns whether a test did not run.
    pub(crate) fn is_not_run(&self, test: &ConsistencyTest<Pe>) -> bool {
        matches!(self.outcome(test), Outcome::NotRun(_))
    }

    pub(crate) fn with_facts<T>(&self, read: impl FnOnce(&Facts<'_>) -> T) -> T {
        let bytes = self.bytes();
        read(&Facts::of(Image::of(&bytes).expect("the sample is an image"), true))
    }

    /// Returns the bytes of the image.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let (data, directories) = self.data();
        let mut bytes = if self.entries.is_empty() { vec![0; 0x80] } else { rich::tests::area(&self.entries) };
        bytes[..2].copy_from_slice(b"MZ");
        let header = self.header_offset(&bytes);
        bytes[0x3c..0x40].copy_from_slice(&(header as u32).to_le_bytes());
        bytes.resize(header, 0);
        bytes.extend(b"PE\0\0");
        bytes.extend(self.headers(&directories));
        bytes.resize(CODE.1, 0);
        bytes.extend(&self.code);
        bytes.resize(DATA.1, 0);
        bytes.extend(&data);
        bytes.resize(bytes.len().next_multiple_of(0x200), 0);
        bytes
    }

    /// Returns where linkers put the PE header: behind the Rich header, by an offset that depends on the key.
    fn header_offset(&self, area: &[u8]) -> usize {
        if self.entries.is_empty() {
            return 0x80;
        }
        let key = u32::from_le_bytes(area[area.len() - 4..].try_into().expect("four bytes"));
        0xa0 + ((key >> 5) as usize % 3 + self.entries.len()) * 8 + self.gap
    }

    /// Returns the bytes of the file header, optional header and section table.
    fn headers(&self, directories: &[(usize, usize, usize)]) -> Vec<u8> {
        let is_64 = self.machine != 0x14c;
        let mut optional = vec![0_u8; if is_64 { 240 } else { 224 }];
        let mut put = |at: usize, bytes: &[u8]| optional[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &(if is_64 { 0x20b_u16 } else { 0x10b }).to_le_bytes());
        put(2, &[self.linker.0, self.linker.1]);
        put(32, &0x1000_u32.to_le_bytes());
        put(36, &0x200_u32.to_le_bytes());
        put(56, &0x4000_u32.to_le_bytes());
        put(60, &0x400_u32.to_le_bytes());
        let table = if is_64 { 112 } else { 96 };
        put(table - 4, &16_u32.to_le_bytes());
        for &(number, address, size) in directories {
            put(table + 8 * number, &(address as u32).to_le_bytes());
            put(table + 8 * number + 4, &(size as u32).to_le_bytes());
        }
        let mut headers = Vec::new();
        headers.extend(self.machine.to_le_bytes());
        headers.extend(2_u16.to_le_bytes());
        headers.extend([0; 12]);
        headers.extend((optional.len() as u16).to_le_bytes());
        headers.extend((if self.is_library { 0x2022_u16 } else { 0x22 }).to_le_bytes());
        headers.extend(optional);
        for (name, (address, at), size, flags) in
            [(b".text\0\0\0", CODE, 0x200_u32, 0x6000_0020_u32), (b".rdata\0\0", DATA, 0x2000, 0x4000_0040)]
        {
            headers.extend(name);
            for word in [size, address as u32, size, at as u32, 0, 0, 0, flags] {
                headers.extend(word.to_le_bytes());
            }
        }
        headers
    }

    /// Returns the bytes of the data section, and the directories: number, address, size.
    fn data(&self) -> (Vec<u8>, Vec<(usize, usize, usize)>) {
        let mut data = vec![0; 16];
        data.extend(&self.data);
        data.resize(data.len().next_multiple_of(16), 0);
        let mut directories = Vec::new();
        let address = |data: &[u8]| DATA.0 + data.len();
        if self.exports {
            directories.push((0, address(&data), 40));
            data.resize(data.len() + 40, 0);
        }
        if self.resources {
            directories.push((2, address(&data), 16));
            data.resize(data.len() + 16, 0);
        }
        if let Some(size) = self.load_config {
            directories.push((10, address(&data), 64));
            data.extend(size.to_le_bytes());
            data.resize(data.len() + 60, 0);
        }
        self.put_imports(&mut data, &mut directories);
        self.put_records(&mut data, &mut directories);
        (data, directories)
    }

    fn put_imports(&self, data: &mut Vec<u8>, directories: &mut Vec<(usize, usize, usize)>) {
        if self.libraries.is_empty() {
            return;
        }
        let word = if self.machine == 0x14c { 4 } else { 8 };
        let mut descriptors = Vec::new();
        for (name, functions) in &self.libraries {
            data.resize(data.len().next_multiple_of(8), 0);
            let table = DATA.0 + data.len();
            for ordinal in 1..=*functions {
                let mut entry = (ordinal as u64).to_le_bytes()[..word].to_vec();
                entry[word - 1] = 0x80;
                data.extend(entry);
            }
            data.resize(data.len() + word, 0);
            descriptors.extend([table, 0, 0, DATA.0 + data.len(), table]);
            data.extend(name.as_bytes());
            data.push(0);
        }
        data.resize(data.len().next_multiple_of(4), 0);
        directories.push((1, DATA.0 + data.len(), 20 * (self.libraries.len() + 1)));
        data.extend(descriptors.iter().flat_map(|word| (*word as u32).to_le_bytes()));
        data.resize(data.len() + 20, 0);
    }

    fn put_records(&self, data: &mut Vec<u8>, directories: &mut Vec<(usize, usize, usize)>) {
        if self.records.is_empty() {
            return;
        }
        data.resize(data.len().next_multiple_of(4), 0);
        let mut entries = Vec::new();
        for (kind, record) in &self.records {
            let at = data.len();
            data.extend(record);
            entries.extend([0, 0, 0, *kind, record.len() as u32, (DATA.0 + at) as u32, (DATA.1 + at) as u32]);
        }
        directories.push((6, DATA.0 + data.len(), 28 * self.records.len()));
        data.extend(entries.iter().flat_map(|word| word.to_le_bytes()));
    }
}

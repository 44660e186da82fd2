//! The objects of a PDF, found by their marks: trailers, objects by number, streams of objects.

use std::{collections::BTreeMap, ops::Range};

use super::object::{Value, is_space, value};
use crate::artefact::inflate::inflate_zlib;

/// Objects and trailers that are found, at most.
const OBJECTS_MAX: usize = 500_000;
const TRAILERS_MAX: usize = 200;

/// Bytes that are unpacked of one stream, and of all.
const STREAM_MAX: usize = 8 << 20;
const STREAMS_MAX: usize = 64 << 20;

/// Bytes that a stream counts for, at least.
const COST_MIN: usize = 4096;

/// Bytes of the dictionary of an object in which its type is looked for.
const HEAD: usize = 1024;

/// Digits of the number of an object, at most.
const DIGITS_MAX: usize = 10;

/// A dictionary, and where it lies.
#[derive(Clone, Debug)]
pub(super) struct Object {
    /// The value.
    pub value: Value,
    /// For an object in a stream, the place of the packed stream; its values have no other place.
    stream: Option<Range<usize>>,
}

/// A stream, unpacked.
pub(super) struct Stream {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The place of the packed bytes.
    pub range: Range<usize>,
}

/// A file.
pub(super) struct File<'a> {
    /// The file, or the beginning of it.
    pub bytes: &'a [u8],
    /// Offset of the value of each object, the last of a number.
    objects: BTreeMap<u32, usize>,
    /// Trailers and dictionaries of cross-reference streams, in order.
    pub trailers: Vec<Object>,
    /// Streams of objects, unpacked.
    pub streams: Vec<Stream>,
    /// Objects in streams: stream, offset.
    packed: BTreeMap<u32, (usize, usize)>,
    /// Whether there is a dictionary of encryption.
    pub is_encrypted: bool,
    left: usize,
    is_cut: bool,
}

impl Object {
    /// Returns the place in the file of a place in the value.
    pub(super) fn place(&self, range: &Range<usize>) -> Range<usize> {
        self.stream.clone().unwrap_or_else(|| range.clone())
    }
}

impl<'a> File<'a> {
    /// Finds the objects of a file.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let mut file = Self {
            bytes,
            objects: BTreeMap::new(),
            trailers: Vec::new(),
            streams: Vec::new(),
            packed: BTreeMap::new(),
            is_encrypted: false,
            left: STREAMS_MAX,
            is_cut: false,
        };
        file.find_objects();
        file.find_trailers();
        file.is_encrypted = file.trailers.iter().any(|trailer| trailer.value.get("Encrypt").is_some());
        file
    }

    /// Returns the dictionary that the last trailer which names it refers to.
    pub(super) fn named(&self, key: &str) -> Option<Object> {
        let found = self.trailers.iter().rev().find_map(|trailer| Some((trailer, trailer.value.get(key)?)))?;
        match found {
            (_, Value::Reference(number)) => self.object(*number),
            (trailer, value @ Value::Dictionary(_)) => {
                Some(Object { value: value.clone(), stream: trailer.stream.clone() })
            }
            _ => None,
        }
    }

    /// Returns an object by its number.
    pub(super) fn object(&self, number: u32) -> Option<Object> {
        if let Some(at) = self.objects.get(&number) {
            return Some(Object { value: value(self.bytes, *at)?.0, stream: None });
        }
        let (stream, at) = self.packed.get(&number)?;
        let stream = self.streams.get(*stream)?;
        Some(Object { value: value(&stream.bytes, *at)?.0, stream: Some(stream.range.clone()) })
    }

    /// Returns the unpacked content of the stream that an object at an offset has.
    pub(super) fn unpacked(&self, at: usize, len_max: usize) -> Option<(Value, Stream)> {
        let (dictionary, end) = value(self.bytes, at)?;
        let rest = self.bytes.get(end..)?;
        let skipped = rest.iter().take_while(|byte| is_space(**byte)).count();
        let body = rest.get(skipped..)?.strip_prefix(b"stream")?;
        let body = body.strip_prefix(b"\r\n").or_else(|| body.strip_prefix(b"\n")).unwrap_or(body);
        let start = self.bytes.len() - body.len();
        let body = body.get(..body.len().min(STREAM_MAX))?;
        let stated = match dictionary.get("Length") {
            Some(Value::Number(len)) => usize::try_from(*len).ok().filter(|len| *len <= body.len()),
            _ => None,
        };
        let len = stated.or_else(|| memchr::memmem::find(body, b"endstream")).unwrap_or(body.len());
        let packed = body.get(..len)?;
        let is_flate = match dictionary.get("Filter") {
            None => false,
            Some(Value::Name(name)) => name == "FlateDecode" || name == "Fl",
            Some(Value::Array(filters)) => {
                matches!(filters.as_slice(), [Value::Name(name)] if name == "FlateDecode")
            }
            Some(_) => return None,
        };
        let bytes =
            if is_flate { inflate_zlib(packed, len_max).bytes } else { packed.get(..len.min(len_max))?.to_vec() };
        Some((dictionary, Stream { bytes, range: start..start + len }))
    }

    /// Returns the offsets of the objects that have a type.
    pub(super) fn of_type(&self, wanted: &[u8]) -> Vec<usize> {
        let is_wanted = |at: &usize| {
            let head = self.bytes.get(*at..self.bytes.len().min(at + HEAD)).unwrap_or_default();
            memchr::memmem::find(head, wanted).is_some()
        };
        let mut found: Vec<usize> = self.objects.values().copied().filter(is_wanted).collect();
        found.sort_unstable();
        found
    }

    /// Returns what the limits kept from being read, in words.
    pub(super) fn what_was_left_out(&self) -> Option<String> {
        self.is_cut.then(|| {
            format!("not all objects are read: at most {OBJECTS_MAX} and {} MiB of streams", STREAMS_MAX >> 20)
        })
    }

    fn find_objects(&mut self) {
        let mut count = 0;
        for at in memchr::memmem::find_iter(self.bytes, b"obj") {
            let Some(number) = self.number_before(at) else { continue };
            count += 1;
            if count > OBJECTS_MAX {
                self.is_cut = true;
                break;
            }
            self.objects.insert(number, at + 3);
        }
        for at in self.of_type(b"/ObjStm") {
            self.read_stream(at);
        }
    }

    /// The number of an object whose word `obj` stands at an offset.
    fn number_before(&self, at: usize) -> Option<u32> {
        let before = self.bytes.get(at.saturating_sub(2 * DIGITS_MAX + 4)..at)?;
        let mut words = before.rsplit(|byte| is_space(*byte)).filter(|word| !word.is_empty());
        let generation = words.next()?;
        let is_number = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_digit);
        let number = words.next()?;
        let digits = number.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let number = number.get(number.len() - digits..)?;
        (is_number(generation) && is_number(number)).then_some(())?;
        std::str::from_utf8(number).ok()?.parse().ok()
    }

    fn read_stream(&mut self, at: usize) {
        if self.left == 0 {
            self.is_cut = true;
            return;
        }
        let Some((dictionary, stream)) = self.unpacked(at, STREAM_MAX.min(self.left)) else { return };
        self.left = self.left.saturating_sub(stream.bytes.len().max(stream.range.len()).max(COST_MIN));
        let number = |key: &str| match dictionary.get(key) {
            Some(Value::Number(number)) => usize::try_from(*number).ok(),
            _ => None,
        };
        let (Some(count), Some(first)) = (number("N"), number("First")) else { return };
        let head = stream.bytes.get(..first.min(stream.bytes.len())).unwrap_or_default();
        let words = head.split(|byte| is_space(*byte)).filter(|word| !word.is_empty());
        let numbers: Vec<usize> = words
            .take(2 * count.min(OBJECTS_MAX))
            .map_while(|word| std::str::from_utf8(word).ok()?.parse().ok())
            .collect();
        for pair in numbers.chunks_exact(2) {
            if let [number, offset] = pair
                && let Ok(number) = u32::try_from(*number)
                && self.packed.len() < OBJECTS_MAX
            {
                self.packed.insert(number, (self.streams.len(), first.saturating_add(*offset)));
            }
        }
        self.streams.push(stream);
    }

    fn find_trailers(&mut self) {
        let plain = memchr::memmem::find_iter(self.bytes, b"trailer").map(|at| at + 7);
        let mut places: Vec<usize> = plain.take(TRAILERS_MAX).collect();
        places.extend(self.of_type(b"/XRef").into_iter().take(TRAILERS_MAX));
        places.sort_unstable();
        let read = places.into_iter().filter_map(|at| {
            let value = value(self.bytes, at)?.0;
            let is_trailer = ["Root", "Info", "ID"].iter().any(|key| value.get(key).is_some());
            is_trailer.then_some(Object { value, stream: None })
        });
        self.trailers = read.collect();
    }
}

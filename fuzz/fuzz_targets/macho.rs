//! Bytes that are told to be a Mach-O file by what stands before them.
#![no_main]

use onus_analyse::{Subject, check_answer, observe};
use onus_core::{Digest, Exhibit};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (choice, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let marks: [&[u8]; 5] = [
        b"\xcf\xfa\xed\xfe",
        b"\xce\xfa\xed\xfe",
        b"\xfe\xed\xfa\xcf",
        b"\xca\xfe\xba\xbe\0\0\0\x02",
        b"\xca\xfe\xba\xbf\0\0\0\x01",
    ];
    let bytes = [marks[usize::from(*choice) % marks.len()], rest].concat();
    let exhibit =
        Exhibit { sha256: Digest::of(&bytes), sha1: String::new(), md5: String::new(), size: bytes.len() as u64 };
    let set = observe(&Subject { exhibit: &exhibit, bytes: &bytes });
    check_answer(&set, &exhibit).unwrap();
});

//! Bytes as the data of an image, so that texts are searched, read in every code page and put into their places.
#![no_main]

use onus_analyse::{Subject, check_answer, observe};
use onus_core::{Digest, Exhibit};

/// Headers of an image of 64 bits with one section of data, which begins at 0x200.
fn headers() -> Vec<u8> {
    let mut headers = vec![0; 0x200];
    let mut put = |at: usize, bytes: &[u8]| headers[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"MZ");
    put(0x3c, &[0x40]);
    put(0x40, b"PE\0\0\x64\x86\x01\0");
    put(0x54, &[0xf0, 0, 0x22, 0]);
    put(0x58, &[0x0b, 0x02]);
    put(0x78, &[0, 0x10, 0, 0, 0, 2, 0, 0]);
    put(0x90, &[0, 0x10, 1, 0, 0, 2, 0, 0]);
    put(0xc4, &[16]);
    put(0x148, b".rdata\0\0\0\0\x01\0\0\x10\0\0\0\0\x01\0\0\x02\0\0");
    put(0x16c, &[0x40, 0, 0, 0x40]);
    headers
}

libfuzzer_sys::fuzz_target!(|rest: &[u8]| {
    let bytes = [headers(), rest.to_vec()].concat();
    let exhibit =
        Exhibit { sha256: Digest::of(&bytes), sha1: String::new(), md5: String::new(), size: bytes.len() as u64 };
    let set = observe(&Subject { exhibit: &exhibit, bytes: &bytes });
    check_answer(&set, &exhibit).unwrap();
});

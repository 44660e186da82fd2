//! Bytes that stand where a small ELF program has its code, for 32 and 64 bits.
#![no_main]

use onus_analyse::{Subject, check_answer, observe};
use onus_core::{Digest, Exhibit};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (choice, code) = bytes.split_first().unwrap_or((&0, &[]));
    let bytes = [head(if choice % 2 == 0 { 62 } else { 3 }, code.len() as u64).as_slice(), code].concat();
    let exhibit =
        Exhibit { sha256: Digest::of(&bytes), sha1: String::new(), md5: String::new(), size: bytes.len() as u64 };
    let set = observe(&Subject { exhibit: &exhibit, bytes: &bytes });
    check_answer(&set, &exhibit).unwrap();
});

/// Everything of an ELF file but the code, which follows: header, three sections, their names.
fn head(machine: u16, code_len: u64) -> Vec<u8> {
    const NAMES: &[u8] = b"\0.text\0.shstrtab\0";
    const SECTIONS: u64 = 64;
    const NAMES_AT: u64 = SECTIONS + 3 * 64;
    let mut head = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0".to_vec();
    head.extend(machine.to_le_bytes());
    head.extend(1_u32.to_le_bytes());
    for number in [0x1000, 0, SECTIONS] {
        head.extend(number.to_le_bytes());
    }
    head.extend([0, 0, 0, 0, 64, 0, 56, 0, 0, 0, 64, 0, 3, 0, 2, 0]);
    head.extend([0; 64]);
    section(&mut head, [1, 1], [6, 0x1000, NAMES_AT + NAMES.len() as u64, code_len], 16);
    section(&mut head, [7, 3], [0, 0, NAMES_AT, NAMES.len() as u64], 1);
    head.extend(NAMES);
    head
}

fn section(head: &mut Vec<u8>, name_and_type: [u32; 2], rest: [u64; 4], align: u64) {
    name_and_type.into_iter().for_each(|number| head.extend(number.to_le_bytes()));
    rest.into_iter().for_each(|number| head.extend(number.to_le_bytes()));
    head.extend([0; 8]);
    head.extend(align.to_le_bytes());
    head.extend([0; 8]);
}

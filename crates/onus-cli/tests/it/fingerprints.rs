//! Files that a user attributed, and what others share with them.

use serde_json::Value;

use crate::common::Place;

/// An ELF program for x86-64 whose functions move these constants.
fn program(constants: impl Iterator<Item = u32>) -> Vec<u8> {
    let mut code = Vec::new();
    for constant in constants {
        for number in 0..12 {
            code.push(0xb8 + (number % 3));
            code.extend((u32::from(number) * 256 + constant).to_le_bytes());
        }
        // calls something near its own address, as every function of a program would, and returns
        code.push(0xe8);
        code.extend(u32::try_from(code.len()).unwrap().to_le_bytes());
        code.push(0xc3);
    }
    let names = b"\0.text\0.shstrtab\0";
    let at = 256 + names.len() as u64;
    let mut bytes = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0".to_vec();
    for number in [0x1000_u64, 0, 64] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend([0, 0, 0, 0, 64, 0, 56, 0, 0, 0, 64, 0, 3, 0, 2, 0]);
    bytes.extend([0; 64]);
    for (name, sort, rest) in
        [(1_u32, 1_u32, [6, 0x1000, at, code.len() as u64, 0, 16, 0]), (7, 3, [0, 0, 256, names.len() as u64, 0, 1, 0])]
    {
        bytes.extend(name.to_le_bytes());
        bytes.extend(sort.to_le_bytes());
        rest.into_iter().for_each(|number: u64| bytes.extend(number.to_le_bytes()));
    }
    [bytes.as_slice(), names, &code].concat()
}

fn overlaps(place: &Place, file: &str) -> Vec<Value> {
    let ran = place.run(["trace", "--format", "jsonl", file]);
    let line: Value = serde_json::from_str(ran.out.trim_end()).unwrap();
    let all = line["observations"].as_array().unwrap().iter();
    all.filter(|observation| observation["kind"] == "code_overlap").cloned().collect()
}

#[test]
fn code_shared_with_an_attributed_file_is_a_lead_with_its_weight_and_what_else_it_can_mean() {
    let place = Place::new();
    place.write("attributed/a", program(0..60));
    place.write("attributed/note.txt", "not a program\n");
    place.write("other", program(30..90));
    place.write("unlike", program(500..600));
    assert!(overlaps(&place, "other").is_empty(), "nothing was attributed yet");
    insta::assert_snapshot!(place.run(["reference", "add", "--actor", "Sandworm Team", "attributed"]), @"
    status: 0
    -- out
    1 files of G0034 added, 0 known already, 1 without anything to compare: [PLACE]/config/fingerprints.jsonl
    ");
    let found = overlaps(&place, "other");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["value"], "shares code with files that the user attributed to G0034");
    let attributes = &found[0]["attributes"];
    assert_eq!((&attributes["shared"], &attributes["share"]), (&"30".into(), &"0.500".into()), "{attributes}");
    assert_eq!(attributes["weight_mdb"], "8484");
    assert!(attributes["alternative"].as_str().unwrap().contains("no verdict"));
    assert!(overlaps(&place, "unlike").is_empty());
    assert!(overlaps(&place, "attributed/a").is_empty(), "a file is not compared with itself");
    let again = place.done(["reference", "add", "--actor", "G0034", "attributed", "--format", "json"]).out;
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!((&again["added"], &again["known"]), (&0.into(), &1.into()));
}

#[test]
fn an_actor_that_is_not_there_and_a_damaged_file_are_refused() {
    let place = Place::new();
    place.write("a", program(0..60));
    let ran = place.run(["reference", "add", "--actor", "Nobody At All", "a"]);
    assert_eq!(ran.code, Some(2), "{ran}");
    place.write("config/fingerprints.jsonl", "{}\n");
    let ran = place.run(["trace", "a"]);
    assert_eq!(ran.code, Some(2), "{ran}");
    assert!(ran.err.contains("line 1 is no fingerprint"), "{ran}");
}

//! `onus reference`: what the data is, whom a name stands for, cases added, data built.

use crate::common::Place;

const BUNDLES: [(&str, &[u8]); 5] = [
    ("example-1.0.json", include_bytes!("../../../onus/tests/reference/example-1.0.json")),
    ("example-2.0.json", include_bytes!("../../../onus/tests/reference/example-2.0.json")),
    ("every-mistake.json", include_bytes!("../../../onus/tests/reference/every-mistake.json")),
    ("history.json", include_bytes!("../../../onus/tests/reference/history.json")),
    ("threat-actor.json", include_bytes!("../../../onus/tests/reference/threat-actor.json")),
];

/// A place with the small bundles, and reference data built from them.
fn built() -> Place {
    let place = Place::new();
    for (name, bytes) in BUNDLES {
        place.write(name, bytes);
    }
    place.done(["reference", "build", "--out", "small.txt", "--release", "1.0=example-1.0.json", "example-2.0.json"]);
    place
}

#[test]
fn what_the_program_ships_is_said_with_its_terms() {
    insta::assert_snapshot!(Place::new().run(["reference", "info"]), @"
    status: 0
    -- out
    MITRE ATT&CK 18.1
    digest: sha256:23c92175fa47bba578ccda5db98a37c6bbabd8ae8f4aef586214b56b4b84ee15
           12  releases
          191  actors
         1692  aliases
           56  campaigns
         1120  techniques
          920  software
          125  countries of victims
           47  sectors of victims
         1134  reports
        11606  claims
    releases:
      7.2      2020-07-15
      8.2      2021-01-27
      9.0      2021-04-29
      10.1     2021-11-10
      11.3     2022-07-07
      12.1     2022-11-08
      13.1     2023-05-09
      14.1     2023-11-14
      15.1     2024-05-02
      16.1     2024-11-12
      17.1     2025-05-06
      18.1     2025-11-13
    built from:
      enterprise-attack-18.1.json  18.1
          sha256:d6869dfcfdee0abb6cd8463ca0b9f9a56f7c29cc82d1096f878a95edff1f236d
      threat-actor.json  349
          sha256:4c58a48ed54636926c555b24c6aec8ffeaca44e6cdcc9d7c664bd8ab813dbefc
      microsoft-activity-group.json  23
          sha256:528ebc0d377df42b9c5e1bd42e96cb9e1287123018cf8c44e55905f2c03ed949
      ics-attack-18.1.json  18.1
          sha256:a7c0106492843485340710be9e841c1584d8fc6da8950e7097db0e7b5bc9f164
      mobile-attack-18.1.json  18.1
          sha256:19bef1a0ad1db282078d2958cbf09d9b0fefa8c848dc22796be832328aaa794f
      evidence-history.json  18.1
          sha256:20d6e1d09eb3218daa9ba3748f357f383cac03670b00d7e3401b48f127ca9ced
    © 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.
    Names and victims from the MISP galaxy, CC0 1.0 Universal.
    ");
}

#[test]
fn the_same_is_said_for_programs() {
    insta::assert_snapshot!(built().run(["reference", "info", "--reference", "small.txt", "--format", "json"]), @r#"
    status: 0
    -- out
    {"counts":{"actors":2,"aliases":2,"campaigns":1,"claims":6,"countries of victims":0,"releases":2,"reports":3,"sectors of victims":0,"software":2,"techniques":3},"digest":"sha256:cd83f2acc657dd9434b535ec91e8f465a36f53772b151fc31cb1eebce093c964","notices":["© 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation."],"origins":[{"digest":"sha256:700bfbbcb8200a9beeeb6ebbc7d3ed8797472bd0fd59d1a39752cecbde12e337","name":"example-1.0.json","version":"1.0"},{"digest":"sha256:3e9702ce3c67559297276da03ab98d5a020097a44984c2eb9a56a90d1269f8af","name":"example-2.0.json","version":"2.0"}],"releases":[{"day":"","name":"1.0"},{"day":"","name":"2.0"}],"title":"MITRE ATT&CK"}
    "#);
}

#[test]
fn a_name_says_whom_it_stands_for() {
    let place = Place::new();
    insta::assert_snapshot!(place.run(["reference", "resolve", "cozy bear"]), @"
    status: 0
    -- out
    G0016  APT29  (ATT&CK, MISP threat-actor, Microsoft)
    © 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.
    Names and victims from the MISP galaxy, CC0 1.0 Universal.
    ");
    insta::assert_snapshot!(place.run(["reference", "resolve", "apt38"]), @"
    status: 0
    -- out
    the name stands for 2 actors
    G0032  Lazarus Group  (MISP threat-actor)
    G0082  APT38  (name)
    © 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.
    Names and victims from the MISP galaxy, CC0 1.0 Universal.
    ");
    insta::assert_snapshot!(place.run(["reference", "resolve", "nobody at all"]), @"
    status: 1
    -- out
    no actor of the reference data is named so: nobody at all
    ");
    insta::assert_snapshot!(place.run(["reference", "resolve", "g0128", "--format", "json"]), @r#"
    status: 0
    -- out
    {"actors":[{"id":"G0128","lists":["id"],"name":"ZIRCONIUM","replaced_by":null}],"name":"g0128","notices":["© 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.","Names and victims from the MISP galaxy, CC0 1.0 Universal."]}
    "#);
}

#[test]
fn own_cases_are_added_and_change_the_digest() {
    let place = Place::new();
    let digest = |place: &Place| place.done(["reference", "info"]).out.lines().nth(1).map(str::to_owned);
    let before = digest(&place);
    let add = ["reference", "add", "--actor", "G0082", "--report", "Own case 7", "--uses", "T1086,S0154,t1059.001"];
    insta::assert_snapshot!(place.run(add), @"
    status: 0
    -- out
    2 claims added, 1 known already: [PLACE]/config/reference.toml
      T1086 was taken as T1059.001
    ");
    insta::assert_snapshot!(String::from_utf8(place.read("config/reference.toml")).unwrap(), @r#"
    onus-additions = 1

    [[case]]
    actor = "G0082"
    report = "Own case 7"
    uses = ["S0154", "T1059.001"]
    "#);
    insta::assert_snapshot!(place.run([&add[..], &["--format", "json"]].concat()), @r#"
    status: 0
    -- out
    {"added":0,"known":3,"notes":[],"replaced":[["T1086","T1059.001"]],"to":"[PLACE]/config/reference.toml"}
    "#);
    assert_ne!(digest(&place), before);
    place.write(
        "more.toml",
        "onus-additions = 1\n[[case]]\nactor = \"Sandworm Team\"\nreport = \"Own case 8\"\nuses = [\"S0154\"]\n",
    );
    insta::assert_snapshot!(place.run(["reference", "add", "--from", "more.toml", "--to", "shared/cases.toml"]), @"
    status: 0
    -- out
    1 claims added, 0 known already: shared/cases.toml
    ");
    assert!(place.path("shared/cases.toml").exists());
}

#[test]
fn what_cannot_be_added_is_refused_and_nothing_is_written() {
    let place = built();
    let refused = |args: &[&str]| {
        let ran = place.run([&["reference", "add", "--report", "Own case 7"], args].concat());
        assert!(!place.path("config/reference.toml").exists());
        ran
    };
    insta::assert_snapshot!(refused(&["--actor", "apt38", "--uses", "T1059"]), @"
    status: 2
    -- err
    error: the name stands for several actors: apt38
     next: name one by its id: G0032 (Lazarus Group), G0082 (APT38)
    ");
    insta::assert_snapshot!(refused(&["--actor", "G0082", "--uses", "T1059,T9999"]), @"
    status: 2
    -- err
    error: the reference data has no technique, software or victim with this id or name: T9999
     next: write ids as in MITRE ATT&CK, such as T1059.001 or S0154
    ");
    insta::assert_snapshot!(refused(&["--from", "example-2.0.json"]), @"
    status: 2
    -- err
    error: no actor of the reference data has this id or name: G9001
     next: look it up with `onus reference resolve NAME`
    ");
    insta::assert_snapshot!(refused(&["--from", "absent.toml"]), @"
    status: 2
    -- err
    error: reading reference data failed (No such file or directory (os error 2)): absent.toml
     next: check that the path exists and that you may use it
    ");
}

#[test]
fn additions_that_do_not_fit_are_said_where() {
    let place = Place::new();
    place.write(
        "config/reference.toml",
        "onus-additions = 1\n[[case]]\nactor = \"G0082\"\nreport = \"R\"\nuses = [\"T9999\"]\n",
    );
    insta::assert_snapshot!(place.run(["reference", "info"]), @"
    status: 2
    -- err
    error: the reference data has no technique, software or victim with this id or name, `T9999`: [PLACE]/config/reference.toml
     next: mend or remove the case in that file; write ids as in MITRE ATT&CK, such as T1059.001 or S0154
    ");
    place.write("config/reference.toml", "onus-additions = 1\n[[cases]]\n");
    insta::assert_snapshot!(place.run(["reference", "info"]), @"
    status: 2
    -- err
    error: the additions cannot be read, line 2: unknown field `cases`, expected `onus-additions` or `case`: [PLACE]/config/reference.toml
     next: mend the file; docs/spec/reference.md describes the form of additions
    ");
}

#[test]
fn a_build_says_what_it_left_out() {
    let place = built();
    insta::assert_snapshot!(place.run(["reference", "build", "--out", "a.txt", "--release", "1.0=every-mistake.json"]), @r#"
    status: 0
    -- out
    wrote a.txt (1514 bytes)
    digest: sha256:8e1b112637301b9ce82b8f58d08136c07c32bb1f8ed41883b8c3b3aabc9d59ec
            1  releases
            3  actors
            2  aliases
            2  campaigns
            7  techniques
            1  software
            0  countries of victims
            0  sectors of victims
            3  reports
            5  claims
    © 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.
    left out or mended:
            1  addresses of reports that are too long or steer a display, left out
               such as LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL
            2  entries revoked in a circle, taken for deprecated
               such as T9004; T9005
            2  entries revoked without a successor in the bundle, taken for deprecated
               such as T9006; T9001
            2  entries with a field of the wrong sort, left out
               such as intrusion-set--10: name; malware--11: aliases
            1  entries with an id that another entry of the bundle has; the live one stands
               such as T9001
            1  entries without an ATT&CK id, left out
               such as intrusion-set--12
            1  members of `objects` that are no objects
            1  names longer than 500 bytes, cut
               such as LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL
            1  names with characters that steer a display, written as escapes
               such as West\u{202e}Wind\u{7}
            1  objects without a type, left out
               such as nothing
            3  relations between sorts that have none, left out
               such as relationship--26; relationship--27; relationship--29
            1  relations of revoked or deprecated entries, left out
               such as relationship--23
            2  relations that lead to nothing in the bundle, left out
               such as relationship--24; relationship--25
            1  relations with a field of the wrong sort, left out
               such as relationship--30: target_ref
            1  techniques whose id does not begin with that of the one they are part of
               such as T9013.001
    "#);
    let build =
        ["reference", "build", "--out", "b.txt", "--history", "history.json", "example-2.0.json", "threat-actor.json"];
    insta::assert_snapshot!(place.run([&build[..], &["--format", "json"]].concat()), @r#"
    status: 0
    -- out
    {"counts":{"actors":2,"aliases":6,"campaigns":1,"claims":8,"countries of victims":1,"releases":2,"reports":4,"sectors of victims":1,"software":2,"techniques":3},"digest":"sha256:206120229c1de7ff4c0a06dc262415a1dbe6699636ceed82a09f26a5c21e4df7","notes":[{"count":1,"examples":[],"what":"clusters that are no objects, left out"},{"count":2,"examples":["Stranger","Half"],"what":"clusters that no group of ATT&CK is named like, left out"},{"count":1,"examples":["Storm"],"what":"clusters whose names stand for several groups, left out"},{"count":1,"examples":[],"what":"clusters without a name, left out"},{"count":1,"examples":["Half"],"what":"fields of clusters of the wrong sort, left out"}],"written":"b.txt"}
    "#);
    assert_eq!(place.run(build).code, Some(0));
}

#[test]
fn a_build_that_cannot_be_done_writes_nothing() {
    let place = built();
    place.write("half.json", &place.read("example-2.0.json")[..1000]);
    place.write("packed.json.gz", [0x1f, 0x8b, 8, 0]);
    let refused = |file: &str| {
        let ran = place.run(["reference", "build", "--out", "none.txt", file]);
        assert!(!place.path("none.txt").exists());
        ran
    };
    insta::assert_snapshot!(refused("half.json"), @"
    status: 2
    -- err
    error: the file ends too early (EOF while parsing a value at line 54 column 2): half.json
     next: get the file anew from its publisher, unpacked, and name it by its role; see `onus reference build --help`
    ");
    insta::assert_snapshot!(refused("packed.json.gz"), @"
    status: 2
    -- err
    error: the file is packed (gzip): packed.json.gz
     next: unpack it first, with `gunzip --keep`
    ");
    insta::assert_snapshot!(refused("example-1.0.json"), @"
    status: 2
    -- err
    error: the bundle does not say which release it is: example-1.0.json
     next: say it: `--release 18.1=FILE`
    ");
    insta::assert_snapshot!(refused("threat-actor.json"), @"
    status: 2
    -- err
    error: no STIX bundle of ATT&CK was given: the files
     next: name at least one, such as enterprise-attack-18.1.json
    ");
}

#[test]
fn damaged_reference_data_is_refused_with_its_line() {
    let place = built();
    let text = String::from_utf8(place.read("small.txt")).unwrap().replace("by\tG9001", "by\tG9009");
    place.write("small.txt", text);
    insta::assert_snapshot!(place.run(["reference", "info", "--reference", "small.txt"]), @"
    status: 2
    -- err
    error: the reference data cannot be read, line 22: there is no actor or campaign `G9009`: small.txt
     next: build the file anew with `onus reference build`
    ");
}

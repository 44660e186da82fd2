//! Weighing.

use crate::common::Place;

const SHEET: &str = r#"onus = 1
[case]
title = "Example"
question = "Who did it?"
[[hypothesis]]
id = "one"
title = "Group One"
level = "group"
[[source]]
id = "report"
title = "Report"
reliability = "B"
[[observation]]
id = "code"
seen = "2020-03-01"
source = "report"
kind = "code_overlap"
value = "a function identical to one of Group One"
points_at = ["one"]
"#;

#[test]
fn a_folder_with_nothing_but_a_sheet_is_weighed_and_left_alone() {
    let place = Place::new();
    place.write("case/case.toml", SHEET);
    let ran = place.done(["assess", "case"]);
    assert!(ran.out.contains("Not determined."), "{ran}");
    assert!(ran.out.ends_with("nothing was recorded: this folder has no ledger\n"), "{ran}");
    let json = place.done(["assess", "case", "--format", "json"]).out;
    assert!(json.starts_with('{') && json.ends_with("}\n") && json.lines().count() == 1, "{json}");
    assert_eq!(crate::common::files_below(place.root()), ["case/case.toml"]);
}

#[test]
fn what_changed_is_recorded_and_what_did_not_is_not() {
    let place = Place::with_case();
    place.write("case/case.toml", SHEET);
    let last = |args: &[&str]| place.done(args).out.lines().last().unwrap_or_default().to_owned();
    insta::assert_snapshot!(last(&["assess", "case"]), @"recorded as entry 2; report: case/out/report.html");
    insta::assert_snapshot!(last(&["assess", "case"]), @"nothing changed since entry 2; report: case/out/report.html");
    insta::assert_snapshot!(last(&["assess", "case", "--as-of", "2019-12-31"]), @"recorded as entry 3; report: case/out/report.html");
    insta::assert_snapshot!(last(&["assess", "case"]), @"recorded as entry 4; report: case/out/report.html");
    place.write("case/case.toml", SHEET.replace("Group One", "Group 1"));
    insta::assert_snapshot!(last(&["assess", "case"]), @"recorded as entry 6; report: case/out/report.html");
    let kinds = place.done(["show", "case", "entries"]).out;
    assert_eq!(kinds.matches("sheet.set").count(), 2, "{kinds}");
    assert_eq!(kinds.matches("  assessment ").count(), 4, "{kinds}");
    place.done(["verify", "case"]);
}

#[test]
fn json_is_exactly_the_file() {
    let place = Place::with_case();
    place.write("case/case.toml", SHEET);
    let output = place.onus().args(["assess", "case", "--format", "json"]).output().unwrap();
    assert_eq!(output.stdout, place.read("case/out/assessment.json"));
    assert!(output.stderr.is_empty());
}

#[test]
fn ten_mistakes_are_shown_at_once() {
    let place = Place::new();
    let sheet = r#"onus = 1
[case]
title = 7
question = "Who?"
happened = "last week"
colour = "red"
[[hypothesis]]
id = "one"
title = "One"
level = "grup"
[[hypothesis]]
id = "one"
title = "One again"
level = "group"
[[source]]
id = "report"
title = "Report"
reliability = "Z"
cites = ["nobody"]
[[observation]]
id = "code"
seen = "2020-02-30"
source = "someone"
kind = "code_overlap"
value = "red [31m"
points_at = ["two"]
credibility = 9
"#;
    place.write("case/case.toml", sheet);
    insta::assert_snapshot!(place.run(["assess", "case"]), @r#"
    status: 2
    -- err
      x `title` is an integer, not a text in quotation marks
       ,-[case/case.toml:3:9]
     2 | [case]
     3 | title = 7
       :         |
       :         `-- here
     4 | question = "Who?"
       `----
      help: write a text in quotation marks

      x `last week` is no date such as 2018, 2018-02, 2018-02-09, 2018-02~ or 2016-10/2017-02
       ,-[case/case.toml:5:12]
     4 | question = "Who?"
     5 | happened = "last week"
       :            ^^^^^|^^^^^
       :                 `-- here
     6 | colour = "red"
       `----
      help: write a date as year, year-month or year-month-day

      x unknown key `colour` in [case]
       ,-[case/case.toml:6:1]
     5 | happened = "last week"
     6 | colour = "red"
       : ^^^|^^
       :    `-- here
     7 | [[hypothesis]]
       `----
      help: known are campaigns, happened, question, title, tlp

      x `grup` is no level
        ,-[case/case.toml:10:9]
      9 | title = "One"
     10 | level = "grup"
        :         ^^^|^^
        :            `-- here
     11 | [[hypothesis]]
        `----
      help: write one of family, group, organisation, state, scenario

      x hypothesis id `one` is used twice
        ,-[case/case.toml:12:6]
     11 | [[hypothesis]]
     12 | id = "one"
        :      ^^|^^
        :        `-- here
     13 | title = "One again"
        `----
      help: give one of the two another id

      x `Z` is no reliability
        ,-[case/case.toml:18:15]
     17 | title = "Report"
     18 | reliability = "Z"
        :               ^|^
        :                `-- here
     19 | cites = ["nobody"]
        `----
      help: write one of A, B, C, D, E, F

      x no source has the id `nobody`
        ,-[case/case.toml:19:10]
     18 | reliability = "Z"
     19 | cites = ["nobody"]
        :          ^^^^|^^^
        :              `-- here
     20 | [[observation]]
        `----
      help: known are report

      x `2020-02-30` is no date such as 2018, 2018-02, 2018-02-09, 2018-02~ or 2016-10/2017-02
        ,-[case/case.toml:22:8]
     21 | id = "code"
     22 | seen = "2020-02-30"
        :        ^^^^^^|^^^^^
        :              `-- here
     23 | source = "someone"
        `----
      help: write a date as year, year-month or year-month-day

      x no source has the id `someone`
        ,-[case/case.toml:23:10]
     22 | seen = "2020-02-30"
     23 | source = "someone"
        :          ^^^^|^^^^
        :              `-- here
     24 | kind = "code_overlap"
        `----
      help: known are report

      x no hypothesis has the id `two`
        ,-[case/case.toml:26:14]
     25 | value = "red [31m"
     26 | points_at = ["two"]
        :              ^^|^^
        :                `-- here
     27 | credibility = 9
        `----
      help: known are one, other

      x credibility 9 is no grade
        ,-[case/case.toml:27:15]
     26 | points_at = ["two"]
     27 | credibility = 9
        :               |
        :               `-- here
        `----
      help: write 1 to 6; 6 means that it cannot be judged

    error: 11 mistakes in the case sheet: case/case.toml
     next: mend the sheet and run the command again
    "#);
    assert_eq!(crate::common::files_below(place.root()), ["case/case.toml"]);
}

#[test]
fn text_that_is_no_toml_cannot_steer_a_terminal() {
    let place = Place::new();
    place.write("case/case.toml", "onus = 1\n[case]\ntitle = \"\u{1b}[31mred\u{202e}\"\n");
    let ran = place.run(["assess", "case"]);
    assert_eq!(ran.code, Some(2));
    assert!(!ran.err.contains(['\u{1b}', '\u{202e}']), "{ran}");
    place.write("case/case.toml", [0xff, 0xfe, 0]);
    insta::assert_snapshot!(place.run(["assess", "case"]), @"
    status: 2
    -- err
    error: the case sheet is not readable text (not UTF-8): case/case.toml
     next: write the sheet as UTF-8 text of at most 4 MiB
    ");
}

/// Root may write anywhere, so root runs the program as nobody.
#[cfg(unix)]
#[test]
fn a_case_that_cannot_be_written_to_is_weighed_all_the_same() {
    use std::os::unix::{fs::PermissionsExt as _, process::CommandExt as _};
    let place = Place::with_case();
    place.write("case/case.toml", SHEET);
    place.write("a.txt", "first\n");
    place.done(["add", "--case", "case", "a.txt"]);
    place.done(["assess", "case"]);
    let before = crate::common::files_below(&place.path("case"));
    let chmod = |mode: u32| {
        for folder in [place.root().to_path_buf(), place.path("case"), place.path("case/out")] {
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    chmod(0o555);
    let run = |args: &[&str]| {
        let mut command = place.onus();
        if rustix::process::geteuid().is_root() {
            command.uid(65534).gid(65534);
        }
        place.ran(command.args(args).output().unwrap())
    };
    let ran = run(&["assess", "case"]);
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(ran.out.ends_with("nothing was recorded: you may not write to this case\n"), "{ran}");
    for args in [["verify", "case"].as_slice(), &["show", "case", "exhibits"]] {
        let ran = run(args);
        assert_eq!(ran.code, Some(0), "{ran}");
    }
    insta::assert_snapshot!(run(&["add", "--case", "case", "a.txt"]), @"
    status: 2
    -- err
    error: taking the right to write to the case failed (Permission denied (os error 13)): case/.lock
     next: check that the path exists and that you may use it
    ");
    chmod(0o755);
    assert_eq!(crate::common::files_below(&place.path("case")), before);
}

//! What a case sheet may say, and what is said about one that is wrong.

use onus_weigh::Sheet;
use proptest::prelude::*;

const SOUND: &str = r#"
onus = 1

[case]
title = "A case"
question = "Who?"
happened = "2018-02-09"

[[hypothesis]]
id = "a"
title = "Group A"
level = "group"

[[source]]
id = "lab"
title = "A laboratory"
reliability = "B"

[[observation]]
id = "header"
seen = "2018-03-08"
source = "lab"
kind = "rich_header"
value = "like another file's"
points_at = ["a"]
credibility = 2
"#;

/// The problems of a sheet, one a line: line and column, message, remedy.
fn problems(text: &str) -> String {
    match Sheet::parse(text) {
        Ok(_) => "sound".to_owned(),
        Err(problems) => {
            let line = |problem: &onus_weigh::Problem| {
                let (line, column) = problem.place(text);
                format!("{line}:{column} {}; {}", problem.message, problem.remedy)
            };
            problems.iter().map(line).collect::<Vec<_>>().join("\n")
        }
    }
}

/// The sound sheet with one piece replaced, or with something added at its end where the piece is empty.
fn with(piece: &str, replacement: &str) -> String {
    if piece.is_empty() { format!("{SOUND}{replacement}") } else { SOUND.replacen(piece, replacement, 1) }
}

#[test]
fn a_sound_sheet_is_read_whole() {
    assert_eq!(problems(SOUND), "sound");
    let sheet = Sheet::parse(SOUND).unwrap();
    assert_eq!((sheet.hypotheses.len(), sheet.sources.len(), sheet.observations.len()), (1, 1, 1));
    assert_eq!(sheet.observations[0].credibility.number(), 2);
}

#[test]
fn ten_mistakes_are_named_at_once() {
    insta::assert_snapshot!(problems(include_str!("ten-mistakes.toml")), @r#"
    3:1 [case] has no `question`; add `question = "…"`
    5:1 unknown key `happend` in [case]; did you mean `happened`?
    10:9 `tribe` is no level; write one of family, group, organisation, state, scenario
    13:6 hypothesis id `a` is used twice; give one of the two another id
    20:15 `Z` is no reliability; write one of A, B, C, D, E, F
    21:10 no source has the id `the-lab`; known are lab
    25:8 `yesterday` is no date such as 2018, 2018-02, 2018-02-09, 2018-02~ or 2016-10/2017-02; write a date as year, year-month or year-month-day
    26:10 no source has the id `lap`; did you mean `lab`?
    29:14 no hypothesis has the id `b`; known are a, other
    33:15 no observation has the id `headr`; did you mean `header`?
    "#);
}

#[test]
fn each_rule_has_its_message() {
    for (piece, replacement, expected) in [
        ("onus = 1", "onus = 2", "2:8 this version of the sheet is not known"),
        ("onus = 1\n", "", "does not say its version"),
        ("[case]", "[cases]", "a sheet has no `cases`; did you mean `case`?"),
        ("title = \"A case\"\n", "", "[case] has no `title`"),
        ("\"2018-02-09\"", "\"soon\"", "`soon` is no date such as 2018"),
        ("\"2018-02-09\"", "2018-02-09", "not a text in quotation marks"),
        ("id = \"a\"", "id = \"other\"", "`other` always exists"),
        ("id = \"a\"", "id = \"a b\"", "has white space"),
        ("level = \"group\"", "level = \"gang\"", "`gang` is no level; write one of family, group"),
        ("", "[[hypothesis]]\nid = \"b\"\ntitle = \"B\"\nlevel = \"state\"\n", "`b` is of another level than `a`"),
        ("", "[[source]]\nid = \"lab\"\ntitle = \"B\"\n", "source id `lab` is used twice"),
        ("", "[[source]]\nid = \"b\"\ntitle = \"B\"\ncites = [\"b\"]\n", "`b` cites itself"),
        (
            "",
            "[[source]]\nid = \"b\"\ntitle = \"B\"\ncites = [\"lap\"]\n",
            "no source has the id `lap`; did you mean `lab`?",
        ),
        ("reliability = \"B\"", "reliability = \"G\"", "`G` is no reliability"),
        ("points_at = [\"a\"]", "points_at = [\"a\", \"a\"]", "stands twice"),
        ("points_at = [\"a\"]", "points_at = [\"a\"]\npoints_away = [\"a\"]", "points at `a` and away from it"),
        ("points_at = [\"a\"]", "points_at = \"a\"", "not a list of texts"),
        ("credibility = 2", "credibility = 7", "credibility 7 is no grade"),
        ("credibility = 2", "credibility = 2.5", "not a whole number"),
        ("credibility = 2", "likelihood = { a = 0.0, other = 0.1 }", "probability 0 of `a` is not above 0"),
        (
            "credibility = 2",
            "likelihood = { a = 1.5, other = 0.1 }",
            "probability 1.5 of `a` is not above 0 and at most 1",
        ),
        ("credibility = 2", "likelihood = { a = nan, other = 0.1 }", "not a number"),
        ("credibility = 2", "likelihood = { a = 0.5 }", "says nothing of `other`"),
        ("credibility = 2", "exhibit = \"sha256:12\"", "is not `sha256:` and 64"),
        ("credibility = 2", "relies_on = [\"header\"]", "relies on itself"),
        ("", "[prior]\na = 0.5\nother = 0.4\n", "the prior sums to 0.9, not to 1"),
        ("", "[prior]\na = 1.0\n", "the prior leaves out other"),
        ("", "[[searched]]\nkind = \"x\"\ndetection = 1.0\n", "`detection = 1` is not between 0 and 1"),
        ("", "[[challenge]]\nagainst = \"header\"\nvalue = \"no\"\n", "does not say who objects"),
        ("", "[[challenge]]\nagainst = \"nobody\"\nby = \"B\"\nvalue = \"no\"\n", "has the id `nobody`"),
        (
            "",
            "[[test]]\nid = \"t\"\nobservation = \"header\"\nresult = \"bad\"\nseen = \"2018\"\nsource = \"lab\"\nvalue = \"v\"\n",
            "`bad` is no result",
        ),
        ("[[source]]", "[source]", "`source` is not a list of tables; write each one under `[[source]]`"),
        ("kind = \"rich_header\"", "kind = ", "this is not TOML"),
    ] {
        let said = problems(&with(piece, replacement));
        assert!(said.contains(expected), "{replacement}\nsaid:     {said}\nexpected: {expected}");
    }
}

#[test]
fn a_sheet_beyond_its_limits_is_refused() {
    assert!(problems(&"#".repeat(onus_weigh::sheet::SHEET_MAX + 1)).contains("more than 4194304 bytes"));
    let many = "[[searched]]\nkind = \"x\"\ndetection = 0.5\n".repeat(onus_weigh::sheet::ROWS_MAX + 1);
    assert!(problems(&with("", &many)).contains("more than 2000 rows"));
    let hypothesis = |number| format!("[[hypothesis]]\nid = \"h{number}\"\ntitle = \"H\"\nlevel = \"group\"\n");
    let many: String = (0..onus_weigh::sheet::HYPOTHESES_MAX).map(hypothesis).collect();
    assert!(problems(&with("", &many)).contains("more than 64 rows"));
    assert!(problems(&format!("a = {}", "[".repeat(100_000))).contains("not TOML"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", start in 0..SOUND.len(), len in 0..40_usize) {
        let _ = Sheet::parse(&text);
        let end = (start + len).min(SOUND.len());
        let _ = Sheet::parse(&format!("{}{text}{}", &SOUND[..start], &SOUND[end..]));
    }
}

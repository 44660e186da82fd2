//! Kinds that were looked for and not found.
#![expect(clippy::unwrap_used, reason = "a test")]

use onus_core::Digest;
use onus_weigh::{Assessment, InputDigests, Sheet, Weights, assess};

const CASE: &str = r#"
onus = 1
[case]
title = "A case"
question = "Who?"
[[hypothesis]]
id = "a"
title = "Group A"
level = "group"
[[hypothesis]]
id = "b"
title = "Group B"
level = "group"
[[source]]
id = "lab"
title = "A laboratory"
reliability = "B"
[[source]]
id = "persona"
title = "A persona"
[[observation]]
id = "header"
seen = "2018-03-01"
source = "lab"
kind = "rich_header"
value = "like another file's"
points_at = ["a"]
credibility = 2
"#;

fn weigh(more: &str) -> Assessment {
    let digest = Digest::of(b"");
    let digests = InputDigests { sheet: digest, exhibits: digest, tests: None };
    assess(&Sheet::parse(&format!("{CASE}{more}")).unwrap(), &Weights::builtin(), digests, None)
}

fn searched(kind: &str, detection: f64) -> String {
    format!("[[searched]]\nkind = \"{kind}\"\ndetection = {detection}\n")
}

fn observation(kind: &str, source: &str, credibility: u8) -> String {
    format!(
        "[[observation]]\nid = \"more\"\nseen = \"2018-03-02\"\nsource = \"{source}\"\nkind = \"{kind}\"\nvalue = \"v\"\ncredibility = {credibility}\n"
    )
}

#[test]
fn absence_weighs_what_the_rates_say() {
    let result = weigh(&searched("infrastructure", 0.6));
    let row = &result.searched[0];
    let kind = Weights::builtin().kind("infrastructure").unwrap().clone();
    let expected = 10_000.0 * libm::log10((1.0 - 0.6 * kind.same_actor) / (1.0 - 0.6 * kind.another_actor));
    assert!(row.counted);
    assert_eq!(row.weights_mdb["other"], 0);
    for id in ["a", "b"] {
        #[expect(clippy::cast_possible_truncation, reason = "a test")]
        let expected = expected.round() as i64;
        assert_eq!(row.weights_mdb[id], expected);
    }
    let flat = |result: &Assessment, at: usize| result.hypotheses[at].posterior.flat;
    let without = weigh("");
    assert!(flat(&result, 2) > flat(&without, 2));
    assert!((flat(&result, 0) / flat(&result, 1) - flat(&without, 0) / flat(&without, 1)).abs() < 1e-6);
    assert!(without.searched.is_empty());
}

#[test]
fn what_was_found_is_not_absent() {
    let search = searched("infrastructure", 0.6);
    for (more, counted) in [
        (observation("infrastructure", "lab", 2), false),
        (observation("infrastructure", "lab", 6), true),
        (observation("infrastructure", "persona", 2), true),
        (observation("file_name", "lab", 2), true),
    ] {
        let result = weigh(&format!("{more}{search}"));
        assert_eq!(result.searched[0].counted, counted, "{more}");
        assert_eq!(result.searched[0].remark.is_none(), counted);
    }
    let withdrawn = "[[retraction]]\nobservation = \"more\"\nseen = \"2018-03-03\"\nsource = \"lab\"\nvalue = \"no\"\n";
    let result = weigh(&format!("{}{withdrawn}{search}", observation("infrastructure", "lab", 2)));
    assert!(result.searched[0].counted);
}

#[test]
fn kinds_that_tell_nobody_apart_and_unknown_ones_do_not_count() {
    for kind in ["denial", "unheard_of"] {
        let result = weigh(&searched(kind, 0.5));
        assert!(!result.searched[0].counted);
        assert_eq!(result.hypotheses, weigh("").hypotheses);
    }
}

#[test]
fn of_two_searches_for_one_kind_the_surest_counts() {
    let twice = weigh(&format!("{}{}", searched("infrastructure", 0.3), searched("infrastructure", 0.6)));
    assert_eq!(twice.searched, weigh(&searched("infrastructure", 0.6)).searched);
}

#[test]
fn absence_is_in_no_set_and_is_no_single_point() {
    let result = weigh(&format!("{}{}", searched("infrastructure", 0.9), searched("code_overlap", 0.9)));
    let sets = result.minimum_forged_sets.iter().chain(&result.minimum_withdrawn_sets);
    assert!(sets.flat_map(|set| &set.observations).all(|id| id == "header"));
}

#[test]
fn only_what_somebody_can_look_for_and_the_case_lacks_is_suggested() {
    let result = weigh(&searched("infrastructure", 0.9));
    let weights = Weights::builtin();
    assert!(!result.missing.is_empty());
    for missing in &result.missing {
        assert!(weights.kind(&missing.kind).unwrap().collection.is_some(), "{}", missing.kind);
        assert!(!["rich_header", "infrastructure"].contains(&missing.kind.as_str()));
    }
    assert!(result.missing.is_sorted_by(|one, other| one.bits_per_cost >= other.bits_per_cost));
    assert_eq!(result.missing.iter().filter(|missing| missing.same_decision.is_some()).count(), 3);
}

/// What relies on an item goes with it, as one thing; forging it leaves the other where it is.
#[test]
fn withdrawing_takes_what_relies_on_it_along() {
    let relying = format!("{}points_at = [\"a\"]\nrelies_on = [\"header\"]\n", observation("code_overlap", "lab", 2));
    let other = "[[source]]\nid = \"second\"\ntitle = \"A second\"\nreliability = \"B\"\n";
    let result = weigh(&format!("{other}{}", relying.replace("source = \"lab\"", "source = \"second\"")));
    let least = |sets: &[onus_weigh::ForgedSet]| {
        let set =
            sets.iter().find(|set| set.rival == "b" && set.level_mdb == 0 && set.least.contains(&"size".to_owned()));
        set.map(|set| (set.observations.join(" "), set.size)).unwrap()
    };
    assert_eq!(least(&result.minimum_withdrawn_sets), ("header more".to_owned(), 1));
    assert_eq!(least(&result.minimum_forged_sets), ("header more".to_owned(), 2));
}

/// All that one source said goes at once with the source, and counts one.
#[test]
fn a_source_that_is_silenced_is_one_thing() {
    let result = weigh(&format!("{}points_at = [\"a\"]\n", observation("code_overlap", "lab", 2)));
    let set = result.minimum_withdrawn_sets.iter().find(|set| set.rival == "b" && set.level_mdb == 0).unwrap();
    assert_eq!((set.observations.len(), set.size), (2, 1));
}

#[test]
fn retractions_that_contradict_each_other_are_said() {
    let retraction = |source: &str, seen: &str| {
        format!("[[retraction]]\nobservation = \"header\"\nseen = \"{seen}\"\nsource = \"{source}\"\nvalue = \"no\"\n")
    };
    let notes =
        weigh(&format!("{}{}", retraction("lab", "2018-04-01"), retraction("persona", "2018-02-01"))).notes.join("\n");
    for said in [
        "is withdrawn 2 times, by `lab` on 2018-04-01 and by `persona` on 2018-02-01",
        "before it was published",
        "who did not supply it",
    ] {
        assert!(notes.contains(said), "{notes}");
    }
}

//! Weights counted from the shipped reference data, and the leakage rule.

use onus_core::Digest;
use onus_weigh::{Assessment, Basis, InputDigests, ObservationResult, Reference, Sheet, Weights, assess};

const HEAD: &str = r#"
onus = 1
[case]
title = "A test"
question = "Who?"
"#;

const HYPOTHESES: &str = r#"
[[hypothesis]]
id = "one"
title = "APT28"
level = "group"
actor = "G0007"
[[hypothesis]]
id = "two"
title = "Lazarus Group"
level = "group"
actor = "Lazarus Group"
[[hypothesis]]
id = "three"
title = "Somebody without an entry"
level = "group"
"#;

fn observation(id: &str, kind: &str, value: &str, more: &str) -> String {
    format!(
        "[[observation]]\nid = \"{id}\"\nseen = \"2026-01-02\"\nsource = \"lab\"\nkind = \"{kind}\"\n\
         value = \"{value}\"\ncredibility = 2\n{more}\n"
    )
}

fn weigh(head: &str, source: &str, observations: &str, as_of: Option<&str>) -> Assessment {
    let source = format!("[[source]]\nid = \"lab\"\ntitle = \"A laboratory\"\nreliability = \"B\"\n{source}\n");
    let other = "[[source]]\nid = \"other\"\ntitle = \"Another\"\nreliability = \"B\"\n";
    let text = format!("{HEAD}{head}{HYPOTHESES}{source}{other}{observations}");
    let sheet = Sheet::parse(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let digest = Digest::of(b"");
    let as_of = as_of.map(|day| day.parse().expect("a day as YYYY-MM-DD"));
    assess(&sheet, &Weights::builtin(), InputDigests { sheet: digest, exhibits: digest, tests: None }, as_of)
}

fn only(assessment: &Assessment) -> &ObservationResult {
    &assessment.observations[0]
}

#[test]
fn software_is_counted_for_the_actors_that_hypotheses_name() {
    let assessment = weigh("", "", &observation("o", "software", "S0023", ""), None);
    let item = only(&assessment);
    assert_eq!(item.basis, Basis::Reference);
    assert!(item.weights_mdb["one"] > 10_000, "{item:?}");
    assert!(item.weights_mdb["two"] <= 0, "{item:?}");
    assert_eq!((item.weights_mdb["three"], item.weights_mdb["other"]), (0, 0));
    let counted = item.reference.as_ref().unwrap();
    let (one, two) = (&counted.by_hypothesis["one"], &counted.by_hypothesis["two"]);
    assert_eq!(counted.by_hypothesis.len(), 2);
    assert!(one.naming > 1 && one.naming <= one.reports && two.naming == 0, "{counted:?}");
    assert_eq!(assessment.inputs.reference, Some(Reference::builtin().digest()));
    assert!(assessment.notes.iter().any(|note| note.contains("`three` is counted as an actor not listed")));
}

/// The cap: among N actors nothing weighs more than 10 log10(N + 2).
#[test]
fn no_count_exceeds_what_the_population_carries() {
    let cap = 10.0 * libm::log10(172.0 + 2.0) * 1000.0;
    for trace in Reference::builtin().traces.iter().filter(|trace| trace.kind.name() == "software").step_by(90) {
        let assessment = weigh("", "", &observation("o", "software", &trace.id, ""), None);
        for weight in only(&assessment).weights_mdb.values() {
            #[expect(clippy::cast_precision_loss, reason = "a test")]
            let weight = (*weight as f64).abs();
            assert!(weight <= cap, "{}: {weight}", trace.id);
        }
    }
}

#[test]
fn a_trace_counts_once_whoever_reports_it() {
    let once = weigh("", "", &observation("o", "software", "S0023", ""), None);
    let again = observation("o", "software", "S0023", "")
        + &observation("p", "software", "S0023", "").replace("source = \"lab\"", "source = \"other\"");
    let twice = weigh("", "", &again, None);
    assert_eq!(once.hypotheses, twice.hypotheses);
    let other = again + &observation("q", "technique", "T1059.001", "");
    assert_ne!(weigh("", "", &other, None).hypotheses, once.hypotheses);
}

/// Techniques of one case depend on each other, so that each carries less the more there are.
#[test]
fn more_techniques_carry_less_each() {
    let technique = |id: &str| observation(id, "technique", id, "");
    let alone = weigh("", "", &technique("T1566.001"), None);
    let many: String = ["T1566.001", "T1059.001", "T1027", "T1105", "T1036.005", "T1003.001"].map(technique).concat();
    let many = weigh("", "", &many, None);
    let share = only(&many).reference.as_ref().unwrap().share;
    assert!((share - 1.0 / 1.2).abs() < 1e-12, "{share}");
    let (one, less) = (only(&alone).weights_mdb["one"], only(&many).weights_mdb["one"]);
    assert!(one > 0 && less < one && less * 10 > one * 7, "{one} {less}");
}

/// What the case's own sources say is taken out before anything is counted: by address, by name, and with a campaign.
#[test]
fn the_case_is_not_compared_with_its_own_conclusion() {
    let reference = Reference::builtin();
    let software = reference.trace("S0023").unwrap();
    let actor = reference.actor("G0007").unwrap();
    let claims = reference
        .uses
        .iter()
        .filter(|used| used.trace == software && used.user == onus_weigh::reference::User::Actor(actor));
    let reports: Vec<_> = claims.map(|used| &reference.reports[usize::from(used.report)]).collect();
    let item = |source: &str| only(&weigh("", source, &observation("o", "software", "S0023", ""), None)).clone();
    let naming = |source: &str| item(source).reference.map(|counted| counted.by_hypothesis["one"].naming);
    let all = naming("").unwrap();
    let with_url = reports.iter().find(|report| !report.url.is_empty()).unwrap();
    assert_eq!(naming(&format!("url = \"{}\"", with_url.url)), Some(all - 1));
    // with every report gone that names it, nobody is known for it, and it weighs nothing
    let names: Vec<String> = reports.iter().map(|report| format!("{:?}", report.name)).collect();
    let none = item(&format!("reports = [{}]", names.join(", ")));
    assert_eq!(none.basis, Basis::None);
    assert_eq!(none.remark.unwrap(), "is equally probable under every hypothesis");
}

#[test]
fn a_campaign_leaves_with_its_reports() {
    let naming = |head: &str| {
        let assessment = weigh(head, "", &observation("o", "technique", "T1566.001", ""), None);
        only(&assessment).reference.clone().unwrap().by_hypothesis
    };
    // Operation Dream Job, attributed to the Lazarus Group
    let (all, without) = (naming(""), naming("campaigns = [\"C0022\"]"));
    assert!(without["two"].reports < all["two"].reports);
    assert_eq!(without["one"], all["one"]);
}

#[test]
fn a_replay_uses_no_later_release() {
    let release = |day| {
        let assessment =
            weigh("", "", &observation("o", "software", "S0023", "").replace("2026-01-02", "2015-01-02"), Some(day));
        only(&assessment).reference.clone().map(|counted| counted.release).ok_or(only(&assessment).remark.clone())
    };
    assert_eq!(release("2021-06-01"), Ok("9.0".to_owned()));
    assert_eq!(release("2019-01-01"), Err(Some("no release of the reference data was out by then".to_owned())));
}

#[test]
fn what_cannot_be_counted_says_why() {
    let remark = |kind: &str, value: &str| {
        only(&weigh("", "", &observation("o", kind, value, ""), None)).remark.clone().unwrap()
    };
    assert_eq!(remark("technique", "T9999"), "`T9999` is not in the reference data");
    assert_eq!(remark("technique", "S0023"), "`S0023` is a software in the reference data");
    let table =
        weigh("", "", &observation("o", "software", "a family that nobody numbered", "points_at = [\"one\"]"), None);
    assert_eq!(only(&table).basis, Basis::Table);
}

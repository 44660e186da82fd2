//! Reference data from small bundles made for these tests, sound and broken.

use onus::reference::{
    Addition, Additions, BuildProblem, Built, Origin, Role, build, cases, read_bundle, read_galaxy, read_history,
};
use onus_weigh::{
    Reference,
    reference::{Hidden, Span, State, TraceKind, View},
};

const OLD: &str = include_str!("reference/example-1.0.json");
const NEW: &str = include_str!("reference/example-2.0.json");
const HISTORY: &str = include_str!("reference/history.json");
const CLUSTERS: &str = include_str!("reference/threat-actor.json");
const MISTAKES: &str = include_str!("reference/every-mistake.json");

fn origin(role: Role, text: &str) -> Origin {
    Origin { name: "file.json".to_owned(), role, bytes: text.as_bytes().to_vec() }
}

fn bundle(release: &str, text: &str) -> Origin {
    origin(Role::Bundle(Some(release.to_owned())), text)
}

fn built(origins: &[Origin]) -> Built {
    let built = build("Example", origins.iter().cloned().map(Ok::<_, BuildProblem>)).expect("it can be built");
    assert_eq!(
        Reference::parse(&built.reference.to_text()).as_ref(),
        Ok(&built.reference),
        "its text form can be read"
    );
    built
}

/// Claims in words: who, what, according to whom, in which releases.
fn claims(text: &str) -> Vec<String> {
    let mut by = "";
    let mut claims = Vec::new();
    for line in text.lines().skip_while(|line| !line.starts_with("by\t")) {
        match line.split_once('\t') {
            Some(("by", user)) => by = user,
            _ => claims.push(format!("{by} {}", line.replace('\t', " "))),
        }
    }
    claims
}

fn notes(built: &Built) -> Vec<String> {
    built.notes.iter().map(|note| format!("{} {}", note.count, note.what)).collect()
}

fn refused(origins: &[Origin]) -> BuildProblem {
    build("Example", origins.iter().cloned().map(Ok))
        .map(|built| built.reference.to_text())
        .expect_err("it cannot be built")
}

#[test]
fn bundles_of_two_releases_say_since_when_each_claim_stands() {
    let built = built(&[bundle("1.0", OLD), origin(Role::Bundle(None), NEW)]);
    let reference = &built.reference;
    assert_eq!(
        claims(&reference.to_text()),
        [
            "G9001 S9001 1 0-1",
            "G9001 T9001 1 0-1",
            "G9001 T9001 2 0-1",
            "G9002 T9001.001 0 0-0",
            "G9002 T9002 3 1-1",
            "C9001 S9001 3 1-1",
        ]
    );
    let narrow = &reference.traces[usize::from(reference.trace("T9001.001").unwrap())];
    assert_eq!((narrow.span, &narrow.state), (Span { first: 0, last: 0 }, &State::Revoked("T9002".to_owned())));
    assert_eq!(notes(&built), Vec::<String>::new());
    let view = View::new(reference, &Hidden::default(), &[TraceKind::Software]);
    assert_eq!(view.candidates, [0, 1], "the second through its campaign");
}

#[test]
fn a_history_and_the_newest_bundle_say_the_same() {
    let by_bundles = built(&[bundle("1.0", OLD), bundle("2.0", NEW)]);
    let by_history = built(&[origin(Role::History, HISTORY), bundle("2.0", NEW)]);
    assert_eq!(claims(&by_history.reference.to_text()), claims(&by_bundles.reference.to_text()));
    assert_eq!(by_history.reference.campaigns, by_bundles.reference.campaigns);
    assert_eq!(notes(&by_history), Vec::<String>::new());
}

#[test]
fn what_was_built_earlier_is_a_history_too() {
    let earlier = built(&[bundle("1.0", OLD), bundle("2.0", NEW), origin(Role::Galaxy, CLUSTERS)]).reference.to_text();
    let again = built(&[origin(Role::History, &earlier), bundle("2.0", NEW)]);
    let by_history = built(&[origin(Role::History, HISTORY), bundle("2.0", NEW)]);
    assert_eq!(claims(&again.reference.to_text()), claims(&by_history.reference.to_text()));
    assert_eq!(again.reference.campaigns, by_history.reference.campaigns);
}

#[test]
fn a_bundle_after_the_history_goes_on_from_it() {
    let next = built(&[origin(Role::History, HISTORY), bundle("2.0", NEW), bundle("10.0", NEW)]);
    let names: Vec<&str> = next.reference.releases.iter().map(|release| release.name.as_str()).collect();
    assert_eq!(names, ["1.0", "2.0", "10.0"], "by number, not by letter");
    assert!(claims(&next.reference.to_text()).contains(&"G9001 S9001 1 0-2".to_owned()));
}

#[test]
fn where_bundle_and_history_differ_it_is_counted() {
    let more = HISTORY.replace("\"Beta 2030\"", "\"Betamax 2030\"");
    let built = built(&[origin(Role::History, &more), bundle("2.0", NEW)]);
    assert_eq!(
        notes(&built),
        [
            "1 claims of a bundle that the history does not have for its release, left out",
            "1 claims of the history that the bundle of that release does not have, kept",
        ]
    );
}

#[test]
fn a_bundle_of_names_makes_no_claims() {
    let built = built(&[bundle("1.0", OLD), origin(Role::Names("1.0".to_owned()), NEW)]);
    assert_eq!(claims(&built.reference.to_text()).len(), 4);
    assert!(built.reference.trace("S9002").is_some());
    let narrow = &built.reference.traces[usize::from(built.reference.trace("T9001.001").unwrap())];
    assert_eq!(narrow.state, State::Live, "the bundle that makes claims has the say");
}

#[test]
fn the_order_of_files_does_not_matter() {
    let one = built(&[bundle("1.0", OLD), bundle("2.0", NEW), origin(Role::Galaxy, CLUSTERS)]);
    let mut other = built(&[origin(Role::Galaxy, CLUSTERS), bundle("2.0", NEW), bundle("1.0", OLD)]);
    other.reference.origins.clone_from(&one.reference.origins);
    assert_eq!(one.reference.to_text(), other.reference.to_text());
}

#[test]
fn clusters_give_names_and_victims_where_their_names_leave_no_doubt() {
    let built = built(&[bundle("2.0", NEW), origin(Role::Galaxy, CLUSTERS)]);
    let reference = &built.reference;
    let text = reference.to_text();
    assert!(
        text.contains("alias\tMISP threat-actor\tBlizzard\n") && text.contains("alias\tMISP threat-actor\tSimoom\n")
    );
    assert!(!text.contains("alias\tMISP threat-actor\tG9002"), "an id is no alias");
    assert_eq!(reference.actors_named("G9002"), [1]);
    let victims: Vec<(&str, TraceKind)> = reference
        .traces
        .iter()
        .filter(|trace| trace.id.contains(':'))
        .map(|trace| (trace.id.as_str(), trace.kind))
        .collect();
    assert_eq!(
        victims,
        [
            ("victim_country:elbonia", TraceKind::VictimCountry),
            ("victim_sector:private-sector", TraceKind::VictimSector),
        ]
    );
    assert_eq!(
        notes(&built),
        [
            "1 clusters that are no objects, left out",
            "2 clusters that no group of ATT&CK is named like, left out",
            "1 clusters whose names stand for several groups, left out",
            "1 clusters without a name, left out",
            "1 fields of clusters of the wrong sort, left out",
        ]
    );
}

#[test]
fn every_mistake_is_counted_and_the_rest_is_built() {
    let built = built(&[bundle("1.0", MISTAKES)]);
    assert_eq!(
        notes(&built),
        [
            "1 addresses of reports that are too long or steer a display, left out",
            "2 entries revoked in a circle, taken for deprecated",
            "2 entries revoked without a successor in the bundle, taken for deprecated",
            "2 entries with a field of the wrong sort, left out",
            "1 entries with an id that another entry of the bundle has; the live one stands",
            "1 entries without an ATT&CK id, left out",
            "1 members of `objects` that are no objects",
            "1 names longer than 500 bytes, cut",
            "1 names with characters that steer a display, written as escapes",
            "1 objects without a type, left out",
            "3 relations between sorts that have none, left out",
            "1 relations of revoked or deprecated entries, left out",
            "2 relations that lead to nothing in the bundle, left out",
            "1 relations with a field of the wrong sort, left out",
            "1 techniques whose id does not begin with that of the one they are part of",
        ]
    );
    let text = built.reference.to_text();
    assert_eq!(claims(&text).len(), 5);
    for line in [
        "actor\tG9009\t0-0\tlive\tWest\\u{202e}Wind\\u{7}\n",
        "trace\ttechnique\tT9001\t0-0\tlive\tShared way\n",
        "trace\ttechnique\tT9004\t-\tdeprecated\tRound\n",
        "trace\ttechnique\tT9006\t-\tdeprecated\tGone\n",
        "trace\ttechnique\tT9007\t-\tdeprecated\tOld\n",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }
}

#[test]
fn a_successor_without_an_id_is_none() {
    let built = built(&[bundle("2.0", &NEW.replace("\"T9002\"", "\"nothing\""))]);
    let narrow = &built.reference.traces[usize::from(built.reference.trace("T9001.001").unwrap())];
    assert_eq!(narrow.state, State::Deprecated);
}

#[test]
fn what_cannot_be_read_is_refused_with_the_reason() {
    let deep = format!("{{\"type\":\"bundle\",\"objects\":[{{\"name\":{}{}}}]}}", "[".repeat(500), "]".repeat(500));
    for (text, expected) in [
        ("", "the file ends too early"),
        (&NEW[..NEW.len() / 2], "the file ends too early"),
        ("{\"type\": bundle}", "the file is no JSON"),
        ("[]", "the file has another form"),
        ("{\"type\":\"report\",\"objects\":[]}", "the file is no STIX bundle"),
        ("{\"type\":7,\"objects\":[]}", "the file is no STIX bundle"),
        ("{\"type\":\"bundle\"}", "the bundle has no `objects`"),
        ("{\"type\":\"bundle\",\"objects\":{}}", "the file has another form"),
        (CLUSTERS, "the file is no STIX bundle"),
        (&deep, "no group could be read from the bundles"),
    ] {
        let problem = refused(&[bundle("1.0", text)]);
        assert!(problem.what.starts_with(expected), "{text:.60}: {problem}");
        assert!(!problem.origin.is_empty() && !problem.remedy.is_empty());
    }
    assert_eq!(read_galaxy(NEW.as_bytes()).map(|_| ()), Err("the MISP cluster has no `values`".to_owned()));
    for (rows, expected) in [
        (r#"[["G1", "T1", "", "2.0", "1.0"]]"#, "row 1 (G1 T1) names no span of the listed releases"),
        (r#"[["G1", "T1", "", "1.0", "3.0"]]"#, "row 1 (G1 T1) names no span of the listed releases"),
        (r#"[], "attributed_to": {"4.0": []}"#, "`attributed_to` names a release that is not listed, `4.0`"),
        (r#"[["G1", "T1"]]"#, "the file has another form"),
    ] {
        let text = format!(r#"{{"releases": ["1.0", "2.0"], "rows": {rows}}}"#);
        let problem = read_history(text.as_bytes()).unwrap_err();
        assert!(problem.starts_with(expected), "{problem}");
    }
}

#[test]
fn a_build_without_a_bundle_or_a_release_is_refused() {
    assert_eq!(refused(&[origin(Role::Galaxy, CLUSTERS)]).what, "no STIX bundle of ATT&CK was given");
    assert_eq!(refused(&[origin(Role::Bundle(None), OLD)]).what, "the bundle does not say which release it is");
    assert_eq!(refused(&[origin(Role::History, HISTORY), origin(Role::History, HISTORY)]).what, "a second history");
}

#[test]
fn more_entries_than_can_be_numbered_are_refused() {
    let object = |n: u32| {
        format!(
            "{{\"type\":\"malware\",\"id\":\"malware--{n}\",\"name\":\"M\",\"external_references\":[{{\"source_name\":\
             \"mitre-attack\",\"external_id\":\"S{n:06}\"}}]}}"
        )
    };
    let mut objects: Vec<String> = (0..65_536).map(object).collect();
    objects.push(object(9001).replace("malware", "intrusion-set").replace('S', "G"));
    let problem = refused(&[bundle("1.0", &format!("{{\"type\":\"bundle\",\"objects\":[{}]}}", objects.join(",")))]);
    assert_eq!(problem.what, "65536 techniques, software and victims, more than the 65535 that can be numbered");
}

#[test]
fn own_cases_lie_over_the_data_in_its_newest_release() {
    let reference = built(&[bundle("1.0", OLD), bundle("2.0", NEW)]).reference;
    let case = |actor: &str, uses: &[&str]| Addition {
        actor: actor.to_owned(),
        report: "Own case 7".to_owned(),
        url: String::new(),
        uses: uses.iter().map(|&id| id.to_owned()).collect(),
    };
    let mut additions = Additions::default();
    let taken = additions.take(&case("cold front", &["T9001.001", "vane", "S9001"]), &reference).unwrap();
    assert_eq!((taken.added, taken.known), (3, 0));
    assert_eq!(taken.replaced, [("T9001.001".to_owned(), "T9002".to_owned()), ("vane".to_owned(), "S9002".to_owned())]);
    assert_eq!(additions.take(&case("G9001", &["T9002"]), &reference).unwrap().known, 1);
    assert_eq!(Additions::parse(&additions.to_text()), Ok(additions.clone()));
    let over = additions.over(&reference).unwrap();
    assert_eq!(Reference::parse(&over.to_text()).as_ref(), Ok(&over));
    assert_ne!(over.digest(), reference.digest());
    let reports = |reference: &Reference, release| {
        let hidden = Hidden { release: Some(release), ..Hidden::default() };
        View::new(reference, &hidden, &TraceKind::ALL).documents.len()
    };
    assert_eq!(reports(&over, 0), reports(&reference, 0));
    assert_eq!(reports(&over, 1), reports(&reference, 1) + 1);
    for (wrong, expected) in [
        (case("Nobody", &["T9001"]), "no actor of the reference data has this id or name: Nobody"),
        (
            case("G9001", &["T9099"]),
            "the reference data has no technique, software or victim with this id or name: T9099",
        ),
        (case("G9001", &[]), "a case must use between 1 and 1,000 things: Own case 7"),
        (Addition { report: "a\nb".to_owned(), ..case("G9001", &["T9001"]) }, "the report has no fit name: a\\u{a}b"),
    ] {
        assert_eq!(additions.take(&wrong, &reference).unwrap_err().to_string(), expected);
    }
}

#[test]
fn the_example_of_additions_in_the_document_can_be_read() {
    let document = include_str!("../../../docs/spec/reference.md");
    let (_, rest) = document.split_once("<!-- example: additions -->\n```toml\n").unwrap();
    let additions = Additions::parse(rest.split("```").next().unwrap()).unwrap();
    assert_eq!(additions.cases[0].uses, ["S9001", "T9001.001"]);
    let problem = Additions::parse("onus-additions = 1\n\n[[case]]\nactor = \"G9001\"\nscore = 3\n").unwrap_err();
    assert!(problem.starts_with("line 5: unknown field `score`"), "{problem}");
    assert!(Additions::parse("onus-additions = 2\n").is_err());
}

#[test]
fn cases_come_out_of_a_bundle_with_the_reports_it_cites() {
    let import = cases(read_bundle(NEW.as_bytes()).unwrap(), "Own report");
    let cases: Vec<String> =
        import.cases.iter().map(|case| format!("{} {}: {}", case.actor, case.report, case.uses.join(" "))).collect();
    assert_eq!(cases, ["G9001 Alpha 2030: S9001 T9001", "G9001 Beta 2030: T9001", "G9002 Gamma 2031: T9002 S9001",]);
    assert_eq!(import.notes, []);
}

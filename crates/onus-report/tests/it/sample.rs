//! A made-up case with two named answers, in which everything that a dossier can show occurs once.

mod overturn;

use std::collections::BTreeMap;

use onus_core::{AnalyserRun, Digest, Exhibit, Locus, Observation};
use onus_report::{Dossier, ExhibitRecord, LedgerFacts, RunRecord};
use onus_weigh::{
    Alternative, Assessment, Basis, DeltaPoint, ForgeCost, ForgedSet, Gate, HypothesisResult, Inputs, LikelihoodWords,
    NotComputed, ObservationResult, Policy, Posterior, Rates, Sheet, TestSeen, Verdict, Weights,
};

pub(crate) use overturn::set;
use overturn::{forged_sets, missing, searched};

/// Everything that a dossier borrows.
pub(crate) struct Case {
    pub(crate) sheet: Sheet,
    pub(crate) assessment: Assessment,
    pub(crate) exhibits: Vec<ExhibitRecord>,
    pub(crate) ledger: LedgerFacts,
    pub(crate) notices: Vec<String>,
}

impl Case {
    pub(crate) fn dossier(&self) -> Dossier<'_> {
        Dossier {
            sheet: &self.sheet,
            assessment: &self.assessment,
            exhibits: &self.exhibits,
            ledger: Some(&self.ledger),
            notices: &self.notices,
        }
    }
}

const SHEET: &str = r#"
onus = 1

[case]
title = "Outage at the harbour"
question = "Who carried out the attack on the harbour's network?"
happened = "2024-03-01"
tlp = "clear"

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
title = "Laboratory One"
reliability = "B"
url = "https://lab.example/report"

[[source]]
id = "press"
title = "Press"
reliability = "C"
cites = ["lab"]

[[source]]
id = "operator"
title = "Harbour operator"
reliability = "A"

[[observation]]
id = "control-server"
seen = "2024-03-05"
source = "operator"
kind = "infrastructure"
value = "the control server answered under a certificate that Group A used before"
points_at = ["a"]
credibility = 1

[[observation]]
id = "shared-code"
seen = "2024-03-09"
source = "lab"
kind = "code_overlap"
value = "a routine of the wiper is shared with earlier tools of Group A"
points_at = ["a"]
credibility = 2
block = "wiper"

[[observation]]
id = "file-name"
seen = "2024-03-09"
source = "lab"
kind = "file_name"
value = "the dropped file bears a name that Group B used"
points_at = ["b"]
credibility = 2
block = "wiper"

[[observation]]
id = "press-code"
seen = "2024-03"
source = "press"
kind = "code_overlap"
value = "the press repeats the laboratory's finding"
points_at = ["a"]
credibility = 3

[[observation]]
id = "own-number"
seen = "2024-04-02"
source = "lab"
kind = "victimology"
value = "the harbour competes with one that Group B is said to protect"
points_at = ["b"]
credibility = 3
likelihood = { b = 0.2, other = 0.1 }

[[observation]]
id = "address"
seen = "2024-03-06"
source = "press"
kind = "ip_address"
value = "an address that was taken for a foreign one"
points_at = ["b"]
credibility = 4

[[observation]]
id = "denial"
seen = "2024-03-07"
source = "press"
kind = "denial"
value = "Group A denies it"

[[test]]
id = "name-against-code"
observation = "file-name"
result = "inconsistent"
seen = "2024-03-20"
source = "lab"
value = "the name was written after the file was built"

[[retraction]]
observation = "address"
seen = "2024-03-08"
source = "press"
value = "the address belongs to the harbour itself"

[[challenge]]
id = "reuse"
against = "shared-code"
source = "operator"
seen = "2024-04-01"
value = "the routine has been public since 2022"

[[searched]]
kind = "pdb_path"
detection = 0.6

[prior]
a = 0.2
b = 0.2
other = 0.6
"#;

/// A case whose evidence supports an answer.
pub(crate) fn supported() -> Case {
    let mut case = not_determined();
    let assessment = &mut case.assessment;
    assessment.verdict = Verdict::Supported;
    for (gate, detail) in assessment.gates.iter_mut().zip([
        "the conservative weight over `b` is 21.0 dB; 20.0 dB are asked for",
        "a deception prior of 0.310 brings the weight over `b` below 20.0 dB; 0.20 has to be survived",
        "whichever one item is forged, 10.0 dB remain",
        "independent roots of what supports it: 2; 2 are asked for",
        "the dearest supporting item has forge cost F3",
    ]) {
        (gate.passed, gate.detail) = (true, detail.to_owned());
    }
    assessment.hypotheses = vec![
        hypothesis("a", 24_600, 21_000, "moderately strong support", 0.98),
        hypothesis("b", -24_600, -28_000, "moderately strong support for another", 0.01),
        hypothesis("other", -25_100, -29_000, "moderately strong support for another", 0.004),
    ];
    assessment.single_points_of_failure.clear();
    assessment.break_even_delta = BTreeMap::from([("b".to_owned(), Some(0.31)), ("other".to_owned(), None)]);
    assessment.without_subjective =
        Some(Alternative { verdict: Verdict::Supported, leading: Some("a".to_owned()), ..Alternative::default() });
    assessment.confidence = "high".to_owned();
    assessment.minimum_forged_sets =
        vec![set("b", 20_000, &["control-server"], 30), set("b", 0, &["control-server", "shared-code"], 40)];
    case.ledger.bounds = vec!["RFC 3161 token of 2024-04-10".to_owned()];
    case
}

/// The same case with too little evidence: the default.
pub(crate) fn not_determined() -> Case {
    Case {
        sheet: Sheet::parse(SHEET).expect("the sample is sound"),
        assessment: assessment(),
        exhibits: vec![exhibit()],
        ledger: LedgerFacts {
            origin: "case.example/harbour".to_owned(),
            key: "case.example/harbour+12345678+AQ".to_owned(),
            size: 9,
            root: "ab".repeat(32),
            checkpoint: "case.example/harbour\n9\nq6s=\n\n— case.example/harbour c2ln\n".to_owned(),
            bounds: Vec::new(),
            assessment_entry: Some(8),
        },
        notices: vec!["The reference data are used with permission.".to_owned()],
    }
}

fn assessment() -> Assessment {
    let gate = |id: &str, passed: bool, detail: &str| Gate {
        id: id.to_owned(),
        passed,
        detail: detail.to_owned(),
        observations: vec!["control-server".to_owned(), "shared-code".to_owned()],
        ..Gate::default()
    };
    Assessment {
        onus: 1,
        question: "Who carried out the attack on the harbour's network?".to_owned(),
        as_of: Some("2024-04-30".to_owned()),
        verdict: Verdict::NotDetermined,
        leading: Some("a".to_owned()),
        gates: vec![
            gate("weight", false, "the conservative weight over `b` is 11.0 dB; 20.0 dB are asked for"),
            gate("break-even-delta", false, "a deception prior of 0.012 brings the weight over `b` below 20.0 dB"),
            gate("single-point-of-failure", false, "if `control-server` alone is forged, no lead remains"),
            gate("roots", true, "independent roots of what supports it: 2; 2 are asked for"),
            gate("forge-cost", true, "the dearest supporting item has forge cost F3"),
        ],
        hypotheses: vec![
            hypothesis("a", 16_200, 11_000, "moderate support", 0.95),
            hypothesis("b", -16_200, -20_100, "moderate support for another", 0.03),
            hypothesis("other", -18_400, -22_000, "moderate support for another", 0.02),
        ],
        observations: observations(),
        confidence: "low".to_owned(),
        minimum_forged_sets: forged_sets(),
        minimum_withdrawn_sets: vec![ForgedSet { cost: 1, ..set("b", 0, &["control-server"], 30) }],
        searched: searched(),
        single_points_of_failure: vec!["control-server".to_owned()],
        independent_roots: 2,
        break_even_delta: BTreeMap::from([("b".to_owned(), Some(0.012)), ("other".to_owned(), None)]),
        delta_curve: (0..=10).map(|step| point(f64::from(step) / 20.0)).collect(),
        deception_probability: 0.08,
        missing: missing(),
        not_computed: vec![NotComputed {
            what: "reference".to_owned(),
            why: "there are no counts of attributed reports".to_owned(),
        }],
        notes: vec!["`address` is withdrawn by `press`".to_owned()],
        without_subjective: Some(Alternative {
            leading: Some("a".to_owned()),
            gates: vec![gate("weight", false, "the conservative weight over `b` is 13.0 dB; 20.0 dB are asked for")],
            hypotheses: vec![hypothesis("a", 19_200, 13_000, "moderate support", 0.97)],
            ..Alternative::default()
        }),
        policy: Policy {
            delta: 0.05,
            supported_mdb: 20_000,
            single_point_mdb: 10_000,
            break_even_delta: 0.2,
            roots: 2,
            dear: ForgeCost::F2,
        },
        inputs: Inputs {
            sheet: Digest::of(SHEET.as_bytes()),
            exhibits: Digest::of(b""),
            tests: None,
            reference: None,
            weights: Weights::builtin().digest(),
            engine: "onus 0.0.0".to_owned(),
        },
    }
}

fn point(delta: f64) -> DeltaPoint {
    let a = 0.97 - delta * 0.8;
    let posterior = [("a", a), ("b", (1.0 - a) * 0.7), ("other", (1.0 - a) * 0.3)];
    DeltaPoint { delta, posterior: posterior.map(|(id, posterior)| (id.to_owned(), posterior)).into() }
}

fn hypothesis(id: &str, weight: i64, conservative: i64, words: &str, flat: f64) -> HypothesisResult {
    let likelihood = |p: f64| if p > 0.5 { "almost certain" } else { "almost no chance" }.to_owned();
    HypothesisResult {
        id: id.to_owned(),
        posterior: Posterior { flat, sceptical: flat * 0.9, user: Some(flat * 0.8) },
        weight_mdb_over_next: weight,
        conservative_mdb_over_next: conservative,
        words: words.to_owned(),
        likelihood_words: LikelihoodWords {
            flat: likelihood(flat),
            sceptical: likelihood(flat * 0.9),
            user: Some(likelihood(flat * 0.8)),
        },
    }
}

/// The rate that gives the weight of this item, seen through a report that is right with 0.81.
fn same_actor(id: &str) -> f64 {
    match id {
        "control-server" => 0.197_96,
        "shared-code" => 0.118_73,
        _ => 0.023_692,
    }
}

fn observations() -> Vec<ObservationResult> {
    let table = |id: &str, kind: &str, root: &str, weights: &[(&str, i64)]| ObservationResult {
        id: id.to_owned(),
        kind: kind.to_owned(),
        root: root.to_owned(),
        block: None,
        weights_mdb: weights.iter().map(|(id, mdb)| ((*id).to_owned(), *mdb)).collect(),
        counted: true,
        counted_with: None,
        basis: Basis::Table,
        remark: None,
        planted_probability: Some(0.04),
        forge_cost: Some(ForgeCost::F2),
        withdrawn: false,
        tests: Vec::new(),
        repeats: None,
        channel: Some(0.81),
        rates: Some(Rates { same_actor: same_actor(id), another_actor: 0.006, likeness: 1.0, is_capped: false }),
        reference: None,
    };
    let not_weighed = |id: &str, kind: &str, root: &str, remark: &str| ObservationResult {
        counted: false,
        basis: Basis::None,
        remark: Some(remark.to_owned()),
        planted_probability: None,
        channel: None,
        ..table(id, kind, root, &[])
    };
    let of_wiper = Some("wiper".to_owned());
    let failed = TestSeen {
        id: "name-against-code".to_owned(),
        result: "inconsistent".to_owned(),
        weight_mdb: 9_000,
        counted: true,
        read: None,
    };
    vec![
        table("control-server", "infrastructure", "operator", &[("a", 14_300), ("b", 0), ("other", 0)]),
        ObservationResult {
            block: of_wiper.clone(),
            ..table("shared-code", "code_overlap", "lab", &[("a", 12_100), ("b", 0), ("other", 0)])
        },
        ObservationResult {
            block: of_wiper,
            counted: false,
            counted_with: Some("shared-code".to_owned()),
            planted_probability: Some(0.71),
            tests: vec![failed],
            ..table("file-name", "file_name", "lab", &[("a", 0), ("b", 5_300), ("other", 0)])
        },
        ObservationResult {
            repeats: Some("shared-code".to_owned()),
            ..not_weighed("press-code", "code_overlap", "lab", "repeats another item and adds nothing")
        },
        ObservationResult {
            basis: Basis::Subjective,
            channel: None,
            rates: None,
            reference: None,
            ..table("own-number", "victimology", "lab", &[("a", 0), ("b", 3_010), ("other", 0)])
        },
        ObservationResult { withdrawn: true, ..not_weighed("address", "ip_address", "press", "withdrawn") },
        not_weighed("denial", "denial", "press", "points at nobody"),
    ]
}

fn exhibit() -> ExhibitRecord {
    let observation = |number: u64| Observation {
        kind: "media_type".to_owned(),
        value: format!("application/octet-stream {number}"),
        locus: Some(Locus { offset: number, len: 4, line: None }),
        analyser: "file_type".to_owned(),
        attributes: BTreeMap::from([("since".to_owned(), "2024".to_owned())]),
    };
    ExhibitRecord {
        entry: 2,
        added: "2024-03-05T10:00:00Z".to_owned(),
        name: "wiper.bin".to_owned(),
        source: Some("operator".to_owned()),
        exhibit: Exhibit { sha256: Digest::of(b"wiper"), sha1: "0".repeat(40), md5: "0".repeat(32), size: 12_345 },
        run: Some(RunRecord {
            entry: 3,
            isolation: "no network, no files".to_owned(),
            outcome: "complete".to_owned(),
            observation_count: 203,
            observations: (0..203).map(observation).collect(),
            analysers: vec![AnalyserRun { id: "file_type".to_owned(), version: 1 }],
        }),
    }
}

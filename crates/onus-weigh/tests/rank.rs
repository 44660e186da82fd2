//! What a ranking may depend on, and what it may not.

use onus_weigh::{
    Reference,
    rank::{FEATURES, Naming, RankModel, Ranking, Seen, design, rank},
    reference::{Hidden, TraceKind, View},
};
use proptest::prelude::*;

const KINDS: [TraceKind; 2] = [TraceKind::Technique, TraceKind::Software];

/// Reference data of so many actors and releases: each use is an actor, a report and a trace, by number.
///
/// `names` deals the identifiers of the actors.
fn reference(names: &[usize], releases: u16, uses: &[(usize, usize, usize)]) -> Reference {
    let mut text = "onus-reference 1\ntitle\tA test\n".to_owned();
    let last = releases - 1;
    for release in 0..releases {
        text += &format!("release\t{release}.0\t\n");
    }
    for actor in 0..names.len() {
        text += &format!("actor\tG{actor:04}\t0-{last}\tlive\tGroup {actor}\n");
    }
    for trace in 0..12 {
        let (kind, id) = trace_of(trace);
        text += &format!("trace\t{}\t{id}\t0-{last}\tlive\tTrace {trace}\n", kind.name());
    }
    for report in 0..8 {
        text += &format!("report\tReport {report}\t\n");
    }
    let mut rows: Vec<(usize, String, usize)> =
        uses.iter().map(|(actor, report, trace)| (names[*actor], trace_of(*trace).1, report + 1)).collect();
    rows.sort();
    rows.dedup();
    let mut by = None;
    for (actor, trace, report) in rows {
        if by != Some(actor) {
            by = Some(actor);
            text += &format!("by\tG{actor:04}\n");
        }
        text += &format!("{trace}\t{report}\t0-{last}\n");
    }
    Reference::parse(&text).expect("the text above is reference data")
}

/// Six pieces of software, then six techniques, two of them parts of others.
fn trace_of(trace: usize) -> (TraceKind, String) {
    match trace {
        0..6 => (TraceKind::Software, format!("S{trace:04}")),
        6..8 => (TraceKind::Technique, format!("T1000.{:03}", trace - 5)),
        _ => (TraceKind::Technique, format!("T{trace:04}", trace = 1000 + trace)),
    }
}

fn seen(reference: &Reference, traces: &[usize]) -> Vec<Seen> {
    traces.iter().map(|trace| trace_of(*trace)).map(|(kind, id)| Seen::new(reference, kind, &id)).collect()
}

fn ranked(reference: &Reference, hidden: &Hidden, traces: &[usize]) -> Ranking {
    let view = View::new(reference, hidden, &KINDS);
    rank(&view, &view.candidates, &seen(reference, traces), &RankModel::builtin())
}

/// By actor's identifier: weight and probability, to the bit.
fn by_name(reference: &Reference, ranking: &Ranking, names: &[usize]) -> Vec<Option<(u64, u64)>> {
    let numbers = |name: &usize| {
        let id = format!("G{name:04}");
        let ranked = ranking.candidates.iter().find(|ranked| reference.actors[usize::from(ranked.actor)].id == id)?;
        Some((ranked.log10_ratio.to_bits(), ranked.posterior.to_bits()))
    };
    names.iter().map(numbers).collect()
}

fn uses() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
    prop::collection::vec((0..6_usize, 0..8_usize, 0..12_usize), 10..80)
}

fn traces() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..12_usize, 1..9)
}

const IN_ORDER: [usize; 6] = [0, 1, 2, 3, 4, 5];

proptest! {
    #[test]
    fn dealing_the_names_anew_deals_the_numbers_anew(
        uses in uses(), traces in traces(), names in Just(IN_ORDER.to_vec()).prop_shuffle()
    ) {
        let (one, other) = (reference(&IN_ORDER, 1, &uses), reference(&names, 1, &uses));
        let ours = ranked(&one, &Hidden::default(), &traces);
        let theirs = ranked(&other, &Hidden::default(), &traces);
        prop_assert_eq!(by_name(&one, &ours, &IN_ORDER), by_name(&other, &theirs, &names));
        prop_assert_eq!(ours.none.to_bits(), theirs.none.to_bits());
    }

    #[test]
    fn order_and_repetition_of_what_was_seen_do_not_matter(uses in uses(), traces in traces(), times in 1..4_usize) {
        let reference = reference(&IN_ORDER, 1, &uses);
        let mut again = traces.repeat(times);
        again.reverse();
        prop_assert_eq!(
            ranked(&reference, &Hidden::default(), &traces),
            ranked(&reference, &Hidden::default(), &again)
        );
    }

    /// How many releases the data has, and which of them is stood in, says nothing by itself.
    #[test]
    fn the_release_by_itself_tells_nothing(uses in uses(), traces in traces(), releases in 2..9_u16) {
        let (one, other) = (reference(&IN_ORDER, 1, &uses), reference(&IN_ORDER, releases, &uses));
        let hidden = Hidden { release: Some(releases - 2), ..Hidden::default() };
        prop_assert_eq!(ranked(&one, &Hidden::default(), &traces), ranked(&other, &hidden, &traces));
    }

    /// The leakage rule: what a hidden report says is as if it had never been said.
    #[test]
    fn a_hidden_report_is_as_if_never_written(uses in uses(), traces in traces(), hide in 0..8_usize) {
        let all = reference(&IN_ORDER, 1, &uses);
        let without: Vec<_> = uses.iter().copied().filter(|(_, report, _)| *report != hide).collect();
        let hidden = Hidden { reports: vec![all.report(&format!("Report {hide}")).unwrap()], ..Hidden::default() };
        prop_assert_eq!(
            ranked(&all, &hidden, &traces),
            ranked(&reference(&IN_ORDER, 1, &without), &Hidden::default(), &traces)
        );
    }

    #[test]
    fn probabilities_sum_to_one_and_weights_stay_in_range(uses in uses(), traces in traces()) {
        let reference = reference(&IN_ORDER, 1, &uses);
        let ranking = ranked(&reference, &Hidden::default(), &traces);
        let sum: f64 = ranking.candidates.iter().map(|ranked| ranked.posterior).sum::<f64>() + ranking.none;
        prop_assert!((sum - 1.0).abs() < 1e-9, "{}", sum);
        for ranked in &ranking.candidates {
            prop_assert!(ranked.log10_ratio.abs() <= 6.0);
            prop_assert!(ranked.carried_by.iter().all(|carried| carried.weight_mdb > 0));
            prop_assert!(matches!(ranking.naming, Naming::MayBeNamed(_)) || ranked.posterior < 0.5);
        }
    }
}

/// Actors with four reports each, of two names and four techniques of their own; everybody uses `T1010` and `T1011`.
fn apart() -> Reference {
    let mut uses = Vec::new();
    for report in 0..4 {
        for actor in 0..6 {
            uses.extend([(actor, report, actor), (actor, report, 6 + actor), (actor, report, 10), (actor, report, 11)]);
        }
    }
    reference(&IN_ORDER, 1, &uses)
}

/// Among all groups of the shipped data, a name that nobody is known for speaks for none of them.
#[test]
fn what_nobody_is_known_for_speaks_for_nobody() {
    let reference = Reference::builtin();
    let view = View::new(reference, &Hidden::default(), &KINDS);
    let unknown = Seen::new(reference, TraceKind::Software, "S9999");
    let ranking = rank(&view, &view.candidates, &[unknown], &RankModel::builtin());
    assert!(ranking.candidates.iter().all(|ranked| ranked.carried_by.is_empty()));
    assert_eq!(ranking.naming, Naming::TooImprobable);
    let most = ranking.candidates.iter().map(|ranked| ranked.posterior).fold(0.0, f64::max);
    assert!(ranking.none > most, "{} {most}", ranking.none);
}

/// Two rare names of an innocent group, added to what another left, do not get the innocent one named.
#[test]
fn two_planted_names_name_nobody() {
    let reference = Reference::builtin();
    let view = View::new(reference, &Hidden::default(), &KINDS);
    let techniques = ["T1566.001", "T1059.001", "T1027", "T1105", "T1003.001"];
    let seen = |names: &[&str]| -> Vec<Seen> {
        let of = |kind, ids: &[&str]| ids.iter().map(|id| Seen::new(reference, kind, id)).collect::<Vec<_>>();
        [of(TraceKind::Technique, &techniques), of(TraceKind::Software, names)].concat()
    };
    let actor = |id: &str| reference.actor(id).unwrap();
    let genuine = rank(&view, &view.candidates, &seen(&["S0023", "S0045", "S0117", "S0161"]), &RankModel::builtin());
    assert_eq!(genuine.considered, Some(actor("G0007")));
    assert!(matches!(genuine.naming, Naming::MayBeNamed(_)), "{:?}", genuine.naming);
    let planted = rank(&view, &view.candidates, &seen(&["S0023", "S0117"]), &RankModel::builtin());
    assert!(!matches!(planted.naming, Naming::MayBeNamed(_)), "{:?}", planted.naming);
    assert!(planted.candidates.iter().all(|ranked| ranked.posterior < 0.5));
}

#[test]
fn nothing_seen_names_nobody() {
    let ranking = ranked(&apart(), &Hidden::default(), &[]);
    assert_eq!(ranking.naming, Naming::TooImprobable);
}

#[test]
fn traces_that_tell_the_nearest_apart_are_worth_seeking() {
    let reference = apart();
    let view = View::new(&reference, &Hidden::default(), &KINDS);
    let ranking = rank(&view, &view.candidates, &seen(&reference, &[10, 11]), &RankModel::builtin());
    let sought = ranking.worth_seeking(&view, 4);
    assert_eq!(sought.len(), 4);
    assert!(sought.windows(2).all(|pair| pair[0].value_bits >= pair[1].value_bits));
    assert!(sought.iter().all(|sought| sought.known_of.len() == 1 && sought.value_bits > 0.0), "{sought:?}");
}

/// Every number about two groups against an independent program, to nine places.
#[test]
fn an_independent_program_computes_the_same_numbers() {
    let reference = Reference::builtin();
    let lines: Vec<Vec<&str>> = include_str!("rank-vector.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    let line = |name: &str| lines.iter().find(|line| line[0] == name).unwrap_or_else(|| panic!("no {name}"));
    let hidden = Hidden { reports: vec![reference.report(line("report")[1]).unwrap()], ..Hidden::default() };
    let view = View::new(reference, &hidden, &KINDS);
    let kind = |id: &str| if id.starts_with('S') { TraceKind::Software } else { TraceKind::Technique };
    let seen: Vec<Seen> = line("seen")[1].split(' ').map(|id| Seen::new(reference, kind(id), id)).collect();
    let design = design(&view, &view.candidates, &seen);
    for (column, group) in line("groups").iter().enumerate().skip(1) {
        let place = view.candidates.binary_search(&reference.actor(group).unwrap()).unwrap();
        for (feature, ours) in FEATURES.iter().zip(design.rows[place]) {
            let theirs: f64 = line(feature)[column].parse().unwrap();
            assert!((ours - theirs).abs() < 1e-9, "{group} {feature}: {ours} {theirs}");
        }
    }
}

/// The ranking takes plants to be as common as in fitting, the probabilities as rare as the deception prior says.
#[test]
fn probabilities_take_plants_to_be_rare() {
    let reference = Reference::builtin();
    let view = View::new(reference, &Hidden::default(), &KINDS);
    let ids = ["T1566.001", "T1059.001", "T1027", "T1105", "T1003.001"];
    let mut seen: Vec<Seen> = ids.iter().map(|id| Seen::new(reference, TraceKind::Technique, id)).collect();
    seen.extend(["S0023", "S0117"].map(|id| Seen::new(reference, TraceKind::Software, id)));
    let at = |deception_prior: f64| {
        let mut model = RankModel::builtin();
        model.posterior.deception_prior = deception_prior;
        // no strike, so that nothing is held back
        (model.naming.software, model.naming.techniques, model.naming.deep) = (0, 0, (0, 0));
        let ranking = rank(&view, &view.candidates, &seen, &model);
        let order: Vec<u16> = ranking.candidates.iter().map(|ranked| ranked.actor).collect();
        let most = ranking.candidates.iter().map(|ranked| ranked.posterior).fold(0.0, f64::max);
        (order, most)
    };
    let fitted = RankModel::builtin().posterior.plants_fitted;
    let ((rare, sure), (common, unsure)) = (at(0.05), at(fitted / (1.0 + fitted)));
    assert_eq!(rare, common, "the prior moves no order");
    assert!(sure > unsure + 0.05, "{sure} {unsure}");
}

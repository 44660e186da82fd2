//! The page as a document: closed off, whole, the same every time.

use std::collections::BTreeSet;

use base64::Engine as _;
use onus_report::html;
use sha2::Digest as _;

use crate::{hostile, sample};

/// Elements that are never closed.
const VOID: [&str; 3] = ["br", "meta", "!DOCTYPE"];

/// Asserts that every element is closed where it should be and no attribute is given twice.
pub(crate) fn well_formed(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    let style_end = page.find("</style>").expect("there is a style");
    let style_start = page.find("<style>").expect("there is a style") + "<style>".len();
    let page = [&page[..style_start], &page[style_end..]].concat();
    for tag in page.split('<').skip(1) {
        let (tag, rest) = tag.split_once('>').expect("every tag ends");
        assert!(!rest.contains('>'), "a stray > after <{tag}>");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "closed by </{name}>"),
            None => {
                let name = tag.split_whitespace().next().expect("a tag has a name");
                attributes(tag);
                if !VOID.contains(&name) {
                    open.push(name);
                }
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// Returns the names of a tag's attributes, asserting that they are quoted and given once.
fn attributes(tag: &str) -> Vec<&str> {
    let parts: Vec<&str> = tag.split('"').collect();
    assert!(parts.len() % 2 == 1, "quotes of <{tag}>");
    let names = parts.iter().step_by(2).filter_map(|part| part.trim().strip_suffix('=')?.split_whitespace().last());
    let names: Vec<&str> = names.collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "twice in <{tag}>");
    names
}

/// The values of an attribute, wherever it occurs.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let start = format!(" {attribute}=\"");
    page.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().expect("splitting gives a part")).collect()
}

fn pages() -> Vec<String> {
    [sample::not_determined(), sample::supported(), hostile::case()].iter().map(|case| html(&case.dossier())).collect()
}

#[test]
fn the_page_asks_nothing_of_anybody() {
    for page in pages() {
        for forbidden in ["<script", "<link", "<iframe", "<form", "<object", "<img", "@import", "url(h"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        for name in page.split('<').skip(1).flat_map(|tag| attributes(tag.split('>').next().unwrap())) {
            assert!(
                !matches!(name, "src" | "style" | "srcset" | "action" | "xlink:href") && !name.starts_with("on"),
                "{name}"
            );
        }
        for link in values(&page, "href") {
            assert!(link.starts_with('#') || link.starts_with("https://lab.example/report"), "{link}");
        }
    }
}

#[test]
fn the_policy_admits_the_style_of_the_page_alone() {
    let page = html(&sample::supported().dossier());
    let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let digest = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style.as_bytes()));
    let policy = format!("default-src &apos;none&apos;; style-src &apos;sha256-{digest}&apos;");
    let plain = policy.replace("&apos;", "'");
    assert!(page.contains(&plain) || page.contains(&policy), "{plain}");
    assert_eq!(page.matches("<style").count(), 1);
}

/// Asserts that every link has its place, every place its name, and no name is given twice.
pub(crate) fn check_links(page: &str) {
    let ids = values(page, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id is given twice");
    for id in &ids {
        assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'), "{id}");
    }
    for target in values(page, "href").into_iter().filter_map(|link| link.strip_prefix('#')) {
        assert!(unique.contains(target), "#{target}");
    }
    for named in ["aria-labelledby", "aria-describedby"].into_iter().flat_map(|attribute| values(page, attribute)) {
        assert!(unique.contains(named), "{named}");
    }
}

#[test]
fn every_link_has_its_place_and_every_place_its_name() {
    pages().iter().for_each(|page| check_links(page));
}

#[test]
fn the_page_is_well_formed() {
    pages().iter().for_each(|page| well_formed(page));
}

#[test]
fn numbers_beyond_all_measure_are_still_drawn() {
    let mut case = sample::not_determined();
    for (number, answer) in case.assessment.hypotheses.iter_mut().enumerate() {
        answer.weight_mdb_over_next = [i64::MAX, i64::MIN, 0][number];
        answer.conservative_mdb_over_next = [i64::MIN, i64::MIN, i64::MAX][number];
        (answer.posterior.flat, answer.posterior.user) = (f64::NAN, Some(f64::INFINITY));
    }
    for result in &mut case.assessment.observations {
        result.weights_mdb.values_mut().for_each(|mdb| *mdb = i64::MIN);
        result.planted_probability = Some(f64::NEG_INFINITY);
    }
    for point in &mut case.assessment.delta_curve {
        point.posterior.values_mut().for_each(|posterior| *posterior = f64::NAN);
    }
    let page = html(&case.dossier());
    well_formed(&page);
    assert!(page.contains("1000 dB or more") && !page.contains("NaN") && !page.contains("inf%"));
}

#[test]
fn an_empty_case_is_not_determined_either() {
    let mut case = sample::not_determined();
    let sheet = &mut case.sheet;
    (sheet.hypotheses, sheet.observations, sheet.sources) = (vec![], vec![], vec![]);
    (sheet.tests, sheet.retractions, sheet.challenges, sheet.prior) = (vec![], vec![], vec![], None);
    (sheet.case.happened, sheet.case.tlp) = (None, None);
    let assessment = &mut case.assessment;
    (assessment.hypotheses, assessment.observations, assessment.leading) = (vec![], vec![], None);
    (assessment.delta_curve, assessment.single_points_of_failure) = (vec![], vec![]);
    let dossier = onus_report::Dossier { exhibits: &[], ledger: None, ..case.dossier() };
    let page = html(&dossier);
    well_formed(&page);
    assert!(page.contains("Not determined.") && page.contains("no marking") && page.contains("No exhibit is on file"));
    assert!(onus_report::text(&dossier, false).contains("Not determined."));
}

#[test]
fn the_same_dossier_gives_the_same_bytes() {
    assert_eq!(html(&sample::supported().dossier()), html(&sample::supported().dossier()));
}

#[test]
fn headings_go_down_one_at_a_time() {
    for page in pages() {
        let levels: Vec<u32> =
            page.split("<h").skip(1).filter_map(|rest| rest.chars().next().unwrap().to_digit(10)).collect();
        assert_eq!(levels.first(), Some(&1));
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    }
}

#[test]
fn what_an_item_says_is_there_with_its_number() {
    let page = html(&sample::not_determined().dossier());
    for expected in [
        "id=\"item-7\"",
        "Not determined.",
        "said to indicate",
        "not bound by any outside party",
        "3 more: ",
        "Withdrawn 2024-03-08",
        "objection 1",
        "contradicts its own exhibit",
        "counted · subjective",
    ] {
        assert!(page.contains(expected), "{expected}");
    }
}

#[test]
fn no_words_of_guilt_are_the_programs_own() {
    let page = html(&sample::supported().dossier()).replace("whoever did it", "");
    for forbidden in ["did it", "guilty", "culprit", "perpetrator"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn a_large_case_gives_a_page_that_opens() {
    let mut case = sample::not_determined();
    let mut one = case.exhibits.remove(0);
    let run = one.run.as_mut().unwrap();
    run.observations.truncate(20);
    run.observation_count = 20;
    case.exhibits = (0..10_000_u64)
        .map(|number| {
            let mut record = one.clone();
            (record.entry, record.exhibit.sha256) = (number, onus_core::Digest::of(&number.to_le_bytes()));
            record
        })
        .collect();
    case.sheet.observations[0].exhibit = Some(case.exhibits[9_999].exhibit.sha256);
    let page = html(&case.dossier());
    assert!(page.contains("href=\"#exhibit-9999\""), "what items cite is shown first");
    assert!(page.contains("lists the other 9,500"));
    assert!(page.len() < 6_000_000, "{}", page.len());
}

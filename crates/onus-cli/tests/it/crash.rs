//! The program ended at any moment: what was acknowledged is there, and the case goes on.

use std::{collections::BTreeSet, io::Read as _, process::Stdio, thread, time::Duration};

use crate::common::{Numbers, Place, repeats};

/// The exhibits that `add --format json` acknowledged, up to where its output ends.
pub(crate) fn acknowledged(out: &str) -> BTreeSet<String> {
    let mut digests = BTreeSet::new();
    for line in out.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        let exhibits = event["exhibits"].as_array().into_iter().flatten();
        digests.extend(exhibits.map(|exhibit| exhibit["exhibit"].as_str().unwrap().to_owned()));
    }
    digests
}

/// The case must hold, for both verifiers' rules, and have every exhibit that was acknowledged.
pub(crate) fn check_holds(place: &Place, acknowledged: &BTreeSet<String>) {
    place.done(["verify", "case"]);
    let shown = place.done(["show", "case", "exhibits", "--format", "json"]).out;
    let there: BTreeSet<String> = shown
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["exhibit"].as_str().unwrap().to_owned())
        .collect();
    assert!(acknowledged.is_subset(&there), "{} were acknowledged, {} are there", acknowledged.len(), there.len());
}

/// `kill -9` at moments that look random; `ONUS_LONG_TESTS=200` tries more of them, on several cases.
#[test]
fn a_kill_at_any_moment_loses_nothing_that_was_acknowledged() {
    let mut numbers = Numbers(9);
    for _ in 0..repeats(KILLS).div_ceil(KILLS) {
        kill_again_and_again(&mut numbers);
    }
}

/// Kills on one case.
const KILLS: u64 = 10;

fn kill_again_and_again(numbers: &mut Numbers) {
    let place = Place::with_case();
    let fill = |round: u64| {
        for number in 0..500 {
            place.write(&format!("in-{round}/{number:04}"), format!("file {number} of round {round}\n"));
        }
        ["add".to_owned(), "--case".into(), "case".into(), "--format".into(), "json".into(), format!("in-{round}")]
    };
    // The moments are spread over what a run takes that nobody ends.
    let args = fill(KILLS);
    let begin = onus::Stopwatch::start();
    let mut kept = acknowledged(&place.done(args).out);
    let whole = u64::try_from(begin.elapsed().as_millis()).unwrap();
    for round in 0..KILLS {
        let args = fill(round);
        let mut child = place.onus().args(args).stdout(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdout.take().unwrap();
        let reader = thread::spawn(move || {
            let mut out = String::new();
            pipe.read_to_string(&mut out).unwrap();
            out
        });
        // the moment of the kill is what is tested; nothing waits for it to be a particular one
        thread::sleep(Duration::from_millis(numbers.below(whole + whole / 8)));
        let _ = child.kill();
        child.wait().unwrap();
        kept.extend(acknowledged(&reader.join().unwrap()));
        check_holds(&place, &kept);
    }
    for round in 0..2 {
        place.done(["add".to_owned(), "--case".into(), "case".into(), format!("in-{round}")]);
    }
    check_holds(&place, &kept);
    assert!(!place.path("case/.tmp").read_dir().unwrap().any(|_| true), "nothing unfinished is left");
}

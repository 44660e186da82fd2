//! Workers that break, hang or lie: the exhibit is in the ledger all the same, and what happened is the observation.

use std::{path::PathBuf, time::Duration};

use onus::{AddOptions, Case, Error, Filter, Index, Settings, WorkerCommand};

use crate::common::Place;

const HELLO: &str = r#"{"ready":{"isolation":"none"}}"#;

/// Adds one file through a shell script that stands in for a worker. Returns what is observed of it.
#[cfg(unix)]
fn add(place: &Place, script: &str) -> Result<String, Error> {
    let mut hello = u32::try_from(HELLO.len()).unwrap().to_be_bytes().to_vec();
    hello.extend(HELLO.as_bytes());
    place.write("hello", hello);
    place.write("in/a.txt", "first\n");
    let script = script.replace("HELLO", &format!("cat {}", place.path("hello").display()));
    let worker = WorkerCommand {
        program: PathBuf::from("/bin/sh"),
        args: vec!["-c".into(), script.into()],
        deadline: Duration::from_millis(500),
    };
    let settings = Settings { config: Some(place.path("config")), ..Settings::default() };
    let case = Case::open(&place.path("case")).unwrap();
    onus::add(&case, &settings, &[place.path("in")], &AddOptions { source: None, worker }, &mut |_| {})?;
    let mut values = String::new();
    Index::open(&case)?
        .observations(&Filter::default(), &mut |row| values += &format!("{}: {}", row.kind, row.value))?;
    place.done(["verify", "case"]);
    Ok(values)
}

#[cfg(unix)]
#[test]
fn how_a_worker_broke_is_the_observation() {
    let check = |script: &str, expected: &str| {
        let place = Place::with_case();
        let observed = add(&place, script).unwrap();
        assert_eq!(observed, format!("analysis_failed: the process that read this exhibit {expected}"), "{script}");
    };
    check("HELLO; exit 3", "ended with status 3");
    check("HELLO; kill -SEGV $$", "ended by signal 11 (SIGSEGV)");
    check("HELLO; exec sleep 60", "gave no answer within 500ms");
    check("HELLO; printf '\\377\\377\\377\\377'; exec sleep 60", "gave an answer of more than 67108864 bytes");
    check("HELLO; printf '\\000\\000\\000\\002[]'; exec sleep 60", "gave an answer that is malformed");
    check("HELLO; exec 1>&-; exec sleep 60", "closed its output");
    let lie = format!(
        r#"{{"analysers":[],"exhibit":{{"md5":"{}","sha1":"{}","sha256":"{}","size":6}},"observations":[]}}"#,
        "0".repeat(32),
        "0".repeat(40),
        onus::Digest::of(b"another")
    );
    assert_eq!(lie.len(), 0o345, "the length that the script gives");
    let lie = format!("HELLO; printf '\\000\\000\\000\\345'; printf '%s' '{lie}'; exec sleep 60");
    check(&lie, "gave an answer that cannot be true: the answer is about another exhibit");
}

#[cfg(unix)]
#[test]
fn without_a_worker_nothing_is_read() {
    let check = |script: &str, expected: &str| {
        let place = Place::with_case();
        let error = add(&place, script).unwrap_err();
        assert!(matches!(error, Error::WorkerStart { .. }), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(place.done(["show", "case", "entries"]).out.lines().count(), 1, "nothing was entered");
    };
    check("exit 1", "it said nothing and ended with status 1");
    check(
        "printf '\\000\\000\\000\\054{\"refused\":{\"why\":\"seccomp: not permitted\"}}'; exec sleep 60",
        "seccomp: not permitted",
    );
}

//! Tracing files without a case: in order, whatever happens to one of them.

use std::{ops::ControlFlow, path::PathBuf, time::Duration};

use onus::{
    WorkerCommand,
    trace::{Line, TraceEvent, TraceSummary, trace},
};
use serde_json::Value;

use crate::common::Place;

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn each_file_is_a_line_in_the_order_of_the_walk() {
    let place = Place::new();
    for number in (0..60).rev() {
        place.write(&format!("in/{number:02}.txt"), format!("number {number}\n").repeat(number * number + 1));
    }
    let ran = place.done(["trace", "--format", "jsonl", "in"]);
    let lines = lines(&ran.out);
    let paths: Vec<&str> = lines.iter().map(|line| line["path"].as_str().unwrap()).collect();
    assert_eq!(paths.len(), 60);
    assert!(paths.is_sorted(), "{paths:?}");
    assert_eq!(lines[7]["sha256"], onus::Digest::of("number 7\n".repeat(50).as_bytes()).to_hex());
    assert_eq!((&lines[7]["size"], &lines[7]["format"]), (&450.into(), &"plain".into()));
    assert_eq!(ran.out, place.done(["trace", "--format", "jsonl", "in"]).out, "the same bytes each time");
}

#[test]
fn a_file_is_shown_to_people_without_what_could_steer_their_terminal() {
    let place = Place::new();
    place.write("note.txt", "Statement \u{1b}[31mof nobody\n");
    insta::assert_snapshot!(place.run(["trace", "note.txt"]), @r"
    status: 0
    -- out
    note.txt
      plain, 25 bytes, sha256:4c6fd7a197689fbbfe4de3653a855fd6e37f0c98c4de54c9380bc49e2b667ed3
      It says
        media_type         text/plain
        encoding           UTF-8
        line_endings       lf
        text               Statement \u{1b}[31mof nobody                        at 0x0
        hidden_characters  escape_sequence                                      at 0xa

    1 read, 0 of them with a contradiction, 0 left aside, 0 not read
    read in processes shut off by: [ISOLATION]
    ");
}

#[test]
fn what_cannot_be_read_is_said_and_the_others_are_read() {
    let place = Place::new();
    place.write("in/a.txt", "first\n");
    let ran = place.run(["trace", "--format", "jsonl", "in", "absent"]);
    assert_eq!((ran.code, lines(&ran.out).len()), (Some(2), 1), "{ran}");
    assert_eq!(ran.err, "not read, is not there, or no longer: absent\n");
}

#[cfg(unix)]
#[test]
fn a_pipe_and_a_link_are_left_aside() {
    let place = Place::new();
    place.write("in/a.txt", "first\n");
    std::os::unix::fs::symlink("a.txt", place.path("in/b.txt")).unwrap();
    let fifo =
        rustix::fs::mknodat(rustix::fs::CWD, place.path("in/c"), rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0);
    fifo.unwrap();
    let ran = place.run(["trace", "--format", "jsonl", "in"]);
    assert_eq!((ran.code, lines(&ran.out).len()), (Some(2), 1), "{ran}");
    assert!(
        ran.err.contains("left aside, is a symbolic link") && ran.err.contains("not read, is a named pipe"),
        "{ran}"
    );
}

#[test]
fn a_long_file_is_named_by_all_of_its_bytes_though_not_all_are_read() {
    let place = Place::new();
    let mut bytes = vec![0; 200 << 20];
    bytes.push(1);
    place.write("long", &bytes);
    let ran = place.done(["trace", "--format", "jsonl", "long"]);
    let line = &lines(&ran.out)[0];
    assert_eq!(line["sha256"], onus::Digest::of(&bytes).to_hex());
    assert!(line["limits"][0].as_str().unwrap().contains("of 209715201 bytes"), "{}", line["limits"]);
}

/// Traces `in` with a shell script in the place of a worker that reads no request to its end.
#[cfg(unix)]
fn broken(place: &Place, script: &str) -> (TraceSummary, Vec<Value>) {
    let hello = r#"{"ready":{"isolation":"none"}}"#;
    let mut greeting = u32::try_from(hello.len()).unwrap().to_be_bytes().to_vec();
    greeting.extend(hello.as_bytes());
    place.write("hello", greeting);
    let script = script.replace("HELLO", &format!("cat {}", place.path("hello").display()));
    let command = WorkerCommand {
        program: PathBuf::from("/bin/sh"),
        args: vec!["-c".into(), script.into()],
        deadline: Duration::from_millis(500),
    };
    let mut made = Vec::new();
    let summary = trace(
        &[place.path("in")],
        &command,
        &[],
        |traced| Line::of(traced).to_json(),
        |event| {
            if let TraceEvent::Traced(line) = event {
                made.push(serde_json::from_slice(&line).unwrap());
            }
            ControlFlow::Continue(())
        },
    );
    (summary.unwrap(), made)
}

#[cfg(unix)]
#[test]
fn a_file_that_breaks_its_reader_has_a_line_that_says_so() {
    let place = Place::new();
    // more than a pipe holds, so that the reader breaks while it is still being handed the file
    place.write("in/a.bin", vec![7; 3 << 20]);
    place.write("in/b.txt", "second\n");
    for script in ["HELLO; exit 3", "HELLO; exec sleep 60"] {
        let (summary, lines) = broken(&place, script);
        assert_eq!((summary.traced, summary.failed, summary.refused), (2, 2, 0), "{script}");
        assert_eq!(lines[0]["sha256"], onus::Digest::of(&vec![7; 3 << 20]).to_hex(), "it has its name all the same");
        let said = lines[0]["limits"][0].as_str().unwrap();
        assert!(said.starts_with("the process that read this exhibit "), "{said}");
        assert_eq!(lines[1]["size"], 7);
    }
}

const SPEC: &str = include_str!("../../../../docs/spec/trace.md");

/// The text of the code block after a comment that names it.
fn example(name: &str) -> &'static str {
    let after = SPEC.split_once(&format!("<!-- example: {name} -->\n```")).unwrap().1;
    after.split_once('\n').unwrap().1.split_once("```").unwrap().0
}

/// The program of the specification, whose count of objects was changed after it was linked.
pub(crate) fn program() -> Vec<u8> {
    let mut bytes = vec![0; 1024];
    for row in example("file").lines() {
        let (offset, digits) = row.split_once(": ").unwrap();
        for (at, digits) in digits.split(' ').enumerate() {
            bytes[usize::from_str_radix(offset, 16).unwrap() + at] = u8::from_str_radix(digits, 16).unwrap();
        }
    }
    bytes
}

/// The same before it was changed.
pub(crate) fn genuine() -> Vec<u8> {
    let mut bytes = program();
    bytes[0x94] ^= 5 ^ 3;
    bytes
}

/// Takes away what is measured again from time to time.
fn without_rates(mut object: Value) -> Value {
    for member in ["false_alarm", "false_alarm_measured", "detection", "detection_measured"] {
        object.as_object_mut().unwrap().remove(member);
    }
    object
}

#[test]
fn the_example_of_the_specification_is_what_is_printed() {
    let place = Place::new();
    place.write("sample.exe", program());
    let ran = place.run(["trace", "--format", "jsonl", "sample.exe"]);
    let (expected, found): (Value, Value) = (serde_json::from_str(example("line")).unwrap(), lines(&ran.out).remove(0));
    for member in ["path", "sha256", "size", "format", "limits"] {
        assert_eq!(found[member], expected[member], "{member}");
    }
    for list in ["observations", "tests"] {
        let found: Vec<Value> = found[list].as_array().unwrap().iter().cloned().map(without_rates).collect();
        for row in expected[list].as_array().unwrap().iter().cloned().map(without_rates) {
            assert!(found.contains(&row), "{row:#}\nis not in\n{found:#?}");
        }
    }
}

#[test]
fn a_contradiction_is_a_finding_and_the_same_file_before_it_was_changed_has_none() {
    let place = Place::new();
    place.write("changed.exe", program());
    place.write("genuine.exe", genuine());
    let ran = place.run(["trace", "genuine.exe"]);
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(ran.out.contains("That does not make a trace genuine"), "{ran}");
    let ran = place.run(["trace", "genuine.exe", "changed.exe"]);
    assert_eq!(ran.code, Some(1), "{ran}");
    assert!(ran.out.contains("rich-checksum (hard), about rich header"), "{ran}");
    assert!(ran.out.contains("2 read, 1 of them with a contradiction, 0 left aside, 0 not read"), "{ran}");
}

#[test]
fn working_hours_are_told_of_many_runs_of_builds_and_of_few_not() {
    const FIRST_MIDNIGHT: u32 = 1_704_067_200;
    let place = Place::new();
    for day in 0..40 {
        let mut bytes = genuine();
        let header = u32::from_le_bytes(bytes[0x3c..0x40].try_into().unwrap()) as usize;
        let time = FIRST_MIDNIGHT + day * 86_400 + (9 + day % 9) * 3_600;
        bytes[header + 8..header + 12].copy_from_slice(&time.to_le_bytes());
        place.write(&format!("in/{}/{day:02}.exe", if day < 5 { "few" } else { "more" }), bytes);
    }
    let few = place.run(["trace", "in/few"]).out;
    assert!(few.contains("5 carry a build time, of 5 runs of builds"), "{few}");
    assert!(few.contains("nothing is said of working hours or time zones from fewer than 30 runs"), "{few}");
    let all = place.run(["trace", "in"]).out;
    assert!(all.contains("40 of them lie in the nine hours from 09:00 UTC"), "{all}");
    assert!(all.contains("stamps are set with any editor (forge cost F0)"), "{all}");
}

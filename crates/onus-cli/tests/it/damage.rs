//! Every sort of file in a case damaged, and both verifiers asked.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use onus::{Case, VerifyOptions};

use crate::common::{Numbers, Place, files_below, repeats};

fn place() -> Place {
    let place = Place::with_case();
    for number in 0..150 {
        place.write(&format!("in/{number:03}"), format!("file {number}\n"));
    }
    place.done(["add", "--case", "case", "in"]);
    place.done(["assess", "case"]);
    place
}

/// Damages the first file whose path begins so, and says what `onus verify` says.
fn check(damage: impl Fn(&std::path::Path)) -> impl Fn(&Place, &str) -> String {
    move |place: &Place, prefix: &str| {
        let files = files_below(&place.path("case"));
        let file = files.iter().find(|file| file.starts_with(prefix)).unwrap();
        let path = place.path("case").join(file);
        let before = std::fs::read(&path).unwrap();
        damage(&path);
        let ran = place.run(["verify", "case"]);
        let _ = std::fs::remove_file(&path);
        std::fs::write(&path, before).unwrap();
        assert_eq!(ran.code, Some(1), "{file}: {ran}");
        let mut lines = ran.out.lines().skip(1);
        let what = lines.next().unwrap().trim().to_owned();
        let at = lines.next().unwrap().trim().to_owned();
        let at = at.split("sha256/").next().unwrap().to_owned();
        format!("{prefix}: {what}; {at}\n")
    }
}

const PARTS: [&str; 8] = [
    "exhibits/",
    "blobs/",
    "log/checkpoint",
    "log/checkpoints/1",
    "log/vkey",
    "log/tile/0/",
    "log/tile/1/",
    "log/tile/entries/000",
];

#[test]
fn a_file_of_every_sort_that_is_missing_is_named() {
    let place = place();
    let missing = check(|path| std::fs::remove_file(path).unwrap());
    // a copy of an older checkpoint is no part of the proof
    let parts = PARTS.iter().filter(|part| **part != "log/checkpoints/1");
    insta::assert_snapshot!(parts.map(|part| missing(&place, part)).collect::<String>(), @"
    exhibits/: what: an exhibit is missing; where: exhibits/
    blobs/: what: a body that an entry refers to is missing; where: blobs/
    log/checkpoint: what: file is missing; where: log/checkpoint
    log/vkey: what: file is missing; where: log/vkey
    log/tile/0/: what: file is missing; where: log/tile/0/000
    log/tile/1/: what: file is missing; where: log/tile/1/000.p/1
    log/tile/entries/000: what: file is missing; where: log/tile/entries/000
    ");
    place.done(["verify", "case"]);
}

#[test]
fn a_file_of_every_sort_that_was_changed_is_named() {
    let place = place();
    let changed = check(|path| {
        let mut bytes = std::fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::remove_file(path).unwrap();
        std::fs::write(path, bytes).unwrap();
    });
    // keys and signatures differ from run to run, and with them what a changed byte breaks first
    for part in PARTS {
        let said = changed(&place, part);
        let folder = part.split_inclusive('/').next().unwrap();
        assert!(said.contains(&format!("; where: {folder}")), "{said}");
    }
}

#[test]
fn a_file_that_nobody_entered_is_named() {
    let place = place();
    let mut said = String::new();
    for path in ["exhibits/notes.txt", "blobs/sha256/ab/cd", "log/notes.txt", "log/tile/entries/junk"] {
        place.write(&format!("case/{path}"), "planted");
        let ran = place.run(["verify", "case"]);
        assert_eq!(ran.code, Some(1));
        said += &format!("{}\n", ran.out.lines().skip(1).take(2).map(str::trim).collect::<Vec<_>>().join("; "));
        std::fs::remove_file(place.path(&format!("case/{path}"))).unwrap();
    }
    insta::assert_snapshot!(said, @"
    what: the file is not of this case; where: exhibits/notes.txt
    what: the file is not of this case; where: blobs/sha256/ab/cd
    what: file has no place in a log; where: log/notes.txt
    what: file has no place in a log; where: log/tile/entries/junk
    ");
    place.done(["verify", "case"]);
}

/// The second verifier, asked again and again in one process.
struct Python {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

/// Signatures are remembered, because most changes leave them as they are.
const DRIVER: &str = r#"
import functools, importlib.util, sys
spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
verify = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify)
check = functools.lru_cache(None)(verify.openssl)
for line in sys.stdin:
    try:
        verify.verify(line.rstrip("\n"), check)
        print("holds", flush=True)
    except verify.Fault as fault:
        print("fails", ascii(str(fault)), flush=True)
    except verify.CannotRun as error:
        print("cannot run", ascii(str(error)), flush=True)
"#;

impl Python {
    fn start(place: &Place) -> Option<Self> {
        place.write("driver.py", DRIVER);
        let mut command = Command::new("python3");
        command.arg(place.path("driver.py")).arg(place.path("case/verify.py"));
        let mut child =
            command.env("PYTHONDONTWRITEBYTECODE", "1").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let (to, from) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
        Some(Self { child, to, from })
    }

    fn ask(&mut self, place: &Place) -> String {
        writeln!(self.to, "{}", place.path("case").display()).unwrap();
        let mut answer = String::new();
        self.from.read_line(&mut answer).unwrap();
        answer
    }
}

fn library(place: &Place) -> String {
    match onus::verify(&Case::open(&place.path("case")).unwrap(), &VerifyOptions::default()) {
        Ok(Ok(_)) => "holds\n".to_owned(),
        Ok(Err(finding)) => format!("fails {}: {}\n", finding.what, finding.path),
        Err(error) => format!("cannot run {error}\n"),
    }
}

#[test]
fn both_verifiers_find_every_change_of_one_byte() {
    let place = place();
    let Some(mut python) = Python::start(&place) else { return eprintln!("skipped: python3 is not here") };
    assert_eq!((library(&place).as_str(), python.ask(&place).as_str()), ("holds\n", "holds\n"));
    let is_covered = |file: &String| ["exhibits/", "blobs/", "log/"].iter().any(|part| file.starts_with(part));
    let files: Vec<String> = files_below(&place.path("case")).into_iter().filter(is_covered).collect();
    // half of the changes go to the log, which has few files and most of the rules
    let log: Vec<&String> = files.iter().filter(|file| file.starts_with("log/")).collect();
    let mut numbers = Numbers(2018);
    for round in 0..repeats(300) {
        let all: Vec<&String> = files.iter().collect();
        let from = if round % 2 == 0 { &log } else { &all };
        let file = from[usize::try_from(numbers.below(from.len() as u64)).unwrap()];
        let path = place.path("case").join(file);
        let before = std::fs::read(&path).unwrap();
        let mut after = before.clone();
        let at = usize::try_from(numbers.below(before.len() as u64)).unwrap();
        after[at] ^= u8::try_from(1 + numbers.below(255)).unwrap();
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, &after).unwrap();
        let said = (library(&place), python.ask(&place));
        std::fs::write(&path, before).unwrap();
        let found = said.0.starts_with("fails") && said.1.starts_with("fails");
        assert!(found, "byte {at} of {file} became {}: onus: {}verify.py: {}", after[at], said.0, said.1);
    }
    assert_eq!((library(&place).as_str(), python.ask(&place).as_str()), ("holds\n", "holds\n"));
    drop(python.to);
    python.child.wait().unwrap();
}

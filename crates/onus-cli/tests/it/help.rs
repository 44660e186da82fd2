//! What the program says of itself.

use crate::common::Place;

#[test]
fn the_overview_lists_what_a_user_needs() {
    insta::assert_snapshot!(Place::new().run(["--help"]), @"
    status: 0
    -- out
    The burden of proof: keeps evidence of cyber cases in a ledger that anyone can verify, weighs it for
    competing answers, and says plainly when the answer is not determined

    Usage: onus <COMMAND>

    Commands:
      demo         Unpacks the bundled cases, runs the whole way over each and says what came of it
      new          Makes a case: a sheet to fill in and an empty ledger
      add          Takes files into a case, has them analysed and enters them in the ledger
      assess       Weighs a case and says what the evidence supports, or that nothing is determined
      show         Lists what a case holds
      verify       Says whether a case holds: the log and its signatures, every file in it, and the
                   newest assessment
      trace        Reads what files say of their origin, and whether that can have been put there
                   afterwards
      rank         Ranks groups for techniques and software that were seen
      reference    The reference data: who was reported to have used what, by whom, and since when
      reindex      Builds index.sqlite anew from the ledger and the bodies
      completions  Prints a completion script for a shell
      help         Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Exit status: 0 done; 1 done, with findings; 2 not done.
    ");
}

#[test]
fn a_mistyped_command_is_not_done() {
    insta::assert_snapshot!(Place::new().run(["verfy"]), @"
    status: 2
    -- err
    error: unrecognized subcommand 'verfy'

      tip: a similar subcommand exists: 'verify'

    Usage: onus <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn completions_and_manual_pages_are_made() {
    let place = Place::new();
    for shell in ["bash", "fish", "zsh"] {
        assert!(place.done(["completions", shell]).out.contains("onus"));
    }
    place.done(["man", "pages"]);
    assert!(String::from_utf8(place.read("pages/onus-add.1")).unwrap().contains("acknowledged"));
}

#[cfg(unix)]
#[test]
fn a_reader_who_goes_away_is_no_failure() {
    let place = Place::new();
    let mut child = place.onus().args(["completions", "bash"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

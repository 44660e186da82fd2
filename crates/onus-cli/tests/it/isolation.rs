//! What a process that reads exhibits cannot do.

use crate::common::Place;

/// Makes one attempt; the system must have said no, or ended the process.
#[cfg(target_os = "linux")]
#[expect(clippy::print_stderr, reason = "who runs the tests must see that one was skipped")]
fn check(attempt: &str, expected: &str) {
    let place = Place::new();
    let ran = place.run(["worker", "--attempt", attempt]);
    if ran.out.starts_with("not shut off") {
        return eprintln!("skipped: this kernel does not allow the isolation: {}", ran.out);
    }
    assert!(ran.out.contains(expected), "{attempt}: {ran}");
    assert!(!std::env::temp_dir().join("onus-self-test").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn files_network_processes_and_signals_are_out_of_reach() {
    for attempt in ["read-file", "write-file", "connect", "exec", "fork", "signal"] {
        check(attempt, "Operation not permitted (os error 1)");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded() {
    check("allocate", "memory allocation failed");
}

#[cfg(unix)]
#[test]
fn processor_time_is_bounded() {
    let ran = Place::new().run(["worker", "--attempt", "loop"]);
    assert_eq!(ran.code, None, "a worker that loops is ended by the system: {ran}");
}

#[cfg(target_os = "linux")]
#[test]
fn the_self_test_shows_all_of_it() {
    insta::assert_snapshot!(Place::new().run(["worker", "--self-test"]), @"
    status: 0
    -- out
    refused  read a file                     Operation not permitted (os error 1)
    refused  write a file                    Operation not permitted (os error 1)
    refused  open a network connection       Operation not permitted (os error 1)
    refused  become another program          Operation not permitted (os error 1)
    refused  start another process           Operation not permitted (os error 1)
    refused  signal the parent process       Operation not permitted (os error 1)
    refused  reserve 1 GiB of memory         memory allocation failed because the memory allocator returned an error
    refused  use the processor without end   ended by signal 24 (SIGXCPU)
    ");
}

#[test]
fn an_attempt_that_does_not_exist_is_named() {
    insta::assert_snapshot!(Place::new().run(["worker", "--attempt", "fly"]), @"
    status: 2
    -- err
    error: invalid value 'fly' for '--attempt <WHAT>': use one of: read-file, write-file, connect, exec, fork, signal, allocate, loop

    For more information, try '--help'.
    ");
}

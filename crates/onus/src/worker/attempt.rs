//! The self-test of the isolation: a worker that tries what an exhibit must never be able to do.

use std::{
    fs::File,
    hint::black_box,
    io::{self, Read as _},
    net::TcpStream,
    process::{Command, ExitStatus, Stdio},
};

use crate::{Error, Result, WorkerCommand, worker::sandbox};

/// Something that a worker must not be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`describe` says what each is")]
pub enum Attempt {
    ReadFile,
    WriteFile,
    Connect,
    Exec,
    Fork,
    Signal,
    Allocate,
    Loop,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What was tried.
    pub attempt: Attempt,
    /// Whether the isolation held.
    pub held: bool,
    /// What happened, in words.
    pub how: String,
}

impl Attempt {
    /// Every attempt, in the order of the self-test.
    pub const ALL: [Self; 8] = [
        Self::ReadFile,
        Self::WriteFile,
        Self::Connect,
        Self::Exec,
        Self::Fork,
        Self::Signal,
        Self::Allocate,
        Self::Loop,
    ];

    /// Returns the name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadFile => "read-file",
            Self::WriteFile => "write-file",
            Self::Connect => "connect",
            Self::Exec => "exec",
            Self::Fork => "fork",
            Self::Signal => "signal",
            Self::Allocate => "allocate",
            Self::Loop => "loop",
        }
    }

    /// Returns what is tried, for readers.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::ReadFile => "read a file",
            Self::WriteFile => "write a file",
            Self::Connect => "open a network connection",
            Self::Exec => "become another program",
            Self::Fork => "start another process",
            Self::Signal => "signal the parent process",
            Self::Allocate => "reserve 1 GiB of memory",
            Self::Loop => "use the processor without end",
        }
    }

    /// Gives up all rights as a worker does, then tries. Returns what happened: `done`, or what the system said.
    ///
    /// Meant for a process of its own: nothing can be done in it afterwards.
    ///
    /// # Errors
    /// The rights could not be given up, in words.
    pub fn make(self) -> std::result::Result<String, String> {
        // what is asked of the system is asked before the rights are gone
        let (program, folder) = (std::env::current_exe().unwrap_or_default(), std::env::temp_dir());
        #[cfg(unix)]
        let parent = rustix::process::getppid();
        sandbox::enter(if self == Self::Loop { 1 } else { sandbox::CPU_SECONDS })?;
        let result = match self {
            Self::ReadFile => File::open(program).and_then(|mut file| file.read(&mut [0])).map(drop),
            Self::WriteFile => File::create(folder.join("onus-self-test")).map(drop),
            Self::Connect => TcpStream::connect("127.0.0.1:9").map(drop),
            Self::Exec => Err(exec(&program)),
            Self::Fork => Command::new(program).arg("--version").spawn().map(drop),
            #[cfg(unix)]
            Self::Signal => parent.ok_or(io::ErrorKind::Unsupported.into()).and_then(signal),
            #[cfg(not(unix))]
            Self::Signal => Err(io::ErrorKind::Unsupported.into()),
            Self::Allocate => Vec::<u8>::new().try_reserve_exact(1 << 30).map_err(io::Error::other),
            Self::Loop => (0..u64::MAX).try_for_each(|number| {
                black_box(number);
                Ok(())
            }),
        };
        Ok(result.map_or_else(|error| error.to_string(), |()| "done".to_owned()))
    }
}

#[cfg(unix)]
fn exec(program: &std::path::Path) -> io::Error {
    std::os::unix::process::CommandExt::exec(Command::new(program).arg("--version"))
}

#[cfg(not(unix))]
fn exec(_: &std::path::Path) -> io::Error {
    io::ErrorKind::Unsupported.into()
}

#[cfg(unix)]
fn signal(parent: rustix::process::Pid) -> io::Result<()> {
    Ok(rustix::process::test_kill_process(parent)?)
}

/// Makes every attempt, each in a process of its own.
///
/// # Errors
/// A process could not be started.
pub fn self_test(command: &WorkerCommand) -> Result<Vec<Ended>> {
    Attempt::ALL.into_iter().map(|attempt| test(command, attempt)).collect()
}

fn test(command: &WorkerCommand, attempt: Attempt) -> Result<Ended> {
    let output = Command::new(&command.program)
        .args(&command.args)
        .args(["--attempt", attempt.name()])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Error::WorkerStart { why: error.to_string() })?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let how = if said.is_empty() { ended(output.status) } else { said };
    Ok(Ended { attempt, held: how != "done" && output.status.code() != Some(2), how })
}

/// How a process ended, in words.
pub(crate) fn ended(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("ended by signal {signal}{}", name_of(signal));
    }
    match status.code() {
        Some(code) => format!("ended with status {code}"),
        None => "ended".to_owned(),
    }
}

#[cfg(unix)]
fn name_of(signal: i32) -> &'static str {
    use rustix::process::Signal;
    match Signal::from_named_raw(signal) {
        Some(Signal::ABORT) => " (SIGABRT)",
        Some(Signal::BUS) => " (SIGBUS)",
        Some(Signal::ILL) => " (SIGILL)",
        Some(Signal::KILL) => " (SIGKILL)",
        Some(Signal::SEGV) => " (SIGSEGV)",
        Some(Signal::SYS) => " (SIGSYS)",
        Some(Signal::XCPU) => " (SIGXCPU)",
        Some(Signal::XFSZ) => " (SIGXFSZ)",
        _ => "",
    }
}

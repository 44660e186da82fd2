//! Reading exhibits in processes of their own, which can do nothing but read what they are handed and answer.
//!
//! The parent is `pool`; what both sides say is `protocol`; what the process gives up before it sees a byte of an
//! exhibit is [`sandbox`]. Exhibits are never read in the process that holds the case and the key.

pub mod attempt;
pub(crate) mod feed;
pub(crate) mod pool;
mod protocol;
pub mod sandbox;

use std::{ffi::OsString, io, path::PathBuf, time::Duration};

use onus_analyse::{READ_MAX, Subject, observe};

use protocol::Hello;

/// How a process that reads exhibits is started.
#[derive(Clone, Debug)]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Time for one exhibit, from the request to the answer; then the process is ended.
    pub deadline: Duration,
}

/// Memory for the bytes of an exhibit that a worker keeps for the next one, at most.
const KEPT_MAX: usize = 8 << 20;

/// The time that an exhibit gets.
pub const DEADLINE: Duration = Duration::from_secs(30);

impl WorkerCommand {
    /// Returns the program that is running, with the argument that makes it a worker.
    ///
    /// # Errors
    /// The system does not say which program is running.
    pub fn this_program() -> crate::Result<Self> {
        let program = std::env::current_exe().map_err(|error| crate::Error::WorkerStart { why: error.to_string() })?;
        Ok(Self { program, args: vec!["worker".into()], deadline: DEADLINE })
    }
}

/// Is a worker: gives up all rights, says so, then answers requests on standard input until it ends.
///
/// # Errors
/// The rights could not be given up, in which case the parent was told why; or the parent broke off.
pub fn run() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let hello = match sandbox::enter(sandbox::CPU_SECONDS) {
        Ok(level) => Hello::Ready { isolation: level },
        Err(why) => Hello::Refused { why },
    };
    protocol::write_json(&mut output, &hello)?;
    if matches!(hello, Hello::Refused { .. }) {
        return Ok(());
    }
    let mut bytes = Vec::new();
    while let Some(exhibit) = protocol::read_request(&mut input, &mut bytes, READ_MAX)? {
        let set = observe(&Subject { exhibit: &exhibit, bytes: &bytes });
        protocol::write_json(&mut output, &set)?;
        if bytes.capacity() > KEPT_MAX {
            bytes = Vec::new();
        }
    }
    Ok(())
}

//! The key that signs the ledgers of one user: made at first use, kept in one file that only the owner can read.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use onus_ledger::Signer;

use crate::{Error, Result, Settings};

/// The seed of the signing key (RFC 8032).
pub(crate) struct Seed([u8; 32]);

impl Seed {
    /// Reads the seed, or makes it when there is none.
    pub(crate) fn read_or_make(settings: &Settings) -> Result<Self> {
        let folder = settings.config.as_deref().ok_or(Error::NoConfig)?;
        if let Some(seed) = Self::read(settings)? {
            return Ok(seed);
        }
        make_folder(folder)?;
        check_mode(folder)?;
        let path = folder.join("key");
        match make(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                Err(Error::io("making the signing key", &path)(error))
            }
            _ => read(path),
        }
    }

    /// Reads the seed, if there is one.
    pub(crate) fn read(settings: &Settings) -> Result<Option<Self>> {
        let folder = settings.config.as_deref().ok_or(Error::NoConfig)?;
        let path = folder.join("key");
        if !path.exists() {
            return Ok(None);
        }
        check_mode(folder)?;
        read(path).map(Some)
    }

    /// Returns the signer of a log. Every log has an origin of its own, so that a signature is good for one log alone.
    pub(crate) fn signer(&self, origin: &str) -> Result<Signer> {
        Ok(Signer::new(origin, &self.0)?)
    }
}

/// Returns a new origin: `onus/case/` and 16 random hexadecimal digits.
pub(crate) fn new_origin() -> Result<String> {
    let random = getrandom::u64().map_err(no_random)?;
    Ok(format!("onus/case/{random:016x}"))
}

fn no_random(error: getrandom::Error) -> Error {
    Error::Io {
        doing: "drawing random numbers",
        path: PathBuf::from("the system's generator"),
        source: io::Error::other(error),
    }
}

pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(Error::io("making the folder of the configuration", folder))
}

/// Writes a new seed, unless there is one. The file appears whole: two first uses at the same time agree on one key.
fn make(path: &Path) -> io::Result<()> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(io::Error::other)?;
    let unfinished = path.with_extension(format!("{:016x}", getrandom::u64().map_err(io::Error::other)?));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    let made = write(&mut file, &seed).and_then(|()| fs::hard_link(&unfinished, path));
    fs::remove_file(&unfinished)?;
    made
}

fn write(file: &mut fs::File, seed: &[u8; 32]) -> io::Result<()> {
    for byte in seed {
        write!(file, "{byte:02x}")?;
    }
    writeln!(file)?;
    file.sync_all()
}

fn read(path: PathBuf) -> Result<Seed> {
    check_mode(&path)?;
    let text = fs::read_to_string(&path).map_err(Error::io("reading the signing key", &path))?;
    let digest = format!("sha256:{}", text.trim_end()).parse::<onus_core::Digest>();
    match digest {
        Ok(digits) => Ok(Seed(*digits.as_bytes())),
        Err(_) => Err(Error::KeyMalformed { path }),
    }
}

/// Refuses a key file that others may read, and a folder in which others may replace it.
#[cfg(unix)]
fn check_mode(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs::metadata(path).map_err(Error::io("reading the signing key", path))?;
    let mode = metadata.permissions().mode() & 0o777;
    let forbidden = if metadata.is_dir() { 0o022 } else { 0o077 };
    if mode & forbidden == 0 { Ok(()) } else { Err(Error::KeyExposed { path: path.to_path_buf(), mode }) }
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Seed;
    use crate::{Error, Settings};

    fn settings(folder: &std::path::Path) -> Settings {
        Settings { config: Some(folder.join("config")), ..Settings::default() }
    }

    #[test]
    fn the_key_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let first = Seed::read_or_make(&settings(folder.path())).unwrap();
        let again = Seed::read_or_make(&settings(folder.path())).unwrap();
        assert_eq!(first.signer("a").unwrap().vkey(), again.signer("a").unwrap().vkey());
        assert_ne!(first.signer("a").unwrap().vkey(), again.signer("b").unwrap().vkey());
        let files: Vec<_> = std::fs::read_dir(folder.path().join("config")).unwrap().collect();
        assert_eq!(files.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        Seed::read_or_make(&settings(folder.path())).unwrap();
        let path = folder.path().join("config/key");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let Err(error) = Seed::read_or_make(&settings(folder.path())) else { panic!("the key was used") };
        assert!(matches!(error, Error::KeyExposed { mode: 0o640, .. }), "{error}");
        assert!(error.remedy().starts_with("run `chmod 600 "), "{}", error.remedy());
    }

    #[test]
    fn a_damaged_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        Seed::read_or_make(&settings(folder.path())).unwrap();
        let path = folder.path().join("config/key");
        std::fs::write(&path, "no key\n").unwrap();
        assert!(matches!(Seed::read_or_make(&settings(folder.path())), Err(Error::KeyMalformed { .. })));
    }
}

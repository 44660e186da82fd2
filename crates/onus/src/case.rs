//! The folder of a case, and the one who may write to it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Read as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use onus_core::Digest;
use onus_ledger::{Entry, Files as _, Ledger, Note, Signer, VERIFY_PY, Verified, VerifierKey, VerifyOptions};
use onus_weigh::Sheet;

use crate::{
    Error, Folder, Result, Settings, clock,
    durable::Batch,
    keys::{Seed, new_origin},
    store::{Staging, Store},
};

/// What `onus new` puts into `case.toml`.
pub const TEMPLATE: &str = include_str!("template.toml");

/// A folder that holds a case: at least its sheet, or its ledger.
#[derive(Clone, Debug)]
pub struct Case {
    root: PathBuf,
}

/// A case sheet with the bytes it was read from.
#[derive(Clone, Debug)]
pub struct SheetText {
    /// The file.
    pub text: String,
    /// Its digest.
    pub digest: Digest,
    /// What it says.
    pub sheet: Sheet,
}

/// The right to write to a case; nobody else has it at the same time.
pub(crate) struct Writer {
    root: PathBuf,
    ledger: Ledger,
    signer: Signer,
    pub staging: Arc<Staging>,
    /// Held until the writer goes.
    _lock: File,
}

impl Case {
    /// Makes a case in a folder that does not exist or is empty: a sheet, such as [`TEMPLATE`], and a ledger.
    ///
    /// # Errors
    /// The folder holds something; it cannot be written to; the signing key cannot be read or made.
    pub fn create(root: &Path, sheet: &str, settings: &Settings) -> Result<Self> {
        let failed = |error| Error::io("making the case", root)(error);
        fs::create_dir_all(root).map_err(failed)?;
        if fs::read_dir(root).map_err(failed)?.next().is_some() {
            return Err(Error::NotEmpty { path: root.to_path_buf() });
        }
        let case = Self { root: root.to_path_buf() };
        fs::write(case.sheet_path(), sheet).map_err(Error::io("writing the case sheet", &case.sheet_path()))?;
        case.writer(settings)?;
        Ok(case)
    }

    /// Takes a folder that holds a case.
    ///
    /// # Errors
    /// It holds neither a sheet nor a ledger.
    pub fn open(root: &Path) -> Result<Self> {
        let case = Self { root: root.to_path_buf() };
        if case.sheet_path().exists() || case.root.join("log").exists() {
            Ok(case)
        } else {
            Err(Error::NotACase { path: root.to_path_buf() })
        }
    }

    /// Returns the folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns where the sheet lies.
    #[must_use]
    pub fn sheet_path(&self) -> PathBuf {
        self.root.join("case.toml")
    }

    /// Returns where derived files lie.
    #[must_use]
    pub fn out(&self) -> PathBuf {
        self.root.join("out")
    }

    /// Returns the exhibits.
    #[must_use]
    pub fn exhibits(&self) -> Store {
        Store::new(self.root.join("exhibits"))
    }

    /// Returns the bodies that entries point at.
    #[must_use]
    pub fn blobs(&self) -> Store {
        Store::new(self.root.join("blobs"))
    }

    /// Returns the files as the ledger reads them.
    #[must_use]
    pub fn files(&self) -> Folder {
        Folder::new(&self.root)
    }

    /// Returns whether the case has a ledger. Its files may still be damaged.
    #[must_use]
    pub fn has_ledger(&self) -> bool {
        self.root.join("log").exists()
    }

    /// Reads the sheet.
    ///
    /// # Errors
    /// It is missing, no text, or has mistakes, all of which are then listed.
    pub fn read_sheet(&self) -> Result<SheetText> {
        let path = self.sheet_path();
        let failed = |error| Error::io("reading the case sheet", &path)(error);
        let mut bytes = Vec::new();
        // one byte more than is allowed, so that a sheet that is too long is noticed and never read whole
        let limit = onus_weigh::sheet::SHEET_MAX as u64 + 1;
        File::open(&path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(failed)?;
        SheetText::parse(bytes, path)
    }

    /// Verifies the log and returns it with all entries. Exhibits and bodies are not looked at.
    ///
    /// # Errors
    /// There is no ledger, or it does not hold.
    pub fn read_ledger(&self, options: &VerifyOptions) -> Result<Verified> {
        if !self.has_ledger() {
            return Err(Error::NoLedger { path: self.root.clone() });
        }
        Ok(onus_ledger::verify(&self.files(), options).map_err(onus_ledger::Error::from)?)
    }

    /// Reads a body and checks that it has its name.
    pub(crate) fn read_body(&self, digest: &Digest) -> Result<Vec<u8>> {
        let path = self.blobs().path(digest);
        match self.blobs().read(digest).map_err(Error::io("reading a body", &path))? {
            None => Err(Error::Damaged { what: "a body that an entry refers to is missing", path }),
            Some(bytes) if Digest::of(&bytes) != *digest => {
                Err(Error::Damaged { what: "the bytes of a body are not those of its name", path })
            }
            Some(bytes) => Ok(bytes),
        }
    }

    /// Takes the right to write. A case that has no ledger yet gets one.
    pub(crate) fn writer(&self, settings: &Settings) -> Result<Writer> {
        let lock = self.lock()?;
        let staging_path = self.root.join(".tmp");
        let staging = Staging::open(staging_path.clone()).map_err(Error::io("writing to the case", &staging_path))?;
        let staging = Arc::new(staging);
        let root = self.root.clone();
        if self.has_ledger() && self.root.join("log/checkpoint").exists() {
            let signer = self.signer(settings)?;
            let ledger = Ledger::open(&self.files(), &signer.vkey())?;
            return Ok(Writer { root, ledger, signer, staging, _lock: lock });
        }
        if [self.exhibits(), self.blobs()].iter().any(|store| store.folder().exists()) {
            return Err(Error::Damaged { what: "exhibits are here, but the log that lists them is not", path: root });
        }
        let signer = Seed::read_or_make(settings)?.signer(&new_origin()?)?;
        let ledger = Ledger::create(&self.files())?;
        let mut writer = Writer { root, ledger, signer, staging, _lock: lock };
        writer.begin()?;
        Ok(writer)
    }

    /// The key that signed the newest checkpoint, if this user has it. A key is never made for a log that exists.
    fn signer(&self, settings: &Settings) -> Result<Signer> {
        let vkey = self.read_vkey()?;
        let seed = Seed::read(settings)?;
        let other = || Error::OtherKey { folder: settings.config.clone().unwrap_or_default() };
        let signer = seed.as_ref().ok_or_else(other)?.signer(vkey.name())?;
        let path = "log/checkpoint";
        let bytes = self.files().read(path).map_err(Error::io("reading the log", &self.root.join(path)))?;
        let note = Note::from_bytes(&bytes.unwrap_or_default())?;
        // a log whose key changed is continued by the newest key, not by the one it began with
        if signer.vkey() == vkey || note.verify(&signer.vkey()).is_ok() { Ok(signer) } else { Err(other()) }
    }

    fn read_vkey(&self) -> Result<VerifierKey> {
        let path = self.root.join("log/vkey");
        let text = fs::read_to_string(&path).map_err(Error::io("reading the key of the log", &path))?;
        Ok(text.trim_end().parse()?)
    }

    fn lock(&self) -> Result<File> {
        let path = self.root.join(".lock");
        let failed = |error| Error::io("taking the right to write to the case", &path)(error);
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path: self.root.clone() }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

impl SheetText {
    /// Reads a sheet from its bytes; `path` is where errors say that it lies.
    ///
    /// # Errors
    /// It is no text, or has mistakes.
    pub fn parse(bytes: Vec<u8>, path: PathBuf) -> Result<Self> {
        let digest = Digest::of(&bytes);
        if bytes.len() > onus_weigh::sheet::SHEET_MAX {
            return Err(Error::SheetUnreadable { why: "more than 4 MiB", path });
        }
        let Ok(text) = String::from_utf8(bytes) else {
            return Err(Error::SheetUnreadable { why: "not UTF-8", path });
        };
        match Sheet::parse(&text) {
            Ok(sheet) => Ok(Self { text, digest, sheet }),
            Err(problems) => Err(Error::Sheet { path, text, problems }),
        }
    }
}

impl Writer {
    /// Enters the key, and puts the second verifier beside the log.
    fn begin(&mut self) -> Result<()> {
        let vkey = self.signer.vkey();
        let entry = Entry::KeyRotated { time: clock::now(), origin: vkey.name().to_owned(), vkey };
        let mut batch = Batch::default();
        let path = self.root.join("verify.py");
        let staged = self.staging.write(VERIFY_PY.as_bytes()).map_err(Error::io("writing to the case", &path))?;
        batch.add(staged, path);
        self.commit(batch, &[entry])?;
        Ok(())
    }

    /// Stores the files of a batch and the entries about them. Returns the index of the first entry.
    ///
    /// When this returns, all of it is on the disk. When it fails, the case is as it was, and the writer must go.
    pub(crate) fn commit(&mut self, batch: Batch, entries: &[Entry]) -> Result<u64> {
        let first = self.ledger.size();
        for entry in entries {
            self.ledger.append(entry)?;
        }
        let publication = self.ledger.publish(&self.signer)?;
        batch.store(&self.root, &self.staging, &publication)?;
        Ok(first)
    }
}

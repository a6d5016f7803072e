//! The keyring in use: finding keys, making new ones, destroying old ones.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::epoch::{Means, key_file, write_key_file};
use super::file::{Entry, Head, Parsed, parse};
use super::gone::{self, Gone};
use super::place::Keys;
use super::rotate::tidy;
use super::seal::{Secret, hex};
use super::{KeyError, KeyId, Owner, disk, random};
use crate::{StreamId, Subject};

/// Every key of a database. Shared by the writer, which adds keys, and the readers.
pub struct Keyring {
    path: PathBuf,
    folder: PathBuf,
    writes: bool,
    /// Reading only: how to open the file again when a key is younger than what was read.
    keys: Keys,
    state: RwLock<State>,
    destroyed: AtomicU64,
}

pub(super) struct State {
    pub(super) head: Head,
    pub(super) wrapping: Secret,
    index: Secret,
    pub(super) entries: HashMap<KeyId, Entry>,
    /// The key that new words of an owner go under.
    pub(super) current: HashMap<Owner, KeyId>,
    /// What is left of those that were destroyed.
    pub(super) gone: Gone,
    /// Lines that are not on the disk yet.
    pending: String,
    file: Option<File>,
    pub(super) bad: Option<usize>,
}

impl Keyring {
    /// Makes a keyring with no data keys but the store's own two.
    pub fn create(keys: &Keys) -> Result<Self, KeyError> {
        disk::private_folder(keys.folder())?;
        let (epoch, database) = (1, random()?);
        let key = Secret::random()?;
        let means = match keys.passphrase() {
            Some(words) => Means::under(words, epoch, &key)?,
            None => {
                write_key_file(&key_file(keys.folder(), epoch), &key)?;
                Means::KeyFile
            }
        };
        let wrapping = wrapping(&key);
        let head = Head::new(database, epoch, means, &key);
        let mut text = head.text();
        for owner in [Owner::Log, Owner::Index] {
            let entry = Entry::wrap(&wrapping, KeyId::random()?, owner, &Secret::random()?)?;
            text.push_str(&entry.line());
        }
        disk::replace(&keys.ring(), text.as_bytes())?;
        Self::open(keys, true)
    }

    /// Opens the keyring that is there.
    pub fn open(keys: &Keys, writes: bool) -> Result<Self, KeyError> {
        let state = State::read(keys)?;
        let ring = Self {
            path: keys.ring(),
            folder: keys.folder().into(),
            writes,
            keys: keys.clone(),
            state: RwLock::new(state),
            destroyed: AtomicU64::new(0),
        };
        if writes {
            ring.write().file = Some(disk::append(&ring.path)?);
            tidy(&ring.folder, ring.epoch().0)?;
        }
        Ok(ring)
    }

    /// Whether it was opened for reading: what it should not have any more stays in its file then.
    pub fn is_only_read(&self) -> bool {
        !self.writes
    }

    /// The database it belongs to.
    pub fn database(&self) -> [u8; 16] {
        self.read().head.database
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The number of the epoch, and whether a passphrase opens it.
    pub fn epoch(&self) -> (u32, bool) {
        let state = self.read();
        (state.head.epoch, state.head.means != Means::KeyFile)
    }

    /// The first line that says nothing, of a file that was not written whole.
    pub fn bad_line(&self) -> Option<usize> {
        self.read().bad
    }

    /// Data keys of reports in it.
    pub fn parts(&self) -> usize {
        let own = |owner: &&Owner| matches!(owner, Owner::Part(..));
        self.read().current.keys().filter(own).count()
    }

    /// Writes the file anew without what could not be read, when there was any.
    pub fn mend(&self) -> Result<(), KeyError> {
        let mut state = self.write();
        if state.bad.take().is_some() {
            self.rewrite(&mut state)?;
        }
        Ok(())
    }

    /// The key that new words go under; a new one when the owner has none. It is durable only after
    /// [`Keyring::flush`].
    pub fn key_for(&self, stream: &StreamId, subject: &Subject) -> Result<(KeyId, Secret), KeyError> {
        let owner = Owner::Part(stream.clone(), subject.clone());
        if let Some(found) = self.current(&owner) {
            return Ok(found);
        }
        let (id, key) = (KeyId::random()?, Secret::random()?);
        let mut state = self.write();
        let entry = Entry::wrap(&state.wrapping, id, owner.clone(), &key)?;
        state.pending.push_str(&entry.line());
        state.entries.insert(id, entry);
        state.current.insert(owner, id);
        Ok((id, key))
    }

    /// The key that new words go under, where the owner has one.
    pub fn current_key(&self, stream: &StreamId, subject: &Subject) -> Option<(KeyId, Secret)> {
        self.current(&Owner::Part(stream.clone(), subject.clone()))
    }

    /// The key with this id; nothing when it is not there.
    pub fn key(&self, id: &KeyId) -> Option<Secret> {
        let state = self.read();
        state.entries.get(id)?.unwrap(&state.wrapping)
    }

    /// Like [`Keyring::key`]; a reader beside the writing process looks into the file once more.
    pub fn key_or_newer(&self, id: &KeyId) -> Option<Secret> {
        let found = self.key(id);
        if found.is_some() || self.writes {
            return found;
        }
        let newer = State::read(&self.keys).ok()?;
        *self.write() = newer;
        self.key(id)
    }

    /// Whose words it encrypts.
    pub fn subject_of(&self, id: &KeyId) -> Option<Subject> {
        match &self.read().entries.get(id)?.owner {
            Owner::Part(_, subject) => Some(subject.clone()),
            _ => None,
        }
    }

    /// Whether it has this key.
    pub fn has(&self, id: &KeyId) -> bool {
        self.read().entries.contains_key(id)
    }

    /// The ids of all keys of one part of a report, or of all its parts.
    pub fn ids_of(&self, stream: &StreamId, subject: Option<&Subject>) -> Vec<KeyId> {
        let state = self.read();
        let theirs = |entry: &&Entry| match &entry.owner {
            Owner::Part(of, about) => of == stream && subject.is_none_or(|subject| subject == about),
            _ => false,
        };
        let mut ids: Vec<KeyId> = state.entries.values().filter(theirs).map(|entry| entry.id).collect();
        ids.sort_unstable();
        ids
    }

    /// Puts new keys on the disk. The commit that uses them comes after.
    ///
    /// # Errors
    /// After [`KeyError::Full`] the file is as it was, and the keys are put on the disk next time. After any other
    /// nothing more may be written: what is on the disk is unknown.
    pub fn flush(&self) -> Result<(), KeyError> {
        if self.read().pending.is_empty() {
            return Ok(());
        }
        let mut state = self.write();
        let pending = std::mem::take(&mut state.pending);
        let Some(file) = &mut state.file else {
            return Err(KeyError::Disk { path: self.path.clone(), detail: "opened for reading only".into() });
        };
        let fault = |error: io::Error| disk::fault(&self.path, &error);
        let before = file.metadata().map_err(fault)?.len();
        match file.write_all(pending.as_bytes()) {
            Ok(()) => file.sync_data().map_err(fault),
            Err(error) if disk::is_full(&error) => {
                // A line that was cut off is taken back: the next one would be added to it.
                file.set_len(before).map_err(fault)?;
                state.pending = pending;
                Err(KeyError::Full { path: self.path.clone() })
            }
            Err(error) => Err(fault(error)),
        }
    }

    /// Destroys keys: they are in no file of the folder when this returns. Those that are not there are
    /// gone already.
    pub fn destroy(&self, ids: &[KeyId]) -> Result<(), KeyError> {
        let ids: HashSet<&KeyId> = ids.iter().collect();
        let mut state = self.write();
        if !state.entries.keys().any(|id| ids.contains(id)) {
            return Ok(());
        }
        let destroyed = state.entries.extract_if(|id, _| ids.contains(id));
        let destroyed: Gone = destroyed.map(|(id, entry)| (id, entry.owner)).collect();
        state.gone.extend(destroyed);
        state.current.retain(|_, id| !ids.contains(id));
        // Whatever comes of the file: nobody reads with them any more. Counted after that, so that whoever knows the new number
        // has read nothing with them.
        self.destroyed.fetch_add(1, Ordering::SeqCst);
        self.rewrite(&mut state)
    }

    /// How often keys were destroyed since it was opened.
    pub fn destroyed(&self) -> u64 {
        self.destroyed.load(Ordering::SeqCst)
    }

    /// What stands in the place of a text that is looked up and must not be readable.
    pub fn blind(&self, domain: &str, text: &[u8]) -> [u8; 32] {
        self.read().index.mac(&[domain.as_bytes(), text])
    }

    /// [`Keyring::blind`] as text.
    pub fn blind_text(&self, domain: &str, text: &str) -> String {
        hex(&self.blind(domain, text.as_bytes()))
    }

    /// The seed of the key that signs the log.
    pub fn log_seed(&self) -> Option<Secret> {
        Some(self.current(&Owner::Log)?.1)
    }

    fn current(&self, owner: &Owner) -> Option<(KeyId, Secret)> {
        let id = self.read().current.get(owner).copied()?;
        Some((id, self.key(&id)?))
    }

    /// Writes the whole file anew and takes up adding lines to it.
    pub(super) fn rewrite(&self, state: &mut State) -> Result<(), KeyError> {
        disk::replace(&self.path, state.text().as_bytes())?;
        state.pending.clear();
        state.file = Some(disk::append(&self.path)?);
        Ok(())
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("path", &self.path).finish_non_exhaustive()
    }
}

impl State {
    fn read(keys: &Keys) -> Result<Self, KeyError> {
        let path = keys.ring();
        // Where it may not be looked whether it is there, reading it says why.
        if path.try_exists().is_ok_and(|is_there| !is_there) {
            return Err(KeyError::Missing { path });
        }
        disk::refuse_open_to_others(keys.folder(), 0o700)?;
        let text = disk::read(&path)?.ok_or(KeyError::Missing { path })?;
        Self::of(keys, &text)
    }

    /// From the text of a keyring, opened with what opens the one in the folder.
    pub(super) fn of(keys: &Keys, text: &str) -> Result<Self, KeyError> {
        let path = keys.ring();
        let Parsed { head, entries, gone: told, bad, is_torn } = parse(&path, text)?;
        let key = head.means.key(keys.folder(), keys.passphrase(), head.epoch, &path)?;
        if !head.is_key(&key) {
            return Err(KeyError::WrongKey { what: "key file", path });
        }
        let wrapping = wrapping(&key);
        let mut bad = bad;
        let (mut all, mut current) = (HashMap::new(), HashMap::new());
        for (line, entry) in entries {
            // Each is tried now: a changed line is found at the start and not at somebody's page.
            if entry.unwrap(&wrapping).is_none() {
                bad = Some(bad.map_or(line, |first| first.min(line)));
                continue;
            }
            current.insert(entry.owner.clone(), entry.id);
            all.insert(entry.id, entry);
        }
        let mut gone = Gone::new();
        for (line, told) in told {
            match told.believed(&wrapping) {
                Some((id, owner)) => drop(gone.insert(id, owner)),
                None => bad = Some(bad.map_or(line, |first| first.min(line))),
            }
        }
        let own = |owner: Owner| all.get(current.get(&owner)?)?.unwrap(&wrapping);
        let damaged = || KeyError::Damaged {
            path: path.clone(),
            line: bad.unwrap_or(5),
            detail: "a key of the store itself cannot be read",
        };
        let index = own(Owner::Index).ok_or_else(damaged)?;
        own(Owner::Log).ok_or_else(damaged)?;
        let torn_at = is_torn.then(|| text.lines().count());
        Ok(Self {
            head,
            wrapping,
            index,
            entries: all,
            current,
            gone,
            pending: String::new(),
            file: None,
            bad: bad.or(torn_at),
        })
    }

    /// The whole file. Keys that an owner no longer writes under come first: of two with one owner the
    /// last is current.
    fn text(&self) -> String {
        let mut all: Vec<&Entry> = self.entries.values().collect();
        let is_current = |entry: &Entry| self.current.get(&entry.owner) == Some(&entry.id);
        all.sort_by_key(|entry| (is_current(entry), entry.id));
        let mut text = self.head.text();
        all.into_iter().for_each(|entry| text.push_str(&entry.line()));
        for (id, owner) in &self.gone {
            text.push_str(&gone::line(&self.wrapping, id, owner));
        }
        text
    }
}

/// The key that wraps, of an epoch key.
pub(super) fn wrapping(epoch: &Secret) -> Secret {
    epoch.derive("waymark data key wrapping 1")
}

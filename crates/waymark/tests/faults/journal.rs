//! The disk as a power cut would have left it, at any moment of a journal.
//!
//! A file keeps what it held at its last flush. Of what was written since, any sectors may be there and any may
//! not, and one may be torn. A name is there once its folder was flushed; of names made, changed or
//! removed since, the first few may be as they became.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::chance::Chance;

/// What a disk writes whole or not at all, unless it tears.
const SECTOR: usize = 512;
const HEAD: usize = 17;

/// One call that did something.
pub struct Record {
    kind: u8,
    id: u32,
    number: u64,
    bytes: Vec<u8>,
    /// Its end in the journal.
    pub end: u64,
}

impl Record {
    fn name(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    /// Which call was failed and on which file, for those that were.
    pub fn fault(&self) -> Option<String> {
        let op = match self.number {
            1 => "open",
            2 => "read",
            4 => "write",
            8 => "flush",
            16 => "truncate",
            _ => "name",
        };
        (self.kind == b'F').then(|| format!("{op} of {}", self.name()))
    }

    pub const fn is_flush(&self) -> bool {
        self.kind == b'S'
    }
}

/// Takes a journal apart. A record cut short by a kill is the last and was not done.
pub fn parse(journal: &[u8]) -> Vec<Record> {
    let mut records = Vec::new();
    let mut at = 0;
    while let Some(head) = journal.get(at..at + HEAD) {
        let length = u32::from_le_bytes(head[13..17].try_into().unwrap()) as usize;
        let Some(bytes) = journal.get(at + HEAD..at + HEAD + length) else {
            break;
        };
        at += HEAD + length;
        records.push(Record {
            kind: head[0],
            id: u32::from_le_bytes(head[1..5].try_into().unwrap()),
            number: u64::from_le_bytes(head[5..13].try_into().unwrap()),
            bytes: bytes.to_vec(),
            end: at as u64,
        });
    }
    records
}

/// The files of a folder, by their path below it.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Every file below a folder but the index of the write-ahead log, which is memory.
pub fn files(folder: &Path) -> Files {
    fn walk(root: &Path, folder: &Path, found: &mut Files) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else if !path.to_string_lossy().ends_with("-shm") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = Files::new();
    walk(folder, folder, &mut found);
    found
}

/// Writes files into a folder that is not there yet, for one user alone.
pub fn lay_out(files: &Files, folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let private = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    fs::create_dir_all(folder).unwrap();
    private(folder, 0o700);
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        private(path.parent().unwrap(), 0o700);
        fs::write(&path, bytes).unwrap();
        private(&path, 0o600);
    }
}

enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Truncate { to: usize },
}

#[derive(Default)]
struct Inode {
    flushed: Vec<u8>,
    since: Vec<Change>,
}

#[derive(Clone)]
enum Naming {
    Made { name: String, id: u32 },
    Removed { name: String },
    Renamed { from: String, to: String },
}

/// How much of what was not flushed a power cut leaves.
#[derive(Debug, Clone, Copy)]
pub enum Left {
    Nothing,
    Some,
    Everything,
}

/// A disk, as far as the journal was applied.
pub struct Disk {
    inodes: BTreeMap<u32, Inode>,
    names: BTreeMap<String, u32>,
    naming: Vec<Naming>,
    initial: Files,
    chance: Chance,
}

impl Disk {
    /// With files that were flushed long ago.
    pub fn new(initial: Files, chance: Chance) -> Self {
        Self { inodes: BTreeMap::new(), names: BTreeMap::new(), naming: Vec::new(), initial, chance }
    }

    pub fn apply(&mut self, record: &Record) {
        match record.kind {
            b'C' => {
                self.inodes.insert(record.id, Inode::default());
                self.naming.push(Naming::Made { name: record.name(), id: record.id });
            }
            b'O' => self.know(record),
            b'W' => self
                .inode(record.id)
                .since
                .push(Change::Write { at: usize::try_from(record.number).unwrap(), bytes: record.bytes.clone() }),
            b'T' => self.inode(record.id).since.push(Change::Truncate { to: usize::try_from(record.number).unwrap() }),
            b'S' => {
                let inode = self.inode(record.id);
                for change in std::mem::take(&mut inode.since) {
                    change.whole(&mut inode.flushed);
                }
            }
            b'X' => self.forget(record.id),
            b'D' => self.flush_names(&record.name()),
            b'U' => self.naming.push(Naming::Removed { name: record.name() }),
            b'R' => {
                let both = record.name();
                let (from, to) = both.split_once('\n').unwrap();
                self.naming.push(Naming::Renamed { from: from.to_owned(), to: to.to_owned() });
            }
            // A folder that was made appears with what is in it.
            b'M' | b'F' => {}
            other => panic!("the journal holds {other}"),
        }
    }

    fn inode(&mut self, id: u32) -> &mut Inode {
        self.inodes.get_mut(&id).expect("it was opened before")
    }

    /// A file that was there before the journal began is met for the first time.
    fn know(&mut self, record: &Record) {
        let name = record.name();
        if !self.inodes.contains_key(&record.id) {
            let flushed = self.initial.remove(&name).expect("it was there before");
            let since = Vec::new();
            self.inodes.insert(record.id, Inode { flushed, since });
            self.names.insert(name, record.id);
        }
    }

    /// After a failed flush each page may have arrived, and none will be written again by itself.
    fn forget(&mut self, id: u32) {
        let mut chance = self.chance.branch();
        let inode = self.inode(id);
        for change in std::mem::take(&mut inode.since) {
            change.torn(&mut inode.flushed, Left::Some, &mut chance);
        }
    }

    fn flush_names(&mut self, folder: &str) {
        let inside = |name: &str| name.rsplit_once('/').map_or("", |(folder, _)| folder) == folder;
        let (flushed, rest) = std::mem::take(&mut self.naming).into_iter().partition(|naming: &Naming| match naming {
            Naming::Made { name, .. } | Naming::Removed { name } => inside(name),
            Naming::Renamed { to, .. } => inside(to),
        });
        self.naming = rest;
        flushed.into_iter().for_each(|naming: Naming| naming.done(&mut self.names));
    }

    /// The files, were the power to go now.
    pub fn image(&mut self, left: Left) -> Files {
        let mut chance = self.chance.branch();
        let mut names = self.names.clone();
        let kept = match left {
            Left::Nothing => 0,
            Left::Some => chance.below(self.naming.len() + 1),
            Left::Everything => self.naming.len(),
        };
        self.naming[..kept].iter().cloned().for_each(|naming| naming.done(&mut names));
        let mut files = self.initial.clone();
        for (name, id) in names {
            let inode = &self.inodes[&id];
            let mut bytes = inode.flushed.clone();
            for change in &inode.since {
                change.torn(&mut bytes, left, &mut chance);
            }
            files.insert(name, bytes);
        }
        files
    }
}

impl Naming {
    fn done(self, names: &mut BTreeMap<String, u32>) {
        match self {
            Self::Made { name, id } => drop(names.insert(name, id)),
            Self::Removed { name } => drop(names.remove(&name)),
            Self::Renamed { from, to } => {
                if let Some(id) = names.remove(&from) {
                    names.insert(to, id);
                }
            }
        }
    }
}

impl Change {
    fn whole(&self, file: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes } => put(file, *at, bytes),
            Self::Truncate { to } => file.resize(*to, 0),
        }
    }

    /// Some sectors of it, one of them perhaps torn.
    fn torn(&self, file: &mut Vec<u8>, left: Left, chance: &mut Chance) {
        match (left, self) {
            (Left::Nothing, _) => {}
            (Left::Everything, _) => self.whole(file),
            (Left::Some, Self::Truncate { .. }) => {
                if chance.below(2) == 0 {
                    self.whole(file);
                }
            }
            (Left::Some, Self::Write { at, bytes }) => {
                let mut from = 0;
                while from < bytes.len() {
                    let to = bytes.len().min(from + SECTOR - (at + from) % SECTOR);
                    match chance.below(8) {
                        0..4 => put(file, at + from, &bytes[from..to]),
                        4 => put(file, at + from, &bytes[from..from + chance.below(to - from)]),
                        _ => {}
                    }
                    from = to;
                }
            }
        }
    }
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

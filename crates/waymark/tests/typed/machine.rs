//! A machine whose folders are all below one, and what is written there.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::shim::Shim;
use crate::visitor::Visitor;

/// What the environment calls a folder that programs write to, and its name below the root.
pub const FOLDERS: [(&str, &str); 6] = [
    ("TMPDIR", "tmp"),
    ("HOME", "home"),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_DATA_HOME", "data"),
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_STATE_HOME", "state"),
];

/// What the environment calls them.
pub fn variables() -> impl Iterator<Item = &'static str> {
    FOLDERS.iter().map(|(variable, _)| *variable)
}

pub struct Machine {
    root: PathBuf,
    /// What the test itself writes, apart.
    scratch: PathBuf,
    shim: Shim,
    _keep: TempDir,
}

impl Machine {
    pub fn new() -> Self {
        let keep = TempDir::new().unwrap();
        let whole = keep.path().canonicalize().unwrap();
        let (root, scratch) = (whole.join("machine"), whole.join("scratch"));
        fs::create_dir(&scratch).unwrap();
        for (_, name) in FOLDERS {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        let shim = Shim::new(&root, &scratch, true);
        Self { root, scratch, shim, _keep: keep }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Every byte that was written below the root, also to what is gone.
    pub fn written(&self) -> Vec<u8> {
        self.shim.journal()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        for (variable, name) in FOLDERS {
            command.env(variable, self.root.join(name));
        }
        self.shim.load(&mut command);
        command
    }

    /// Lets this test program write into every folder, with these words.
    pub fn writes(&self, variable: &str, text: &str) {
        let program = std::env::current_exe().unwrap();
        let done =
            self.command(program.to_str().unwrap()).args(["--exact", "child_writes"]).env(variable, text).output();
        assert!(done.unwrap().status.success());
    }

    /// A demonstration in a folder of this machine. What it says is written here too.
    pub fn start(&self) -> Server {
        let mut child = self
            .command(env!("CARGO_BIN_EXE_waymark"))
            .args(["demo", "--port", "0", "--dir"])
            .arg(self.root.join("demo"))
            .stdout(Stdio::piped())
            .stderr(File::create(self.root.join("said")).unwrap())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut server = Server { child, address: String::new(), links: Vec::new() };
        for line in lines.map_while(Result::ok) {
            if line.starts_with("Ready after") {
                break;
            }
            let Some(url) = line.split_whitespace().find(|word| word.starts_with("http")) else {
                continue;
            };
            if url.contains("/sign-in/link/") {
                server.links.push((line.trim().to_owned(), url.to_owned()));
            } else if server.address.is_empty() {
                url.trim_end_matches('/').clone_into(&mut server.address);
            }
        }
        server
    }

    /// Makes a backup while the server runs.
    pub fn backup(&self) {
        let key = self.scratch.join("key.txt");
        let made =
            self.command(env!("CARGO_BIN_EXE_waymark")).args(["backup", "--make-key"]).arg(key).output().unwrap();
        let said = String::from_utf8(made.stdout).unwrap();
        let done = self
            .command(env!("CARGO_BIN_EXE_waymark"))
            .args(["backup", "--recipient", said.lines().next().unwrap(), "--dir"])
            .arg(self.root.join("demo"))
            .status();
        assert!(done.unwrap().success());
    }
}

pub struct Server {
    child: Child,
    address: String,
    links: Vec<(String, String)>,
}

impl Server {
    /// Somebody in a role.
    pub fn sign_in(&mut self, role: &str) -> Visitor {
        let at = self.links.iter().position(|(line, _)| line.starts_with(role));
        let (_, link) = self.links.remove(at.expect("somebody of this role"));
        Visitor::sign_in(&self.address, &link)
    }

    pub fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where the test failed first; otherwise it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! The whole program, started with made-up reports, and killed.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::journal::{self, Files};
use crate::shim::Shim;

/// What the demonstration prints last.
const READY: &str = "Ready after";

/// A folder of reports to try faults on, and one beside it for what the test itself writes.
pub struct Place {
    keep: TempDir,
}

impl Place {
    /// A copy of a demonstration that was built once.
    pub fn new() -> Self {
        static BUILT: OnceLock<Files> = OnceLock::new();
        let built = BUILT.get_or_init(|| {
            let place = Self::empty();
            Server::start(&place, None).stop();
            journal::files(&place.dir())
        });
        let place = Self::empty();
        journal::lay_out(built, &place.dir());
        place
    }

    fn empty() -> Self {
        let keep = TempDir::new().unwrap();
        fs::create_dir(keep.path().join("scratch")).unwrap();
        Self { keep }
    }

    /// Where the reports are.
    pub fn dir(&self) -> PathBuf {
        // As the program will see it: the shim knows the folder by its name.
        self.keep.path().canonicalize().unwrap().join("demo")
    }

    /// Where the test keeps its own.
    pub fn scratch(&self) -> PathBuf {
        self.keep.path().join("scratch")
    }

    /// From now on the server says that a step is kept a moment before it is: the control of every fault.
    pub fn tells_early(&self) {
        File::create(self.early()).unwrap();
    }

    fn early(&self) -> PathBuf {
        self.scratch().join("early")
    }
}

/// A server that runs.
pub struct Server {
    child: Child,
    /// Where it listens, like `http://127.0.0.1:40000`.
    pub address: String,
    links: Vec<String>,
    said: PathBuf,
}

impl Server {
    pub fn start(place: &Place, shim: Option<&Shim>) -> Self {
        Self::try_start(place, shim, None).expect("it starts")
    }

    /// Starts it, to end as if killed at a place in its own code (`store/src/fail.rs`), the so-manieth time.
    pub fn start_to_end_at(place: &Place, at: &str) -> Self {
        Self::begin(place, None, None, Some(at)).expect("it starts")
    }

    /// Starts it, with so many open files at most where that is said.
    ///
    /// What it said instead, where it does not start.
    pub fn try_start(place: &Place, shim: Option<&Shim>, files: Option<u32>) -> Result<Self, String> {
        Self::begin(place, shim, files, None)
    }

    fn begin(place: &Place, shim: Option<&Shim>, files: Option<u32>, ends_at: Option<&str>) -> Result<Self, String> {
        let limit = files.map_or_else(String::new, |most| format!("ulimit -n {most}; "));
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{limit}exec \"$@\""), "sh"]);
        command.arg(env!("CARGO_BIN_EXE_waymark"));
        command.args(["demo", "--port", "0", "--dir"]).arg(place.dir());
        command.env("WAYMARK_ACK_EARLY", place.early());
        if let Some(shim) = shim {
            shim.load(&mut command);
        }
        if let Some(at) = ends_at {
            command.env("WAYMARK_FAIL_AT", at);
        }
        let said = place.scratch().join("said");
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&said).unwrap()).spawn().unwrap();
        let out = child.stdout.take().unwrap();
        let mut server = Self { child, address: String::new(), links: Vec::new(), said };
        if server.listen(out) {
            return Ok(server);
        }
        let status = server.child.wait().unwrap();
        Err(format!("{status}: {}", server.said()))
    }

    /// Takes address and links; whether it became ready.
    fn listen(&mut self, out: impl Read) -> bool {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if line.starts_with(READY) {
                return true;
            }
            let Some(url) = line.split_whitespace().find(|word| word.starts_with("http")) else {
                continue;
            };
            // By its number, which needs no file to look a name up.
            let url = url.replace("//localhost:", "//127.0.0.1:");
            if url.contains("/sign-in/link/") {
                if line.contains("Officer") {
                    self.links.push(url);
                }
            } else if self.address.is_empty() {
                url.trim_end_matches('/').clone_into(&mut self.address);
            }
        }
        false
    }

    /// A link that signs an officer in, once.
    pub fn link(&mut self) -> String {
        self.links.pop().expect("an officer for every client")
    }

    /// Everything it wrote to its log.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.said).unwrap()
    }

    /// Ends it as a power cut or the system would, at once.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        let status = self.child.wait().unwrap();
        // One that had ended before was not killed at work.
        assert_eq!(status.signal(), Some(9), "{status}: {}", self.said());
    }

    /// Asks it to stop, and waits.
    pub fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where a test failed first; otherwise it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

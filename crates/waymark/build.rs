//! Lists the files of the pack that the binary carries, so that a file added to the folder is in the next build.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

/// The pack in force, from this crate's folder.
const PACK: &str = "../../guidance/cheshire/v1";

fn main() -> io::Result<()> {
    let pack = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join(PACK);
    let mut code = String::new();
    for (name, folder) in [("FILES", pack.clone()), ("EXAMPLES", pack.join("examples"))] {
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                files.push(path);
            }
        }
        files.sort();
        let lines: String = files
            .iter()
            .filter_map(|path| Some((path.file_name()?.to_str()?, path)))
            .map(|(file, path)| format!("    ({file:?}, include_str!({path:?})),\n"))
            .collect();
        writeln!(code, "const {name}: &[(&str, &str)] = &[\n{lines}];").map_err(io::Error::other)?;
    }
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("pack.rs"), code)
}

//! The guidance a command works with: the one built in, or a folder.

use std::fs;
use std::path::Path;

use guidance::{Pack, Source};

use crate::files;
use crate::stop::Stop;

include!(concat!(env!("OUT_DIR"), "/pack.rs"));

/// The texts of a pack: its files, and the worked examples beside them.
#[derive(Debug)]
pub struct Texts {
    /// Where it was read from, for people.
    pub place: String,
    /// Name and text of each file.
    pub files: Vec<(String, String)>,
    /// Name and text of each worked example.
    pub examples: Vec<(String, String)>,
}

impl Texts {
    /// The pack in `folder`, or the one built in.
    ///
    /// # Errors
    /// A file, a folder that cannot be read, or one that holds no pack.
    pub fn of(folder: Option<&Path>) -> Result<Self, Stop> {
        let Some(folder) = folder else {
            let owned = |files: &[(&str, &str)]| {
                files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
            };
            return Ok(Self { place: "built in".to_owned(), files: owned(FILES), examples: owned(EXAMPLES) });
        };
        if folder.is_file() {
            return Err(Stop::Input(is_a_file(folder)));
        }
        if !folder.exists() {
            return Err(Stop::input(format!(
                "{}: there is no such folder; name the one with pack.toml in it, such as guidance/cheshire/v1",
                folder.display()
            )));
        }
        let files = toml_files(folder)?;
        if files.is_empty() {
            return Err(Stop::input(format!(
                "{}: holds no pack; a pack is a folder with pack.toml, facts.toml and others",
                folder.display()
            )));
        }
        let examples = folder.join("examples");
        let examples = if examples.is_dir() { toml_files(&examples)? } else { Vec::new() };
        Ok(Self { place: folder.display().to_string(), files, examples })
    }

    /// Reads, checks and proves it.
    ///
    /// # Errors
    /// Every problem of the pack.
    pub fn load(&self) -> Result<Pack, Stop> {
        let sources: Vec<Source<'_>> = self.files.iter().map(|(name, text)| Source { name, text }).collect();
        Pack::load(&sources).map_err(|problems| Stop::problems(&self.place, &problems))
    }

    /// The text of one file, empty when there is none.
    pub fn file(&self, name: &str) -> &str {
        self.files.iter().find(|(file, _)| file == name).map_or("", |(_, text)| text.as_str())
    }
}

/// The pack in `folder`, or the one built in, ready to advise.
///
/// # Errors
/// As for [`Texts::of`] and [`Texts::load`].
pub fn load(folder: Option<&Path>) -> Result<Pack, Stop> {
    Texts::of(folder)?.load()
}

/// What to do instead of naming a file. Those beside the sources only say what to change in a pack.
fn is_a_file(path: &Path) -> Vec<String> {
    let place = path.display();
    let mut says = vec![format!(
        "{place}: is a file; a pack is a folder. Name the one with pack.toml in it, such as guidance/cheshire/v1"
    )];
    if path.parent().is_some_and(|folder| folder.ends_with("guidance/broken")) {
        says.push(
            "It says what to change in guidance/cheshire/v1 to break it. To see it refused: cargo test -p guidance --test broken"
                .to_owned(),
        );
    }
    says
}

fn toml_files(folder: &Path) -> Result<Vec<(String, String)>, Stop> {
    let cannot = |error: &std::io::Error| Stop::input(format!("{}: {}", folder.display(), files::why(error)));
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| cannot(&error))? {
        let path = entry.map_err(|error| cannot(&error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".toml")) else {
            continue;
        };
        let text = files::text(&path, files::PACK).map_err(|why| Stop::input(format!("{}: {why}", path.display())))?;
        // Ends of lines as Windows writes them make no other pack of it: the digest is over the words.
        let text = text.replace("\r\n", "\n");
        found.push((name.to_owned(), text));
    }
    found.sort();
    Ok(found)
}

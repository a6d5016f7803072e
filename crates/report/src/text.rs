//! The guard on free text. Waymark never holds imagery, so no text field may carry a picture, hidden or linked.

use crate::refusal::Wrong;

/// Most characters in a long text. Long enough for a full reason, short enough to be read.
pub const LONG: usize = 4_000;
/// Most characters in one line: a name, a reference, a place.
pub const LINE: usize = 200;

/// As many characters of base64 in one go as no natural text holds.
const BLOB: usize = 200;
/// Encoded pictures are often broken into lines of 64 or 76; natural words stay far below this.
const BLOB_PIECE: usize = 40;

const PICTURES: &[&str] = &[
    ".jpg", ".jpeg", ".jpe", ".jfif", ".jxl", ".png", ".apng", ".gif", ".webp", ".heic", ".heif", ".hevc", ".avif",
    ".bmp", ".tif", ".tiff", ".svg", ".dng", ".raw", ".cr2", ".cr3", ".nef", ".arw", ".psd", ".mp4", ".mov", ".m4v",
    ".avi", ".mkv", ".webm", ".3gp", ".3g2", ".wmv", ".flv", ".ogv", ".mpg", ".mpeg", ".m3u8", ".mpd",
];

/// Checks a long text; `field` is the name of the form's field.
///
/// # Errors
/// What was wrong and what to do, for the officer.
pub fn check(field: &str, text: &str) -> Result<(), Wrong> {
    guard(field, text, LONG)
}

/// Checks one line: no line breaks, at most [`LINE`] characters.
///
/// # Errors
/// What was wrong and what to do, for the officer.
pub fn line(field: &str, text: &str) -> Result<(), Wrong> {
    guard(field, text, LINE)?;
    if text.contains(['\n', '\r', '\t']) {
        return Err(Wrong::new(field, "This has a line break in it. Write it on one line"));
    }
    Ok(())
}

fn guard(field: &str, text: &str, limit: usize) -> Result<(), Wrong> {
    let count = text.chars().filter(|c| *c != '\r').count();
    let problem = if count > limit {
        let over = match count - limit {
            1 => "one character".to_owned(),
            over => format!("{over} characters"),
        };
        Some(format!("This is {over} too long. Shorten it to {limit} characters or fewer"))
    } else if text.chars().any(hidden) {
        Some("This has characters in it that cannot be seen. Type it again rather than pasting it".to_owned())
    } else if holds_data_url(text) || holds_blob(text) {
        Some("This looks like a picture or a file turned into text. Waymark never holds imagery: describe in words what you were told".to_owned())
    } else if links_to_picture(text) {
        Some("This links to a picture or a video. Waymark never holds or links to imagery: name the platform and the account instead".to_owned())
    } else {
        None
    };
    problem.map_or(Ok(()), |says| Err(Wrong::new(field, says)))
}

fn hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{2060}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// `data:` and a media type, a parameter or what it holds right after it. "Data: see log" is fine.
fn holds_data_url(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.split("data:").skip(1).any(|after| {
        let head: String = after.chars().take_while(|c| !c.is_whitespace() && *c != ',').collect();
        let media = head.split(';').next().unwrap_or_default();
        let untyped = head.is_empty() && after.starts_with(',') && !after.starts_with(", ");
        let typed = media.split_once('/').is_some_and(|(kind, sub)| {
            !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphabetic()) && !sub.is_empty()
        });
        typed || untyped || head.contains(";base64")
    })
}

/// A long run of base64, in one piece or broken into lines.
fn holds_blob(text: &str) -> bool {
    let mut run = 0;
    for word in text.split_whitespace() {
        let length = longest_base64(word);
        if length >= BLOB {
            return true;
        }
        run = if length >= BLOB_PIECE && length == word.len() { run + length } else { 0 };
        if run >= BLOB {
            return true;
        }
    }
    false
}

/// The longest stretch of the base64 alphabet in a word. A stretch that only repeats one character ("----") encodes nothing.
fn longest_base64(word: &str) -> usize {
    word.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '=')))
        .filter(|stretch| {
            let first = stretch.chars().next();
            !stretch.chars().all(|c| Some(c) == first)
        })
        .map(str::len)
        .max()
        .unwrap_or(0)
}

/// A web address one of whose parts names a file of pictures or film. A host that says nothing of what it shows cannot be told
/// from any other.
fn links_to_picture(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | '[' | ']')).any(|word| {
        let word = &decoded(word);
        let address =
            word.split_once("://").or_else(|| word.split_once("www.")).map_or(word.as_str(), |(_, address)| address);
        let mut parts = address.split(['/', '?', '&', '=', '#', ';', ':']);
        let host = parts.next().unwrap_or_default();
        // The name of the host itself may end in anything. Without what makes an address of it, it has to look like one.
        let is_address = address.len() < word.len() || looks_like_host(host);
        is_address && (asks_for_picture(address) || parts.any(names_picture))
    })
}

/// `photo.jpg` with whatever signs come after it.
fn names_picture(part: &str) -> bool {
    let part = part.trim_end_matches(|c: char| !c.is_alphanumeric());
    PICTURES.iter().any(|ending| part.ends_with(ending))
}

/// `?format=jpg`, as of a file whose own name does not say what it is.
fn asks_for_picture(address: &str) -> bool {
    let asked = address.split_once('?').map_or("", |(_, asked)| asked);
    asked.split(['&', ';', '#']).filter_map(|one| one.split_once('=')).any(|(_, value)| {
        let value = value.trim_end_matches(|c: char| !c.is_alphanumeric());
        PICTURES.iter().any(|ending| ending.strip_prefix('.') == Some(value))
    })
}

/// An address as it is meant: `%2e` is a full stop, and so is `%252e`.
fn decoded(word: &str) -> String {
    let once = |word: &str| percent_encoding::percent_decode_str(word).decode_utf8_lossy().to_lowercase();
    once(&once(word))
}

/// `cdn.example.org`: not `and`, as in "and/or", nor the name of a picture beside another.
fn looks_like_host(host: &str) -> bool {
    let is_picture = PICTURES.iter().any(|ending| host.ends_with(ending));
    host.rsplit_once('.').is_some_and(|(before, last)| {
        !before.is_empty() && last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphabetic()) && !is_picture
    })
}

//! Just enough of Rust to tell code, text and tests apart.

/// Rust with its texts and comments taken out, line by line, and the texts on their own.
#[derive(Debug, Default)]
pub struct Source {
    /// The code; every comment and every text is gone, lines stay where they were.
    pub code: String,
    /// Every text in quotation marks, with its line.
    pub texts: Vec<(usize, String)>,
}

enum In {
    Code,
    Line,
    Block(u32),
    /// In a text: how many `#` close it, and whether `\` escapes.
    Text(usize, bool),
}

/// Splits a Rust file. Whatever stands under `#[cfg(test)]` is left out.
pub fn split(text: &str) -> Source {
    let whole = scan(text);
    let tests = test_lines(&whole.code);
    let code = whole
        .code
        .lines()
        .enumerate()
        .map(|(at, line)| if tests.contains(&(at + 1)) { "" } else { line })
        .collect::<Vec<_>>()
        .join("\n");
    let texts = whole.texts.into_iter().filter(|(line, _)| !tests.contains(line)).collect();
    Source { code, texts }
}

/// Is this file only there for tests?
pub fn is_test(path: &str) -> bool {
    path.contains("/tests/")
        || path.ends_with("/tests.rs")
        || path.contains("/examples/")
        || path.contains("/benches/")
        || path.starts_with("tests/")
}

/// A file on its way through.
struct Scan<'a> {
    chars: &'a [char],
    /// Where it is.
    at: usize,
    line: usize,
    state: In,
    /// The text it is in, with the line on which that began.
    text: (usize, String),
    out: Source,
}

fn scan(text: &str) -> Source {
    let chars: Vec<char> = text.chars().collect();
    let mut scan =
        Scan { chars: &chars, at: 0, line: 1, state: In::Code, text: (0, String::new()), out: Source::default() };
    while let Some(&c) = chars.get(scan.at) {
        if c == '\n' {
            scan.line += 1;
        }
        match scan.state {
            In::Code => scan.code(c),
            In::Line if c == '\n' => {
                scan.out.code.push(c);
                scan.state = In::Code;
            }
            In::Line => {}
            In::Block(depth) => scan.block(c, depth),
            In::Text(hashes, escapes) => scan.text(c, hashes, escapes),
        }
        scan.at += 1;
    }
    scan.out
}

impl Scan<'_> {
    fn next(&self, step: usize) -> char {
        self.chars.get(self.at + step).copied().unwrap_or('\0')
    }

    fn code(&mut self, c: char) {
        let chars = self.chars;
        let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
        if c == '/' && self.next(1) == '/' {
            self.state = In::Line;
        } else if c == '/' && self.next(1) == '*' {
            self.state = In::Block(1);
            self.at += 1;
        } else if let Some((skip, hashes)) = opens_raw(&at, self.at) {
            self.state = In::Text(hashes, false);
            self.text = (self.line, String::new());
            self.at += skip;
        } else if c == '"' {
            self.state = In::Text(0, true);
            self.text = (self.line, String::new());
        } else if let Some(skip) = character(&at, self.at) {
            self.at += skip;
        } else {
            self.out.code.push(c);
        }
    }

    fn block(&mut self, c: char, depth: u32) {
        if c == '\n' {
            self.out.code.push(c);
        } else if c == '/' && self.next(1) == '*' {
            self.state = In::Block(depth + 1);
            self.at += 1;
        } else if c == '*' && self.next(1) == '/' {
            self.state = if depth == 1 { In::Code } else { In::Block(depth - 1) };
            self.at += 1;
        }
    }

    fn text(&mut self, c: char, hashes: usize, escapes: bool) {
        let closes = c == '"' && (1..=hashes).all(|step| self.next(step) == '#');
        if escapes && c == '\\' {
            if self.next(1) == '\n' {
                self.line += 1;
                self.out.code.push('\n');
            }
            self.text.1.extend([c, self.next(1)]);
            self.at += 1;
        } else if closes {
            self.out.code.push_str("\"\"");
            self.out.texts.push(std::mem::take(&mut self.text));
            self.at += hashes;
            self.state = In::Code;
        } else {
            if c == '\n' {
                self.out.code.push(c);
            }
            self.text.1.push(c);
        }
    }
}

/// `r"`, `r#"`, `br"`: how far to go on to its first `"`, and how many `#`.
fn opens_raw(at: &impl Fn(usize) -> char, i: usize) -> Option<(usize, usize)> {
    let before = if i == 0 { ' ' } else { at(i - 1) };
    if at(i) != 'r' || before.is_alphanumeric() && before != 'b' || before == '_' {
        return None;
    }
    let hashes = (1..).take_while(|step| at(i + step) == '#').count();
    (at(i + 1 + hashes) == '"').then_some((1 + hashes, hashes))
}

/// A character in quotation marks, not a lifetime: how far to go on to its closing mark.
fn character(at: &impl Fn(usize) -> char, i: usize) -> Option<usize> {
    if at(i) != '\'' {
        return None;
    }
    if at(i + 1) == '\\' {
        return (3..12).find(|step| at(i + step) == '\'');
    }
    (at(i + 2) == '\'').then_some(2)
}

/// Lines under `#[cfg(test)]`, to the end of the block or of the item.
fn test_lines(code: &str) -> Vec<usize> {
    let mut inside = Vec::new();
    let (mut depth, mut waiting, mut until) = (0_i64, false, None);
    for (at, line) in code.lines().enumerate() {
        if until.is_none() && line.trim_start().starts_with("#[cfg(test)]") {
            waiting = true;
        }
        if waiting || until.is_some() {
            inside.push(at + 1);
        }
        for c in line.chars() {
            match c {
                '{' => {
                    if waiting {
                        waiting = false;
                        until = Some(depth);
                    }
                    depth += 1;
                }
                '}' => {
                    depth -= 1;
                    if until == Some(depth) {
                        until = None;
                    }
                }
                ';' | ',' if waiting => waiting = false,
                _ => {}
            }
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_comments_are_not_code() {
        let source = split(
            "let a = \"x // y\"; // std::fs\n/* a /* b */ std::net */ let c = '\"'; let d = r#\"q\"z\"#;\nfn f<'a>(s: &'a str) {}\n",
        );
        assert_eq!(source.code, "let a = \"\"; \n let c = ; let d = \"\";\nfn f<'a>(s: &'a str) {}");
        let texts: Vec<_> = source.texts.iter().map(|(line, text)| (*line, text.as_str())).collect();
        assert_eq!(texts, [(1, "x // y"), (2, "q\"z")]);
    }

    #[test]
    fn what_is_only_for_tests_is_left_out() {
        let source = split(
            "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() { \"t\"; }\n}\nfn c() {}\n#[cfg(test)]\nuse x::y;\nfn d() {}",
        );
        assert_eq!(source.code, "fn a() {}\n\n\n\n\nfn c() {}\n\n\nfn d() {}");
        assert!(source.texts.is_empty());
    }

    #[test]
    fn lines_are_kept_through_long_texts() {
        let source = split("let a = \"one \\\n two\n three\";\nlet b = \"four\";");
        let lines: Vec<usize> = source.texts.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 4]);
        assert_eq!(source.code.lines().count(), 4);
    }
}

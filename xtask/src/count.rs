//! Counts passed and failed tests from the closing lines of test runners.

/// How many passed and failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
}

impl Count {
    /// One thing that passed or failed.
    pub const fn one(passed: bool) -> Self {
        Self { passed: passed as u64, failed: !passed as u64 }
    }

    /// Both together.
    pub const fn and(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }

    /// Takes in one line of output. Knows `test result: ok. 3 passed; 0 failed; …` of cargo and
    /// `ℹ pass 3`, `# fail 0` of Node; every other line counts nothing.
    pub fn take(&mut self, line: &str) {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("test result: ") {
            for part in rest.split(['.', ';']) {
                let mut words = part.split_whitespace();
                let number = words.next().and_then(|word| word.parse::<u64>().ok());
                match (number, words.next()) {
                    (Some(number), Some("passed")) => self.passed += number,
                    (Some(number), Some("failed")) => self.failed += number,
                    _ => {}
                }
            }
        }
        let Some(rest) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) else {
            return;
        };
        let mut words = rest.split_whitespace();
        let what = words.next();
        let number = words.next().and_then(|word| word.parse::<u64>().ok());
        match (what, number, words.next()) {
            (Some("pass"), Some(number), None) => self.passed += number,
            (Some("fail"), Some(number), None) => self.failed += number,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_closing_lines_and_nothing_else() {
        let check = |lines: &[&str], passed: u64, failed: u64| {
            let mut count = Count::default();
            for line in lines {
                count.take(line);
            }
            assert_eq!(count, Count { passed, failed }, "{lines:?}");
        };
        check(
            &["test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s"],
            12,
            0,
        );
        check(&["test result: FAILED. 2 passed; 1 failed; 0 ignored"], 2, 1);
        check(&["ℹ pass 4", "ℹ fail 1", "ℹ tests 5"], 4, 1);
        check(&["# pass 4", "# fail 0"], 4, 0);
        check(&["running 3 tests", "test a ... ok", "# pass the salt", "passed 3"], 0, 0);
    }
}

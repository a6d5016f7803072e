//! Passwords: what is accepted, and how they are kept and checked (Argon2id).

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use argon2::{Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _};
use rustix::process::setpriority_process;
use tokio::sync::{Semaphore, oneshot};

use super::page::Problem;

/// Length is what makes a password hard to guess; rules about digits and signs do not.
pub const SHORTEST: usize = 12;
/// Longer than any passphrase; a limit so that nobody can send a book to be hashed.
pub const LONGEST: usize = 200;

/// What is wrong with a new password, in words for the person choosing it.
pub fn refuse(password: &str, about_them: &[&str]) -> Option<String> {
    let length = password.chars().count();
    if length == 0 {
        return Some("Enter a password".to_owned());
    }
    if length < SHORTEST {
        return Some(format!(
            "Your password has {length} characters. It must have at least {SHORTEST}; three or four words do well"
        ));
    }
    if length > LONGEST {
        return Some(format!("Your password must have {LONGEST} characters or fewer"));
    }
    let mut letters = password.chars();
    let first = letters.next();
    if letters.all(|letter| Some(letter) == first) {
        return Some("Your password is one character repeated. Choose something harder to guess".to_owned());
    }
    let plain = plain(password);
    if is_common(&plain) {
        return Some(
            "Your password is among those that everybody tries first. Choose three or four words of your own"
                .to_owned(),
        );
    }
    if is_mostly(&plain, about_them) {
        return Some(
            "Your password must not be your name or your user name with a little added. Choose other words".to_owned(),
        );
    }
    None
}

/// The commonest passwords, and the words they are made of.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("common_passwords.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect()
});

/// Letters and digits alone, lower case: signs and spaces make nothing harder to guess.
fn plain(password: &str) -> String {
    let letters = password.to_lowercase();
    letters.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// One of the commonest, digits before and after taken off, or one of them twice or more; and digits alone,
/// which are days and telephone numbers. A word of under four letters says nothing.
fn is_common(plain: &str) -> bool {
    let bare = plain.trim_matches(|c: char| c.is_ascii_digit());
    let once = |text: &str| {
        let length = text.chars().count();
        (4..=length / 2).find_map(|part| {
            let unit: String = text.chars().take(part).collect();
            (length.is_multiple_of(part) && unit.repeat(length / part) == text).then_some(unit)
        })
    };
    let known = |text: &str| COMMON.contains(text);
    bare.is_empty() || known(plain) || known(bare) || [plain, bare].iter().any(|text| once(text).is_some())
}

/// Fewer than this many letters and digits beside one's own names are no password.
const BESIDE_NAMES: usize = 6;

/// Whether hardly anything is left when the words of somebody's own names are taken out.
fn is_mostly(plain: &str, about_them: &[&str]) -> bool {
    let mut left = plain.to_owned();
    let mut words: Vec<String> = about_them
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() >= 3)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in &words {
        left = left.replace(word.as_str(), "");
    }
    left.len() < plain.len() && left.chars().count() < BESIDE_NAMES
}

/// How far passwords stand back (the nice value of the thread): a tenth of the time of whoever else wants it.
const AFTER_PAGES: i32 = 10;

/// Hashes and checks passwords, few at a time: each takes 19 MiB and some tens of milliseconds.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// A hash that no password opens: checked for user names that do not exist, so that it takes as long.
    nobody: Arc<str>,
}

impl Passwords {
    /// At most `at_once` are hashed or checked at the same time.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn new(at_once: u32) -> Result<Self, Problem> {
        let nobody = hash_now(&super::secret::token()?)?;
        let turns = Semaphore::new(usize::try_from(at_once.max(1)).unwrap_or(1));
        Ok(Self { turns: Arc::new(turns), nobody: nobody.into() })
    }

    /// What is stored of a password.
    ///
    /// # Errors
    /// When hashing fails, which it does not do for passwords within [`LONGEST`].
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        self.in_turn(move || hash_now(&password)).await
    }

    /// Whether a password is the one stored. `None` stands for a user who does not exist: it takes as long and is never true.
    ///
    /// # Errors
    /// When the stored hash cannot be read.
    pub async fn check(&self, password: String, stored: Option<String>) -> Result<bool, Problem> {
        let known = stored.is_some();
        let hash = stored.unwrap_or_else(|| self.nobody.as_ref().to_owned());
        let matches = self.in_turn(move || {
            let hash = PasswordHash::new(&hash).map_err(Problem::internal)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        });
        Ok(matches.await? && known)
    }

    /// Works on a password when it is its turn, and after everything else that wants a processor: who tries many
    /// passwords slows down sign-ins, and not the pages of those who are signed in. The turn lasts as long as the
    /// work, also when whoever asked has gone.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let turns = Arc::clone(&self.turns);
        let turn = turns.acquire_owned().await.map_err(Problem::internal)?;
        let (tell, told) = oneshot::channel();
        let thread = std::thread::Builder::new().name("password".to_owned());
        let started = thread.spawn(move || {
            // Of this thread alone. Where it is not possible passwords are worked on like everything else.
            if let Err(why) = setpriority_process(None, AFTER_PAGES) {
                tracing::debug!(%why, "passwords are not put after pages");
            }
            let done = work();
            drop(turn);
            // Nobody waits any more when the browser has gone.
            drop(tell.send(done));
        });
        started.map_err(Problem::internal)?;
        told.await.map_err(Problem::internal)?
    }
}

fn hash_now(password: &str) -> Result<String, Problem> {
    // The defaults are Argon2id with 19 MiB, 2 passes, 1 lane: what OWASP recommends as a minimum.
    Ok(Argon2::default().hash_password(password.as_bytes()).map_err(Problem::internal)?.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;
    use std::sync::atomic::Ordering::SeqCst;

    use super::*;

    #[test]
    fn length_and_nothing_else() {
        for (password, fine) in [
            ("correct horse battery", true),
            ("twelve chars", true),
            ("éèêëéèêëéèêé", true),
            ("eleven char", false),
            ("", false),
            ("aaaaaaaaaaaaaaaa", false),
            ("alex.example", false),
            ("Alex.Example", false),
            ("Alex Example 2026", false),
            ("example-alex-alex", false),
            ("alexandria sinks slowly", true),
            ("Password 1234!", false),
            ("passwordpassword", false),
            ("qwertyuiop12", false),
            ("123412341234", false),
            ("01632 960 123", false),
            ("blue kite blue kite", false),
            ("my password is a heron", true),
        ] {
            assert_eq!(refuse(password, &["alex.example", "Alex Example"]).is_none(), fine, "{password}");
        }
        assert!(refuse(&"long".repeat(60), &[]).is_some());
    }

    #[tokio::test]
    async fn the_right_one_opens_and_no_other() {
        let passwords = Passwords::new(1).unwrap();
        let stored = passwords.hash("correct horse battery".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"), "{stored}");
        assert!(passwords.check("correct horse battery".into(), Some(stored.clone())).await.unwrap());
        assert!(!passwords.check("correct horse batterz".into(), Some(stored)).await.unwrap());
        assert!(!passwords.check("correct horse battery".into(), None).await.unwrap());
        assert!(passwords.check("x".into(), Some("not a hash".into())).await.is_err());
    }

    /// However many ask at the same moment, one more than there are turns or ten: the rest wait.
    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_are_worked_on_at_once_than_there_are_turns() {
        for (turns, asking) in [(1, 2), (2, 3), (2, 10)] {
            let passwords = Passwords::new(turns).unwrap();
            let (now, most) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
            let works: Vec<_> = (0..asking)
                .map(|_| {
                    let (passwords, now, most) = (passwords.clone(), Arc::clone(&now), Arc::clone(&most));
                    let work = move || {
                        most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                        std::thread::sleep(std::time::Duration::from_millis(30));
                        now.fetch_sub(1, SeqCst);
                        Ok(())
                    };
                    tokio::spawn(async move { passwords.in_turn(work).await })
                })
                .collect();
            for work in works {
                work.await.unwrap().unwrap();
            }
            assert_eq!(most.load(SeqCst), turns, "{asking} ask");
        }
    }

    /// Else whoever hangs up at once could have any number worked on at the same time.
    #[tokio::test]
    async fn the_turn_lasts_as_long_as_the_work_although_whoever_asked_has_gone() {
        let passwords = Passwords::new(1).unwrap();
        let asked = passwords.check("correct horse battery".into(), None);
        let gone = tokio::time::timeout(std::time::Duration::from_millis(1), asked).await;
        assert!(gone.is_err(), "it takes some tens of milliseconds");
        assert_eq!(passwords.turns.available_permits(), 0);
        let _turn = passwords.turns.acquire().await.unwrap();
    }
}

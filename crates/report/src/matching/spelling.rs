//! Names, numbers and dates in the one spelling in which they are compared.

use jiff::civil::Date;
use rphonetic::DoubleMetaphone;
use unicode_normalization::UnicodeNormalization as _;

use crate::people::Identity;

/// Digits at the end of a telephone number that count: what is left of a British number without its `0` or `+44`.
const DIGITS: usize = 9;
/// Letters of an address or account name that count.
const LETTERS: usize = 150;

/// The names of somebody. A whole name that was entered as what they like to be called counts as given and family name.
pub(super) struct Names {
    pub given: String,
    pub family: String,
    pub known: String,
}

impl Names {
    pub fn of(identity: &Identity) -> Self {
        let own = |name: &str| name.trim().to_owned();
        let names = Self {
            given: own(&identity.given_names),
            family: own(&identity.family_name),
            known: own(&identity.known_as),
        };
        match names.known.rsplit_once(char::is_whitespace) {
            Some((given, family)) if names.given.is_empty() && names.family.is_empty() => {
                Self { given: own(given), family: own(family), known: String::new() }
            }
            _ => names,
        }
    }
}

/// Small letters a-z of a name: accents, hyphens and apostrophes gone, `ø` an `o`.
pub(super) fn plain(name: &str) -> String {
    let mut out = String::new();
    for letter in name.nfd().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' => out.push(letter),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'đ' | 'ð' => out.push('d'),
            'ł' => out.push('l'),
            'þ' => out.push_str("th"),
            'ı' => out.push('i'),
            _ => {}
        }
    }
    out
}

/// Letters of a name in another script that count.
const LETTERS_OF_A_NAME: usize = 60;

/// A name as [`plain`]; one without Latin letters as it is written, in small letters.
pub(super) fn spelt(name: &str) -> String {
    let plain = plain(name);
    if !plain.is_empty() {
        return plain;
    }
    let letters = name.nfc().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase);
    letters.take(LETTERS_OF_A_NAME).collect()
}

/// The words of a name, each as [`spelt`].
pub(super) fn words(name: &str) -> Vec<String> {
    let parts = name.split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '/' | ','));
    parts.map(spelt).filter(|word| !word.is_empty()).collect()
}

/// What a name sounds like: one code, or two where it may be said in two ways. How names in letters other than
/// Latin ones sound is not known; they stand for themselves.
pub(super) fn sounds(word: &str) -> Vec<String> {
    let plain = plain(word);
    if plain.is_empty() {
        let written = spelt(word);
        return if written.is_empty() { Vec::new() } else { vec![format!("={written}")] };
    }
    let said = DoubleMetaphone::default().double_metaphone(&plain);
    let mut codes = vec![said.primary().to_string(), said.alternate().to_string()];
    codes.retain(|code| !code.is_empty());
    codes.dedup();
    codes
}

/// Whether two names may sound the same.
pub(super) fn sound_alike(one: &str, other: &str) -> bool {
    let others = sounds(other);
    sounds(one).iter().any(|code| others.contains(code))
}

/// Whether one word is the other with a single letter changed, left out, put in, or two next to each other
/// swapped; only of four letters and more, where that is a slip and not another name.
pub(super) fn slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    if short.len() < 4 || long.len() - short.len() > 1 {
        return false;
    }
    let front = short.iter().zip(long.iter()).take_while(|(a, b)| a == b).count();
    let back = short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
    if short.len() < long.len() {
        return front + back >= short.len();
    }
    let differ = short.len().saturating_sub(front + back);
    let swapped = || {
        let pair = |word: &[char]| Some((*word.get(front)?, *word.get(front + 1)?));
        pair(short).zip(pair(long)).is_some_and(|((a, b), (c, d))| a == d && b == c)
    };
    differ == 1 || (differ == 2 && swapped())
}

/// The last digits of a telephone number; nothing when it has too few to tell anybody apart.
pub(super) fn phone(number: &str) -> Option<String> {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let start = digits.len().checked_sub(DIGITS)?;
    Some(digits.iter().skip(start).collect())
}

/// An e-mail address as it is compared.
pub(super) fn email(address: &str) -> Option<String> {
    let address: String = address.trim().to_lowercase().chars().take(LETTERS).collect();
    address.contains('@').then_some(address)
}

/// The name of an account without what stands around it.
pub(super) fn account(username: &str) -> Option<String> {
    let name = username.trim().trim_start_matches('@').trim_start().to_lowercase();
    let name: String = name.chars().take(LETTERS).collect();
    (!name.is_empty()).then_some(name)
}

/// The date with day and month the other way round, where that is a date and another one.
pub(super) fn swapped(date: Date) -> Option<Date> {
    let other = Date::new(date.year(), date.day(), date.month()).ok()?;
    (other != date).then_some(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_is_written_in_several_ways() {
        for (name, expected) in [
            ("O'Brien", "obrien"),
            ("Çelik", "celik"),
            ("Søren", "soren"),
            ("ÆTHELRED", "aethelred"),
            ("Nuñez", "nunez"),
            ("Łukasz", "lukasz"),
            ("李", ""),
        ] {
            assert_eq!(plain(name), expected);
        }
        assert_eq!((spelt("Ωμέγα Ω"), spelt("123 !")), ("ωμέγαω".into(), String::new()));
        assert_eq!(words("Anne-Marie  van der Berg"), ["anne", "marie", "van", "der", "berg"]);
    }

    #[test]
    fn names_that_are_said_alike_sound_alike() {
        for (one, other, alike) in [
            ("Catherine", "Kathryn", true),
            ("Smith", "Smyth", true),
            ("Stephen", "Steven", true),
            ("Clarke", "Clark", true),
            ("Philip", "Filip", true),
            ("Smith", "Jones", false),
            ("Baker", "Barker", false),
            ("李", "李", true),
            ("李", "王", false),
        ] {
            assert_eq!(sound_alike(one, other), alike, "{one} {other}");
        }
    }

    #[test]
    fn a_slip_is_one_letter() {
        for (one, other, is) in [
            ("johnson", "jonhson", true),
            ("johnson", "johnsen", true),
            ("johnson", "johnsn", true),
            ("johnsson", "johnson", true),
            ("johnson", "johnson", false),
            ("johnson", "jacksen", false),
            ("lee", "lea", false),
            ("abcd", "badc", false),
        ] {
            assert_eq!((slip(one, other), slip(other, one)), (is, is), "{one} {other}");
        }
    }

    #[test]
    fn numbers_and_accounts_are_compared_by_what_counts() {
        for number in ["07700 900451", "+44 7700 900 451", "0044-7700-900451", "7700900451"] {
            assert_eq!(phone(number).as_deref(), Some("700900451"), "{number}");
        }
        assert_eq!(phone("999"), None);
        assert_eq!(account(" @Quibble_Cat "), Some("quibble_cat".to_owned()));
        assert_eq!((account(" @ "), email("no address")), (None, None));
        assert_eq!(email(" A@Example.org "), Some("a@example.org".to_owned()));
        let date = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(swapped(date("2011-04-07")), Some(date("2011-07-04")));
        assert_eq!((swapped(date("2011-04-17")), swapped(date("2011-04-04"))), (None, None));
    }
}

//! Recovery shares: the epoch key split so that any few of them give it back and fewer give nothing.
//!
//! Shamir's scheme over GF(256), each byte of the key on a polynomial of its own. Our own and not a crate:
//! what there is was either found to draw biased coefficients (RUSTSEC-2024-0398) or brings the
//! arithmetic of elliptic curves along. Multiplication has no table and no branch on a secret.

use std::fmt;
use std::str::FromStr;

use zeroize::Zeroizing;

use super::error::KeyError;
use super::seal::{Secret, digest, hex, random, unhex};

/// The most shares of one key.
pub const MOST: u8 = 20;

/// One share. Its text is what is printed and typed in again:
/// `WM1-EPOCH-NEEDED-NUMBER-…-CHECK`, hexadecimal in groups of eight.
#[derive(Clone, PartialEq, Eq)]
pub struct Share {
    /// The epoch whose key it is a share of.
    pub epoch: u32,
    /// How many are needed.
    pub needed: u8,
    /// Its number, from 1.
    pub number: u8,
    bytes: Zeroizing<[u8; 32]>,
}

/// Splits a key so that `needed` of `all` shares give it back.
pub fn split(key: &Secret, epoch: u32, needed: u8, all: u8) -> Result<Vec<Share>, KeyError> {
    if needed < 2 || needed > all || all > MOST {
        return Err(KeyError::Shares {
            detail: "at least two are needed, at most twenty are made, and no more are needed than are made",
        });
    }
    let mut coefficients = Vec::with_capacity(usize::from(needed));
    coefficients.push(Zeroizing::new(*key.as_bytes()));
    for _ in 1..needed {
        coefficients.push(Zeroizing::new(random::<32>()?));
    }
    Ok((1..=all).map(|number| share(&coefficients, epoch, needed, number)).collect())
}

/// The value of every byte's polynomial at `number`, by Horner's rule from the highest power down.
fn share(coefficients: &[Zeroizing<[u8; 32]>], epoch: u32, needed: u8, number: u8) -> Share {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    for coefficient in coefficients.iter().rev() {
        for (byte, term) in bytes.iter_mut().zip(coefficient.iter()) {
            *byte = times(*byte, number) ^ term;
        }
    }
    Share { epoch, needed, number, bytes }
}

/// Puts a key together again. Whether it is the right one is for the keyring to say.
pub fn combine(shares: &[Share]) -> Result<(u32, Secret), KeyError> {
    let wrong = |detail| KeyError::Shares { detail };
    let first = shares.first().ok_or_else(|| wrong("none was given"))?;
    let mut used: Vec<&Share> = Vec::new();
    for share in shares {
        if (share.epoch, share.needed) != (first.epoch, first.needed) {
            return Err(wrong("they are not all of the same set"));
        }
        if used.iter().all(|other| other.number != share.number) {
            used.push(share);
        }
    }
    if used.len() < usize::from(first.needed) {
        return Err(wrong("there are fewer of them than are needed"));
    }
    used.truncate(usize::from(first.needed));
    let mut key = Zeroizing::new([0_u8; 32]);
    for share in &used {
        let others = used.iter().filter(|other| other.number != share.number);
        let weight =
            others.fold(1, |weight, other| times(weight, times(other.number, inverse(other.number ^ share.number))));
        for (byte, value) in key.iter_mut().zip(share.bytes.iter()) {
            *byte ^= times(*value, weight);
        }
    }
    Ok((first.epoch, Secret::from_bytes(*key)))
}

/// Multiplication in GF(256) modulo x^8 + x^4 + x^3 + x + 1, as AES has it.
fn times(a: u8, b: u8) -> u8 {
    let (mut a, mut product) = (a, 0);
    for bit in 0..8 {
        product ^= a & 0_u8.wrapping_sub(b >> bit & 1);
        let carry = 0_u8.wrapping_sub(a >> 7);
        a = (a << 1) ^ (0x1b & carry);
    }
    product
}

/// What times this gives 1: its power of 254. Of 0 it is 0.
fn inverse(a: u8) -> u8 {
    let square = |a| times(a, a);
    let mut power = a;
    for _ in 0..6 {
        power = times(square(power), a);
    }
    square(power)
}

impl Share {
    fn check(&self) -> [u8; 4] {
        let head = [&self.epoch.to_be_bytes()[..], &[self.needed, self.number]].concat();
        let [a, b, c, d, ..] = digest(&[&head, self.bytes.as_slice()].concat());
        [a, b, c, d]
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WM1-{}-{}-{}", self.epoch, self.needed, self.number)?;
        for four in self.bytes.chunks(4) {
            write!(f, "-{}", hex(four))?;
        }
        write!(f, "-{}", hex(&self.check()))
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share(number {} of epoch {})", self.number, self.epoch)
    }
}

impl FromStr for Share {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let wrong = |detail| KeyError::Shares { detail };
        let text = text.trim().to_lowercase();
        let form = || wrong("one was typed wrong: a share begins with WM1 and has thirteen groups");
        let parts: Vec<&str> = text.split('-').map(str::trim).collect();
        let [mark, epoch, needed, number, groups @ .., check] = parts.as_slice() else {
            return Err(form());
        };
        let bytes = unhex(&groups.concat()).filter(|_| *mark == "wm1").ok_or_else(form)?;
        let share = Self {
            epoch: epoch.parse().map_err(|_| form())?,
            needed: needed.parse().map_err(|_| form())?,
            number: number.parse().map_err(|_| form())?,
            bytes: Zeroizing::new(bytes),
        };
        if share.number == 0 || share.needed < 2 {
            return Err(form());
        }
        if unhex(check) != Some(share.check()) {
            return Err(wrong("one was typed wrong: its last group does not fit the others"));
        }
        Ok(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 197, sections 4.2 and 4.2.1.
    #[test]
    fn multiplication_gives_the_answers_of_fips_197() {
        assert_eq!((times(0x57, 0x83), times(0x57, 0x13)), (0xc1, 0xfe));
        for (power, expected) in [(2, 0xae), (4, 0x47), (8, 0x8e), (0x10, 0x07)] {
            assert_eq!(times(0x57, power), expected);
        }
        assert_eq!(inverse(0x53), 0xca);
        for a in 1..=255 {
            assert_eq!(times(a, inverse(a)), 1, "{a}");
        }
        assert_eq!(inverse(0), 0);
    }

    /// Worked by hand: 0x2a + 7x + x^2 in GF(256).
    #[test]
    fn a_share_is_the_value_of_the_polynomial() {
        let coefficients = [0x2a, 7, 1].map(|byte| Zeroizing::new([byte; 32]));
        for (number, expected) in [(1, 0x2c), (2, 0x2a ^ 0x0e ^ 0x04), (3, 0x2a ^ 0x09 ^ 0x05)] {
            assert_eq!(*share(&coefficients, 1, 3, number).bytes, [expected; 32]);
        }
    }

    #[test]
    fn any_few_give_the_key_back_and_fewer_give_nothing() {
        let key = Secret::random().unwrap();
        let shares = split(&key, 4, 3, 5).unwrap();
        for a in 0..5 {
            for b in 0..5 {
                for c in 0..5 {
                    let chosen = [a, b, c].map(|at| shares[at].clone());
                    let differ = a != b && b != c && a != c;
                    match combine(&chosen) {
                        Ok((4, back)) if differ => assert_eq!(back.as_bytes(), key.as_bytes()),
                        Err(KeyError::Shares { .. }) if !differ => {}
                        other => panic!("{a} {b} {c}: {other:?}"),
                    }
                }
            }
        }
        let pair = Share { needed: 2, ..shares[0].clone() };
        let second = Share { needed: 2, ..shares[1].clone() };
        assert_ne!(combine(&[pair, second]).unwrap().1.as_bytes(), key.as_bytes());
        let mixed = [shares[0].clone(), shares[1].clone(), split(&key, 5, 3, 5).unwrap()[2].clone()];
        assert!(combine(&mixed).is_err());
        for (needed, all) in [(1, 5), (0, 0), (4, 3), (3, MOST + 1)] {
            assert!(split(&key, 1, needed, all).is_err(), "{needed} of {all}");
        }
    }

    #[test]
    fn a_share_reads_back_as_printed_and_a_slip_is_noticed() {
        let share = split(&Secret::random().unwrap(), 12, 2, 2).unwrap().remove(1);
        let text = share.to_string();
        assert_eq!(text.parse(), Ok(share.clone()));
        assert_eq!(format!("  {} ", text.to_lowercase()).parse(), Ok(share.clone()));
        assert_eq!(format!("{share:?}"), "Share(number 2 of epoch 12)");
        for at in 0..text.len() {
            let slip: String =
                text.char_indices().map(|(i, c)| if i == at { if c == '7' { '8' } else { '7' } } else { c }).collect();
            assert!(slip.parse::<Share>().is_err(), "{slip}");
        }
        for bad in ["", "WM1", "WM1-1-2-1-00-00"] {
            assert!(bad.parse::<Share>().is_err(), "{bad}");
        }
    }
}

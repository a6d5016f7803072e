//! Numbers as people read them.

/// A number with commas between its thousands.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let length = digits.len();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (length - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// “entry 5” or “the entries 5 to 9”.
pub(super) fn entries(from: u64, to: u64) -> String {
    if from == to { format!("entry {}", count(from)) } else { format!("the entries {} to {}", count(from), count(to)) }
}

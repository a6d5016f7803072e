//! Words that are close to one that is not there.

/// "; did you mean …?" when something similar exists.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a String>) -> String {
    known
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(far, candidate)| *far <= 1 + candidate.len() / 4)
        .min()
        .map_or_else(String::new, |(_, candidate)| format!("; did you mean \"{candidate}\"?"))
}

/// What to do about a word that is not there: the word that was meant, if one is close.
pub(crate) fn meant<'a>(word: &str, known: impl Iterator<Item = &'a String>, otherwise: &str) -> String {
    let near = nearest(word, known);
    near.strip_prefix("; ").unwrap_or(otherwise).to_owned()
}

/// Edit distance, for short words only.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().take(64).enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        for (slot, right) in row.iter_mut().skip(1).zip(&b) {
            let best = (diagonal + usize::from(left != *right)).min(before + 1).min(*slot + 1);
            diagonal = *slot;
            *slot = best;
            before = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

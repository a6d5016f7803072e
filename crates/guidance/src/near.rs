//! Words that are close to one that is not there.

/// The word that is most like it, when one is like it at all.
pub(crate) fn closest<'a, S: AsRef<str> + Ord>(word: &str, known: impl Iterator<Item = &'a S>) -> Option<&'a S> {
    known
        .map(|candidate| (distance(word, candidate.as_ref()), candidate))
        .filter(|(far, candidate)| *far <= 1 + candidate.as_ref().len() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}

/// "; did you mean …?" when something similar exists.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a String>) -> String {
    closest(word, known).map_or_else(String::new, |candidate| format!("; did you mean \"{candidate}\"?"))
}

/// What to do about a word that is not there: `did you mean "…"?` where one is close, otherwise what is given.
pub fn meant<'a>(word: &str, known: impl Iterator<Item = &'a String>, otherwise: &str) -> String {
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

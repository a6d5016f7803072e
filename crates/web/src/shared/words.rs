//! Words as they stand on a page.

/// With its first letter in upper case, as at the beginning of a sentence or a label.
pub fn first_upper(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

//! Words of the pack, said to the person they are about. A pack speaks to the officer; what somebody is given of themself speaks
//! to them: "Has Ann hurt themself?" is "Have you hurt yourself?".

/// Verbs whose form differs, beside the person.
const VERBS: [(&str, &str); 6] =
    [("is", "are"), ("was", "were"), ("has", "have"), ("does", "do"), ("needs", "need"), ("uses", "use")];
/// The person, as a pack writes them.
pub(crate) const PERSON: &str = "{person}";

/// Words with `{person}` in them, to that person.
pub(crate) fn to_them(words: &str) -> String {
    let words = owned(words);
    let all: Vec<&str> = words.split(' ').collect();
    let is_them = |at: Option<usize>| at.and_then(|at| all.get(at)).is_some_and(|word| *word == PERSON);
    let said = all.iter().enumerate().map(|(at, word)| {
        let goes_on = at.checked_sub(1).and_then(|before| all.get(before)) == Some(&"or");
        let beside = is_them(at.checked_add(1)) || is_them(at.checked_sub(1)) || goes_on;
        if beside { agreeing(word) } else { (*word).to_owned() }
    });
    let said: Vec<String> = said.collect();
    said.join(" ").replace("{person}'s", "your").replace(PERSON, "you").replace("themself", "yourself")
}

/// As a sentence begins.
pub(crate) fn first_upper(said: &str) -> String {
    let mut rest = said.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// "the parents or carers of {person}" is "{person}'s parents or carers".
fn owned(words: &str) -> String {
    let Some((before, after)) = words.split_once(" of {person}") else { return words.to_owned() };
    match before.rsplit_once("the ") {
        Some((start, what)) => format!("{start}{PERSON}'s {what}{after}"),
        None => words.to_owned(),
    }
}

fn agreeing(word: &str) -> String {
    let verb = word.trim_end_matches([',', '?', '.']);
    let known = VERBS.into_iter().find(|(he, _)| verb.eq_ignore_ascii_case(he));
    known.map_or_else(|| word.to_owned(), |(_, you)| word.replace(verb, you))
}

#[cfg(test)]
mod tests {
    use super::{first_upper, to_them};

    #[test]
    fn it_speaks_to_the_person() {
        for (words, said) in [
            ("Did {person} sexually abuse a child?", "Did you sexually abuse a child?"),
            ("Is {person} missing now?", "Are you missing now?"),
            ("How old was {person} when it happened?", "How old were you when it happened?"),
            ("What part does {person} have in this?", "What part do you have in this?"),
            ("Do we know who {person} is?", "Do we know who you are?"),
            (
                "Is there any concern that {person} has hurt themself, or has thoughts of suicide?",
                "Is there any concern that you have hurt yourself, or have thoughts of suicide?",
            ),
            ("See to the welfare of {person}", "See to your welfare"),
            (
                "Tell the parents or carers of {person} what happens next",
                "Tell your parents or carers what happens next",
            ),
            (
                "Explain the outcome to {person} and to any parents or carers who are told",
                "Explain the outcome to you and to any parents or carers who are told",
            ),
            ("Ask what {person} needs, now and as it goes on", "Ask what you need, now and as it goes on"),
            ("Does this phone hold evidence?", "Does this phone hold evidence?"),
            ("", ""),
        ] {
            assert_eq!(first_upper(&to_them(words)), said);
        }
    }
}

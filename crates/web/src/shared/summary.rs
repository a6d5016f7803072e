//! The summary of mistakes above a form. Where a field stands and what it is called, only the finished page knows: so the lines
//! are put in order, and those that speak of "this" are given the name of their field, when all of it is written.

use std::borrow::Cow;

const BEGINS: &str = "govuk-error-summary__list\">";
const LINE: &str = "<li><a href=\"#";
/// Where a mistake leads that is about no field of the page: it stands first.
const TOP: &str = "main-content";

/// The page with its summary in the order of its fields.
pub fn in_page_order(page: String) -> String {
    let Some((before, rest)) = page.split_once(BEGINS) else {
        return page;
    };
    let Some((list, after)) = rest.split_once("</ul>") else {
        return page;
    };
    let mut lines: Vec<(Option<usize>, String)> = list
        .split(LINE)
        .filter_map(|line| line.split_once("\">"))
        .filter_map(|(field, rest)| Some((field, rest.split_once("</a>")?.0)))
        .map(|(field, says)| {
            let place = after.find(&format!("id=\"{field}\""));
            let to = if place.is_some() { field } else { TOP };
            let says = of_field(says, after, field, place);
            (place, format!("\n{LINE}{to}\">{says}</a></li>"))
        })
        .collect();
    lines.sort_by_key(|(place, _)| *place);
    let lines: String = lines.into_iter().map(|(_, line)| line).collect();
    format!("{before}{BEGINS}{lines}\n</ul>{after}")
}

/// What is said of "this" beside a field, in words that can be read away from it.
fn of_field<'a>(says: &'a str, page: &str, field: &str, place: Option<usize>) -> Cow<'a, str> {
    let said = says.strip_prefix("This ").zip(name(page, field, place));
    match said {
        None => says.into(),
        Some((rest, name)) if name.ends_with(['?', '.']) => format!("{name} This {rest}").into(),
        Some((rest, name)) => format!("{name}: this {rest}").into(),
    }
}

/// The words of the label of a field, or of the legend above its answers.
fn name(page: &str, field: &str, place: Option<usize>) -> Option<String> {
    let (before, label) = page.split_once(&format!("for=\"{field}\""))?;
    let tag = before.rsplit('<').next()?;
    let words = if tag.contains("__label") {
        let (_, legend) = page.get(..place?)?.rsplit_once("<legend ")?;
        legend.split_once('>')?.1.split_once("</legend>")?.0
    } else {
        label.split_once('>')?.1.split_once("</label>")?.0
    };
    Some(without_tags(words)).filter(|words| !words.is_empty())
}

fn without_tags(words: &str) -> String {
    let parts = words.split('<');
    let text = parts.enumerate().map(|(at, part)| match at {
        0 => part,
        _ => part.split_once('>').map_or("", |(_, text)| text),
    });
    text.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use askama::Template as _;

    use super::*;
    use crate::shared::form::{Form, Mistakes};
    use crate::shared::ui::{Choices, Input, Textarea};

    #[test]
    fn mistakes_read_like_the_form() {
        let said = [
            ("pick", "This is not offered"),
            ("second", "This is too long"),
            ("nowhere", "This was not saved"),
            ("first", "This is too long"),
            ("first", "Enter <it>"),
        ];
        let mut mistakes = Mistakes::new();
        let mut page = format!("<ul class=\"{BEGINS}");
        for (field, says) in said {
            mistakes.add(field, says);
            let says = says.replace('<', "&#60;");
            page += &format!("\n{LINE}{field}\">{says}</a></li>");
        }
        let form = Form::default();
        let second = Textarea::new("second", "What & why?").as_heading();
        let fields = [
            Input::new("first", "First").sent(&form, &mistakes).render(),
            second.sent(&form, &mistakes).render(),
            Choices::radios("pick", "Which").option("a", "A", "").sent(&form, &mistakes).render(),
        ];
        page += "\n</ul>";
        page.extend(fields.map(Result::unwrap));
        let ordered = in_page_order(page.clone());
        let summary: Vec<&str> = ordered.lines().skip(1).take(said.len()).collect();
        assert_eq!(
            summary,
            [
                "<li><a href=\"#main-content\">This was not saved</a></li>",
                "<li><a href=\"#first\">First: this is too long</a></li>",
                "<li><a href=\"#first\">Enter &#60;it></a></li>",
                "<li><a href=\"#second\">What &#38; why? This is too long</a></li>",
                "<li><a href=\"#pick\">Which: this is not offered</a></li>",
            ]
        );
        let below = |page: &str| page.split_once("</ul>").unwrap().1.to_owned();
        assert_eq!(below(&ordered), below(&page), "the form is as it was");
        assert_eq!(in_page_order("<p>none</p>".to_owned()), "<p>none</p>");
    }
}

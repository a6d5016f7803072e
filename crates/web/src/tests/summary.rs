//! What is held of the summary of mistakes on every page that a browser of these tests is given, whatever form was sent.

/// Address and words of each line.
fn lines(page: &str) -> Vec<(&str, &str)> {
    let list = page.split_once("govuk-error-summary__list\">");
    let list = list.and_then(|(_, rest)| rest.split_once("</ul>"));
    let lines = list.map_or("", |(list, _)| list).split("href=\"#").skip(1);
    lines
        .map(|line| line.split_once("\">").unwrap())
        .map(|(field, rest)| (field, rest.split_once("</a>").unwrap().0))
        .collect()
}

/// Its links lead to fields of the page, in the order in which these stand there, and its words can be read away from them.
pub fn reads_like_the_form(path: &str, page: &str) {
    let mut last = 0;
    for (field, says) in lines(page) {
        let here = format!("id=\"{field}\"");
        let Some(place) = page.find(&here) else {
            panic!("{path}: \"{says}\" leads to no field: {field}");
        };
        assert!(place >= last, "{path}: \"{says}\" comes too late");
        last = place;
        let is_named = field == "main-content" || !says.starts_with("This ");
        assert!(is_named, "{path}: \"{says}\" does not say what of");
    }
}

use askama::Template as _;

use super::*;
use crate::shared::form::{Form, Mistakes};

const MARKUP: &str = "<b>\"&'";
const ESCAPED: &str = "&#60;b&#62;&#34;&#38;&#39;";

#[test]
fn nothing_is_chosen_unless_it_was_answered() {
    let asked = Choices::radios("imagery", "Is there imagery?").yes_no_not_known();
    assert!(!asked.render().unwrap().contains("checked"));
    assert!(!asked.clone().chosen("").render().unwrap().contains("checked"));
    let answered = asked.chosen("not-known").render().unwrap();
    assert_eq!(answered.matches(" checked").count(), 1);
    assert!(answered.contains("value=\"not-known\" checked"));
}

#[test]
fn a_mistake_leads_to_the_first_control() {
    let mut mistakes = Mistakes::new();
    mistakes.add("imagery", "Choose one");
    let asked = Choices::radios("imagery", "Is there imagery?")
        .hint("Of any kind")
        .yes_no_not_known()
        .sent(&Form::default(), &mistakes)
        .render()
        .unwrap();
    assert!(asked.contains("id=\"imagery\""));
    assert!(asked.contains("aria-describedby=\"imagery-hint imagery-error\""));
    assert!(asked.contains("Choose one"));
}

#[test]
fn every_component_escapes_what_it_holds() {
    let cite = crate::shared::frame::Link { href: MARKUP.to_owned(), text: MARKUP.to_owned() };
    let task = Task {
        title: MARKUP.into(),
        hint: MARKUP.into(),
        href: Some(MARKUP.into()),
        status: MARKUP.into(),
        colour: "blue",
    };
    let moment = Moment {
        title: MARKUP.into(),
        by: MARKUP.into(),
        at: MARKUP.into(),
        when: MARKUP.into(),
        says: MARKUP.into(),
        lines: vec![(MARKUP.into(), MARKUP.into())],
    };
    let mut table = Table::new(MARKUP, &[MARKUP]);
    table.row(vec![Cell::link(MARKUP, MARKUP), Cell::text(MARKUP), Cell::tag(MARKUP, "red")]);
    for shown in [
        Choices::checkboxes(MARKUP, MARKUP).option(MARKUP, MARKUP, MARKUP).render().unwrap(),
        Input::new(MARKUP, MARKUP).hint(MARKUP).value(MARKUP).render().unwrap(),
        Textarea::new(MARKUP, MARKUP).hint(MARKUP).value(MARKUP).render().unwrap(),
        Why::new(MARKUP, vec![cite]).render().unwrap(),
        SummaryList::new().changeable(MARKUP, MARKUP, MARKUP).render().unwrap(),
        TaskList::new(MARKUP, vec![task]).render().unwrap(),
        table.render().unwrap(),
        Timeline::new(vec![moment]).render().unwrap(),
        Pagination::new(Some(MARKUP.into()), Some(MARKUP.into())).render().unwrap(),
    ] {
        assert!(shown.contains(ESCAPED) || shown.contains(&ESCAPED.to_lowercase()), "{shown}");
        assert!(!shown.contains("<b>"), "{shown}");
    }
}

#[test]
fn a_password_is_never_shown_again() {
    let form = Form::from_pairs(vec![("password".to_owned(), "secret words".to_owned())]);
    let shown =
        Input::password("password", "Password", "current-password").sent(&form, &Mistakes::new()).render().unwrap();
    assert!(!shown.contains("secret words"));
}

#[test]
fn a_first_empty_line_of_a_textarea_is_kept() {
    let shown = Textarea::new("t", "T").value("\nx").render().unwrap();
    // Browsers drop one line end after the tag: the template adds it.
    assert!(shown.contains(">\n\nx</textarea>"), "{shown}");
}

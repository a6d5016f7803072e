//! Lists of reports, and the guidance.

use super::Site;
use super::desk::Desk;
use super::record::{actor, begin};
use crate::routes;
use crate::shared::access::Role;
use crate::worklists::List;

#[tokio::test]
async fn each_role_has_its_lists_and_counts_that_agree() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    for role in [Role::CallHandler, Role::Officer, Role::Supervisor, Role::Auditor] {
        let mut browser = site.signed_in(role).await;
        for list in List::of(role) {
            let seen = browser.get(&list.href()).await;
            let title = list.title(role).replace('\'', "&#39;");
            seen.is(200).says(&title);
            let shown = seen.text.matches(&format!(">{}</a>", desk.reference)).count();
            seen.says(&format!("aria-current=\"page\">{title} ({shown})<"));
        }
        browser.get(routes::HOME).await.is(200).says(&List::of(role)[0].href());
    }
    let mut author = site.signed_in(Role::Author).await;
    author.get(routes::HOME).await.is(200).says("Read the guidance in force");
    author.get(routes::REPORTS).await.is(403);
}

#[tokio::test]
async fn a_long_list_is_paged_without_repeats_and_a_reference_is_found() {
    let site = Site::new();
    let officer = actor(&site, Role::Officer, "olive").await;
    let mut all = Vec::new();
    for number in 0..30 {
        all.push(begin(&site, &officer, &number.to_string()).await.reference().to_owned());
    }
    let mut auditor = site.signed_in(Role::Auditor).await;
    let first = auditor.get(routes::REPORTS).await;
    let next = first.is(200).text.split("href=\"").find(|link| link.contains("after=")).unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    let second = auditor.get(&next).await;
    second.is(200).says("Back to the first page");
    for reference in &all {
        let seen = [&first, &second].iter().filter(|page| page.text.contains(reference.as_str())).count();
        assert_eq!(seen, 1, "{reference}");
    }
    let typed = format!("{}?reference={}", routes::REPORTS, all[3].to_lowercase());
    assert_eq!(auditor.get(&typed).await.is(303).to(), routes::looked_at(&all[3]));
    let typed = format!("{}?reference=WM-1", routes::REPORTS);
    auditor.get(&typed).await.is(422).says("This is not a reference of a report").says("value=\"WM-1\"");
}

#[tokio::test]
async fn an_immediate_concern_is_one_step_away_from_every_page() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    for page in
        [routes::HOME, routes::REPORTS, routes::GUIDANCE, routes::DUTIES, routes::REPORT_NEW, routes::OWN_SESSIONS]
    {
        officer.get(page).await.is(200).says("href=\"/concern\"").says("Do not view, copy");
    }
    officer
        .get(routes::CONCERN_WHICH)
        .await
        .is(200)
        .says("If a life is in danger")
        .says("Start a report")
        .says("find the person");
    officer.get("/concern?reference=WM-1").await.is(422).says("This is not a reference of a report");
    let starter = actor(&site, Role::Officer, "starter").await;
    let reference = begin(&site, &starter, "c").await.reference().to_owned();
    let mut officer = site.browser();
    officer.sign_in("starter", super::PASSWORD).await;
    officer
        .get(routes::CONCERN_WHICH)
        .await
        .is(200)
        .says(&routes::concern(&reference))
        .says("Last entry less than an hour ago");
    let mut auditor = site.signed_in(Role::Auditor).await;
    auditor.get(routes::GUIDANCE).await.is(200).does_not_say("href=\"/concern\"");
}

#[tokio::test]
async fn a_rule_shows_the_worked_examples_in_which_it_holds() {
    let site = Site::new();
    let mut author = site.signed_in(Role::Author).await;
    let all = site.app.examples.of(&site.app.pack);
    let [blackmail, swap] = all else { panic!("both examples are read") };
    let extorted =
        site.app.pack.rules().iter().find(|rule| rule.cites.iter().any(|c| c == "G15") && rule.scope == "person");
    let page = routes::rule(&extorted.unwrap().id);
    let shown = author.get(&page).await;
    shown.is(200).says(&routes::example(&blackmail.name)).does_not_say(&routes::example(&swap.name));
    author.get(&routes::rule("duty-welfare-check")).await.says(&routes::example(&swap.name));
    author.get(&routes::rule("duty-lado-referral")).await.says("It holds in none of the worked examples");
    author
        .get(&routes::example(&blackmail.name))
        .await
        .is(200)
        .says("Aggravated")
        .says("Check that every child is safe and well")
        .says("[[person]]");
    author.get(routes::EXAMPLES).await.is(200).says("Experimental").says(&routes::example(&swap.name));
    author.get("/guidance/examples/no-such-example").await.is(404);
}

#[tokio::test]
async fn every_cite_of_the_guidance_leads_to_a_page() {
    let site = Site::new();
    let pack = site.app.pack.clone();
    let mut author = site.signed_in(Role::Author).await;
    let kept = pack.retention().unwrap();
    let mut cites: Vec<&String> = pack
        .rules()
        .iter()
        .flat_map(|rule| &rule.cites)
        .chain(pack.questions().iter().flat_map(|question| &question.cites))
        .chain(pack.duties().iter().flat_map(|duty| &duty.cites))
        .chain(pack.outcomes().iter().flat_map(|outcome| &outcome.cites))
        .chain(pack.forms().iter().flat_map(|form| &form.cites))
        .chain(&kept.schedule.cites)
        .chain(kept.reviews.iter().flat_map(|review| &review.cites))
        .chain(kept.holds.iter().flat_map(|hold| &hold.cites))
        .collect();
    cites.sort();
    cites.dedup();
    assert!(cites.len() > 50, "{}", cites.len());
    for cite in cites {
        author.get(&routes::guidance_statement(cite)).await.is(200).says("How it is put into practice");
    }
    for statement in pack.statements() {
        author.get(&routes::guidance_statement(&statement.id)).await.is(200);
    }
    for rule in pack.rules() {
        author.get(&routes::rule(&rule.id)).await.is(200).says(&rule.file);
    }
    for (page, says) in [
        (routes::GUIDANCE, "sha256:"),
        (routes::STATEMENTS, "G53"),
        (routes::RULES, "Classification"),
        (routes::QUESTIONS, "this person"),
        (routes::DUTIES, "id=\"vpa\""),
        (routes::OUTCOMES, "id=\"outcome-21\""),
        (routes::SERVICES, "Entered on 23 November 2026"),
        (routes::leaflet("child").as_str(), "0800 1111"),
        (routes::leaflet("parent-or-carer").as_str(), "0808 800 5000"),
        (routes::PROOFS, "different situations"),
    ] {
        author.get(page).await.is(200).says(says).does_not_say("{person}").does_not_say("{device}");
    }
    for missing in [routes::guidance_statement("G99"), routes::rule("none"), routes::leaflet("officer")] {
        author.get(&missing).await.is(404);
    }
}

/// What is given to somebody outside does not say that it is kept as safe as the report, nor to whom it was shown.
#[tokio::test]
async fn a_leaflet_is_for_its_reader_and_a_statement_lists_what_says_the_same_once() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    let leaflet = officer.get(&routes::leaflet("child")).await;
    leaflet
        .is(200)
        .says("Data protection team, 01632 960001")
        .says("entered on 23 November 2026")
        .does_not_say("NSPCC Helpline")
        .does_not_say("Shown to officer");
    officer.get(routes::SERVICES).await.says("Shown to officer");
    let statement = officer.get(&routes::guidance_statement("G48")).await;
    let rules = site.app.pack.rules().iter();
    let rules = rules.filter(|rule| rule.id.starts_with("outcome-") && rule.cites.iter().any(|cite| cite == "G48"));
    for rule in rules {
        let says = rule.says.replace('\'', "&#39;");
        let link = format!(">{says}</a>");
        assert_eq!(statement.text.matches(&link).count(), 1, "{says}");
    }
    let questions = officer.get(routes::REPORT_NEW).await;
    let statements = site.app.pack.statements().iter();
    let asked = statements.clone().find(|one| one.id == "G23").unwrap();
    let asked = asked.says.replace('\'', "&#39;");
    questions.says(&format!(">G23: {asked}</a>"));
}

#[tokio::test]
async fn an_officer_takes_a_report_on_and_a_supervisor_gives_it_away() {
    let site = Site::new();
    let handler = actor(&site, Role::CallHandler, "handler").await;
    let opened = begin(&site, &handler, "a").await;
    let page = routes::give(opened.reference());
    let other = actor(&site, Role::Officer, "other").await;
    let mut officer = site.signed_in(Role::Officer).await;
    let seen = officer.get(&page).await;
    seen.is(200).says("Nobody works on it yet").does_not_say(other.id.as_str());
    officer.post(&page, &[]).await.is(422).says("Select who works on this report");
    officer.post(&page, &[("to", other.id.as_str())]).await.is(422);
    // There is nothing to choose: it is theirs to take on, or not.
    seen.says("Take it on").does_not_say("type=\"radio\"");
    let me = seen.text.split("name=\"to\" value=\"");
    let me = me.last().unwrap().split('"').next().unwrap();
    officer.post(&page, &[("to", me)]).await.is(303);
    officer.get(&List::Mine.href()).await.is(200).says(opened.reference());
    officer.get(&page).await.says("You work on this report").does_not_say("Take it on");
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    supervisor.get(&page).await.is(200).says("officer Example, Safeguarding, works on it now");
    let given = supervisor.post(&page, &[("to", other.id.as_str())]).await;
    given.is(303);
    officer.get(&List::Mine.href()).await.is(200).says("You have no open reports");
    let mut caller = site.browser();
    caller.sign_in("handler", super::PASSWORD).await;
    caller.get(&page).await.is(403);
}

/// It coaches answers, so an officer does not read it, not even of an example.
#[tokio::test]
async fn what_would_change_an_example_is_for_supervisors_and_authors() {
    let site = Site::new();
    let page = routes::example("swap-between-friends");
    for (role, shown) in [
        (Role::Author, true),
        (Role::Supervisor, true),
        (Role::Officer, false),
        (Role::CallHandler, false),
        (Role::Auditor, false),
    ] {
        let mut browser = site.signed_in(role).await;
        let seen = browser.get(&page).await;
        seen.is(200);
        match shown {
            true => seen
                .says("What would change the advice")
                .says("The report would be aggravated if one of")
                .says("Did person B blackmail somebody? Yes"),
            false => seen.does_not_say("What would change"),
        };
    }
}

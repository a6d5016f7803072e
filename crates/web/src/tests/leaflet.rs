//! Which services are on a leaflet.

use super::Site;
use crate::routes;
use crate::shared::access::Role;

/// Two or three that fit help more than the whole list.
#[tokio::test]
async fn a_leaflet_has_the_services_that_were_chosen_for_it() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    let leaflet = routes::leaflet("child");
    let printed = |text: &str| {
        let (_, sheet) = text.split_once("<h1").unwrap();
        sheet.split_once("</main>").unwrap().0.to_owned()
    };
    let whole = officer.get(&leaflet).await;
    whole.is(200).says("Which of these fit?").does_not_say("\" checked");
    let chosen = officer.get(&format!("{leaflet}?with=childline&with=ceop&without=papyrus")).await;
    let text = printed(&chosen.text);
    for (service, there) in
        [("0800 1111", true), ("CEOP Safety Centre", true), ("Victim Support", false), ("Papyrus", false)]
    {
        assert_eq!(text.contains(service), there, "{service}");
        assert!(printed(&whole.text).contains(service), "{service}");
    }
    chosen
        .says("value=\"childline\" checked")
        .says("name=\"without\" value=\"papyrus\"")
        .says("Papyrus HOPELINE247. <a href")
        .does_not_say("value=\"papyrus\" checked");
    // Nobody to turn to is no leaflet, whatever the address says.
    for odd in ["with=nobody", "with=", "without=nobody", "with=%3Cb%3E&without=%22"] {
        let sheet = officer.get(&format!("{leaflet}?{odd}")).await;
        assert_eq!(printed(&sheet.is(200).text), printed(&whole.text), "{odd}");
    }
    let none: Vec<String> = ["childline", "report-remove", "take-it-down", "ceop", "papyrus", "victim-support"]
        .map(|id| format!("without={id}"))
        .into();
    let none = officer.get(&format!("{leaflet}?{}", none.join("&"))).await;
    none.is(200).says("0800 1111");
}

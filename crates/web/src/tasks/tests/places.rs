//! Places that are added for the checks on them.

use crate::routes;
use crate::shared::access::Role;
use crate::tests::desk::Desk;
use crate::tests::record::actor;
use crate::tests::{PASSWORD, Site};

#[tokio::test]
async fn a_place_added_for_the_checks_leads_back_to_them() {
    let site = Site::new();
    let desk = Desk::new(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut olive = site.browser();
    olive.sign_in("olive", PASSWORD).await;
    let task = routes::task(&desk.reference, "checks:location");
    let add = routes::entry_new_for(&desk.reference, "places", "checks:location");
    olive.get(&task).await.is(200).says("No place has been entered yet").says(&format!("href=\"{add}\""));
    let back = format!("<a href=\"{task}\" class=\"govuk-back-link\">");
    olive.get(&add).await.is(200).says(&back);
    olive.post(&add, &[("address", "")]).await.is(422).says(&back);
    let place = [("address", "1 Example Street"), ("why", "home of the child")];
    let added = olive.post(&add, &place).await;
    assert_eq!(added.is(303).to(), format!("{task}?done=added"));
    olive.get(added.to()).await.is(200).says("It was added").says("Add another place").says("1 Example Street");
    // An address that names no task of the report leads where every other entry does.
    for odd in ["nothing", "vpa:Z", "//example.org", ""] {
        let add = routes::entry_new_for(&desk.reference, "places", odd);
        olive.get(&add).await.is(200);
        let added = olive.post(&add, &[("address", "the school"), ("why", "where it was shown")]).await;
        assert_eq!(added.is(303).to(), routes::involved(&desk.reference), "{odd}");
    }
}

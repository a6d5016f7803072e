//! Headers, limits, escaping, and the pages for when things go wrong.

use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use axum::routing::MethodFilter;

use super::Site;
use super::record::{actor, begin};
use crate::shared::access::Role;
use crate::shared::headers::CONTENT_SECURITY_POLICY;
use crate::shared::{assets, form};
use crate::{Config, routes};

const MARKUP: &str = "<script>alert(1)</script>\"'><img src=x>";

/// What is on every response: called for every page, form and file that a browser of these tests is given.
pub fn is_protected(path: &str, headers: &HeaderMap) {
    let said = |name: &str| headers.get(name).map(|had| had.to_str().unwrap());
    for (name, value) in [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(said(name), Some(value), "{path}: {name}");
    }
    assert!(headers.contains_key("permissions-policy"), "{path}");
    let kept = said("cache-control").unwrap();
    let is_asset = path.starts_with(routes::ASSETS) && kept.contains("immutable");
    assert!(is_asset || kept == "no-store", "{path}: {kept}");
    for cookie in headers.get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        let kept_close = cookie.contains("; Path=/; HttpOnly; SameSite=Lax");
        assert!(kept_close, "{path}: a cookie is set {cookie}");
    }
}

/// Addresses that nothing else here asks for, too: of each route, however wrong, and of none.
#[tokio::test]
async fn headers_on_everything() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Supervisor).await;
    let mut paths: Vec<String> = routes::all()
        .listed
        .iter()
        .filter(|route| route.method == MethodFilter::GET)
        .map(|route| route.path.to_owned())
        .collect();
    paths.extend(["/nothing/here".to_owned(), assets::address("app.css"), routes::SIGN_OUT.to_owned()]);
    for path in paths {
        let path = path.replace("{token}", &"t".repeat(43)).replace(['{', '}'], "");
        let seen = browser.get(&path).await;
        assert!(!seen.headers.contains_key(header::STRICT_TRANSPORT_SECURITY), "{path}");
        seen.does_not_say("<style").does_not_say(" style=").does_not_say("onclick");
    }
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let config = Config { public_url: "https://waymark.example.police.uk".to_owned(), ..Config::default() };
    let site = Site::with(config);
    let seen = site.browser().get(routes::SIGN_IN).await;
    let cookie = seen.headers.get(header::SET_COOKIE).unwrap().to_str().unwrap();
    assert!(cookie.starts_with("__Host-waymark="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    assert!(seen.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[tokio::test]
async fn assets_are_kept_for_ever_and_found_by_what_they_hold() {
    let site = Site::new();
    let mut browser = site.browser();
    for (name, kind, begin) in [
        ("app.css", "text/css; charset=utf-8", "."),
        ("app.js", "text/javascript; charset=utf-8", "//"),
        ("icon.svg", "image/svg+xml", "<svg"),
    ] {
        let plain = browser.get(&assets::address(name)).await;
        assert_eq!(plain.is(200).headers.get(header::CONTENT_TYPE).unwrap(), kind);
        assert!(plain.text.starts_with(begin), "{name}");
        assert_eq!(plain.headers.get(header::CACHE_CONTROL).unwrap(), "public, max-age=31536000, immutable");
        let request = Request::get(assets::address(name)).header(header::ACCEPT_ENCODING, "br, gzip");
        let squeezed = browser.send(request, Body::empty()).await;
        assert_eq!(squeezed.is(200).headers.get(header::CONTENT_ENCODING).unwrap(), "gzip");
    }
    browser.get(&routes::asset("0123456789abcdef", "app.css")).await.is(404);
    browser.get(&assets::address("app.scss")).await.is(404);
}

#[tokio::test]
async fn too_large_a_body_gets_a_page() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Supervisor).await;
    let most = "x".repeat(form::LARGEST_BODY - 200);
    browser.post(routes::PERSON_NEW, &[("name", &most)]).await.is(422).says("Shorten it to 200 characters or fewer");
    let over = "x".repeat(form::LARGEST_BODY);
    browser
        .post(routes::PERSON_NEW, &[("name", &over)])
        .await
        .is(413)
        .says("That is too much text")
        .says("Files and pictures cannot be sent");
}

#[tokio::test]
async fn what_is_not_a_form_gets_a_page() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Supervisor).await;
    for kind in ["application/json", "multipart/form-data; boundary=x", "text/plain"] {
        let request = Request::post(routes::PERSON_NEW).header(header::CONTENT_TYPE, kind);
        browser.send(request, Body::from("{}")).await.is(400).says("That request could not be read");
    }
    browser.get("/nothing/here").await.is(404).says("Page not found").says("Sign out");
    browser.get(routes::SIGN_OUT).await.is(405).says("Page not found");
    for (method, path, allowed) in [
        ("POST", routes::HOME, "GET,HEAD"),
        ("PUT", routes::HOME, "GET,HEAD"),
        ("DELETE", routes::SIGN_OUT, "POST"),
        ("OPTIONS", routes::SIGN_OUT, "POST"),
        ("PATCH", routes::AUDIT, "GET,HEAD"),
    ] {
        let request = Request::builder().method(method).uri(path);
        let seen = browser.send(request, Body::from("a=b")).await;
        seen.is(405).says("Page not found");
        let says = seen.headers.get(header::ALLOW);
        assert_eq!(says.unwrap(), allowed, "{method} {path}");
    }
    let request = Request::post("/nothing/here");
    browser.send(request, Body::empty()).await.is(404);
    browser.get("/people/%FF").await.is(400).says("That request could not be read");
}

/// Where an address has a number, anything else is no address of a page.
#[tokio::test]
async fn what_is_not_a_number_is_not_there() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let starts = actor(&site, Role::Officer, "starts").await;
    let opened = begin(&site, &starts, "a report").await;
    let reference = opened.reference();
    browser.get(&routes::report(reference)).await.is(200);
    let numbered: Vec<_> = routes::all().listed.into_iter().filter(|route| route.path.contains("{number}")).collect();
    assert!(numbered.len() >= 8, "{numbered:?}");
    for route in numbered {
        for number in ["-1", "1.5", "x", "4294967296"] {
            let path = route.path.replace("{number}", number);
            let path = path.replace("{reference}", reference).replace(['{', '}'], "");
            let seen = match route.method == MethodFilter::GET {
                true => browser.get(&path).await,
                false => browser.post(&path, &[]).await,
            };
            seen.is(404).says("Page not found").does_not_say("Nothing was saved");
        }
    }
}

#[tokio::test]
async fn markup_comes_back_escaped_from_every_field() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Supervisor).await;
    let person = routes::person(site.add_named(Role::Officer, "other").await.as_str());
    let new = [("name", MARKUP), ("unit", MARKUP), ("unit_is_new", "yes"), ("sign_in_name", MARKUP), ("role", MARKUP)];
    browser.post(routes::PERSON_NEW, &new).await.is(422).says("&#60;script&#62;").does_not_say("<script>alert");
    let change =
        [("name", MARKUP), ("unit", MARKUP), ("unit_is_new", "yes"), ("role", "officer"), ("account", "active")];
    browser.post(&person, &change).await.is(303);
    for path in [routes::PEOPLE, &person] {
        browser.get(path).await.is(200).says("&#60;script&#62;").does_not_say("<script>alert").does_not_say("<img");
    }
    let mut stranger = site.browser();
    stranger
        .get(&format!("{}?next=/{}", routes::SIGN_IN, "%3Cscript%3E"))
        .await
        .is(200)
        .does_not_say("<script>a")
        .says("&#60;script&#62;");
    stranger
        .post(routes::SIGN_IN, &[("name", MARKUP), ("held", MARKUP), ("next", MARKUP)])
        .await
        .is(422)
        .does_not_say("<script>alert");
}

#[tokio::test]
async fn no_picture_gets_in_through_a_name() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Supervisor).await;
    let fields = [("name", "data:image/png;base64,AAAA"), ("unit", "U"), ("sign_in_name", "n"), ("role", "officer")];
    browser.post(routes::PERSON_NEW, &fields).await.is(422).says("Waymark never holds");
}

#[tokio::test]
async fn mistakes_are_listed_linked_and_kept() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Supervisor).await;
    let seen = browser.post(routes::PERSON_NEW, &[("unit", "Response"), ("role", "")]).await;
    seen.is(422)
        .says("<title>Error: Add somebody - Waymark</title>")
        .says("There is a problem")
        .says("<a href=\"#name\">Enter their name</a>")
        .says("<a href=\"#role\">Choose a role</a>")
        .says("value=\"Response\"")
        .says("aria-describedby=\"name-hint name-error\"")
        .does_not_say(" checked");
}

#[tokio::test]
async fn what_goes_wrong_inside_stays_inside() {
    let site = Site::new();
    let id = site.add(Role::Officer).await;
    let user = site.app.store.user(&id).await.unwrap().unwrap();
    let broken = store::User { password_hash: Some("not a hash".to_owned()), ..user };
    site.change(broken).await;
    let seen = site.browser().sign_in("officer", "correct horse battery").await;
    seen.is(500).says("Sorry, something went wrong").says("Waymark").does_not_say("hash").does_not_say("PHC");
    assert!(seen.headers.contains_key(header::CONTENT_SECURITY_POLICY));
}

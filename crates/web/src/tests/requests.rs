//! How many pages somebody may ask for in a minute, through the real router.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;

use super::{Browser, PASSWORD, Site};
use crate::config::RequestLimits;
use crate::shared::access::Role;
use crate::shared::assets;
use crate::{Config, routes};

const FIVE: RequestLimits = RequestLimits { per_account: 5, per_address: 5 };

/// How many pages somebody is given one after the other before they have to wait.
async fn until_refused(browser: &mut Browser<'_>) -> usize {
    for given in 0..20 {
        let seen = browser.get(routes::HOME).await;
        if seen.status.as_u16() == 429 {
            seen.says("Wait");
            return given;
        }
        seen.is(200);
    }
    panic!("nobody was refused");
}

#[tokio::test]
async fn an_account_that_asks_too_often_waits_and_nobody_else_does() {
    let limits = RequestLimits { per_address: 100_000, ..FIVE };
    let site = Site::with(Config { requests: limits, ..Config::default() });
    let (mut busy, mut other) = (site.browser(), site.browser());
    for role in [Role::Officer, Role::Supervisor] {
        site.add(role).await;
    }
    // The page after signing in is the first of the five, and one comes back every twelve seconds.
    busy.sign_in("officer", PASSWORD).await.is(303);
    let given = until_refused(&mut busy).await;
    assert!((4..=5).contains(&given), "{given}");
    // In another browser it is the same account.
    let mut elsewhere = site.browser();
    elsewhere.cookie = busy.cookie.clone();
    elsewhere.get(routes::HOME).await.is(429);
    busy.get(&assets::address("app.css")).await.is(200);
    other.sign_in("supervisor", PASSWORD).await.is(303);
    other.get(routes::HOME).await.is(200);
}

/// Asks for a page without being signed in: from where, and from where the request says it was passed on.
async fn stranger(site: &Site, from: &str, forwarded: &[&str]) -> u16 {
    let from: SocketAddr = format!("{from}:1000").parse().unwrap();
    let mut request = Request::get(routes::SIGN_IN).extension(ConnectInfo(from));
    for passed_on in forwarded {
        request = request.header("x-forwarded-for", *passed_on);
    }
    let seen = site.browser().send(request, Body::empty()).await;
    seen.status.as_u16()
}

#[tokio::test]
async fn a_stranger_is_counted_by_the_address_they_come_from() {
    let site = Site::with(Config { requests: FIVE, ..Config::default() });
    for n in 0..5 {
        // Whatever they say of themselves: nothing stands in front that would say it.
        let passed_on = format!("198.51.100.{n}");
        assert_eq!(stranger(&site, "203.0.113.1", &[&passed_on]).await, 200);
    }
    assert_eq!(stranger(&site, "203.0.113.1", &["198.51.100.9"]).await, 429);
    assert_eq!(stranger(&site, "203.0.113.2", &[]).await, 200);
}

#[tokio::test]
async fn behind_a_proxy_it_is_the_last_address_that_counts() {
    let site = Site::with(Config { requests: FIVE, behind_proxy: true, ..Config::default() });
    for n in 0..5 {
        // What they sent themselves comes first: in the same line, or in a line of its own.
        let own = format!("198.51.100.{n}");
        let both = format!("{own}, 203.0.113.1");
        let forwarded: &[&str] = if n < 3 { &[&both] } else { &[&own, "203.0.113.1"] };
        assert_eq!(stranger(&site, "127.0.0.1", forwarded).await, 200);
    }
    let again = ["198.51.100.9", "203.0.113.1"];
    assert_eq!(stranger(&site, "127.0.0.1", &again).await, 429);
    assert_eq!(stranger(&site, "127.0.0.1", &["203.0.113.2"]).await, 200);
}

/// Whoever has one IPv6 address has all of its network: 64 bits of it count.
#[tokio::test]
async fn an_ipv6_address_counts_as_its_network() {
    for proxied in [false, true] {
        let site = Site::with(Config { requests: FIVE, behind_proxy: proxied, ..Config::default() });
        let from = async |address: &str| match proxied {
            false => stranger(&site, &format!("[{address}]"), &[]).await,
            true => stranger(&site, "127.0.0.1", &[address]).await,
        };
        for host in ["1", "2", "ffff", "a:b:c:d", "3"] {
            let address =
                if host.contains(':') { format!("2001:db8:0:1:{host}") } else { format!("2001:db8:0:1::{host}") };
            assert_eq!(from(&address).await, 200, "{address}");
        }
        assert_eq!(from("2001:db8:0:1::4").await, 429);
        assert_eq!(from("2001:db8:0:2::4").await, 200);
    }
    // A proxy may write the port too, or an IPv4 address as IPv6.
    let site = Site::with(Config { requests: FIVE, behind_proxy: true, ..Config::default() });
    for address in ["[2001:db8::1]:443", "2001:db8::2", "[2001:db8::3]", "2001:db8::4", "2001:db8::5"] {
        assert_eq!(stranger(&site, "127.0.0.1", &[address]).await, 200, "{address}");
    }
    assert_eq!(stranger(&site, "127.0.0.1", &["[2001:db8::9]:80"]).await, 429);
    for address in ["203.0.113.1:443", "203.0.113.1", "::ffff:203.0.113.1", "[::ffff:203.0.113.1]:1", "203.0.113.1"] {
        assert_eq!(stranger(&site, "127.0.0.1", &[address]).await, 200, "{address}");
    }
    assert_eq!(stranger(&site, "127.0.0.1", &["203.0.113.1"]).await, 429);
}

/// A program that asks too often reads when to come back.
#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_come_back() {
    let site = Site::with(Config { requests: FIVE, ..Config::default() });
    let mut browser = site.browser();
    let seen = loop {
        let seen = browser.get(routes::SIGN_IN).await;
        if seen.status.as_u16() == 429 {
            break seen;
        }
    };
    assert_eq!(seen.headers["retry-after"], "60");
}

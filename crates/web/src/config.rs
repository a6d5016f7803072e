//! What somebody who runs Waymark can set about its pages.

mod documented;
mod oidc;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use documented::DOCUMENTED;
pub use oidc::{Allow, Oidc};

use crate::shared::stolen::Stolen;

/// Settings of the web server. Every field has a default; an unknown field is refused, so that a
/// misspelt limit cannot pass unnoticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port to listen on.
    pub address: SocketAddr,
    /// What people type: `https://waymark.example.police.uk`, without a path. Anything but `https` is
    /// accepted for this machine alone, because session cookies would travel in the clear.
    pub public_url: String,
    /// Shown in the header of every page.
    pub force_name: String,
    /// Whom people ask about what is held of them, in one line: printed on what they are given. Empty: not said.
    pub data_protection_contact: String,
    /// A file of passwords that were stolen elsewhere, by their hashes; empty for none.
    pub stolen_passwords: PathBuf,
    /// True where a reverse proxy stands in front: the last address in `X-Forwarded-For` is then the peer.
    pub behind_proxy: bool,
    /// Days that backups, those of the keys among them, are kept: after that what was erased is in none. 0: nobody
    /// has said.
    pub backups_kept_days: u32,
    /// How long somebody stays signed in.
    pub session: SessionLimits,
    /// How often somebody may try to sign in.
    pub sign_in: SignInLimits,
    /// Signing in with the accounts that the force has already.
    pub oidc: Oidc,
    /// A made-up force to look around in: its people have nothing to prove themselves with, so confirming
    /// is a button. No settings file can say so.
    #[serde(skip)]
    pub demonstration: bool,
    /// How many pages may be asked for.
    pub requests: RequestLimits,
}

/// A line of an address on paper.
const LONGEST_CONTACT: usize = 200;

/// How long somebody stays signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionLimits {
    /// Minutes without a page before the session ends.
    pub idle_minutes: u32,
    /// Hours after signing in when the session ends, used or not.
    pub absolute_hours: u32,
    /// Hours that a one-time link is good for.
    pub link_hours: u32,
}

/// How many pages may be asked for in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestLimits {
    /// By one account.
    pub per_account: u32,
    /// From one address by whoever is not signed in. Higher, because a station shares one address.
    pub per_address: u32,
}

/// How often somebody may try to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignInLimits {
    /// Whether a password lets anybody in.
    pub passwords: bool,
    /// Failures for one account before it has to wait.
    pub failures_per_account: u32,
    /// Failures from one address before it has to wait. Higher, because a station shares one address.
    pub failures_per_address: u32,
    /// Minutes that failures count for.
    pub window_minutes: u32,
    /// Passwords checked at the same time. Each takes 19 MiB of memory while it runs.
    pub concurrent_checks: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            public_url: "http://127.0.0.1:8080".to_owned(),
            force_name: "Example Constabulary".to_owned(),
            data_protection_contact: String::new(),
            stolen_passwords: PathBuf::new(),
            behind_proxy: false,
            backups_kept_days: 0,
            session: SessionLimits::default(),
            sign_in: SignInLimits::default(),
            oidc: Oidc::default(),
            demonstration: false,
            requests: RequestLimits::default(),
        }
    }
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self { idle_minutes: 15, absolute_hours: 12, link_hours: 24 }
    }
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self { per_account: 300, per_address: 1200 }
    }
}

impl Default for SignInLimits {
    fn default() -> Self {
        Self {
            passwords: true,
            failures_per_account: 5,
            failures_per_address: 50,
            window_minutes: 15,
            concurrent_checks: 1,
        }
    }
}

impl Config {
    /// True when pages are served over https, and cookies can be kept to it.
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// True when the address has a name and not only a number: browsers tie passkeys to names.
    pub fn has_name(&self) -> bool {
        let rest = self.public_url.split_once("://").map_or("", |(_, rest)| rest);
        let host = rest
            .rsplit_once(':')
            .map_or(rest, |(host, port)| if port.bytes().all(|byte| byte.is_ascii_digit()) { host } else { rest });
        let is_number = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        !host.is_empty() && !is_number
    }

    /// Everything that is wrong with the settings, in words for whoever wrote them; empty when nothing is.
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        let authority = self.public_url.strip_prefix("https://").or_else(|| self.public_url.strip_prefix("http://"));
        match authority {
            None | Some("") => found.push(format!("public_url: \"{}\" must start with https:// and name a host", self.public_url)),
            Some(rest) if rest.contains(['/', '?', '#', '@', ' ']) => {
                found.push(format!("public_url: \"{}\" must be a scheme and a host only, without a path or a final slash", self.public_url));
            }
            Some(rest) if !self.secure() && !is_this_machine(rest) => found.push(format!(
                "public_url: \"{}\" is not https. Over http anybody on the way could read what officers write; it is accepted for localhost only",
                self.public_url
            )),
            Some(_) => {}
        }
        if self.force_name.trim().is_empty() {
            found.push("force_name: say which force this is; it stands at the top of every page".to_owned());
        }
        let contact = self.data_protection_contact.as_str();
        if contact.chars().count() > LONGEST_CONTACT || contact.chars().any(char::is_control) {
            found.push(format!(
                "data_protection_contact: write it in one line of up to {LONGEST_CONTACT} characters, such as a name, an email address and a number"
            ));
        }
        if self.stolen_passwords != Path::new("") {
            found.extend(Stolen::check(&self.stolen_passwords).err());
        }
        let numbers = [
            ("backups_kept_days", self.backups_kept_days, 0, 36_500),
            ("session.idle_minutes", self.session.idle_minutes, 1, 60),
            ("session.absolute_hours", self.session.absolute_hours, 1, 24),
            ("session.link_hours", self.session.link_hours, 1, 168),
            ("sign_in.failures_per_account", self.sign_in.failures_per_account, 1, 100),
            ("sign_in.failures_per_address", self.sign_in.failures_per_address, 1, 10_000),
            ("sign_in.window_minutes", self.sign_in.window_minutes, 1, 1_440),
            ("sign_in.concurrent_checks", self.sign_in.concurrent_checks, 1, 64),
            ("requests.per_account", self.requests.per_account, 10, 100_000),
            ("requests.per_address", self.requests.per_address, 10, 100_000),
        ];
        for (name, value, least, most) in numbers {
            if !(least..=most).contains(&value) {
                found.push(format!("{name}: {value} must be between {least} and {most}"));
            }
        }
        if !self.sign_in.passwords && self.oidc.issuer.is_empty() && !self.has_name() {
            found.push(format!(
                "sign_in.passwords: false leaves no way in. Passkeys need a public_url with a name (\"{}\" has a number), or set [oidc] for the force's own accounts",
                self.public_url
            ));
        }
        found.extend(self.oidc.problems());
        found
    }
}

fn is_this_machine(authority: &str) -> bool {
    authority.parse::<SocketAddr>().is_ok_and(|address| address.ip().is_loopback())
        || authority.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        || authority == "localhost"
        || authority.strip_prefix("localhost:").is_some_and(|port| port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_url() {
        for (url, fine) in [
            ("https://waymark.example.police.uk", true),
            ("http://127.0.0.1:8080", true),
            ("http://localhost:8080", true),
            ("http://[::1]:8080", true),
            ("http://waymark.example.police.uk", false),
            ("http://localhost.example.org", false),
            ("https://waymark.example/", false),
            ("https://", false),
            ("waymark", false),
        ] {
            let config = Config { public_url: url.to_owned(), ..Config::default() };
            assert_eq!(config.problems().is_empty(), fine, "{url}: {:?}", config.problems());
        }
    }

    #[test]
    fn every_number_is_bounded() {
        let zero = SignInLimits {
            passwords: true,
            failures_per_account: 0,
            failures_per_address: 0,
            window_minutes: 0,
            concurrent_checks: 0,
        };
        let config = Config {
            force_name: " ".to_owned(),
            session: SessionLimits { idle_minutes: 0, absolute_hours: 25, link_hours: 0 },
            sign_in: zero,
            requests: RequestLimits { per_account: 0, per_address: 0 },
            ..Config::default()
        };
        assert_eq!(config.problems().len(), 10, "{:?}", config.problems());
    }

    #[test]
    fn the_documented_settings_are_all_of_them_at_their_defaults() {
        assert_eq!(toml::from_str::<Config>(DOCUMENTED).unwrap(), Config::default());
        let all = serde_json::to_value(Config::default()).unwrap();
        for part in [&all, &all["session"], &all["sign_in"], &all["requests"], &all["oidc"]] {
            for name in part.as_object().unwrap().keys() {
                let named = [format!("\n{name} = "), format!("[{name}]")];
                assert!(named.iter().any(|words| DOCUMENTED.contains(words)), "{name}");
            }
        }
    }

    #[test]
    fn the_contact_is_a_line() {
        for (contact, fine) in [
            (String::new(), true),
            ("Data protection team, 01632 960000".to_owned(), true),
            ("two\nlines".to_owned(), false),
            ("x".repeat(LONGEST_CONTACT + 1), false),
        ] {
            let config = Config { data_protection_contact: contact, ..Config::default() };
            assert_eq!(config.problems().is_empty(), fine);
        }
    }

    #[test]
    fn a_misspelt_setting_is_refused() {
        assert!(serde_json::from_str::<Config>(r#"{"force_name": "Cloud Police"}"#).is_ok());
        assert!(serde_json::from_str::<Config>(r#"{"session": {"idle_minute": 5}}"#).is_err());
    }
}

//! The rules of `deny.toml`, and what breaks them. Every exception has a reason, and none outlives what it excepts.

use std::collections::BTreeMap;

use super::graph::Package;
use super::licence;

/// Where packages may come from.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What is allowed.
#[derive(Debug, Default)]
pub struct Rules {
    licences: Vec<String>,
    /// Licences allowed for one package only.
    exceptions: Vec<(String, Vec<String>)>,
    /// `name@start-of-version`, and why it may be there beside another.
    skip: Vec<(String, String)>,
}

impl Rules {
    /// Reads them.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn read(text: &str) -> Result<Self, String> {
        let table: toml::Table = text.parse().map_err(|why| format!("deny.toml: {why}"))?;
        let list = |table: &toml::Table, name: &str| -> Vec<toml::Value> {
            table.get(name).and_then(toml::Value::as_array).cloned().unwrap_or_default()
        };
        let part = |name: &str| table.get(name).and_then(toml::Value::as_table).cloned().unwrap_or_default();
        let words = |values: Vec<toml::Value>| -> Vec<String> {
            values.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect()
        };
        let word = |value: &toml::Value, name: &str| -> Result<String, String> {
            let found = value.get(name).and_then(toml::Value::as_str).unwrap_or_default();
            if found.is_empty() {
                return Err(format!("deny.toml: {value} has no {name}"));
            }
            Ok(found.to_owned())
        };
        let (licenses, bans) = (part("licenses"), part("bans"));
        let exceptions = list(&licenses, "exceptions").into_iter().map(|value| {
            let allowed = value.as_table().map(|table| list(table, "allow")).unwrap_or_default();
            Ok((word(&value, "crate")?, words(allowed)))
        });
        let skip = list(&bans, "skip").into_iter().map(|value| Ok((word(&value, "crate")?, word(&value, "reason")?)));
        for ignored in list(&part("advisories"), "ignore") {
            word(&ignored, "id").and_then(|_| word(&ignored, "reason"))?;
        }
        Ok(Self {
            licences: words(list(&licenses, "allow")),
            exceptions: exceptions.collect::<Result<_, String>>()?,
            skip: skip.collect::<Result<_, String>>()?,
        })
    }

    /// Packages whose licence is not allowed, and licences that nobody needs.
    pub fn licences(&self, packages: &[Package]) -> Vec<String> {
        let mut found = Vec::new();
        for package in packages {
            let (name, version) = (&package.name, &package.version);
            let own = self.exceptions.iter().find(|(of, _)| of == name).map_or(&[][..], |(_, own)| own);
            let allowed = |licence: &str| self.licences.iter().chain(own).any(|one| one == licence);
            let stated = package.license.as_deref().unwrap_or_default();
            match licence::met(stated, &allowed) {
                Some(true) => {}
                Some(false) => found.push(format!(
                    "{name} {version} is under {stated}: allow that in deny.toml with a reason, or do without it"
                )),
                None => found.push(format!("{name} {version} names no licence that can be read: \"{stated}\"")),
            }
        }
        for (name, _) in &self.exceptions {
            if !packages.iter().any(|package| package.name == *name) {
                found.push(format!("deny.toml makes an exception for {name}, which is not there any more"));
            }
        }
        found
    }

    /// Packages from anywhere but crates.io.
    pub fn sources(&self, packages: &[Package]) -> Vec<String> {
        let elsewhere = |package: &&Package| package.source.as_deref() != Some(CRATES_IO);
        packages
            .iter()
            .filter(elsewhere)
            .map(|package| {
                let from = package.source.as_deref().unwrap_or_default();
                format!("{} {} comes from {from}; only crates.io is allowed", package.name, package.version)
            })
            .collect()
    }

    /// Packages that are there in several versions without a reason, and reasons that nobody needs.
    pub fn duplicates(&self, packages: &[Package]) -> Vec<String> {
        let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for package in packages {
            versions.entry(&package.name).or_default().push(&package.version);
        }
        let skipped = |name: &str, version: &str| self.skip.iter().any(|(which, _)| matches(which, name, version));
        let mut found = Vec::new();
        for (name, all) in &versions {
            let kept: Vec<&str> = all.iter().copied().filter(|version| !skipped(name, version)).collect();
            if kept.len() > 1 {
                found.push(format!(
                    "{name} is there as {}: bring them together, or skip the older in deny.toml with a reason",
                    kept.join(" and ")
                ));
            }
        }
        for (which, _) in &self.skip {
            let needed = versions
                .iter()
                .any(|(name, all)| all.len() > 1 && all.iter().any(|version| matches(which, name, version)));
            if !needed {
                found.push(format!("deny.toml skips {which}, which is no duplicate any more"));
            }
        }
        found
    }
}

/// `name@0.5` is every 0.5.x of that name.
fn matches(which: &str, name: &str, version: &str) -> bool {
    which.split_once('@').is_some_and(|(of, start)| {
        of == name && (version == start || version.strip_prefix(start).is_some_and(|rest| rest.starts_with('.')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, version: &str, license: &str, source: &str) -> Package {
        Package {
            id: format!("{name} {version}"),
            name: name.to_owned(),
            version: version.to_owned(),
            license: (!license.is_empty()).then(|| license.to_owned()),
            source: Some(source.to_owned()),
            repository: None,
        }
    }

    const RULES: &str = r#"
        [licenses]
        allow = ["MIT"]
        exceptions = [{ crate = "b", allow = ["MPL-2.0"] }]
        [bans]
        skip = [{ crate = "c@0.5", reason = "until a moves on" }]
    "#;

    #[test]
    fn what_breaks_a_rule_is_found_and_nothing_else() {
        let rules = Rules::read(RULES).unwrap();
        let good = [
            package("a", "1.0.0", "MIT OR GPL-2.0-only", CRATES_IO),
            package("b", "1.0.0", "MPL-2.0", CRATES_IO),
            package("c", "0.5.9", "MIT", CRATES_IO),
            package("c", "0.50.0", "MIT", CRATES_IO),
        ];
        assert_eq!(rules.licences(&good), [""; 0]);
        assert_eq!(rules.sources(&good), [""; 0]);
        assert_eq!(rules.duplicates(&good), [""; 0]);
        let bad = [package("a", "1.0.0", "MPL-2.0", CRATES_IO), package("a", "2.0.0", "", "git+https://example.org/a")];
        assert_eq!(rules.licences(&bad).len(), 3, "two packages and an exception that nobody needs");
        assert_eq!(rules.sources(&bad).len(), 1);
        assert_eq!(rules.duplicates(&bad).len(), 2, "one duplicate and a skip that nobody needs");
    }

    #[test]
    fn an_exception_without_a_reason_is_refused() {
        for text in
            ["[bans]\nskip = [{ crate = \"c@0.5\" }]", "[advisories]\nignore = [{ id = \"RUSTSEC-2023-0071\" }]"]
        {
            assert!(Rules::read(text).is_err_and(|why| why.contains("reason")), "{text}");
        }
    }
}

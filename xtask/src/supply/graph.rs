//! Packages and what they build on, as cargo knows them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::run::cargo;

/// A package of the graph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Package {
    /// What cargo calls it: name, version and source in one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence as an SPDX expression; `None` where it names none.
    pub license: Option<String>,
    /// Where it comes from; `None` for our own.
    pub source: Option<String>,
    /// Where its code lives.
    pub repository: Option<String>,
}

/// All packages, and who builds on whom.
#[derive(Debug, Default)]
pub struct Graph {
    /// Every package, our own too, for every system that can be built for.
    pub packages: Vec<Package>,
    /// Ids that a package needs to be built and to run, by its id; what only its tests need is left out.
    pub needs: BTreeMap<String, Vec<String>>,
}

/// Packages of a workspace that are really built, exactly those of its lock file: all of it, or what one package of
/// it is made of.
///
/// # Errors
/// What cargo says.
pub fn read(root: &Path, only: Option<&str>) -> Result<Graph, String> {
    let json = ask(root, &["metadata", "--format-version", "1", "--locked"])?;
    let mut graph = parse(&json).ok_or("cargo metadata gave what cannot be read")?;
    // The metadata also lists what only features nobody asked for would bring; the tree does not.
    let whose = only.map_or(vec!["--workspace", "--edges", "normal,build,dev"], |one| {
        vec!["--package", one, "--edges", "normal,build"]
    });
    let shown = ["tree", "--locked", "--target", "all", "--prefix", "none", "--format", "{p}"];
    let tree = ask(root, &[&shown[..], &whose].concat())?;
    let built = names(&String::from_utf8_lossy(&tree));
    graph.packages.retain(|one| built.contains(&(one.name.clone(), one.version.clone())));
    Ok(graph)
}

fn ask(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let asked = Command::new(cargo())
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .map_err(|why| format!("cargo could not be started: {why}"))?;
    if !asked.status.success() {
        let says = String::from_utf8_lossy(&asked.stderr);
        return Err(format!("cargo {} failed: {says}", arguments.join(" ")));
    }
    Ok(asked.stdout)
}

/// Name and version of each line: `serde v1.0.200 (proc-macro)`.
fn names(tree: &str) -> BTreeSet<(String, String)> {
    let one = |line: &str| {
        let mut words = line.split_whitespace();
        let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
        Some((name.to_owned(), version.to_owned()))
    };
    tree.lines().filter_map(one).collect()
}

fn parse(json: &[u8]) -> Option<Graph> {
    let all: Value = serde_json::from_slice(json).ok()?;
    let word = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
    let packages = all.get("packages")?.as_array()?.iter();
    let packages = packages.map(|package| {
        Some(Package {
            id: word(package, "id")?,
            name: word(package, "name")?,
            version: word(package, "version")?,
            license: word(package, "license"),
            source: word(package, "source"),
            repository: word(package, "repository"),
        })
    });
    let nodes = all.get("resolve")?.get("nodes")?.as_array()?.iter();
    let needs = nodes.map(|node| {
        let deps = node.get("deps")?.as_array()?.iter();
        let built = deps.filter(|dep| {
            let kinds = dep.get("dep_kinds").and_then(Value::as_array);
            let is_dev = |kind: &Value| kind.get("kind").and_then(Value::as_str) == Some("dev");
            kinds.is_none_or(|kinds| !kinds.iter().all(is_dev))
        });
        let ids = built.filter_map(|dep| word(dep, "pkg")).collect();
        Some((word(node, "id")?, ids))
    });
    Some(Graph { packages: packages.collect::<Option<_>>()?, needs: needs.collect::<Option<_>>()? })
}

impl Graph {
    /// Everything that a package of ours is built from, itself not among it, in order of name and version.
    pub fn below(&self, name: &str) -> Vec<&Package> {
        let ours = |package: &&Package| package.name == name && package.source.is_none();
        let Some(top) = self.packages.iter().find(ours) else {
            return Vec::new();
        };
        let mut reached = vec![top.id.as_str()];
        let mut at = 0;
        while let Some(id) = reached.get(at).copied() {
            for need in self.needs.get(id).into_iter().flatten() {
                if !reached.contains(&need.as_str()) {
                    reached.push(need);
                }
            }
            at += 1;
        }
        let mut found: Vec<&Package> = self
            .packages
            .iter()
            .filter(|package| package.id != top.id && reached.contains(&package.id.as_str()))
            .collect();
        found.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_names_what_is_built() {
        let tree = "waymark v0.1.0 (/somewhere/waymark)\nserde v1.0.200 (proc-macro) (*)\n\n[dev-dependencies]\n";
        let expected = [("serde", "1.0.200"), ("waymark", "0.1.0")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(names(tree), expected.into());
    }

    #[test]
    fn what_only_tests_need_is_left_out() {
        let json = br#"{
            "packages": [
                {"id": "top", "name": "top", "version": "1.0.0", "license": null, "source": null},
                {"id": "a", "name": "a", "version": "1.0.0", "license": "MIT", "source": "registry"},
                {"id": "b", "name": "b", "version": "1.0.0", "license": "MIT", "source": "registry"},
                {"id": "t", "name": "t", "version": "1.0.0", "license": "MIT", "source": "registry"}
            ],
            "resolve": {"nodes": [
                {"id": "top", "deps": [
                    {"pkg": "a", "dep_kinds": [{"kind": null}]},
                    {"pkg": "t", "dep_kinds": [{"kind": "dev"}]}
                ]},
                {"id": "a", "deps": [{"pkg": "b", "dep_kinds": [{"kind": "build"}, {"kind": "dev"}]}]},
                {"id": "b", "deps": []}, {"id": "t", "deps": []}
            ]}}"#;
        let graph = parse(json).unwrap();
        let names: Vec<&str> = graph.below("top").iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert!(graph.below("none").is_empty());
        assert!(parse(b"{}").is_none());
    }
}

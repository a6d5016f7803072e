//! The list of everything in the program, as CycloneDX 1.5 in JSON: the same bytes for the same commit.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::graph::{self, Graph, Package};

/// The program.
const PROGRAM: &str = "waymark";
/// Packages whose files become part of the program while it is built.
const NODE: &str = "crates/web/assets/package-lock.json";

/// Writes the list to a file.
///
/// # Errors
/// Packages or locks that cannot be read, a file that cannot be written.
pub fn write(root: &Path, to: &Path) -> Result<bool, String> {
    let read =
        |name: &str| std::fs::read_to_string(root.join(name)).map_err(|why| format!("{name} could not be read: {why}"));
    let graph = graph::read(root, Some(PROGRAM))?;
    let list = list(&graph, &checksums(&read("Cargo.lock")?)?, &node(&read(NODE)?)?);
    let count = list.pointer("/components").and_then(Value::as_array).map_or(0, Vec::len);
    let text = format!("{list:#}\n");
    std::fs::write(to, text).map_err(|why| format!("{} could not be written: {why}", to.display()))?;
    println!("{}: {count} components", to.display());
    Ok(true)
}

fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

fn list(graph: &Graph, checksums: &BTreeMap<(String, String), String>, node: &[Value]) -> Value {
    let below = graph.below(PROGRAM);
    let by_id: BTreeMap<&str, String> = graph.packages.iter().map(|one| (one.id.as_str(), purl(one))).collect();
    let component = |package: &&Package| {
        let mut one = json!({
            "type": "library",
            "bom-ref": purl(package),
            "name": package.name,
            "version": package.version,
            "purl": purl(package),
        });
        if let Some(license) = &package.license {
            put(&mut one, "licenses", json!([{ "expression": license.replace('/', " OR ") }]));
        }
        let key = (package.name.clone(), package.version.clone());
        if let Some(checksum) = checksums.get(&key) {
            put(&mut one, "hashes", json!([{ "alg": "SHA-256", "content": checksum }]));
        }
        if let Some(repository) = &package.repository {
            put(&mut one, "externalReferences", json!([{ "type": "vcs", "url": repository }]));
        }
        one
    };
    let components: Vec<Value> = below.iter().map(component).chain(node.iter().cloned()).collect();
    let top = graph.packages.iter().find(|one| one.name == PROGRAM && one.source.is_none());
    let depends = |package: &Package| {
        let mut on: Vec<&String> =
            graph.needs.get(&package.id).into_iter().flatten().filter_map(|id| by_id.get(id.as_str())).collect();
        on.sort();
        json!({ "ref": purl(package), "dependsOn": on })
    };
    let dependencies: Vec<Value> = top.into_iter().chain(below.iter().copied()).map(depends).collect();
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": top.map(|top| json!({
                "type": "application",
                "bom-ref": purl(top),
                "name": top.name,
                "version": top.version,
                "licenses": top.license.as_ref().map(|license| json!([{ "expression": license }])).unwrap_or_default(),
            })),
        },
        "components": components,
        "dependencies": dependencies,
    })
}

fn put(to: &mut Value, name: &str, value: Value) {
    if let Some(table) = to.as_object_mut() {
        table.insert(name.to_owned(), value);
    }
}

/// SHA-256 of every package, from the lock file.
fn checksums(lock: &str) -> Result<BTreeMap<(String, String), String>, String> {
    let table: toml::Table = lock.parse().map_err(|why| format!("Cargo.lock: {why}"))?;
    let packages = table.get("package").and_then(toml::Value::as_array);
    let word = |value: &toml::Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
    let one = |value: &toml::Value| Some(((word(value, "name")?, word(value, "version")?), word(value, "checksum")?));
    Ok(packages.into_iter().flatten().filter_map(one).collect())
}

/// The Node packages of a lock file.
fn node(lock: &str) -> Result<Vec<Value>, String> {
    let all: Value = serde_json::from_str(lock).map_err(|why| format!("{NODE}: {why}"))?;
    let packages = all.get("packages").and_then(Value::as_object);
    let one = |(path, package): (&String, &Value)| {
        let (_, name) = path.rsplit_once("node_modules/")?;
        let version = package.get("version")?.as_str()?;
        let purl = format!("pkg:npm/{}@{version}", name.replace('@', "%40"));
        let mut one = json!({
            "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
        });
        if let Some(license) = package.get("license").and_then(Value::as_str) {
            put(&mut one, "licenses", json!([{ "expression": license }]));
        }
        Some(one)
    };
    Ok(packages.into_iter().flatten().filter_map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_in_the_program_is_listed_with_its_checksum() {
        let package = |name: &str, source: Option<&str>| Package {
            id: name.to_owned(),
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: Some("MIT/Apache-2.0".to_owned()),
            source: source.map(str::to_owned),
            repository: None,
        };
        let graph = Graph {
            packages: vec![package(PROGRAM, None), package("a", Some("registry")), package("unused", Some("registry"))],
            needs: [(PROGRAM.to_owned(), vec!["a".to_owned()])].into(),
        };
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"00ff\"\n";
        let lists = r#"{"packages": {"": {}, "node_modules/@x/y": {"version": "2.0.0", "license": "MIT"}}}"#;
        let list = list(&graph, &checksums(lock).unwrap(), &node(lists).unwrap());
        let at = |pointer: &str| list.pointer(pointer).cloned().unwrap_or_default();
        assert_eq!(at("/components").as_array().map(Vec::len), Some(2));
        assert_eq!(at("/components/0/purl"), "pkg:cargo/a@1.0.0");
        assert_eq!(at("/components/0/hashes/0/content"), "00ff");
        assert_eq!(at("/components/0/licenses/0/expression"), "MIT OR Apache-2.0");
        assert_eq!(at("/components/1/purl"), "pkg:npm/%40x/y@2.0.0");
        assert_eq!(at("/dependencies/0/dependsOn/0"), "pkg:cargo/a@1.0.0");
    }
}

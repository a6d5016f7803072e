//! The digest by which one text of a pack is told from another.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// `sha256:` and the digest of the canonical form: parsed values, keys in order, no comments or layout.
pub(crate) fn digest(value: &serde_json::Value) -> String {
    let mut canonical = String::new();
    write_ordered(value, &mut canonical);
    let hash = Sha256::digest(canonical.as_bytes());
    let mut text = String::from("sha256:");
    for byte in hash {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// JSON with the keys of every table in order. The library keeps them in order or as they came, by a feature that any other crate of a
/// build may turn on; the digest must not depend on who builds.
fn write_ordered(value: &serde_json::Value, out: &mut String) {
    match value {
        serde_json::Value::Object(table) => {
            let rows: BTreeMap<&String, &serde_json::Value> = table.iter().collect();
            for (at, (key, value)) in rows.into_iter().enumerate() {
                out.push(if at == 0 { '{' } else { ',' });
                out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                out.push(':');
                write_ordered(value, out);
            }
            out.push_str(if table.is_empty() { "{}" } else { "}" });
        }
        serde_json::Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                out.push(if at == 0 { '[' } else { ',' });
                write_ordered(value, out);
            }
            out.push_str(if list.is_empty() { "[]" } else { "]" });
        }
        plain => out.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_does_not_depend_on_the_order_of_keys() {
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap_or_default();
        let one = read(r#"{"b":[{"y":1,"x":"\"q\""},[]],"a":{}}"#);
        let other = read(r#"{"a":{},"b":[{"x":"\"q\"","y":1},[]]}"#);
        assert_eq!(digest(&one), digest(&other));
        let mut text = String::new();
        write_ordered(&one, &mut text);
        assert_eq!(text, r#"{"a":{},"b":[{"x":"\"q\"","y":1},[]]}"#);
        assert_ne!(digest(&one), digest(&read(r#"{"a":{},"b":[[],{"x":"\"q\"","y":1}]}"#)));
    }
}

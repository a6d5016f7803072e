//! Prints how long advice takes on one example.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
use std::time::Instant;
fn main() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guidance/cheshire/v1");
    let mut files = Vec::new();
    for e in std::fs::read_dir(&dir).unwrap() {
        let p = e.unwrap().path();
        if p.extension().is_some_and(|x| x == "toml") {
            files.push((p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&p).unwrap()));
        }
    }
    let sources: Vec<guidance::Source<'_>> = files.iter().map(|(n, t)| guidance::Source { name: n, text: t }).collect();
    let t = Instant::now();
    let pack = guidance::Pack::load(&sources).unwrap_or_else(|p| {
        for x in &p {
            println!("{x}");
        }
        std::process::exit(1)
    });
    println!("load {:?}", t.elapsed());
    for p in pack.proofs() {
        println!("  {} {} situations", p.id, p.situations);
    }
    let arg = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(&arg).unwrap();
    let facts = pack.read_toml(&text).unwrap();
    let case = pack.case(facts.clone());
    if std::env::args().nth(2).is_some() {
        println!("{}", serde_json::to_string_pretty(&pack.advise(&case)).unwrap());
    }
    let t = Instant::now();
    let n: u32 = std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(1000);
    for _ in 0..n {
        std::hint::black_box(pack.advise(&case));
    }
    println!("advise {:?}", t.elapsed() / 1000);
    let t = Instant::now();
    for _ in 0..1000 {
        std::hint::black_box(pack.class_of(&case));
    }
    println!("class {:?}", t.elapsed() / 1000);
    if std::env::var("N").is_ok() {
        return;
    }
    let mut big = guidance::Facts::default();
    for i in 0..60 {
        big.person.push(guidance::Entity { id: format!("P{i}"), facts: Default::default() });
        big.device.push(guidance::Entity {
            id: format!("D{i}"),
            facts: [("used_or_owned_by".to_string(), guidance::Value::Words(vec![format!("P{i}")]))].into(),
        });
    }
    let case = pack.case(big);
    let t = Instant::now();
    let a = pack.advise(&case);
    println!("60 unknown {:?} asks {}", t.elapsed(), a.ask_next.len());
}

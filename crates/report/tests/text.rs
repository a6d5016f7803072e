//! The guard on free text: what it refuses, and what it must let through.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use report::text::{self, LINE, LONG};

fn check(text: &str, refused_for: Option<&str>) {
    let answer = text::check("finding", text);
    let shown: String = text.chars().take(60).collect();
    match (answer, refused_for) {
        (Ok(()), None) => {}
        (Err(wrong), Some(words)) => {
            assert_eq!(wrong.field, "finding");
            assert!(wrong.says.contains(words), "{shown:?}: {}", wrong.says);
            assert!(!wrong.says.contains("base64"), "no jargon: {}", wrong.says);
        }
        (answer, _) => panic!("{shown:?} gave {answer:?}, expected {refused_for:?}"),
    }
}

#[test]
fn imagery_has_no_way_in() {
    let picture = "turned into text";
    let link = "links to a picture";
    let jpeg = "/9j/4AAQSkZJRgABAQEASABIAAD".repeat(12);
    let lines: Vec<&str> = vec!["iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"; 4];
    for text in [
        "data:image/png;base64,iVBORw0KGgo=".to_owned(),
        "see DATA:Image/JPEG;base64,/9j/".to_owned(),
        "data:;base64,/9j/4AAQ".to_owned(),
        "data:video/mp4,abc".to_owned(),
        "data:,hello".to_owned(),
        jpeg.clone(),
        format!("she wrote ({jpeg}) there"),
        lines.join("\n"),
        lines.join("\r\n"),
        "QUJD_-9".repeat(40),
    ] {
        check(&text, Some(picture));
    }
    for text in [
        "https://example.org/a/b.jpg",
        "HTTPS://EXAMPLE.ORG/A/B.JPEG",
        "see http://example.org/x.png?size=large.",
        "(https://example.org/clip.mp4)",
        "<https://example.org/view?file=photo.heic&x=1>",
        "www.example.org/me.webp",
        "https://example.org/clip.mov#t=3,",
        "cdn.example.org/x/photo.jpg",
        "https://example.org/media/abc.jpg:large",
        "Example.org/photo.png?x",
        "https://pbs.example.org/media/F1abc?format=jpg&name=large",
        "https://pbs.example.org/media/F1abc?name=large&format=webp.",
        "https://cdn.example.org/a.jpg%20",
        "https://cdn.example.org/a%2Ejpg",
        "https://cdn.example.org/a%252epng",
        "snap.example/a.dng",
        "https://x.example.org/clip.m3u8",
    ] {
        check(text, Some(link));
    }
    check("right\u{202E}to left", Some("cannot be seen"));
    check("nul\0", Some("cannot be seen"));
    check(&"word ".repeat(LONG / 5 + 1), Some("too long"));
}

#[test]
fn what_officers_write_passes() {
    for text in [
        "",
        "Her file IMG_2041.jpg was named on the exhibit label; not viewed.",
        "Data: see the log. Data:see log. Metadata/image type not known.",
        "https://www.ceop.police.uk/Safety-Centre/ was given to the mother",
        "https://jpg.example.org/help and https://example.org/jpg-help",
        "IMG_2041.jpg/IMG_2042.jpg, or a.png: neither was looked at. The size/format (.jpg) is not known.",
        "yes/no.jpg?",
        "data:, data:\nsee the log",
        "https://example.org/help?topic=pictures&format=page was 100% sure; 5%2 of it",
        "----------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------",
        "Siân Ó Briain said: “I’m OK”\r\nsecond line\ttabbed",
        "user name: xX_a-very-long-user-name-that-somebody-chose-for-themself_2009_Xx",
        "references 07/12345/26, BWV-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ] {
        check(text, None);
    }
    check(&"é".repeat(LONG), None);
}

#[test]
fn a_line_is_one_line() {
    assert!(text::line("name", &"x ".repeat(LINE / 2)).is_ok());
    for (text, words) in [("a\nb", "line break"), (&*"x ".repeat(LINE), "too long")] {
        assert!(text::line("name", text).unwrap_err().says.contains(words));
    }
}

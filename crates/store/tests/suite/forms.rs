//! Every way a text may stand in a file. For searching: `crates/waymark/tests/typed` uses it too.

/// The text in each of them, with the name of the way.
pub fn forms(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let hex = text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut forms = vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("lower case", text.to_lowercase().into_bytes()),
        ("UTF-16 little", utf16(u16::to_le_bytes)),
        ("UTF-16 big", utf16(u16::to_be_bytes)),
        ("hexadecimal", hex.clone().into_bytes()),
        ("HEXADECIMAL", hex.to_uppercase().into_bytes()),
        ("JSON", json_escaped(text).into_bytes()),
    ];
    for shift in 0..3 {
        forms.push(("base64", base64(text.as_bytes(), shift, b"+/")));
        forms.push(("base64url", base64(text.as_bytes(), shift, b"-_")));
    }
    forms
}

pub fn json_escaped(text: &str) -> String {
    let escaped = |unit: u16| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    };
    text.encode_utf16().map(escaped).collect()
}

/// The base64 of the text when it begins `shift` bytes into a group, without the ends that depend on
/// what stands around it.
pub fn base64(text: &[u8], shift: usize, last: &[u8; 2]) -> Vec<u8> {
    let mut letters: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').collect();
    letters.extend(last);
    let whole = &text[(3 - shift) % 3..];
    whole
        .chunks_exact(3)
        .flat_map(|three| {
            let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
            [18, 12, 6, 0].map(|by| letters[(bits >> by & 63) as usize])
        })
        .collect()
}

//! Just enough of HTML to find the forms and links of our own pages.

/// A form that was seen.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Each field with the values that are offered for it; none where anything may be typed.
    pub fields: Vec<(String, Vec<String>)>,
}

/// Every form that is sent by POST.
pub fn forms(page: &str, at: &str) -> Vec<Form> {
    page.split("<form").skip(1).filter_map(|rest| form(rest.split("</form>").next()?, at)).collect()
}

fn form(inner: &str, at: &str) -> Option<Form> {
    let (head, body) = inner.split_once('>')?;
    if attribute(head, "method").is_none_or(|method| !method.eq_ignore_ascii_case("post")) {
        return None;
    }
    let mut form = Form {
        action: attribute(head, "action").filter(|to| !to.is_empty()).unwrap_or_else(|| at.to_owned()),
        fields: Vec::new(),
    };
    let mut choosing = String::new();
    for tag in body.split('<').skip(1) {
        let tag_name = tag.split([' ', '>', '\n']).next().unwrap_or_default();
        let name = attribute(tag, "name").unwrap_or_default();
        match tag_name {
            "input" | "button" if !name.is_empty() && name != "form_token" => {
                let is_choice = ["radio", "checkbox", "hidden", "submit"]
                    .iter()
                    .any(|kind| tag.contains(&format!("type=\"{kind}\"")));
                let offered = attribute(tag, "value").filter(|_| is_choice || tag_name == "button");
                add(&mut form, name, offered);
            }
            "textarea" => add(&mut form, name, None),
            "select" => {
                choosing = name.clone();
                add(&mut form, name, None);
            }
            "option" => add(&mut form, choosing.clone(), attribute(tag, "value")),
            _ => {}
        }
    }
    Some(form)
}

fn add(form: &mut Form, name: String, offered: Option<String>) {
    if let Some((_, all)) = form.fields.iter_mut().find(|(known, _)| *known == name) {
        all.extend(offered);
    } else if !name.is_empty() {
        form.fields.push((name, offered.into_iter().collect()));
    }
}

/// Every link within the site, without what follows a `#`.
pub fn links(page: &str) -> Vec<String> {
    let inside = |rest: &str| {
        let to = unescape(rest.split('"').next()?);
        let to = to.split('#').next()?.to_owned();
        (to.starts_with('/') && !to.starts_with("/assets/")).then_some(to)
    };
    let linked = page.split("href=\"").skip(1).filter_map(inside);
    // A link for somebody else is written out, to be copied.
    let written = page.split("<code>http").skip(1).filter_map(|rest| {
        let (_, rest) = rest.split('<').next()?.split_once("://")?;
        Some(unescape(&rest[rest.find('/')?..]))
    });
    linked.chain(written).collect()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next()?;
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescape(rest.split('"').next()?))
}

fn unescape(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

/// A body as forms send it.
pub fn encode(pairs: &[(String, String)]) -> String {
    let one = |(name, value): &(String, String)| format!("{}={}", escape(name.as_bytes()), escape(value.as_bytes()));
    pairs.iter().map(one).collect::<Vec<_>>().join("&")
}

/// Everything but letters and digits as `%XX`.
pub fn escape(bytes: &[u8]) -> String {
    let one = |byte: &u8| {
        if byte.is_ascii_alphanumeric() || *byte == b'-' {
            char::from(*byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    bytes.iter().map(one).collect()
}

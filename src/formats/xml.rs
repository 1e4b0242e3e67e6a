//! The little XML that microscopes put beside their data: elements and their texts, no schema, no entity but the five.

/// Elements with a text of their own: path (names joined by dots) and text, in order. Attributes and comments are left
/// out; broken markup ends the list.
pub(super) fn flatten(text: &str, limit: usize) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((tag, next)) = after.split_once('>') else {
            break;
        };
        let before = before.trim();
        if let Some(name) = tag.strip_prefix('/') {
            if !before.is_empty() && found.len() < limit {
                found.push((open.join("."), unescape(before)));
            }
            if open.last() == Some(&name.trim()) {
                open.pop();
            }
        } else if !tag.starts_with(['?', '!']) && !tag.ends_with('/') {
            if open.len() > 64 {
                break;
            }
            open.push(tag.split_whitespace().next().unwrap_or_default());
        }
        rest = next;
    }
    found
}

/// The five entities of XML.
pub(super) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

//! References by their form: the numbers that systems give to orders, tickets
//! and the like.

/// Every `SO-52233` with its start and end, and its kind (`SO`) beside the whole: two to five capitals, a hyphen, three or more digits.
pub fn references(text: &str) -> Vec<(usize, usize, (&str, &str))> {
    if !text.contains('-') {
        return Vec::new();
    }
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(inside).map(|skip| at + skip) {
        let end = text[start..].find(|c: char| !inside(c)).map_or(text.len(), |length| start + length);
        let word = &text[start..end];
        if let Some((prefix, digits)) = word.split_once('-')
            && (2..=5).contains(&prefix.len())
            && prefix.bytes().all(|b| b.is_ascii_uppercase())
            && digits.len() >= 3
            && digits.bytes().all(|b| b.is_ascii_digit())
        {
            found.push((start, end, (prefix, word)));
        }
        at = end;
    }
    found
}

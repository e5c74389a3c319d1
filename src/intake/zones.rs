//! Time zones as mail clients and people write them behind a time.

use jiff::tz::Offset;

/// Offsets whose letters mean one thing in mail (RFC 5322 names the American ones).
const ZONES: [(&str, i32); 31] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
    ("cet", 1),
    ("cest", 2),
    ("eet", 2),
    ("eest", 3),
    ("wet", 0),
    ("west", 1),
    ("mez", 1),
    ("mesz", 2),
    ("sast", 2),
    ("msk", 3),
    ("sgt", 8),
    ("hkt", 8),
    ("awst", 8),
    ("jst", 9),
    ("kst", 9),
    ("aest", 10),
    ("aedt", 11),
    ("nzst", 12),
    ("nzdt", 13),
    ("hst", -10),
];

/// Letters that mean several offsets (India, Israel, Ireland; Britain, Bangladesh): such a moment is not known.
const UNCERTAIN_ZONES: [&str; 3] = ["ist", "bst", "ast"];

/// Whether letters mean several offsets.
pub(super) fn is_uncertain(word: &str) -> bool {
    UNCERTAIN_ZONES.contains(&word)
}

/// `utc`, `+0100`, `-05:00`, `gmt+1`, `utc+01:00`.
pub(super) fn read(word: &str) -> Option<Offset> {
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == word) {
        return Offset::from_seconds(hours * 3600).ok();
    }
    let rest = word.strip_prefix("utc").or_else(|| word.strip_prefix("gmt")).unwrap_or(word);
    let (sign, rest) = match rest.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, rest.strip_prefix('-')?),
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some(pair) => pair,
        None if rest.len() == 4 => rest.split_at_checked(2)?,
        None if rest.len() <= 2 => (rest, "0"),
        None => return None,
    };
    let (hours, minutes) = (hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_letters_and_numbers() {
        let check = |word: &str, minutes: Option<i32>| {
            assert_eq!(read(word).map(|offset| offset.seconds() / 60), minutes, "{word}");
        };
        check("utc", Some(0));
        check("cest", Some(120));
        check("aedt", Some(660));
        check("+0530", Some(330));
        check("-05:00", Some(-300));
        check("gmt+1", Some(60));
        check("+25", None);
        check("ist", None);
        check("noon", None);
        assert!(is_uncertain("ist") && !is_uncertain("cet"));
    }
}

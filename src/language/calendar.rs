//! The names of months and weekdays in the languages people write mail in,
//! as data. Short forms are beginnings of the long ones; what no beginning
//! gives (`mrt`, `Sept`) stands in the tables of its own.

/// January to December in English, in lower case.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Monday to Sunday in English, in lower case.
pub const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// German, French, Spanish, Italian, Portuguese, Dutch, Polish (as in dates, and as a heading), Swedish; short forms
/// that are no beginning stand behind their month.
const MONTHS_ABROAD: [&[&str]; 12] = [
    &["januar", "jänner", "janvier", "enero", "gennaio", "janeiro", "januari", "stycznia", "styczeń"],
    &["februar", "février", "fevrier", "febrero", "febbraio", "fevereiro", "februari", "lutego", "luty"],
    &["märz", "maerz", "mars", "marzo", "março", "maart", "mrt", "marca", "marzec"],
    &["april", "avril", "abril", "aprile", "kwietnia", "kwiecień"],
    &["mai", "mayo", "maggio", "maio", "mei", "maja", "maj"],
    &["juni", "juin", "junio", "giugno", "junho", "czerwca", "czerwiec"],
    &["juli", "juillet", "julio", "luglio", "julho", "lipca", "lipiec"],
    &["august", "août", "aout", "agosto", "augustus", "sierpnia", "sierpień", "augusti"],
    &["september", "septembre", "septiembre", "setiembre", "settembre", "setembro", "września", "wrzesień"],
    &["oktober", "octobre", "octubre", "ottobre", "outubro", "października", "październik"],
    &["november", "novembre", "noviembre", "novembro", "listopada", "listopad"],
    &["dezember", "décembre", "decembre", "diciembre", "dicembre", "dezembro", "december", "grudnia", "grudzień"],
];

const WEEKDAYS_ABROAD: [&[&str]; 7] = [
    &["montag", "lundi", "lunes", "lunedì", "lunedi", "segunda-feira", "maandag", "poniedziałek", "måndag"],
    &["dienstag", "mardi", "martes", "martedì", "martedi", "terça-feira", "dinsdag", "wtorek", "wt", "tisdag"],
    &["mittwoch", "mercredi", "miércoles", "mercoledì", "mercoledi", "quarta-feira", "woensdag", "środa", "onsdag"],
    &["donnerstag", "jeudi", "jueves", "giovedì", "giovedi", "quinta-feira", "donderdag", "czwartek", "torsdag"],
    &["freitag", "vendredi", "viernes", "venerdì", "venerdi", "sexta-feira", "vrijdag", "piątek", "pt", "fredag"],
    &["samstag", "samedi", "sábado", "sabato", "zaterdag", "sobota", "lördag"],
    &["sonntag", "dimanche", "domingo", "domenica", "zondag", "niedziela", "niedz", "söndag"],
];

/// Two letters suffice for these, which German, Dutch and Polish write before a date.
const WEEKDAYS_IN_TWO: [&str; 14] =
    ["mo", "di", "mi", "do", "fr", "sa", "so", "ma", "wo", "vr", "za", "zo", "śr", "pn"];

/// The month (1 to 12) that an English word in lower case names, in full or by three letters at least.
pub fn month(word: &str) -> Option<i8> {
    let word = if word == "sept" { "sep" } else { word };
    let found = MONTHS.iter().position(|name| word.len() >= 3 && name.starts_with(word));
    found.and_then(|at| i8::try_from(at + 1).ok())
}

/// Whether an English word in lower case names a weekday, in full or by three letters at least.
pub fn is_weekday(word: &str) -> bool {
    word.len() >= 3 && WEEKDAYS.iter().any(|name| name.starts_with(word)) || matches!(word, "tues" | "thur" | "thurs")
}

/// The same for words of all the languages.
pub fn month_anywhere(word: &str) -> Option<i8> {
    month(word).or_else(|| position(&MONTHS_ABROAD, word))
}

/// The same for words of all the languages. `mar` is a Tuesday in three of them and March in six.
pub fn is_weekday_anywhere(word: &str) -> bool {
    let single = word.strip_suffix("曜日").or(word.strip_suffix('曜')).unwrap_or(word);
    is_weekday(word)
        || WEEKDAYS_IN_TWO.contains(&word)
        || position(&WEEKDAYS_ABROAD, word).is_some()
        || single.chars().count() == 1 && "月火水木金土日".contains(single)
}

fn position(names: &[&[&str]], word: &str) -> Option<i8> {
    let long_enough = word.chars().count() >= 3;
    let is_named = |name: &&str| *name == word || long_enough && name.starts_with(word);
    let found = names.iter().position(|row| row.iter().any(is_named));
    found.and_then(|at| i8::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_full_and_in_short() {
        let check = |word: &str, expected: Option<i8>| assert_eq!(month_anywhere(word), expected, "{word}");
        check("mar", Some(3));
        check("märz", Some(3));
        check("mrt", Some(3));
        check("févr", Some(2));
        check("juil", Some(7));
        check("lip", Some(7));
        check("sept", Some(9));
        check("out", Some(10));
        check("grudnia", Some(12));
        check("ma", None);
        check("", None);
        assert_eq!(month("märz"), None);
    }

    #[test]
    fn weekdays_are_known() {
        let check = |word: &str, expected: bool| assert_eq!(is_weekday_anywhere(word), expected, "{word}");
        for word in ["mon", "mo", "lun", "pon", "śr", "czw", "månd", "segunda-feira", "seg", "月", "月曜日", "maa"]
        {
            check(word, true);
        }
        for word in ["", "m", "dana", "年"] {
            check(word, false);
        }
        assert!(!is_weekday("lun"));
    }
}

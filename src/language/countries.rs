//! Names of countries in English, German, French and Spanish, so that a place
//! that is a country is told from one that is a town.

/// Names in small letters. Short ones (`uk`, `us`) count in capitals only.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "united kingdom", "great britain", "britain", "england", "scotland", "wales", "northern ireland", "uk", "ireland", "united states", "usa", "us", "u.s.", "the states", "america", "canada", "mexico",
    "germany", "austria", "switzerland", "france", "belgium", "netherlands", "the netherlands", "holland", "luxembourg", "spain", "portugal", "italy", "greece", "denmark", "sweden", "norway", "finland", "iceland",
    "poland", "czech republic", "czechia", "slovakia", "hungary", "romania", "bulgaria", "croatia", "slovenia", "serbia", "estonia", "latvia", "lithuania", "ukraine", "turkey", "türkiye", "cyprus", "malta",
    "australia", "new zealand", "japan", "china", "india", "singapore", "south korea", "korea", "taiwan", "hong kong", "thailand", "vietnam", "malaysia", "indonesia", "philippines", "the philippines", "pakistan", "bangladesh", "sri lanka",
    "israel", "egypt", "morocco", "tunisia", "algeria", "south africa", "nigeria", "kenya", "ghana", "uganda", "tanzania", "ethiopia", "rwanda", "united arab emirates", "uae", "saudi arabia", "qatar", "kuwait", "jordan",
    "brazil", "argentina", "chile", "colombia", "peru", "uruguay", "ecuador", "bolivia", "paraguay", "costa rica", "panama", "guatemala", "dominican republic",
    "deutschland", "österreich", "schweiz", "frankreich", "belgien", "niederlande", "niederlanden", "luxemburg", "spanien", "italien", "griechenland", "dänemark", "schweden", "norwegen", "finnland", "polen", "tschechien", "ungarn", "großbritannien", "irland", "vereinigte staaten", "kanada",
    "allemagne", "autriche", "suisse", "belgique", "pays-bas", "espagne", "italie", "grèce", "danemark", "suède", "norvège", "finlande", "pologne", "royaume-uni", "irlande", "états-unis", "maroc", "tunisie",
    "alemania", "austria", "suiza", "francia", "bélgica", "países bajos", "españa", "italia", "grecia", "dinamarca", "suecia", "noruega", "finlandia", "polonia", "reino unido", "irlanda", "estados unidos", "méxico", "perú", "brasil", "marruecos", "panamá",
];

/// The countries named in `text`, as byte offsets, in order. Linear in the text.
pub fn countries(text: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let starts = text
        .char_indices()
        .filter(|(at, c)| c.is_uppercase() && !text[..*at].chars().next_back().is_some_and(char::is_alphanumeric));
    for (start, _) in starts {
        let rest = &text[start..];
        let ends = |name: &str| {
            let mut own = rest.chars();
            let same = name.chars().all(|c| own.next().is_some_and(|other| other.to_lowercase().eq([c])));
            let end = rest.len() - own.as_str().len();
            let whole = !own.as_str().starts_with(char::is_alphanumeric);
            let shouted = name.len() > 3 || rest[..end].chars().all(|c| !c.is_lowercase());
            (same && whole && shouted).then_some(start + end)
        };
        let end = NAMES.iter().filter_map(|name| ends(name)).max();
        if let Some(end) = end.filter(|_| found.last().is_none_or(|(_, last)| *last <= start)) {
            found.push((start, end));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::countries;

    #[test]
    fn countries_are_whole_capitalised_names() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = countries(text).into_iter().map(|(start, end)| &text[start..end]).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("our depots in Ireland and the UK", &["Ireland", "UK"]);
        check("let us see, Indiana", &[]);
        check("in New Zealand.", &["New Zealand"]);
        check("aux États-Unis", &["États-Unis"]);
        check("", &[]);
    }
}

//! A word of a true sentence changed into another: a modal, a person or role,
//! a word one letter away.

use std::ops::Range;

use crate::drawing::{Change, Pair, Random, absent_pair, draw, quote_around, replace, words};
use crate::false_kinds_a::{Swap, occurrences, swap_words};
use crate::sources::{Material, Talk};

/// Wishes, duties, chances, plans. "May" with a day is a month and left alone.
const MODALS: &[Swap] = &[
    ("will", &["may", "can", "should", "might", ""]),
    ("must", &["can", "may", "should", "will"]),
    ("should", &["will", "must", "may"]),
    ("might", &["will", "must", "should"]),
    ("may", &["will", "must", "should"]),
    ("could", &["can", "must", "will"]),
    ("can", &["could", "will", "may", "must"]),
    ("would", &["will", "should", "might"]),
    ("cannot", &["should not", "might not"]),
    ("can't", &["shouldn't", "may not"]),
    ("won't", &["may not", "shouldn't"]),
    ("shall", &["can", "may"]),
    ("need to", &["want to", "hope to", "might"]),
    ("needs to", &["wants to"]),
    ("has to", &["wants to", "may", "should"]),
    ("have to", &["want to", "may", "should"]),
    ("ought to", &["will", "might"]),
    ("i'll", &["I might", "I should", "I could"]),
    ("we'll", &["we might", "we should", "we must"]),
    ("they'd", &["they'll", "they must"]),
    ("i'd", &["I'll", "I must"]),
    ("is", &["may be", "should be", "must be"]),
    ("are", &["could be", "should be", "might be"]),
    ("costs", &["may cost", "should cost"]),
    ("starts", &["may start", "should start"]),
    ("takes", &["might take", "should take"]),
    ("runs", &["may run", "could run"]),
    ("goes", &["can go", "may go"]),
    ("needs", &["may need", "could need"]),
    ("lasts", &["must last", "may last"]),
    ("ends", &["could end", "should end"]),
];

pub fn change_modal(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        // A month that happens to be called so is no modal: look at the sentence without it.
        if site.sentence.contains("May ") || site.sentence.contains(" May") {
            return None;
        }
        // One sentence in three may have a modal added; the others have one.
        let own = &MODALS[..25];
        let change = match random.below(3) {
            0 => swap_words(&site.sentence, MODALS, random)?,
            _ => swap_words(&site.sentence, own, random)?,
        };
        absent_pair(talk, site, quote_around(&change, random), random)
    })
}

const ROLES: &[Swap] = &[
    ("we", &["you", "they"]),
    ("you", &["we", "they", "I"]),
    ("they", &["we", "you"]),
    ("i", &["he", "you", "we"]),
    ("he", &["she", "we"]),
    ("she", &["he", "I"]),
    ("our", &["your", "their"]),
    ("your", &["our", "their"]),
    ("their", &["our", "your"]),
    ("my", &["your", "his"]),
    ("his", &["her", "my"]),
    ("us", &["you", "them"]),
    ("me", &["you", "him"]),
    ("them", &["us", "you"]),
    ("we'll", &["you'll", "they'll"]),
    ("we've", &["you've", "they've"]),
    ("we're", &["you're", "they're"]),
    ("i'll", &["you'll", "she'll"]),
    ("i've", &["you've", "they've"]),
    ("they'd", &["we'd"]),
    ("customer", &["vendor", "supplier"]),
    ("vendor", &["customer"]),
    ("supplier", &["customer"]),
    ("provider", &["customer"]),
    ("buyer", &["seller"]),
    ("seller", &["buyer"]),
    ("sponsor", &["contact"]),
    ("contact", &["sponsor"]),
    ("landlord", &["tenant"]),
    ("tenant", &["landlord"]),
    ("insurer", &["customer", "broker"]),
    ("teachers", &["parents"]),
    ("manager", &["porter"]),
    ("director", &["driver"]),
];

pub fn change_role(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let sentence = &site.sentence;
        // "You know" and "I mean" are fillers, no subjects.
        if sentence.contains("you know") || sentence.contains("I mean") {
            return None;
        }
        let change = match random.below(4) {
            0 => turn_direction(sentence).or_else(|| change_doer(talk, sentence, random)),
            1 | 2 => change_doer(talk, sentence, random),
            _ => None,
        };
        let change = change.or_else(|| swap_words(sentence, ROLES, random))?;
        absent_pair(talk, site, quote_around(&change, random), random)
    })
}

/// "From A to B" becomes "from B to A", where A and B are one word each.
fn turn_direction(sentence: &str) -> Option<Change> {
    let all = words(sentence);
    let text = |at: usize| all.get(at).map_or("", |word| &sentence[word.clone()]);
    let at = (0..all.len()).find(|&at| text(at) == "from" && text(at + 2) == "to" && !text(at + 3).is_empty())?;
    let (one, two) = (text(at + 1), text(at + 3).trim_end_matches(['.', ',']));
    let range = all[at + 1].start..all[at + 3].start + two.len();
    (one != two).then(|| replace(sentence, range, &format!("{two} to {one}")))
}

/// Somebody of the conversation does what somebody else does; two names trade places.
fn change_doer(talk: &Talk, sentence: &str, random: &mut Random) -> Option<Change> {
    let first = |name: &'static str| name.trim_start_matches("Dr. ").split(' ').next().unwrap_or(name);
    let mut found: Vec<(Range<usize>, &str)> = Vec::new();
    for person in &talk.people {
        let full = person.trim_start_matches("Dr. ");
        let mut ranges: Vec<_> = occurrences(sentence, full).collect();
        if ranges.is_empty() {
            ranges = occurrences(sentence, first(person)).collect();
        }
        found.extend(ranges.into_iter().map(|range| (range, *person)));
    }
    found.sort_by_key(|(range, _)| range.start);
    if let [(one, _), .., (two, _)] = found.as_slice()
        && sentence[one.clone()] != sentence[two.clone()]
        && one.end < two.start
        && !sentence[one.end..two.start].contains(" and ")
    {
        let traded = format!("{}{}{}", &sentence[two.clone()], &sentence[one.end..two.start], &sentence[one.clone()]);
        return Some(replace(sentence, one.start..two.end, &traded));
    }
    let (range, person) = random.pick(&found)?.clone();
    let full = sentence[range.clone()].contains(' ');
    let others: Vec<&'static str> = talk.people.iter().copied().filter(|other| *other != person).collect();
    let other = *random.pick(&others)?;
    let new = if full { other.trim_start_matches("Dr. ") } else { first(other) };
    (!sentence.contains(new)).then(|| replace(sentence, range, new))
}

/// English words and English words one letter away.
const NEIGHBOURS: &[Swap] = &[
    ("there", &["three", "here"]),
    ("three", &["there", "tree"]),
    ("form", &["from", "farm"]),
    ("from", &["form"]),
    ("now", &["not", "know", "how"]),
    ("not", &["now", "note", "hot"]),
    ("lease", &["leave", "least"]),
    ("leave", &["lease"]),
    ("leaves", &["leases"]),
    ("plan", &["plane", "plant"]),
    ("plane", &["plan"]),
    ("trial", &["trail"]),
    ("seat", &["seal"]),
    ("seats", &["seals"]),
    ("seal", &["seat"]),
    ("united", &["untied"]),
    ("reserve", &["reverse"]),
    ("adopt", &["adapt"]),
    ("billed", &["killed", "filled"]),
    ("send", &["lend", "spend"]),
    ("sent", &["rent", "spent"]),
    ("cost", &["host", "lost"]),
    ("costs", &["hosts"]),
    ("price", &["prize", "pride"]),
    ("order", &["older"]),
    ("orders", &["borders"]),
    ("pay", &["say", "lay"]),
    ("pays", &["says", "lays"]),
    ("paid", &["said", "laid"]),
    ("week", &["weak"]),
    ("weeks", &["seeks"]),
    ("work", &["word"]),
    ("works", &["words"]),
    ("late", &["rate", "date"]),
    ("live", &["love", "line"]),
    ("load", &["road"]),
    ("loads", &["leads"]),
    ("sign", &["sigh"]),
    ("signs", &["sighs"]),
    ("signed", &["singed"]),
    ("gate", &["date"]),
    ("test", &["rest", "text"]),
    ("file", &["fire", "film"]),
    ("truck", &["track", "trick"]),
    ("trucks", &["tracks", "tricks"]),
    ("hall", &["hell", "mall"]),
    ("ship", &["shop"]),
    ("ships", &["shops", "chips"]),
    ("call", &["fall", "tall"]),
    ("team", &["tear", "beam"]),
    ("side", &["site"]),
    ("site", &["side"]),
    ("store", &["stone"]),
    ("stores", &["stones"]),
    ("stock", &["shock"]),
    ("lift", &["list", "gift"]),
    ("lists", &["lifts"]),
    ("list", &["lift"]),
    ("takes", &["makes", "tales"]),
    ("hold", &["sold"]),
    ("holds", &["folds"]),
    ("holding", &["folding"]),
    ("port", &["post"]),
    ("ports", &["posts"]),
    ("server", &["sever"]),
    ("needs", &["seeds"]),
    ("hour", &["four"]),
    ("hours", &["tours", "fours"]),
    ("month", &["mouth"]),
    ("months", &["mouths"]),
    ("head", &["lead"]),
    ("last", &["lost", "fast"]),
    ("lasts", &["casts"]),
    ("then", &["than", "when"]),
    ("than", &["then"]),
    ("table", &["cable"]),
    ("cable", &["table"]),
    ("cables", &["tables"]),
    ("paper", &["taper"]),
    ("weight", &["height", "eight"]),
    ("night", &["light", "right"]),
    ("line", &["mine", "nine"]),
    ("ten", &["men"]),
    ("tents", &["rents"]),
    ("five", &["fire", "live"]),
    ("six", &["fix"]),
    ("contract", &["contrast", "contact"]),
    ("contact", &["contract"]),
    ("rented", &["vented"]),
    ("closed", &["closet"]),
    ("moves", &["loves"]),
    ("desk", &["disk"]),
    ("note", &["vote", "node"]),
    ("cells", &["calls", "bells"]),
    ("scale", &["stale"]),
    ("rope", &["hope"]),
    ("yard", &["card"]),
    ("crane", &["crate"]),
    ("print", &["point"]),
    ("plants", &["plans"]),
    ("plant", &["plan"]),
    ("crates", &["cranes"]),
    ("drivers", &["drives"]),
    ("county", &["country"]),
    ("raised", &["raided"]),
    ("renewal", &["removal"]),
    ("later", &["layer", "water"]),
    ("part", &["port", "past"]),
    ("bank", &["tank"]),
    ("tank", &["bank"]),
    ("rate", &["date"]),
    ("room", &["roof"]),
    ("rooms", &["roofs"]),
    ("roof", &["room"]),
    ("rise", &["wise"]),
    ("goods", &["moods"]),
    ("carrier", &["barrier"]),
    ("pilot", &["pivot"]),
    ("clause", &["cause"]),
    ("cause", &["clause"]),
    ("audit", &["adit"]),
    ("boxes", &["foxes"]),
    ("deposit", &["deposits"]),
    ("bond", &["band"]),
    ("board", &["hoard"]),
    ("budget", &["budged"]),
    ("fees", &["feet"]),
    ("fee", &["fed"]),
    ("opens", &["omens"]),
    ("keys", &["kegs"]),
    ("invoices", &["invoiced"]),
    ("invoice", &["invoiced"]),
    ("winter", &["winner"]),
    ("users", &["uses"]),
    ("ward", &["yard"]),
    ("wards", &["yards"]),
    ("hosts", &["costs"]),
    ("moved", &["loved"]),
];

pub fn change_letter(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let change = swap_words(&site.sentence, NEIGHBOURS, random)?;
        absent_pair(talk, site, quote_around(&change, random), random)
    })
}

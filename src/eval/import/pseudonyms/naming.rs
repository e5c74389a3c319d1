//! New names for all that an inventory holds: people word by word, companies
//! with their domains, addresses that go with the names, numbers and ids of the
//! same shape.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::invention::{Inventor, Sort};
use super::inventory::{Inventory, capitalised, registered};
use super::numbers;
use super::ordinary::{is_everyday, is_no_name};

/// From here on a word is replaced inside other words too.
pub(super) const LONG_WORD: usize = 6;

/// Fewer digits are nobody's number.
const SHORTEST_NUMBER: usize = 7;

/// What was replaced by what.
#[derive(Debug, Default)]
pub struct Pseudonyms {
    /// In lower case, to the new word with a capital.
    pub(super) words: FxHashMap<String, String>,
    /// The words that are replaced inside others.
    pub(super) long: Vec<(String, String)>,
    pub(super) phrases: Vec<(Vec<String>, Vec<String>)>,
    /// Family name and first letter of the given one, and the other way round: the new letter.
    pub(super) initials: FxHashMap<(String, char), char>,
    pub(super) addresses: FxHashMap<String, String>,
    pub(super) domains: FxHashMap<String, String>,
    pub(super) numbers: FxHashMap<String, String>,
    /// How long they are.
    pub(super) number_lengths: BTreeSet<usize>,
    pub(super) ids: FxHashMap<String, String>,
    pub(super) cipher: Option<[u8; 10]>,
    /// `mueller` and `muller` for `müller`.
    pub(super) spelled: FxHashMap<String, String>,
    /// New addresses.
    pub(super) taken: FxHashSet<String>,
}

impl Pseudonyms {
    /// Invents new names for all of an inventory.
    pub(super) fn invent(mut inventory: Inventory, ours: &[String], seed: u64, with_amounts: bool) -> Pseudonyms {
        let ours: Vec<String> = ours.iter().map(|domain| registered(&domain.to_lowercase())).collect();
        // Our own name, and what is called so already, is no secret of anybody.
        let mut taken = std::mem::take(&mut inventory.all_words);
        taken.extend(inventory.words.iter().map(|(word, _)| word.clone()));
        let mut inventor = Inventor::new(seed, taken);
        let mut made = Pseudonyms { cipher: with_amounts.then(|| inventor.cipher()), ..Pseudonyms::default() };
        made.invent_ours(&ours);
        let stems: Vec<String> = inventory.domains.iter().map(|domain| stem(domain).to_owned()).collect();
        for stem in &stems {
            match stem.contains('-') {
                // `goods-train`: each of its words may be a word of every day.
                true => stem.split('-').for_each(|word| inventory.take_weak_word(word, Sort::Company)),
                false => inventory.take_word(stem, Sort::Company),
            }
        }
        for (word, sort) in &inventory.words {
            made.word_for(word, *sort, &mut inventor);
        }
        for (phrase, sort) in &inventory.phrases {
            let new = phrase.iter().enumerate().map(|(at, word)| match made.words.get(word) {
                Some(new) if !is_everyday(word) => new.clone(),
                _ if is_no_name(word) && phrase.iter().any(|other| !is_no_name(other)) => capitalised(word),
                _ => match (sort, at) {
                    (Sort::Given, at) if at + 1 == phrase.len() => made.word_for(word, Sort::Family, &mut inventor),
                    (sort, _) => made.word_for(word, *sort, &mut inventor),
                },
            });
            let new: Vec<String> = new.collect();
            made.phrases.push((phrase.clone(), new));
        }
        // Words of phrases that were invented for the phrase alone do not stand for themselves.
        made.words.retain(|word, _| !is_no_name(word));
        for (given, family) in &inventory.people {
            let first = |word: &String| made.words.get(word).and_then(|new| new.chars().next());
            if let (Some(old_given), Some(old_family), Some(new_given), Some(new_family)) =
                (given.chars().next(), family.chars().next(), first(given), first(family))
            {
                made.initials.insert((family.clone(), old_given), new_given);
                made.initials.insert((given.clone(), old_family), new_family);
            }
        }
        for (spelling, new) in std::mem::take(&mut made.spelled) {
            if !is_no_name(&spelling) && !is_everyday(&spelling) {
                made.words.entry(spelling).or_insert(new);
            }
        }
        for domain in &inventory.domains {
            made.domain_for(domain, &mut inventor);
        }
        for (address, name) in &inventory.addresses {
            made.address_for(address, name.as_deref(), &mut inventor);
        }
        made.invent_numbers(&inventory.numbers, &mut inventor);
        for id in &inventory.ids {
            if !made.words.contains_key(&id.to_lowercase()) {
                made.ids.insert(id.clone(), inventor.id(id));
            }
        }
        let mut long: Vec<(String, String)> = made
            .words
            .iter()
            .filter(|(word, _)| word.len() >= LONG_WORD && !is_everyday(word))
            .map(|(word, new)| (word.clone(), new.clone()))
            .collect();
        long.sort_by(|one, other| (other.0.len(), &one.0).cmp(&(one.0.len(), &other.0)));
        made.long = long;
        made.phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        made
    }

    /// The longest first: `312 555 0142` is the end of `+1 312 555 0142`, and `089 …` of `+49 89 …`.
    fn invent_numbers(&mut self, numbers: &[(String, numbers::Sort, usize)], inventor: &mut Inventor) {
        let mut numbers: Vec<_> = numbers.iter().filter(|(_, sort, _)| *sort != numbers::Sort::Machine).collect();
        numbers.sort_by(|one, other| (other.0.len(), &one.0).cmp(&(one.0.len(), &other.0)));
        let mut ends: FxHashMap<String, String> = FxHashMap::default();
        for (digits, _, kept) in numbers {
            let bare = digits.trim_start_matches('0');
            let zeros = &digits[..digits.len() - bare.len()];
            let known = ends.get(digits).cloned().or_else(|| Some(format!("{zeros}{}", ends.get(bare)?)));
            let new = known.unwrap_or_else(|| inventor.digits(digits, *kept));
            for from in 1..digits.len().saturating_sub(SHORTEST_NUMBER - 1) {
                ends.entry(digits[from..].to_owned()).or_insert_with(|| new[from..].to_owned());
            }
            self.number_lengths.insert(digits.len());
            self.numbers.insert(digits.clone(), new);
        }
    }

    fn invent_ours(&mut self, ours: &[String]) {
        for (at, domain) in ours.iter().enumerate() {
            let new = if at == 0 { "acme".to_owned() } else { format!("acme{}", at + 1) };
            self.domains.insert(domain.clone(), format!("{new}.example"));
            let old = stem(domain);
            if !is_no_name(old) && !old.contains('-') {
                self.words.insert(old.to_owned(), capitalised(&new));
            } else if old.contains('-') {
                let parts: Vec<String> = old.split('-').map(str::to_owned).collect();
                let mut fresh = vec![String::new(); parts.len()];
                fresh[0] = capitalised(&new);
                self.phrases.push((parts, fresh));
                self.words.insert(old.replace('-', ""), capitalised(&new));
            }
        }
    }

    fn word_for(&mut self, word: &str, sort: Sort, inventor: &mut Inventor) -> String {
        let spellings = spellings(word);
        let known = self.words.get(word).or_else(|| spellings.iter().find_map(|one| self.spelled.get(one)));
        if let Some(known) = known.cloned() {
            self.words.insert(word.to_owned(), known.clone());
            return known;
        }
        // What a street is stays: `Lindenstraße` is another street.
        let street = ["straße", "strasse", "gasse", "allee", "platz"].into_iter().find(|end| word.ends_with(end));
        let new = format!("{}{}", inventor.word(sort), street.unwrap_or_default());
        self.words.insert(word.to_owned(), new.clone());
        for spelling in spellings {
            self.spelled.entry(spelling).or_insert_with(|| new.clone());
        }
        new
    }

    fn domain_for(&mut self, domain: &str, inventor: &mut Inventor) {
        if self.domains.contains_key(domain) {
            return;
        }
        let old = stem(domain);
        let parts: Vec<String> = old
            .split('-')
            .map(|part| match self.words.get(part) {
                Some(new) => new.to_lowercase(),
                None => self.glued(part).unwrap_or_else(|| match is_no_name(part) && old.contains('-') {
                    true => part.to_owned(),
                    false => inventor.word(Sort::Company).to_lowercase(),
                }),
            })
            .collect();
        let mut name = parts.join("-");
        let mut count = 2;
        while self.domains.values().any(|other| *other == format!("{name}.example")) || name == old {
            name = format!("{}{count}", parts.join("-"));
            count += 1;
        }
        self.domains.insert(domain.to_owned(), format!("{name}.example"));
    }

    /// `northwindlogistics` where `northwind` is known.
    fn glued(&self, part: &str) -> Option<String> {
        let (word, new) = self
            .words
            .iter()
            .filter(|(word, _)| word.len() >= 4 && part.starts_with(word.as_str()))
            .max_by_key(|(word, _)| word.len())?;
        Some(format!("{}{}", new.to_lowercase(), part.get(word.len()..)?))
    }

    fn address_for(&mut self, address: &str, name: Option<&[String]>, inventor: &mut Inventor) {
        let Some((local, host)) = address.rsplit_once('@') else { return };
        let host = self.host(host).unwrap_or_else(|| host.to_owned());
        let parts: Vec<&str> = local.split_inclusive(['.', '_', '-', '+']).collect();
        let known = |part: &str| {
            let word = part.trim_end_matches(['.', '_', '-', '+']);
            let sign = &part[word.len()..];
            let new = match self.words.get(word) {
                Some(new) => new.to_lowercase(),
                None if is_no_name(word) => word.to_owned(),
                None => return None,
            };
            Some(format!("{new}{sign}"))
        };
        let whole: Option<String> = parts.iter().map(|part| known(part)).collect();
        let named = || {
            let new: Vec<String> =
                name?.iter().filter_map(|word| self.words.get(word)).map(|new| new.to_lowercase()).collect();
            (!new.is_empty()).then(|| new.join("."))
        };
        let new = match whole {
            Some(new) => new,
            None if local.bytes().filter(u8::is_ascii_digit).count() >= 3 || local.len() > 20 => {
                inventor.id(local).to_lowercase()
            }
            None => named().unwrap_or_else(|| "mailbox".to_owned()),
        };
        let mut full = format!("{new}@{host}");
        let mut count = 2;
        while !self.taken.insert(full.clone()) {
            full = format!("{new}{count}@{host}");
            count += 1;
        }
        self.addresses.insert(address.to_owned(), full);
    }

    /// A host under its new domain; `None` where the domain stays.
    pub(super) fn host(&self, host: &str) -> Option<String> {
        let host = host.to_lowercase();
        let old = registered(&host);
        let new = self.domains.get(&old)?;
        let under = host.strip_suffix(old.as_str())?;
        let labels: String = under
            .split_inclusive('.')
            .map(|label| {
                let word = label.trim_end_matches('.');
                match self.words.get(word) {
                    Some(new) => format!("{}.", new.to_lowercase()),
                    None => label.to_owned(),
                }
            })
            .collect();
        Some(format!("{labels}{new}"))
    }

    /// Old and new of everything, for those who must be able to turn it back.
    pub fn pairs(&self) -> Vec<(&'static str, String, String)> {
        let mut pairs: Vec<(&'static str, String, String)> = Vec::new();
        let maps = [
            ("word", &self.words),
            ("address", &self.addresses),
            ("domain", &self.domains),
            ("number", &self.numbers),
            ("id", &self.ids),
        ];
        for (sort, map) in maps {
            pairs.extend(map.iter().map(|(old, new)| (sort, old.clone(), new.clone())));
        }
        pairs.extend(self.phrases.iter().map(|(old, new)| ("phrase", old.join(" "), new.join(" ").trim().to_owned())));
        pairs.sort();
        pairs
    }
}

/// The name of a domain without what every domain ends with.
fn stem(domain: &str) -> &str {
    domain.split('.').next().unwrap_or_default()
}

/// A word without the marks of its letters, and as it is spelled without them.
fn spellings(word: &str) -> [String; 3] {
    let folded = |spelled: bool| word.chars().flat_map(|c| fold_letter(c, spelled)).collect();
    [word.to_owned(), folded(false), folded(true)]
}

/// A letter without its marks, or as it is spelled without them.
fn fold_letter(c: char, spelled: bool) -> Vec<char> {
    use unicode_normalization::UnicodeNormalization;
    match (c, spelled) {
        ('ä', true) => vec!['a', 'e'],
        ('ö', true) => vec!['o', 'e'],
        ('ü', true) => vec!['u', 'e'],
        ('ß', _) => vec!['s', 's'],
        ('ø', _) => vec!['o'],
        ('æ', _) => vec!['a', 'e'],
        ('å', true) => vec!['a', 'a'],
        ('ł', _) => vec!['l'],
        (c, _) => c.nfd().filter(|mark| !('\u{300}'..='\u{36f}').contains(mark)).collect(),
    }
}

//! One new name for every old one, wherever it stands: whole addresses and
//! domains, numbers in any shape, names word by word, so that a first name
//! alone still belongs to the whole. Where each piece stood is kept, so that
//! quotes can be found again.

use rustc_hash::{FxHashMap, FxHashSet};

use super::invention::{Inventor, Sort};
use super::inventory::{Inventory, addresses, capitalised, hosts, registered, words};
use super::numbers::{self, is_id, runs, sort_of};
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
    long: Vec<(String, String)>,
    pub(super) phrases: Vec<(Vec<String>, Vec<String>)>,
    /// Family name and first letter of the given one, and the other way round: the new letter.
    initials: FxHashMap<(String, char), char>,
    pub(super) addresses: FxHashMap<String, String>,
    pub(super) domains: FxHashMap<String, String>,
    pub(super) numbers: FxHashMap<String, String>,
    pub(super) ids: FxHashMap<String, String>,
    cipher: Option<[u8; 10]>,
    /// `mueller` and `muller` for `müller`.
    spelled: FxHashMap<String, String>,
    /// New addresses.
    taken: FxHashSet<String>,
}

/// A text with its pieces replaced.
pub struct Replaced {
    pub text: String,
    /// Old begin and end, new begin and end, in order.
    pieces: Vec<[usize; 4]>,
}

struct Span {
    start: usize,
    end: usize,
    new: String,
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
            for word in stem.split('-') {
                inventory.take_word(word, Sort::Company);
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
    fn host(&self, host: &str) -> Option<String> {
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

    /// Replaces everything in a text.
    pub fn text(&self, text: &str) -> String {
        self.replace("", text).text
    }

    /// The same with what stands before the text, and with the places of the pieces.
    pub fn replace(&self, lead: &str, text: &str) -> Replaced {
        let mut spans: Vec<Span> = Vec::new();
        for (start, at, end) in addresses(text) {
            let new = self.addresses.get(&text[start..end].to_lowercase()).cloned();
            let new =
                new.or_else(|| Some(format!("{}@{}", self.names(&text[start..at]), self.host(&text[at + 1..end])?)));
            spans.extend(new.map(|new| Span { start, end, new }));
        }
        // The addresses are in order and apart, which is what `free_in` needs.
        let hosts: Vec<Span> = hosts(text)
            .into_iter()
            .filter(|(start, end)| free_in(&spans, *start, *end))
            .filter_map(|(start, end)| Some(Span { start, end, new: self.host(&text[start..end])? }))
            .collect();
        spans.extend(hosts);
        spans.sort_by_key(|span| span.start);
        let mut numbers = Vec::new();
        for run in runs(text) {
            let shown = &text[run.start..run.end];
            let amount = || {
                let cipher = self.cipher.filter(|_| sort_of(lead, text, &run) == Some(numbers::Sort::Amount))?;
                Some(encipher(&cipher, shown))
            };
            let new = self.number(shown, &run.digits).or_else(|| machine(lead, text, &run)).or_else(amount);
            if let Some(new) = new.filter(|_| free_in(&spans, run.start, run.end)) {
                numbers.push(Span { start: run.start, end: run.end, new });
            }
        }
        spans.extend(numbers);
        spans.sort_by_key(|span| span.start);
        let mut rest = Vec::new();
        let mut at = 0;
        for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
            let start = text[at..].find(word).map_or(at, |offset| at + offset);
            at = start + word.len();
            if let Some(new) = self.ids.get(word).filter(|_| is_id(word) && free_in(&spans, start, at)) {
                rest.push(Span { start, end: at, new: new.clone() });
            }
        }
        spans.extend(rest);
        spans.sort_by_key(|span| span.start);
        let names = self.name_spans(text, &spans);
        spans.extend(names);
        spans.sort_by_key(|span| span.start);
        apply(text, spans)
    }

    fn number(&self, shown: &str, digits: &str) -> Option<String> {
        if let Some(new) = self.numbers.get(digits) {
            return Some(in_shape(shown, new));
        }
        // A known number with more digits behind or before it.
        let (old, new) =
            self.numbers.iter().filter(|(old, _)| digits.contains(old.as_str())).max_by_key(|(old, _)| old.len())?;
        Some(in_shape(shown, &digits.replacen(old.as_str(), new, 1)))
    }

    fn names(&self, text: &str) -> String {
        let spans = self.name_spans(text, &[]);
        apply(text, spans).text
    }

    fn name_spans(&self, text: &str, taken: &[Span]) -> Vec<Span> {
        let all = words(text);
        let lower: Vec<String> = all.iter().map(|(_, word)| word.to_lowercase()).collect();
        let mut spans: Vec<Span> = Vec::new();
        let mut skip: FxHashSet<usize> = FxHashSet::default();
        for at in 0..all.len() {
            for (phrase, new) in &self.phrases {
                let fits = lower.get(at..at + phrase.len()).is_some_and(|found| found == phrase.as_slice())
                    && (at..at + phrase.len() - 1).all(|place| is_joint(text, &all, place))
                    && (at..at + phrase.len()).all(|place| !skip.contains(&place))
                    && all[at].1.starts_with(|c: char| c.is_uppercase()) | phrase.iter().all(|word| !is_everyday(word));
                if fits {
                    for (offset, new) in new.iter().enumerate() {
                        let (start, word) = all[at + offset];
                        skip.insert(at + offset);
                        if free_in(taken, start, start + word.len()) && *new != word {
                            spans.push(Span { start, end: start + word.len(), new: in_case(word, new) });
                        }
                    }
                }
            }
        }
        for (at, (start, word)) in all.iter().enumerate() {
            let end = start + word.len();
            if skip.contains(&at) || !free_in(taken, *start, end) {
                continue;
            }
            let new = self.initial(text, &all, &lower, at).or_else(|| self.word(text, &all, &lower, at));
            spans.extend(new.filter(|new| new != word).map(|new| Span { start: *start, end, new }));
        }
        spans
    }

    /// `D.` before or behind the name it belongs to.
    fn initial(&self, text: &str, all: &[(usize, &str)], lower: &[String], at: usize) -> Option<String> {
        let (start, word) = all[at];
        let mut letters = word.chars();
        let letter = letters.next().filter(|letter| letters.next().is_none() && letter.is_uppercase())?;
        let folded = letter.to_lowercase().next()?;
        let next = lower.get(at + 1).filter(|_| is_joint(text, all, at));
        let dotted = text[start + word.len()..].starts_with('.');
        let before =
            at.checked_sub(1).filter(|before| dotted && is_joint(text, all, *before)).map(|before| &lower[before]);
        let found = next.into_iter().chain(before).find_map(|name| self.initials.get(&(name.clone(), folded)))?;
        Some(found.to_string())
    }

    fn word(&self, text: &str, all: &[(usize, &str)], lower: &[String], at: usize) -> Option<String> {
        let (start, word) = all[at];
        let folded = lower[at].as_str();
        let known = |folded: &str| {
            self.words.get(folded).filter(|_| !is_everyday(folded) || self.is_meant(text, all, lower, at))
        };
        if let Some(new) = known(folded) {
            return Some(in_case(word, new));
        }
        // `Whitfields Vertrag`: a name with a letter of its grammar.
        if let Some((base, new)) =
            folded.strip_suffix('s').filter(|base| base.len() >= 4).and_then(|base| Some((base, known(base)?)))
        {
            let tail = word.get(base.len()..).unwrap_or("s");
            return Some(format!("{}{tail}", in_case(word.get(..base.len()).unwrap_or(word), new)));
        }
        if folded.len() != word.len() || folded.len() <= LONG_WORD {
            return None;
        }
        let _ = start;
        let mut changed = word.to_owned();
        for (old, new) in &self.long {
            while let Some(place) =
                changed.to_lowercase().find(old.as_str()).filter(|_| changed.to_lowercase().len() == changed.len())
            {
                let Some(piece) = changed.get(place..place + old.len()) else { break };
                let fresh = in_case(piece, new);
                changed.replace_range(place..place + old.len(), &fresh);
                if fresh.to_lowercase().contains(old.as_str()) {
                    break;
                }
            }
        }
        (changed != word).then_some(changed)
    }

    /// Whether a word of every day is the name here: with a capital, beside another name or inside a sentence.
    fn is_meant(&self, text: &str, all: &[(usize, &str)], lower: &[String], at: usize) -> bool {
        let (start, word) = all[at];
        if !word.starts_with(|c: char| c.is_uppercase()) {
            return false;
        }
        let is_name = |place: usize, joint: usize| {
            lower.get(place).is_some_and(|other| self.words.contains_key(other)) && is_joint(text, all, joint)
        };
        if is_name(at + 1, at) || at > 0 && is_name(at - 1, at - 1) {
            return true;
        }
        let around = |text: &str| text.trim_start_matches([' ', '.', ',']).starts_with(|c: char| c.is_ascii_digit());
        if around(&text[start + word.len()..]) || text[..start].trim_end().ends_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let opens = text[..start].trim_end_matches([' ', '\t', '"', '“']).ends_with(|c| ".!?:;\n\r>*•-–".contains(c));
        let alone = text[start + word.len()..].starts_with([',', ':', '\n', '\r']);
        start > 0 && !opens || alone
    }

    /// A value of the gold: its texts, and with amounts its figures.
    pub fn value(&self, value: &mut serde_json::Value, is_amount: bool) {
        use serde_json::Value as Json;
        match value {
            Json::String(text) if is_amount && text.chars().all(|c| c.is_ascii_digit() || ".,-".contains(c)) => {
                if let Some(cipher) = &self.cipher {
                    *text = encipher(cipher, text);
                }
            }
            Json::String(text) => *text = self.text(text),
            Json::Array(items) => items.iter_mut().for_each(|item| self.value(item, is_amount)),
            Json::Object(entries) => {
                entries.iter_mut().for_each(|(key, item)| self.value(item, is_amount || key == "amount"));
            }
            Json::Number(number) if is_amount => {
                let text = number.to_string();
                if let Some(new) =
                    self.cipher.and_then(|cipher| encipher(&cipher, &text).parse::<serde_json::Number>().ok())
                {
                    *number = new;
                }
            }
            Json::Number(number) => {
                let text = number.to_string();
                if let Some(new) = self.numbers.get(&text).and_then(|new| new.parse::<serde_json::Number>().ok()) {
                    *number = new;
                }
            }
            Json::Null | Json::Bool(_) => {}
        }
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

impl Replaced {
    /// A stretch of the old text in the new one: whole pieces, since half a name is none.
    pub fn stretch(&self, start: usize, end: usize) -> &str {
        let (from, to) = (self.place(start, false), self.place(end, true));
        self.text.get(from..to.max(from)).unwrap_or_default()
    }

    fn place(&self, old: usize, is_end: bool) -> usize {
        let mut shift: isize = 0;
        for [start, end, new_start, new_end] in &self.pieces {
            if *end <= old {
                shift = *new_end as isize - *end as isize;
            } else if *start < old {
                return if is_end { *new_end } else { *new_start };
            } else {
                break;
            }
        }
        old.saturating_add_signed(shift)
    }
}

fn apply(text: &str, spans: Vec<Span>) -> Replaced {
    let mut out = String::with_capacity(text.len() + 64);
    let mut pieces = Vec::with_capacity(spans.len());
    let mut done = 0;
    for span in spans {
        let Some(between) = text.get(done..span.start) else { continue };
        out.push_str(between);
        let from = out.len();
        out.push_str(&span.new);
        pieces.push([span.start, span.end, from, out.len()]);
        done = span.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Replaced { text: out, pieces }
}

/// Whether nothing of sorted spans lies in a stretch.
fn free_in(spans: &[Span], start: usize, end: usize) -> bool {
    let next = spans.partition_point(|span| span.end <= start);
    spans.get(next).is_none_or(|span| span.start >= end)
}

/// Between two words stands what joins the words of a name: a space, a line break with signs of a quote, a dash, a point.
fn is_joint(text: &str, all: &[(usize, &str)], at: usize) -> bool {
    let (Some((start, word)), Some((next, _))) = (all.get(at), all.get(at + 1)) else { return false };
    let between = &text[start + word.len()..*next];
    between.len() <= 6 && between.chars().all(|c| c.is_whitespace() || ".-_>+'’".contains(c))
}

/// The new word as the old one was written.
fn in_case(old: &str, new: &str) -> String {
    let has = |is: fn(char) -> bool| old.chars().any(is);
    match (has(char::is_uppercase), has(char::is_lowercase)) {
        (true, false) if old.chars().count() > 1 => new.to_uppercase(),
        (false, _) => new.to_lowercase(),
        _ => new.to_owned(),
    }
}

/// Digits in the shape of others.
fn in_shape(shown: &str, digits: &str) -> String {
    let mut digits = digits.chars();
    shown.chars().map(|c| if c.is_ascii_digit() { digits.next().unwrap_or('0') } else { c }).collect()
}

fn encipher(cipher: &[u8; 10], text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c, |digit| char::from(b'0' + cipher[digit as usize]))).collect()
}

/// Machines get an address that is nobody's.
fn machine(lead: &str, text: &str, run: &numbers::Run) -> Option<String> {
    (sort_of(lead, text, run) == Some(numbers::Sort::Machine)).then(|| {
        let sum: u32 = run.digits.bytes().map(u32::from).sum();
        format!("192.0.2.{}", sum % 250 + 1)
    })
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

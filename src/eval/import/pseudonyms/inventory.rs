//! Whom and what a handoff names: people by the words of their names,
//! companies, addresses, domains, numbers and ids, collected from the sources,
//! the brief and the gold before anything is replaced, so that each has one
//! new name wherever it stands.

use rustc_hash::{FxHashMap, FxHashSet};

use super::invention::Sort;
use super::numbers::{self, is_id, runs, sort_of};
use super::ordinary::{is_everyday, is_no_name, is_shared, is_title};
use super::places;

/// Everything that is to be replaced, in the order it was met.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    /// Words of names in lower case.
    pub words: Vec<(String, Sort)>,
    /// Names of several words in which no single word is nobody else's: words in lower case.
    pub phrases: Vec<(Vec<String>, Sort)>,
    /// Given and family name of one person, in lower case.
    pub people: Vec<(String, String)>,
    /// Addresses in lower case, with the name that stood beside them.
    pub addresses: Vec<(String, Option<Vec<String>>)>,
    /// Domains as they are registered, in lower case.
    pub domains: Vec<String>,
    /// Digits, what they are, and how many in front stay.
    pub numbers: Vec<(String, numbers::Sort, usize)>,
    pub ids: Vec<String>,
    /// Every word of every text in lower case: nothing invented may be among them.
    pub all_words: FxHashSet<String>,
    /// Words that somewhere stand in small letters, as words do that are no names.
    small: FxHashSet<String>,
    at_address: FxHashMap<String, usize>,
    known: FxHashSet<String>,
}

impl Inventory {
    /// Learns the words of a text; all texts come by here before anything is taken.
    pub fn learn(&mut self, text: &str) {
        for (start, word) in words(text) {
            let sign = |c: Option<char>| c.is_some_and(|c| "@_-/.".contains(c) || c.is_ascii_digit());
            let before = text[..start].chars().next_back();
            let mut after = text[start + word.len()..].chars();
            let glued = sign(before)
                || match after.next() {
                    Some('.') => after.next().is_some_and(char::is_alphanumeric),
                    next => sign(next),
                };
            if !glued && word.chars().all(char::is_lowercase) && !self.small.contains(word) {
                self.small.insert(word.to_owned());
            }
            self.all_words.insert(word.to_lowercase());
        }
    }

    /// Whether any company's name was met.
    pub fn knows_company(&self) -> bool {
        let has_word = self.words.iter().any(|(_, sort)| *sort == Sort::Company);
        has_word || self.phrases.iter().any(|(_, sort)| *sort == Sort::Company) || self.domains.len() > 1
    }

    /// Whether a word stands in small letters somewhere.
    pub fn is_small(&self, word: &str) -> bool {
        self.small.contains(word)
    }

    /// Takes the addresses, domains, numbers and ids of a text in. `lead` is what stands before it.
    pub fn take_text(&mut self, lead: &str, text: &str) {
        for place in addresses(text) {
            let (local, domain) = (&text[place.0..place.1], &text[place.1 + 1..place.2]);
            let name = name_before(text, place.0);
            self.take_address(&format!("{local}@{domain}"), name);
        }
        for (start, end) in hosts(text) {
            let opens = text[..start].ends_with("://") || text[start..].starts_with("www.");
            if opens {
                self.take_domain(&text[start..end]);
            }
        }
        for run in runs(text) {
            if let Some(sort) = sort_of(lead, text, &run).filter(|sort| *sort != numbers::Sort::Amount) {
                let plus = text[run.start..run.end].contains('+');
                let kept = match (sort, plus) {
                    (numbers::Sort::Phone, true) => 2 - usize::from(run.digits.starts_with('1')),
                    (numbers::Sort::Phone, false) => usize::from(run.digits.starts_with('0')),
                    _ => 0,
                };
                self.add("number", &run.digits.clone(), |this| this.numbers.push((run.digits, sort, kept)));
            }
        }
        for word in places::streets(text) {
            self.take_weak_word(&word, Sort::Company);
        }
        for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| is_id(word)) {
            self.add("id", word, |this| this.ids.push(word.to_owned()));
        }
    }

    fn add(&mut self, sort: &str, key: &str, add: impl FnOnce(&mut Self)) {
        if self.known.insert(format!("{sort}:{key}")) {
            add(self);
        }
    }

    pub fn take_address(&mut self, address: &str, name: Option<String>) {
        let Some((local, domain)) = address.rsplit_once('@') else { return };
        self.take_domain(domain);
        let told = name.as_deref().map(name_words).filter(|words| !words.is_empty());
        if let Some(name) = &name {
            self.take_person(name);
        }
        // `helen.ortiz@` names somebody whom nothing else may name.
        let parts: Vec<&str> = local.split(['.', '_', '-', '+']).collect();
        let is_name = |part: &&str| part.chars().count() >= 2 && part.chars().all(char::is_alphabetic);
        if (2..=3).contains(&parts.len())
            && parts.iter().all(is_name)
            && !parts.iter().any(|part| is_no_name(&part.to_lowercase()))
        {
            let capital: Vec<String> = parts.iter().map(|part| capitalised(part)).collect();
            self.take_mentioned(&capital.join(" "));
        }
        let address = address.to_lowercase();
        match self.at_address.get(&address).and_then(|at| self.addresses.get_mut(*at)) {
            Some((_, name)) => *name = name.take().or(told),
            None => {
                self.at_address.insert(address.clone(), self.addresses.len());
                self.addresses.push((address, told));
            }
        }
    }

    pub fn take_domain(&mut self, host: &str) {
        let domain = registered(&host.to_lowercase());
        if !domain.contains('.') || is_shared(&domain) || domain.split('.').all(|part| part.parse::<u8>().is_ok()) {
            return;
        }
        self.add("domain", &domain.clone(), |this| this.domains.push(domain));
    }

    /// A person's name in any form: `Dana Whitfield`, `Whitfield, Dana`, `Dana`. Who writes or is listed.
    pub fn take_person(&mut self, name: &str) {
        self.take_named(name, true);
    }

    /// A name that rules or a model saw in a text: a word of it that also stands in small letters is none.
    pub fn take_mentioned(&mut self, name: &str) {
        self.take_named(name, false);
    }

    fn take_named(&mut self, name: &str, is_sure: bool) {
        let turned = match name.split_once(", ") {
            Some((last, first)) if !first.contains(',') && first.split(' ').count() <= 2 => format!("{first} {last}"),
            _ => name.to_owned(),
        };
        let turned = turned.split(" from ").next().unwrap_or_default().split(" at ").next().unwrap_or_default();
        let mut words = name_words(turned);
        if is_sure && !turned.chars().any(char::is_uppercase) {
            // A name that somebody gave to themselves in a chat.
            words = inventory_words(turned).filter(|word| word.chars().count() >= 3 && !is_no_name(word)).collect();
        }
        // `Box Office`: one word beside the name of a room is no person.
        let has_room = inventory_words(turned).any(|word| is_no_name(&word) && !is_title(&word));
        if words.len() > 4 || words.len() == 1 && has_room {
            return;
        }
        words.retain(|word| is_sure || !self.is_small(word));
        if words.is_empty() {
            return;
        }
        let last = words.len() - 1;
        for (at, word) in words.iter().enumerate() {
            let sort = if at == last && at > 0 { Sort::Family } else { Sort::Given };
            self.take_word(word, sort);
        }
        if let [first, .., last] = words.as_slice() {
            let pair = (first.clone(), last.clone());
            self.add("person", &format!("{first} {last}"), |this| this.people.push(pair));
            if words.iter().any(|word| is_everyday(word)) {
                self.add("phrase", &words.join(" "), |this| this.phrases.push((words.clone(), Sort::Given)));
            }
        }
    }

    /// The names before the colons of chats and transcripts: `Dana Whitfield: yes`, `09:20 - Marcus Lee: no`. One word
    /// alone may be any heading.
    pub fn take_speakers(&mut self, text: &str) {
        for line in text.lines() {
            let Some((label, _)) = line.split_once(": ").filter(|(label, _)| label.len() <= 80) else { continue };
            // `Dana Whitfield (Northwind)` tells whom somebody speaks for.
            if let Some((_, company)) = label.strip_suffix(')').and_then(|label| label.rsplit_once(" (")) {
                self.take_weak_company(company);
            }
            let label = label.split(" (").next().unwrap_or_default();
            let label = label.rsplit(['>', ']', '-', '<', '\t']).next().unwrap_or_default().trim();
            if label.contains(' ') && label.split(' ').all(|word| word.starts_with(|c: char| c.is_uppercase())) {
                self.take_mentioned(label);
            }
        }
    }

    /// The places of a postal address that stands by itself.
    pub fn take_postal(&mut self, text: &str) {
        for word in places::words_of(text) {
            self.take_weak_word(&word, Sort::Company);
        }
    }

    /// What may be a company's name: the words of it that have a capital and never stand in small letters.
    pub fn take_weak_company(&mut self, text: &str) {
        for (_, word) in words(text) {
            if word.starts_with(|c: char| c.is_uppercase()) && word.chars().count() >= 3 {
                self.take_weak_word(word, Sort::Company);
            }
        }
    }

    pub fn take_weak_word(&mut self, word: &str, sort: Sort) {
        let folded = word.to_lowercase();
        if !self.is_small(&folded) && !is_everyday(&folded) {
            self.take_word(word, sort);
        }
    }

    /// A company's name. Words that many companies share stay where another word is its own.
    pub fn take_company(&mut self, name: &str) {
        let all: Vec<String> = words(name).into_iter().map(|(_, word)| word.to_lowercase()).collect();
        if all.is_empty() || all.len() > 6 {
            return;
        }
        let own: Vec<&String> = all.iter().filter(|word| word.chars().count() >= 2 && !is_no_name(word)).collect();
        let plain: Vec<&&String> = own.iter().filter(|word| !is_everyday(word)).collect();
        for word in &plain {
            self.take_word(word, Sort::Company);
        }
        if plain.is_empty() && all.len() > 1 || own.len() > plain.len() && own.len() > 1 {
            self.add("phrase", &all.join(" "), |this| this.phrases.push((all.clone(), Sort::Company)));
        }
    }

    pub fn take_word(&mut self, word: &str, sort: Sort) {
        let word = word.to_lowercase();
        if word.chars().count() < 2 || is_no_name(&word) {
            return;
        }
        self.add("word", &word.clone(), |this| this.words.push((word, sort)));
    }
}

/// The words of a name in lower case: capitalised ones that are no role, title, room or single letter.
pub(super) fn name_words(name: &str) -> Vec<String> {
    let before = name.split(['(', '[', '<', '|', '/']).next().unwrap_or_default();
    let is_name = |word: &&str| {
        word.chars().count() >= 2 && word.starts_with(|c: char| c.is_uppercase()) && !is_no_name(&word.to_lowercase())
    };
    words(before).into_iter().map(|(_, word)| word).filter(is_name).map(str::to_lowercase).collect()
}

fn inventory_words(text: &str) -> impl Iterator<Item = String> + '_ {
    words(text).into_iter().map(|(_, word)| word.to_lowercase())
}

/// The name that stands before an address in `<…>`.
fn name_before(text: &str, address: usize) -> Option<String> {
    let before = text.get(..address)?.strip_suffix("mailto:").or(text.get(..address))?;
    let before = before.trim_end().strip_suffix(['<', '['])?;
    let line = before.rsplit(['\n', ';', ':', '>', '|', '\t']).next().unwrap_or_default().trim();
    if let Some(quoted) = line.strip_suffix('"') {
        return quoted.rsplit('"').next().map(str::to_owned);
    }
    let line = line.rsplit(", ").next().unwrap_or_default();
    let is_name = |word: &&str| {
        word.starts_with(|c: char| c.is_uppercase())
            && word.chars().all(|c| c.is_alphabetic() || "'’.-".contains(c))
            && !matches!(*word, "AM" | "PM" | "Uhr")
    };
    let last: Vec<&str> = line.split_whitespace().rev().take_while(|word| is_name(word)).take(3).collect();
    (!last.is_empty()).then(|| last.into_iter().rev().collect::<Vec<_>>().join(" "))
}

/// Runs of letters with where they begin.
pub(super) fn words(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        let is_letter = c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c);
        match (is_letter, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        found.push((from, &text[from..]));
    }
    found
}

/// Addresses: where one begins, where its sign stands, where it ends.
pub(super) fn addresses(text: &str) -> Vec<(usize, usize, usize)> {
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    for (at, _) in text.match_indices('@') {
        let local = |c: char| c.is_alphanumeric() || "._%+'$=-".contains(c);
        let start = text[..at]
            .rfind(|c: char| !local(c))
            .map_or(0, |place| place + text[place..].chars().next().map_or(1, char::len_utf8));
        let start = start.max(found.last().map_or(0, |last| last.2));
        let rest = &text[at + 1..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || ".-".contains(c))).unwrap_or(rest.len());
        let domain = rest[..end].trim_end_matches(['.', '-']);
        if start < at && domain.contains('.') && !domain.starts_with('.') {
            found.push((start, at, at + 1 + domain.len()));
        }
    }
    found
}

/// Words with points between them, as hosts are written.
pub(super) fn hosts(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    for piece in text.split(|c: char| !(c.is_alphanumeric() || ".-".contains(c))) {
        let start = text[at..].find(piece).map_or(at, |offset| at + offset);
        at = start + piece.len();
        let host = piece.trim_matches(['.', '-']);
        let from = start + piece.find(host).unwrap_or(0);
        if host.contains('.') && !host.contains("..") && host.len() >= 4 {
            found.push((from, from + host.len()));
        }
    }
    found
}

/// The part of a host that somebody registered: the last two names, three where the last two are a country's.
pub(super) fn registered(host: &str) -> String {
    let parts: Vec<&str> = host.split('.').collect();
    let is_country = |parts: &[&str]| matches!(parts, [.., second, top] if top.len() == 2 && ["co", "com", "org", "net", "gov", "ac", "gob", "or"].contains(second));
    let count = if is_country(&parts) { 3 } else { 2 };
    parts[parts.len().saturating_sub(count)..].join(".")
}

pub(super) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect())
        .unwrap_or_default()
}

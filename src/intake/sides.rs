//! Who is who: names without an address are matched to the people known from
//! mail and chat, and every author is put on our side, theirs, or neither.

use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use super::attendees;
use super::draft::{Collected, Draft, DraftMessage};
use super::names;
use crate::conversation::{Author, Conversation, Side};
use crate::value::Participant;

/// The people known so far, and those whose side nothing told yet.
#[derive(Debug)]
pub(super) struct Sides {
    directory: Directory,
    /// Documents with messages of somebody unknown, with whom first names mean in them.
    open: Vec<(usize, ShortNames)>,
}

impl Sides {
    pub(super) fn new(our_domains: &[String]) -> Self {
        Sides { directory: Directory::new(our_domains), open: Vec::new() }
    }

    /// Gives every author and quoted author of the documents from `from` on the address and side that can be told.
    /// Of messages before those only the author's side is told, where nothing told it then: names and addresses in
    /// them have been shown to people and models. Answers with the places of these messages.
    pub(super) fn tell(&mut self, collected: &mut Collected, from: usize) -> Vec<(usize, usize)> {
        self.directory.learn_all(collected, from);
        let told = self.tell_later(collected);
        let listed = std::mem::take(&mut collected.listed);
        let everyone = ShortNames::of(self.directory.full_names.keys().map(String::as_str));
        let mut unmatched: Vec<(String, String, String)> = Vec::new();
        let mut seen: FxHashSet<(String, String, String)> = FxHashSet::default();
        for (index, draft) in collected.drafts.iter_mut().enumerate().skip(from) {
            let here = people_of(draft, &listed);
            for message in &mut draft.messages {
                self.directory.complete_message(message, &here);
                let nameless = message.author.name.as_ref().filter(|_| message.author.address.is_none());
                let meant = nameless.and_then(|name| Some((name, self.directory.name(everyone.find(name)?)?)));
                if let Some((name, full)) = meant {
                    let told = (draft.source.clone(), name.clone(), full.to_owned());
                    if seen.insert(told.clone()) {
                        unmatched.push(told);
                    }
                }
            }
            attendees::tell_called(draft, &self.directory.our_domains);
            if draft.messages.iter().any(is_open) {
                self.open.push((index, here));
            }
        }
        for (source, name, full) in unmatched {
            let message = format!("{name} may be {full}, but a first name alone proves nobody: the side is not known");
            collected.warn(&source, "", message);
        }
        told
    }

    fn tell_later(&mut self, collected: &mut Collected) -> Vec<(usize, usize)> {
        let mut told = Vec::new();
        let directory = &self.directory;
        self.open.retain(|(index, here)| {
            let Some(draft) = collected.drafts.get_mut(*index) else { return false };
            for (at, message) in draft.messages.iter_mut().enumerate().filter(|(_, message)| is_open(message)) {
                let mut author = message.author.clone();
                directory.complete(&mut author, here);
                message.author.side = directory.side_beside(author.side, message, here);
                if message.author.side != Side::Unknown {
                    told.push((*index, at));
                }
            }
            draft.messages.iter().any(is_open)
        });
        told
    }

    /// Without a domain of our own nobody's side is known, which a person can mend.
    pub(super) fn warn_without_domain(&self, collected: &mut Collected) {
        let mut messages = collected.drafts.iter().flat_map(|draft| &draft.messages);
        if self.directory.our_domains.is_empty() && messages.any(|message| message.author.label().is_some()) {
            let message = "no domain of your own is known, so nobody's side is: name yours with --our-domain";
            collected.warn("", "", message);
        }
    }
}

/// Somebody spoke of whom no side is known.
pub(super) fn is_open(message: &DraftMessage) -> bool {
    message.author.side == Side::Unknown && message.author.label().is_some()
}

/// Everyone with a name or an address, once, in order of first appearance.
pub fn participants(conversation: &Conversation) -> Vec<Participant> {
    let said = conversation.messages.iter().flat_map(|message| {
        let quoted = message.segments.iter().filter_map(|segment| segment.author.as_ref());
        std::iter::once(&message.author).chain(quoted)
    });
    let mut found: Vec<Participant> = Vec::new();
    let mut by_address: FxHashMap<String, usize> = FxHashMap::default();
    let mut by_name: FxHashMap<String, usize> = FxHashMap::default();
    let mut seen: FxHashSet<&Author> = FxHashSet::default();
    // People with an address first, so that a bare name finds them.
    let authors: Vec<&Author> = said.filter(|author| author.label().is_some() && seen.insert(author)).collect();
    let (addressed, bare): (Vec<&Author>, Vec<&Author>) =
        authors.into_iter().partition(|author| author.address.is_some());
    for author in addressed.into_iter().chain(bare) {
        let name = author.label().unwrap_or_default();
        let folded = names::fold_name(name);
        let known = match &author.address {
            Some(address) => by_address.get(&address.to_lowercase()),
            None => by_name.get(&folded),
        };
        match known.and_then(|at| found.get_mut(*at)) {
            Some(person) => {
                if person.side == Side::Unknown {
                    person.side = author.side;
                }
                if let (Some(name), true) = (&author.name, Some(&person.name) == person.address.as_ref()) {
                    person.name.clone_from(name);
                }
            }
            None => {
                let at = found.len();
                found.push(Participant { name: name.to_owned(), address: author.address.clone(), side: author.side });
                if let Some(address) = &author.address {
                    by_address.insert(address.to_lowercase(), at);
                }
                by_name.entry(folded).or_insert(at);
            }
        }
    }
    found
}

/// Someone a name may mean.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    name: String,
    address: String,
    side: Side,
}

/// What one name means: one person, or several addresses, perhaps all on one side.
#[derive(Debug)]
enum Meaning {
    One(Known),
    Several(Side),
}

#[derive(Debug)]
struct Directory {
    our_domains: Vec<String>,
    full_names: FxHashMap<String, Meaning>,
    our_teams: FxHashSet<String>,
    /// The first label of every domain seen: a company named in brackets is looked up here.
    companies: FxHashMap<String, Side>,
    /// Full names and the house that a list of people names beside them; none where two lists differ.
    housed: FxHashMap<String, Option<String>>,
}

impl Directory {
    fn new(our_domains: &[String]) -> Self {
        let clean = |domain: &String| domain.trim().trim_start_matches(['@', '*', '.']).to_ascii_lowercase();
        Directory {
            our_domains: our_domains.iter().map(clean).filter(|domain| !domain.is_empty()).collect(),
            full_names: FxHashMap::default(),
            our_teams: FxHashSet::default(),
            companies: FxHashMap::default(),
            housed: FxHashMap::default(),
        }
    }

    /// Takes in whom headers and directories name, and who wrote the documents from `from` on.
    fn learn_all(&mut self, collected: &mut Collected, from: usize) {
        for known in std::mem::take(&mut collected.acquaintances) {
            self.learn(&known.name, &known.address, known.team.as_deref());
        }
        for (name, house) in std::mem::take(&mut collected.housed) {
            let known = self.housed.entry(names::fold_name(&name)).or_insert_with(|| Some(house.clone()));
            if known.as_ref().is_some_and(|other| *other != house) {
                *known = None;
            }
        }
        for message in collected.drafts.iter().skip(from).flat_map(|draft| &draft.messages) {
            let quoted = message.pieces.iter().filter_map(|piece| piece.segment.author.as_ref());
            for author in std::iter::once(&message.author).chain(quoted) {
                if let Some(address) = &author.address {
                    self.learn(author.name.as_deref().unwrap_or_default(), address, message.team.as_deref());
                }
            }
        }
    }

    fn learn(&mut self, name: &str, address: &str, team: Option<&str>) {
        let side = self.side_of(address);
        if let (Side::Ours, Some(team)) = (side, team) {
            self.our_teams.insert(team.to_owned());
        }
        if let Some(company) = names::company_of(address) {
            self.companies.insert(names::fold_name(&company), side);
        }
        let folded = names::fold_name(name);
        let known = Known { name: name.to_owned(), address: address.to_owned(), side };
        // One word is no full name, and proves nobody elsewhere.
        if !names::is_address(address) || !folded.contains(' ') {
            return;
        }
        enter(&mut self.full_names, folded, &known);
    }

    /// The name as written of the one person with this folded name.
    fn name(&self, folded: &str) -> Option<&str> {
        match self.full_names.get(folded)? {
            Meaning::One(known) => Some(&known.name),
            Meaning::Several(_) => None,
        }
    }

    fn side_of(&self, address: &str) -> Side {
        let Some(domain) = names::domain_of(address).filter(|_| !self.our_domains.is_empty()) else {
            return Side::Unknown;
        };
        let is_ours = |ours: &String| {
            domain.strip_suffix(ours.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if self.our_domains.iter().any(is_ours) { Side::Ours } else { Side::Theirs }
    }

    fn complete_message(&self, message: &mut DraftMessage, here: &ShortNames) {
        for author in message.pieces.iter_mut().filter_map(|piece| piece.segment.author.as_mut()) {
            self.complete(author, here);
        }
        if let Some(name) = message.signed.take().filter(|_| message.author.label().is_none()) {
            self.sign(message, name, here);
        }
        self.complete(&mut message.author, here);
        message.author.side = self.side_beside(message.author.side, message, here);
    }

    /// Names the writer of a note where that is one of us.
    fn sign(&self, message: &mut DraftMessage, name: String, here: &ShortNames) {
        message.author.name = Some(name);
        self.complete(&mut message.author, here);
        let side = self.side_beside(message.author.side, message, here);
        if side != Side::Ours {
            message.author = Author::default();
        }
    }

    /// The side of a message's author; where the person tells none, their team, their company or the source may.
    fn side_beside(&self, side: Side, message: &DraftMessage, here: &ShortNames) -> Side {
        if side == Side::Unknown && !self.our_domains.is_empty() {
            if message.team.as_ref().is_some_and(|team| self.our_teams.contains(team)) {
                return Side::Ours;
            }
            let company = message.organisation.as_ref().map(|company| self.side_of_company(company));
            let told = [company.unwrap_or_default(), message.side, self.side_of_housed(message, here)];
            return told.into_iter().find(|side| *side != Side::Unknown).unwrap_or_default();
        }
        if side == Side::Unknown { message.side } else { side }
    }

    /// The side of the house that a list of people names beside the author.
    fn side_of_housed(&self, message: &DraftMessage, here: &ShortNames) -> Side {
        let Some(name) = message.author.name.as_deref().filter(|_| message.author.address.is_none()) else {
            return Side::Unknown;
        };
        let folded = names::fold_name(name);
        let house = self.housed.get(&folded).or_else(|| self.housed.get(here.find(name)?));
        let Some(Some(house)) = house else { return Side::Unknown };
        // `planner, Marlow`, `Borough of Marlow`: the house is one of the words.
        let parts = house.split([',', '/', '–']).chain(house.split(' ').filter(|word| word.len() > 3));
        parts.map(|part| self.side_of_company(part)).find(|side| *side != Side::Unknown).unwrap_or_default()
    }

    /// `Northwind`, `Northwind Logistics`: the company whose domain begins with that word.
    fn side_of_company(&self, company: &str) -> Side {
        let folded = names::fold_name(company);
        let first = folded.split(' ').next().unwrap_or_default();
        let joined = folded.replace(' ', "");
        let ours = |name: &str| self.our_domains.iter().any(|domain| domain.split('.').next() == Some(name));
        match self.companies.get(&folded).or_else(|| self.companies.get(&joined)).or_else(|| self.companies.get(first))
        {
            Some(side) => *side,
            None if ours(first) || ours(&joined) => Side::Ours,
            None => self.side_by_first_part(first),
        }
    }

    /// `Marlow` at `marlow-mills.example`: the side of the only company whose domain begins with that part.
    fn side_by_first_part(&self, first: &str) -> Side {
        let begins = |label: &str| label.strip_prefix(first).is_some_and(|rest| rest.starts_with([' ', '-']));
        let mut known = self.companies.iter().filter(|(label, _)| first.len() > 3 && begins(label));
        match (known.next(), known.next()) {
            (Some((_, side)), None) => *side,
            _ => Side::Unknown,
        }
    }

    fn complete(&self, author: &mut Author, here: &ShortNames) {
        if let Some(address) = author.address.as_deref().filter(|address| names::is_address(address)) {
            author.side = self.side_of(address);
            return;
        }
        // An address that is none was written instead of a known one: whose name stands beside it proves nothing.
        if author.address.as_deref().is_some_and(|address| address.contains('@')) {
            return;
        }
        let Some(name) = author.name.as_deref() else { return };
        let folded = names::fold_name(name);
        let meant = here.find(name).and_then(|full| self.full_names.get(full));
        match self.full_names.get(&folded).or(meant) {
            Some(Meaning::One(known)) => {
                author.address = Some(known.address.clone());
                author.side = known.side;
            }
            Some(Meaning::Several(side)) => author.side = *side,
            None => {}
        }
    }
}

/// What first names, alone or with an initial, mean: a full name, or none where two people may be meant.
#[derive(Debug)]
struct ShortNames(FxHashMap<String, Option<String>>);

impl ShortNames {
    fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut people = ShortNames(FxHashMap::default());
        for name in names {
            let full = names::fold_name(name);
            for short in short_forms(&full) {
                let meant = people.0.entry(short).or_insert_with(|| Some(full.clone()));
                if meant.as_ref().is_some_and(|other| *other != full) {
                    *meant = None;
                }
            }
        }
        people
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.0.get(&names::fold_name(name))?.as_deref()
    }
}

/// A first name proves nobody elsewhere: two customers have a Dana. Where the document itself names one person of that
/// name in full, among its speakers or in its list of people, it means this one.
fn people_of(draft: &Draft, listed: &[(String, String)]) -> ShortNames {
    let spoken = draft.messages.iter().flat_map(|message| {
        let quoted = message.pieces.iter().filter_map(|piece| piece.segment.author.as_ref());
        std::iter::once(&message.author).chain(quoted).filter_map(|author| author.name.as_deref())
    });
    let listed = listed.iter().filter(|(source, _)| *source == draft.source).map(|(_, name)| name.as_str());
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    ShortNames::of(spoken.chain(listed).filter(|name| seen.insert(name)))
}

/// `dana` and `dana w` for `dana whitfield`.
fn short_forms(folded: &str) -> Vec<String> {
    let mut words = folded.split(' ');
    let (Some(first), Some(last)) = (words.next(), words.next_back()) else { return Vec::new() };
    let initial = last.chars().next().map(|c| format!("{first} {c}"));
    std::iter::once(first.to_owned()).chain(initial).collect()
}

fn enter(names: &mut FxHashMap<String, Meaning>, name: String, known: &Known) {
    match names.entry(name) {
        Entry::Vacant(place) => {
            place.insert(Meaning::One(known.clone()));
        }
        Entry::Occupied(mut place) => {
            let side = match place.get() {
                Meaning::One(other) if other.address.eq_ignore_ascii_case(&known.address) => return,
                Meaning::One(other) => other.side,
                Meaning::Several(side) => *side,
            };
            place.insert(Meaning::Several(if side == known.side { side } else { Side::Unknown }));
        }
    }
}

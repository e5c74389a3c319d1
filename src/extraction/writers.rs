//! Who writes, and what their address and signature tell: the company they
//! write for, their role, and how the person who plays a part is reached.

use crate::claim::{Certainty, Citation, Claim};
use crate::conversation::{SegmentKind, Side};
use crate::language::{fold, has_topic, tokens};
use crate::route::{Field, Route};
use crate::value::{Kind, Sort};

use super::roles::{claim_introduced, claim_role};
use super::{Line, Scene, cite_line, claim};

/// The most words of a company's name or of a role.
pub(super) const MOST_WORDS: usize = 7;

/// Whether a field has a topic by one of its names.
pub(super) fn bears(field: &Field, name: &str) -> bool {
    has_topic(&field.key, &field.label, name)
}

/// The person field whose bearer an address, number or role belongs to: the one whose name shares a word with it.
pub(crate) fn bearer_of(route: &Route, index: usize) -> Option<usize> {
    let field = &route.fields[index];
    let belongs = matches!(field.kind, Kind::Email | Kind::Phone) || bears(field, "contact role");
    let words = |field: &Field| -> Vec<String> {
        let plain = format!("{} {}", field.key.replace('_', " "), field.label).to_lowercase();
        plain.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 4).map(str::to_owned).collect()
    };
    if !belongs {
        return None;
    }
    let own = words(field);
    let people = route.fields.iter().enumerate().filter(|(_, other)| other.kind == Kind::Person);
    let shared = |other: &Field| words(other).iter().filter(|word| own.contains(word)).count();
    let best = people.map(|(at, other)| (shared(other), at)).filter(|(count, _)| *count > 0);
    best.max_by_key(|(count, at)| (*count, std::cmp::Reverse(*at))).map(|(_, at)| at)
}

/// The only person of the other side who wrote, by name: whoever asks for something alone is the one to speak to.
pub(crate) fn sole_writer<'s>(scene: &'s Scene) -> Option<&'s str> {
    let mut names = scene.lines.iter().filter(|line| line.speaker.side == Side::Theirs);
    let first = names.next()?.speaker.name.as_deref()?;
    names.all(|line| line.speaker.name.as_deref() == Some(first)).then_some(first)
}

/// Claims what the writers' addresses and signatures tell. The people must have been claimed before.
pub(super) fn claim_writers(scene: &Scene, claims: &mut Vec<Claim>) {
    for field in &scene.route.fields {
        let stated = |claims: &[Claim]| {
            claims.iter().any(|claim| claim.field == field.key && claim.certainty == Certainty::Stated)
        };
        if bears(field, "contact name") && field.kind == Kind::Person && !stated(claims) {
            claim_sole_writer(scene, field, claims);
        } else if bears(field, "company name") && field.kind == Kind::Text {
            claim_company(scene, field, claims);
        }
    }
    // Now that it is known who plays which part.
    for (index, field) in scene.route.fields.iter().enumerate() {
        let stated = claims.iter().any(|claim| claim.field == field.key && claim.certainty == Certainty::Stated);
        let Some(bearer) = bearer_of(scene.route, index) else { continue };
        let key = &scene.route.fields[bearer].key;
        let named = claims.iter().rfind(|claim| claim.field == *key && claim.certainty == Certainty::Stated);
        let Some((name, cited)) = named.and_then(|claim| Some((claim.value.clone()?, claim.cited.clone()))) else {
            continue;
        };
        match field.kind {
            // What stands beside the name is said of the person, whatever is stated elsewhere.
            Kind::Email | Kind::Phone if stated => _ = claim_beside(scene, field, (&name, &cited), claims),
            _ if stated => {}
            Kind::Email => claim_address(scene, field, (&name, &cited), claims),
            Kind::Phone => claim_number(scene, field, (&name, &cited), claims),
            _ => {
                claim_role(scene, field, (&name, &cited), claims);
                if !claims.iter().any(|claim| claim.field == field.key && claim.certainty == Certainty::Stated) {
                    claim_introduced(scene, field, &name, claims);
                }
            }
        }
    }
}

fn claim_sole_writer(scene: &Scene, field: &Field, claims: &mut Vec<Claim>) {
    let Some(name) = sole_writer(scene).filter(|name| name.contains(' ')) else { return };
    let Some(line) = scene.lines.iter().find(|line| line.speaker.name.as_deref() == Some(name) && line.counts) else {
        return;
    };
    let author = Citation { message: line.id, quote: name.to_owned(), at: None };
    claims.push(claim(field, vec![author, cite_line(line)], name.to_owned(), Certainty::Stated));
}

/// Whether a speaker is the person that a value names, in full or by the first name.
pub(super) fn is_person(line: &Line, name: &str) -> bool {
    let own = line.speaker.name.as_deref().unwrap_or_default();
    let bare = [
        "Herr ",
        "Frau ",
        "Mr ",
        "Mrs ",
        "Ms ",
        "M. ",
        "Mme ",
        "Madame ",
        "Monsieur ",
        "Señor ",
        "Señora ",
        "Dr. ",
        "Dr ",
    ]
    .iter()
    .fold(name, |name, title| name.strip_prefix(title).unwrap_or(name));
    let mut parts = own.split_whitespace();
    !own.is_empty() && (own == bare || parts.next() == Some(bare) || parts.next_back() == Some(bare))
}

/// Words of a line that hold a person's name: what stands there tells how that person is reached.
fn claim_beside(scene: &Scene, field: &Field, (name, cited): (&str, &[Citation]), claims: &mut Vec<Claim>) -> bool {
    let sort = if field.kind == Kind::Email { Sort::Email } else { Sort::Phone };
    let parts: Vec<String> =
        name.split_whitespace().filter(|part| part.len() > 2).map(|part| plain(&fold(part))).collect();
    let mut found: Option<(&Line, (usize, usize))> = None;
    for (at, line) in scene.lines.iter().enumerate().filter(|(_, line)| line.counts && !line.foreign) {
        let mut values = line.values.iter().filter(|value| value.sort == sort);
        let (Some(value), None) = (values.next(), values.next()) else { continue };
        let words = &line.text[value.start..value.end];
        // `olu.fashanu@…` bears the name itself.
        let local = words.split('@').next().unwrap_or_default().to_lowercase();
        let bears =
            field.kind == Kind::Email && parts.iter().any(|part| local.split(['.', '_', '-']).any(|own| own == part));
        let names = |line: &Line| {
            tokens(line.words())
                .iter()
                .any(|token| parts.iter().any(|part| plain(&fold(token.text(line.words()))) == *part))
        };
        // In a signature the number is its writer's, and in the body it belongs to whoever is named last.
        let body = line.kind == SegmentKind::Body;
        let before = at.checked_sub(1).map(|at| &scene.lines[at]).filter(|before| before.message == line.message);
        let pronoun = tokens(line.words()).iter().take(8).any(|token| {
            matches!(
                fold(token.text(line.words())).as_ref(),
                "he" | "he's" | "she" | "she's" | "him" | "her" | "his" | "le" | "ihn" | "sie"
            )
        });
        let own = body && line.kind != SegmentKind::Quote && (names(line) || pronoun && before.is_some_and(names));
        let shared = field.kind == Kind::Email && super::typed::is_shared_mailbox(words)
            || field.kind == Kind::Phone && is_general(&line.text[line.start..value.start]);
        if (bears || own) && !shared {
            found = Some((line, (value.start, value.end)));
        }
    }
    let Some((line, (start, end))) = found else { return false };
    let cited = std::iter::once(cite_line(line)).chain(cited.iter().cloned()).collect();
    claims.push(claim(field, cited, line.text[start..end].to_owned(), Certainty::Stated));
    true
}

fn claim_address(scene: &Scene, field: &Field, (name, cited): (&str, &[Citation]), claims: &mut Vec<Claim>) {
    if claim_beside(scene, field, (name, cited), claims) {
        return;
    }
    let own = scene.lines.iter().find(|line| is_person(line, name) && line.speaker.address.is_some());
    let Some((line, address)) = own.and_then(|line| Some((line, line.speaker.address.clone()?))) else { return };
    if !address.contains('@') || super::typed::is_shared_mailbox(&address) {
        return;
    }
    let author = Citation { message: line.id, quote: address.clone(), at: None };
    let cited = std::iter::once(author).chain(cited.iter().cloned()).collect();
    claims.push(claim(field, cited, address, Certainty::Stated));
}

/// The number in the person's own signature, where it is the only one or the one said to be theirs.
fn claim_number(scene: &Scene, field: &Field, (name, cited): (&str, &[Citation]), claims: &mut Vec<Claim>) {
    if claim_beside(scene, field, (name, cited), claims) {
        return;
    }
    let signed = |line: &&Line| line.kind == SegmentKind::Signature && line.counts && is_person(line, name);
    let mut found: Vec<(bool, &Line, (usize, usize))> = Vec::new();
    for line in scene.lines.iter().filter(signed) {
        for value in line.values.iter().filter(|value| value.sort == Sort::Phone) {
            let whole = line.text[line.start..value.start].to_lowercase();
            let label = whole.clone();
            let label = label.rsplit(['|', '·', ',', ';', '\n']).next().unwrap_or_default().to_owned();
            if is_general(&whole) {
                continue;
            }
            let own = ["mobile", "cell", "direct", "mobil", "handy", "durchwahl", "portable", "móvil", "ligne directe"];
            let theirs = own.iter().any(|word| label.contains(word)) || matches!(label.trim(), "m" | "m:" | "m.");
            found.push((theirs, line, (value.start, value.end)));
        }
    }
    found.sort_by_key(|(theirs, ..)| !theirs);
    let numbers: Vec<&str> = found.iter().map(|(_, line, (start, end))| &line.text[*start..*end]).collect();
    let one = numbers.windows(2).all(|pair| pair[0] == pair[1]);
    let Some((theirs, line, (start, end))) = found.first().copied() else { return };
    if !theirs && !one {
        return;
    }
    let cited = std::iter::once(cite_line(line)).chain(cited.iter().cloned()).collect();
    claims.push(claim(field, cited, line.text[start..end].to_owned(), Certainty::Stated));
}

/// Words of a number at which anybody may answer.
pub(super) fn is_general(label: &str) -> bool {
    let label = label.to_lowercase();
    let general =
        ["office", "fax", "switchboard", "zentrale", "oficina", "bureau", "büro", "standard", "reception", "main"];
    general.iter().any(|word| label.contains(word))
}

/// The name beside which the words of the writer's own address stand: `Marlow Transit Ltd` at `marlow-transit.example`.
fn claim_company(scene: &Scene, field: &Field, claims: &mut Vec<Claim>) {
    let mut best: Option<(usize, usize, &Line, (usize, usize))> = None;
    let mut domains: Vec<&str> = Vec::new();
    let theirs = || scene.lines.iter().filter(|line| line.counts && !line.foreign && line.speaker.side == Side::Theirs);
    for domain in theirs().filter_map(|line| line.speaker.address.as_deref().and_then(stem)) {
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    for line in theirs() {
        // Whoever speaks in a call or chat has no address there, and the house is the one that writes.
        let own = line.speaker.address.as_deref().and_then(stem);
        let Some(domain) = own.or_else(|| domains.first().copied().filter(|_| domains.len() == 1)) else { continue };
        for (start, end) in company_names(line, domain) {
            let signed = usize::from(line.kind == SegmentKind::Signature);
            let count = line.text[start..end].split_whitespace().count();
            if best.is_none_or(|(was_signed, most, ..)| (signed, count) > (was_signed, most)) {
                best = Some((signed, count, line, (start, end)));
            }
        }
    }
    let Some((_, _, line, (start, end))) = best else { return };
    // Writers of two houses: which of them buys is for people to say.
    let sure = if domains.len() == 1 { Certainty::Stated } else { Certainty::Guessed };
    claims.push(claim(field, vec![cite_line(line)], line.text[start..end].to_owned(), sure));
}

/// `marlow-transit` of `ann@mail.marlow-transit.example`.
fn stem(address: &str) -> Option<&str> {
    let host = address.rsplit_once('@')?.1;
    let mut labels = host.rsplit('.');
    labels.next()?;
    labels.next()
}

/// Capitalised names in a line that hold a word of the address's domain.
fn company_names(line: &Line, domain: &str) -> Vec<(usize, usize)> {
    let stems: Vec<&str> = domain.split('-').filter(|part| part.len() > 3).collect();
    let text = line.words();
    let all = tokens(text);
    let capital = |at: usize| all.get(at).is_some_and(|token| token.text(text).starts_with(|c: char| c.is_uppercase()));
    let joins = |at: usize| {
        all.get(at).is_some_and(|token| {
            matches!(token.text(text), "&" | "of" | "de" | "und" | "and" | "du" | "la" | "et" | "y")
        }) && capital(at + 1)
    };
    let close = |at: usize| {
        at > 0
            && all.get(at).is_some_and(|token| {
                let gap = &text[all[at - 1].end..token.start];
                // `Marlow Ltd. The total …`: the full stop ends it before a word that names nothing.
                if gap.contains('.') && crate::language::is_name_word_stop(&fold(token.text(text))) {
                    return false;
                }
                gap.chars().all(|c| matches!(c, ' ' | '-' | '&' | '.')) && gap.len() < 4
            })
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < all.len() {
        // `We're Marlow Transit`: the first word of a sentence has a capital for no reason.
        let small = |at: usize| {
            let word = fold(all[at].text(text));
            crate::language::is_name_word_stop(&word) || word.contains(['\'', '’'])
        };
        if !capital(at) || small(at) && capital(at + 1) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < all.len() && close(end) && (capital(end) || joins(end)) {
            end += 1;
        }
        let compact: String = (at..end).map(|i| fold(all[i].text(text)).into_owned()).collect();
        let matches = (at..end).any(|i| {
            let word = fold(all[i].text(text));
            stems.iter().any(|stem| *stem == word.as_ref() || plain(&word) == *stem)
        }) || is_made_of(domain, (at..end).map(|i| plain(&fold(all[i].text(text)))))
            || compact.len() > 3 && plain(&compact).starts_with(&domain.replace('-', ""));
        let words = &text[all[at].start..all[end - 1].end];
        if matches
            && end - at <= MOST_WORDS
            && !words.contains('@')
            && !in_address(text, all[at].start, all[end - 1].end)
        {
            found.push((line.start + all[at].start, line.start + all[end - 1].end));
        }
        at = end;
    }
    found
}

/// Whether a domain is put together from words of a name: `marlowmills` of `Marlow Spinning Mills`.
fn is_made_of(domain: &str, words: impl Iterator<Item = String>) -> bool {
    let mut rest = domain;
    let mut taken = 0;
    for word in words {
        if let Some(shorter) = rest.strip_prefix(word.as_str()) {
            rest = shorter.trim_start_matches('-');
            taken += 1;
        }
    }
    rest.is_empty() && taken > 1
}

fn in_address(text: &str, start: usize, end: usize) -> bool {
    let mut behind = text[end..].chars();
    matches!(behind.next(), Some('@' | '.' | '-' | '_')) && behind.next().is_some_and(char::is_alphanumeric)
        || text[..start].ends_with(['@', '.', '/', '_'])
}

/// Umlauts and accents as addresses spell them.
fn plain(word: &str) -> String {
    word.replace('ä', "ae")
        .replace('ö', "oe")
        .replace('ü', "ue")
        .replace('ß', "ss")
        .replace(['é', 'è', 'ê'], "e")
        .replace(['á', 'à', 'â'], "a")
        .replace(['í', 'î'], "i")
        .replace(['ó', 'ô'], "o")
        .replace(['ú', 'û'], "u")
        .replace('ñ', "n")
        .replace('ç', "c")
}

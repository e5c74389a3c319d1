//! The gold of an imported case: for each field what the sources say, as far
//! as people left, confirmed or corrected it, and from those states, by the
//! route's own rules, the verdict and the gaps. An answer that no words of the
//! sources show is what only a person knew: there a reader must ask again.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Handoff;
use super::corrections::{Answer, Correction};
use super::words;
use crate::brief::{Candidate, Evidence, FieldBrief, FieldState, Origin, Tier};
use crate::conversation::{Conversation, Side};
use crate::eval::cases::{Expectation, Expected, ExpectedGap, Gold};
use crate::eval::equality::means;
use crate::gaps::{self, People, Subject};
use crate::intake;
use crate::route::{Field, Ordered, SaidBy};
use crate::value::{Context, ListOf, Participant, from_json, to_json};
use crate::verdict;

/// How a check begins that is about an answer without words.
pub const WORDS_MISSING: &str = "no words of the sources show";

/// What stands for one field.
struct Judged {
    gold: Gold,
    /// The same as the rules take it.
    standing: FieldBrief,
}

/// What is known while one field after the other is judged.
struct Bench<'a> {
    handoff: &'a Handoff,
    conversation: &'a Conversation,
    participants: &'a [Participant],
    checks: &'a mut Vec<String>,
}

/// The gold of a handoff. What a person should look at is added to `checks`.
pub(super) fn label(
    handoff: &Handoff,
    conversation: &Conversation,
    checks: &mut Vec<String>,
) -> Result<Expected, String> {
    let participants = intake::participants(conversation);
    let mut bench = Bench { handoff, conversation, participants: &participants, checks };
    let (mut golds, mut standing, mut unseen) = (Vec::new(), Vec::new(), Vec::new());
    for field in &handoff.route.fields {
        let (said, own) = without_answer(field, handoff);
        let given = handoff.corrections.iter().find(|one| one.field == field.key).or(own.as_ref());
        let is_listed = given.is_some() || handoff.trust_brief;
        let judged = match given {
            Some(correction) => bench.answered(field, &said, correction)?,
            None => bench.left(field, &said, is_listed),
        };
        if is_listed {
            golds.push((field.key.clone(), judged.gold));
        } else {
            unseen.push(field.key.as_str());
        }
        standing.push((field.key.clone(), judged.standing));
    }
    let route = &handoff.route;
    let settled = verdict::settle(route, Ordered(standing), handoff.as_of);
    for (key, gold) in &mut golds {
        lower(key, gold, settled.find(key), bench.checks);
    }
    if !unseen.is_empty() {
        bench.checks.push(format!(
            "nobody looked at {}: not scored, but the verdict and the gaps take them as the brief has them (--trust-brief lists them too)",
            unseen.join(", ")
        ));
    }
    let unread = &conversation.unread;
    let (people, nearest) = (People::default(), BTreeMap::new());
    let subject = Subject { route, fields: &settled, unread, people: &people, nearest: &nearest, now: handoff.as_of };
    let gaps = gaps::list(&subject)
        .into_iter()
        .filter(|gap| gap.blocking)
        .map(|gap| ExpectedGap { subject: gap.field.or(gap.source).unwrap_or_default(), kind: gap.kind });
    Ok(Expected {
        verdict: verdict::verdict(route, &settled, 1.0, unread, handoff.as_of),
        fields: golds,
        gaps: gaps.collect(),
        must: Vec::new(),
        must_not: Vec::new(),
    })
}

/// A value that breaks a rule of the route is expected to be seen as that.
fn lower(key: &str, gold: &mut Gold, settled: Option<&FieldBrief>, checks: &mut Vec<String>) {
    let Expectation::Found(values) = &gold.expectation else { return };
    let Some(settled) = settled.filter(|settled| settled.state != FieldState::Found) else { return };
    let reason = settled.reason.clone().unwrap_or_default();
    checks.push(format!("{key}: the value may not stand by the route's rules ({reason}); expected is that state"));
    gold.expectation = match settled.state {
        FieldState::Missing => Expectation::Absent,
        state => Expectation::Other(state, values.clone()),
    };
}

/// What the brief had of a field before a person answered, and that answer if it stands in the brief.
fn without_answer(field: &Field, handoff: &Handoff) -> (FieldBrief, Option<Correction>) {
    let brief = handoff.brief.fields.find(&field.key).cloned().unwrap_or_default();
    let answer = match (brief.state, brief.origin) {
        (FieldState::Found, Some(Origin::Person)) => Answer::Value(brief.value.clone()),
        (FieldState::NotApplicable, _) => Answer::NotApplicable(brief.reason.clone().unwrap_or_default()),
        (FieldState::UnknownByDesign, _) => Answer::Unknown,
        _ => return (brief, None),
    };
    let correction = Correction { field: field.key.clone(), by: brief.by.clone().unwrap_or_default(), answer };
    let earlier = brief.superseded.iter().rev().find(|one| one.origin != Origin::Person);
    let before = match earlier {
        Some(earlier) => FieldBrief {
            state: FieldState::Found,
            value: earlier.value.clone(),
            origin: Some(Origin::Source),
            evidence: earlier.evidence.clone(),
            ..FieldBrief::default()
        },
        None => FieldBrief {
            state: match brief.candidates.len() {
                0 => FieldState::Missing,
                1 => FieldState::Unconfirmed,
                _ => FieldState::Conflicting,
            },
            candidates: brief.candidates,
            ..FieldBrief::default()
        },
    };
    (before, Some(correction))
}

impl Bench<'_> {
    /// What a person answered.
    fn answered(&mut self, field: &Field, said: &FieldBrief, correction: &Correction) -> Result<Judged, String> {
        let key = &field.key;
        match &correction.answer {
            Answer::Value(value) => {
                let value = self.typed(field, value)?;
                if said.state == FieldState::Found && means(field, &value, &said.value) {
                    return Ok(self.left(field, said, true));
                }
                let same = |one: &&Candidate| means(field, &value, &one.value);
                match candidates(self.handoff, key, said).into_iter().find(|one| same(&one)) {
                    Some(candidate) => Ok(self.picked(field, said, &candidate, correction)),
                    None => Ok(self.replaced(field, said, value, correction)),
                }
            }
            Answer::Candidate(id) => {
                let found = candidates(self.handoff, key, said).into_iter().find(|one| one.id == *id);
                let candidate = found.ok_or_else(|| format!("`{id}` is no candidate of `{key}` in the brief"))?;
                Ok(self.picked(field, said, &candidate, correction))
            }
            Answer::NotApplicable(_) | Answer::Unknown => {
                let (allowed, word) = match correction.answer {
                    Answer::Unknown => (field.allow.unknown, "unknown"),
                    _ => (field.allow.not_applicable, "not_applicable"),
                };
                if !allowed {
                    return Err(format!("`{key}` is answered with `{word}`, which the route does not allow"));
                }
                self.checks.push(format!(
                    "{key}: {} said `{word}`; no reader can say so, so what the sources say is expected",
                    who(correction)
                ));
                match said.state {
                    // The brief had a value, and the person says there is none.
                    FieldState::Found => Ok(absent()),
                    _ => Ok(self.left(field, said, true)),
                }
            }
        }
    }

    /// The answer as the field's type has it.
    fn typed(&self, field: &Field, value: &Json) -> Result<Json, String> {
        let context = Context {
            said_at: Some(self.handoff.as_of),
            zone: None,
            around: Some(self.handoff.as_of),
            participants: self.participants,
        };
        // One value for a list of them is a list of one.
        let wrapped = (field.list && !value.is_array()).then(|| Json::Array(vec![value.clone()]));
        let many = if field.list { ListOf::Many } else { ListOf::One };
        let read = from_json(&field.kind, many, wrapped.as_ref().unwrap_or(value), &context);
        let typed = read.map_err(|problem| {
            format!("`{}` is corrected to {value}, which is no {}: {}", field.key, field.type_name(), problem.reason)
        })?;
        Ok(to_json(&typed))
    }

    /// A value the brief offered. What sources state twice, or the wrong side alone, stays a question.
    fn picked(&mut self, field: &Field, said: &FieldBrief, candidate: &Candidate, by: &Correction) -> Judged {
        let (key, who) = (&field.key, who(by));
        if said.state == FieldState::Conflicting {
            self.checks.push(format!(
                "{key}: {who} picked {}, but the sources state other values too: `conflicting` is expected; \
                 if they settle it, write the value and take its gap out",
                candidate.value
            ));
            return self.left(field, said, true);
        }
        if said.state == FieldState::Unconfirmed && !self.is_right_side(field, &candidate.evidence) {
            self.checks.push(format!(
                "{key}: {who} confirmed {}, which the side that must say it did not: `unconfirmed` is expected",
                candidate.value
            ));
            return self.left(field, said, true);
        }
        let evidence = self.shown(&candidate.evidence);
        if evidence.is_empty() {
            return self.replaced(field, said, candidate.value.clone(), by);
        }
        found(candidate.value.clone(), evidence)
    }

    /// Another value than the brief's: with the words that show it, or as what only a person knew.
    fn replaced(&mut self, field: &Field, said: &FieldBrief, value: Json, by: &Correction) -> Judged {
        let (key, who) = (&field.key, who(by));
        if let Some(evidence) = words::find(field, &value, (self.conversation, self.participants)) {
            let quotes: Vec<&str> = evidence.iter().map(|one| one.quote.as_str()).collect();
            self.checks.push(format!(
                "{key}: {who} answered {value}; found by code in «{}»: is that where it is said?",
                quotes.join("» «")
            ));
            return found(value, evidence);
        }
        if said.state != FieldState::Found {
            self.checks.push(format!(
                "{WORDS_MISSING} {key} {value}, which {who} answered: the gap is expected; \
                 if somebody says it, write the value with its words and take its gap out"
            ));
            return self.left(field, said, true);
        }
        self.checks.push(format!(
            "{WORDS_MISSING} {key} {value}, with which {who} replaced {}: expected without words; \
             if nobody says it, write `absent` and its gap",
            said.value
        ));
        let standing = FieldBrief {
            state: FieldState::Found,
            value: value.clone(),
            origin: Some(Origin::Person),
            by: Some(who),
            ..FieldBrief::default()
        };
        Judged { gold: gold(Expectation::Found(vec![value]), Vec::new()), standing }
    }

    /// The brief's own word.
    fn left(&mut self, field: &Field, said: &FieldBrief, is_listed: bool) -> Judged {
        let evidence = self.shown(&said.evidence);
        if is_listed && evidence.len() < said.evidence.len() {
            self.checks.push(format!(
                "{}: {} of {} quotes stand nowhere in the sources given and are left out",
                field.key,
                said.evidence.len() - evidence.len(),
                said.evidence.len()
            ));
        }
        let quotes: Vec<String> = evidence.iter().map(|one| one.quote.clone()).collect();
        let seen = || -> Vec<Json> {
            let values: Vec<Json> = said.candidates.iter().map(|one| one.value.clone()).collect();
            let words = said.evidence.iter().map(|one| Json::String(one.quote.clone()));
            if values.is_empty() { words.collect() } else { values }
        };
        let expectation = match said.state {
            FieldState::Found => Expectation::Found(vec![said.value.clone()]),
            FieldState::Missing => Expectation::Absent,
            state => Expectation::Other(state, seen()),
        };
        let mut gold = gold(expectation, quotes);
        if said.state == FieldState::Missing {
            gold.evidence.clear();
        }
        if said.state == FieldState::Found {
            gold.superseded = said.superseded.iter().map(|one| one.value.clone()).collect();
        }
        Judged { gold, standing: said.clone() }
    }

    /// The quotes that stand in the sources as they were given.
    fn shown(&self, evidence: &[Evidence]) -> Vec<Evidence> {
        let messages = &self.conversation.messages;
        let stands = |one: &&Evidence| {
            !one.quote.trim().is_empty()
                && messages.iter().any(|message| match one.tier {
                    Tier::Author => {
                        message.author.label() == Some(&one.quote)
                            || message.author.address.as_ref() == Some(&one.quote)
                    }
                    _ => message.text.contains(&one.quote),
                })
        };
        evidence.iter().filter(stands).cloned().collect()
    }

    /// Whether somebody said it whose word counts for the field.
    fn is_right_side(&self, field: &Field, evidence: &[Evidence]) -> bool {
        let wanted = match field.said_by {
            SaidBy::Any => return true,
            SaidBy::Theirs => Side::Theirs,
            SaidBy::Ours => Side::Ours,
        };
        evidence.iter().any(|one| {
            let side = |participant: &&Participant| {
                one.author.as_deref() == Some(participant.name.as_str()) || one.author == participant.address
            };
            self.participants.iter().find(side).is_some_and(|participant| participant.side == wanted)
        })
    }
}

fn candidates(handoff: &Handoff, key: &str, said: &FieldBrief) -> Vec<Candidate> {
    let of_gaps = handoff.brief.gaps.iter().filter(|gap| gap.field.as_deref() == Some(key));
    said.candidates.iter().chain(of_gaps.flat_map(|gap| &gap.candidates)).cloned().collect()
}

fn who(correction: &Correction) -> String {
    if correction.by.trim().is_empty() { "a person".to_owned() } else { correction.by.clone() }
}

fn gold(expectation: Expectation, evidence: Vec<String>) -> Gold {
    Gold { expectation, evidence, superseded: Vec::new() }
}

fn absent() -> Judged {
    Judged { gold: gold(Expectation::Absent, Vec::new()), standing: FieldBrief::default() }
}

/// A value on words of the sources. A person looked at them, so however a reader matched them they stand.
fn found(value: Json, evidence: Vec<Evidence>) -> Judged {
    let quotes = evidence.iter().map(|one| one.quote.clone()).collect();
    let standing = FieldBrief {
        state: FieldState::Found,
        value: value.clone(),
        origin: Some(Origin::Source),
        evidence: evidence.into_iter().map(|one| Evidence { tier: Tier::Exact, ..one }).collect(),
        ..FieldBrief::default()
    };
    Judged { gold: gold(Expectation::Found(vec![value]), quotes), standing }
}

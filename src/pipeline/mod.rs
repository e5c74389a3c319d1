//! The steps in order: context in, brief and gaps out. Knows no store, no
//! command line and no server; the same run serves them all.

mod proposal;
mod reading;
mod second_look;
mod summary;

use std::collections::BTreeMap;
use std::time::Instant;

use jiff::Timestamp;

use crate::brief::{Brief, Engine, EngineKind, Evidence, FieldMap, RouteVersion, Usage};
use crate::claim::{Citation, Claim, Told};
use crate::config::LeftOut;
use crate::conversation::{Conversation, DocumentKind, Side, Warning};
use crate::extraction::{Extract, Scene, extract};
use crate::gaps::{Contact, People, Subject};
use crate::grounding::{self, Grounded, Grounder, Index, evidence_of};
use crate::resolution::{Properties, Readers, add_replaced, find_recorded, resolve, resolve_readers};
use crate::route::{Field, Ordered, Route};
use crate::value::{Context, Kind, Participant, is_junk_value, read, says_none};
use crate::{gaps, intake, verdict};

pub use proposal::{Proposal, propose};
pub use reading::{Means, read as read_with, read_kept};

/// One handoff to be read and judged.
#[derive(Debug)]
pub struct Request<'a> {
    pub route: &'a Route,
    pub conversation: Conversation,
    /// What the CRM knows already: field key and value.
    pub known: &'a [(String, String)],
    /// The moment for rules, staleness and limits.
    pub as_of: Timestamp,
}

/// The brief, and the conversation its evidence points into.
#[derive(Debug)]
pub struct Outcome {
    pub brief: Brief,
    pub conversation: Conversation,
}

/// Whether words handed over as known can be the value of a field; what is wrong with them otherwise. Words for nothing
/// and loose words pass here: they are judged with the brief, where a person is asked.
pub fn check_known(field: &Field, text: &str) -> Result<(), String> {
    let context = Context { said_at: None, zone: None, around: None, participants: &[] };
    let labels = [field.label.as_str(), field.question.as_str()];
    // What has a form of its own holds a value of that form, or says that there is none: `x` is neither.
    let has_form = matches!(field.kind, Kind::Email | Kind::Phone | Kind::Url);
    let is_junk = is_junk_value(&field.kind, text, &labels) && (!has_form || says_none(text));
    if field.list || is_junk {
        return Ok(());
    }
    read(&field.kind, text, &context).map(|_| ()).map_err(|unreadable| unreadable.reason)
}

/// What a model made of the conversation, beside what rules read.
#[derive(Debug)]
pub struct Reading {
    pub told: Told,
    pub engine: Engine,
    /// The share of the messages' text that stood in a call that succeeded, 0 to 1.
    pub coverage: f64,
    /// What was not read, and why.
    pub warnings: Vec<Warning>,
    pub rules: Rules,
    pub left_out: LeftOut,
    pub usage: Usage,
}

/// Whether the rules' reading counts beside a model's. Aside is for measuring what a model does alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rules {
    #[default]
    Beside,
    Aside,
}

/// Reads by rule, grounds, resolves, judges and lists the gaps.
pub fn run(request: Request) -> Outcome {
    judge(request, None)
}

/// The same with what a model said: it is believed no more than the rules are.
pub fn run_with(request: Request, reading: &Reading) -> Outcome {
    judge(request, Some(reading))
}

fn judge(request: Request, reading: Option<&Reading>) -> Outcome {
    let started = Instant::now();
    let Request { route, conversation, known, as_of } = request;
    let participants = intake::participants(&conversation);
    let case = Case { route, known, as_of };
    let mut brief = Desk::new(&case, &conversation, &participants).judge(reading);
    brief.usage.milliseconds += started.elapsed().as_millis() as u64;
    Outcome { brief, conversation }
}

/// What a conversation is judged by.
struct Case<'a> {
    route: &'a Route,
    known: &'a [(String, String)],
    as_of: Timestamp,
}

/// A conversation laid out, with what the rules saw in it, ready to be judged as often as a reader says more.
struct Desk<'a> {
    case: &'a Case<'a>,
    conversation: &'a Conversation,
    scene: Scene<'a>,
    index: Index<'a>,
    found: Extract,
    ruled: Vec<Grounded>,
}

/// What a model said, grounded beside what the rules saw.
struct Judged<'r> {
    reading: &'r Reading,
    read: Vec<Grounded>,
    ruled: Vec<Grounded>,
}

impl<'a> Desk<'a> {
    fn new(case: &'a Case<'a>, conversation: &'a Conversation, participants: &'a [Participant]) -> Self {
        let scene = Scene::new(conversation, case.route, participants);
        let found = extract(&scene);
        let index = Index::new(conversation);
        let mut ruled = Grounder { index: &index, scene: &scene }.ground_all(&found.claims);
        grounding::mistrust(&mut ruled, &scene.instructions);
        Desk { case, conversation, scene, index, found, ruled }
    }

    fn judge(&self, reading: Option<&Reading>) -> Brief {
        let Case { route, as_of, .. } = *self.case;
        let read = reading.filter(|reading| !reading.engine.degraded).map(|reading| {
            let grounder = Grounder { index: &self.index, scene: &self.scene };
            let beside = if reading.rules == Rules::Beside { self.ruled.as_slice() } else { &[] };
            let (mut read, ruled) = grounder.ground_beside(&reading.told.claims, beside);
            grounding::mistrust(&mut read, &self.scene.instructions);
            grounding::mistrust(&mut read, &reading.told.instructions);
            Judged { reading, read, ruled }
        });
        let fields = verdict::settle(route, self.resolve_all(read.as_ref()), as_of);
        let nearest = nearest(route, &self.index, &self.found.nearest);
        let people = people(self.conversation, self.scene.participants);
        let unread = &self.conversation.unread;
        let gaps =
            gaps::list(&Subject { route, fields: &fields, unread, people: &people, nearest: &nearest, now: as_of });
        // Rules read every line, so everything that intake could read was read.
        let coverage = reading.map_or(1.0, |reading| reading.coverage);
        let rules = Engine { kind: EngineKind::Extractive, model: None, prompt: None, degraded: false };
        let mut warnings = self.conversation.warnings.clone();
        warnings.extend(reading.into_iter().flat_map(|reading| reading.warnings.iter().cloned()));
        Brief {
            route: RouteVersion { id: route.id.clone(), version: route.version },
            engine: reading.map_or(rules, |reading| reading.engine.clone()),
            verdict: verdict::verdict(route, &fields, coverage, unread, as_of),
            coverage,
            fields,
            gaps,
            summary: summary::summarise(
                &self.index,
                &self.scene,
                &self.found.prose,
                reading.filter(|reading| !reading.engine.degraded),
            ),
            warnings,
            usage: reading.map(|reading| reading.usage.clone()).unwrap_or_default(),
        }
    }

    fn resolve_all(&self, judged: Option<&Judged>) -> FieldMap {
        let all_ruled = judged.map_or(&self.ruled, |judged| &judged.ruled);
        let Case { route, known, as_of } = *self.case;
        let Conversation { documents, record, record_sources, record_batches, batches, .. } = self.conversation;
        let source = documents
            .iter()
            .find(|document| document.kind == DocumentKind::Record)
            .map_or("record", |document| document.source.as_str());
        let properties =
            Properties { known, record, source, sources: record_sources, batches: record_batches, before: batches };
        let context = Context { said_at: None, zone: None, around: Some(as_of), participants: self.scene.participants };
        let settle = |(at, field): (usize, &Field)| {
            let ruled: Vec<&Grounded> = all_ruled.iter().filter(|one| one.field == at).collect();
            let recorded = find_recorded(route, field, &properties, &context);
            let mut brief = match judged {
                None => resolve(field, &ruled, recorded.as_ref()),
                Some(Judged { reading, read, .. }) => {
                    let model: Vec<&Grounded> = read.iter().filter(|one| one.field == at).collect();
                    let said: Vec<&Claim> =
                        reading.told.claims.iter().filter(|claim| claim.field == field.key).collect();
                    let readers = Readers { model: &model, rules: &ruled, said: &said, left_out: reading.left_out };
                    resolve_readers(field, &readers, recorded.as_ref())
                }
            };
            add_replaced(route, field, &properties, &context, &mut brief);
            (field.key.clone(), brief)
        };
        Ordered(route.fields.iter().enumerate().map(settle).collect())
    }
}

/// The words that came closest, for fields of which nothing was found.
fn nearest(route: &Route, index: &Index, citations: &[Option<Citation>]) -> BTreeMap<String, Evidence> {
    let found = route.fields.iter().zip(citations).filter_map(|(field, citation)| {
        let citation = citation.as_ref()?;
        let evidence = evidence_of(index, citation, &index.check(citation)?)?;
        Some((field.key.clone(), evidence))
    });
    found.collect()
}

/// Who hands over: the record's owner, else the one of us who spoke most.
fn people(conversation: &Conversation, participants: &[Participant]) -> People {
    let text = |names: &[&str]| {
        names.iter().find_map(|name| {
            conversation.record.get(*name)?.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        })
    };
    let name =
        text(&["owner_name", "hubspot_owner_name", "Owner.Name", "OwnerName", "Owner_Name", "deal_owner", "owner"]);
    let email = text(&["owner_email", "hubspot_owner_email", "Owner.Email", "OwnerEmail", "Owner_Email"]);
    let recorded = match (name, email) {
        (None, None) => None,
        (Some(name), None) if name.contains('@') => Some(Contact { name: None, email: Some(name) }),
        (name, email) => Some(Contact { name, email }),
    };
    let sender = recorded.or_else(|| most_spoken(conversation)).map(|contact| complete(contact, participants));
    People { sender, receiver: None, owner: None }
}

fn most_spoken(conversation: &Conversation) -> Option<Contact> {
    let mut counts: BTreeMap<(Option<&str>, Option<&str>), usize> = BTreeMap::new();
    for author in conversation.messages.iter().map(|message| &message.author).filter(|author| author.side == Side::Ours)
    {
        *counts
            .entry((author.name.as_deref(), author.address.as_deref().filter(|address| address.contains('@'))))
            .or_default() += 1;
    }
    let ((name, email), _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    Some(Contact { name: name.map(str::to_owned), email: email.map(str::to_owned) })
}

fn complete(contact: Contact, participants: &[Participant]) -> Contact {
    let found = participants.iter().find(|participant| {
        contact.name.as_deref() == Some(participant.name.as_str())
            || contact.email.is_some() && contact.email == participant.address
    });
    match found {
        Some(participant) => Contact {
            name: contact.name.or_else(|| Some(participant.name.clone())),
            email: contact.email.or_else(|| participant.address.clone().filter(|address| address.contains('@'))),
        },
        None => contact,
    }
}

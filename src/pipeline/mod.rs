//! The steps in order: context in, brief and gaps out. Knows no store, no
//! command line and no server; the same run serves them all.

mod proposal;
mod summary;

use std::collections::BTreeMap;
use std::time::Instant;

use jiff::Timestamp;

use crate::brief::{Brief, Engine, EngineKind, Evidence, FieldMap, RouteVersion, Usage};
use crate::claim::Citation;
use crate::conversation::{Conversation, DocumentKind, Side};
use crate::extraction::{Scene, extract};
use crate::gaps::{Contact, People, Subject};
use crate::grounding::{Grounded, Grounder, Index, evidence_of};
use crate::resolution::{Properties, find_recorded, resolve};
use crate::route::{Field, Ordered, Route};
use crate::value::{Context, Participant, is_junk_value, read};
use crate::{gaps, intake, verdict};

pub use proposal::{Proposal, propose};

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

/// Whether words handed over as known can be the value of a field; what is wrong with them otherwise. Junk and loose
/// words pass here: they are judged with the brief, where a person is asked.
pub fn check_known(field: &Field, text: &str) -> Result<(), String> {
    let context = Context { said_at: None, zone: None, around: None, participants: &[] };
    let labels = [field.label.as_str(), field.question.as_str()];
    if field.list || is_junk_value(&field.kind, text, &labels) {
        return Ok(());
    }
    read(&field.kind, text, &context).map(|_| ()).map_err(|unreadable| unreadable.reason)
}

/// Reads, grounds, resolves, judges and lists the gaps.
pub fn run(request: Request) -> Outcome {
    let started = Instant::now();
    let Request { route, conversation, known, as_of } = request;
    let participants = intake::participants(&conversation);
    let mut brief = {
        let scene = Scene::new(&conversation, route, &participants);
        let found = extract(&scene);
        let index = Index::new(&conversation);
        let grounded = Grounder { index: &index, scene: &scene }.ground_all(&found.claims);
        let fields = verdict::settle(route, resolve_all(&scene, &grounded, &conversation, (known, as_of)), as_of);
        let nearest = nearest(route, &index, &found.nearest);
        let people = people(&conversation, &participants);
        let unread = &conversation.unread;
        let gaps =
            gaps::list(&Subject { route, fields: &fields, unread, people: &people, nearest: &nearest, now: as_of });
        // Rules read every line, so everything that intake could read was read.
        let coverage = 1.0;
        Brief {
            route: RouteVersion { id: route.id.clone(), version: route.version },
            engine: Engine { kind: EngineKind::Extractive, model: None, prompt: None, degraded: false },
            verdict: verdict::verdict(route, &fields, coverage, unread, as_of),
            coverage,
            fields,
            gaps,
            summary: summary::summarise(&index, &found.prose, &participants),
            warnings: conversation.warnings.clone(),
            usage: Usage::default(),
        }
    };
    brief.usage.milliseconds = started.elapsed().as_millis() as u64;
    Outcome { brief, conversation }
}

fn resolve_all(
    scene: &Scene,
    grounded: &[Grounded],
    conversation: &Conversation,
    (known, as_of): (&[(String, String)], Timestamp),
) -> FieldMap {
    let source = conversation
        .documents
        .iter()
        .find(|document| document.kind == DocumentKind::Record)
        .map_or("record", |document| document.source.as_str());
    let properties = Properties { known, record: &conversation.record, source };
    let context = Context { said_at: None, zone: None, around: Some(as_of), participants: scene.participants };
    Ordered(
        scene
            .route
            .fields
            .iter()
            .enumerate()
            .map(|(at, field)| {
                let own: Vec<&Grounded> = grounded.iter().filter(|one| one.field == at).collect();
                let recorded = find_recorded(scene.route, field, &properties, &context);
                (field.key.clone(), resolve(field, &own, recorded.as_ref()))
            })
            .collect(),
    )
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

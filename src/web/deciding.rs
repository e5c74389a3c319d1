//! What the receiving team decides: taking the work with a line read back, or
//! giving it back with a reason. One form for members and for whoever comes by
//! a link.

use super::questions::Listed;
use super::{Mistake, Typed};
use crate::answers::Person;
use crate::app::GivenBack;
use crate::handoff::{Move, ReturnKind, Status, allows};
use crate::rendering::clean;
use crate::route::Route;

/// The kinds of reasons for a return, as people read them.
const KINDS: [(ReturnKind, &str); 4] = [
    (ReturnKind::Incomplete, "Something is not enough to work with"),
    (ReturnKind::Wrong, "Something is not true"),
    (ReturnKind::NotOurs, "It belongs to another team"),
    (ReturnKind::Other, "Something else"),
];

/// The two forms, filled with what was typed before.
#[derive(Debug, Clone, Default)]
pub struct Deciding {
    /// Where they are sent to.
    pub action: String,
    pub token: String,
    pub version: i64,
    pub can_accept: bool,
    pub can_return: bool,
    pub kinds: Vec<Listed>,
    pub fields: Vec<Listed>,
    pub read_back: String,
    pub reason: String,
}

/// What was decided.
#[derive(Debug, Clone)]
pub enum Decided {
    Accepted { read_back: String },
    Returned(GivenBack),
}

impl Deciding {
    /// The forms of a handoff that stands there.
    pub fn of((status, version): (Status, i64), route: &Route, typed: &Typed) -> Deciding {
        let chosen = typed.all("fields");
        let kinds = KINDS.map(|(kind, label)| Listed {
            value: kind.name().to_owned(),
            label: label.to_owned(),
            is_chosen: typed.one("kind") == kind.name(),
        });
        let fields = route.fields.iter().map(|field| Listed {
            value: field.key.clone(),
            label: clean(&field.label),
            is_chosen: chosen.contains(&field.key.as_str()),
        });
        Deciding {
            action: String::new(),
            token: String::new(),
            version,
            can_accept: allows(status, Move::Accept),
            can_return: allows(status, Move::Return),
            kinds: kinds.into(),
            fields: fields.collect(),
            read_back: typed.one("read_back").to_owned(),
            reason: typed.one("reason").to_owned(),
        }
    }

    /// Takes a form apart.
    pub fn decided(typed: &Typed, by: Person) -> Result<Decided, Vec<Mistake>> {
        let mistake = |anchor: &str, text: &str| Mistake { anchor: anchor.to_owned(), text: text.to_owned() };
        if typed.one("move") == "accept" {
            let read_back = typed.one("read_back").trim().to_owned();
            return match read_back.is_empty() {
                true => Err(vec![mistake("read_back", "Say in your own words what you take over")]),
                false => Ok(Decided::Accepted { read_back }),
            };
        }
        let kind = KINDS.into_iter().map(|(kind, _)| kind).find(|kind| kind.name() == typed.one("kind"));
        let reason = typed.one("reason").to_owned();
        let no_kind = kind.is_none().then(|| mistake("kind", "Choose what kind of reason it is"));
        let no_reason = reason.is_empty().then(|| mistake("reason", "Say what is wrong, so that it can be mended"));
        match kind {
            Some(kind) if no_reason.is_none() => {
                let fields = typed.all("fields").into_iter().map(str::to_owned).collect();
                Ok(Decided::Returned(GivenBack { by, kind, reason, fields }))
            }
            _ => Err([no_kind, no_reason].into_iter().flatten().collect()),
        }
    }
}

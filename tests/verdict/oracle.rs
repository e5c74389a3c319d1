//! What must be true of a plan, worked out from the plan's own words and from
//! nothing that Baton computes: which fields stand, which are needed, and
//! whether the work may move.

use std::collections::{BTreeMap, BTreeSet};

use baton::brief::{FieldState, Origin};
use baton::value::Kind;

use crate::generator::{Age, By, Condition, Due, FieldPlan, Need, Plan, Record, RulePlan, Words, Worth};

/// What the oracle says of one plan.
#[derive(Debug, Default)]
pub struct Truth {
    pub found: BTreeSet<usize>,
    pub not_applicable: BTreeSet<usize>,
    pub unknown_by_design: BTreeSet<usize>,
    /// Fields that must be settled, the deciders among them.
    pub needed: BTreeSet<usize>,
    /// Open fields on which a condition, or the rule of a needed value, hangs.
    pub deciders: BTreeSet<usize>,
    /// Good values whose rule compares with a field that has no value.
    pub waiting: BTreeMap<usize, usize>,
}

/// What is wrong with a found field, to count that every fault is really tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    Empty,
    Junk,
    WrongType,
    Unsupported,
    Vague,
    Old,
    Rule,
    State,
    /// Nothing is wrong with any needed field but a condition cannot be told.
    UnknownCondition,
}

impl Truth {
    pub fn of(plan: &Plan) -> Truth {
        let mut truth = Truth::default();
        for (place, field) in plan.fields.iter().enumerate() {
            match field.state {
                FieldState::Found if fault(field).is_none() => truth.found.insert(place),
                FieldState::NotApplicable if may_be_not_applicable(field) => truth.not_applicable.insert(place),
                FieldState::UnknownByDesign if may_be_unknown(field) => truth.unknown_by_design.insert(place),
                _ => false,
            };
        }
        loop {
            let broken: Vec<usize> =
                truth.found.iter().copied().filter(|place| !truth.keeps_rule(plan, *place)).collect();
            if broken.is_empty() {
                break;
            }
            let waiting = broken.iter().filter_map(|place| Some((*place, truth.lacks_partner(plan, *place)?)));
            let waiting: Vec<(usize, usize)> = waiting.collect();
            truth.waiting.extend(waiting);
            broken.iter().for_each(|place| assert!(truth.found.remove(place)));
        }
        for (place, field) in plan.fields.iter().enumerate() {
            let (needed, asked) = truth.need(plan, &field.need);
            if needed {
                truth.needed.insert(place);
            }
            truth.deciders.extend(asked);
        }
        truth.needed.extend(&truth.deciders);
        loop {
            let partners =
                truth.waiting.iter().filter(|(place, _)| truth.needed.contains(place)).map(|(_, other)| *other);
            let more: Vec<usize> =
                partners.filter(|other| !truth.is_settled(*other) && !truth.deciders.contains(other)).collect();
            if more.is_empty() {
                return truth;
            }
            truth.needed.extend(&more);
            truth.deciders.extend(more);
        }
    }

    pub fn is_settled(&self, place: usize) -> bool {
        [&self.found, &self.not_applicable, &self.unknown_by_design].iter().any(|set| set.contains(&place))
    }

    pub fn blocking(&self) -> Vec<usize> {
        self.needed.iter().copied().filter(|place| !self.is_settled(*place)).collect()
    }

    pub fn may_move(&self, plan: &Plan) -> bool {
        self.blocking().is_empty() && plan.coverage == 1.0 && !plan.unread && plan.same_version
    }

    /// Whether the field is needed, and the open fields that would tell.
    fn need(&self, plan: &Plan, need: &Need) -> (bool, BTreeSet<usize>) {
        let condition = match need {
            Need::Optional => return (false, BTreeSet::new()),
            Need::Always | Need::Broken => return (true, BTreeSet::new()),
            Need::When(condition) => condition,
        };
        let is = |place: usize| plan.compared(place).map_or(Some(true), |place| self.is_first(plan, place));
        let (told, named) = match condition {
            Condition::Is(one) => (is(*one), vec![*one]),
            Condition::Both(one, other) => (both(is(*one), is(*other)), vec![*one, *other]),
            Condition::Either(one, other) => (either(is(*one), is(*other)), vec![*one, *other]),
        };
        match told {
            Some(needed) => (needed, BTreeSet::new()),
            None => {
                let named = named.into_iter().filter_map(|place| plan.compared(place));
                (true, named.filter(|place| !self.is_settled(*place)).collect())
            }
        }
    }

    /// Whether the field has the first good value; `None` when nobody knows.
    fn is_first(&self, plan: &Plan, place: usize) -> Option<bool> {
        if self.not_applicable.contains(&place) {
            return Some(false);
        }
        self.found.contains(&place).then(|| has_first(&plan.fields[place]))
    }

    /// The field without a value that a rule of this one compares with.
    fn lacks_partner(&self, plan: &Plan, place: usize) -> Option<usize> {
        let RulePlan::DiffersFrom(other) = plan.fields[place].rule else { return None };
        let other = plan.differs_from(place, other)?;
        (!self.found.contains(&other) && !self.not_applicable.contains(&other)).then_some(other)
    }

    fn keeps_rule(&self, plan: &Plan, place: usize) -> bool {
        let field = &plan.fields[place];
        match field.rule {
            RulePlan::None => true,
            RulePlan::Never | RulePlan::Broken => false,
            RulePlan::IsFirst => !field.is_comparable() || has_first(field),
            RulePlan::DiffersFrom(other) => match plan.differs_from(place, other) {
                None => true,
                Some(other) if self.not_applicable.contains(&other) => true,
                Some(other) => self.found.contains(&other) && word(field) != word(&plan.fields[other]),
            },
        }
    }
}

/// A condition that names a field without a value is unknown, whatever the rest of it says.
fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    let (one, other) = (one?, other?);
    Some(one && other)
}

fn either(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    let (one, other) = (one?, other?);
    Some(one || other)
}

fn has_first(field: &FieldPlan) -> bool {
    word(field) == 1
}

/// Which of the comparable words a good value is.
fn word(field: &FieldPlan) -> u8 {
    match field.worth {
        Worth::First => 1,
        Worth::Loose if field.loose().is_none() => 1,
        Worth::Second => 2,
        _ => 3,
    }
}

/// The first fault of a field that claims to be found, looked at alone.
pub fn fault(field: &FieldPlan) -> Option<Fault> {
    match field.worth {
        Worth::Null | Worth::Empty => return Some(Fault::Empty),
        Worth::Junk | Worth::HalfJunk | Worth::Echo => return Some(Fault::Junk),
        Worth::WrongType | Worth::WrongShape => return Some(Fault::WrongType),
        Worth::First | Worth::Second | Worth::Loose => {}
    }
    if field.origin == Some(Origin::Crm) && field.record == Record::Junk {
        return Some(Fault::Junk);
    }
    let supported = match field.origin {
        None => false,
        Some(Origin::Source) => {
            field.evidence.iter().any(|(words, _)| matches!(words, Words::Verified | Words::AuthorLine))
        }
        Some(Origin::Crm) => field.record == Record::Good,
        Some(Origin::Person) => field.by == By::Named,
    };
    if !supported {
        return Some(Fault::Unsupported);
    }
    if field.specific && field.worth == Worth::Loose && field.loose().is_some() {
        return Some(Fault::Vague);
    }
    (field.grows_stale && !is_fresh(field)).then_some(Fault::Old)
}

fn is_fresh(field: &FieldPlan) -> bool {
    if field.origin != Some(Origin::Source) {
        match field.own_age {
            Some(age) => return age == Age::Fresh,
            None if field.evidence.is_empty() => return true,
            None => {}
        }
    }
    let of_age = |wanted: Age| field.evidence.iter().any(|(words, age)| *words != Words::Near && *age == wanted);
    of_age(Age::Fresh) || !of_age(Age::Old)
}

fn may_be_not_applicable(field: &FieldPlan) -> bool {
    field.allow.not_applicable && field.by == By::Named && field.explained
}

fn may_be_unknown(field: &FieldPlan) -> bool {
    field.allow.unknown && field.by == By::Named && field.owner && matches!(field.due, Due::Today | Due::Future)
}

/// The one fault that alone keeps this plan from moving, if there is just one.
pub fn only_fault(plan: &Plan, truth: &Truth) -> Option<Fault> {
    if plan.coverage != 1.0 || plan.unread || !plan.same_version {
        return None;
    }
    let [place] = truth.blocking()[..] else { return None };
    let field = &plan.fields[place];
    if truth.deciders.contains(&place) && matches!(field.need, Need::Optional) {
        return Some(Fault::UnknownCondition);
    }
    match field.state {
        FieldState::Found => Some(fault(field).unwrap_or(Fault::Rule)),
        _ => Some(Fault::State),
    }
}

/// Kinds of which at least one plan must move, so that no kind is refused always.
pub fn kind_name(kind: &Kind) -> String {
    let text = format!("{kind:?}");
    text.split('(').next().unwrap_or_default().to_string()
}

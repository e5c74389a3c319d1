//! What can only be judged with all fields at hand: the names in conditions
//! and rules, the types they meet, conditions that go in a circle, keys and
//! cues that stand twice.

use std::collections::{HashMap, HashSet};

use super::expression::{Expression, Sampled, find_problems};
use super::field::{Drafted, Placed};
use super::kinds::type_name;
use super::reader::Reader;
use super::{Field, Requirement};
use crate::value::Kind;

/// Reports everything that concerns more than one field.
pub(super) fn check_fields(reader: &mut Reader<'_>, drafted: &[Drafted]) {
    let by_key = index_fields(reader, drafted);
    for (index, draft) in drafted.iter().enumerate() {
        if let (Requirement::When(condition), Some(placed)) = (&draft.field.required, &draft.condition) {
            check_condition(reader, drafted, &by_key, (index, condition, placed));
        }
        for (rule, placed) in draft.field.rules.iter().zip(&draft.rules) {
            if names_are_fields(reader, &by_key, &rule.assert, placed) {
                check_types(reader, drafted, &by_key, (index, &rule.assert, placed));
            }
        }
    }
    report_circles(reader, drafted, &by_key);
    report_shared_cues(reader, drafted);
}

/// Fields by key, the first of each; the others are mistakes.
fn index_fields<'d>(reader: &mut Reader<'_>, drafted: &'d [Drafted]) -> HashMap<&'d str, usize> {
    let mut by_key = HashMap::new();
    for (index, draft) in drafted.iter().enumerate() {
        let key = draft.field.key.as_str();
        if by_key.contains_key(key) {
            let message = format!("{}.key: two fields have the key '{key}'", draft.path);
            reader.error(draft.place, message, "give one of them another key");
        } else {
            by_key.insert(key, index);
        }
    }
    by_key
}

type Seen<'e> = (usize, &'e Expression, &'e Placed);

fn check_condition(reader: &mut Reader<'_>, drafted: &[Drafted], by_key: &HashMap<&str, usize>, seen: Seen<'_>) {
    let (index, condition, placed) = seen;
    let mut sound = names_are_fields(reader, by_key, condition, placed);
    if condition.uses_value() {
        sound = false;
        let place = placed.at(condition.offset_of_name("value"));
        let message = format!("{}: a condition has no `value`, it decides before there is one", placed.path);
        reader.error(place, message, "name another field");
    }
    let key = drafted[index].field.key.as_str();
    if condition.names.iter().any(|name| name == key) {
        let place = placed.at(condition.offset_of_name(key));
        reader.error(place, format!("{}: the condition names its own field", placed.path), "name another field");
    }
    if sound {
        check_types(reader, drafted, by_key, seen);
    }
}

fn names_are_fields(
    reader: &mut Reader<'_>,
    by_key: &HashMap<&str, usize>,
    expression: &Expression,
    placed: &Placed,
) -> bool {
    let mut all = true;
    for name in &expression.names {
        if !by_key.contains_key(name.as_str()) {
            all = false;
            let mut known: Vec<&str> = by_key.keys().copied().chain(["value", "today", "now"]).collect();
            known.sort_unstable();
            let otherwise = "names are the keys of this route's fields, value, today and now; put quotes around text";
            let mend = reader.suggest(name, known, otherwise);
            let place = placed.at(expression.offset_of_name(name));
            reader.error(place, format!("{}: there is no field '{name}'", placed.path), mend);
        }
    }
    all
}

/// Only where every named field has a type that could be read.
fn check_types(reader: &mut Reader<'_>, drafted: &[Drafted], by_key: &HashMap<&str, usize>, seen: Seen<'_>) {
    let (index, expression, placed) = seen;
    let mut names = Vec::new();
    let own = expression.uses_value().then_some(("value", index));
    let others = expression.names.iter().filter_map(|name| Some((name.as_str(), *by_key.get(name.as_str())?)));
    for (name, at) in own.into_iter().chain(others) {
        if !drafted[at].has_kind {
            return;
        }
        names.push(Sampled { name, kind: &drafted[at].field.kind, list: drafted[at].field.list });
    }
    for problem in find_problems(expression, &names) {
        reader.error(placed.at(problem.offset), format!("{}: {}", placed.path, problem.message), problem.mend);
    }
}

/// Each circle of conditions once, at the condition of its first field in the file.
fn report_circles(reader: &mut Reader<'_>, drafted: &[Drafted], by_key: &HashMap<&str, usize>) {
    let needs = |field: &Field| -> Vec<usize> {
        let Requirement::When(condition) = &field.required else { return Vec::new() };
        let own = field.key.as_str();
        condition
            .names
            .iter()
            .filter(|name| *name != own)
            .filter_map(|name| by_key.get(name.as_str()).copied())
            .collect()
    };
    let edges: Vec<Vec<usize>> = drafted.iter().map(|draft| needs(&draft.field)).collect();
    let mut finished = vec![false; drafted.len()];
    for start in 0..drafted.len() {
        // The way from `start`, each step with the edges still to try.
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        let mut on_way: HashSet<usize> = HashSet::from([start]);
        while let Some((at, next)) = way.last_mut() {
            let at = *at;
            let Some(target) = edges[at].get(*next).copied().filter(|_| !finished[at]) else {
                finished[at] = true;
                on_way.remove(&at);
                way.pop();
                continue;
            };
            *next += 1;
            if on_way.contains(&target) {
                let circle: Vec<usize> = way.iter().map(|(at, _)| *at).skip_while(|at| *at != target).collect();
                report_circle(reader, drafted, &circle);
            } else if !finished[target] {
                on_way.insert(target);
                way.push((target, 0));
            }
        }
    }
}

fn report_circle(reader: &mut Reader<'_>, drafted: &[Drafted], circle: &[usize]) {
    let Some(first) = circle.iter().enumerate().min_by_key(|(_, at)| **at).map(|(position, _)| position) else {
        return;
    };
    let turned: Vec<usize> = circle.iter().cycle().skip(first).take(circle.len() + 1).copied().collect();
    let names: Vec<&str> = turned.iter().map(|at| drafted[*at].field.key.as_str()).collect();
    let draft = &drafted[turned[0]];
    if let Some(placed) = &draft.condition {
        let message = format!("{}: the conditions go in a circle: {}", placed.path, names.join(" → "));
        reader.error(placed.place, message, "make one of these fields required, or give it another condition");
    }
}

/// The reader without a model tells fields of one type apart by their cues. Enums have their words.
fn report_shared_cues(reader: &mut Reader<'_>, drafted: &[Drafted]) {
    let mut first: HashMap<(String, &str), &str> = HashMap::new();
    for draft in drafted.iter().filter(|draft| draft.has_kind && !matches!(draft.field.kind, Kind::Enum(_))) {
        let key = draft.field.key.as_str();
        for (cue, place) in draft.field.cues.iter().zip(&draft.cues) {
            let other = *first.entry((cue.to_lowercase(), type_name(&draft.field.kind))).or_insert(key);
            if other != key {
                let message = format!("{}.cues: '{cue}' is also a cue of {other}, of the same type", draft.path);
                reader.hint(*place, message, "keep it with the field it means, or make both longer");
            }
        }
    }
}

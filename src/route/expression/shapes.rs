//! What kinds of results the parts of an expression have, and the words for
//! parts that cannot work: what is wrong and what to write instead.

use cel::common::ast::{CallExpr, Expr, LiteralValue};
use cel::common::types::CelString;
use cel::{ExecutionError, IdedExpr};

use crate::route::nearest::nearest;

/// What a part of an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Bool,
    Whole,
    Decimal,
    Text,
    Moment,
    Duration,
    List,
    Money,
    Null,
    Other,
}

impl Shape {
    pub(super) fn of(value: &cel::Value) -> Self {
        match value {
            cel::Value::Bool(_) => Self::Bool,
            cel::Value::Int(_) | cel::Value::UInt(_) => Self::Whole,
            cel::Value::Float(_) => Self::Decimal,
            cel::Value::String(_) => Self::Text,
            cel::Value::Timestamp(_) => Self::Moment,
            cel::Value::Duration(_) => Self::Duration,
            cel::Value::List(_) => Self::List,
            cel::Value::Map(_) => Self::Money,
            cel::Value::Null => Self::Null,
            _ => Self::Other,
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Whole | Self::Decimal => "a number",
            Self::Text => "text",
            Self::Moment => "a date or time",
            Self::Duration => "a length of time",
            Self::List => "a list",
            Self::Money => "money",
            Self::Null => "null",
            Self::Other => "something else",
        }
    }

    pub(super) fn equals_can_hold(self, other: Self) -> bool {
        let family = |shape| if shape == Self::Whole { Self::Decimal } else { shape };
        family(self) == family(other) || self == Self::Other || other == Self::Other
    }
}

pub(super) fn name_of(node: &IdedExpr) -> Option<&str> {
    if let Expr::Ident(name) = &node.expr { Some(name) } else { None }
}

pub(super) fn literal_of(node: &IdedExpr) -> Option<&str> {
    match &node.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(CelString::inner(text)),
        _ => None,
    }
}

/// The operator as it is written.
fn sign_of(function: &str) -> Option<&str> {
    let sign = function.strip_prefix('_')?.strip_suffix('_')?;
    sign.chars().all(|c| c.is_ascii_punctuation()).then_some(sign)
}

pub(super) fn explain(node: &IdedExpr, error: &ExecutionError, shapes: &[Shape]) -> (String, String) {
    match (&node.expr, error) {
        (Expr::Call(call), ExecutionError::UndeclaredReference(name)) if call.func_name == **name => {
            let known = [
                "size",
                "contains",
                "startsWith",
                "endsWith",
                "matches",
                "duration",
                "timestamp",
                "int",
                "double",
                "string",
                "all",
                "exists",
                "exists_one",
                "filter",
                "map",
                "getFullYear",
                "getMonth",
                "getDayOfWeek",
                "getHours",
            ];
            let mend = match nearest(name, known) {
                Some(meant) => format!("did you mean {meant}()?"),
                None => format!("functions are {}", known.join(", ")),
            };
            (format!("there is no function {name}()"), mend)
        }
        (Expr::Call(call), _) => {
            let parts: Vec<&str> = shapes.iter().map(|shape| shape.words()).collect();
            let message = match sign_of(&call.func_name) {
                Some(sign) => format!("`{sign}` cannot take {}", parts.join(" and ")),
                None => format!("{}() cannot take {}", call.func_name.trim_matches(['_', '@']), parts.join(" and ")),
            };
            (message, mend_of(call, shapes))
        }
        (Expr::Select(select), _) => {
            let of = shapes.first().map_or("this", |shape| shape.words());
            let message = format!("{of} has no part `.{}`", select.field);
            let mend = match shapes.first() {
                Some(Shape::Money) => "money has .amount and .currency",
                _ => "only money has parts: .amount and .currency",
            };
            (message, mend.to_string())
        }
        (_, error) => (error.to_string(), "see the list of functions in the CEL language definition".to_string()),
    }
}

pub(super) fn mend_of(call: &CallExpr, shapes: &[Shape]) -> String {
    let operands: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
    let position = |wanted: Shape| shapes.iter().position(|shape| *shape == wanted);
    let other = |at: usize| shapes.iter().enumerate().find(|(index, _)| *index != at).map(|(_, shape)| *shape);
    let written = |at: usize| operands.get(at).and_then(|part| name_of(part)).unwrap_or("value").to_string();
    if position(Shape::Null).is_some() {
        return "leave it out: a field without a value is never tested, it counts as missing".to_string();
    }
    if let Some(at) = position(Shape::Money) {
        return match other(at) {
            Some(Shape::Text) => format!("write {}.currency", written(at)),
            _ => format!("write {}.amount", written(at)),
        };
    }
    if let Some(at) = position(Shape::Moment) {
        return match other(at) {
            Some(Shape::Text) => "write the date as timestamp('2026-07-01T00:00:00Z')".to_string(),
            Some(Shape::Duration) => {
                format!("compare with a date, for example {} >= today + duration('48h')", written(at))
            }
            _ => "compare a date with today, now or timestamp('2026-07-01T00:00:00Z')".to_string(),
        };
    }
    if position(Shape::Duration).is_some() {
        return "write the length of time as duration('48h')".to_string();
    }
    if let (Some(_), Some(_)) = (position(Shape::Whole), position(Shape::Decimal)) {
        return "write numbers with a point, 2.0 instead of 2: fields hold decimal numbers".to_string();
    }
    if position(Shape::Text).is_some() && (position(Shape::Whole).is_some() || position(Shape::Decimal).is_some()) {
        return "write numbers without quotes, texts with them".to_string();
    }
    if position(Shape::List).is_some() {
        return "test the items: value.all(item, …), value.exists(item, …) or size(value)".to_string();
    }
    "compare values of one type".to_string()
}

/// What CEL's `duration()` reads to its end; it would drop the rest silently.
pub(super) fn is_cel_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix('-').unwrap_or(text);
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let Some(next) = ["ms", "us", "ns", "h", "m", "s"].iter().find_map(|unit| after.strip_prefix(unit)) else {
            return false;
        };
        if after.len() == rest.len() {
            return false;
        }
        rest = next;
    }
    true
}

pub(super) fn in_hours(text: &str) -> Option<String> {
    let (count, each) =
        [("d", 24), ("w", 168)].iter().find_map(|(unit, each)| Some((text.strip_suffix(unit)?, each)))?;
    let hours = count.parse::<i64>().ok()?.checked_mul(*each)?;
    Some(format!("write duration('{hours}h')"))
}

//! Type errors found before they happen: every part of an expression is
//! evaluated on sample values of the types of the fields it names. Parts that
//! a short circuit would skip are evaluated too, and comparisons that CEL
//! quietly calls false (a number with a text, an enum with a word that is none
//! of its ids) are reported.

use std::sync::Arc;

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, operators};
use cel::common::types::CelString;
use cel::{Context, ExecutionError, IdedExpr};
use jiff::{Timestamp, civil};

use super::syntax::{children, find_names, offset_of_literal};
use super::{ENVIRONMENT, Expression, binding};
use crate::route::nearest::nearest;
use crate::value::{Choice, Kind};

/// A name with the type of its values.
pub(in super::super) struct Sampled<'a> {
    pub name: &'a str,
    pub kind: &'a Kind,
    pub list: bool,
}

/// Something that cannot work.
#[derive(Debug)]
pub(in super::super) struct Problem {
    /// In characters from the start of the expression, where known.
    pub offset: Option<usize>,
    pub message: String,
    pub mend: String,
}

/// What a part of an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
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
    fn of(value: &cel::Value) -> Self {
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

    fn words(self) -> &'static str {
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

    fn equals_can_hold(self, other: Self) -> bool {
        let family = |shape| if shape == Self::Whole { Self::Decimal } else { shape };
        family(self) == family(other) || self == Self::Other || other == Self::Other
    }
}

/// What cannot work in an expression over these names; `value`, if used, must be among them.
pub(in super::super) fn find_problems(expression: &Expression, names: &[Sampled<'_>]) -> Vec<Problem> {
    let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
    for sampled in names {
        let one = sample(sampled.kind);
        let value = if sampled.list { cel::Value::List(Arc::new(vec![one])) } else { one };
        context.add_variable_from_value(sampled.name, value);
    }
    binding::bind_clock(&mut context, Timestamp::UNIX_EPOCH, civil::date(1970, 1, 1));
    let choices = names.iter().filter_map(|sampled| match sampled.kind {
        Kind::Enum(choices) => Some((sampled.name.to_string(), choices.as_slice())),
        _ => None,
    });
    let mut probe = Probe { text: &expression.text, choices: choices.collect(), problems: Vec::new() };
    let result = probe.shape(&expression.syntax, &context);
    if let Some(shape) = result
        && shape != Shape::Bool
    {
        let mend = match shape {
            Shape::Moment => "write a comparison, for example `value >= today`",
            Shape::Text => "write a comparison, for example `value != ''`",
            _ => "write a comparison, for example `value > 0`",
        };
        probe.report(None, format!("the expression gives {}, not true or false", shape.words()), mend);
    }
    probe.problems
}

fn sample(kind: &Kind) -> cel::Value {
    match kind {
        Kind::Text | Kind::LongText | Kind::Email | Kind::Phone | Kind::Url | Kind::Person | Kind::Team => {
            "sample".into()
        }
        Kind::Enum(choices) => choices.first().map_or("sample", |choice| choice.id.as_str()).into(),
        Kind::Date | Kind::DateTime => cel::Value::Timestamp(chrono::DateTime::UNIX_EPOCH.into()),
        Kind::Duration => cel::Value::Duration(chrono::TimeDelta::zero()),
        Kind::Money => binding::amount(1.5, "EUR"),
        Kind::Number => cel::Value::Float(1.5),
        Kind::Bool => cel::Value::Bool(true),
    }
}

struct Probe<'a> {
    text: &'a str,
    /// Names whose values are one of declared choices.
    choices: Vec<(String, &'a [Choice])>,
    problems: Vec<Problem>,
}

impl<'a> Probe<'a> {
    fn report(&mut self, offset: Option<usize>, message: String, mend: impl Into<String>) {
        self.problems.push(Problem { offset, message, mend: mend.into() });
    }

    /// What a part gives; `None` when it cannot be told or a problem was reported. Parts first, so
    /// that the innermost problem is the one reported. Recursion is bounded by the parser's limits.
    fn shape(&mut self, node: &IdedExpr, context: &Context<'_, '_>) -> Option<Shape> {
        match &node.expr {
            Expr::Call(call) => {
                let parts: Vec<&IdedExpr> = children(node);
                let shapes: Vec<Option<Shape>> = parts.iter().map(|part| self.shape(part, context)).collect();
                let shapes: Vec<Shape> = shapes.into_iter().collect::<Option<_>>()?;
                self.call(node, call, &shapes, context)
            }
            Expr::Comprehension(each) => {
                self.each(each, context)?;
                self.evaluate(node, context, &[])
            }
            _ => {
                let shapes: Vec<Option<Shape>> =
                    children(node).into_iter().map(|part| self.shape(part, context)).collect();
                let shapes: Vec<Shape> = shapes.into_iter().collect::<Option<_>>()?;
                self.evaluate(node, context, &shapes)
            }
        }
    }

    /// The body of `all`, `exists` and the like, on one item of the sample list.
    fn each(&mut self, each: &ComprehensionExpr, context: &Context<'_, '_>) -> Option<()> {
        if self.shape(&each.iter_range, context)? != Shape::List {
            return Some(());
        }
        let Ok(cel::Value::List(items)) = cel::Value::resolve(&each.iter_range, context) else { return Some(()) };
        let start = cel::Value::resolve(&each.accu_init, context).ok()?;
        let Some(item) = items.first() else { return Some(()) };
        let mut inner = context.new_inner_scope();
        inner.add_variable_from_value(each.iter_var.as_str(), item.clone());
        inner.add_variable_from_value(each.accu_var.as_str(), start);
        let before = self.choices.len();
        let of_list = name_of(&each.iter_range).and_then(|name| self.choices_of(name));
        self.choices.extend(of_list.map(|choices| (each.iter_var.clone(), choices)));
        let step = self.shape(&each.loop_step, &inner);
        self.choices.truncate(before);
        step.map(|_| ())
    }

    fn call(&mut self, node: &IdedExpr, call: &CallExpr, shapes: &[Shape], context: &Context<'_, '_>) -> Option<Shape> {
        let name = call.func_name.as_str();
        match (name, call.args.as_slice(), shapes) {
            (operators::EQUALS | operators::NOT_EQUALS, [left, right], [a, b]) => {
                self.literal_is_choice(left, right);
                self.literal_is_choice(right, left);
                if !a.equals_can_hold(*b) {
                    let message = format!("{} is never equal to {}", a.words(), b.words());
                    let mend = mend_of(call, shapes);
                    self.report(None, message, mend);
                    return None;
                }
            }
            (operators::IN, [item, list], [item_shape, Shape::List]) => {
                self.literals_are_choices(item, list);
                let first = match cel::Value::resolve(list, context) {
                    Ok(cel::Value::List(items)) => items.first().map(Shape::of),
                    _ => None,
                };
                if let Some(first) = first.filter(|first| !first.equals_can_hold(*item_shape)) {
                    let message = format!("{} is never in a list of {}", item_shape.words(), first.words());
                    self.report(None, message, "compare values of one type");
                    return None;
                }
            }
            (operators::LOGICAL_AND | operators::LOGICAL_OR, ..) => {
                if let Some(wrong) = shapes.iter().find(|shape| **shape != Shape::Bool) {
                    let message = format!("`&&` and `||` join conditions, this is {}", wrong.words());
                    self.report(None, message, "write a comparison on both sides");
                    return None;
                }
            }
            ("duration", [literal], _) => {
                if let Some(text) = literal_of(literal).filter(|text| !is_cel_duration(text)) {
                    let message =
                        format!("duration('{text}') is no length of time: CEL counts hours, minutes and seconds");
                    let mend = in_hours(text).unwrap_or_else(|| "write for example duration('48h')".to_string());
                    self.report(offset_of_literal(self.text, text), message, mend);
                    return None;
                }
            }
            _ => {}
        }
        self.evaluate(node, context, shapes)
    }

    fn evaluate(&mut self, node: &IdedExpr, context: &Context<'_, '_>, shapes: &[Shape]) -> Option<Shape> {
        let error = match cel::Value::resolve(node, context) {
            Ok(value) => return Some(Shape::of(&value)),
            Err(error) => error,
        };
        let hangs_on_the_value = match &error {
            ExecutionError::DivisionByZero(_)
            | ExecutionError::RemainderByZero(_)
            | ExecutionError::Overflow(..)
            | ExecutionError::IndexOutOfBounds(_) => true,
            ExecutionError::FunctionError { .. } => !find_names(node).is_empty(),
            _ => false,
        };
        if !hangs_on_the_value {
            let (message, mend) = explain(node, &error, shapes);
            self.report(None, message, mend);
        }
        None
    }

    fn choices_of(&self, name: &str) -> Option<&'a [Choice]> {
        self.choices.iter().rev().find(|(known, _)| known == name).map(|(_, choices)| *choices)
    }

    fn literal_is_choice(&mut self, name: &IdedExpr, literal: &IdedExpr) {
        let Some((field, choices)) = name_of(name).and_then(|name| Some((name, self.choices_of(name)?))) else {
            return;
        };
        let Some(text) = literal_of(literal) else { return };
        if choices.iter().any(|choice| choice.id == text) {
            return;
        }
        let ids = || choices.iter().map(|choice| choice.id.as_str());
        let by_alias = choices.iter().find(|choice| {
            choice.id.eq_ignore_ascii_case(text) || choice.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(text))
        });
        let all = ids().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ");
        let mend = match by_alias.map(|choice| choice.id.as_str()).or_else(|| nearest(text, ids())) {
            Some(meant) => format!("did you mean '{meant}'? The values are {all}"),
            None => format!("write one of {all}"),
        };
        let message = format!("'{text}' is no value of {field}, so this is never equal");
        self.report(offset_of_literal(self.text, text), message, mend);
    }

    /// `field in ['a', 'b']` and `'a' in list_field`.
    fn literals_are_choices(&mut self, item: &IdedExpr, list: &IdedExpr) {
        if let Expr::List(written) = &list.expr {
            for element in &written.elements {
                self.literal_is_choice(item, element);
            }
        }
        self.literal_is_choice(list, item);
    }
}

fn name_of(node: &IdedExpr) -> Option<&str> {
    if let Expr::Ident(name) = &node.expr { Some(name) } else { None }
}

fn literal_of(node: &IdedExpr) -> Option<&str> {
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

fn explain(node: &IdedExpr, error: &ExecutionError, shapes: &[Shape]) -> (String, String) {
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

fn mend_of(call: &CallExpr, shapes: &[Shape]) -> String {
    let operands: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
    let position = |wanted: Shape| shapes.iter().position(|shape| *shape == wanted);
    let other = |at: usize| shapes.iter().enumerate().find(|(index, _)| *index != at).map(|(_, shape)| *shape);
    let written = |at: usize| operands.get(at).and_then(|part| name_of(part)).unwrap_or("value").to_string();
    if let Some(at) = position(Shape::Null) {
        let _ = at;
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
fn is_cel_duration(text: &str) -> bool {
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

fn in_hours(text: &str) -> Option<String> {
    let (count, each) =
        [("d", 24), ("w", 168)].iter().find_map(|(unit, each)| Some((text.strip_suffix(unit)?, each)))?;
    let hours = count.parse::<i64>().ok()?.checked_mul(*each)?;
    Some(format!("write duration('{hours}h')"))
}

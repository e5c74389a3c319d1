//! Type errors found before they happen: every part of an expression is
//! evaluated on sample values of the types of the fields it names. Parts that
//! a short circuit would skip are evaluated too, and comparisons that CEL
//! quietly calls false (a number with a text, an enum with a word that is none
//! of its ids) are reported.

use std::sync::Arc;

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, operators};
use cel::{Context, ExecutionError, IdedExpr};
use jiff::{Timestamp, civil};

use super::shapes::{Shape, explain, in_hours, is_cel_duration, literal_of, mend_of, name_of};
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

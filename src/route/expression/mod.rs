//! The expressions of conditions and rules: CEL over the fields of a route.
//!
//! A field's value stands under its key, the value of the rule's own field
//! under `value`, and the moment of judging under `now` and `today`. How the
//! types of fields appear in CEL is told in `binding`. An expression is either
//! true, false, unknown (a field it names has no value) or in error; error and
//! unknown are never taken for true.

mod binding;
mod samples;
mod syntax;

use std::sync::{Arc, LazyLock};

use cel::{Context, Env};
use jiff::Timestamp;
use jiff::civil;

use crate::value::Value;

pub(super) use samples::{Sampled, find_problems};
pub(super) use syntax::SyntaxError;

/// CEL's standard functions. Building the table costs more than an evaluation, and it never changes.
static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// A CEL expression that has been checked to compile; `names` are the fields it uses,
/// in the order of their first use, without `value`, `today` and `now`.
#[derive(Debug, Clone)]
pub struct Expression {
    pub text: String,
    pub names: Vec<String>,
    uses_value: bool,
    syntax: Arc<cel::IdedExpr>,
}

/// The same text is the same expression.
impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Expression {}

/// What an expression is evaluated on.
pub struct Scope<'a> {
    /// The field's own value, `value` in a rule; `None` in a condition.
    pub value: Option<&'a Value>,
    /// The value of a field by its key; `None` when it has none.
    pub fields: &'a dyn Fn(&str) -> Option<Value>,
    pub now: Timestamp,
    pub today: civil::Date,
}

/// What an expression says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    True,
    False,
    /// These fields (or `value`) have no value.
    Unknown(Vec<String>),
    /// The expression does not fit the values; why, in CEL's words.
    Error(String),
}

impl Expression {
    /// Reads an expression. The error says what is wrong with it.
    pub fn compile(text: &str) -> Result<Expression, String> {
        Self::read(text).map_err(|error| error.message)
    }

    /// As `compile`, with the place of the error.
    pub(super) fn read(text: &str) -> Result<Expression, SyntaxError> {
        let syntax = syntax::parse(text)?;
        let mut names = syntax::find_names(&syntax);
        let uses_value = names.iter().any(|name| name == "value");
        names.retain(|name| !is_given(name));
        Ok(Expression { text: text.to_string(), names, uses_value, syntax: Arc::new(syntax) })
    }

    /// Whether the field's own value is used.
    pub(super) fn uses_value(&self) -> bool {
        self.uses_value
    }

    /// Where a field's name stands first, in characters from the start of the text.
    pub(super) fn offset_of_name(&self, name: &str) -> Option<usize> {
        syntax::offset_of_name(&self.text, name)
    }
}

/// The names every expression may use besides the fields.
pub(super) fn is_given(name: &str) -> bool {
    matches!(name, "value" | "today" | "now")
}

/// Words that mean something to CEL and therefore cannot be the key of a field.
pub(super) fn is_reserved(name: &str) -> bool {
    is_given(name) || syntax::is_keyword(name)
}

/// Says what an expression says of these values.
pub fn evaluate(expression: &Expression, scope: &Scope<'_>) -> Outcome {
    let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
    let mut without_value = Vec::new();
    let mut bind = |name: &str, value: Option<Value>| match value {
        Some(value) => binding::bind(&mut context, name, &value),
        None => {
            without_value.push(name.to_string());
            Ok(())
        }
    };
    let mut failed = None;
    for name in &expression.names {
        if let Err(reason) = bind(name, (scope.fields)(name)) {
            failed.get_or_insert(reason);
        }
    }
    if expression.uses_value
        && let Err(reason) = bind("value", scope.value.cloned())
    {
        failed.get_or_insert(reason);
    }
    if !without_value.is_empty() {
        return Outcome::Unknown(without_value);
    }
    if let Some(reason) = failed {
        return Outcome::Error(reason);
    }
    binding::bind_clock(&mut context, scope.now, scope.today);
    match cel::Value::resolve(&expression.syntax, &context) {
        Ok(cel::Value::Bool(true)) => Outcome::True,
        Ok(cel::Value::Bool(false)) => Outcome::False,
        Ok(other) => Outcome::Error(format!("the expression gives {}, not true or false", other.type_of())),
        Err(error) => Outcome::Error(error.to_string()),
    }
}

//! The expressions of conditions and rules: CEL over the fields of a route.
//!
//! A field's value stands under its key, the value of the rule's own field
//! under `value`, and the moment of judging under `now` and `today`. How the
//! types of fields appear in CEL is told in `binding`. An expression is either
//! true, false, unknown (a field it names has no value) or in error; error and
//! unknown are never taken for true.

mod binding;
mod samples;
mod shapes;
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::value::{Length, Money, Number, PartialDate, Person};

    fn value_of(text: &str, fields: &[(&str, Option<Value>)], value: Option<Value>) -> Outcome {
        let scope = Scope {
            value: value.as_ref(),
            fields: &|key| fields.iter().find(|(name, _)| *name == key).and_then(|(_, value)| value.clone()),
            now: "2026-03-03T09:20:00Z".parse().unwrap(),
            today: date(2026, 3, 3),
        };
        evaluate(&Expression::compile(text).unwrap(), &scope)
    }

    #[test]
    fn expressions_on_every_type() {
        let money = |amount: &str, currency: Option<&str>| {
            Value::Money(Money { amount: amount.parse().unwrap(), currency: currency.map(str::to_string) })
        };
        let number =
            |amount: &str| Value::Number(Number { amount: amount.parse().unwrap(), unit: Some("GB".to_string()) });
        let text = |text: &str| Value::Text(text.to_string());
        let length = |months, days, seconds| Value::Duration(Length { months, days, seconds });
        let at = |text: &str| Value::DateTime(text.parse().unwrap(), jiff::tz::Offset::UTC);
        let person = Value::Person(Person { name: "Dana Whitfield".to_string(), address: None });
        for (value, sound) in [
            (text("abc"), "value == 'abc' && size(value) == 3 && value.contains('b')"),
            (Value::Email("d@acme.example".to_string()), "value.endsWith('.example')"),
            (Value::Phone("+4930".to_string()), "value.startsWith('+')"),
            (Value::Url("https://a.example".to_string()), "value.matches('^https://')"),
            (person, "value == 'Dana Whitfield'"),
            (Value::Enum("pro".to_string()), "value == 'pro' && value in ['pro', 'max']"),
            (Value::Bool(true), "value && value == true"),
            (number("5"), "value == 5 && value > 4 && value >= 5.0 && value in [5, 6] && value < 5.5"),
            (number("2.5"), "value * 2.0 == 5.0 && value != 2 && value > 2"),
            (money("86400.50", Some("USD")), "value.amount > 86400 && value.currency == 'USD'"),
            (money("1", None), "value.currency == '' && value.currency != 'EUR'"),
            (Value::Date(date(2026, 3, 3)), "value >= today && value <= today && value < now"),
            (Value::Date(date(2026, 3, 10)), "value - today == duration('168h') && value > today + duration('24h')"),
            (Value::PartialDate(PartialDate::Month(2026, 2)), "value == timestamp('2026-02-28T00:00:00Z')"),
            (Value::PartialDate(PartialDate::Quarter(2026, 1)), "value == timestamp('2026-03-31T00:00:00Z')"),
            (Value::PartialDate(PartialDate::Year(2026)), "value == timestamp('2026-12-31T00:00:00Z')"),
            (at("2026-03-03T09:20:00Z"), "value == now && value > today"),
            (length(1, 0, 0), "value == duration('720h')"),
            (length(14, 1, 60), "value == duration('10224h1m')"),
            (Value::List(vec![text("a"), text("b")]), "'a' in value && value.all(v, size(v) == 1) && size(value) == 2"),
            (Value::List(vec![money("5", None)]), "value.exists(v, v.amount == 5)"),
        ] {
            assert_eq!(value_of(sound, &[], Some(value.clone())), Outcome::True, "{sound} of {value:?}");
            assert_eq!(value_of(&format!("!({sound})"), &[], Some(value)), Outcome::False, "{sound}");
        }
    }

    #[test]
    fn unknown_and_errors_are_never_true() {
        let fields = [("plan", Some(Value::Enum("pro".to_string()))), ("seats", None), ("start", None)];
        let unknown = |names: &[&str]| Outcome::Unknown(names.iter().map(|name| name.to_string()).collect());
        assert_eq!(value_of("plan == 'pro'", &fields, None), Outcome::True);
        assert_eq!(value_of("plan == 'basic'", &fields, None), Outcome::False);
        assert_eq!(value_of("seats > 5", &fields, None), unknown(&["seats"]));
        assert_eq!(value_of("plan == 'pro' || seats > 5", &fields, None), unknown(&["seats"]));
        assert_eq!(value_of("seats > 5 && start < today", &fields, None), unknown(&["seats", "start"]));
        assert_eq!(value_of("value == plan", &fields, None), unknown(&["value"]));
        for broken in [
            "plan > 5",
            "plan && true",
            "plan",
            "5",
            "1 / 0 == 1",
            "plan.amount > 1",
            "nofunction(plan)",
            "plan.matches('[')",
            "duration(plan) > duration('1h')",
            "[1][4] == 1",
        ] {
            assert!(matches!(value_of(broken, &fields, None), Outcome::Error(_)), "{broken}");
        }
        let endless = Value::Duration(Length { months: i64::MAX, days: i64::MAX, seconds: i64::MAX });
        assert!(matches!(value_of("value > duration('1h')", &[], Some(endless)), Outcome::Error(_)));
        let beyond = Value::PartialDate(PartialDate::Quarter(2026, 9));
        assert!(matches!(value_of("value > today", &[], Some(beyond)), Outcome::Error(_)));
    }

    #[test]
    fn names_are_the_fields_in_order() {
        let names = |text: &str| Expression::compile(text).unwrap().names;
        assert_eq!(names("b == 'a' && a > 1 || b == 'c'"), ["b", "a"]);
        assert_eq!(names("value > today && now > limit"), ["limit"]);
        assert_eq!(names("price.amount > 1"), ["price"]);
        assert_eq!(names("tools.exists(t, t == other)"), ["tools", "other"]);
        assert!(names("'a.b' == 'c'").is_empty());
        for broken in ["", " ", "a ==", "a b", "(a", "'a", "a = b", "a and b", "1 +"] {
            assert!(Expression::compile(broken).is_err(), "{broken}");
        }
    }
}

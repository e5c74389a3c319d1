//! Fits JSON into a typed value as strictly as our API describes it: where an
//! object is described, an object must stand. Read directly, a list whose items
//! happen to fit would be taken for one, by their order alone. What is missing
//! can be filled in, so that the reader comes as far as to the next mistake.

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Map, Value};

/// A value to be fitted.
#[derive(Debug, Clone, Copy)]
pub struct Fit<'de>(pub &'de Value);

/// Stands for whatever is wanted where nothing was given; only what explains mistakes puts it there.
pub const ANYTHING: &str = "\u{0}anything\u{0}";

/// A text that may be a moment too.
const SOME_TEXT: &str = "2000-01-01T00:00:00Z";

impl Fit<'_> {
    fn is_anything(self) -> bool {
        self.0.as_str() == Some(ANYTHING)
    }
}

impl<'de> IntoDeserializer<'de, Error> for Fit<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The entries of an object, each fitted in its turn.
fn entries(object: &Map<String, Value>) -> impl Iterator<Item = (&str, Fit<'_>)> {
    object.iter().map(|(key, value)| (key.as_str(), Fit(value)))
}

/// A float without a fraction counts as whole up to here: every whole number below is one float.
const MOST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// JSON has one kind of number, so that `7.0` is what a program means by 7 that knows no other.
macro_rules! whole {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0.as_f64() {
                None if self.is_anything() => visitor.visit_u64(1),
                Some(number) if self.0.is_f64() && number.fract() == 0.0 && number.abs() <= MOST_WHOLE => {
                    visitor.visit_i64(number as i64)
                }
                _ => self.deserialize_any(visitor),
            }
        }
    )* };
}

impl<'de> Deserializer<'de> for Fit<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(whole), _, _) => visitor.visit_u64(whole),
                (_, Some(whole), _) => visitor.visit_i64(whole),
                (_, _, number) => visitor.visit_f64(number.unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.iter().map(Fit));
                let value = visitor.visit_seq(&mut items)?;
                items.end().map(|()| value)
            }
            Value::Object(object) => {
                let mut entries = MapDeserializer::new(entries(object));
                let value = visitor.visit_map(&mut entries)?;
                entries.end().map(|()| value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ if self.is_anything() => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.is_anything() {
            return visitor.visit_map(MapDeserializer::new(keys.iter().map(|key| (*key, self))));
        }
        match self.0 {
            Value::Array(_) => Err(Error::invalid_type(Unexpected::Seq, &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(_) if self.is_anything() => {
                visitor.visit_enum(words.first().copied().unwrap_or_default().into_deserializer())
            }
            Value::String(text) => visitor.visit_enum(text.as_str().into_deserializer()),
            Value::Object(object) if object.len() == 1 => {
                visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(entries(object))))
            }
            Value::Object(_) => Err(Error::invalid_value(Unexpected::Map, &"an object with one key")),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_anything() { visitor.visit_bool(false) } else { self.deserialize_any(visitor) }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_anything() { visitor.visit_f64(1.0) } else { self.deserialize_any(visitor) }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_anything() { visitor.visit_borrowed_str(SOME_TEXT) } else { self.deserialize_any(visitor) }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let nothing = std::iter::empty::<Fit<'de>>();
        if self.is_anything() {
            visitor.visit_seq(SeqDeserializer::new(nothing))
        } else {
            self.deserialize_any(visitor)
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let nothing = std::iter::empty::<(&str, Fit<'de>)>();
        if self.is_anything() {
            visitor.visit_map(MapDeserializer::new(nothing))
        } else {
            self.deserialize_any(visitor)
        }
    }

    whole! { deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
    deserialize_u32 deserialize_u64 }

    forward_to_deserialize_any! {
        i128 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Person {
        name: String,
        age: Option<u8>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Answer {
        Unknown,
        Value(f64),
        Pair(i8, bool),
        Person { name: String },
        Whole(Person),
    }

    #[track_caller]
    fn check<T: for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(value: Value, expected: Option<T>) {
        assert_eq!(T::deserialize(Fit(&value)).ok(), expected, "{value}");
    }

    #[test]
    fn what_is_missing_can_be_filled_in() {
        let anything = json!(ANYTHING);
        check(anything.clone(), Some(Person { name: SOME_TEXT.to_owned(), age: None }));
        check(anything.clone(), Some(Answer::Unknown));
        check(anything.clone(), Some(Vec::<Person>::new()));
        check(anything.clone(), Some(BTreeMap::<String, u8>::new()));
        check(anything.clone(), Some(None::<bool>));
        check(anything.clone(), Some(false));
        check(anything.clone(), Some(1_u8));
        check(anything, Some(1.0_f64));
    }

    #[test]
    fn what_is_described_fits_and_nothing_else() {
        let person = |age| Person { name: "a".to_owned(), age };
        check(json!({"name": "a", "age": 7}), Some(person(Some(7))));
        check(json!({"name": "a", "age": null, "more": []}), Some(person(None)));
        check::<Person>(json!(["a", 7]), None);
        check::<Person>(json!({"name": "a", "age": 256}), None);
        check(json!({"name": "a", "age": 7.0}), Some(person(Some(7))));
        check::<Person>(json!({"name": "a", "age": 7.5}), None);
        check::<Person>(json!({"name": "a", "age": 1e300}), None);
        check::<Person>(json!("a"), None);
        check::<Vec<Person>>(json!([["a", 7]]), None);
        check(json!([{"name": "a"}]), Some(vec![person(None)]));
        check(json!("unknown"), Some(Answer::Unknown));
        check(json!({"value": -1}), Some(Answer::Value(-1.0)));
        check(json!({"pair": [-1, true]}), Some(Answer::Pair(-1, true)));
        check(json!({"person": {"name": "a"}}), Some(Answer::Person { name: "a".to_owned() }));
        check(json!({"whole": {"name": "a", "age": 1}}), Some(Answer::Whole(person(Some(1)))));
        check::<Answer>(json!({"whole": ["a", 1]}), None);
        check::<Answer>(json!({"unknown": null, "value": 1}), None);
        check::<Answer>(json!("value"), None);
        check::<Answer>(json!(3), None);
        check(json!({"a": 1, "b": 2}), Some(BTreeMap::from([("a".to_owned(), 1_u8), ("b".to_owned(), 2)])));
        check(json!((1, "x")), Some((1_i64, "x".to_owned())));
        check(json!({"x": [1.5, null]}), Some(json!({"x": [1.5, null]})));
    }
}

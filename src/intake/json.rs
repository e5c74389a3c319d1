//! JSON as values, with what `serde_json` does not tell: how many keys stood
//! twice in one object. The last of them counts, as everywhere; a person is told.
//! Halves of characters (`\ud83d` alone) become the replacement character instead
//! of making the whole file unreadable.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A value, counting keys that stand twice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted<'c> {
    pub doubled: &'c Cell<usize>,
}

/// The value and how many keys stood twice in their object.
pub(super) fn parse(text: &str) -> Result<(Value, usize), serde_json::Error> {
    let doubled = Cell::new(0);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Counted { doubled: &doubled }.deserialize(&mut reader)?;
    reader.end()?;
    Ok((value, doubled.get()))
}

impl<'de> DeserializeSeed<'de> for Counted<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Counted<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(self)?;
            if object.insert(key, value).is_some() {
                self.doubled.set(self.doubled.get() + 1);
            }
        }
        Ok(Value::Object(object))
    }
}

/// The text with halves of characters in `\u` escapes replaced, and how many there were.
pub(super) fn mend_halves(text: &str) -> (Cow<'_, str>, usize) {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut copied, mut at, mut mended) = (0, 0, 0);
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += found;
        let Some(unit) = escaped_unit(bytes, at) else {
            at += 2;
            continue;
        };
        let paired = is_high(unit) && escaped_unit(bytes, at + 6).is_some_and(is_low);
        if paired {
            at += 12;
            continue;
        }
        if is_high(unit) || is_low(unit) {
            out.push_str(text.get(copied..at).unwrap_or_default());
            out.push_str("\\ufffd");
            copied = at + 6;
            mended += 1;
        }
        at += 6;
    }
    if mended == 0 {
        return (Cow::Borrowed(text), 0);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    (Cow::Owned(out), mended)
}

/// The number of a `\uXXXX` escape that begins at this byte.
fn escaped_unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |sum, digit| Some(sum * 16 + char::from(*digit).to_digit(16)?))
}

fn is_high(unit: u32) -> bool {
    (0xD800..0xDC00).contains(&unit)
}

fn is_low(unit: u32) -> bool {
    (0xDC00..0xE000).contains(&unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_doubled_keys() {
        let check = |text: &str, doubled: usize| assert_eq!(parse(text).unwrap().1, doubled, "{text}");
        check(r#"{"a":1,"b":{"a":2}}"#, 0);
        check(r#"{"a":1,"a":2,"a":3}"#, 2);
        check(r#"[{"x":{"y":1,"y":[]}},{"x":1}]"#, 1);
        let text = r#"{"a":1,"b":[null,true,-2,1.5,"é"],"c":{}}"#;
        assert_eq!(parse(text).unwrap().0, serde_json::from_str::<Value>(text).unwrap());
        assert!(parse("{\"a\":1e999}").is_err() && parse("{} {}").is_err());
    }

    #[test]
    fn mends_halves_of_characters() {
        let check = |text: &str, expected: &str| {
            let (mended, _) = mend_halves(text);
            assert_eq!(mended, expected, "{text}");
        };
        check(r#"{"a":"\ud83d\udc4d"}"#, r#"{"a":"\ud83d\udc4d"}"#);
        check(r#"{"a":"\ud83d"}"#, r#"{"a":"\ufffd"}"#);
        check(r#""\udc4d\ud83d\ud83d\udc4d""#, r#""\ufffd\ufffd\ud83d\udc4d""#);
        check(r#""\\ud83d \u00e9""#, r#""\\ud83d \u00e9""#);
        check(r#""\ud8"#, r#""\ud8"#);
    }
}

//! Reads JSON for its form: that it is UTF-8, well formed, and that no object
//! holds a key twice. Readers differ in which of two equal keys they
//! take, so a body with such a pair means different things to different people.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::pointer;

/// What is wrong with a text that should be JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Not UTF-8 from this byte on.
    Utf8 {
        /// Counted from the body's first byte.
        offset: usize,
    },
    /// Not JSON, seen at this line and column (both from 1).
    Syntax {
        /// The line.
        line: usize,
        /// The column, in bytes.
        column: usize,
        /// In words.
        message: String,
    },
    /// A key that its object held already.
    DuplicateKey {
        /// The JSON pointer of the key.
        pointer: String,
        /// The line of the second.
        line: usize,
        /// The column of the second, in bytes.
        column: usize,
    },
}

/// Reads a text. Depth is bounded by the parser; time and memory grow with the length.
pub fn read(bytes: &[u8]) -> Result<Value, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|error| Fault::Utf8 { offset: error.valid_up_to() })?;
    let (path, is_duplicate) = (RefCell::new(Vec::new()), RefCell::new(false));
    let mut reader = serde_json::Deserializer::from_str(text);
    let walk = Walk { path: &path, is_duplicate: &is_duplicate };
    let result = walk.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    result.map_err(|error| {
        let (line, column) = (error.line(), error.column());
        match is_duplicate.into_inner() {
            true => Fault::DuplicateKey { pointer: render(&path.into_inner()), line, column },
            false => Fault::Syntax { line, column, message: without_place(&error.to_string()) },
        }
    })
}

/// The message without the place at its end, which is told apart from it.
pub fn without_place(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(message, _)| message).to_owned()
}

/// A step into a list or an object.
enum Step {
    Index(usize),
    Key(String),
}

fn render(path: &[Step]) -> String {
    let render_step = |step: &Step| match step {
        Step::Index(index) => format!("/{index}"),
        Step::Key(key) => pointer::step(key),
    };
    path.iter().map(render_step).collect()
}

/// Walks through a text, builds its value, and knows the way to the place it is at.
#[derive(Clone, Copy)]
struct Walk<'w> {
    path: &'w RefCell<Vec<Step>>,
    is_duplicate: &'w RefCell<bool>,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            self.path.borrow_mut().push(Step::Index(list.len()));
            let item = items.next_element_seed(self)?;
            self.path.borrow_mut().pop();
            match item {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let is_duplicate = object.contains_key(&key);
            self.path.borrow_mut().push(Step::Key(key.clone()));
            if is_duplicate {
                // The path is left as it is: it leads to the place.
                *self.is_duplicate.borrow_mut() = true;
                return Err(A::Error::custom("the key stands twice"));
            }
            let value = entries.next_value_seed(self)?;
            object.insert(key, value);
            self.path.borrow_mut().pop();
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_syntax(text: impl AsRef<[u8]>, line: usize, column: usize) {
        match read(text.as_ref()) {
            Err(Fault::Syntax { line: at_line, column: at_column, message }) => {
                assert_eq!((at_line, at_column), (line, column), "{message}");
                assert!(!message.contains("line"), "{message}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[track_caller]
    fn check_duplicate(text: &str, expected: &str) {
        match read(text.as_bytes()) {
            Err(Fault::DuplicateKey { pointer, .. }) => assert_eq!(pointer, expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn json_passes() {
        for text in ["0", "null", r#"{"a": [1, -2, 3.5, "x", true, {"a": {}}], "b": {"a": 1}}"#, "\"\\u0000\"", " [ ] "]
        {
            assert_eq!(read(text.as_bytes()).ok(), serde_json::from_str(text).ok(), "{text}");
            assert!(read(text.as_bytes()).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_placed() {
        check_syntax("", 1, 0);
        check_syntax("{\n  \"a\": }", 2, 8);
        check_syntax("{} x", 1, 4);
        check_syntax("[1,]", 1, 4);
        check_syntax("1e999", 1, 5);
        check_syntax("NaN", 1, 1);
        check_syntax(r#""\ud800""#, 1, 8);
        check_syntax("[".repeat(200), 1, 128);
        assert_eq!(read(b"\"ab\xff\""), Err(Fault::Utf8 { offset: 3 }));
        assert_eq!(read(b"\"\xc0\xaf\""), Err(Fault::Utf8 { offset: 1 }));
    }

    #[test]
    fn keys_that_stand_twice_are_found() {
        check_duplicate(r#"{"a": 1, "a": 1}"#, "/a");
        check_duplicate(r#"{"a": 1, "\u0061": 2}"#, "/a");
        check_duplicate(r#"{"x": {"b/c": [0, {"~": 1, "~": 2}]}}"#, "/x/b~1c/1/~0");
        check_duplicate(r#"[[], [1, {"": 1, "": 2}]]"#, "/1/1/");
    }

    #[test]
    fn many_keys_take_time_by_their_number() {
        let object: Vec<String> = (0..100_000).map(|number| format!("\"{number}\":0")).collect();
        assert!(read(format!("{{{}}}", object.join(",")).as_bytes()).is_ok());
    }
}

//! The outline of a JSON text: which keys lie where, without its values. One
//! pass that copies almost nothing tells whose transcript it is and where in
//! the text it lies, before anything is read for good.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Deeper keys tell nothing about whose the text is.
const MAX_DEPTH: usize = 7;

/// More keys than these are not kept; no recorder has as many.
const MAX_KEYS: usize = 400;

/// What lies at one place. Of a list only the first entry is looked at.
#[derive(Debug)]
pub(super) enum Outline<'t> {
    Object(Vec<(Cow<'t, str>, Outline<'t>)>),
    List(Option<Box<Outline<'t>>>),
    Text(Cow<'t, str>),
    Other,
}

impl<'t> Outline<'t> {
    /// The outline of a text, unless it is no JSON.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        let keys = Cell::new(MAX_KEYS);
        Seed { depth: MAX_DEPTH, keys: &keys }.deserialize(&mut serde_json::Deserializer::from_str(text)).ok()
    }

    pub(super) fn get(&self, key: &str) -> Option<&Outline<'t>> {
        let Outline::Object(entries) = self else { return None };
        entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn has_only(&self, keys: &[&str]) -> bool {
        matches!(self, Outline::Object(entries) if entries.iter().all(|(key, _)| keys.contains(&key.as_ref())))
    }

    /// The first entry of the list under a key.
    pub(super) fn first(&self, key: &str) -> Option<&Outline<'t>> {
        match self.get(key) {
            Some(Outline::List(Some(first))) => Some(first),
            _ => None,
        }
    }

    pub(super) fn is_list(&self, key: &str) -> bool {
        matches!(self.get(key), Some(Outline::List(_)))
    }

    pub(super) fn is_text(&self, key: &str, text: &str) -> bool {
        matches!(self.get(key), Some(Outline::Text(found)) if found == text)
    }
}

struct Seed<'k> {
    depth: usize,
    keys: &'k Cell<usize>,
}

impl Seed<'_> {
    fn inside(&self) -> Self {
        Seed { depth: self.depth - 1, keys: self.keys }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Outline<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.depth == 0 {
            return IgnoredAny::deserialize(deserializer).map(|_| Outline::Other);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Outline<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(Key(key)) = map.next_key()? {
            if self.keys.get() == 0 {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            self.keys.set(self.keys.get() - 1);
            entries.push((key, map.next_value_seed(self.inside())?));
        }
        Ok(Outline::Object(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let first = list.next_element_seed(self.inside())?.map(Box::new);
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Outline::List(first))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Outline::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(Outline::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Outline::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Outline::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Outline::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Outline::Other)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Outline::Other)
    }
}

/// A key, borrowed where nothing in it is escaped.
pub(super) struct Key<'t>(pub Cow<'t, str>);

impl<'de: 't, 't> Deserialize<'de> for Key<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Take;
        impl<'de> Visitor<'de> for Take {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }
        }
        deserializer.deserialize_str(Take).map(Key)
    }
}

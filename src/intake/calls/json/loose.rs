//! Values of recorders' JSON, which write the same thing as text, number or
//! nothing from one version to the next; and the way to where a transcript lies.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::outline::Key;
use crate::intake::calls::cues;
use crate::intake::dates::{self, Moment};

/// Times beyond a year of call are damaged.
const MAX_SECONDS: f64 = 366.0 * 24.0 * 3600.0;

/// A text or number; anything else counts as nothing.
#[derive(Debug, Default, Clone)]
pub(super) enum Loose<'t> {
    Text(Cow<'t, str>),
    Number(f64),
    Whole(i64),
    #[default]
    Nothing,
}

impl Loose<'_> {
    /// Words, trimmed; `None` where there are none.
    pub(super) fn words(&self) -> Option<&str> {
        match self {
            Loose::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    pub(super) fn owned(&self) -> Option<String> {
        self.words().map(str::to_owned)
    }

    /// An id or a label, whether written as text or number.
    pub(super) fn label(&self) -> Option<String> {
        match self {
            Loose::Whole(number) => Some(number.to_string()),
            Loose::Number(number) => Some(number.to_string()),
            _ => self.owned(),
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Loose::Whole(number) => Some(*number as f64),
            Loose::Number(number) => Some(*number),
            Loose::Text(text) => text.trim().parse().ok(),
            Loose::Nothing => None,
        }
    }

    /// Seconds from the start as milliseconds; also `00:01:02.5`.
    pub(super) fn seconds(&self) -> Option<i64> {
        let clock = || cues::read_clock(self.words()?);
        let number = self.number().filter(|seconds| (0.0..=MAX_SECONDS).contains(seconds));
        number.map(|seconds| (seconds * 1000.0).round() as i64).or_else(clock)
    }

    /// Milliseconds from the start.
    pub(super) fn milliseconds(&self) -> Option<i64> {
        let number = self.number().filter(|number| (0.0..=MAX_SECONDS * 1000.0).contains(number));
        number.map(|milliseconds| milliseconds.round() as i64)
    }

    /// A moment as RFC 3339 or as milliseconds since 1970. `Z` is how machines write; it is nobody's zone.
    pub(super) fn moment(&self) -> Option<Moment> {
        match self {
            Loose::Text(text) => {
                let at: Timestamp = text.trim().parse().ok()?;
                let zoned = !text.trim_end().ends_with(['Z', 'z']);
                Some(Moment {
                    at,
                    zone: dates::read_moment(text, None).and_then(|moment| moment.zone).filter(|_| zoned),
                })
            }
            // Seconds would put every call into January 1970.
            Loose::Whole(number) if *number > 100_000_000_000 => {
                Some(Moment { at: Timestamp::from_millisecond(*number).ok()?, zone: None })
            }
            Loose::Number(number) if *number > 100_000_000_000.0 => {
                Some(Moment { at: Timestamp::from_millisecond(*number as i64).ok()?, zone: None })
            }
            _ => None,
        }
    }
}

impl<'de: 't, 't> Deserialize<'de> for Loose<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Take;
        impl<'de> Visitor<'de> for Take {
            type Value = Loose<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or number")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Loose::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Loose::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(Loose::Whole(number))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                // An id of twenty digits must not lose its end.
                Ok(i64::try_from(number).map_or_else(|_| Loose::Text(number.to_string().into()), Loose::Whole))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Loose::Number(number))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Loose::Nothing)
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Loose::Nothing)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Loose::Nothing)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Loose::Nothing)
            }
        }
        deserializer.deserialize_any(Take)
    }
}

/// Whether something that says anything stands under a key.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Present(pub bool);

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Look;
        impl<'de> Visitor<'de> for Look {
            type Value = Present;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Present(!text.trim().is_empty()))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Present(false))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Present(true))
            }

            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Present(true))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Present(true))
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Present(false))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut any = false;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    any = true;
                }
                Ok(Present(any))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut any = false;
                while list.next_element::<IgnoredAny>()?.is_some() {
                    any = true;
                }
                Ok(Present(any))
            }
        }
        deserializer.deserialize_any(Look)
    }
}

/// A list, where `null` is an empty one.
pub(super) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Option::<Vec<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads everything of one shape that lies behind a path of keys; lists on the way are gone through.
pub(super) fn read_at<'t, T: Deserialize<'t>>(text: &'t str, path: &[&str]) -> serde_json::Result<Vec<T>> {
    let mut found = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Walk { path, found: &mut found }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(found)
}

struct Walk<'p, 'f, T> {
    path: &'p [&'p str],
    found: &'f mut Vec<T>,
}

/// What a path names for every entry of a list.
pub(super) const EACH: &str = "[]";

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Walk<'_, '_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.path.first() {
            None => T::deserialize(deserializer).map(|value| self.found.push(value)),
            Some(&EACH) => deserializer.deserialize_seq(self),
            Some(_) => deserializer.deserialize_map(self),
        }
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Walk<'_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the same form throughout")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            match self.path.split_first() {
                Some((step, path)) if key == *step => map.next_value_seed(Walk { path, found: &mut *self.found })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let path = self.path.get(1..).unwrap_or_default();
        while list.next_element_seed(Walk { path, found: &mut *self.found })?.is_some() {}
        Ok(())
    }
}

//! Days told by how far they lie from the day that stood before: `we go live
//! one week later`. The earlier day and the stretch are read by code, and the
//! sum must be what the reader says.

use jiff::civil::Date;

use crate::brief::Tier;
use crate::claim::Claim;
use crate::language::{fold, tokens};
use crate::value::{Context, Kind, Length, Precision, Reading, Sorts, Value, read, scan};

use super::support::{Grounded, Grounder, Setting, Spoken, Standing};

impl Grounder<'_> {
    /// Lets claims stand whose day is an earlier statement's day moved by a stretch of time.
    pub(super) fn settle_shifted(&self, claims: &[Claim], all: &mut Vec<Grounded>) {
        for claim in claims {
            let Some(at) = self.scene.route.fields.iter().position(|field| field.key == claim.field) else { continue };
            let field = &self.scene.route.fields[at];
            if field.kind != Kind::Date {
                continue;
            }
            let found: Vec<_> =
                claim.cited.iter().filter_map(|cited| Some((cited, self.index.check(cited)?))).collect();
            let setting = Setting { field, claim, found };
            let earlier: Vec<(Date, (usize, usize))> = all
                .iter()
                .filter(|one| one.field == at && one.standing == Standing::Supported)
                .filter_map(|one| match &one.value {
                    Value::Date(day) => Some((*day, one.place)),
                    _ => None,
                })
                .collect();
            if let Some(shifted) = self.shifted(at, &setting, &earlier) {
                all.retain(|one| one.field != at || one.standing == Standing::Supported || one.value != shifted.value);
                all.push(shifted);
            }
        }
    }

    fn shifted(&self, at: usize, setting: &Setting, earlier: &[(Date, (usize, usize))]) -> Option<Grounded> {
        let wanted = [setting.claim.value.as_deref(), setting.claim.raw_value.as_deref()];
        setting.found.iter().enumerate().find_map(|(number, (_, found))| {
            let position = self.index.position(found.message)?;
            let message = &self.index.conversation().messages[position];
            let line = self.scene.line_at(position, found.start)?;
            // The words themselves speak of the field: `we go live one week later`.
            let tied = self.lines_of(found).any(|line| self.speaks_of(at, line));
            if found.tier == Tier::Author || found.tier == Tier::Ellipsis || !tied {
                return None;
            }
            let words = message.text.get(found.start..found.end)?;
            let (span, length, direction) = stretch(words)?;
            let context = Context { said_at: message.at, zone: message.zone, around: None, participants: &[] };
            let meant =
                wanted.into_iter().flatten().find_map(|text| match read(&Kind::Date, text, &context).ok()?.value {
                    Value::Date(day) => Some(day),
                    _ => None,
                })?;
            // The last day that was stated before these words.
            let before = earlier.iter().filter(|(_, place)| *place < (position, line.start));
            let (base, _) = before.max_by_key(|(_, place)| *place)?;
            if moved(*base, length, direction)? != meant {
                return None;
            }
            let reading = Reading { value: Value::Date(meant), precision: Precision::Exact };
            let span = (found.start + span.0, found.start + span.1);
            let mut grounded = self.judge(at, setting, Spoken { number, position, span, reading, own: false });
            grounded.corrects = true;
            grounded.sets_aside.push(Value::Date(*base));
            (grounded.standing == Standing::Supported).then_some(grounded)
        })
    }
}

/// `one week later`: its place, how long, and 1 for later or -1 for earlier.
fn stretch(words: &str) -> Option<((usize, usize), Length, i64)> {
    let context = Context { said_at: None, zone: None, around: None, participants: &[] };
    let spotted = scan(words, Sorts::of(&Kind::Duration), &context);
    let [one] = spotted.as_slice() else { return None };
    let Value::Duration(length) = one.reading.value else { return None };
    if one.reading.precision != Precision::Exact || length.seconds != 0 {
        return None;
    }
    let behind = words.get(one.end..)?;
    let next = tokens(behind).first().map(|token| fold(token.text(behind)).into_owned())?;
    let folded = behind.trim_start().to_lowercase();
    let direction = match next.as_str() {
        "later" | "später" => 1,
        "earlier" | "sooner" | "früher" => -1,
        _ if folded.starts_with("plus tard") || folded.starts_with("más tarde") => 1,
        _ if folded.starts_with("plus tôt") || folded.starts_with("antes") => -1,
        _ => return None,
    };
    Some(((one.start, one.end), length, direction))
}

fn moved(base: Date, length: Length, direction: i64) -> Option<Date> {
    let months = jiff::Span::new().try_months(length.months.checked_mul(direction)?).ok()?;
    let span = months.try_days(length.days.checked_mul(direction)?).ok()?;
    base.checked_add(span).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_moves_the_day_that_stood_before() {
        let check = |words: &str, expected: Option<&str>| {
            let base: Date = "2026-10-26".parse().unwrap();
            let day = stretch(words).and_then(|(_, length, direction)| moved(base, length, direction));
            assert_eq!(day, expected.map(|day| day.parse().unwrap()), "{words}");
        };
        check("we go live one week later, same weekday", Some("2026-11-02"));
        check("we go live two days earlier", Some("2026-10-24"));
        check("we go live after one week", None);
        check("one week later or two weeks later", None);
        check("we go live", None);
    }
}

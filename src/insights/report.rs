//! The whole answer: the figures of all handoffs in a range of days, cut by
//! route, team, day or week, by field, and the gaps that recur.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span as Length, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::{Fact, NO_FIELD};
use super::figures::{FieldFigures, Figures, field_figures, figures};
use super::recurring::{DESIGN_FAULT, RecurringGap, Rule, recurring};

/// What the figures are cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Route,
    /// By route and field.
    Field,
    /// By sending team.
    Team,
    /// By the day, UTC, on which they were received.
    Day,
    /// By the week, by the date of its Monday.
    Week,
    /// In a table, the gaps that recur instead; in JSON they are always there.
    Gap,
}

impl By {
    pub const ALL: [By; 6] = [By::Route, By::Field, By::Team, By::Day, By::Week, By::Gap];

    pub fn name(self) -> &'static str {
        match self {
            By::Route => "route",
            By::Field => "field",
            By::Team => "team",
            By::Day => "day",
            By::Week => "week",
            By::Gap => "gap",
        }
    }

    pub fn parse(text: &str) -> Option<By> {
        Self::ALL.into_iter().find(|by| by.name() == text)
    }
}

/// Days on which handoffs were received, in UTC, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub from: Date,
    pub to: Date,
}

/// Days that are looked at when nobody says which.
const USUAL_DAYS: i64 = 90;

impl Range {
    /// The range that is asked for: until today unless said, and ninety days unless said. An error says what is wrong.
    pub fn asked(from: Option<Date>, to: Option<Date>, now: Timestamp) -> Result<Range, String> {
        let to = to.unwrap_or_else(|| day_of(now));
        let usual = || to.saturating_sub(Length::new().days(USUAL_DAYS - 1));
        let from = from.unwrap_or_else(usual);
        if from > to {
            return Err(format!("it begins on {from}, after its end on {to}"));
        }
        Ok(Range { from, to })
    }

    /// The first millisecond, and the first one after.
    pub fn milliseconds(&self) -> (i64, i64) {
        let begin =
            |day: Date| day.to_zoned(TimeZone::UTC).map_or(i64::MAX, |begin| begin.timestamp().as_millisecond());
        (begin(self.from), self.to.tomorrow().map_or(i64::MAX, begin))
    }
}

/// The figures that were asked for.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "Insights")]
pub struct Report {
    /// The moment at which they were true.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub as_of: Timestamp,
    /// Handoffs count that were received from this day on, UTC.
    #[schemars(with = "String", extend("format" = "date"))]
    pub from: Date,
    /// The last day, which counts too.
    #[schemars(with = "String", extend("format" = "date"))]
    pub to: Date,
    pub route: Option<String>,
    pub by: Option<By>,
    /// All of them together.
    pub total: Figures,
    /// With `by=route`, `team`, `day` or `week`: one entry for each that has handoffs.
    pub groups: Vec<Group>,
    /// With `by=field`: one entry for each field of each route.
    pub fields: Vec<FieldGroup>,
    /// The same gap in more than one handoff, by route, field and sending team, the most frequent first.
    pub recurring_gaps: Vec<RecurringGap>,
    /// What makes a recurring gap point to its route: all three.
    pub design_fault: Rule,
}

/// The handoffs of one route, team, day or week.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "InsightsGroup")]
pub struct Group {
    /// The route's id, the team's name, the day, or the Monday of the week; null for handoffs that name no team.
    pub key: Option<String>,
    #[serde(flatten)]
    pub figures: Figures,
}

/// One field of one route.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "InsightsField")]
pub struct FieldGroup {
    pub route: String,
    /// Null for sources that could not be read.
    pub field: Option<String>,
    #[serde(flatten)]
    pub figures: FieldFigures,
}

/// The figures of these facts, which are all of the range and route that are named.
pub fn report(facts: &[Fact], range: Range, (route, by): (Option<&str>, Option<By>), now: Timestamp) -> Report {
    let as_of = now.as_millisecond();
    Report {
        as_of: now,
        from: range.from,
        to: range.to,
        route: route.map(str::to_owned),
        by,
        total: figures(facts, as_of),
        groups: by.map(|by| groups(facts, by, as_of)).unwrap_or_default(),
        fields: if by == Some(By::Field) { fields(facts) } else { Vec::new() },
        recurring_gaps: recurring(facts),
        design_fault: DESIGN_FAULT,
    }
}

fn groups(facts: &[Fact], by: By, now: i64) -> Vec<Group> {
    let key = |fact: &Fact| match by {
        By::Route => Some(fact.route.clone()),
        By::Team => fact.team.clone(),
        By::Day => Some(received_on(fact).to_string()),
        By::Week => Some(monday(received_on(fact)).to_string()),
        By::Field | By::Gap => None,
    };
    if matches!(by, By::Field | By::Gap) {
        return Vec::new();
    }
    let mut parts: BTreeMap<Option<String>, Vec<&Fact>> = BTreeMap::new();
    for fact in facts {
        parts.entry(key(fact)).or_default().push(fact);
    }
    parts.into_iter().map(|(key, part)| Group { key, figures: figures(part, now) }).collect()
}

fn fields(facts: &[Fact]) -> Vec<FieldGroup> {
    let mut routes: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
    for fact in facts {
        routes.entry(&fact.route).or_default().push(fact);
    }
    let mut all = Vec::new();
    for (route, part) in routes {
        let keys: BTreeSet<&str> = part.iter().flat_map(|fact| fact.record.fields.keys().map(String::as_str)).collect();
        all.extend(keys.into_iter().map(|key| FieldGroup {
            route: route.to_owned(),
            field: (key != NO_FIELD).then(|| key.to_owned()),
            figures: field_figures(part.iter().copied(), key),
        }));
    }
    all
}

fn day_of(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

fn received_on(fact: &Fact) -> Date {
    day_of(Timestamp::from_millisecond(fact.received_at).unwrap_or(Timestamp::UNIX_EPOCH))
}

fn monday(day: Date) -> Date {
    let since = day.weekday().since(Weekday::Monday);
    day.saturating_sub(Length::new().days(i64::from(since)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn weeks_begin_on_monday() {
        for (one, expected) in [
            ("2026-03-02", "2026-03-02"),
            ("2026-03-08", "2026-03-02"),
            ("2026-03-09", "2026-03-09"),
            ("2026-01-01", "2025-12-29"),
        ] {
            assert_eq!(monday(day(one)), day(expected), "{one}");
        }
    }

    #[test]
    fn ranges_are_whole_days() {
        let now: Timestamp = "2026-03-03T12:00:00Z".parse().expect("a time");
        let usual = Range::asked(None, None, now).expect("a range");
        assert_eq!((usual.from, usual.to), (day("2025-12-04"), day("2026-03-03")));
        let one = Range::asked(Some(day("2026-03-01")), Some(day("2026-03-01")), now).expect("a range");
        let (begin, end) = one.milliseconds();
        assert_eq!((begin, end - begin), (1_772_323_200_000, 86_400_000));
        assert!(Range::asked(Some(day("2026-03-04")), None, now).is_err());
        for edge in [Date::MIN, Date::MAX] {
            let range = Range::asked(Some(edge), Some(edge), now).expect("a range");
            assert!(range.milliseconds().0 <= range.milliseconds().1, "{edge}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for by in By::ALL {
            assert_eq!(By::parse(by.name()), Some(by));
            assert_eq!(serde_json::to_value(by).ok().as_ref().and_then(|word| word.as_str()), Some(by.name()));
        }
    }
}

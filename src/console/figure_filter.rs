//! What the page of figures is asked for, as it stands in its address: days, a
//! route, and somebody's own numbers for the estimate.

use jiff::civil::Date;

use crate::app::Wanted;
use crate::insights::{By, Numbers, Range};
use crate::web::Typed;

/// Letters of a currency's name.
const MOST_CURRENCY: usize = 8;

/// What stands in the address.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub from: String,
    pub to: String,
    pub route: String,
    pub minutes: String,
    pub rate: String,
    pub rework: String,
    pub currency: String,
}

impl Filter {
    pub fn read(query: &Typed) -> Filter {
        let one = |name: &str| query.one(name).to_owned();
        Filter {
            from: one("from"),
            to: one("to"),
            route: one("route"),
            minutes: one("minutes"),
            rate: one("rate"),
            rework: one("rework"),
            currency: query.one("currency").chars().take(MOST_CURRENCY).collect(),
        }
    }

    /// The days and the route, or what is wrong with them.
    pub fn wanted(&self, by: Option<By>, now: jiff::Timestamp) -> Result<Wanted, String> {
        let day = |text: &str| -> Result<Option<Date>, String> {
            match text {
                "" => Ok(None),
                text => text.parse().map(Some).map_err(|_| format!("“{text}” is no day; write one such as 2026-03-31")),
            }
        };
        let range = Range::asked(day(&self.from)?, day(&self.to)?, now).map_err(|why| format!("The days: {why}"))?;
        Ok(Wanted { range, route: Some(self.route.clone()).filter(|route| !route.is_empty()), by })
    }

    pub fn kept_numbers(&self) -> Vec<(&'static str, String)> {
        given([
            ("minutes", &self.minutes),
            ("rate", &self.rate),
            ("rework", &self.rework),
            ("currency", &self.currency),
        ])
    }

    pub fn kept_days(&self) -> Vec<(&'static str, String)> {
        given([("from", &self.from), ("to", &self.to), ("route", &self.route)])
    }

    pub fn table(&self, by: Option<By>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            [("by", by.map_or("", By::name)), ("from", &self.from), ("to", &self.to), ("route", &self.route)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("/insights/table.csv?{}", query.finish())
    }

    /// The numbers for the estimate; none while one is missing.
    pub fn numbers(&self) -> Result<Option<Numbers>, String> {
        if [&self.minutes, &self.rate, &self.rework].iter().any(|text| text.is_empty()) {
            return Ok(None);
        }
        let number = |text: &str| text.replace(',', ".").parse().unwrap_or(f64::NAN);
        let numbers =
            Numbers { minutes: number(&self.minutes), rate: number(&self.rate), rework_percent: number(&self.rework) };
        match numbers.is_sound() {
            true => Ok(Some(numbers)),
            false => {
                Err("The estimate needs plain numbers, none below nought, and a share of at most 100 %".to_owned())
            }
        }
    }
}

/// Those inputs that have something in them.
fn given<const N: usize>(inputs: [(&'static str, &String); N]) -> Vec<(&'static str, String)> {
    inputs.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.clone())).collect()
}

//! What reading with a model costs and may cost: the price, and whether the limits that are set can be
//! kept at all. A limit that would stop every call is a mistake, not a wish.

use serde::Deserialize;

use super::ModelSettings;

/// What a million tokens cost.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    pub input: f64,
    /// Tokens that the endpoint had cached; as `input` unless set.
    pub cached: Option<f64>,
    pub output: f64,
}

impl ModelSettings {
    /// Whether what calls cost is limited.
    pub fn has_caps(&self) -> bool {
        self.tokens_per_handoff.is_some() || self.tokens_per_day.is_some() || self.cost_per_day.is_some()
    }

    /// A limit that cannot be used: its key, and what is wrong with it.
    pub(super) fn find_unusable_cap(&self) -> Option<(&'static str, &'static str)> {
        const LEAST: &str = "at least 1 token; to ask no model, leave `name` out";
        if self.tokens_per_handoff == Some(0) {
            return Some(("tokens_per_handoff", LEAST));
        }
        if self.tokens_per_day == Some(0) {
            return Some(("tokens_per_day", LEAST));
        }
        let cost = self.cost_per_day?;
        if !cost.is_finite() || cost <= 0.0 {
            return Some(("cost_per_day", "more than nothing; to ask no model, leave `name` out"));
        }
        let prices = self.price.map(|price| [price.input, price.cached.unwrap_or(price.input), price.output]);
        match prices {
            Some(prices) if prices.iter().all(|price| price.is_finite() && *price >= 0.0) => None,
            Some(_) => Some(("price", "prices are numbers from 0 upwards")),
            None => Some(("cost_per_day", "needs `price`: without it nobody knows what a call costs")),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{ModelSettings, Price};

    #[test]
    fn limits_that_cannot_be_kept_are_told() {
        let price = |output| Some(Price { input: 1.0, cached: None, output });
        let check = |change: fn(&mut ModelSettings), price: Option<Price>, expected: Option<&str>| {
            let mut settings = ModelSettings { price, ..ModelSettings::default() };
            change(&mut settings);
            assert_eq!(settings.find_unusable_cap().map(|(key, _)| key), expected, "{settings:?}");
        };
        check(|_| {}, None, None);
        check(|set| set.tokens_per_day = Some(1), None, None);
        check(|set| set.tokens_per_day = Some(0), None, Some("tokens_per_day"));
        check(|set| set.tokens_per_handoff = Some(0), None, Some("tokens_per_handoff"));
        check(|set| set.cost_per_day = Some(5.0), None, Some("cost_per_day"));
        check(|set| set.cost_per_day = Some(5.0), price(2.0), None);
        check(|set| set.cost_per_day = Some(5.0), price(-2.0), Some("price"));
        check(|set| set.cost_per_day = Some(0.0), price(2.0), Some("cost_per_day"));
        check(|set| set.cost_per_day = Some(f64::NAN), price(2.0), Some("cost_per_day"));
    }
}

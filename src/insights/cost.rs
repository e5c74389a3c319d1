//! What questions cost, by somebody's own numbers: Baton brings how many there
//! were, and not one number of its own.

/// What somebody says of their own work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Numbers {
    /// Minutes of work that a gap costs when it comes back as rework.
    pub minutes: f64,
    /// What an hour of it costs.
    pub rate: f64,
    /// Of a hundred gaps, how many come back.
    pub rework_percent: f64,
}

/// What it comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    pub hours: f64,
    pub money: f64,
}

impl Numbers {
    /// Whether it can be reckoned with: nothing below nought, no more than all gaps.
    pub fn is_sound(&self) -> bool {
        let is_sound = |number: f64, most: f64| number.is_finite() && (0.0..=most).contains(&number);
        is_sound(self.minutes, 100_000.0) && is_sound(self.rate, 1_000_000.0) && is_sound(self.rework_percent, 100.0)
    }
}

/// `gaps × rework share × minutes ÷ 60` hours, times the rate.
pub fn cost(gaps: u64, numbers: &Numbers) -> Cost {
    let hours = gaps as f64 * numbers.rework_percent / 100.0 * numbers.minutes / 60.0;
    Cost { hours, money: hours * numbers.rate }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_is_the_one_that_is_shown() {
        let numbers = Numbers { minutes: 45.0, rate: 80.0, rework_percent: 25.0 };
        assert_eq!(cost(40, &numbers), Cost { hours: 7.5, money: 600.0 });
        assert_eq!(cost(0, &numbers).money, 0.0);
        assert!(numbers.is_sound());
        for wrong in [
            Numbers { minutes: -1.0, ..numbers },
            Numbers { rate: f64::NAN, ..numbers },
            Numbers { rework_percent: 101.0, ..numbers },
        ] {
            assert!(!wrong.is_sound(), "{wrong:?}");
        }
    }
}

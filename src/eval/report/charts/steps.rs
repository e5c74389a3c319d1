//! A scale on which each step is about twice the one before, for figures that
//! lie far apart: times and tokens.

use crate::rendering::plot::Axis;

/// Nought, then one, two and five times each power of ten.
pub(super) struct Steps(Vec<u64>);

impl Steps {
    /// As far as the figures reach; the first steps without any are left out.
    pub fn of(figures: &[u64]) -> Steps {
        let (least, most) = (figures.iter().min().copied().unwrap_or(0), figures.iter().max().copied().unwrap_or(0));
        let mut all = vec![0];
        let mut power: u64 = 1;
        'all: loop {
            for factor in [1, 2, 5] {
                let border = power.saturating_mul(factor);
                all.push(border);
                if border > most || border == u64::MAX {
                    break 'all;
                }
            }
            power = power.saturating_mul(10);
        }
        let first = all.iter().rposition(|border| *border <= least).unwrap_or(0).min(all.len() - 2);
        Steps(all.split_off(first))
    }

    /// Each step with where it begins and where the next one does.
    pub fn pairs(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().copied().zip(self.0.iter().skip(1).copied())
    }

    pub fn axis(&self, title: &str) -> Axis {
        let ticks = self.0.iter().enumerate().map(|(index, border)| (index as f64, tick(*border))).collect();
        Axis { most: (self.0.len() - 1) as f64, ticks, title: title.to_owned() }
    }

    /// Where a figure lies on the axis, between two steps by its distance.
    pub fn place(&self, value: f64) -> f64 {
        let index = self.0.iter().rposition(|border| *border as f64 <= value).unwrap_or(0);
        match (self.0.get(index), self.0.get(index + 1)) {
            (Some(from), Some(to)) => index as f64 + ((value - *from as f64) / (to - from) as f64).clamp(0.0, 1.0),
            _ => index as f64,
        }
    }
}

/// A step's figure, short: `500`, `2k`.
pub(super) fn tick(border: u64) -> String {
    match border {
        0..1_000 => border.to_string(),
        1_000..1_000_000 => format!("{}k", border / 1_000),
        _ => format!("{}M", border / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_reach_as_far_as_the_figures() {
        let check = |figures: &[u64], expected: &[u64]| {
            let steps = Steps::of(figures);
            assert_eq!(steps.0, expected, "{figures:?}");
            let inside = |figure: &&u64| steps.pairs().any(|(from, to)| (from..to).contains(*figure));
            assert_eq!(figures.iter().filter(inside).count(), figures.len(), "{figures:?}");
        };
        check(&[], &[0, 1]);
        check(&[0], &[0, 1]);
        check(&[1], &[1, 2]);
        check(&[3, 30], &[2, 5, 10, 20, 50]);
        check(&[100, 250], &[100, 200, 500]);
        check(&[0, 4], &[0, 1, 2, 5]);
        assert_eq!(Steps::of(&[u64::MAX - 1]).0.len(), 2);
    }

    #[test]
    fn a_figure_lies_between_its_steps() {
        let check = |value: f64, expected: f64| assert_eq!(Steps(vec![0, 1, 2, 5]).place(value), expected, "{value}");
        check(0.0, 0.0);
        check(1.5, 1.5);
        check(3.5, 2.5);
        check(50.0, 3.0);
    }
}

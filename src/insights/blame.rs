//! People or the system: what was asked again and again, summed by where each
//! gap points. No new rule, only the sum of those that stand beside each gap.

use super::recurring::{Points, RecurringGap};

/// Questions that came again, by where their gaps point.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Blame {
    pub route: u64,
    pub person: u64,
    pub unclear: u64,
    pub too_few: u64,
}

impl Blame {
    pub fn total(self) -> u64 {
        self.route + self.person + self.unclear + self.too_few
    }

    /// Those that are enough to tell something.
    pub fn told(self) -> u64 {
        self.route + self.person + self.unclear
    }
}

/// The sum over gaps that recur.
pub fn blame(gaps: &[RecurringGap]) -> Blame {
    let mut blame = Blame::default();
    for gap in gaps {
        let count = match gap.points_to {
            Points::Route => &mut blame.route,
            Points::Person => &mut blame.person,
            Points::Unclear => &mut blame.unclear,
            Points::TooFew => &mut blame.too_few,
        };
        *count += gap.handoffs.count;
    }
    blame
}

#[cfg(test)]
mod tests {
    use super::super::Share;
    use super::*;

    #[test]
    fn questions_are_summed_by_where_they_point() {
        let gap =
            |points_to, count| RecurringGap { points_to, handoffs: Share::of(count, 20), ..RecurringGap::default() };
        let gaps = [gap(Points::Route, 9), gap(Points::Person, 5), gap(Points::Route, 6), gap(Points::TooFew, 2)];
        let found = blame(&gaps);
        assert_eq!(found, Blame { route: 15, person: 5, unclear: 0, too_few: 2 });
        assert_eq!((found.total(), found.told()), (22, 20));
        assert_eq!(blame(&[]).total(), 0);
    }
}

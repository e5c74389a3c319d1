//! How sure a figure is: intervals by resampling whole families of handoffs,
//! since the fields of one handoff fail together, and tests for two runs over
//! the same handoffs. All of it is pure, and equal seeds give equal figures.

use fastrand::Rng;

/// Resamples of an interval.
pub const RESAMPLES: usize = 1_000;
/// Any seed would do; a fixed one makes figures repeat.
const SEED: u64 = 0x0ba7_0e7a;
/// With fewer families a resample says nothing of others.
const LEAST_FAMILIES: usize = 3;
/// Standard deviations on either side that hold 95 % of a normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// How often each family is drawn, for every resample.
pub struct Resamples {
    families: usize,
    draws: Vec<Vec<u32>>,
}

impl Resamples {
    /// As many draws as there are families, a thousand times; none when there are too few of them.
    pub fn of(families: usize) -> Resamples {
        let mut rng = Rng::with_seed(SEED);
        let mut draws = Vec::new();
        if families >= LEAST_FAMILIES {
            draws = (0..RESAMPLES)
                .map(|_| {
                    let mut counts = vec![0; families];
                    for _ in 0..families {
                        counts[rng.usize(..families)] += 1;
                    }
                    counts
                })
                .collect();
        }
        Resamples { families, draws }
    }

    /// The interval of 95 % of what `measure` makes of each resample: how often each family was drawn. None when there
    /// are too few families, or when nine resamples of ten give no figure.
    pub fn interval(&self, mut measure: impl FnMut(&[u32]) -> Option<f64>) -> Option<(f64, f64)> {
        let mut figures: Vec<f64> = self.draws.iter().filter_map(|draw| measure(draw)).collect();
        if figures.is_empty() || figures.len() * 10 < self.draws.len() {
            return None;
        }
        figures.sort_by(f64::total_cmp);
        Some((quantile(&figures, 0.025)?, quantile(&figures, 0.975)?))
    }

    pub fn families(&self) -> usize {
        self.families
    }
}

/// The figure below which a share of sorted figures lies, between two of them by their distance.
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)? as f64;
    let (below, above) = (sorted.get(place.floor() as usize)?, sorted.get(place.ceil() as usize)?);
    Some(below + (above - below) * place.fract())
}

/// Wilson's interval of 95 % for a plain rate.
pub fn wilson(part: usize, whole: usize) -> Option<(f64, f64)> {
    if whole == 0 {
        return None;
    }
    let (n, share) = (whole as f64, part as f64 / whole as f64);
    let z2 = Z * Z;
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let spread = Z / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    Some(((centre - spread).max(0.0), (centre + spread).min(1.0)))
}

/// What a rate may still be when none of `n` was seen: three of them, with 95 % certainty.
pub fn rule_of_three(n: usize) -> f64 {
    if n == 0 { 1.0 } else { (3.0 / n as f64).min(1.0) }
}

/// McNemar's exact test: how likely at least such a difference is by chance, when so many pairs got better and worse.
pub fn mcnemar(better: usize, worse: usize) -> f64 {
    let n = better + worse;
    if n == 0 {
        return 1.0;
    }
    // Binomial with one half, from the logarithms so that large counts do not overflow.
    let logs: Vec<f64> = (1..=n).map(|k| (k as f64).ln()).scan(0.0, |sum, log| Some(next(sum, log))).collect();
    let factorial = |k: usize| if k == 0 { 0.0 } else { logs[k - 1] };
    let chance = |k: usize| (factorial(n) - factorial(k) - factorial(n - k) - n as f64 * 2f64.ln()).exp();
    let tail: f64 = (0..=better.min(worse)).map(chance).sum();
    (2.0 * tail).min(1.0)
}

fn next(sum: &mut f64, log: f64) -> f64 {
    *sum += log;
    *sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-4, "{got} is not {expected}");
    }

    #[test]
    fn quantiles_lie_between_figures() {
        let check = |figures: &[f64], share: f64, expected: Option<f64>| {
            assert_eq!(quantile(figures, share), expected, "{figures:?} {share}");
        };
        check(&[], 0.5, None);
        check(&[7.0], 0.95, Some(7.0));
        check(&[1.0, 2.0, 3.0], 0.5, Some(2.0));
        check(&[1.0, 2.0, 3.0, 4.0], 0.5, Some(2.5));
        check(&[10.0, 20.0, 30.0, 40.0, 50.0], 0.25, Some(20.0));
        check(&[10.0, 20.0], 1.0, Some(20.0));
    }

    /// By hand for 8 of 10: centre (0.8 + 0.19207) / 1.38415, and the figures of published tables for the others.
    #[test]
    fn wilson_is_as_in_the_tables() {
        for (part, whole, low, high) in
            [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962)]
        {
            let (got_low, got_high) = wilson(part, whole).unwrap();
            near(got_low, low);
            near(got_high, high);
        }
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn none_of_sixteen_may_still_be_three() {
        near(rule_of_three(16), 0.1875);
        near(rule_of_three(100), 0.03);
        near(rule_of_three(2), 1.0);
        near(rule_of_three(0), 1.0);
    }

    /// By hand: five against none is 2 / 2^5; six against one is 2 × (1 + 7) / 2^7.
    #[test]
    fn mcnemar_counts_the_tails() {
        near(mcnemar(0, 0), 1.0);
        near(mcnemar(5, 0), 0.0625);
        near(mcnemar(0, 5), 0.0625);
        near(mcnemar(6, 1), 0.125);
        near(mcnemar(3, 3), 1.0);
        near(mcnemar(1, 0), 1.0);
        assert!(mcnemar(900, 800) < 0.02 && mcnemar(900, 800) > 0.01);
    }

    #[test]
    fn intervals_hold_the_figure_and_repeat() {
        let successes = [1u32, 0, 1, 1, 0, 1, 1, 1, 0, 1];
        let share = |draw: &[u32]| {
            let part: u32 = draw.iter().zip(successes).map(|(count, one)| count * one).sum();
            Some(f64::from(part) / 10.0)
        };
        let (low, high) = Resamples::of(10).interval(share).unwrap();
        // The binomial with 0.7 of 10 has 2.5 % below 0.4 and above 1.0.
        assert_eq!((low, high), (0.4, 1.0));
        assert_eq!(Resamples::of(10).interval(share), Some((low, high)));
        assert_eq!(Resamples::of(2).interval(|_| Some(1.0)), None, "two families say nothing of others");
        assert_eq!(Resamples::of(10).interval(|_| None), None);
        let drawn = Resamples::of(7).interval(|draw| Some(f64::from(draw.iter().sum::<u32>())));
        assert_eq!(drawn, Some((7.0, 7.0)), "every resample has as many families");
    }
}

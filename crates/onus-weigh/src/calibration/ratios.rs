//! Measures over likelihood ratios of targets (the hypothesis was true) and of others (it was not).
//!
//! Brümmer & du Preez 2006 (Cllr, pool adjacent violators), Ramos & Gonzalez-Rodriguez 2013 (empirical cross-entropy).

use std::f64::consts::{LN_2, LN_10};

/// The most decades that a likelihood ratio counts in a score: one mistake must not become infinite.
pub const DECADES_MAX: f64 = 6.0;

/// Returns the bits of surprise at a ratio (decimal logarithm) when the hypothesis is true; negate it when it is not.
#[must_use]
pub fn surprise(log10_lr: f64) -> f64 {
    // log2(1 + 10^-x), written so that neither side overflows.
    let x = -log10_lr * LN_10;
    let nats = if x > 0.0 { x + libm::log1p(libm::exp(-x)) } else { libm::log1p(libm::exp(x)) };
    nats / LN_2
}

/// Returns the log-likelihood-ratio cost: 0 is perfect, 1 says nothing, above 1 is worse than silence.
///
/// Targets and others weigh half each, however many there are. None without targets or without others.
#[must_use]
pub fn cllr(targets: &[f64], others: &[f64]) -> Option<f64> {
    let of_targets = mean(targets.iter().map(|lr| surprise(*lr)))?;
    let of_others = mean(others.iter().map(|lr| surprise(-*lr)))?;
    Some(0.5 * (of_targets + of_others))
}

/// Returns the least cost that any rising map of the ratios could reach: what is left is discrimination alone.
///
/// It is fitted to the very trials that it scores, so with few targets it is too good.
#[must_use]
pub fn cllr_min(targets: &[f64], others: &[f64]) -> Option<f64> {
    let mut cost = 0.0;
    for block in pooled(targets, others)? {
        if block.targets > 0.0 {
            cost += block.targets * libm::log2(1.0 + block.others / block.targets);
        }
        if block.others > 0.0 {
            cost += block.others * libm::log2(1.0 + block.targets / block.others);
        }
    }
    Some(0.5 * cost)
}

/// Returns the ratios of the best rising map: the lowest ratio of each step, and what the step should have said.
///
/// Steps of targets alone or of others alone are plus and minus infinity.
#[must_use]
pub fn recalibrated(targets: &[f64], others: &[f64]) -> Vec<(f64, f64)> {
    let blocks = pooled(targets, others).unwrap_or_default();
    blocks.iter().map(|block| (block.lowest, libm::log10(block.targets / block.others))).collect()
}

/// Returns the share of targets below minus so many decades, and of others above so many: evidence that misled.
#[must_use]
pub fn misleading(targets: &[f64], others: &[f64], decades: f64) -> Option<(f64, f64)> {
    let of_targets = mean(targets.iter().map(|lr| f64::from(u8::from(*lr <= -decades))))?;
    let of_others = mean(others.iter().map(|lr| f64::from(u8::from(*lr >= decades))))?;
    Some((of_targets, of_others))
}

/// One point of a Tippett plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TippettPoint {
    /// The ratio.
    pub log10_lr: f64,
    /// Share of targets with at least this ratio.
    pub targets: f64,
    /// Share of others with at least this ratio.
    pub others: f64,
}

/// Returns the shares that reach so many steps of ratios, both ends included.
///
/// `steps` below 2 gives nothing.
#[must_use]
pub fn tippett(targets: &[f64], others: &[f64], lowest: f64, highest: f64, steps: u16) -> Vec<TippettPoint> {
    if targets.is_empty() || others.is_empty() || steps < 2 {
        return Vec::new();
    }
    let (targets, others) = (sorted(targets), sorted(others));
    let share = |values: &[f64], at: f64| {
        let below = values.partition_point(|value| *value < at);
        (values.len() - below) as f64 / values.len() as f64
    };
    (0..steps)
        .map(|step| {
            let log10_lr = lowest + (highest - lowest) * f64::from(step) / f64::from(steps - 1);
            TippettPoint { log10_lr, targets: share(&targets, log10_lr), others: share(&others, log10_lr) }
        })
        .collect()
}

/// Returns the bits that remain unknown after the ratios, for one prior given as log10 odds of the hypothesis.
///
/// With all ratios 1 it is the entropy of the prior; at odds 1 it is Cllr.
#[must_use]
pub fn empirical_cross_entropy(targets: &[f64], others: &[f64], prior_log10_odds: f64) -> Option<f64> {
    let prior = 1.0 / (1.0 + libm::exp(-prior_log10_odds * LN_10));
    let of_targets = mean(targets.iter().map(|lr| surprise(lr + prior_log10_odds)))?;
    let of_others = mean(others.iter().map(|lr| surprise(-(lr + prior_log10_odds))))?;
    Some(prior * of_targets + (1.0 - prior) * of_others)
}

/// Returns how often a positive stands above a negative, ties counting half.
#[must_use]
pub fn area_under_curve(positives: &[f64], negatives: &[f64]) -> Option<f64> {
    let negatives = sorted(negatives);
    if negatives.is_empty() {
        return None;
    }
    mean(positives.iter().map(|positive| {
        let below = negatives.partition_point(|negative| negative < positive);
        let not_above = negatives.partition_point(|negative| negative <= positive);
        (below + not_above) as f64 / 2.0 / negatives.len() as f64
    }))
}

/// A step of the best rising map, with the shares of targets and of others in it.
#[derive(Clone, Copy)]
struct Block {
    lowest: f64,
    targets: f64,
    others: f64,
}

/// Pools adjacent violators: blocks by rising ratio whose shares of targets to others rise strictly.
fn pooled(targets: &[f64], others: &[f64]) -> Option<Vec<Block>> {
    if targets.is_empty() || others.is_empty() {
        return None;
    }
    let (of_target, of_other) = (1.0 / targets.len() as f64, 1.0 / others.len() as f64);
    let mut trials: Vec<(f64, bool)> = targets.iter().map(|lr| (*lr, true)).collect();
    trials.extend(others.iter().map(|lr| (*lr, false)));
    trials.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut blocks: Vec<Block> = Vec::new();
    for equals in trials.chunk_by(|one, other| one.0 == other.0) {
        let hits = equals.iter().filter(|(_, is_target)| *is_target).count();
        let lowest = equals.first().map_or(0.0, |(lr, _)| *lr);
        let mut block =
            Block { lowest, targets: hits as f64 * of_target, others: (equals.len() - hits) as f64 * of_other };
        while let Some(last) = blocks.pop_if(|last| last.targets * block.others >= block.targets * last.others) {
            block = Block {
                lowest: last.lowest,
                targets: last.targets + block.targets,
                others: last.others + block.others,
            };
        }
        blocks.push(block);
    }
    Some(blocks)
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let len = values.len();
    (len > 0).then(|| values.sum::<f64>() / len as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        area_under_curve, cllr, cllr_min, empirical_cross_entropy, misleading, recalibrated, surprise, tippett,
    };

    fn decades(ratios: &[f64]) -> Vec<f64> {
        ratios.iter().map(|ratio| libm::log10(*ratio)).collect()
    }

    fn check_cllr(targets: &[f64], others: &[f64], expected: f64) {
        let found = cllr(&decades(targets), &decades(others)).unwrap();
        assert!((found - expected).abs() < 5e-5, "{found} is not {expected}");
    }

    #[test]
    fn published_vectors() {
        let found = cllr(&decades(&[100.0, 10.0, 2.0]), &decades(&[0.1, 0.5, 3.0])).unwrap();
        assert!((found - 0.576_548).abs() < 5e-7, "{found}");
        check_cllr(&[1.0, 1.0], &[1.0], 1.0);
        // One confident error ruins the score, as it should.
        check_cllr(&[1000.0, 0.001], &[0.001, 0.001], 2.4929);
    }

    #[test]
    fn of_nothing_there_is_no_measure() {
        assert_eq!(cllr(&[], &[0.0]), None);
        assert_eq!(cllr(&[0.0], &[]), None);
        assert_eq!(cllr_min(&[], &[]), None);
        assert_eq!(area_under_curve(&[], &[1.0]), None);
        assert_eq!(area_under_curve(&[1.0], &[]), None);
        assert_eq!(misleading(&[1.0], &[], 1.0), None);
        assert!(tippett(&[], &[1.0], -1.0, 1.0, 3).is_empty());
        assert!(recalibrated(&[], &[1.0]).is_empty());
    }

    #[test]
    fn pooling_leaves_what_separates() {
        assert_eq!(cllr_min(&[1.0, 2.0], &[-1.0, 0.0]), Some(0.0));
        assert_eq!(cllr_min(&[0.0], &[0.0]), Some(1.0));
        // 0 < 1 < 2 with the other in the middle: the last two pool into one half against one.
        let steps = recalibrated(&[0.0, 2.0], &[1.0]);
        assert_eq!(steps.len(), 2);
        assert_eq!(steps.first().map(|step| step.0), Some(0.0));
        let found = cllr_min(&[0.0, 2.0], &[1.0]).unwrap();
        let expected = 0.5 * (0.5 * libm::log2(3.0) + libm::log2(1.5));
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn extremes_stay_finite() {
        assert!((surprise(-400.0) - 400.0 * std::f64::consts::LOG2_10).abs() < 1e-9);
        assert_eq!(surprise(400.0), 0.0);
    }

    #[test]
    fn at_even_odds_the_cross_entropy_is_cllr() {
        let (targets, others) = ([0.5, 1.0], [-1.0, 0.2]);
        let found = empirical_cross_entropy(&targets, &others, 0.0).unwrap();
        assert!((found - cllr(&targets, &others).unwrap()).abs() < 1e-12);
        let silent = empirical_cross_entropy(&[0.0], &[0.0], 1.0).unwrap();
        let prior: f64 = 10.0 / 11.0;
        let entropy = -prior * libm::log2(prior) - (1.0 - prior) * libm::log2(1.0 - prior);
        assert!((silent - entropy).abs() < 1e-12);
    }

    #[test]
    fn tippett_counts_what_reaches() {
        let points = tippett(&[0.0, 1.0], &[-1.0, 1.0], -1.0, 1.0, 3);
        let shares: Vec<_> = points.iter().map(|point| (point.targets, point.others)).collect();
        assert_eq!(shares, [(1.0, 1.0), (1.0, 0.5), (0.5, 0.5)]);
        assert_eq!(misleading(&[-1.0, 1.0], &[-1.0, -2.0, 1.0, 3.0], 1.0), Some((0.5, 0.5)));
    }

    #[test]
    fn ties_count_half() {
        assert_eq!(area_under_curve(&[1.0, 2.0], &[1.0, 0.0]), Some(0.875));
    }

    proptest! {
        #[test]
        fn no_rising_map_costs_less(
            targets in prop::collection::vec(-5.0..5.0_f64, 1..12),
            others in prop::collection::vec(-5.0..5.0_f64, 1..12),
            offset in -3.0..3.0_f64,
            slope in 0.1..3.0_f64,
        ) {
            let least = cllr_min(&targets, &others).unwrap();
            let map = |values: &[f64]| values.iter().map(|value| offset + slope * value).collect::<Vec<_>>();
            prop_assert!(least <= cllr(&map(&targets), &map(&others)).unwrap() + 1e-12);
            prop_assert!((least - cllr_min(&map(&targets), &map(&others)).unwrap()).abs() < 1e-9);
            prop_assert!(least <= 1.0 + 1e-12);
        }
    }
}

//! Ranges by resampling whole groups: trials that share a report stand or fall together.

use std::collections::{BTreeMap, BTreeSet};

/// A small generator of numbers, the same for the same seed on every machine (splitmix64, Steele et al. 2014).
///
/// For resampling and for made trials only; nothing secret may rest on it.
#[derive(Clone, Debug)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// Begins with a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next 64 bits.
    pub fn next_bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `bound`; 0 where the bound is 0. The bias is below `bound` over 2^64.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next_bits()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or_default()
    }

    /// Puts a list in random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for len in (2..=list.len()).rev() {
            list.swap(len - 1, self.below(len));
        }
    }
}

/// A range that holds so much of the resampled values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Returns the 95 % percentile range of a statistic when groups are drawn anew, with replacement.
///
/// `groups` says for each trial which group it is of. The statistic sees how often each trial was drawn; where it has no
/// value the draw is left out. None without groups or without any value.
pub fn bootstrap(
    groups: &[usize],
    draws: usize,
    seed: u64,
    mut statistic: impl FnMut(&[f64]) -> Option<f64>,
) -> Option<Range> {
    let distinct: BTreeSet<usize> = groups.iter().copied().collect();
    let numbers: BTreeMap<usize, usize> = distinct.into_iter().zip(0..).collect();
    if numbers.is_empty() {
        return None;
    }
    let dense: Vec<usize> = groups.iter().filter_map(|group| numbers.get(group).copied()).collect();
    let mut generator = SplitMix64::new(seed);
    let mut values = Vec::with_capacity(draws);
    for _ in 0..draws {
        let mut drawn = vec![0.0; numbers.len()];
        for _ in 0..numbers.len() {
            if let Some(count) = drawn.get_mut(generator.below(numbers.len())) {
                *count += 1.0;
            }
        }
        let of_trials: Vec<f64> = dense.iter().filter_map(|group| drawn.get(*group).copied()).collect();
        values.extend(statistic(&of_trials).filter(|value| value.is_finite()));
    }
    values.sort_by(f64::total_cmp);
    // Of 1,000 values the 26th and the 975th: as many are left out on either side.
    let outside = values.len() / 40;
    Some(Range { low: *values.get(outside)?, high: *values.get(values.len().checked_sub(outside + 1)?)? })
}

#[cfg(test)]
mod tests {
    use super::{Range, SplitMix64, bootstrap};

    fn mean(values: &[f64], drawn: &[f64]) -> Option<f64> {
        let count: f64 = drawn.iter().sum();
        (count > 0.0).then(|| values.iter().zip(drawn).map(|(value, times)| value * times).sum::<f64>() / count)
    }

    #[test]
    fn the_generator_is_the_published_one() {
        let mut generator = SplitMix64::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| generator.next_bits()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
        assert!((0..1000).all(|_| generator.below(7) < 7));
        assert_eq!(generator.below(0), 0);
        let mut list: Vec<u8> = (0..20).collect();
        generator.shuffle(&mut list);
        assert!(!list.is_sorted());
        list.sort_unstable();
        assert_eq!(list, (0..20).collect::<Vec<u8>>());
    }

    #[test]
    fn one_group_has_no_spread_and_the_range_of_many_is_near_the_textbook() {
        let values: Vec<f64> = (0..100).map(|number| f64::from(u8::from(number < 40))).collect();
        let one = bootstrap(&[5; 100], 50, 1, |drawn| mean(&values, drawn));
        assert_eq!(one, Some(Range { low: 0.4, high: 0.4 }));
        let groups: Vec<usize> = (0..100).collect();
        let many = bootstrap(&groups, 1000, 1, |drawn| mean(&values, drawn)).unwrap();
        assert!((many.low - 0.304).abs() < 0.02 && (many.high - 0.496).abs() < 0.02, "{many:?}");
        assert_eq!(bootstrap(&groups, 1000, 1, |drawn| mean(&values, drawn)), Some(many));
    }

    #[test]
    fn trials_of_a_group_are_drawn_together() {
        bootstrap(&[3, 3, 9], 100, 7, |drawn| {
            assert_eq!(drawn.first(), drawn.get(1));
            Some(0.0)
        });
        assert_eq!(bootstrap(&[], 10, 1, |_| Some(1.0)), None);
        assert_eq!(bootstrap(&[1], 10, 1, |_| None), None);
    }
}

//! Which of the texts of a program anything in it leads to.

use std::ops::Range;

/// A length or a tag may stand before a text, and a pointer may lead there.
const BEFORE: u64 = 2;

/// Addresses of texts, and for each whether something leads to it.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Beginning, end and number of every text, by beginning.
    texts: Vec<(u64, u64, usize)>,
    found: Vec<bool>,
    low: u64,
    span: u64,
}

impl Wanted {
    /// Returns the texts at some addresses; one without an address is never found.
    pub(crate) fn new(addresses: &[Option<Range<u64>>]) -> Self {
        let mut texts: Vec<_> = addresses
            .iter()
            .enumerate()
            .filter_map(|(number, range)| range.as_ref().map(|range| (range.start, range.end, number)))
            .collect();
        texts.sort_unstable();
        let low = texts.first().map_or(u64::MAX, |text| text.0.saturating_sub(BEFORE));
        let high = texts.iter().map(|text| text.1).max().unwrap_or_default();
        Self { texts, found: vec![false; addresses.len()], low, span: high.saturating_sub(low) }
    }

    /// Returns whether an address can matter, which is asked of every byte of code.
    #[inline]
    pub(crate) fn is_near(&self, address: u64) -> bool {
        address.wrapping_sub(self.low) <= self.span
    }

    /// Returns the first address that can matter and the distance to the last, in 32 bits, which images have.
    pub(crate) fn near(&self) -> (u32, u32) {
        (self.low as u32, u32::try_from(self.span).unwrap_or(u32::MAX))
    }

    /// An address that certainly is one: it counts anywhere in a text.
    pub(crate) fn lead_into(&mut self, address: u64) {
        if !self.is_near(address) {
            return;
        }
        let after = self.texts.partition_point(|text| text.0 <= address.saturating_add(BEFORE));
        // Texts do not overlap, except one that is read in two ways.
        for (_, end, number) in self.texts.get(after.saturating_sub(4)..after).unwrap_or_default() {
            if address < *end
                && let Some(found) = self.found.get_mut(*number)
            {
                *found = true;
            }
        }
    }

    /// A number that happens to fit an address: it counts only at the beginning of a text.
    pub(crate) fn lead_to(&mut self, address: u64) {
        if !self.is_near(address) {
            return;
        }
        let from = self.texts.partition_point(|text| text.0 < address);
        for (start, _, number) in self.texts.get(from..).unwrap_or_default().iter().take(4) {
            if *start == address
                && let Some(found) = self.found.get_mut(*number)
            {
                *found = true;
            }
        }
    }

    /// Returns for every text whether something leads to it.
    pub(crate) fn found(self) -> Vec<bool> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::Wanted;

    #[test]
    fn a_pointer_counts_anywhere_in_a_text_and_a_number_only_at_its_beginning() {
        let mut wanted = Wanted::new(&[Some(100..120), None, Some(200..220), Some(300..320), Some(400..420)]);
        wanted.lead_into(98);
        wanted.lead_to(210);
        wanted.lead_to(300);
        wanted.lead_into(420);
        assert_eq!(wanted.found(), [true, false, false, true, false]);
    }
}

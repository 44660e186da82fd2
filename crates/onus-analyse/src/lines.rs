//! From an offset to the number of its line.

/// Bytes between two counts that are kept.
const STEP: usize = 256;

/// The line breaks (LF) of a text, counted up to every so many bytes.
///
/// Finding a line takes at most one step of counting, so that many questions about a large text stay cheap.
#[derive(Debug)]
pub(crate) struct Lines {
    before: Vec<u64>,
}

impl Lines {
    pub(crate) fn of(text: &[u8]) -> Self {
        let mut count = 0;
        let mut before = Vec::with_capacity(text.len().div_ceil(STEP));
        for chunk in text.chunks(STEP) {
            before.push(count);
            count += breaks(chunk);
        }
        Self { before }
    }

    /// Returns the number, from 1, of the line that a byte of the same text stands on.
    pub(crate) fn number(&self, text: &[u8], offset: usize) -> u64 {
        let offset = offset.min(text.len());
        let step = (offset / STEP).min(self.before.len().saturating_sub(1));
        let rest = text.get(step * STEP..offset).unwrap_or_default();
        1 + self.before.get(step).copied().unwrap_or(0) + breaks(rest)
    }
}

fn breaks(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_are_those_of_a_plain_count() {
        let text = "a\n\nbc\r\n".repeat(3000);
        let lines = Lines::of(text.as_bytes());
        for offset in (0..text.len()).step_by(97).chain([0, 255, 256, 257, text.len()]) {
            let plain = 1 + text[..offset].matches('\n').count() as u64;
            assert_eq!(lines.number(text.as_bytes(), offset), plain, "{offset}");
        }
        assert_eq!(Lines::of(b"").number(b"", 0), 1);
    }
}

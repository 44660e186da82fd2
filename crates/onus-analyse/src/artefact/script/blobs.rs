//! Runs of encoded bytes: Base64 and hexadecimal.

use std::ops::Range;

use onus_core::Locus;

use crate::{Finding, Findings, artefact::office::trace};

/// Characters of a run, at least.
const RUN_MIN: usize = 100;

/// Runs that are listed, at most.
const RUNS_MAX: usize = 100;

/// Lists the runs of a text.
pub(super) fn read(text: &str, locus: impl Fn(&Range<usize>) -> Locus, findings: &mut Findings) {
    let mut count = 0_usize;
    let mut start = None;
    for (at, byte) in text.bytes().chain([b' ']).enumerate() {
        let is_in = byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_');
        match (is_in, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                start = None;
                let run = text.get(from..at).unwrap_or_default();
                let Some(encoding) = encoding(run) else { continue };
                count += 1;
                if count <= RUNS_MAX {
                    findings
                        .add(trace("encoded_blob", encoding, locus(&(from..at))).with("size", run.len().to_string()));
                }
            }
            _ => {}
        }
    }
    if count > RUNS_MAX {
        findings.add(Finding::limit(format!("of {count} runs of encoded bytes {RUNS_MAX} are listed")));
    }
}

/// How a run is encoded, if it is long enough and no word.
fn encoding(run: &str) -> Option<&'static str> {
    let has = |is: fn(&u8) -> bool| run.bytes().any(|byte| is(&byte));
    if run.len() < RUN_MIN || !has(u8::is_ascii_digit) || !has(u8::is_ascii_alphabetic) {
        return None;
    }
    if run.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some("hexadecimal");
    }
    (has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase)).then_some("base64")
}

#[cfg(test)]
mod tests {
    use super::encoding;

    #[test]
    fn long_runs_of_mixed_signs_are_encoded() {
        assert_eq!(encoding(&"aB3+".repeat(30)), Some("base64"));
        assert_eq!(encoding(&"0a".repeat(60)), Some("hexadecimal"));
        assert_eq!(encoding(&"-".repeat(200)), None);
        assert_eq!(encoding("aB3+"), None);
    }
}

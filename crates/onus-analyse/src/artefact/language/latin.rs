//! Latin script: is a text in a language other than English, or is it English, a name, or noise?
//!
//! Most languages share the letters, and programs are full of English and of names made of it. So the question is
//! put directly: every group of two to six characters has a weight, fitted on messages in many languages against
//! English ones and against what programs hold. Their sum is a log-likelihood ratio, in thirty-seconds of a nat.

/// Weights of groups of characters, by hash.
static WEIGHTS: &[u8] = include_bytes!("../../../models/latin.bin");

/// Weights of groups of characters for each language, by hash.
static NAMES: [&[u8]; 2] =
    [include_bytes!("../../../models/latin_names_1.bin"), include_bytes!("../../../models/latin_names_2.bin")];

/// The languages of the two tables.
const LANGUAGES: [&[&str]; 2] = [
    &["deu", "spa", "fra", "ita", "por", "pol", "ces", "slk", "tur", "nld", "swe", "dan", "nob"],
    &["fin", "hun", "ron", "hrv", "vie", "ind", "est", "lav", "lit", "cat", "slv", "sqi", "aze"],
];

/// Bits of a hash, of either table.
const BITS: u32 = 17;
const NAME_BITS: u32 = 13;

/// Characters of a group.
const GROUP_MAX: usize = 6;
const NAME_GROUP_MAX: usize = 4;

/// Characters at the beginning that are read first, and the sum that makes them English: 20 nats below zero.
const BEGINNING: usize = 60;
const ENGLISH: i32 = -20 * 32;

/// What holds before anything is read, in weights.
const BIAS: i32 = include!("../../../models/latin_bias.txt");

/// Characters of a text that are read, at most.
const TEXT_MAX: usize = 600;

/// Returns the log-likelihood ratio that a text is in a foreign language, in sixteenths of a nat.
///
/// The beginning decides for a text that is clearly English: most texts of a program are.
pub(super) fn llr(text: &[char]) -> i32 {
    let beginning = text.get(..BEGINNING).filter(|_| text.len() > 2 * BEGINNING);
    match beginning.map(sum) {
        Some(sum) if sum < ENGLISH => sum / 2,
        _ => sum(text) / 2,
    }
}

fn sum(text: &[char]) -> i32 {
    let mut sum = BIAS;
    groups(&fold(text), GROUP_MAX, |hash| sum += weight(WEIGHTS, bucket(hash, BITS)));
    sum
}

/// Returns the most probable language of a text.
pub(super) fn language(text: &[char]) -> &'static str {
    let folded = fold(text);
    let mut best = ("und", i32::MIN);
    for (table, languages) in NAMES.iter().zip(LANGUAGES) {
        let mut sums = vec![0; languages.len()];
        groups(&folded, NAME_GROUP_MAX, |hash| {
            let row = bucket(hash, NAME_BITS) * languages.len();
            for (index, sum) in sums.iter_mut().enumerate() {
                *sum += weight(table, row + index);
            }
        });
        for (language, sum) in languages.iter().zip(sums) {
            if sum > best.1 {
                best = (language, sum);
            }
        }
    }
    best.0
}

fn weight(table: &[u8], at: usize) -> i32 {
    table.get(at).map_or(0, |weight| i32::from(weight.cast_signed()))
}

fn bucket(hash: u32, bits: u32) -> usize {
    ((hash ^ (hash >> 15)).wrapping_mul(0x9e37_79b1) >> (32 - bits)) as usize
}

/// Calls a function with the hash of every group of two or more characters (FNV-1a over characters).
fn groups(folded: &[u32], max: usize, mut each: impl FnMut(u32)) {
    for start in 0..folded.len() {
        let mut hash = 0x811c_9dc5_u32;
        for (index, character) in folded.iter().skip(start).take(max).enumerate() {
            hash = (hash ^ character).wrapping_mul(0x0100_0193);
            if index > 0 {
                each(hash);
            }
        }
    }
}

/// Lower-case letters, one digit for all, one blank for everything between.
fn fold(text: &[char]) -> Vec<u32> {
    let mut folded = vec![0x20];
    let mut push = |symbol: u32| {
        if symbol != 0x20 || folded.last() != Some(&0x20) {
            folded.push(symbol);
        }
    };
    for character in text.iter().take(TEXT_MAX) {
        match character {
            'a'..='z' => push(*character as u32),
            'A'..='Z' => push(character.to_ascii_lowercase() as u32),
            _ if character.is_ascii() => push(if character.is_ascii_digit() { 0x30 } else { 0x20 }),
            _ => character.to_lowercase().map(symbol).for_each(&mut push),
        }
    }
    push(0x20);
    folded
}

fn symbol(character: char) -> u32 {
    match character as u32 {
        code if character.is_alphabetic() => match code {
            0..0x250 | 0x1e00..0x1f00 => code,
            _ => 0xfffd,
        },
        _ if character.is_numeric() => 0x30,
        _ => 0x20,
    }
}

//! Grades of sources and of what they say: the Admiralty code, whose two axes are given independently.

use serde::{Deserialize, Serialize};

/// How reliable a source is, by the Admiralty code: A completely, B usually, C fairly, D not usually, E unreliable,
/// F cannot be judged.
///
/// A grade is no probability; what it is worth stands in the weights data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the letters are described on the type")]
pub enum Reliability {
    A,
    B,
    C,
    D,
    E,
    F,
}

/// How credible one piece of information is, by the Admiralty code: 1 confirmed by other sources, 2 probably true,
/// 3 possibly true, 4 doubtful, 5 improbable, 6 truth cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub struct Credibility(u8);

/// A grade outside its scale.
#[derive(Debug, thiserror::Error)]
#[error("is no grade of the Admiralty code")]
pub struct NotAGrade;

impl Reliability {
    /// Every grade, most reliable first.
    pub const ALL: [Self; 6] = [Self::A, Self::B, Self::C, Self::D, Self::E, Self::F];

    /// Returns the letter.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::A => 'A',
            Self::B => 'B',
            Self::C => 'C',
            Self::D => 'D',
            Self::E => 'E',
            Self::F => 'F',
        }
    }
}

impl Credibility {
    /// Truth cannot be judged: the grade of a statement without checkable content, and of what was never graded.
    pub const CANNOT_BE_JUDGED: Self = Self(6);

    /// Returns the number, 1 to 6.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }
}

impl std::str::FromStr for Reliability {
    type Err = NotAGrade;

    fn from_str(text: &str) -> Result<Self, NotAGrade> {
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Self::ALL.into_iter().find(|grade| grade.letter() == letter).ok_or(NotAGrade),
            _ => Err(NotAGrade),
        }
    }
}

impl TryFrom<u8> for Credibility {
    type Error = NotAGrade;

    fn try_from(number: u8) -> Result<Self, NotAGrade> {
        if (1..=6).contains(&number) { Ok(Self(number)) } else { Err(NotAGrade) }
    }
}

impl From<Credibility> for u8 {
    fn from(grade: Credibility) -> Self {
        grade.0
    }
}

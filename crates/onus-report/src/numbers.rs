//! Numbers as a reader sees them: decibans with one decimal, probabilities with two, thousands apart.

/// Weights beyond this are shown as "more than": nothing that is weighed in earnest comes near it.
const WEIGHT_MAX: u64 = 1_000_000;

/// Returns a weight in decibans with its sign and unit, to one decimal: `+23.4 dB`.
pub(crate) fn decibans(mdb: i64) -> String {
    let sign = match tenths(mdb) {
        0 => "",
        _ if mdb < 0 => "−",
        _ => "+",
    };
    if mdb.unsigned_abs() > WEIGHT_MAX {
        return format!("{sign}1000 dB or more");
    }
    format!("{sign}{}.{} dB", tenths(mdb) / 10, tenths(mdb) % 10)
}

/// Returns the size of a weight in decibans without sign, to one decimal: `23.4 dB`.
pub(crate) fn distance(mdb: i64) -> String {
    decibans(mdb).trim_start_matches(['+', '−']).to_owned()
}

/// Tenths of a deciban, to the nearest, halves away from zero.
fn tenths(mdb: i64) -> u64 {
    (mdb.unsigned_abs() + 50) / 100
}

/// Returns the factor that a weight stands for, whichever way it points: `a factor of 220`.
pub(crate) fn factor(mdb: i64) -> String {
    let factor = libm::pow(10.0, float(mdb.unsigned_abs().min(WEIGHT_MAX)) / 10_000.0);
    match factor {
        _ if factor < 10.0 => format!("a factor of {factor:.1}"),
        _ if factor < 100.0 => format!("a factor of {factor:.0}"),
        _ if factor < 1e6 => format!("a factor of {}", thousands(two_digits(factor))),
        _ if factor < 1e9 => format!("a factor of {:.0} million", factor / 1e6),
        _ => "a factor of more than a thousand million".to_owned(),
    }
}

/// A number rounded to its two leading digits.
fn two_digits(value: f64) -> u64 {
    let mut unit = 1.0;
    while value / unit >= 100.0 {
        unit *= 10.0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and a million")]
    let whole = ((value / unit).round() * unit) as u64;
    whole
}

/// Returns a whole number with its thousands apart: `12,345`.
pub(crate) fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a probability with two decimals. None is ever shown as 0 or 1: there is always a remainder.
pub(crate) fn probability(value: f64) -> String {
    match value {
        p if !p.is_finite() => "not known".to_owned(),
        p if p < 0.01 => "below 0.01".to_owned(),
        p if p > 0.99 => "above 0.99".to_owned(),
        p => format!("{p:.2}"),
    }
}

/// Returns a deception prior with two decimals, or three where two would show nothing.
pub(crate) fn prior(value: f64) -> String {
    if value < 0.01 && value > 0.0 { format!("{value:.3}") } else { format!("{value:.2}") }
}

/// Returns a rate or a ratio as it stands in the data: up to four decimals, three digits above ten.
pub(crate) fn rate(value: f64) -> String {
    let trimmed = |text: String| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    match value {
        value if !value.is_finite() => "not known".to_owned(),
        0.0 => "0".to_owned(),
        value if value.abs() < 1e-4 || value.abs() >= 1e6 => format!("{value:.1e}"),
        value if value.abs() >= 100.0 => format!("{value:.0}"),
        value if value.abs() >= 10.0 => trimmed(format!("{value:.1}")),
        value => trimmed(format!("{value:.4}")),
    }
}

/// Returns decibans that are not rounded to the thousandth yet, as a weight: `+18.6 dB`.
pub(crate) fn float_decibans(value: f64) -> String {
    if !value.is_finite() {
        return "not known".to_owned();
    }
    #[expect(clippy::cast_possible_truncation, reason = "far within the range")]
    let mdb = (value * 1000.0).round().clamp(-1e9, 1e9) as i64;
    decibans(mdb)
}

/// Returns a count with its noun: `1 item`, `2 items`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(number as u64))
}

/// Returns a whole number as a float; exact below 2^53, which is far beyond what is drawn.
#[expect(clippy::cast_precision_loss, reason = "what is drawn is rounded to a thousandth of the width")]
pub(crate) fn float(value: u64) -> f64 {
    value as f64
}

/// Returns millidecibans as decibans, for drawing.
#[expect(clippy::cast_precision_loss, reason = "what is drawn is rounded to a thousandth of the width")]
pub(crate) fn float_db(mdb: i64) -> f64 {
    mdb as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_have_one_decimal_and_a_sign() {
        for (mdb, expected) in [
            (0, "0.0 dB"),
            (49, "0.0 dB"),
            (-50, "−0.1 dB"),
            (20_000, "+20.0 dB"),
            (-3_010, "−3.0 dB"),
            (i64::MAX, "+1000 dB or more"),
            (i64::MIN, "−1000 dB or more"),
        ] {
            assert_eq!(decibans(mdb), expected);
        }
    }

    #[test]
    fn factors_have_two_digits() {
        for (mdb, expected) in [
            (3_010, "a factor of 2.0"),
            (-20_000, "a factor of 100"),
            (23_400, "a factor of 220"),
            (41_000, "a factor of 13,000"),
            (63_000, "a factor of 2 million"),
            (i64::MAX, "a factor of more than a thousand million"),
        ] {
            assert_eq!(factor(mdb), expected);
        }
    }

    #[test]
    fn rates_are_as_in_the_data() {
        for (value, expected) in [
            (0.3, "0.3"),
            (0.006, "0.006"),
            (0.807_5, "0.8075"),
            (1.15, "1.15"),
            (41.67, "41.7"),
            (120.4, "120"),
            (1e-300, "1.0e-300"),
            (f64::NAN, "not known"),
        ] {
            assert_eq!(rate(value), expected);
        }
        assert_eq!(float_decibans(18.6214), "+18.6 dB");
        assert_eq!(float_decibans(f64::NEG_INFINITY), "not known");
    }

    #[test]
    fn no_probability_is_certain() {
        for (value, expected) in
            [(0.0, "below 0.01"), (0.014, "0.01"), (0.5, "0.50"), (1.0, "above 0.99"), (f64::NAN, "not known")]
        {
            assert_eq!(probability(value), expected);
        }
    }
}

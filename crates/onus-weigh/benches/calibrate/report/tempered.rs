//! How far sums of weights overstate: exponents, and the band of label noise.

use onus_weigh::benchmark::Setting;

use super::table::{between, head, number, row};
use crate::{
    exponents::{NOISE_USED, Tempering},
    study::Study,
};

pub(super) fn text(study: &Study) -> String {
    let smoothing = study.smoothing;
    let mut text = format!(
        "## How far adding up overstates\n\n\
         Weights of single traces are added as if traces were independent, which they are not.\n\
         The exponent is what the sum must be multiplied with so that it means what it says; 1 would be independence.\n\
         It is fitted on items with an answer, by their likelihood, on weights as a case has them: share of a group's \
         claims over the background, smoothed with {} claims of the background for techniques and {} for software (the \
         values under which each document is best foretold from the others), label noise {NOISE_USED}, capped at the \
         number of candidates plus two.\n\
         There is no prior of documentation in it.\n",
        number(smoothing.technique),
        number(smoothing.software),
    );
    text += &head(&COLUMNS_WITH_KIND);
    for (items, tempering) in &study.tempering {
        text += &row(&cells(items, tempering));
    }
    text += "\n### Label noise\n\n\
        What the same comes to if so many of the reported uses were wrong. A band to look at, not a measurement of \
        noise.\n";
    let columns: Vec<&str> = ["label noise"].into_iter().chain(COLUMNS_WITH_KIND.into_iter().skip(1)).collect();
    text += &head(&columns);
    for tempering in &study.noise {
        text += &row(&cells(&tempering.sums.noise.to_string(), tempering));
    }
    text + &shapes(study)
}

/// Techniques alone, when a correlation between them is taken out before the exponent is fitted.
fn shapes(study: &Study) -> String {
    let mut text = "\n### More techniques, less each\n\n\
        One exponent for all is a compromise where sums over many techniques overstate more than sums over few; the rows \
        above by number of techniques say whether they do.\n\
        Here the sum over n techniques is divided by 1 + (n - 1) times a correlation first, the usual design effect, and \
        the exponent is fitted to what is left. All answered items, techniques alone; the first line has no \
        correlation.\n"
        .to_owned();
    text += &head(&["correlation", "exponent of the rest", "Cllr", "surprise"]);
    for tempering in &study.shapes {
        let exponent = tempering.exponents.first().map_or(f64::NAN, |(value, _)| *value);
        let (cllr, surprise) = tempering.tempered;
        text += &row(&[tempering.sums.correlation.to_string(), number(exponent), number(cllr), number(surprise)]);
    }
    text
}

const COLUMNS_WITH_KIND: [&str; 8] = [
    "of",
    "evidence",
    "items",
    "exponent of techniques",
    "exponent of software",
    "Cllr added up / tempered",
    "surprise added up",
    "surprise tempered",
];

fn cells(first: &str, tempering: &Tempering) -> Vec<String> {
    let exponent = |index: usize| {
        let found = tempering.exponents.get(index);
        found.map_or_else(String::new, |(value, range)| match range {
            Some(range) => format!("{} ({})", number(*value), between(*range)),
            None => number(*value),
        })
    };
    let [of_techniques, of_software] = match tempering.sums.setting {
        Setting::Both => [exponent(0), exponent(1)],
        Setting::Techniques => [exponent(0), String::new()],
        Setting::Software => [String::new(), exponent(0)],
    };
    vec![
        first.to_owned(),
        tempering.sums.setting.name().to_owned(),
        tempering.count.to_string(),
        of_techniques,
        of_software,
        format!("{} / {}", number(tempering.naive.0), number(tempering.tempered.0)),
        number(tempering.naive.1),
        number(tempering.tempered.1),
    ]
}

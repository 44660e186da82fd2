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
        text += &row(&cells(&tempering.noise.to_string(), tempering));
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
    let [of_techniques, of_software] = match tempering.setting {
        Setting::Both => [exponent(0), exponent(1)],
        Setting::Techniques => [exponent(0), String::new()],
        Setting::Software => [String::new(), exponent(0)],
    };
    vec![
        first.to_owned(),
        tempering.setting.name().to_owned(),
        tempering.count.to_string(),
        of_techniques,
        of_software,
        format!("{} / {}", number(tempering.naive.0), number(tempering.tempered.0)),
        number(tempering.naive.1),
        number(tempering.tempered.1),
    ]
}

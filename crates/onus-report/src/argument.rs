//! The argument: answers, evidence, deception, what would overturn it, what is missing, who says what.

use maud::{Markup, html};
use onus_weigh::{Assessment, Sheet, sheet::Level};

use crate::{
    Dossier, assumptions, charts, gaps,
    index::Index,
    numbers::{prior, probability},
    overturn,
};

/// Returns the sections of the argument.
pub(crate) fn sections(dossier: &Dossier<'_>, index: &Index<'_>) -> Markup {
    let assessment = dossier.assessment;
    html! {
        section id="answers" {
            h2 { "The answers considered" }
            p { "Every answer is weighed against every other, and " em { "an actor not listed" } " is always one of them. " (levels(dossier.sheet)) }
            (charts::bars::figure(assessment, index))
        }
        section id="evidence" {
            h2 { "What each item adds" }
            (charts::waterfall::figure(assessment, dossier.sheet, index))
        }
        (planted(assessment, index))
        (overturn::section(assessment, index))
        (gaps::section(dossier, index))
        section id="timeline" {
            h2 { "Who says what" }
            p { "One lane a source, in the order in which they first appear. All are drawn alike; a mark says how far others can check what was said." }
            (charts::timeline::figure(dossier.sheet, assessment.as_of.as_deref(), index))
        }
        (assumptions::section(assessment, dossier.sheet.prior.as_ref(), index))
    }
}

/// What the answers name; evidence about one level says nothing of another.
fn levels(sheet: &Sheet) -> Markup {
    let words = |level: Level| match level {
        Level::Family => "a family of software",
        Level::Group => "a group",
        Level::Organisation => "an organisation",
        Level::State => "a state",
        Level::Scenario => "a course of events",
    };
    html! {
        @if let Some(first) = sheet.hypotheses.first() {
            "Each of the others names " (words(first.level)) "; what is found about one level says nothing of another."
        }
    }
}

fn planted(assessment: &Assessment, index: &Index<'_>) -> Markup {
    html! {
        section id="planted" {
            h2 { "What if it was planted?" }
            p {
                "Traces can be made to point at somebody else. Beforehand, framing is given a probability of "
                a href="#deception" { (prior(assessment.policy.delta)) } "; with what is on file, under the "
                a href="#prior-flat" { "flat prior" } " over the answers, it comes to "
                strong { (probability(assessment.deception_probability)) } "."
            }
            (charts::curve::figure(assessment, index))
        }
    }
}

//! Is the file said to be younger than its signature?

use super::super::{Pe, facts::Facts, signature::Signature, signing::in_words, stamps};
use crate::artefact::{
    build_time::{span, utc},
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// Seconds by which the clocks of two machines may differ: a day.
const GRACE: i64 = 86_400;

/// Is the file said to be younger than its signature?
pub(super) const TIME_SIGNATURE: ConsistencyTest<Pe> = ConsistencyTest {
    id: "time-signature",
    about: "coff_time",
    strength: Strength::Soft,
    rationale: "a file is linked before it is signed, and signed before the certificate ends or a third party attests it",
    benign_causes: &[
        "a clock that was days ahead on the machine that linked",
        "a stamp set to the day of a release that was still to come",
        "a signature that does not belong to this file",
    ],
    false_alarm: Rate { hits: 0, files: 42, hit_projects: 0, projects: 10 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    let Some(stamp) = stamps::coff_time(facts) else {
        return Outcome::NotRun("the file header carries no time");
    };
    let signatures = facts.certificates.iter().flat_map(|table| table.signatures());
    let Some((latest, what, range)) = signatures.filter_map(latest).min() else {
        return Outcome::NotRun("there is no signature with a time");
    };
    let late = i64::from(stamp) - latest;
    if late <= GRACE {
        return Outcome::Consistent;
    }
    let header = facts.image.header + 8;
    Outcome::Inconsistent {
        loci: vec![header..header + 4, range.0..range.1],
        explain: format!(
            "The file says that it was linked at {}, which is {} after {what}, {}.",
            utc(stamp),
            span(late.unsigned_abs()),
            in_words(latest),
        ),
    }
}

/// The last moment at which the signature can have been made, what sets it and where that stands.
fn latest(signature: &Signature) -> Option<(i64, &'static str, (usize, usize))> {
    if let Some((time, range)) = &signature.attested_time {
        return Some((*time, "a third party attested its signature", (range.start, range.end)));
    }
    let signer = signature.signer.as_ref()?;
    Some((signer.validity?.1, "the certificate of its signer ended", (signer.range.start, signer.range.end)))
}

#[cfg(test)]
mod tests {
    use super::TIME_SIGNATURE as TEST;
    use crate::artefact::pe::given::{bytes, outcome};

    #[test]
    fn a_signature_after_the_link_passes() {
        assert_eq!(outcome(&TEST, &bytes(include_str!("../../../../fixtures/pe/signed.hex"))), "consistent");
    }

    #[test]
    fn a_link_after_the_signature_is_a_lead() {
        let planted = bytes(include_str!("../../../../fixtures/pe/planted_stamp_after_the_signature.hex"));
        assert!(outcome(&TEST, &planted).contains("115 days after a third party attested"));
    }
}

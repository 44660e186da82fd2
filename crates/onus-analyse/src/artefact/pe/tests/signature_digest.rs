//! Is the file as it was when it was signed?

use super::super::{Pe, facts::Facts, signing::Signed};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
};

/// Is the file as it was when it was signed?
pub(super) const SIGNATURE_DIGEST: ConsistencyTest<Pe> = ConsistencyTest {
    id: "signature-digest",
    about: "signature",
    strength: Strength::Soft,
    rationale: "a signature holds the digest of the file as the signer had it",
    benign_causes: &[
        "a tool that edited the file after it was signed, as installers that write a key or a licence into it do",
        "a signature that was copied from another file by a test or a packer",
        "a file that was damaged on its way",
    ],
    false_alarm: Rate { hits: 0, files: 264, hit_projects: 0, projects: 13 },
    detection: None,
    forge_cost: ForgeCost::F4,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    match facts.signed() {
        Signed::Unknown => Outcome::NotRun("there is no signature whose digest can be compared"),
        Signed::Unchanged => Outcome::Consistent,
        Signed::Changed => {
            let signatures = facts.certificates.iter().flat_map(|table| table.signatures());
            let digests = signatures.filter_map(|signature| signature.digest.as_ref());
            Outcome::Inconsistent {
                loci: digests.map(|digest| digest.range.clone()).take(1).collect(),
                explain:
                    "The digest that was signed is not that of the file: the file was edited after it was signed, or \
                          the signature was taken from another file. It does not say what was changed."
                        .to_owned(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SIGNATURE_DIGEST as TEST;
    use crate::artefact::pe::given::{bytes, header, outcome};

    #[test]
    fn a_signed_file_passes_until_it_is_edited() {
        let mut image = bytes(include_str!("../../../../fixtures/pe/signed.hex"));
        assert_eq!(outcome(&TEST, &image), "consistent");
        image[0x500] ^= 1;
        assert!(outcome(&TEST, &image).contains("edited after it was signed"));
    }

    #[test]
    fn the_checksum_is_not_signed() {
        let mut image = bytes(include_str!("../../../../fixtures/pe/signed.hex"));
        let checksum = header(&image) + 24 + 64;
        image[checksum] ^= 1;
        assert_eq!(outcome(&TEST, &image), "consistent");
    }
}

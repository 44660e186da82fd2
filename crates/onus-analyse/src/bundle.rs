//! Bundles of threat intelligence that others made.

mod stix;

pub(crate) use stix::STIX;

//! The shipped reference data: sound, licensed, and the same bytes when it is written again.

use onus_core::Digest;
use onus_weigh::{Reference, reference::Hidden, reference::TraceKind, reference::View};

const SHIPPED: &str = include_str!("../reference/attack.txt");

#[test]
fn the_shipped_file_is_what_its_readme_describes() {
    let reference = Reference::builtin();
    assert_eq!(reference.to_text(), SHIPPED, "written again, it is the same");
    assert_eq!(Reference::parse(&reference.to_text()).as_ref(), Ok(reference));
    assert_eq!(reference.digest(), Digest::of(SHIPPED.as_bytes()));
    assert!(SHIPPED.len() < 4_000_000);
}

#[test]
fn the_terms_of_the_origins_travel_with_the_data() {
    let mitre = "© 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE \
                 Corporation.";
    assert!(Reference::builtin().notices.iter().any(|notice| notice == mitre));
    assert!(include_str!("../reference/LICENSE-ATTACK.txt").contains(mitre));
    assert!(include_str!("../reference/LICENSE-MISP-GALAXY.md").contains("CC0 1.0"));
    assert!(include_str!("../reference/README.md").contains(mitre));
}

#[test]
fn groups_can_be_ranked_in_every_release() {
    let reference = Reference::builtin();
    let counted = |release| {
        let hidden = Hidden { release: Some(release), ..Hidden::default() };
        View::new(reference, &hidden, &[TraceKind::Technique, TraceKind::Software]).candidates.len()
    };
    let counted: Vec<usize> = (0..12).map(counted).collect();
    assert_eq!(counted, [105, 108, 120, 128, 130, 133, 136, 141, 148, 159, 166, 172]);
}

#[test]
fn every_release_has_a_day() {
    let days: Vec<&str> = Reference::builtin().releases.iter().map(|release| release.day.as_str()).collect();
    assert!(days.iter().all(|day| day.len() == 10) && days.is_sorted());
}

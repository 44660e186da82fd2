//! The bundled cases.

use crate::common::Place;

#[test]
fn the_whole_way_works_and_can_be_repeated() {
    let place = Place::new();
    let first = place.done(["demo"]);
    let again = place.done(["demo"]);
    assert_eq!(first.out, again.out, "running it again changes nothing");
    for case in onus::demo::bundled() {
        assert!(first.out.contains(case.id), "{first}");
        assert!(place.path(&format!("onus-demo/{}/out/report.html", case.id)).exists());
        place.done(["verify".to_owned(), format!("onus-demo/{}", case.id)]);
    }
    let supported = first.out.matches("\nThe evidence on file supports").count();
    assert_eq!(
        first.out.matches("\nNot determined.").count() + supported,
        onus::demo::bundled().len(),
        "{}",
        first.out
    );
    assert_eq!(supported, 1);
    assert_eq!(first.out.matches("assessment computed again").count(), onus::demo::bundled().len());
}

//! A STIX bundle of ATT&CK is refused or read, and what is built from it has a text form that can be read.
#![no_main]

use onus::{
    Reference,
    reference::{BuildProblem, Origin, Role, build},
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let role = Role::Bundle(Some("1.0".to_owned()));
    let origin = Origin { name: String::new(), role, bytes: bytes.to_vec() };
    if let Ok(built) = build("", [Ok::<_, BuildProblem>(origin)]) {
        assert_eq!(Reference::parse(&built.reference.to_text()), Ok(built.reference));
    }
});

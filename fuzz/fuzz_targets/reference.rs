//! Reference data is refused or read, and what was read is written in a form that gives the same again.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(reference) = onus::Reference::parse(text) {
        assert_eq!(onus::Reference::parse(&reference.to_text()), Ok(reference));
    }
});

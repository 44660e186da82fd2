//! A file of MISP clusters is refused or read; neither may panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = onus::reference::read_galaxy(bytes);
});

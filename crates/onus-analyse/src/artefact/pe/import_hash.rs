//! What is imported, in a few lines and as a hash that can be compared between files.

use md5::{Digest, Md5};
use onus_core::Locus;

use super::{
    facts::Facts,
    imports::{By, Library},
    ordinals,
};
use crate::{
    Finding, Findings,
    artefact::{forge_cost::ForgeCost, hex::hex},
};

/// Libraries that the summary names, at most.
const LIBRARIES_MAX: usize = 256;

/// Endings that are not part of the name of a library.
const ENDINGS: [&[u8]; 3] = [b"ocx", b"sys", b"dll"];

/// Adds the hash of the imports and the list of libraries.
pub(super) fn observe(facts: &Facts<'_>, findings: &mut Findings) {
    let imports = &facts.imports;
    let Some(first) = imports.libraries.first() else { return };
    let descriptors = Locus::bytes(first.at, 20 * imports.at_load().count().max(1));
    if imports.at_load().next().is_some() && !imports.is_cut {
        let hash = hash(imports.at_load());
        let found = Finding::new("import_hash", hex(&hash)).at(clamp(descriptors, facts.image.bytes.len()));
        findings.add(
            found
                .with("functions", imports.count(false).to_string())
                .with("algorithm", "MD5 of the names in order, as pefile writes them")
                .with("forge_cost", ForgeCost::F1.name()),
        );
    }
    let name = |library: &Library<'_>| String::from_utf8_lossy(library.name).into_owned();
    let of = |is_delayed: bool| {
        let libraries = imports.libraries.iter().filter(move |library| library.is_delayed == is_delayed);
        libraries.take(LIBRARIES_MAX).map(name)
    };
    let count = imports.libraries.len();
    findings.add(
        Finding::new("imported_libraries", count.to_string())
            .at(clamp(descriptors, facts.image.bytes.len()))
            .with_list("libraries", of(false))
            .with_list("delayed", of(true))
            .with("functions", imports.count(false).to_string())
            .with_some("delayed_functions", Some(imports.count(true)).filter(|count| *count > 0).map(|n| n.to_string()))
            .with("forge_cost", ForgeCost::F1.name()),
    );
}

fn clamp(locus: Locus, size: usize) -> Locus {
    let end = (locus.offset + locus.len).min(size as u64);
    Locus { len: end.saturating_sub(locus.offset), ..locus }
}

/// Returns the hash of names in lower case, `library.function`, with commas between.
fn hash<'l, 'a: 'l>(libraries: impl Iterator<Item = &'l Library<'a>>) -> [u8; 16] {
    let mut digest = Md5::new();
    let mut entry = Vec::new();
    for library in libraries {
        for function in &library.functions {
            entry.extend_from_slice(stem(library.name));
            entry.push(b'.');
            match function.by {
                By::Name(name) => entry.extend_from_slice(name),
                By::Ordinal(ordinal) => match ordinals::name(library.name, ordinal) {
                    Some(name) => entry.extend_from_slice(name.as_bytes()),
                    None => entry.extend_from_slice(format!("ord{ordinal}").as_bytes()),
                },
            }
            entry.make_ascii_lowercase();
            digest.update(&entry);
            entry.clear();
            entry.push(b',');
        }
    }
    digest.finalize().into()
}

/// Returns the name of a library without the ending of libraries.
fn stem(name: &[u8]) -> &[u8] {
    let dot = name.iter().rposition(|byte| *byte == b'.');
    let parts = dot.and_then(|dot| name.split_at_checked(dot));
    match parts {
        Some((stem, [_, ending @ ..])) if ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)) => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::{hash, stem};
    use crate::artefact::{
        hex::hex,
        pe::imports::{By, Function, Library},
    };

    #[test]
    fn the_hash_is_over_names_in_lower_case_and_numbers_resolved() {
        let function = |by| Function { at: 0, by };
        let functions = vec![function(By::Ordinal(115)), function(By::Name(b"Foo")), function(By::Ordinal(9999))];
        let library = Library { name: b"WS2_32.DLL", at: 0, name_at: 0, is_delayed: false, stamp: 0, functions };
        let expected = md5::Md5::default();
        let expected = md5::Digest::chain_update(expected, "ws2_32.wsastartup,ws2_32.foo,ws2_32.ord9999");
        assert_eq!(hex(&hash([&library].into_iter())), hex(&md5::Digest::finalize(expected)));
    }

    #[test]
    fn only_the_endings_of_libraries_are_cut() {
        assert_eq!(stem(b"KERNEL32.dll"), b"KERNEL32");
        assert_eq!(stem(b"winspool.drv"), b"winspool.drv");
        assert_eq!(stem(b"api-ms-win-crt-l1-1-0.dll"), b"api-ms-win-crt-l1-1-0");
        assert_eq!(stem(b".dll"), b"");
        assert_eq!(stem(b""), b"");
    }
}

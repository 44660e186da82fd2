//! What a file is, by its bytes alone: type, size, digests, and a digest of similarity.

use crate::{Analyser, FileType, Finding, Findings, Subject, tlsh};

/// Reads the type of every file and repeats its names.
pub(crate) const IDENTITY: Analyser = Analyser { id: "identity", version: 2, reads: |_| true, observe };

fn observe(subject: &Subject<'_>, file_type: &FileType, findings: &mut Findings) {
    let exhibit = subject.exhibit;
    if exhibit.size == 0 {
        findings.add(Finding::new("empty_file", "the exhibit has no bytes"));
    }
    findings.add(
        Finding::new("media_type", file_type.media_type.as_str())
            .with_some("encoding", file_type.encoding.map(|encoding| encoding.name()))
            .with_some("format", file_type.format.as_deref()),
    );
    findings.add(Finding::new("size", exhibit.size.to_string()));
    findings.add(Finding::new("sha256", exhibit.sha256.to_hex()));
    let others = [("sha1", &exhibit.sha1), ("md5", &exhibit.md5)];
    for (kind, digest) in others.into_iter().filter(|(_, digest)| !digest.is_empty()) {
        findings.add(Finding::new(kind, digest.as_str()));
    }
    if !subject.is_whole() {
        return;
    }
    if subject.bytes.len() > tlsh::LEN_MAX {
        findings.add(Finding::limit(format!("no similarity digest of a file of more than {} bytes", tlsh::LEN_MAX)));
    }
    if let Some(digest) = tlsh::tlsh(subject.bytes) {
        findings.add(Finding::new("tlsh", digest));
    }
}

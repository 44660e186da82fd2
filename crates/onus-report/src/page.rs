//! The page: one self-contained HTML document that asks nothing of anybody.

use base64::Engine as _;
use maud::{DOCTYPE, Markup, PreEscaped, html as markup};
use onus_core::plain;
use sha2::Digest as _;

use crate::{
    Dossier, argument,
    foreign::{cut, foreign},
    glossary,
    index::Index,
    method, opening, record,
};

/// The only style of the page; its digest is the only one that the page's policy admits.
const STYLE: &str = include_str!("style.css");

/// The parts of the page: the anchor, and the name in the table of contents.
const CONTENTS: [(&str, &str); 12] = [
    ("answers", "The answers"),
    ("evidence", "The evidence"),
    ("planted", "What if it was planted?"),
    ("overturn", "What would have to be forged"),
    ("missing", "What is missing"),
    ("timeline", "Who says what"),
    ("assumptions", "Under other assumptions"),
    ("items", "Every item"),
    ("sources", "Sources and objections"),
    ("exhibits", "Exhibits"),
    ("method", "Method"),
    ("glossary", "Glossary"),
];

/// Renders a dossier as one self-contained HTML page.
///
/// The page has no script and loads nothing; its content security policy admits its own style alone.
/// Links lead to its own parts and, where a source names one, to an `http` or `https` address.
#[must_use]
pub fn html(dossier: &Dossier<'_>) -> String {
    let index = Index::of(dossier);
    let title = plain(&dossier.sheet.case.title);
    markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(plain(&dossier.assessment.inputs.engine));
                title { (title) " – dossier" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#main" { "Skip to the verdict" }
                (banner(dossier))
                main id="main" {
                    (opening::section(dossier, &index))
                    (contents())
                    (argument::sections(dossier, &index))
                    (record::sections(dossier, &index))
                    (method::section(dossier.assessment, &index))
                    (glossary::section())
                }
                (footer(dossier))
            }
        }
    }
    .into_string()
}

/// The content security policy: nothing but the page's own style, by its digest.
fn policy() -> String {
    let digest = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
}

fn banner(dossier: &Dossier<'_>) -> Markup {
    markup! {
        header class="banner" {
            p class="running" { span class="mark-onus" { "onus" } " dossier" }
            (marking(dossier))
        }
    }
}

/// The Traffic Light Protocol label, as FIRST prescribes it: capitals on black.
fn marking(dossier: &Dossier<'_>) -> Markup {
    markup! {
        @match dossier.sheet.case.tlp.as_deref() {
            Some(label) => {
                @let class = match label { "clear" => "tlp", "green" => "tlp green", "amber" | "amber+strict" => "tlp amber", "red" => "tlp red", _ => "tlp" };
                p class=(class) { "TLP:" (cut(label, 16).to_uppercase()) }
            }
            None => { p class="tlp none" { "no marking" } }
        }
    }
}

fn contents() -> Markup {
    markup! {
        nav class="contents" aria-label="Contents" {
            ol { @for (anchor, name) in CONTENTS { li { a href=(format!("#{anchor}")) { (name) } } } }
        }
    }
}

fn footer(dossier: &Dossier<'_>) -> Markup {
    markup! {
        footer {
            p {
                "Made by " (foreign(&dossier.assessment.inputs.engine)) " from the inputs named above. "
                "The same inputs give the same page, byte for byte."
            }
            @if dossier.assessment.inputs.reference.is_some() && !dossier.notices.is_empty() {
                div id="notices" { @for notice in dossier.notices { p { (foreign(notice)) } } }
            }
            @if let Some(label) = dossier.sheet.case.tlp.as_deref() { p { "TLP:" (cut(label, 16).to_uppercase()) } }
        }
    }
}

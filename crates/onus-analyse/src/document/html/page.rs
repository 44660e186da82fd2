//! From tags and text to paragraphs: what a reader sees, and what the page says about itself.

use std::ops::Range;

use super::{
    entity,
    token::{Token, Tokens},
};
use crate::{
    OBSERVATIONS_MAX,
    document::reading::{Paragraph, Taken},
};

/// Bytes of text that are taken from one page, at most.
pub(crate) const TEXT_MAX: usize = 16 << 20;

/// Changes between markup and text, at most.
pub(crate) const PIECES_MAX: usize = 2_000_000;

/// Links of one page that are listed, at most.
pub(crate) const LINKS_MAX: usize = 10_000;

/// Statements of a page about itself that are listed, at most.
pub(crate) const STATEMENTS_MAX: usize = 1000;

/// Parts of a page that lie inside each other, at most; deeper ones count to the part around them.
const REGIONS_MAX: usize = 64;

/// Elements that begin a new paragraph, sorted.
const BLOCKS: [&str; 50] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "select",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Elements whose content is not read by anybody, sorted.
const DROPPED: [&str; 9] =
    ["iframe", "noembed", "noframes", "noscript", "script", "style", "svg", "template", "textarea"];

/// Parts of a page around its main text, sorted.
const PARTS: [&str; 5] = ["aside", "footer", "form", "header", "nav"];

/// Elements without content, sorted.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// What a page says about itself, or a link.
#[derive(Debug)]
pub(crate) struct Statement {
    /// Which: `title`, `publisher`, `published`, `declared_language`, `canonical_url`, `link`.
    pub(crate) kind: &'static str,
    /// What it says, decoded.
    pub(crate) value: String,
    /// Where in the source.
    pub(crate) source: Range<usize>,
    /// The element or property that says it; nothing for links.
    pub(crate) from: String,
    /// The part of the page, for links.
    pub(crate) part: Option<&'static str>,
}

/// A page as it is read.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) taken: Taken,
    pub(crate) paragraphs: Vec<Paragraph>,
    pub(crate) statements: Vec<Statement>,
    /// What was left out because of a limit.
    pub(crate) limits: Vec<String>,
}

/// A part of the page that is open.
struct Region {
    name: String,
    depth: usize,
    part: &'static str,
}

const DROP: &str = "dropped";

struct Builder<'t> {
    source: &'t str,
    tokens: Tokens<'t>,
    page: Page,
    regions: Vec<Region>,
    /// Where in the text the open paragraph begins.
    start: usize,
    /// Where in the source the white space stands that has yet to be written.
    blank: Option<usize>,
    /// How many elements with kept white space are open.
    preformatted: usize,
    is_in_title: bool,
    links: usize,
    statements: usize,
}

/// Reads a page.
pub(crate) fn read(source: &str) -> Page {
    let mut builder = Builder {
        source,
        tokens: Tokens::of(source),
        page: Page::default(),
        regions: Vec::new(),
        start: 0,
        blank: None,
        preformatted: 0,
        is_in_title: false,
        links: 0,
        statements: 0,
    };
    builder.run();
    builder.page
}

impl Builder<'_> {
    fn run(&mut self) {
        while let Some(token) = self.tokens.next() {
            match token {
                Token::Text(range) => self.text(range),
                Token::Start(range) => self.start_tag(range),
                Token::End(_) => self.end_tag(),
            }
            if self.is_full() {
                self.page.limits.push(format!(
                    "text after {TEXT_MAX} bytes, {PIECES_MAX} changes between markup and text or {OBSERVATIONS_MAX} \
                     paragraphs is left out"
                ));
                break;
            }
        }
        self.flush();
        if self.tokens.is_cut {
            self.page.limits.push("a tag has more attributes than are read".to_owned());
        }
        if self.links > LINKS_MAX {
            self.page.limits.push(format!("links after the first {LINKS_MAX} are left out"));
        }
        if self.statements > STATEMENTS_MAX {
            self.page.limits.push(format!("statements of the page after the first {STATEMENTS_MAX} are left out"));
        }
    }

    fn is_full(&self) -> bool {
        let taken = &self.page.taken;
        taken.text().len() > TEXT_MAX
            || taken.pieces_len() > PIECES_MAX
            || self.page.paragraphs.len() > OBSERVATIONS_MAX
    }

    fn start_tag(&mut self, range: Range<usize>) {
        let name = std::mem::take(&mut self.tokens.name);
        let name_of = |table: &[&str]| table.binary_search(&name.as_str()).is_ok();
        let part = if name_of(&DROPPED) {
            Some(DROP)
        } else if self.is_hidden() {
            Some("hidden")
        } else {
            PARTS.iter().find(|part| **part == name).copied()
        };
        if name_of(&BLOCKS) || part.is_some() {
            self.flush();
        }
        match name.as_str() {
            "br" => self.line_break(range),
            "pre" => self.preformatted += 1,
            "title" => self.is_in_title = self.part() != Some(DROP),
            _ => self.statement(&name),
        }
        if !name_of(&VOID) {
            self.open(&name, part);
        }
        self.tokens.name = name;
    }

    fn end_tag(&mut self) {
        let name = std::mem::take(&mut self.tokens.name);
        if BLOCKS.binary_search(&name.as_str()).is_ok() {
            self.flush();
        }
        match name.as_str() {
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            "title" => self.is_in_title = false,
            _ => {}
        }
        self.close(&name);
        self.tokens.name = name;
    }

    /// Opens a part, or counts an element of the same name inside one, so that its end tag is not taken for the part's.
    fn open(&mut self, name: &str, part: Option<&'static str>) {
        match part {
            Some(part) if self.regions.len() < REGIONS_MAX => {
                self.regions.push(Region { name: name.to_owned(), depth: 1, part });
            }
            _ => {
                if let Some(region) = self.regions.iter_mut().rev().find(|region| region.name == name) {
                    region.depth += 1;
                }
            }
        }
    }

    fn close(&mut self, name: &str) {
        let Some(index) = self.regions.iter().rposition(|region| region.name == name) else { return };
        let is_closed = self.regions.get_mut(index).is_some_and(|region| {
            region.depth -= 1;
            region.depth == 0
        });
        if is_closed {
            self.flush();
            self.regions.truncate(index);
        }
    }

    /// The part that the place belongs to: dropped and hidden ones count before the others, then the innermost.
    fn part(&self) -> Option<&'static str> {
        let parts = || self.regions.iter().rev().map(|region| region.part);
        parts().find(|part| *part == DROP).or_else(|| parts().find(|part| *part == "hidden")).or_else(|| parts().next())
    }

    /// Whether the last start tag hides its element by an attribute; style sheets are not read.
    fn is_hidden(&self) -> bool {
        let value = |name: &str| self.tokens.attribute(name).and_then(|range| self.source.get(range));
        let style = value("style").unwrap_or_default();
        let is_styled_away = !style.is_empty() && {
            let style: String = style.chars().take(256).filter(|c| !c.is_whitespace()).collect();
            let style = style.to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        };
        value("hidden").is_some() || is_styled_away
    }

    fn text(&mut self, range: Range<usize>) {
        if self.is_in_title {
            self.is_in_title = false;
            self.state("title", "title element", range);
        } else if self.part() != Some(DROP) {
            self.words(range);
        }
    }

    /// Appends text; runs of white space become one blank.
    fn words(&mut self, range: Range<usize>) {
        let mut at = range.start;
        let is_kept = self.preformatted > 0;
        while let Some(rest) = self.source.get(at..range.end).filter(|rest| !rest.is_empty() && !self.is_full()) {
            let is_blank = |c: char| c.is_ascii_whitespace() && !is_kept;
            let blanks = rest.len() - rest.trim_start_matches(is_blank).len();
            if blanks > 0 {
                self.blank = self.blank.or(Some(at));
                at += blanks;
                continue;
            }
            let len = rest.find(|c| is_blank(c) || c == '&').unwrap_or(rest.len());
            self.write_blank();
            if len > 0 {
                self.page.taken.push(rest.get(..len).unwrap_or_default(), at);
                at += len;
            } else if let Some((character, len)) = entity::entity(rest) {
                let mut buffer = [0; 4];
                self.page.taken.push_for(character.encode_utf8(&mut buffer), at..at + len);
                at += len;
            } else {
                self.page.taken.push("&", at);
                at += 1;
            }
        }
    }

    /// Writes the white space before a word, unless the word is the first of its line.
    fn write_blank(&mut self) {
        if let Some(at) = self.blank.take()
            && self.is_in_line()
        {
            self.page.taken.push(" ", at);
        }
    }

    fn is_in_line(&self) -> bool {
        let text = self.page.taken.text();
        text.len() > self.start && !text.ends_with('\n')
    }

    /// One line break is part of the paragraph, two end it.
    fn line_break(&mut self, range: Range<usize>) {
        if self.part() == Some(DROP) {
            return;
        }
        self.blank = None;
        if self.is_in_line() {
            self.page.taken.push_for("\n", range);
        } else {
            self.flush();
        }
    }

    /// Ends the paragraph. Paragraphs are separated in the text, so that nothing is read across.
    fn flush(&mut self) {
        self.blank = None;
        let text = self.page.taken.text();
        let whole = text.get(self.start..).unwrap_or_default();
        let content = whole.trim();
        if !content.is_empty() {
            let start = self.start + (whole.len() - whole.trim_start().len());
            let range = start..start + content.len();
            self.page.paragraphs.push(Paragraph { range, part: self.part() });
        }
        if !whole.is_empty() {
            self.page.taken.push_for("\n", 0..0);
        }
        self.start = self.page.taken.text().len();
    }

    /// What a start tag says about the page, or where it leads.
    fn statement(&mut self, name: &str) {
        let value = |name: &str| self.tokens.attribute(name);
        let written = |name: &str| value(name).and_then(|range| self.source.get(range)).unwrap_or_default();
        match name {
            "html" => {
                if let Some(range) = value("lang") {
                    self.state("declared_language", "html lang", range);
                }
            }
            "meta" => self.meta(),
            "link" if written("rel").eq_ignore_ascii_case("canonical") => {
                if let Some(range) = value("href") {
                    self.state("canonical_url", "link canonical", range);
                }
            }
            "time" => {
                if let Some(range) = value("datetime") {
                    self.state("published", "time element", range);
                }
            }
            "a" | "area" => {
                if let Some(range) = value("href")
                    && self.part() != Some(DROP)
                    && is_absolute(self.source.get(range.clone()).unwrap_or_default())
                {
                    self.state("link", "", range);
                }
            }
            _ => {}
        }
    }

    fn meta(&mut self) {
        let attribute = |name: &str| self.tokens.attribute(name).and_then(|range| self.source.get(range));
        let property = attribute("property").or_else(|| attribute("name")).or_else(|| attribute("itemprop"));
        let Some(content) = self.tokens.attribute("content") else { return };
        let property = property.unwrap_or_default().to_ascii_lowercase();
        let kind = match property.as_str() {
            "og:title" | "twitter:title" | "dc.title" => "title",
            "og:site_name" | "dc.publisher" | "publisher" => "publisher",
            "article:published_time"
            | "datepublished"
            | "date"
            | "dc.date"
            | "dc.date.issued"
            | "dcterms.issued"
            | "pubdate"
            | "publishdate" => "published",
            _ => return,
        };
        self.state(kind, &property, content);
    }

    fn state(&mut self, kind: &'static str, from: &str, source: Range<usize>) {
        let (count, max) =
            if kind == "link" { (&mut self.links, LINKS_MAX) } else { (&mut self.statements, STATEMENTS_MAX) };
        *count += 1;
        if *count > max {
            return;
        }
        let written = self.source.get(source.clone()).unwrap_or_default();
        let value = entity::decode(written).split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        if !value.is_empty() {
            let part = self.part().filter(|_| kind == "link");
            self.page.statements.push(Statement { kind, value, source, from: from.to_owned(), part });
        }
    }
}

/// Whether an address names its own scheme among those that lead somewhere.
fn is_absolute(address: &str) -> bool {
    let address = address.trim_ascii_start();
    ["http://", "https://", "ftp://", "mailto:"]
        .iter()
        .any(|scheme| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

#[cfg(test)]
mod tests {
    use super::{BLOCKS, DROPPED, PARTS, VOID, read};

    fn check(source: &str, expected: &[&str]) {
        let page = read(source);
        let found: Vec<String> = page
            .paragraphs
            .iter()
            .map(|paragraph| {
                let text = &page.taken.text()[paragraph.range.clone()];
                paragraph.part.map_or(text.to_owned(), |part| format!("{part}: {text}"))
            })
            .collect();
        assert_eq!(found, expected, "{source}");
    }

    #[test]
    fn paragraphs_are_what_a_reader_sees() {
        check("<p>One\n  two <b>three</b>.<p>Four<br>five<br><br>six</p>", &["One two three.", "Four\nfive", "six"]);
        check("a<script>b</script>c<style>d</style>", &["a", "c"]);
        check("<div>a<div>b</div>c</div>", &["a", "b", "c"]);
        check("x <i>y</i>z&amp;&nbsp;&lt;q&gt;", &["x yz&\u{a0}<q>"]);
        check("<pre>a\n  b</pre>c", &["a\n  b", "c"]);
        check("<td>a<td>b", &["a", "b"]);
        check("<template><p>a</template>b<noscript>c</noscript>", &["b"]);
    }

    #[test]
    fn parts_around_the_text_are_marked() {
        check("<nav>a</nav>b<footer><p>c</p></footer>d", &["nav: a", "b", "footer: c", "d"]);
        check("<header>a<header>b</header>c</header>d", &["header: a", "header: b", "header: c", "d"]);
        check(
            "<div hidden>a<div>b</div>c</div>d<p style='display: NONE'>e</p>",
            &["hidden: a", "hidden: b", "hidden: c", "d", "hidden: e"],
        );
        check("<nav>a<p>b", &["nav: a", "nav: b"]);
        check("</nav>a</nav>", &["a"]);
    }

    #[test]
    fn the_tables_are_sorted() {
        for table in [&BLOCKS[..], &DROPPED, &PARTS, &VOID] {
            assert!(table.is_sorted_by(|one, next| one < next), "{table:?}");
        }
    }
}

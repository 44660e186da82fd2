//! The little of SVG that the figures need, with the same bytes on every machine.
//!
//! Widths are percentages and heights are pixels, so that a figure fills its column while its text keeps its size.
//! Nothing carries a `style` attribute: the page's policy forbids it, and classes do the work.

use maud::{Markup, html};
use onus_core::plain;

use crate::foreign::cut;

/// Percent of the width that is left free at either side, so that no mark is cut off.
const MARGIN: f64 = 1.5;

/// Columns of a label where the figure is narrow.
const NARROW: usize = 27;

/// A horizontal scale from values to percentages of the width.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Scale {
    /// Returns the place of a value in percent of the width; values outside lie on the edge.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let share = (value - self.min) / (self.max - self.min);
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 };
        MARGIN + share * (100.0 - 2.0 * MARGIN)
    }

    /// Returns the place of a value as an attribute.
    pub(crate) fn x(&self, value: f64) -> String {
        percent(self.at(value))
    }

    /// Returns the left edge and the width between two values as attributes.
    pub(crate) fn span(&self, one: f64, other: f64) -> (String, String) {
        let (left, right) = (self.at(one.min(other)), self.at(one.max(other)));
        (percent(left), percent(right - left))
    }
}

/// Returns a percentage with three decimals.
pub(crate) fn percent(value: f64) -> String {
    format!("{value:.3}%")
}

/// The frame of one figure's drawing.
pub(crate) struct Drawing<'a> {
    /// Prefix of its identifiers.
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) height: usize,
    /// Whether parts of it are links; a plain picture is read as one thing.
    pub(crate) has_links: bool,
}

impl Drawing<'_> {
    /// Returns the drawing around its content.
    pub(crate) fn of(&self, content: &Markup) -> Markup {
        let (title, description) = (format!("{}-title", self.id), format!("{}-desc", self.id));
        html! {
            svg class="chart" width="100%" height=(self.height) role=(if self.has_links { "group" } else { "img" })
                aria-labelledby=(title) aria-describedby=(description) {
                title id=(title) { (self.title) }
                desc id=(description) { (self.description) }
                (content)
            }
        }
    }
}

/// Where a text stands against its place.
#[derive(Clone, Copy)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// Returns a short text, whoever wrote it.
pub(crate) fn text(x: &str, y: usize, anchor: Anchor, class: &str, content: &str) -> Markup {
    html! { text class=(class) x=(x) y=(y) text-anchor=(anchor.name()) { (plain(content)) } }
}

/// Returns a text of others that is cut to the room there is, shorter where the page is narrow.
pub(crate) fn label(x: &str, y: usize, class: &str, content: &str, wide: usize) -> Markup {
    let (long, short) = (cut(content, wide), cut(content, NARROW.min(wide)));
    html! {
        @if long == short {
            (text(x, y, Anchor::Start, class, &long))
        } @else {
            (text(x, y, Anchor::Start, &format!("{class} wide"), &long))
            (text(x, y, Anchor::Start, &format!("{class} narrow"), &short))
        }
    }
}

/// Returns a line between two points.
pub(crate) fn line(class: &str, from: (&str, usize), to: (&str, usize)) -> Markup {
    html! { line class=(class) x1=(from.0) y1=(from.1) x2=(to.0) y2=(to.1) {} }
}

/// Returns a bar between two values; one of no width is drawn as a hair.
pub(crate) fn bar(class: &str, scale: &Scale, ends: (f64, f64), y: usize, height: usize) -> Markup {
    let (x, width) = scale.span(ends.0, ends.1);
    html! {
        rect class=(class) x=(x) y=(y) width=(width) height=(height) {}
        @if class.contains("subjective") { rect class="hatched" fill="url(#hatch)" x=(x) y=(y) width=(width) height=(height) {} }
    }
}

/// The shapes of marks, so that colour is never the only difference.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Circle,
    Square,
    Triangle,
    Diamond,
    Cross,
    Star,
}

impl Shape {
    /// Every shape, in the order in which series take them.
    pub(crate) const ALL: [Self; 6] =
        [Self::Circle, Self::Square, Self::Triangle, Self::Diamond, Self::Star, Self::Cross];

    /// The outline around the origin, about ten pixels across.
    fn path(self) -> &'static str {
        match self {
            Self::Circle => "M5,0A5,5 0 1 1 -5,0A5,5 0 1 1 5,0Z",
            Self::Square => "M-4.5,-4.5H4.5V4.5H-4.5Z",
            Self::Triangle => "M0,-5.5L5.5,4.5H-5.5Z",
            Self::Diamond => "M0,-6L6,0L0,6L-6,0Z",
            Self::Cross => "M-4.5,-4.5L4.5,4.5M4.5,-4.5L-4.5,4.5",
            Self::Star => "M-1.7,-5.5H1.7V-1.7H5.5V1.7H1.7V5.5H-1.7V1.7H-5.5V-1.7H-1.7Z",
        }
    }
}

/// Returns a mark centred on a place.
pub(crate) fn mark(shape: Shape, class: &str, x: &str, y: usize) -> Markup {
    html! {
        svg class="mark" x=(x) y=(y) width="1" height="1" overflow="visible" { path class=(class) d=(shape.path()) {} }
    }
}

/// Returns a mark of which the left half is filled.
pub(crate) fn half_mark(x: &str, y: usize) -> Markup {
    html! {
        svg class="mark" x=(x) y=(y) width="1" height="1" overflow="visible" {
            path class="empty" d=(Shape::Circle.path()) {}
            path class="filled" d="M0,-5A5,5 0 0 0 0,5Z" {}
        }
    }
}

/// Returns a small drawing for a legend.
pub(crate) fn swatch(content: &Markup) -> Markup {
    html! { svg class="swatch" width="34" height="14" aria-hidden="true" focusable="false" { (content) } }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn what_lies_outside_is_drawn_on_the_edge() {
        let scale = Scale { min: -10.0, max: 10.0 };
        for (value, expected) in
            [(-10.0, "1.500%"), (0.0, "50.000%"), (10.0, "98.500%"), (f64::INFINITY, "50.000%"), (1e9, "98.500%")]
        {
            assert_eq!(scale.x(value), expected);
        }
        assert_eq!(Scale { min: 1.0, max: 1.0 }.x(1.0), "50.000%");
    }
}

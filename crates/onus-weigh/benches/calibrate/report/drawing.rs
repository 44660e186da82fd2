//! A small plot as SVG: axes, lines or dots, a key. Nothing in it depends on the machine.

/// Width and height of the drawing, and the margins of the plot in it.
const SIZE: (f64, f64) = (720.0, 420.0);
const LEFT: f64 = 64.0;
const RIGHT: f64 = 290.0;
const TOP: f64 = 36.0;
const BOTTOM: f64 = 52.0;

/// Strokes that differ in dash as well as in colour, so that they can be told apart in print.
const STROKES: [(&str, &str); 6] = [
    ("#1b4f8a", "none"),
    ("#b4441a", "6 3"),
    ("#2f7d4f", "2 3"),
    ("#7a3e8e", "9 3 2 3"),
    ("#555555", "1 4"),
    ("#8a6d1b", "12 4"),
];

/// One line of a plot.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
    /// Dots as well, with what is written beside them.
    pub(super) dots: Vec<String>,
}

/// A plot.
pub(super) struct Plot {
    pub(super) title: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) lines: Vec<Line>,
    /// Whether the diagonal is drawn.
    pub(super) diagonal: bool,
}

/// An axis: its name, its ends, and the distance of its marks.
pub(super) struct Axis {
    pub(super) name: &'static str,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) step: f64,
}

impl Plot {
    /// Returns the drawing.
    pub(super) fn svg(&self) -> String {
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" \
             font-size=\"12\">\n<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
            SIZE.0,
            SIZE.1,
            escaped(&self.title)
        );
        svg += &format!("<text x=\"{LEFT}\" y=\"20\" font-size=\"14\">{}</text>\n", escaped(&self.title));
        svg += &self.axes();
        if self.diagonal {
            svg += &self.path(&[(self.x.low, self.y.low), (self.x.high, self.y.high)], "#aaaaaa", "3 3");
        }
        // Labels are drawn last, above all lines.
        let mut labels = String::new();
        for (index, line) in self.lines.iter().enumerate() {
            let (colour, dash) = STROKES[index % STROKES.len()];
            svg += &self.path(&line.points, colour, dash);
            for ((x, y), label) in line.points.iter().zip(&line.dots) {
                let (x, y) = (self.at_x(*x), self.at_y(*y));
                svg += &format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>\n");
                // Labels of neighbouring lines go to different sides, on a white edge so that no line strikes them out.
                let (x, y, anchor) =
                    if index % 2 == 0 { (x + 4.0, y - 5.0, "start") } else { (x - 4.0, y + 13.0, "end") };
                labels += &format!(
                    "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" font-size=\"10\" fill=\"{colour}\" \
                     stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\">{}</text>\n",
                    escaped(label)
                );
            }
            let (x, y) = (SIZE.0 - RIGHT + 16.0, TOP + 12.0 + 18.0 * index as f64);
            svg += &format!(
                "<path d=\"M{x:.1} {y:.1}h28\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>\n\
                 <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"11\">{}</text>\n",
                x + 34.0,
                y + 4.0,
                escaped(&line.name)
            );
        }
        svg + &labels + "</svg>\n"
    }

    fn axes(&self) -> String {
        let (bottom, right) = (SIZE.1 - BOTTOM, SIZE.0 - RIGHT);
        let mut svg = format!(
            "<path d=\"M{LEFT} {TOP}V{bottom}H{right}\" fill=\"none\" stroke=\"#000000\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\n\
             <text transform=\"translate(16 {:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
            f64::midpoint(LEFT, right),
            SIZE.1 - 14.0,
            escaped(self.x.name),
            f64::midpoint(TOP, bottom),
            escaped(self.y.name)
        );
        for value in self.x.marks() {
            let x = self.at_x(value);
            svg += &format!(
                "<path d=\"M{x:.1} {bottom}v5\" stroke=\"#000000\"/><text x=\"{x:.1}\" y=\"{:.1}\" \
                 text-anchor=\"middle\">{}</text>\n",
                bottom + 18.0,
                mark(value)
            );
        }
        for value in self.y.marks() {
            let y = self.at_y(value);
            svg += &format!(
                "<path d=\"M{:.1} {y:.1}h5M{LEFT} {y:.1}H{right}\" stroke=\"#dddddd\"/><text x=\"{:.1}\" y=\"{:.1}\" \
                 text-anchor=\"end\">{}</text>\n",
                LEFT - 5.0,
                LEFT - 8.0,
                y + 4.0,
                mark(value)
            );
        }
        svg
    }

    /// A line through points, each held inside the plot.
    fn path(&self, points: &[(f64, f64)], colour: &str, dash: &str) -> String {
        let place = |(x, y): &(f64, f64)| format!("{:.1} {:.1}", self.at_x(*x), self.at_y(*y));
        let places: Vec<String> = points.iter().map(place).collect();
        format!(
            "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\" stroke-dasharray=\"{dash}\"/>\n",
            places.join("L")
        )
    }

    fn at_x(&self, value: f64) -> f64 {
        LEFT + self.x.share(value) * (SIZE.0 - RIGHT - LEFT)
    }

    fn at_y(&self, value: f64) -> f64 {
        SIZE.1 - BOTTOM - self.y.share(value) * (SIZE.1 - BOTTOM - TOP)
    }
}

impl Axis {
    fn share(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    fn marks(&self) -> impl Iterator<Item = f64> + '_ {
        let count = ((self.high - self.low) / self.step).round() as u32;
        (0..=count).map(|number| self.low + f64::from(number) * self.step)
    }
}

/// A mark without zeros that say nothing.
fn mark(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

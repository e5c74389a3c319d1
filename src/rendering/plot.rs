//! Plots as SVG inside the page: axes with round figures, points, lines and
//! bars. Drawn small, so that its letters can be read on a phone; colours come
//! from the page's style, and nothing is told by colour alone.

use super::Html;

/// The drawing's own units, about pixels of a phone.
pub(crate) const WIDTH: f64 = 360.0;
pub(crate) const HEIGHT: f64 = 236.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 42.0;

/// A scale from nought to `most`, with marks and their words.
pub(crate) struct Axis {
    pub most: f64,
    pub ticks: Vec<(f64, String)>,
    pub title: String,
}

impl Axis {
    /// A scale of round figures that holds `largest`.
    pub fn round(largest: f64, title: impl Into<String>, show: impl Fn(f64) -> String) -> Axis {
        let step = round_step(largest / 4.0);
        let count = (largest / step - 1e-9).ceil().max(1.0) as usize;
        let ticks = (0..=count).map(|index| (index as f64 * step, show(index as f64 * step))).collect();
        Axis { most: count as f64 * step, ticks, title: title.into() }
    }

    /// Shares from none to all.
    pub fn share(title: impl Into<String>) -> Axis {
        let ticks = [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| (share, format!("{:.0} %", share * 100.0)));
        Axis { most: 1.0, ticks: ticks.to_vec(), title: title.into() }
    }
}

/// One, two or five times a power of ten, at least `least`.
fn round_step(least: f64) -> f64 {
    if least <= 0.0 || !least.is_finite() {
        return 1.0;
    }
    let power = 10f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * power >= least * (1.0 - 1e-9));
    factor.unwrap_or(10.0) * power
}

/// A plot being drawn.
pub(crate) struct Plot<'a> {
    page: &'a mut Html,
    x: Axis,
    y: Axis,
}

impl<'a> Plot<'a> {
    /// Opens the drawing and draws its axes; `told` says in a sentence what it shows.
    pub fn begin(page: &'a mut Html, x: Axis, y: Axis, told: &str) -> Plot<'a> {
        open(page, HEIGHT, told);
        let mut plot = Plot { page, x, y };
        plot.axes();
        plot
    }

    fn axes(&mut self) {
        let (x_ticks, y_ticks) = (std::mem::take(&mut self.x.ticks), std::mem::take(&mut self.y.ticks));
        for (value, label) in &y_ticks {
            let y = self.y(*value);
            self.straight("grid", (LEFT, y), (WIDTH - RIGHT, y));
            text(self.page, (LEFT - 6.0, y + 4.0), "end", "tick", label);
        }
        for (value, label) in &x_ticks {
            let x = self.x(*value);
            self.straight("axis", (x, HEIGHT - BOTTOM), (x, HEIGHT - BOTTOM + 4.0));
            let anchor = if x > WIDTH - RIGHT - 8.0 { "end" } else { "middle" };
            text(self.page, (if anchor == "end" { x + 6.0 } else { x }, HEIGHT - BOTTOM + 16.0), anchor, "tick", label);
        }
        self.straight("axis", (LEFT, HEIGHT - BOTTOM), (WIDTH - RIGHT, HEIGHT - BOTTOM));
        let titles = (self.x.title.clone(), self.y.title.clone());
        text(self.page, (WIDTH - RIGHT, HEIGHT - 8.0), "end", "title", &format!("{} →", titles.0));
        text(self.page, (2.0, 9.0), "start", "title", &format!("↑ {}", titles.1));
    }

    fn x(&self, value: f64) -> f64 {
        LEFT + (value / self.x.most).clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        let room = HEIGHT - TOP - BOTTOM;
        TOP + room - (value / self.y.most).clamp(0.0, 1.0) * room
    }

    fn straight(&mut self, class: &'static str, from: (f64, f64), to: (f64, f64)) {
        self.page.mark("<line class=\"").mark(class).mark("\" x1=\"").coordinate(from.0).mark("\" y1=\"");
        self.page.coordinate(from.1).mark("\" x2=\"").coordinate(to.0).mark("\" y2=\"").coordinate(to.1);
        self.page.mark("\"/>");
    }

    /// A straight line between two points of the plot.
    pub fn line(&mut self, class: &'static str, from: (f64, f64), to: (f64, f64)) {
        let (from, to) = ((self.x(from.0), self.y(from.1)), (self.x(to.0), self.y(to.1)));
        self.straight(class, from, to);
    }

    /// A line through points in order.
    pub fn path(&mut self, class: &'static str, points: &[(f64, f64)]) {
        self.page.mark("<polyline class=\"").mark(class).mark("\" points=\"");
        for (x, y) in points {
            let (x, y) = (self.x(*x), self.y(*y));
            self.page.coordinate(x).mark(",").coordinate(y).mark(" ");
        }
        self.page.mark("\"/>");
    }

    /// A point: a round one, or a cross where something is wrong. `told` is shown when a pointer rests on it.
    pub fn point(&mut self, at: (f64, f64), is_right: bool, told: &str) {
        let (x, y) = (self.x(at.0), self.y(at.1));
        self.page.mark("<g class=\"point\"><title>").text(told).mark("</title>");
        if is_right {
            self.page.mark("<circle class=\"right\" cx=\"").coordinate(x).mark("\" cy=\"").coordinate(y);
            self.page.mark("\" r=\"4\"/>");
        } else {
            self.straight("wrong", (x - 4.0, y - 4.0), (x + 4.0, y + 4.0));
            self.straight("wrong", (x - 4.0, y + 4.0), (x + 4.0, y - 4.0));
        }
        self.page.mark("</g>");
    }

    /// A name beside a point.
    pub fn name(&mut self, at: (f64, f64), name: &str) {
        let (x, y) = (self.x(at.0), self.y(at.1));
        let is_far = x > WIDTH - RIGHT - 24.0;
        let (x, anchor) = if is_far { (x - 8.0, "end") } else { (x + 8.0, "start") };
        text(self.page, (x, y + 14.0), anchor, "name", name);
    }

    /// A bar that stands between two places of the lower axis, with its count above it.
    pub fn bar(&mut self, (from, to): (f64, f64), height: f64, label: &str) {
        let (left, right, top) = (self.x(from) + 1.0, self.x(to) - 1.0, self.y(height));
        rectangle(self.page, "bar", (left, top), (right - left, HEIGHT - BOTTOM - top));
        text(self.page, ((left + right) / 2.0, top - 3.0), "middle", "tick", label);
    }

    /// A mark across the whole height, named at its top.
    pub fn across(&mut self, at: f64, name: &str, lower: bool) {
        let x = self.x(at);
        self.straight("across", (x, TOP), (x, HEIGHT - BOTTOM));
        let is_far = x > WIDTH * 0.7;
        let (x, anchor) = if is_far { (x - 4.0, "end") } else { (x + 4.0, "start") };
        text(self.page, (x, TOP + if lower { 22.0 } else { 8.0 }), anchor, "name", name);
    }

    pub fn end(self) {
        self.page.mark("</svg>\n");
    }
}

/// Opens a drawing of the usual width.
pub(crate) fn open(page: &mut Html, height: f64, told: &str) {
    page.mark("<svg class=\"plot\" viewBox=\"0 0 ").coordinate(WIDTH).mark(" ").coordinate(height);
    page.mark("\" role=\"img\"").attribute("aria-label", told).mark(">");
}

pub(crate) fn rectangle(page: &mut Html, class: &'static str, at: (f64, f64), size: (f64, f64)) {
    page.mark("<rect class=\"").mark(class).mark("\" x=\"").coordinate(at.0).mark("\" y=\"").coordinate(at.1);
    page.mark("\" width=\"").coordinate(size.0.max(0.0)).mark("\" height=\"").coordinate(size.1.max(0.0));
    page.mark("\"/>");
}

pub(crate) fn text(page: &mut Html, at: (f64, f64), anchor: &'static str, class: &'static str, text: &str) {
    page.mark("<text class=\"").mark(class).mark("\" text-anchor=\"").mark(anchor).mark("\" x=\"").coordinate(at.0);
    page.mark("\" y=\"").coordinate(at.1).mark("\">").text(text).mark("</text>");
}

/// A share from none to all as a bar with its interval; what it says stands in words beside it.
pub(crate) fn gauge(page: &mut Html, class: &'static str, value: f64, interval: Option<(f64, f64)>) {
    page.mark("<svg class=\"gauge\" viewBox=\"0 0 100 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    rectangle(page, "track", (0.0, 0.0), (100.0, 12.0));
    rectangle(page, class, (0.0, 1.0), (value.clamp(0.0, 1.0) * 100.0, 10.0));
    if let Some((low, high)) = interval {
        let (low, high) = (low.clamp(0.0, 1.0) * 100.0, high.clamp(0.0, 1.0) * 100.0);
        rectangle(page, "interval", (low, 5.2), (high - low, 1.6));
        rectangle(page, "interval", ((low - 0.3).max(0.0), 2.0), (0.6, 8.0));
        rectangle(page, "interval", ((high - 0.3).min(99.4), 2.0), (0.6, 8.0));
    }
    page.mark("</svg>");
}

/// The hatching that marks what is wrong, once for the whole page.
pub(crate) fn patterns(page: &mut Html) {
    page.mark("<svg class=\"patterns\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>");
    page.mark("<pattern id=\"hatch\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" ");
    page.mark("patternTransform=\"rotate(45)\"><rect class=\"hatch-ground\" width=\"8\" height=\"8\"/>");
    page.mark("<rect class=\"hatch-line\" width=\"2\" height=\"8\"/></pattern></defs></svg>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_have_round_figures() {
        let check = |largest: f64, expected: &str| {
            let axis = Axis::round(largest, "", |value| format!("{value:.2}"));
            let ticks: Vec<&str> = axis.ticks.iter().map(|(_, label)| label.as_str()).collect();
            assert_eq!(ticks.join(" "), expected, "{largest}");
            assert!(axis.most >= largest);
        };
        check(10.0, "0.00 5.00 10.00");
        check(7.0, "0.00 2.00 4.00 6.00 8.00");
        check(0.03, "0.00 0.01 0.02 0.03");
        check(2.0, "0.00 0.50 1.00 1.50 2.00");
        check(0.0, "0.00 1.00");
    }

    #[test]
    fn nothing_is_drawn_outside() {
        let mut page = Html::default();
        let mut plot = Plot::begin(&mut page, Axis::share("x"), Axis::share("y"), "told");
        plot.point((7.0, -3.0), true, "<far>");
        plot.path("curve", &[(f64::NAN, 0.5)]);
        plot.end();
        let text = page.finish();
        assert!(text.contains("cx=\"346\" cy=\"194\""), "{text}");
        assert!(text.contains("&lt;far&gt;") && !text.contains("NaN"), "{text}");
    }
}

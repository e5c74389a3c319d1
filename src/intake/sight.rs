//! What people see of a page. Mails can hold words that are shown to nobody
//! but read by machines: elements that are not displayed, letters without size
//! or in the colour of what is behind them, boxes outside the screen. One pass
//! over the tags; style sheets count as far as their selectors are plain.

use rustc_hash::FxHashMap;

use super::markup::push_decoded;

/// Elements that never have a content.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Elements that close an open one of their own name.
const CLOSES_ITSELF: [&str; 8] = ["li", "td", "th", "tr", "dt", "dd", "option", "p"];

/// A closing tag looks for its element among this many open ones.
const MOST_OPEN: usize = 64;
/// Rules of style sheets that are kept.
const MOST_RULES: usize = 2_000;
/// Letters up to this size in pixels are read by nobody.
const TINY: f32 = 2.0;
/// What lies this many pixels away is outside every screen.
const FAR: f32 = -500.0;
/// Two colours whose parts differ by no more are one colour to the eye.
const SAME_COLOUR: u8 = 16;

type Colour = [u8; 3];

/// What a style says that bears on whether words are seen.
#[derive(Debug, Clone, Copy, Default)]
struct Style {
    /// Nothing inside is shown, whatever it says itself.
    gone: bool,
    visible: Option<bool>,
    tiny: Option<bool>,
    /// `Err` for a colour that cannot be told.
    letters: Option<Result<Colour, ()>>,
    behind: Option<Result<Colour, ()>>,
    flat: bool,
    narrow: bool,
    cut: bool,
}

/// What holds for the words inside an element.
#[derive(Debug, Clone, Copy)]
struct Shown {
    gone: bool,
    visible: bool,
    tiny: bool,
    letters: Option<Colour>,
    behind: Option<Colour>,
}

/// Follows the open elements of a page.
#[derive(Debug, Default)]
pub(super) struct Sight {
    open: Vec<(String, Shown)>,
    rules: FxHashMap<String, Style>,
    /// A style sheet paints backgrounds in ways that are not followed.
    paints: bool,
}

impl Sight {
    /// Whether words at this place are seen.
    pub(super) fn sees(&self) -> bool {
        let now = self.now();
        let same = now.letters.zip(now.behind).is_some_and(|(letters, behind)| is_same(letters, behind));
        !now.gone && now.visible && !now.tiny && !same
    }

    fn now(&self) -> Shown {
        let behind = if self.paints { None } else { Some([255; 3]) };
        let page = Shown { gone: false, visible: true, tiny: false, letters: Some([0; 3]), behind };
        self.open.last().map_or(page, |(_, shown)| *shown)
    }

    /// Takes a tag, without its brackets.
    pub(super) fn take_tag(&mut self, name: &str, tag: &str, is_block: bool) {
        if VOID.contains(&name) || tag.starts_with(['!', '?']) {
            return;
        }
        if tag.starts_with('/') {
            let deepest = self.open.len().saturating_sub(MOST_OPEN);
            let found = self.open.iter().skip(deepest).rposition(|(open, _)| open == name);
            if let Some(at) = found {
                self.open.truncate(deepest + at);
            }
            return;
        }
        let closes = |open: &str| open == name && CLOSES_ITSELF.contains(&name) || open == "p" && is_block;
        if self.open.last().is_some_and(|(open, _)| closes(open)) {
            self.open.pop();
        }
        if !tag.ends_with('/') || name != "br" {
            let style = self.style(name, tag);
            let shown = within(self.now(), name, &style);
            self.open.push((name.to_owned(), shown));
        }
    }

    fn style(&self, name: &str, tag: &str) -> Style {
        let mut style = self.rules.get(name).copied().unwrap_or_default();
        style.gone |= name == "noscript";
        let mut inline = None;
        for (attribute, value) in Attributes(tag.get(name.len()..).unwrap_or_default()) {
            match attribute.to_ascii_lowercase().as_str() {
                "hidden" => style.gone = true,
                "class" => {
                    let ruled = value.split_ascii_whitespace().filter_map(|class| self.rules.get(&format!(".{class}")));
                    style = ruled.fold(style, |style, rule| over(style, *rule));
                }
                "id" => style = self.rules.get(&format!("#{value}")).map_or(style, |rule| over(style, *rule)),
                "style" => inline = Some(value),
                "bgcolor" => style.behind = Some(colour(value).ok_or(())),
                "background" => style.behind = Some(Err(())),
                "color" if name == "font" => style.letters = Some(colour(value).ok_or(())),
                "text" if name == "body" => style.letters = Some(colour(value).ok_or(())),
                "width" => style.narrow |= pixels(value).is_some_and(|size| size <= 1.0),
                "height" => style.flat |= pixels(value).is_some_and(|size| size <= 1.0),
                _ => {}
            }
        }
        let inline = inline.map(|text| {
            let mut decoded = String::with_capacity(text.len());
            push_decoded(&mut decoded, text);
            read_style(&decoded)
        });
        inline.map_or(style, |inline| over(style, inline))
    }

    /// Takes the text of a style sheet in: rules for a name, a class or an id, outside of conditions such as `@media`.
    pub(super) fn take_sheet(&mut self, sheet: &str) {
        let mut rest = sheet;
        while let Some(open) = rest.find('{') {
            let selectors = rest.get(..open).unwrap_or_default();
            let selectors = selectors.rsplit([';', '}']).next().unwrap_or_default();
            let inner = rest.get(open + 1..).unwrap_or_default();
            let is_conditional = selectors.trim_start().starts_with('@');
            let end = if is_conditional { end_of_block(inner) } else { inner.find('}').unwrap_or(inner.len()) };
            let body = inner.get(..end).unwrap_or_default();
            rest = inner.get(end..).unwrap_or_default().trim_start_matches('}');
            if is_conditional {
                continue;
            }
            let style = read_style(body);
            for selector in selectors.split(',').map(str::trim) {
                match plain_selector(selector) {
                    Some(key) if self.rules.len() < MOST_RULES => {
                        let before = self.rules.get(&key).copied().unwrap_or_default();
                        self.rules.insert(key, over(before, style));
                    }
                    _ => self.paints |= style.behind.is_some(),
                }
            }
        }
    }
}

/// `p`, `.name`, `#name`; `p.name` counts as `.name`.
fn plain_selector(selector: &str) -> Option<String> {
    let at = selector.find(['.', '#']).unwrap_or(0);
    let own = selector.get(at..)?;
    let name = own.trim_start_matches(['.', '#']);
    let is_name = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let plain = !name.is_empty() && is_name(name) && is_name(selector.get(..at)?);
    plain.then(|| if own.starts_with(['.', '#']) { own.to_owned() } else { own.to_ascii_lowercase() })
}

/// Where the block ends whose opening brace was passed.
fn end_of_block(text: &str) -> usize {
    let mut depth = 1usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The later style where it says something.
fn over(before: Style, later: Style) -> Style {
    Style {
        gone: before.gone || later.gone,
        visible: later.visible.or(before.visible),
        tiny: later.tiny.or(before.tiny),
        letters: later.letters.or(before.letters),
        behind: later.behind.or(before.behind),
        flat: before.flat || later.flat,
        narrow: before.narrow || later.narrow,
        cut: before.cut || later.cut,
    }
}

fn within(outer: Shown, name: &str, style: &Style) -> Shown {
    let boxed = style.flat && style.narrow || style.cut && (style.flat || style.narrow);
    let told = |own: Option<Result<Colour, ()>>, outer: Option<Colour>| own.map_or(outer, Result::ok);
    // Links have a colour of their own.
    let letters = if name == "a" && style.letters.is_none() { None } else { outer.letters };
    Shown {
        gone: outer.gone || style.gone || boxed,
        visible: style.visible.unwrap_or(outer.visible),
        tiny: style.tiny.unwrap_or(outer.tiny),
        letters: told(style.letters, letters),
        behind: told(style.behind, outer.behind),
    }
}

fn is_same(left: Colour, right: Colour) -> bool {
    left.iter().zip(right).all(|(left, right)| left.abs_diff(right) <= SAME_COLOUR)
}

/// `display: none; color: #fff`.
fn read_style(text: &str) -> Style {
    let mut style = Style::default();
    for declaration in text.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let value = value.trim().to_ascii_lowercase();
        let value = value.trim_end_matches("!important").trim_end();
        let length = || pixels(value);
        match name.trim().to_ascii_lowercase().as_str() {
            "display" => style.gone |= value == "none",
            "mso-hide" => style.gone |= value == "all",
            "visibility" => style.visible = Some(!matches!(value, "hidden" | "collapse")),
            "opacity" => style.gone |= value.trim_end_matches('%').parse::<f32>().is_ok_and(|part| part <= 0.05),
            "font-size" => style.tiny = length().map(|size| size <= TINY).or(style.tiny),
            "text-indent" | "left" | "top" | "right" | "bottom" | "margin-left" | "margin-top" | "margin" => {
                style.gone |= length().is_some_and(|away| away <= FAR)
            }
            "clip" => style.gone |= value.starts_with("rect(0") || value.starts_with("rect(1px"),
            "clip-path" => style.gone |= value.starts_with("inset(100%") || value.starts_with("inset(50%"),
            "transform" => style.gone |= value.contains("scale(0)"),
            // A cell of no greatest width is cut by its column alone.
            "width" => style.narrow |= length().is_some_and(|size| size <= 1.0),
            "height" | "max-height" => style.flat |= length().is_some_and(|size| size <= 1.0),
            "overflow" => style.cut |= value == "hidden",
            "color" if value == "transparent" => style.gone = true,
            "color" => style.letters = Some(colour(value).ok_or(())),
            "background" | "background-color" => {
                let found = value.split_ascii_whitespace().find_map(colour).filter(|_| !value.contains("gradient"));
                let nothing = matches!(value, "none" | "transparent" | "initial" | "unset");
                style.behind = if nothing { style.behind } else { Some(found.ok_or(())) };
            }
            _ => {}
        }
    }
    style
}

/// A length in about pixels; what depends on other lengths is taken as for usual letters.
fn pixels(text: &str) -> Option<f32> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).unwrap_or(text.len());
    let number: f32 = text.get(..end)?.parse().ok()?;
    let unit = text.get(end..)?.split_ascii_whitespace().next().unwrap_or_default();
    let factor = match unit.trim_end_matches(',') {
        "" | "px" => 1.0,
        "pt" => 1.33,
        "em" | "rem" | "ex" | "ch" => 14.0,
        "%" => 0.14,
        "vw" | "vh" => 10.0,
        "in" => 96.0,
        "cm" => 38.0,
        "mm" => 3.8,
        _ => return None,
    };
    Some(number * factor)
}

fn colour(text: &str) -> Option<Colour> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.strip_prefix('#').unwrap_or(&text);
    if digits.chars().all(|c| c.is_ascii_hexdigit()) && matches!(digits.len(), 3 | 4 | 6 | 8) {
        let digit = |at: usize| digits.get(at..=at).and_then(|digit| u8::from_str_radix(digit, 16).ok());
        let pair = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        return match digits.len() {
            3 | 4 => Some([digit(0)? * 17, digit(1)? * 17, digit(2)? * 17]),
            _ => Some([pair(0)?, pair(2)?, pair(4)?]),
        };
    }
    if let Some(parts) = text.strip_prefix("rgb").and_then(|rest| rest.split_once('(')) {
        let mut parts = parts.1.split([',', ' ', ')', '/']).filter(|part| !part.is_empty());
        let mut next = || parts.next()?.trim().parse::<f32>().ok().map(|part| part.clamp(0.0, 255.0) as u8);
        return Some([next()?, next()?, next()?]);
    }
    Some(match text.as_str() {
        "white" | "snow" | "ivory" | "floralwhite" | "ghostwhite" | "mintcream" | "azure" => [255; 3],
        "whitesmoke" => [245; 3],
        "black" => [0; 3],
        "red" => [255, 0, 0],
        "green" => [0, 128, 0],
        "blue" => [0, 0, 255],
        "navy" => [0, 0, 128],
        "yellow" => [255, 255, 0],
        "gray" | "grey" => [128; 3],
        "silver" => [192; 3],
        "lightgray" | "lightgrey" => [211; 3],
        _ => return None,
    })
}

/// Names and values of a tag's attributes.
struct Attributes<'t>(&'t str);

impl<'t> Iterator for Attributes<'t> {
    type Item = (&'t str, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.0.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if text.is_empty() {
            return None;
        }
        let end = text.find(|c: char| c == '=' || c.is_ascii_whitespace()).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let Some(value) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
            self.0 = rest;
            return Some((name, ""));
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest) = match quote {
            Some(quote) => {
                value.get(1..).unwrap_or_default().split_once(quote).unwrap_or((value.get(1..).unwrap_or_default(), ""))
            }
            None => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        self.0 = rest;
        Some((name, value))
    }
}

//! Documents made from a seed: what people write around values, the values, and
//! what only looks like them, each with its place.

use std::ops::Range;

use baton::route::Withheld;
use fastrand::Rng;

use crate::values::{decoy, filled, one, value};

/// How many are made.
pub const COUNT: u64 = 1_000;

/// One document.
#[derive(Default)]
pub struct Document {
    pub text: String,
    pub planted: Vec<(Withheld, Range<usize>)>,
    /// What must be left, with what it is.
    pub decoys: Vec<(&'static str, Range<usize>)>,
}

/// What stands around a value, `{}`.
pub const AROUND: [&str; 14] = [
    "Please use {} from now on.",
    "{}",
    "I wrote it down ({}).",
    "New: {}",
    "It is {}, as far as I know.",
    "- {}",
    "\"{}\"",
    "Dana Whitfield | {} | Northwind",
    "> {} is what they sent",
    "We have {} and nothing else",
    "**{}**",
    "Old or new? {}!",
    "Das ist {}, bitte prüfen.",
    "Voici {} ; merci.",
];
/// What announces a telephone number of any shape.
const ANNOUNCED: [(&str, &str); 8] = [
    ("Call me at {}.", "@0@@@@01##"),
    ("Tel.: {}", "@##-01##"),
    ("Mobile: {}", "491@#########"),
    ("M: {}", "0@########"),
    ("Phone #: {}", "@0@@@@01##"),
    ("Rufnummer {}", "30@######"),
    ("my number is on the fax {}", "33@########"),
    ("https://wa.me/{}", "4917@########"),
];

impl Document {
    /// The document of a number: the same at every run.
    pub fn made(number: u64) -> Document {
        let mut rng = Rng::with_seed(0x6261_746f_6e00 + number);
        let mut document = Document::default();
        document.line("Hello,", None);
        for _ in 0..rng.usize(4..9) {
            match rng.u8(..5) {
                0 | 1 => document.plant_decoy(&mut rng),
                2 => {
                    let words = one(
                        &mut rng,
                        &["We spoke about the plan.", "Thanks for the call.", "", "All 40 of us agree.", "— Dana"],
                    );
                    document.line(words, None);
                }
                _ => document.plant(&mut rng),
            }
        }
        // Every kind stands in as many documents as another.
        document.plant_kind(&mut rng, Withheld::ALL[(number % 5) as usize]);
        document
    }

    fn plant(&mut self, rng: &mut Rng) {
        let kind = Withheld::ALL[rng.usize(..Withheld::ALL.len())];
        self.plant_kind(rng, kind);
    }

    fn plant_kind(&mut self, rng: &mut Rng, kind: Withheld) {
        if kind == Withheld::Phone && rng.u8(..6) == 0 {
            let (around, form) = ANNOUNCED[rng.usize(..ANNOUNCED.len())];
            let number = filled(rng, form);
            let place = self.line(around, Some(&number));
            self.planted.push((kind, place));
            return;
        }
        let words = value(rng, kind);
        let around = one(rng, &AROUND);
        let place = self.line(around, Some(&words));
        self.planted.push((kind, place));
    }

    fn plant_decoy(&mut self, rng: &mut Rng) {
        let (kind, words) = decoy(rng);
        let around = one(rng, &AROUND);
        let place = self.line(around, Some(&words));
        self.decoys.push((kind, place));
    }

    /// Adds a line, and tells where the words in it stand.
    fn line(&mut self, around: &str, words: Option<&str>) -> Range<usize> {
        let (before, after) = around.split_once("{}").unwrap_or((around, ""));
        self.text.push_str(before);
        let start = self.text.len();
        self.text.push_str(words.unwrap_or_default());
        let end = self.text.len();
        self.text.push_str(after);
        self.text.push('\n');
        start..end
    }
}

//! Short texts whose form tells them: a country, the hours in which a dock is
//! open, an address, the name of a product, the words of an error. Their form
//! is a better guide than the words beside them.

use rustc_hash::FxHashMap;

use crate::claim::{Certainty, Claim};
use crate::conversation::{SegmentKind, Side};
use crate::language::{countries, fold, has_topic, tokens, topics_of};
use crate::route::Field;
use crate::route::cues::FAINTEST;
use crate::value::Kind;

use super::current::{answers_with, works_with};
use super::free::answers_at_once;
use super::phrases::trim;
use super::references::{address_behind, after_initials, is_other_sides, long_figure, postal_address};
use super::shapes::{coded, opening_hours, quoted, references, titled_names};
use super::{Hit, Line, Scene, Sign, cite, cite_line, claim};

/// A sort of text that its form tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Country,
    Hours,
    Address,
    Product,
    Error,
    /// Our own number of an order.
    Order,
    /// The customer's number of it.
    Purchase,
    /// What people work with today.
    Current,
    /// `UN 2735`.
    UnNumber,
}

/// The form of a field's values, if they have one.
pub(super) fn form_of(field: &Field) -> Option<Form> {
    let forms = [
        ("country", Form::Country),
        ("receiving hours", Form::Hours),
        ("ship to address", Form::Address),
        ("affected product", Form::Product),
        ("error message", Form::Error),
        ("order number", Form::Order),
        ("customer po", Form::Purchase),
        ("current system", Form::Current),
        ("current solution", Form::Current),
        ("un number", Form::UnNumber),
    ];
    topics_of(&field.key, &field.label)
        .find_map(|topic| forms.iter().find(|(name, _)| topic.names.contains(name)).map(|(_, form)| *form))
}

/// Claims what has the form in lines that speak of the field. True when it found any.
pub(super) fn claim_formed(scene: &Scene, index: usize, form: Form, claims: &mut Vec<Claim>) -> bool {
    let field = &scene.route.fields[index];
    let before = claims.len();
    let named = if form == Form::Order { count_references(scene) } else { FxHashMap::default() };
    let body = |line: &Line| line.counts && line.kind != SegmentKind::Signature && !line.asks;
    for (at, line) in scene.lines.iter().enumerate().filter(|(_, line)| body(line)) {
        let place = Place { named: &named, scene, at, line, index };
        let found = match form {
            Form::Country => place.country(),
            Form::Hours => place.hours(),
            Form::Address => place.address(),
            Form::Product => place.product(),
            Form::Error => place.error(),
            Form::Order => place.order(),
            Form::Purchase => place.purchase(),
            Form::Current => place.current(),
            Form::UnNumber => place.un_number(),
        };
        if let Some((start, end, sure)) = found {
            let mut cited = vec![cite(line, line.start, line.end)];
            cited.extend(place.question().map(|question| cite_line(&scene.lines[question])));
            claims.push(claim(field, cited, line.text[start..end].to_owned(), sure));
        }
    }
    if form == Form::Address && claims.len() == before {
        claim_postal(scene, index, claims);
    }
    claims.len() > before
}

/// The only address with a postcode that their side writes outside of a signature: offered, for nothing says what is there.
fn claim_postal(scene: &Scene, index: usize, claims: &mut Vec<Claim>) {
    let field = &scene.route.fields[index];
    let body = |line: &&Line| {
        line.counts && line.kind == SegmentKind::Body && !line.asks && !line.foreign && line.speaker.side != Side::Ours
    };
    let found: Vec<(&Line, (usize, usize))> =
        scene.lines.iter().filter(body).filter_map(|line| Some((line, postal_address(line)?))).collect();
    let words = |(line, (start, end)): &(&Line, (usize, usize))| line.text[*start..*end].to_owned();
    let Some(only) = found.first().filter(|first| found.iter().all(|other| words(other) == words(first))) else {
        return;
    };
    claims.push(claim(field, vec![cite_line(only.0)], words(only), Certainty::Guessed));
}

/// How often one of us names each reference.
fn count_references<'s>(scene: &'s Scene) -> FxHashMap<&'s str, usize> {
    let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
    for line in scene.lines.iter().filter(|line| line.speaker.side == Side::Ours && !line.foreign && line.counts) {
        for (from, to) in references(line.words()) {
            *counts.entry(&line.words()[from..to]).or_default() += 1;
        }
    }
    counts
}

struct Place<'s, 'a> {
    named: &'s FxHashMap<&'s str, usize>,
    scene: &'s Scene<'a>,
    at: usize,
    line: &'s Line<'a>,
    index: usize,
}

type Span = (usize, usize, Certainty);

impl Place<'_, '_> {
    fn cues(&self) -> impl Iterator<Item = &Hit> {
        self.line.hits_of(self.index).filter(|hit| hit.sign == Sign::Cue)
    }

    /// The nearest question that speaks of the field and that the line may answer.
    fn question(&self) -> Option<usize> {
        let nearest = self.scene.replies.questions_of(self.at).first().copied()?;
        let about = |hit: &Hit| hit.sign == Sign::Cue && hit.weight >= FAINTEST;
        self.scene.lines[nearest].hits_of(self.index).any(about).then_some(nearest)
    }

    fn country(&self) -> Option<Span> {
        let words = self.line.words();
        let (start, end) = *countries(words).first()?;
        let firm = self.cues().any(|hit| hit.weight >= FAINTEST);
        let ours = says_ours(words);
        let located = located(&words[..start]);
        let sure = match self.question().is_some() || firm && located || ours && located {
            true => Certainty::Stated,
            false if firm || self.cues().next().is_some() => Certainty::Guessed,
            false => return None,
        };
        Some((self.line.start + start, self.line.start + end, sure))
    }

    fn hours(&self) -> Option<Span> {
        if self.cues().next().is_none() && self.question().is_none() {
            return None;
        }
        let (start, end) = opening_hours(self.line.words())?;
        let (start, end) = trim(self.line.text, self.line.start + start, self.line.start + end);
        Some((start, end, Certainty::Stated))
    }

    fn address(&self) -> Option<Span> {
        let mut cues: Vec<&Hit> = self.cues().collect();
        cues.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let behind = cues.into_iter().find_map(|hit| {
            let (start, end) = address_behind(self.line, hit.end)?;
            Some((start, end, Certainty::Stated))
        });
        behind.or_else(|| {
            self.question()?;
            let (start, end) = address_behind(self.line, self.line.start)?;
            Some((start, end, Certainty::Stated))
        })
    }

    /// `the Pallet Builder` in a line that tells what goes wrong, or that speaks of the product.
    fn product(&self) -> Option<Span> {
        let line = self.line;
        let text = line.words();
        let asked = self.question().is_some();
        let firm: Vec<&Hit> = self.cues().filter(|hit| hit.weight >= FAINTEST).collect();
        let faint = self.cues().next().is_some();
        let fails = self.tells_failure();
        if !asked && firm.is_empty() && !(fails || faint) {
            return None;
        }
        let (start, end) = titled_names(text)
            .into_iter()
            .map(|(start, end)| (line.start + start, line.start + end))
            .find(|(start, end)| !self.is_somebody(*start, *end) && !is_shouted(&line.text[*start..*end]))?;
        // The name stands right behind `the`, or right beside the words that speak of it.
        let led = text[..start - line.start].trim_end().to_ascii_lowercase();
        let led = ["the", "our", "your", "this", "das", "der", "die", "im", "le", "la", "el"]
            .iter()
            .any(|word| led.ends_with(word) && !led[..led.len() - word.len()].ends_with(char::is_alphanumeric));
        let beside = self.cues().any(|hit| {
            let gap = if hit.end <= start { line.text.get(hit.end..start) } else { line.text.get(end..hit.start) };
            gap.is_none_or(|gap| gap.trim().len() <= 4)
        });
        // `In Dock Booking, the page hangs`: a place by its grammar, and a product where it is spoken of again.
        let inside = text[..start - line.start].trim_end().to_ascii_lowercase();
        let inside = ["in", "with", "mit", "im", "dans", "avec", "en", "con"].iter().any(|word| {
            inside.ends_with(word) && !inside[..inside.len() - word.len()].ends_with(char::is_alphanumeric)
        });
        let name = &line.text[start..end];
        let again = || {
            let others = self
                .scene
                .lines
                .iter()
                .enumerate()
                .filter(|(at, other)| *at != self.at && other.counts && !other.foreign);
            others.filter(|(_, other)| other.words().contains(name)).count() > 0
        };
        let near =
            [self.at.checked_sub(1), Some(self.at + 1)].into_iter().flatten().filter_map(|at| self.scene.lines.get(at));
        let near = near
            .filter(|other| other.message == line.message && other.kind == line.kind)
            .any(|other| self.fails_in(other));
        let spoken = line.speaker.side != Side::Ours && !line.foreign && near;
        let sure = if asked || beside || led && fails || inside && fails && again() || led && spoken && again() {
            Certainty::Stated
        } else {
            Certainty::Guessed
        };
        Some((start, end, sure))
    }

    /// The line holds words of the field that tells what goes wrong.
    fn tells_failure(&self) -> bool {
        self.fails_in(self.line)
    }

    fn fails_in(&self, line: &Line) -> bool {
        let fields = &self.scene.route.fields;
        let problem = fields.iter().position(|field| has_topic(&field.key, &field.label, "problem summary"));
        problem.is_some_and(|problem| line.hits_of(problem).any(|hit| hit.sign == Sign::Cue))
    }

    fn is_somebody(&self, start: usize, end: usize) -> bool {
        let named = |value: &crate::value::Spotted| {
            value.sort == crate::value::Sort::Person && value.start < end && start < value.end
        };
        let words = &self.line.text[start..end];
        let first = words.split_whitespace().next().unwrap_or_default();
        self.line.values.iter().any(named)
            || self.scene.participants.iter().any(|one| one.name.split_whitespace().any(|part| part == first))
            || self.scene.companies.iter().any(|company| fold(words).contains(company.as_str()))
    }

    /// `AC-58820` in the mouth of one of us, where it is the only one of its kind or the one named most.
    fn order(&self) -> Option<Span> {
        let line = self.line;
        if line.speaker.side != Side::Ours || line.foreign {
            return None;
        }
        let (start, end) = references(line.words()).into_iter().next()?;
        let code = &line.words()[start..end];
        let own = self.named.get(code).copied().unwrap_or_default();
        let others = self.named.values().sum::<usize>() - own;
        let cued = self.cues().any(|hit| hit.weight >= FAINTEST);
        let sure = if cued || others == 0 || own > 2 * others { Certainty::Stated } else { Certainty::Guessed };
        Some((line.start + start, line.start + end, sure))
    }

    fn current(&self) -> Option<Span> {
        if self.line.foreign {
            return None;
        }
        let asked = self.question().is_some() || self.hints_at_it();
        let answers = || {
            asked && self.line.speaker.side != Side::Ours && (answers_at_once(self.scene, self.at) || self.lead() <= 8)
        };
        let (start, end) = works_with(self.line).or_else(|| answers_with(self.line).filter(|_| answers()))?;
        // `It runs over Single Sign-on`: the words of another field are no system.
        let of_another = self.line.hits.iter().any(|hit| {
            let choice = matches!(self.scene.route.fields[hit.field].kind, Kind::Bool | Kind::Enum(_));
            choice && hit.tells() && hit.start <= start && end <= hit.end
        });
        if of_another {
            return None;
        }
        Some((start, end, Certainty::Stated))
    }

    /// How many words stand before the line in its message.
    fn lead(&self) -> usize {
        let own = |line: &&Line| line.message == self.line.message && line.kind == self.line.kind;
        let before = self.scene.lines[..self.at].iter().rev().take(8).take_while(own);
        before.map(|line| tokens(line.words()).len()).sum()
    }

    /// `And today?`, `what are you working with today?`: no more than hints at the field, but several or nothing else.
    fn hints_at_it(&self) -> bool {
        self.scene.replies.questions_of(self.at).first().is_some_and(|question| {
            let asked = &self.scene.lines[*question];
            let hints = asked.hits_of(self.index).filter(|hit| hit.sign == Sign::Cue).count();
            hints > 1 || hints == 1 && tokens(asked.words()).len() <= 4
        })
    }

    /// A number of the United Nations' list has a form of its own.
    fn un_number(&self) -> Option<Span> {
        let text = self.line.words();
        let all = tokens(text);
        let four = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        let found = all.iter().enumerate().find_map(|(at, token)| {
            let word = token.text(text);
            let next = all.get(at + 1).filter(|next| {
                four(next.text(text)) && text[token.end..next.start].trim_matches([' ', '-']).is_empty()
            });
            match (word, next) {
                ("UN", Some(next)) => Some((token.start, next.end)),
                _ => word.strip_prefix("UN").filter(|rest| four(rest)).map(|_| (token.start, token.end)),
            }
        });
        let once = ["last year", "last time", "used to be", "previous"]
            .iter()
            .any(|words| text.to_lowercase().contains(words));
        let (start, end) = found.filter(|_| !self.line.foreign && !once)?;
        Some((self.line.start + start, self.line.start + end, Certainty::Stated))
    }

    /// A number in a line of the customer's that speaks of their order or their labels.
    fn purchase(&self) -> Option<Span> {
        let line = self.line;
        if let Some((start, end)) =
            after_initials(line.words()).filter(|_| line.speaker.side != Side::Ours && !line.foreign)
        {
            return Some((line.start + start, line.start + end, Certainty::Stated));
        }
        let spoken = self.cues().next().is_some() || self.question().is_some();
        let turned = self.cues().any(|hit| is_other_sides(line, hit, Form::Purchase));
        if !spoken || turned || line.speaker.side == Side::Ours || line.foreign {
            return None;
        }
        let firm = self.cues().any(|hit| hit.weight >= FAINTEST);
        let (start, end) =
            references(line.words()).into_iter().next().or_else(|| long_figure(line).filter(|_| firm))?;
        Some((line.start + start, line.start + end, Certainty::Stated))
    }

    /// The words on the screen: in quotes, or a code with what follows it.
    fn error(&self) -> Option<Span> {
        let line = self.line;
        let before =
            self.at.checked_sub(1).map(|at| &self.scene.lines[at]).filter(|before| before.message == line.message);
        let led = before.is_some_and(|before| {
            before.words().trim_end().ends_with(':') && before.hits_of(self.index).any(|hit| hit.sign == Sign::Cue)
        });
        let spoken = self.cues().next().is_some() || self.question().is_some() || led;
        let (start, end) = match quoted(line.words()).filter(|_| spoken) {
            Some(span) => span,
            None => coded(line.words(), spoken)?,
        };
        Some((line.start + start, line.start + end, Certainty::Stated))
    }
}

/// `the WRONG NAME`: several words in capitals stress something and name nothing.
fn is_shouted(words: &str) -> bool {
    words.contains(' ') && words.chars().all(|c| !c.is_lowercase())
}

fn says_ours(words: &str) -> bool {
    let ours = |word: &str| {
        matches!(
            word,
            "our"
                | "we"
                | "we're"
                | "all"
                | "everybody"
                | "everyone"
                | "us"
                | "they"
                | "unsere"
                | "wir"
                | "alle"
                | "nos"
                | "notre"
                | "nous"
                | "nuestra"
                | "nuestro"
                | "nuestras"
                | "nuestros"
                | "estamos"
                | "todos"
        )
    };
    tokens(words).iter().any(|token| ours(&fold(token.text(words))))
}

/// `… in`, `… in Bristol, in the`: a place is named before the country.
fn located(before: &str) -> bool {
    let tail: Vec<String> =
        tokens(before).iter().rev().take(5).map(|token| fold(token.text(before)).into_owned()).collect();
    tail.iter().any(|word| matches!(word.as_str(), "in" | "across" | "from" | "en" | "au" | "aux" | "of" | "is"))
}

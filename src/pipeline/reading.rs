//! Reading with a model: all messages once, then one second look at required
//! fields that nobody was found to state, in the messages most likely to state
//! them. Code judges in between and after; when the model cannot be reached,
//! the brief is the rules' own and says so, and the gate stays shut.
//!
//! Context that came in batches is read as it came: each batch as if nothing
//! came after it, so that its calls are the same at every later reading.

use std::time::Instant;

use super::second_look::looks;
use super::{Case, Desk, Outcome, Reading, Request, Rules};
use crate::brief::{Brief, Engine, EngineKind, FieldState, Usage};
use crate::claim::Told;
use crate::conversation::{Conversation, Warning};
use crate::intake;
use crate::llm::budget::Covered;
use crate::llm::{FirstReading, Forgetful, Journal, ReadError, Reader, Session, Step, Tokens, UnreadPart};
use crate::route::Field;
use crate::wording;

/// Both passes together stay below this share of the context's tokens, besides what is sent with every call.
const MOST_OF_CONTEXT: f64 = 1.4;
/// Below so many tokens of context the share says nothing; a second look may cost this much.
const SMALL_CONTEXT: usize = 1_000;
/// The tokens of a short context are estimated, and may be this much more.
const ESTIMATED_LOW: f64 = 1.15;
/// Fields of one second look.
const MOST_FIELDS: usize = 5;
/// Second looks of one batch.
const MOST_LOOKS: usize = 2;

/// How a request is read: by whom, and where replies are kept.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    pub reader: &'a Reader,
    pub rules: Rules,
    pub journal: &'a dyn Journal,
}

/// Reads with a model and judges; falls back to the rules alone when the model gives nothing.
pub async fn read(request: Request<'_>, reader: &Reader, rules: Rules) -> Result<Outcome, ReadError> {
    read_kept(request, Means { reader, rules, journal: &Forgetful }).await
}

/// The same with a journal: what it holds is not asked again, what is new is kept before it is used, and a reading that
/// could not keep a reply ends there.
pub async fn read_kept(request: Request<'_>, means: Means<'_>) -> Result<Outcome, ReadError> {
    let started = Instant::now();
    let Request { route, conversation, known, as_of } = request;
    let case = Case { route, known, as_of };
    let mut run = Run::new(&case, means);
    for count in 1..=conversation.batches.len() {
        let earlier = conversation.as_of_batch(count);
        let begins = earlier.batches.last().map_or(1, |batch| batch.first.0);
        // A batch that brought no words, a record above all, is asked nothing.
        if conversation.batches.get(count - 1).is_some_and(|next| next.first.0 > begins) {
            run.read_batch(&earlier, false).await?;
        }
    }
    let mut brief = run.read_batch(&conversation, true).await?;
    brief.usage.milliseconds = started.elapsed().as_millis() as u64;
    Ok(Outcome { brief, conversation })
}

/// One reading, batch by batch.
struct Run<'a> {
    case: &'a Case<'a>,
    means: Means<'a>,
    /// The purse and the journal of all batches.
    session: Session<'a>,
    reading: Reading,
    covered: Covered,
    spent: Tokens,
    /// The fields as they were last told.
    told: Vec<(String, FieldState)>,
}

/// What a second look at one batch may cost is measured by that batch.
struct Costs<'s, 'j> {
    session: &'s Session<'j>,
    context_tokens: usize,
    fixed_tokens: usize,
}
impl<'a> Run<'a> {
    fn new(case: &'a Case<'a>, means: Means<'a>) -> Self {
        let reader = means.reader;
        let reading = Reading {
            told: Told::default(),
            engine: Engine {
                kind: EngineKind::Llm,
                model: Some(reader.name().to_owned()),
                prompt: Some(reader.prompt_version().to_owned()),
                degraded: false,
            },
            coverage: 1.0,
            warnings: Vec::new(),
            rules: means.rules,
            left_out: reader.left_out(),
            usage: Usage::default(),
        };
        let session = reader.session(case.route, means.journal);
        let (covered, spent) = (Covered::default(), Tokens::default());
        Run { case, means, session, reading, covered, spent, told: Vec::new() }
    }

    /// Reads the newest batch of a conversation and judges the whole of it.
    async fn read_batch(&mut self, conversation: &Conversation, is_last: bool) -> Result<Brief, ReadError> {
        let reader = self.means.reader;
        let session = self.session.for_next_batch();
        let first = reader.read_newest(self.case.route, conversation, &session).await?;
        let costs = Costs { session: &session, context_tokens: first.context_tokens, fixed_tokens: first.fixed_tokens };
        self.add(first, conversation);
        let participants = intake::participants(conversation);
        let desk = Desk::new(self.case, conversation, &participants);
        let mut brief = desk.judge(Some(&self.reading));
        self.tell_fields(&brief);
        // What was not read may hold what is missing; looking twice at the rest would not help.
        // A model that is measured alone is measured by what it says at once.
        let twice = self.means.rules == Rules::Beside && self.reading.coverage >= 1.0;
        let looked = twice && look_again(reader, &desk, &brief, (&mut self.reading, &costs)).await?;
        if looked && is_last {
            brief = desk.judge(Some(&self.reading));
            self.tell_fields(&brief);
        }
        let Tokens { input, cached, output } = session.tokens();
        self.spent.input += input;
        self.spent.cached += cached;
        self.spent.output += output;
        self.spend(&mut brief.usage);
        Ok(brief)
    }

    /// What the first reading of a batch gave, with what those before it did.
    fn add(&mut self, first: FirstReading, conversation: &Conversation) {
        let reading = &mut self.reading;
        reading.told.claims.extend(first.told.claims);
        reading.told.prose.extend(first.told.prose);
        reading.told.instructions.extend(first.told.instructions);
        reading.warnings.extend(first.unread.iter().map(|part| warning(part, conversation)));
        self.covered = self.covered.with(first.covered);
        reading.coverage = self.covered.share();
        let degraded = self.covered.read == 0 && self.covered.all > 0;
        reading.engine.degraded = degraded;
        reading.engine.kind = if degraded { EngineKind::Extractive } else { EngineKind::Llm };
        *reading.usage.context_tokens.get_or_insert(0) += first.context_tokens as u64;
        reading.usage.fixed_tokens = Some(first.fixed_tokens as u64);
    }

    /// Tells the fields whose state is new.
    fn tell_fields(&mut self, brief: &Brief) {
        for (key, field) in &brief.fields.0 {
            match self.told.iter_mut().find(|(known, _)| known == key) {
                Some((_, state)) if *state == field.state => continue,
                Some((_, state)) => *state = field.state,
                None => self.told.push((key.clone(), field.state)),
            }
            self.session.tell(Step::Field { key: key.clone(), state: field.state });
        }
    }

    fn spend(&self, usage: &mut Usage) {
        usage.calls = Some(u64::from(self.session.allowance.used()));
        usage.input_tokens = Some(self.spent.input);
        usage.cached_tokens = Some(self.spent.cached);
        usage.output_tokens = Some(self.spent.output);
        usage.cost = self.means.reader.cost(self.spent);
    }
}

/// What was not read is said, with its place and the reason.
fn warning(part: &UnreadPart, conversation: &Conversation) -> Warning {
    let source = |id| {
        let message = conversation.message(id)?;
        conversation.document(&message.document).map(|document| document.source.clone())
    };
    let (first, last) = (source(part.first).unwrap_or_default(), source(part.last).unwrap_or_default());
    let place =
        if part.first == part.last { part.first.to_string() } else { format!("{} to {}", part.first, part.last) };
    Warning {
        source: if first == last { first } else { format!("{first} to {last}") },
        place,
        message: wording::model_did_not_read(&part.why.to_string()),
    }
}

/// One more look at what is wanting; true when anything was said.
async fn look_again(
    reader: &Reader,
    desk: &Desk<'_>,
    brief: &crate::brief::Brief,
    (reading, costs): (&mut Reading, &Costs<'_, '_>),
) -> Result<bool, ReadError> {
    let wanted = looks(desk, brief, &reading.told);
    let mut told = false;
    for group in wanted.chunks(MOST_FIELDS).take(MOST_LOOKS) {
        let most_tokens = costs.allowed();
        let Some((fields, positions)) = fitting(desk, group, most_tokens) else { continue };
        costs.session.tell(Step::LookingAgain { fields: fields.len() });
        let looked = reader
            .read_again(desk.case.route, (desk.conversation, &fields), &positions, (costs.session, most_tokens))
            .await?;
        let Some((more, failure)) = looked else { continue };
        if let Some(why) = failure {
            let labels: Vec<&str> = fields.iter().map(|field| field.label.as_str()).collect();
            let message = wording::model_did_not_look_again(&labels, &why.to_string());
            reading.warnings.push(Warning { source: String::new(), place: String::new(), message });
            told = true;
        }
        told |= !more.claims.is_empty();
        reading.told.claims.extend(more.claims);
        reading.told.instructions.extend(more.instructions);
    }
    Ok(told)
}

impl Costs<'_, '_> {
    /// Tokens that a second look may still cost.
    fn allowed(&self) -> usize {
        if (self.context_tokens as f64 * ESTIMATED_LOW) < SMALL_CONTEXT as f64 {
            return SMALL_CONTEXT;
        }
        let most = (self.context_tokens as f64 * MOST_OF_CONTEXT) as usize + self.fixed_tokens;
        most.saturating_sub(self.session.tokens().input as usize)
    }
}

/// The fields of a group with the messages to look at, as many as the tokens allow.
fn fitting<'d>(
    desk: &Desk<'d>,
    group: &[(usize, Vec<usize>)],
    most_tokens: usize,
) -> Option<(Vec<&'d Field>, Vec<usize>)> {
    // The rules and the fields of a second look take about this much; the rest is for messages.
    let mut left = most_tokens.checked_sub(260)?;
    let (mut fields, mut positions): (Vec<&Field>, Vec<usize>) = (Vec::new(), Vec::new());
    for (at, wanted) in group {
        let field = &desk.case.route.fields[*at];
        let described = 40 + field.description.len() / 4;
        let fresh: Vec<usize> = wanted.iter().copied().filter(|one| !positions.contains(one)).collect();
        let size = |position: &usize| 12 + desk.conversation.messages[*position].text.len() / 4;
        let cost = described + fresh.iter().map(size).sum::<usize>();
        if cost > left {
            continue;
        }
        left -= cost;
        fields.push(field);
        positions.extend(fresh);
    }
    positions.sort_unstable();
    (!fields.is_empty()).then_some((fields, positions))
}

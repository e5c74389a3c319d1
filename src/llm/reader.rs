//! Reading a whole conversation with a model: one call where it fits, else
//! windows of whole messages at the same time; each part answered, repaired
//! once, or told as unread. What the parts say is put together by code.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::future::join_all;

use super::allowance::Allowance;
use super::answer::{Answer, Unreadable};
use super::budget::{Counter, Window, coverage, estimate, windows};
use super::layout::{Block, blocks};
use super::prompt::{PromptError, Prompts, Sources, most_output, schema};
use super::{Call, Failure, Model, Reply, Tokens};
use crate::claim::Told;
use crate::config::{AnswerForm, LeftOut, ModelSettings, Price};
use crate::conversation::{Conversation, Message, MessageId};
use crate::route::{Field, Route};

/// Calls of a handoff beyond one for each window: two second looks and the repeats.
const MORE_CALLS: u32 = 5;
/// Answers that are no JSON are asked for once more, this often in one handoff.
const MOST_REPAIRS: u32 = 2;
/// A damaged answer that is longer is not sent back to be written anew: a part of it would be lost.
const MOST_REPAIR_BYTES: usize = 24_000;
/// Tokens of sources that a call must have room for.
const LEAST_ROOM: usize = 512;
/// What is neither known of a prompt's tokens nor worth counting is taken this much larger.
const CAREFUL: f64 = 1.3;
/// A model may read for this long where the route sets no limit.
const USUAL_LIMIT: Duration = Duration::from_secs(15 * 60);

/// A model with everything that reading with it needs.
#[derive(Debug)]
pub struct Reader {
    model: Model,
    name: String,
    form: AnswerForm,
    left_out: LeftOut,
    prompts: Prompts,
    counter: Counter,
    context_tokens: usize,
    window_tokens: usize,
    max_output_tokens: Option<u32>,
    retries: u32,
    price: Option<Price>,
}

/// What the parts of one handoff have in common while they are read.
#[derive(Debug)]
pub struct Session {
    pub allowance: Allowance,
    repairs: AtomicU32,
    input: AtomicU32,
    cached: AtomicU32,
    output: AtomicU32,
}

/// What a first reading gave.
#[derive(Debug)]
pub struct FirstReading {
    pub told: Told,
    /// The share of the text that stood in a call that succeeded.
    pub coverage: f64,
    pub unread: Vec<UnreadPart>,
    /// Tokens of author, time and text of each message, once.
    pub context_tokens: usize,
    /// Tokens of what is sent with every call, whatever the sources are.
    pub fixed_tokens: usize,
}

/// Messages that no call read.
#[derive(Debug, Clone, PartialEq)]
pub struct UnreadPart {
    pub first: MessageId,
    pub last: MessageId,
    pub why: Failure,
}

/// How a conversation is shared out.
struct Plan {
    blocks: Vec<Block>,
    windows: Vec<Window>,
    context_tokens: usize,
    fixed_tokens: usize,
}

impl Reader {
    /// Takes the settings' form, else the one that is best for the model.
    pub fn new(model: Model, settings: &ModelSettings) -> Result<Self, PromptError> {
        let name = settings.name.clone().unwrap_or_default();
        let (form, left_out) = super::forms::best_for(&name);
        Ok(Reader {
            form: settings.answer_form.unwrap_or(form),
            left_out: settings.left_out.unwrap_or(left_out),
            prompts: Prompts::load(settings.prompts.as_deref())?,
            counter: Counter::new(&name),
            context_tokens: settings.context_tokens,
            window_tokens: settings.window_tokens,
            max_output_tokens: settings.max_output_tokens,
            retries: settings.retries,
            price: settings.price,
            model,
            name,
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn form(&self) -> AnswerForm {
        self.form
    }

    /// What its silence on a required field is worth.
    pub fn left_out(&self) -> LeftOut {
        self.left_out
    }

    /// Name and version of the prompt, `brief-records@1`.
    pub fn prompt_version(&self) -> &str {
        self.prompts.version(self.form)
    }

    /// The form of request that the endpoint was found to take; `None` before the first answer and for recorded replies.
    pub fn spoken_form(&self) -> Option<String> {
        match &self.model {
            Model::Live(endpoint) | Model::Recorded(endpoint, _) => endpoint.form().map(|form| form.to_string()),
            Model::Replay(_) | Model::Generated(_) => None,
        }
    }

    /// What tokens cost, where a price is set.
    pub fn cost(&self, tokens: Tokens) -> Option<f64> {
        let price = self.price?;
        let fresh = tokens.input.saturating_sub(tokens.cached) as f64;
        let cached = tokens.cached as f64 * price.cached.unwrap_or(price.input);
        Some((fresh * price.input + cached + tokens.output as f64 * price.output) / 1_000_000.0)
    }

    /// Reads all messages once.
    pub async fn read(
        &self,
        route: &Route,
        conversation: &Conversation,
    ) -> Result<(FirstReading, Session), PromptError> {
        let plan = self.plan(route, conversation)?;
        let calls = plan.windows.iter().enumerate().map(|(number, window)| {
            let sources = Sources {
                conversation,
                blocks: &plan.blocks[window.from..window.end],
                part: (plan.windows.len() > 1).then_some((number + 1, plan.windows.len())),
            };
            self.prompts.call(route, self.form, &sources).map(|call| self.with_room(call))
        });
        let calls: Vec<Call> = calls.collect::<Result<_, _>>()?;
        let session = self.session(route);
        let answers =
            join_all(calls.iter().map(|call| self.answer(route, call, (&session, session.allowance.with_own_call()))))
                .await;
        let mut reading = FirstReading {
            told: Told::default(),
            coverage: 1.0,
            unread: Vec::new(),
            context_tokens: plan.context_tokens,
            fixed_tokens: plan.fixed_tokens,
        };
        let mut read = vec![false; plan.blocks.len()];
        for (window, (answer, failure)) in plan.windows.iter().zip(answers) {
            match failure {
                None => read[window.from..window.end].fill(true),
                Some(why) => {
                    reading.unread.extend(unread_part(conversation, &plan.blocks[window.own..window.end], why))
                }
            }
            merge(&mut reading.told, answer.told());
        }
        reading.coverage = coverage(&plan.blocks, &read);
        Ok((reading, session))
    }

    /// Looks at some fields again, in the messages most likely to state them; `None` when that costs more than
    /// `most_tokens`. Beside what was said stands why the look failed, if it did.
    pub async fn read_again(
        &self,
        route: &Route,
        (conversation, fields): (&Conversation, &[&Field]),
        positions: &[usize],
        (session, most_tokens): (&Session, usize),
    ) -> Result<Option<(Told, Option<Failure>)>, PromptError> {
        let mut chosen = blocks(conversation, self.window_tokens);
        chosen.retain(|block| positions.contains(&block.position));
        let sources = Sources { conversation, blocks: &chosen, part: None };
        let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
        let call = Call {
            system: self.prompts.system_again(route, fields)?,
            user: self.prompts.user(&sources, Some(&keys))?,
            schema: schema(AnswerForm::Records, route),
            max_output_tokens: most_output(AnswerForm::Records, keys.len()),
        };
        if estimate(&call.system) + estimate(&call.user) > most_tokens {
            return Ok(None);
        }
        let call = self.with_room(call);
        let (answer, failure) = self.answer(route, &call, (session, session.allowance.clone())).await;
        let mut told = answer.told();
        told.prose.clear();
        told.claims.retain(|claim| keys.contains(&claim.field.as_str()));
        Ok(Some((told, failure)))
    }

    /// Room for the answer as the settings say, where they do: models that think before they write need more.
    fn with_room(&self, call: Call) -> Call {
        Call { max_output_tokens: self.max_output_tokens.unwrap_or(call.max_output_tokens), ..call }
    }

    fn session(&self, route: &Route) -> Session {
        let limit = route.limits.model.and_then(|limit| limit.try_into().ok()).unwrap_or(USUAL_LIMIT);
        Session {
            // Each part has a call of its own beside these.
            allowance: Allowance::new(MORE_CALLS, self.retries, limit),
            repairs: AtomicU32::new(0),
            input: AtomicU32::new(0),
            cached: AtomicU32::new(0),
            output: AtomicU32::new(0),
        }
    }

    fn plan(&self, route: &Route, conversation: &Conversation) -> Result<Plan, PromptError> {
        let system = self.prompts.system(route, self.form)?;
        let fixed_tokens = estimate(&system);
        let most_output = self.max_output_tokens.unwrap_or_else(|| most_output(self.form, route.fields.len())) as usize;
        let reserve = (fixed_tokens as f64 * CAREFUL) as usize + most_output;
        if reserve + LEAST_ROOM > self.context_tokens {
            let problem = format!(
                "{} tokens are too few: the rules and fields of `{}` and the answer need {reserve}, sources at least {LEAST_ROOM}",
                self.context_tokens, route.id
            );
            return Err(PromptError { file: "model.context_tokens".to_owned(), problem });
        }
        let room = (self.context_tokens - reserve).min(self.window_tokens);
        // Messages stay whole where their tokens fit; a token of usual text has three bytes and more.
        let blocks = self.blocks(conversation, room);
        let bytes: usize = blocks.iter().map(|block| block.text.len()).sum();
        if bytes <= room {
            let texts = conversation.messages.iter().map(|message| estimate(&message.text)).sum::<usize>();
            let context_tokens = texts + beside_texts(conversation);
            let whole = Window { from: 0, own: 0, end: blocks.len() };
            // Without messages, as with a CRM record alone, there is nothing to ask about.
            let windows = if blocks.is_empty() { Vec::new() } else { vec![whole] };
            return Ok(Plan { blocks, windows, context_tokens, fixed_tokens });
        }
        // Each text is counted once, for the context and for its block.
        let texts: Vec<usize> = conversation.messages.iter().map(|message| self.counter.count(&message.text)).collect();
        let size = |block: &Block| {
            let message = &conversation.messages[block.position];
            match block.bytes == message.text.len() {
                // What the block adds to the words, its head above all, has two bytes a token at least.
                true => {
                    let added = block.text.len().saturating_sub(message.text.len()) / 2;
                    self.counter.safely(texts[block.position] + added + 4)
                }
                false => self.counter.count_safely(&block.text) + 1,
            }
        };
        let sizes: Vec<usize> = blocks.iter().map(size).collect();
        let context_tokens = texts.iter().sum::<usize>() + beside_texts(conversation);
        Ok(Plan { windows: windows(&sizes, room), blocks, context_tokens, fixed_tokens })
    }

    /// Whole messages, but for those whose own tokens are more than fit.
    fn blocks(&self, conversation: &Conversation, room: usize) -> Vec<Block> {
        let whole = blocks(conversation, room.saturating_mul(3));
        let fits = |block: &Block| block.text.len() <= room || self.counter.count_safely(&block.text) < room;
        // No token is shorter than a byte, so a block of `room` bytes fits whatever the vocabulary.
        if whole.iter().all(fits) { whole } else { blocks(conversation, room) }
    }

    /// The answer to a call, and why it does not count as read, if it does not.
    async fn answer(
        &self,
        route: &Route,
        call: &Call,
        (session, allowance): (&Session, Allowance),
    ) -> (Answer, Option<Failure>) {
        let spending = (session, &allowance);
        let reply = match self.ask(call, spending).await {
            Err(Failure::CutOff) => {
                // The answer needed more room than usual; a part of an answer is not the truth.
                let sent = ((estimate(&call.system) + estimate(&call.user)) as f64 * CAREFUL) as usize;
                let left = u32::try_from(self.context_tokens.saturating_sub(sent)).unwrap_or(u32::MAX);
                let most = call.max_output_tokens.saturating_mul(2).min(left.max(call.max_output_tokens));
                self.ask(&Call { max_output_tokens: most, ..call.clone() }, spending).await
            }
            other => other,
        };
        let reply = match reply {
            Ok(reply) => reply,
            Err(failure) => return (Answer::default(), Some(failure)),
        };
        let (problem, saved) = match Answer::read(&reply.text, route) {
            Ok(answer) => return (answer, None),
            Err(damaged) => damaged,
        };
        let failure = Failure::Garbled(problem.to_string());
        if reply.text.len() > MOST_REPAIR_BYTES || session.repairs.fetch_add(1, Ordering::Relaxed) >= MOST_REPAIRS {
            return (saved, Some(failure));
        }
        let (again, least) = match problem {
            // Written anew it must hold all that was there, or something was lost on the way.
            Unreadable::Damaged { lost } => (repair(call, &reply), saved.records.len() + lost),
            // What was no answer cannot be mended, only asked for again.
            Unreadable::NoJson | Unreadable::OtherShape => (insist(call), 0),
        };
        match self.ask(&again, spending).await.map(|reply| Answer::read(&reply.text, route)) {
            Ok(Ok(answer)) if answer.records.len() >= least => (answer, None),
            _ => (saved, Some(failure)),
        }
    }

    async fn ask(&self, call: &Call, (session, allowance): (&Session, &Allowance)) -> Result<Reply, Failure> {
        let asked = self.model.ask(call, allowance).await;
        let add = |counter: &AtomicU32, tokens: u64| {
            counter.fetch_add(u32::try_from(tokens).unwrap_or(u32::MAX), Ordering::Relaxed);
        };
        let sent = (estimate(&call.system) + estimate(&call.user)) as u64;
        let reply = match asked {
            Ok(reply) => reply,
            Err(failure) => {
                // What was read and went wrong was paid for as well.
                if failure.was_answered() {
                    add(&session.input, sent);
                }
                return Err(failure);
            }
        };
        // Some endpoints do not count.
        let input = if reply.tokens.input == 0 { sent } else { reply.tokens.input };
        add(&session.input, input);
        add(&session.cached, reply.tokens.cached);
        add(&session.output, reply.tokens.output);
        Ok(reply)
    }
}

impl Session {
    /// What all calls so far cost.
    pub fn tokens(&self) -> Tokens {
        let read = |counter: &AtomicU32| u64::from(counter.load(Ordering::Relaxed));
        Tokens { input: read(&self.input), cached: read(&self.cached), output: read(&self.output) }
    }
}

/// The same request once more, with the form of the answer as its last word.
fn insist(call: &Call) -> Call {
    let user = format!("{}\nWrite the JSON object described above and nothing else.", call.user);
    Call { user, ..call.clone() }
}

/// The same content once more, as JSON.
fn repair(call: &Call, reply: &Reply) -> Call {
    Call {
        system:
            "You repair JSON. Return the same content as one valid JSON object of the given schema, nothing added, \
                 nothing left out, and no other text."
                .to_owned(),
        user: reply.text.clone(),
        schema: call.schema.clone(),
        max_output_tokens: call.max_output_tokens,
    }
}

fn merge(told: &mut Told, more: Told) {
    told.claims.extend(more.claims);
    told.prose.extend(more.prose);
    told.instructions.extend(more.instructions);
}

fn unread_part(conversation: &Conversation, blocks: &[Block], why: Failure) -> Option<UnreadPart> {
    let id = |block: &Block| conversation.messages.get(block.position).map(|message| message.id);
    let ids = || blocks.iter().filter_map(id);
    Some(UnreadPart { first: ids().min()?, last: ids().max()?, why })
}

/// Tokens of author and time of each message, which with its text are the context.
fn beside_texts(conversation: &Conversation) -> usize {
    let one = |message: &Message| {
        let author = &message.author;
        let who =
            [author.name.as_deref(), author.address.as_deref()].into_iter().flatten().map(estimate).sum::<usize>();
        who + message.at.map_or(0, |at| estimate(&at.to_string()))
    };
    conversation.messages.iter().map(one).sum()
}

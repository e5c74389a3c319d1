//! Reading a whole conversation with a model: one call where it fits, else
//! windows of whole messages at the same time; each part answered, repaired
//! once, or told as unread. What the parts say is put together by code.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use futures_util::future::join_all;

use super::allowance::Allowance;
use super::answer::{Answer, Unreadable};
use super::budget::{Counter, Covered, estimate};
use super::journal::{NotKept, ReadError, Step};
use super::layout::{Block, blocks_from};
use super::plan::{CAREFUL, Start};
use super::prompt::{PromptError, Prompts, Sources, most_output};
use super::shown::Shown;
use super::{Call, Failure, Model, Reply, Session, Tokens};
use crate::claim::Told;
use crate::config::{AnswerForm, LeftOut, ModelSettings, Price};
use crate::conversation::{Conversation, MessageId};
use crate::route::{Field, Route};

/// A damaged answer that is longer is not sent back to be written anew: a part of it would be lost.
const MOST_REPAIR_BYTES: usize = 24_000;

/// A model with everything that reading with it needs.
#[derive(Debug)]
pub struct Reader {
    /// Tells it from other readers of the process.
    pub(super) number: u64,
    pub(super) model: Model,
    pub(super) name: String,
    pub(super) form: AnswerForm,
    left_out: LeftOut,
    pub(super) prompts: Prompts,
    pub(super) counter: Counter,
    pub(super) context_tokens: usize,
    pub(super) window_tokens: usize,
    pub(super) max_output_tokens: Option<u32>,
    pub(super) retries: u32,
    price: Option<Price>,
}

/// What a first reading gave.
#[derive(Debug)]
pub struct FirstReading {
    pub told: Told,
    /// The share of the text that stood in a call that succeeded.
    pub coverage: f64,
    /// The same in bytes, for adding up.
    pub covered: Covered,
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

impl Reader {
    /// Takes the settings' form, else the one that is best for the model.
    pub fn new(model: Model, settings: &ModelSettings) -> Result<Self, PromptError> {
        let name = settings.name.clone().unwrap_or_default();
        let (form, left_out) = super::forms::best_for(&name);
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        Ok(Reader {
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
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

    /// Reads all messages once, whatever batches they came in; replies are not kept.
    pub async fn read(
        &self,
        route: &Route,
        conversation: &Conversation,
    ) -> Result<(FirstReading, Session<'static>), ReadError> {
        let session = Session::forgetful(self, route);
        let reading = self.read_from(route, (conversation, Start::default()), &session).await?;
        Ok((reading, session))
    }

    /// Reads the messages of the newest batch once. Its calls are the same whatever comes later, so that the replies to
    /// earlier batches serve again when all are read.
    pub async fn read_newest(
        &self,
        route: &Route,
        conversation: &Conversation,
        session: &Session<'_>,
    ) -> Result<FirstReading, ReadError> {
        self.read_from(route, (conversation, Start::of_newest(conversation)), session).await
    }

    async fn read_from(
        &self,
        route: &Route,
        (conversation, start): (&Conversation, Start),
        session: &Session<'_>,
    ) -> Result<FirstReading, ReadError> {
        let shown = Shown::new(route, conversation);
        let conversation = shown.conversation();
        let fixed = self.fixed(route)?;
        let plan = self.plan((route, &fixed), conversation, start)?;
        let calls = plan.windows.iter().enumerate().map(|(number, window)| {
            let sources = Sources {
                conversation,
                blocks: &plan.blocks[window.from..window.end],
                // Parts are counted within their batch.
                part: (plan.windows.len() > 1).then_some((number + 1, plan.windows.len())),
            };
            let call = Call {
                system: fixed.system.clone(),
                user: self.prompts.user(&sources, None)?,
                schema: fixed.schema.clone(),
                max_output_tokens: most_output(self.form, route.fields.len()),
            };
            Ok(self.with_room(call))
        });
        let calls: Vec<Call> = calls.collect::<Result<_, PromptError>>()?;
        let (done, of) = (AtomicUsize::new(0), calls.len());
        let answers = calls.iter().map(async |call| {
            let answer = self.answer(route, call, (session, session.allowance.with_own_call())).await;
            session.tell(Step::Reading { done: done.fetch_add(1, Ordering::Relaxed) + 1, of });
            answer
        });
        // All are heard to the end, so that every reply that was paid for is kept.
        let answers: Vec<_> = join_all(answers).await.into_iter().collect::<Result<_, _>>()?;
        let mut reading = FirstReading {
            told: Told::default(),
            coverage: 1.0,
            covered: Covered::default(),
            unread: Vec::new(),
            context_tokens: plan.context_tokens,
            fixed_tokens: fixed.tokens,
        };
        let mut read = vec![false; plan.blocks.len()];
        for (window, (answer, failure)) in plan.windows.iter().zip(answers) {
            match failure {
                None => read[window.from..window.end].fill(true),
                Some(why) => {
                    reading.unread.extend(unread_part(conversation, &plan.blocks[window.own..window.end], why))
                }
            }
            merge(&mut reading.told, shown.told(answer));
        }
        reading.covered = Covered::of(&plan.blocks, &read);
        reading.coverage = reading.covered.share();
        Ok(reading)
    }

    /// Looks at some fields again, in the messages of the newest batch most likely to state them; `None` when that costs more than
    /// `most_tokens`. Beside what was said stands why the look failed, if it did.
    pub async fn read_again(
        &self,
        route: &Route,
        (conversation, fields): (&Conversation, &[&Field]),
        positions: &[usize],
        (session, most_tokens): (&Session<'_>, usize),
    ) -> Result<Option<(Told, Option<Failure>)>, ReadError> {
        let shown = Shown::new(route, conversation);
        let conversation = shown.conversation();
        let mut chosen = blocks_from(conversation, Start::of_newest(conversation).document, self.window_tokens);
        chosen.retain(|block| positions.contains(&block.position));
        let sources = Sources { conversation, blocks: &chosen, part: None };
        let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
        let call = Call {
            system: self.prompts.system_again(route, fields)?.into(),
            user: self.prompts.user(&sources, Some(&keys))?,
            schema: self.fixed(route)?.schema_again.clone(),
            max_output_tokens: most_output(AnswerForm::Records, keys.len()),
        };
        if estimate(&call.system) + estimate(&call.user) > most_tokens {
            return Ok(None);
        }
        let call = self.with_room(call);
        let (answer, failure) = self.answer(route, &call, (session, session.allowance.clone())).await?;
        let mut told = shown.told(answer);
        told.prose.clear();
        told.claims.retain(|claim| keys.contains(&claim.field.as_str()));
        Ok(Some((told, failure)))
    }

    /// Room for the answer as the settings say, where they do: models that think before they write need more.
    fn with_room(&self, call: Call) -> Call {
        Call { max_output_tokens: self.max_output_tokens.unwrap_or(call.max_output_tokens), ..call }
    }

    /// The answer to a call, and why it does not count as read, if it does not.
    async fn answer(
        &self,
        route: &Route,
        call: &Call,
        (session, allowance): (&Session<'_>, Allowance),
    ) -> Result<(Answer, Option<Failure>), NotKept> {
        let spending = (session, &allowance);
        let reply = match self.ask(call, spending).await? {
            Err(Failure::CutOff) => {
                // The answer needed more room than usual; a part of an answer is not the truth.
                let sent = ((estimate(&call.system) + estimate(&call.user)) as f64 * CAREFUL) as usize;
                let left = u32::try_from(self.context_tokens.saturating_sub(sent)).unwrap_or(u32::MAX);
                let most = call.max_output_tokens.saturating_mul(2).min(left.max(call.max_output_tokens));
                self.ask(&Call { max_output_tokens: most, ..call.clone() }, spending).await?
            }
            other => other,
        };
        let reply = match reply {
            Ok(reply) => reply,
            Err(failure) => return Ok((Answer::default(), Some(failure))),
        };
        let (problem, saved) = match Answer::read(&reply.text, route) {
            Ok(answer) => return Ok((answer, None)),
            Err(damaged) => damaged,
        };
        let failure = Failure::Garbled(problem.to_string());
        let (again, least) = match problem {
            // Written anew it must hold all that was there, or something was lost on the way.
            Unreadable::Damaged { lost } => (repair(call, &reply), saved.records.len() + lost),
            // What was no answer cannot be mended, only asked for again.
            Unreadable::NoJson | Unreadable::OtherShape => (insist(call), 0),
        };
        if reply.text.len() > MOST_REPAIR_BYTES || !session.may_repair(&again, &self.name) {
            return Ok((saved, Some(failure)));
        }
        let mended = self.ask(&again, spending).await?;
        Ok(match mended.map(|reply| Answer::read(&reply.text, route)) {
            Ok(Ok(answer)) if answer.records.len() >= least => (answer, None),
            _ => (saved, Some(failure)),
        })
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
                .into(),
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

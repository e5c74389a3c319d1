//! Reading with a model: all messages once, then one second look at required
//! fields that nobody was found to state, in the messages most likely to state
//! them. Code judges in between and after; when the model cannot be reached,
//! the brief is the rules' own and says so, and the gate stays shut.

use std::time::Instant;

use super::second_look::looks;
use super::{Case, Desk, Outcome, Reading, Request, Rules};
use crate::brief::{Engine, EngineKind, Usage};
use crate::conversation::{Conversation, Warning};
use crate::intake;
use crate::llm::{FirstReading, PromptError, Reader, Session, UnreadPart};
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
/// Second looks of one handoff.
const MOST_LOOKS: usize = 2;

/// Reads with a model and judges; falls back to the rules alone when the model gives nothing.
pub async fn read(request: Request<'_>, reader: &Reader, rules: Rules) -> Result<Outcome, PromptError> {
    let started = Instant::now();
    let Request { route, conversation, known, as_of } = request;
    let participants = intake::participants(&conversation);
    let case = Case { route, known, as_of };
    let (first, session) = reader.read(route, &conversation).await?;
    let mut brief = {
        let desk = Desk::new(&case, &conversation, &participants);
        let mut reading = Reading { rules, ..as_reading(reader, first, &conversation) };
        let brief = desk.judge(Some(&reading));
        // What was not read may hold what is missing; looking twice at the rest would not help.
        // A model that is measured alone is measured by what it says at once.
        let twice = rules == Rules::Beside && reading.coverage >= 1.0;
        let looked = twice && look_again(reader, &desk, &brief, (&mut reading, &session)).await?;
        let mut brief = if looked { desk.judge(Some(&reading)) } else { brief };
        spend(reader, &session, &mut brief.usage);
        brief
    };
    brief.usage.milliseconds = started.elapsed().as_millis() as u64;
    Ok(Outcome { brief, conversation })
}

fn as_reading(reader: &Reader, first: FirstReading, conversation: &Conversation) -> Reading {
    let degraded = first.coverage <= 0.0 && !first.unread.is_empty();
    let warnings = first.unread.iter().map(|part| warning(part, conversation)).collect();
    Reading {
        engine: Engine {
            kind: if degraded { EngineKind::Extractive } else { EngineKind::Llm },
            model: Some(reader.name().to_owned()),
            prompt: Some(reader.prompt_version().to_owned()),
            degraded,
        },
        told: first.told,
        coverage: first.coverage,
        warnings,
        rules: Rules::Beside,
        left_out: reader.left_out(),
        usage: Usage {
            context_tokens: Some(first.context_tokens as u64),
            fixed_tokens: Some(first.fixed_tokens as u64),
            ..Usage::default()
        },
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
    (reading, session): (&mut Reading, &Session),
) -> Result<bool, PromptError> {
    let wanted = looks(desk, brief, &reading.told);
    let mut told = false;
    for group in wanted.chunks(MOST_FIELDS).take(MOST_LOOKS) {
        let most_tokens = allowed(reading, session);
        let Some((fields, positions)) = fitting(desk, group, most_tokens) else { continue };
        let looked = reader
            .read_again(desk.case.route, (desk.conversation, &fields), &positions, (session, most_tokens))
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

/// Tokens that a second look may still cost.
fn allowed(reading: &Reading, session: &Session) -> usize {
    let context = reading.usage.context_tokens.unwrap_or_default() as usize;
    if (context as f64 * ESTIMATED_LOW) < SMALL_CONTEXT as f64 {
        return SMALL_CONTEXT;
    }
    let fixed = reading.usage.fixed_tokens.unwrap_or_default() as usize;
    let most = (context as f64 * MOST_OF_CONTEXT) as usize + fixed;
    most.saturating_sub(session.tokens().input as usize)
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

fn spend(reader: &Reader, session: &Session, usage: &mut Usage) {
    let tokens = session.tokens();
    usage.calls = Some(u64::from(session.allowance.used()));
    usage.input_tokens = Some(tokens.input);
    usage.cached_tokens = Some(tokens.cached);
    usage.output_tokens = Some(tokens.output);
    usage.cost = reader.cost(tokens);
}

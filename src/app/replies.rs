//! Replies by mail, taken when their source is read: known by the message that
//! they answer and by who wrote it, cut into answers, and each checked as a
//! form's is. Everything is written with the reading that found it, so that no
//! reply counts twice and none is forgotten.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::Refusal;
use super::changing::{Told, write_down};
use super::mailed::{Found, Mailed, author_of};
use crate::answers::{self, Answer, AnswerKind, Dismissal, FieldPatch, Patch, Person, SourcePatch, told_by};
use crate::asking::replies::{
    Meant, Part, Put, Sent, Unclear, Why, alone, dismissal, field_of, head_of, own_words, taken, understand,
};
use crate::asking::{self, key_of, source_of};
use crate::brief::{Brief, Evidence, FieldState, Gap, Tier};
use crate::conversation::{Segment, SegmentKind, Side};
use crate::handoff::{Actor, EventKind, HandoffId};
use crate::route::{Field, Ordered, Route};
use crate::store::{self, Handoff, Happening, Said, Tx, Workspace};
use crate::wording::wrong_side_reason;

/// An answer of more bytes is none that a form would take.
const MOST_ANSWER_BYTES: usize = 20_000;

/// What a reading knows when replies are looked for in it.
pub(super) struct Reread<'a> {
    /// As it stood before this reading.
    pub row: &'a Handoff,
    pub route: &'a Route,
    /// The new reading.
    pub base: &'a Brief,
    pub said: &'a Said,
    pub found: &'a [Found],
}

/// What replies came to.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub adds: Said,
    /// For the log, by who answered.
    pub told: Vec<(Actor, Json)>,
}

/// Takes the replies that were not taken before, and writes down with the requests what came of them.
pub(super) async fn take(
    tx: &mut Tx<'_>,
    owner: (&Workspace, &HandoffId),
    reread: Reread<'_>,
    now: Timestamp,
) -> Result<Taken, Refusal> {
    let mut taken = Taken::default();
    let Some(before) = &reread.row.brief else { return Ok(taken) };
    if reread.found.is_empty() {
        return Ok(taken);
    }
    let mut requests = store::list_requests(tx.reading().await?, owner).await?;
    for (place, found) in reread.found.iter().enumerate() {
        let (one, letter) = (&found.mailed, &found.letter);
        if found.is_taken(&requests) {
            continue;
        }
        let Some(request) = requests.iter_mut().find(|one| Some(&one.id) == letter.request.as_ref()) else { continue };
        let id = one.message.id.to_string();
        // What is said later counts later.
        let now = now + SignedDuration::from_millis(i64::try_from(place).unwrap_or_default());
        let desk = Desk {
            reread: &reread,
            before,
            one,
            by: author_of(letter, one),
            earlier: &taken.adds,
            shown: shown_for_a_yes(request, &letter.words.text),
            now,
        };
        let reply = desk.read(found);
        let actor = Actor::Person { name: desk.by.name.clone(), email: desk.by.email.clone(), key: letter.id.clone() };
        let answered: Vec<&str> = reply.said.answers.iter().map(|answer| answer.field.as_str()).collect();
        let dismissed: Vec<&str> = reply.said.dismissals.iter().map(|one| one.source.as_str()).collect();
        let settled = |key: &str| answered.contains(&key) || dismissed.iter().any(|name| key == source_of(name));
        request.unclear.retain(|one| !settled(&one.key) && reply.unclear.iter().all(|new| new.key != one.key));
        request.unclear.extend(reply.unclear.iter().cloned());
        request.replies.extend(found.marks());
        store::save_request(tx, owner, request).await?;
        // A plan that was made before knows nothing of it.
        store::watch(tx, owner).await?;
        if !answered.is_empty() || !dismissed.is_empty() {
            let what =
                json!({"by": desk.by, "fields": answered, "sources": dismissed, "message": id, "reply_to": letter.id});
            taken.told.push((actor.clone(), what));
        }
        if !reply.unclear.is_empty() {
            let open: Vec<Json> =
                reply.unclear.iter().map(|one| json!({"question": one.key, "code": one.code})).collect();
            let what = json!({"request": request.id, "message": id, "reply_to": letter.id, "unclear": open});
            let detail = json!({"actor": actor, "what": what});
            let kind = EventKind::RequestUnclear;
            store::append(tx, owner.0, &Happening { kind, handoff: Some(owner.1), version: None, detail }, now).await?;
        }
        taken.adds.answers.extend(reply.said.answers);
        taken.adds.dismissals.extend(reply.said.dismissals);
    }
    Ok(taken)
}

/// Tells in the log what people answered by mail.
pub(super) async fn tell(
    tx: &mut Tx<'_>,
    place: (&Workspace, &Handoff),
    told: Vec<(Actor, Json)>,
    now: Timestamp,
) -> Result<(), Refusal> {
    for (actor, detail) in told {
        write_down(tx, place, (&actor, Told { kind: EventKind::Answered, detail }), now).await?;
    }
    Ok(())
}

/// One reply beside what is known.
struct Desk<'a> {
    reread: &'a Reread<'a>,
    before: &'a Brief,
    one: &'a Mailed,
    by: Person,
    /// What replies of the same reading answered before it.
    earlier: &'a Said,
    /// Earlier words of theirs that the message showed them for a yes, by the question's key.
    shown: Vec<(String, String)>,
    now: Timestamp,
}

/// What the message behind a reply asked the person to say yes to.
fn shown_for_a_yes(request: &asking::Request, text: &str) -> Vec<(String, String)> {
    let said = |one: &&Unclear| !one.said.is_empty() && text.contains(one.said.as_str());
    let shown = request.unclear.iter().filter(said);
    shown.filter_map(|one| Some((one.key.clone(), one.offer.clone()?))).collect()
}

/// What one reply came to.
#[derive(Default)]
struct Reply {
    said: Said,
    unclear: Vec<Unclear>,
}

impl Desk<'_> {
    fn read(&self, found: &Found) -> Reply {
        let text = &self.one.message.text;
        let (sent, mut parts, loose) = (&found.sent, found.cut.parts.clone(), &found.cut.loose);
        let is_numbered = !parts.is_empty();
        let mut reply = Reply::default();
        let answered: Vec<usize> = parts.iter().map(|part| part.item).collect();
        for place in (0..sent.count()).filter(|place| !answered.contains(place)) {
            reply.said.answers.extend(sent.head(place).and_then(|head| self.in_words(head)));
        }
        if !is_numbered && let Some(place) = loose.first() {
            // One question and one answer need no number; with several, nobody can tell which is meant.
            let only = if loose.len() == 1 && sent.count() == 1 { alone(text, place) } else { None };
            match only {
                _ if !reply.said.answers.is_empty() => {}
                Some(place) => parts.push(Part { item: 0, place, doubt: None, goes_on: false }),
                None => self.leave_open(sent, text.get(place.clone()).unwrap_or_default(), &mut reply),
            }
        }
        for part in &parts {
            let Some(head) = sent.head(part.item) else { continue };
            match field_of(self.reread.route, head).and_then(|key| self.reread.route.field(key)) {
                Some(field) => self.take_field((field, head), (part, is_numbered), &mut reply),
                None => self.take_source(head, part, &mut reply),
            }
        }
        reply
    }

    /// Words that answer no question for certain are said beside the first one that is open.
    fn leave_open(&self, sent: &Sent, words: &str, reply: &mut Reply) {
        let keys = sent.heads().filter_map(|head| field_of(self.reread.route, head));
        let mut open = keys.filter_map(|key| self.reread.route.field(key)).filter(|field| self.is_open(field));
        if let Some(field) = open.next() {
            self.note(field, words, &Why::Unnumbered, reply);
        }
    }

    /// What was read out of this reply for a question of it, where nothing speaks against it but whose side said it: the
    /// one who was asked said it.
    fn in_words(&self, head: &str) -> Option<Answer> {
        let key = field_of(self.reread.route, head)?;
        let (field, read) = (self.reread.route.field(key)?, self.reread.base.fields.find(key)?);
        let [only] = read.candidates.as_slice() else { return None };
        let own = |one: &Evidence| {
            let segments = &self.one.message.segments;
            let is_in = |segment: &Segment| {
                let (start, end) = (one.start.unwrap_or_default(), one.end.unwrap_or(usize::MAX));
                segment.kind == SegmentKind::Body && segment.start <= start && end <= segment.end
            };
            one.message == self.one.message.id && segments.iter().any(is_in)
        };
        let is_plain = read.state == FieldState::Unconfirmed
            && only.reason == wrong_side_reason(field.said_by, Side::Ours)
            && !only.evidence.is_empty()
            && only.evidence.iter().all(own);
        if !is_plain || !self.is_open(field) {
            return None;
        }
        let at = self.one.message.at.map_or(self.now, |at| at.min(self.now));
        let mut answer = self.check(field, FieldPatch::Value(only.value.clone()), at).ok()?;
        if let AnswerKind::Value { evidence, .. } = &mut answer.kind {
            evidence.clone_from(&only.evidence);
        }
        answer.seen.extend(told_by(key, read, self.one.message.id));
        Some(Answer { at: self.now, written_at: Some(at), ..answer })
    }

    fn note(&self, field: &Field, words: &str, why: &Why, reply: &mut Reply) {
        reply.unclear.push(Unclear {
            key: field.key.clone(),
            code: why.code().to_owned(),
            said: why.said(field, words),
            message: self.one.message.id.to_string(),
            offer: None,
        });
    }

    fn take_field(&self, (field, head): (&Field, &str), (part, is_numbered): (&Part, bool), reply: &mut Reply) {
        let text = &self.one.message.text;
        let place = own_words(text, &part.place, field, part.goes_on);
        let words = text.get(place.clone()).unwrap_or_default();
        if words.is_empty() {
            return;
        }
        let answer = match part.doubt {
            Some(doubt) => Err(Why::Doubt(doubt)),
            None if words.len() > MOST_ANSWER_BYTES => Err(Why::Unread),
            None => self.answer((field, head), words, is_numbered),
        };
        let is_offered = matches!(answer, Err(Why::Perhaps));
        match answer {
            Ok(None) => {}
            Ok(Some(mut answer)) => {
                if let AnswerKind::Value { evidence, .. } = &mut answer.kind {
                    evidence.insert(0, self.evidence(words, place.start));
                }
                reply.said.answers.push(answer);
            }
            Err(why) => self.note(field, words, &why, reply),
        }
        if let Some(noted) = reply.unclear.last_mut().filter(|_| is_offered) {
            noted.offer = Some(words.to_owned());
        }
    }

    /// The answer to a field as a form's would be; none where it only says again what stands.
    fn answer(&self, (field, head): (&Field, &str), words: &str, is_numbered: bool) -> Result<Option<Answer>, Why> {
        let gap = self.before.gaps.iter().find(|gap| gap.field.as_deref() == Some(field.key.as_str()));
        let asked = |gap: &&Gap| head == head_of(&field.label, &gap.question);
        // Days are counted from when it was written, but not from a day to come.
        let at = self.one.message.at.map_or(self.now, |at| at.min(self.now));
        let is_same = gap.as_ref().is_some_and(asked);
        let offered = self.shown.iter().find(|(key, _)| *key == field.key).map(|(_, words)| words.as_str());
        let put = Put { field, gap, is_same, is_numbered, by: &self.by.label(), at, offered };
        let (patch, is_plain) = match understand(words, &put)? {
            Meant::Answer(patch) => (patch, true),
            Meant::Perhaps(words) => (taken(&words, field), false),
        };
        let mut answer = self.check(field, patch, at)?;
        let known = self.before.fields.find(&field.key);
        if !self.is_open(field) {
            let same = matches!((&answer.kind, known), (AnswerKind::Value { value, .. }, Some(known)) if *value == known.value);
            return match self.is_outdated(field) {
                _ if same => Ok(None),
                true => Err(Why::Outdated),
                false => Err(Why::Meanwhile(field.label.clone())),
            };
        }
        if !is_plain {
            return Err(Why::Perhaps);
        }
        // Whoever wrote it knows what stands in it.
        if let Some(read) = self.reread.base.fields.find(&field.key) {
            answer.seen.extend(told_by(&field.key, read, self.one.message.id));
        }
        Ok(Some(Answer { at: self.now, written_at: Some(at), ..answer }))
    }

    fn check(&self, field: &Field, patch: FieldPatch, at: Timestamp) -> Result<Answer, Why> {
        let fields = Ordered(vec![(field.key.clone(), patch)]);
        let patch = Patch { by: None, fields, sources: Ordered(Vec::new()) };
        match answers::check(&patch, self.before, self.reread.route, &self.by, at) {
            Ok((mut answers, _)) => answers.pop().ok_or(Why::Unread),
            Err(refusals) => {
                let detail = refusals.first().map(|one| one.detail.as_str()).unwrap_or_default();
                // The question stands right beside it.
                Err(Why::Refused(detail.split(&field.question).next().unwrap_or(detail).trim().to_owned()))
            }
        }
    }

    fn take_source(&self, head: &str, part: &Part, reply: &mut Reply) {
        let text = &self.one.message.text;
        let words = text.get(part.place.clone()).unwrap_or_default().trim();
        let fits = |gap: &&Gap| gap.source.as_ref().is_some_and(|source| head == head_of(source, &gap.question));
        let Some(gap) = self.before.gaps.iter().find(fits) else { return };
        let (Some(source), Some(key)) = (&gap.source, key_of(gap)) else { return };
        let why = match dismissal(words) {
            _ if part.doubt.is_some() || words.len() > MOST_ANSWER_BYTES => Some(Why::Unread),
            Err(why) => Some(why),
            Ok(_) if self.is_dismissed_since(source) => Some(Why::Outdated),
            Ok(dismissed) => {
                let sources = Ordered(vec![(source.clone(), SourcePatch { dismissed })]);
                let patch = Patch { by: None, fields: Ordered(Vec::new()), sources };
                match answers::check(&patch, self.before, self.reread.route, &self.by, self.now) {
                    Ok((_, dismissals)) => {
                        let written_at = self.one.message.at.map(|at| at.min(self.now));
                        let own = dismissals.into_iter().map(|one| Dismissal { written_at, ..one });
                        reply.said.dismissals.extend(own);
                        None
                    }
                    Err(_) => Some(Why::NoReason),
                }
            }
        };
        let Some(why) = why.filter(|_| !words.is_empty()) else { return };
        let said = why.said_of_source(words);
        let message = self.one.message.id.to_string();
        reply.unclear.push(Unclear { key, code: why.code().to_owned(), said, message, offer: None });
    }

    /// Whether the question waits for this person: nobody has settled it, or they have themselves, before they wrote this.
    fn is_open(&self, field: &Field) -> bool {
        let is_settled = self.before.fields.find(&field.key).is_some_and(|brief| brief.state.is_settled());
        let is_taken = self.earlier.answers.iter().any(|answer| answer.field == field.key);
        match self.own_last(field) {
            Some(_) => !self.is_outdated(field),
            None => !is_settled && !is_taken,
        }
    }

    /// Whether the person answered it again after they wrote this: mails can come late, and in any order.
    fn is_outdated(&self, field: &Field) -> bool {
        let written = |last: &Answer| last.written_at.unwrap_or(last.at);
        self.own_last(field).zip(self.one.message.at).is_some_and(|(last, at)| written(last) > at)
    }

    /// Whether somebody said later than this was written that the source does not matter: their reason stands.
    fn is_dismissed_since(&self, source: &str) -> bool {
        let all = self.reread.said.dismissals.iter().chain(&self.earlier.dismissals);
        let last = all.filter(|one| one.source == source).max_by_key(|one| one.at);
        let written = |last: &Dismissal| last.written_at.unwrap_or(last.at);
        last.zip(self.one.message.at).is_some_and(|(last, at)| written(last) > at)
    }

    /// The last answer to it, if it is this person's.
    fn own_last(&self, field: &Field) -> Option<&Answer> {
        let all = self.reread.said.answers.iter().chain(&self.earlier.answers);
        let last = all.filter(|answer| answer.field == field.key).max_by_key(|answer| answer.at);
        last.filter(|answer| is_same_address(answer.by.email.as_deref(), self.by.email.as_deref()))
    }

    fn evidence(&self, words: &str, start: usize) -> Evidence {
        let message = &self.one.message;
        Evidence {
            source: self.one.source.clone(),
            message: message.id,
            quote: words.to_owned(),
            start: Some(start),
            end: Some(start + words.len()),
            author: message.author.label().map(str::to_owned),
            at: message.at,
            tier: Tier::Exact,
        }
    }
}

fn is_same_address(one: Option<&str>, other: Option<&str>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one.eq_ignore_ascii_case(other))
}

//! How people are reached: whether a way works, what waits for it, what became
//! of the messages, and a test message that somebody sends to themselves, by
//! the road that all others take.

use std::sync::Arc;

use serde_json::json;

use super::members::Visitor;
use super::unsent::{Unsent, count_unsent_in};
use super::{App, Refusal, random_id};
use crate::asking::{self, Person, Purpose};
use crate::handoff::{EventKind, HandoffId};
use crate::store::{self, Fault, Happening, Letter, NewLetter, SlipSeen};

/// Messages of which an attempt failed that are looked at for the last of each way.
const LOOKED_AT: u32 = 50;
/// Mails that belong to no question that are shown.
const MOST_SLIPS: u32 = 20;

/// How people of a workspace are reached.
#[derive(Debug, Clone)]
pub struct Reached {
    /// What is due and has not left, by its way.
    pub unsent: Vec<Unsent>,
    /// The newest message of each way of which an attempt failed, and that has not left since.
    pub troubled: Vec<(&'static str, Letter)>,
    /// How many messages stand where.
    pub counts: Vec<(String, u64)>,
    pub mailed: Mailed,
    /// Messages to people before a place, newest first, those of one state or all.
    pub letters: Vec<Letter>,
}

/// Mails that belong to no question: invitations, codes, notices.
pub type Mailed = Vec<SlipSeen>;

/// By which way somebody writes to themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestWay {
    /// To the address of their account.
    Mail,
    /// To this id of Slack's.
    Slack(String),
}

impl App {
    /// How the people of the visitor's workspace are reached, all of one moment, with
    /// the messages of one state or of all, before a place and at most so many.
    pub async fn reached(
        &self,
        visitor: &Visitor,
        (state, before, limit): (Option<&str>, Option<i64>, u32),
    ) -> Result<Reached, Fault> {
        let workspace = &visitor.member.workspace;
        let workspaces = std::slice::from_ref(workspace);
        let mut reader = self.store.snapshot().await?;
        let unsent = count_unsent_in(&mut reader, (&self.settings, workspaces), self.now()).await?;
        let counts = store::count_letters(&mut reader, workspace).await?;
        let mailed = store::list_slips(&mut reader, workspace, MOST_SLIPS).await?;
        let failed = store::list_troubled_letters(&mut reader, workspace, LOOKED_AT).await?;
        let letters = store::list_letters_in(&mut reader, (workspace, state), (before, limit)).await?;
        reader.rollback().await?;
        let mut troubled = Vec::new();
        for channel in ["email", "slack"] {
            let newest = failed.iter().find(|letter| self.channel_of(letter) == channel);
            troubled.extend(newest.map(|letter| (channel, letter.clone())));
        }
        Ok(Reached { unsent, troubled, counts, mailed, letters })
    }

    /// Puts down a message from the visitor to themselves; the postman takes it like any other.
    pub async fn send_test_message(self: &Arc<Self>, visitor: &Visitor, way: TestWay) -> Result<(), Refusal> {
        let member = &visitor.member;
        let person = match &way {
            TestWay::Mail if self.settings.mail.url.is_none() => {
                return Err(Refusal::invalid("/way", "not_set_up", "no mail server is set up, so it would not leave"));
            }
            TestWay::Slack(_) if !self.settings.slack.is_set() => {
                return Err(Refusal::invalid("/way", "not_set_up", "Slack is not set up, so it would not leave"));
            }
            TestWay::Slack(id) if !asking::is_slack_id(id) => {
                return Err(Refusal::invalid("/slack", "invalid", "write an id of Slack's, such as U024BE7LH"));
            }
            TestWay::Mail => Person { email: Some(member.email.clone()), ..Person::default() },
            TestWay::Slack(id) => Person { slack: Some(id.clone()), ..Person::default() },
        };
        let letter = NewLetter {
            id: random_id("ltr_"),
            request: None,
            purpose: Purpose::Test,
            person: Some(Person { role: "member".to_owned(), name: Some(member.name.clone()), ..person }),
            words: asking::write_trial(&member.name),
            asks: None,
            next_at: self.now(),
        };
        let (workspace, actor, now) = (member.workspace.clone(), visitor.actor(), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                // It is about no handoff.
                let nobody = HandoffId(format!("hnd_{}", "0".repeat(32)));
                store::add_letter(tx, (&workspace, &nobody), &letter, now).await?;
                let way = if way == TestWay::Mail { "email" } else { "slack" };
                let detail = json!({"actor": actor, "what": {"message": letter.id, "channel": way}});
                let kind = EventKind::MessageTested;
                store::append(tx, &workspace, &Happening { kind, handoff: None, version: None, detail }, now).await?;
                Ok::<_, Fault>(())
            })
        });
        write.await?;
        self.asks.notify_one();
        Ok(())
    }
}

//! What the demonstration does, step by step, over HTTP. Each step says what
//! it did and what came back, and fails when the service did anything else.

use anyhow::{Context, Result, ensure};
use serde_json::{Value as Json, json};

use super::caller::Caller;
use super::samples::{COMPLETE, INCOMPLETE, OPEN, Sample};
use super::teller::Teller;
use crate::rendering::Style::{Bad, Dim, Good, Plain, Strong};
use crate::rendering::{Style, span};
use crate::route::{self, Route};
use crate::wording::value_text;

/// Fields of the incomplete sample that are shown with their quotes: one was corrected later, one stands as it was.
const SHOWN: [&str; 2] = ["go_live_date", "contract_value"];
/// Letters of a pass that are shown: enough to see what it is.
const SHOWN_OF_PASS: usize = 24;

/// A handoff as it was answered when it came in.
#[derive(Debug)]
pub(super) struct HandedOver {
    pub id: String,
    sample: &'static Sample,
    body: Json,
}

/// Where the demonstration left its handoffs.
#[derive(Debug)]
pub(super) struct Told {
    pub moved: HandedOver,
    pub open: HandedOver,
}

/// Who tells and who calls.
pub(super) struct Story<'a> {
    pub caller: &'a Caller,
    pub teller: &'a mut Teller,
}

impl Story<'_> {
    /// Everything in order.
    pub async fn tell(mut self) -> Result<Told> {
        self.teller.step("Three handoffs come in");
        let [incomplete, complete, open] = self.hand_over().await.context("handing over")?;
        self.teller.step("What was read: every value with its quote");
        self.show_values(&incomplete).await.context("reading")?;
        self.teller.step("Every gap is one question for one person");
        self.ask(&incomplete).context("asking")?;
        self.teller.step("The gate refuses what is not complete");
        self.be_refused(&incomplete).await.context("the refusal")?;
        self.teller.step("A person answers");
        self.answer(&incomplete).await.context("answering")?;
        self.teller.step("The gate opens, and gives a pass");
        self.transfer(&complete, "nobody had to be asked").await.context("the complete one")?;
        let pass = self.transfer(&incomplete, "every question is answered").await.context("the answered one")?;
        self.verify(&incomplete, &pass).await.context("the pass")?;
        Ok(Told { moved: incomplete, open })
    }

    async fn hand_over(&mut self) -> Result<[HandedOver; 3]> {
        self.request("POST /v1/handoffs?wait=25");
        let incomplete = self.hand_over_one(&INCOMPLETE, "needs_input").await?;
        let complete = self.hand_over_one(&COMPLETE, "ready").await?;
        let open = self.hand_over_one(&OPEN, "needs_input").await?;
        Ok([incomplete, complete, open])
    }

    async fn hand_over_one(&mut self, sample: &'static Sample, expected: &str) -> Result<HandedOver> {
        let body = self.caller.post("/v1/handoffs?wait=25", &sample.body()).await?.with_status(200)?;
        let id = text(&body, "/id")?.to_owned();
        let status = text(&body, "/status")?;
        let gaps = blocking(&body).len();
        ensure!(status == expected, "{} is {status}, it should be {expected}", sample.title);
        let (style, state) = match gaps {
            0 => (Good, "ready, nothing is open".to_owned()),
            count => (Bad, format!("needs input, {count} questions")),
        };
        let (from, to) = sample.route.split_once("-to-").unwrap_or((sample.route, ""));
        let what = format!("{} files, {from} → {to}:", sample.count_files());
        self.teller.say(2, &[span(Strong, sample.title), span(Plain, format!(", {what} ")), span(style, state)]);
        Ok(HandedOver { id, sample, body })
    }

    async fn show_values(&mut self, handed: &HandedOver) -> Result<()> {
        let path = format!("/v1/handoffs/{}/brief", handed.id);
        self.request("GET /v1/handoffs/{id}/brief");
        let brief = self.caller.get(&path).await?.with_status(200)?;
        let route = shipped(handed.sample.route)?;
        for key in SHOWN {
            let value = brief.pointer(&format!("/fields/{key}/value")).filter(|value| !value.is_null());
            let value = value.with_context(|| format!("{key} has no value"))?;
            self.teller
                .say(2, &[span(Plain, format!("{}: ", label(&route, key))), span(Strong, shown(&route, key, value))]);
            self.quote(&brief, &format!("/fields/{key}/evidence/0"))?;
            if let Some(before) = brief.pointer(&format!("/fields/{key}/superseded/0/value")) {
                self.teller.say(4, &[span(Dim, format!("replaced {}", shown(&route, key, before)))]);
                self.quote(&brief, &format!("/fields/{key}/superseded/0/evidence/0"))?;
            }
        }
        let fields = brief["fields"].as_object().context("no fields")?;
        let found = fields.values().filter(|field| field["state"] == "found");
        let bare = found.clone().filter(|field| field["evidence"].as_array().is_none_or(Vec::is_empty)).count();
        ensure!(bare == 0, "{bare} values have no quote");
        let count = found.count();
        self.teller.say(2, &[span(Dim, format!("{count} values in all, none without a quote"))]);
        Ok(())
    }

    fn quote(&mut self, brief: &Json, pointer: &str) -> Result<()> {
        let evidence = brief.pointer(pointer).with_context(|| format!("no quote at {pointer}"))?;
        let (quote, source) = (text(evidence, "/quote")?, text(evidence, "/source")?);
        ensure!(!quote.trim().is_empty(), "an empty quote at {pointer}");
        let author = evidence["author"].as_str().unwrap_or("unknown");
        self.teller.say(4, &[span(Plain, format!("“{quote}”")), span(Dim, format!(" — {author}, {source}"))]);
        Ok(())
    }

    fn ask(&mut self, handed: &HandedOver) -> Result<()> {
        let gaps = blocking(&handed.body);
        ensure!(gaps.len() == 4, "there are {} questions, there should be 4", gaps.len());
        for (place, gap) in gaps.iter().enumerate() {
            let asked = text(gap, "/ask/name")?;
            let question = text(gap, "/question")?;
            let first = span(Plain, format!("  {}. ", place + 1));
            self.teller.hang(&first, &[span(Strong, question), span(Dim, format!(" → {asked}"))]);
        }
        Ok(())
    }

    async fn be_refused(&mut self, handed: &HandedOver) -> Result<()> {
        self.request("POST /v1/handoffs/{id}/transfer");
        let path = format!("/v1/handoffs/{}", handed.id);
        let refused = self.caller.post(&format!("{path}/transfer"), &json!({})).await?.with_status(409)?;
        ensure!(refused["code"] == "incomplete", "refused for another reason: {refused}");
        ensure!(blocking(&refused).len() == 4, "the refusal does not name all gaps: {refused}");
        let detail = text(&refused, "/detail")?;
        self.teller.say(2, &[span(Bad, "409 incomplete"), span(Plain, format!(": {detail}; nothing has moved"))]);
        let still = self.caller.get(&path).await?.with_status(200)?;
        ensure!(still["status"] == "needs_input", "it moved all the same: {still}");
        Ok(())
    }

    async fn answer(&mut self, handed: &HandedOver) -> Result<()> {
        self.request("PATCH /v1/handoffs/{id}/fields");
        let path = format!("/v1/handoffs/{}", handed.id);
        let seen = self.caller.get(&path).await?;
        let gaps = seen.with_status(200)?;
        let by = json!({"name": "Marcus Lee", "email": "marcus@acme.example"});
        let fields = format!("{path}/fields");
        let poor = json!({"by": by, "fields": {"data_residency": {"value": "TBD"}}});
        self.caller.patch(&fields, &seen.etag, &poor).await?.with_status(422)?;
        self.teller.say(2, &[span(Bad, "422"), span(Plain, ": “TBD” is no answer to where the data must be stored")]);
        let quarterly = candidate(&gaps, "billing_cycle", "quarterly").context("quarterly is not offered")?;
        let answers = json!({"by": by, "fields": {
            "billing_cycle": {"candidate": quarterly},
            "executive_sponsor": {"value": "Helen Brandt"},
            "data_residency": {"value": "eu"},
            "success_criteria": {"value": "Planning a day's tours takes 20 minutes instead of 90 by 30 September 2026"},
        }});
        let answered = self.caller.patch(&fields, &seen.etag, &answers).await?.with_status(200)?;
        ensure!(answered["status"] == "ready", "all is answered and it is not ready: {answered}");
        let route = shipped(handed.sample.route)?;
        let brief = self.caller.get(&format!("{path}/brief")).await?.with_status(200)?;
        for gap in blocking(&gaps) {
            let key = text(gap, "/field")?;
            let value = &brief["fields"][key]["value"];
            ensure!(brief["fields"][key]["origin"] == "person", "{key} is not known as a person's answer");
            let label = format!("{}: ", label(&route, key));
            self.teller.say(2, &[span(Plain, label), span(Strong, shown(&route, key, value))]);
        }
        self.teller.say(2, &[span(Good, "ready"), span(Dim, ", answered by Marcus Lee, who is named with each value")]);
        Ok(())
    }

    async fn transfer(&mut self, handed: &HandedOver, why: &str) -> Result<String> {
        self.request("POST /v1/handoffs/{id}/transfer");
        let moved =
            self.caller.post(&format!("/v1/handoffs/{}/transfer", handed.id), &json!({})).await?.with_status(200)?;
        ensure!(moved["status"] == "transferred", "it did not move: {moved}");
        let pass = text(&moved, "/pass")?.to_owned();
        ensure!(pass.split('.').count() == 3, "the pass is no signed token: {pass}");
        let (title, until) = (handed.sample.title, text(&moved, "/pass_expires_at")?);
        self.teller.say(
            2,
            &[span(Strong, title), span(Plain, ": "), span(Good, "transferred"), span(Plain, format!(", {why}"))],
        );
        let beginning: String = pass.chars().take(SHOWN_OF_PASS).collect();
        self.teller.say(4, &[span(Dim, format!("pass {beginning}… until {until}"))]);
        Ok(pass)
    }

    async fn verify(&mut self, handed: &HandedOver, pass: &str) -> Result<()> {
        self.request("POST /v1/passes/verify");
        let good = self.caller.post("/v1/passes/verify", &json!({"pass": pass})).await?.with_status(200)?;
        ensure!(good["valid"] == true && good["handoff"] == handed.id.as_str(), "the pass is not valid: {good}");
        self.teller.say(
            2,
            &[span(Good, "valid"), span(Plain, ": whoever moves the work can ask, or check the signature alone")],
        );
        let forged = forge(pass);
        let bad = self.caller.post("/v1/passes/verify", &json!({"pass": forged})).await?.with_status(200)?;
        ensure!(bad["valid"] == false && bad["reason"] == "bad_signature", "a forged pass is believed: {bad}");
        self.teller.say(2, &[span(Bad, "bad_signature"), span(Plain, ": the same pass with one letter changed")]);
        Ok(())
    }

    fn request(&mut self, line: &str) {
        self.teller.say(2, &[span(Style::Dim, line)]);
    }
}

/// The pass with another letter in the middle of what it says.
fn forge(pass: &str) -> String {
    let middle = pass.len() / 2;
    let swap = |(place, letter): (usize, char)| match (place == middle, letter) {
        (true, 'A') => 'B',
        (true, '.') => '.',
        (true, _) => 'A',
        (false, letter) => letter,
    };
    pass.char_indices().map(swap).collect()
}

fn blocking(body: &Json) -> Vec<&Json> {
    let gaps = body["gaps"].as_array().map(Vec::as_slice).unwrap_or_default();
    gaps.iter().filter(|gap| gap["blocking"] == true).collect()
}

/// The id under which a gap offers a value.
fn candidate<'a>(body: &'a Json, field: &str, value: &str) -> Option<&'a str> {
    let gap = body["gaps"].as_array()?.iter().find(|gap| gap["field"] == field)?;
    gap["candidates"].as_array()?.iter().find(|candidate| candidate["value"] == value)?["id"].as_str()
}

fn text<'a>(body: &'a Json, pointer: &str) -> Result<&'a str> {
    body.pointer(pointer).and_then(Json::as_str).with_context(|| format!("no text at {pointer}: {body}"))
}

fn shipped(id: &str) -> Result<Route> {
    let all = route::shipped().iter().filter_map(|(file, text)| route::load(file, text).ok());
    all.into_iter().find(|route| route.id == id).with_context(|| format!("no route {id}"))
}

fn label<'a>(route: &'a Route, key: &'a str) -> &'a str {
    route.field(key).map_or(key, |field| field.label.as_str())
}

fn shown(route: &Route, key: &str, value: &Json) -> String {
    route.field(key).map_or_else(|| value.to_string(), |field| value_text(field, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_pass_differs_in_one_letter() {
        for pass in ["eyJh.eyJz.c2ln", "AAAAAAAAA", "BBBB"] {
            let forged = forge(pass);
            let differing = pass.chars().zip(forged.chars()).filter(|(one, other)| one != other).count();
            assert_eq!((forged.len(), differing), (pass.len(), 1), "{pass} {forged}");
        }
    }

    #[test]
    fn every_sample_is_a_request_for_a_shipped_route() {
        for sample in [&INCOMPLETE, &COMPLETE, &OPEN] {
            assert!(shipped(sample.route).is_ok(), "{}", sample.title);
            assert_eq!(sample.body()["sources"].as_array().map(Vec::len), Some(sample.count_files()));
        }
    }
}

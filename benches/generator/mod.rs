//! Writes a handoff of any length, the same one every time: e-mails with
//! quoted history and signatures, calls, chat threads and a CRM record about
//! one deal, with facts, questions, answers, corrections and the small talk
//! between them. Longer means more messages, mails, calls and threads, never
//! longer messages.

mod phrases;

use std::fmt::Write;

use baton::intake::Input;
use jiff::{Timestamp, ToSpan};
use phrases::*;

/// Messages for 1,000 tokens (`o200k_base`) of what people wrote.
const MESSAGES_PER_THOUSAND_TOKENS: usize = 6;
/// Messages between two calls: those of one part of the handoff.
const MESSAGES_A_PART: usize = 60;

/// A handoff of about this many tokens as the files a person would give.
pub fn handoff(tokens: usize) -> Vec<Input> {
    let mut left = (tokens * MESSAGES_PER_THOUSAND_TOKENS / 1000).max(3);
    let mut writer = Writer::new();
    let mut inputs = vec![writer.record()];
    let mut part = 0;
    while left > 0 {
        let messages = left.min(MESSAGES_A_PART);
        let (mails, said) = ((messages * 18 / 60).max(1), messages * 16 / 60);
        writer.history.clear();
        for number in 0..mails {
            inputs.push(writer.mail(part, number));
        }
        inputs.push(writer.call(part, messages - mails - said));
        if said > 0 {
            inputs.push(writer.thread(part, said));
        }
        left -= messages;
        part += 1;
    }
    inputs
}

#[derive(Clone, Copy)]
struct Person {
    name: &'static str,
    title: &'static str,
    address: &'static str,
    handle: &'static str,
}

const OURS: [Person; 3] = [
    Person { name: "Marcus Lee", title: "Account Executive", address: "marcus.lee@acme.example", handle: "U01MARCUS" },
    Person { name: "Ines Duarte", title: "Onboarding Manager", address: "ines@acme.example", handle: "U02INESDU" },
    Person { name: "Noah Brandt", title: "Sales Engineer", address: "noah.brandt@acme.example", handle: "U03NOAHBR" },
];

const THEIRS: [Person; 5] = [
    Person {
        name: "Dana Whitfield",
        title: "Director of Planning",
        address: "dana@northwind.example",
        handle: "U04DANAWH",
    },
    Person { name: "Tomas Rehn", title: "IT Lead", address: "tomas.rehn@northwind.example", handle: "U05TOMASR" },
    Person { name: "Priya Raman", title: "Controller", address: "priya@northwind.example", handle: "U06PRIYAR" },
    Person { name: "Helen Okafor", title: "VP Operations", address: "helen@northwind.example", handle: "U07HELENO" },
    Person { name: "Lukas Meyer", title: "Depot Manager", address: "l.meyer@northwind.example", handle: "U08LUKASM" },
];

struct Writer {
    state: u64,
    now: Timestamp,
    /// The mails of this part so far, each as name, date line and text, the newest last.
    history: Vec<(&'static str, String, String)>,
}

impl Writer {
    fn new() -> Self {
        let now = "2026-01-05T08:00:00Z".parse().unwrap_or_default();
        Writer { state: 0x9e37_79b9_7f4a_7c15, now, history: Vec::new() }
    }

    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % bound
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    fn pass_minutes(&mut self, most: usize) {
        let minutes = 1 + self.below(most) as i64;
        self.now += minutes.minutes();
    }

    /// A template with its places filled: `{date}`, `{money}`, `{count}`, `{person}`, `{system}`, `{place}`, `{thing}`.
    fn fill(&mut self, template: &str) -> String {
        let mut filled = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, tail)) = after.split_once('}') else { break };
            filled.push_str(before);
            filled.push_str(&self.word(name));
            rest = tail;
        }
        filled + rest
    }

    fn word(&mut self, name: &str) -> String {
        let (day, month) = (1 + self.below(28), self.pick(&MONTHS));
        match name {
            "date" => match self.below(4) {
                0 => format!("{month} {day}"),
                1 => format!("{day} {month} 2026"),
                2 => format!("2026-0{}-{day:02}", 3 + self.below(7)),
                _ => format!("{} {month} {day}", self.pick(&WEEKDAYS)),
            },
            "money" => {
                let (thousands, rest) = (12 + self.below(180), self.below(10) * 100);
                match self.below(3) {
                    0 => format!("${thousands},{rest:03}"),
                    1 => format!("USD {thousands},{rest:03}"),
                    _ => format!("{thousands}k dollars"),
                }
            }
            "count" => (2 + self.below(400)).to_string(),
            "months" => self.pick(&[12, 24, 36, 48]).to_string(),
            "person" => self.pick(&THEIRS).name.to_owned(),
            "mail" => self.pick(&THEIRS).address.to_owned(),
            "system" => self.pick(&SYSTEMS).to_owned(),
            "place" => self.pick(&PLACES).to_owned(),
            "cycle" => self.pick(&["monthly", "quarterly", "yearly"]).to_owned(),
            "paper" => self.pick(&["enterprise agreement", "standard contract", "paid pilot"]).to_owned(),
            _ => format!("{} {}", self.pick(&ADJECTIVES), self.pick(&THINGS)),
        }
    }

    /// Small talk and work that fills no field, out of parts, so that hardly any sentence comes twice.
    fn remark(&mut self) -> String {
        let template =
            format!("{} {} {} {}.", self.pick(&OPENERS), self.pick(&DOERS), self.pick(&DEEDS), self.pick(&TAILS));
        self.fill(&template)
    }

    fn sentences(&mut self, count: usize) -> String {
        let mut text = String::new();
        for _ in 0..count {
            let sentence = if self.below(4) == 0 {
                let fact = self.pick(&FACTS);
                self.fill(fact)
            } else {
                self.remark()
            };
            text.push_str(if text.is_empty() { "" } else { " " });
            text.push_str(&sentence);
        }
        text
    }

    fn record(&mut self) -> Input {
        let text = concat!(
            "{\"hs_object_id\": \"18844520013\", \"dealname\": \"Northwind - Planning\", \"dealstage\": \"closedwon\", ",
            "\"amount\": \"86400\", \"deal_currency_code\": \"USD\", \"closedate\": \"2026-02-23T23:10:00Z\", ",
            "\"company\": \"Northwind Logistics\", \"contract_type\": \"enterprise\", \"billing_cycle\": \"\", ",
            "\"go_live_date\": null, \"data_residency\": \"TBD\", \"owner_name\": \"Marcus Lee\"}"
        );
        input("deal.json".to_owned(), text.to_owned())
    }

    /// A mail that quotes the one before it under its signature, every third one answering between the lines.
    fn mail(&mut self, part: usize, number: usize) -> Input {
        self.pass_minutes(900);
        let (from, to) = if number.is_multiple_of(2) {
            (&OURS[self.below(OURS.len())], &THEIRS[self.below(THEIRS.len())])
        } else {
            (&THEIRS[self.below(THEIRS.len())], &OURS[self.below(OURS.len())])
        };
        let first = to.name.split(' ').next().unwrap_or_default();
        let asked = self.pick(&TURNS);
        let (question, count) = (self.fill(asked.0), 5 + self.below(4));
        let body = format!("Hi {first},\n\n{}\n\n{question}", self.sentences(count));
        let date = self.now.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
        let mut text = format!(
            "From: {} <{}>\nTo: {} <{}>\nSubject: Re: Northwind planning, step {part}\nDate: {date}\n\
             Message-ID: <{part}.{number}@mail.example>\n{}MIME-Version: 1.0\n\
             Content-Type: text/plain; charset=\"utf-8\"\n\n{}\n\nBest regards\n{}\n\n-- \n{}\n{}\n+1 555 01{:02} | {}\n",
            from.name,
            from.address,
            to.name,
            to.address,
            number
                .checked_sub(1)
                .map(|before| format!("In-Reply-To: <{part}.{before}@mail.example>\n"))
                .unwrap_or_default(),
            wrapped(&body, ""),
            from.name.split(' ').next().unwrap_or_default(),
            from.name,
            from.title,
            self.below(100),
            from.address,
        );
        if let Some((name, written, quoted)) = self.history.last() {
            let _ = write!(text, "\nOn {written} {name} wrote:\n\n");
            text.push_str(&wrapped(quoted, "> "));
        }
        let written = self.now.strftime("%a, %b %d, %Y at %H:%M").to_string();
        self.history.push((from.name, written, body));
        input(format!("part-{part:04}/{number:02}.eml"), text)
    }

    /// A call of two people on each side: questions by us, answers by them, and what is said around them.
    fn call(&mut self, part: usize, turns: usize) -> Input {
        let mut text = format!("WEBVTT\n\nNOTE Northwind call, recorded {}\n\n", self.now);
        let mut second = 2;
        let mut answer = None;
        for turn in 0..turns {
            let ours = turn.is_multiple_of(2);
            let speaker = if ours { &OURS[turn / 2 % 2] } else { &THEIRS[turn / 2 % 2] };
            let lead = answer.take().map(|words: &str| self.fill(words) + " ").unwrap_or_default();
            let count = 6 + self.below(4);
            let said = self.sentences(count);
            let question = ours.then(|| {
                let (question, reply) = self.pick(&TURNS);
                answer = Some(reply);
                format!(" {}", self.fill(question))
            });
            let end = second + 9 + self.below(20);
            let clock = |at: usize| format!("{:02}:{:02}:{:02}.000", at / 3600, at / 60 % 60, at % 60);
            let _ = write!(
                text,
                "{} --> {}\n<v {}>{lead}{said}{}</v>\n\n",
                clock(second),
                clock(end),
                speaker.name,
                question.unwrap_or_default()
            );
            second = end + 1;
        }
        self.now += (second as i64).seconds();
        input(format!("part-{part:04}/call.vtt"), text)
    }

    fn thread(&mut self, part: usize, messages: usize) -> Input {
        let mut all = Vec::with_capacity(messages);
        let mut first = None;
        let mut answer = None;
        for number in 0..messages {
            self.pass_minutes(120);
            let ours = number.is_multiple_of(2);
            let speaker = if ours { &OURS[self.below(OURS.len())] } else { &THEIRS[self.below(THEIRS.len())] };
            let lead = answer.take().map(|words: &str| self.fill(words) + " ").unwrap_or_default();
            let count = 3 + self.below(3);
            let mut words = lead + &self.sentences(count);
            if ours {
                let (question, reply) = self.pick(&TURNS);
                answer = Some(reply);
                words = format!("{words} {}", self.fill(question));
            }
            let stamp = format!("{}.{number:06}", self.now.as_second());
            let thread = first.get_or_insert_with(|| stamp.clone()).clone();
            all.push(serde_json::json!({
                "type": "message", "user": speaker.handle, "text": words, "ts": stamp, "thread_ts": thread,
                "user_profile": {"real_name": speaker.name, "display_name": speaker.name},
            }));
        }
        let text = serde_json::json!({"ok": true, "messages": all, "has_more": false}).to_string();
        input(format!("part-{part:04}/thread.json"), text)
    }
}

fn input(name: String, text: String) -> Input {
    Input { name, bytes: text.into_bytes(), kind: None, format: None }
}

/// Text as a mail program breaks it, each line behind a mark.
fn wrapped(text: &str, mark: &str) -> String {
    let mut lines = String::with_capacity(text.len() + text.len() / 20);
    for paragraph in text.split('\n') {
        let mut width = 0;
        lines.push_str(mark);
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            if width > 0 && width + 1 + word.len() > 72 {
                lines.push('\n');
                lines.push_str(mark);
                width = 0;
            } else if width > 0 {
                lines.push(' ');
                width += 1;
            }
            lines.push_str(word);
            width += word.len();
        }
        lines.push('\n');
    }
    lines
}

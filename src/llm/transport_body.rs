//! An answer as it comes in, piece by piece: recognised as one JSON text or as
//! a stream of events, whatever its headers say, and put together into one
//! ordinary completion. A stream that runs away is stopped while it runs.

use serde_json::{Value as Json, json};

use super::Failure;
use super::openai_answer::{Ending, calls_tools, ending_of, text_of};
use super::transport_fault::{Fault, read_inner_error};

/// No answer is larger; it bounds what a hostile endpoint can make us hold.
pub(super) const MOST_BYTES: usize = 16 * 1024 * 1024;
/// A text is looked at for running away after so many new bytes.
const LOOK_EVERY_BYTES: usize = 256;
/// An event stands on so many lines at most; each further one means reading it again from its start.
const MOST_EVENT_LINES: usize = 32;

/// What has come in so far.
#[derive(Debug, Default)]
pub(super) struct Incoming {
    bytes: usize,
    kind: Kind,
}

#[derive(Debug, Default)]
enum Kind {
    /// Nothing but white space yet.
    #[default]
    Unknown,
    Whole(Vec<u8>),
    Events(Box<Assembly>),
}

impl Incoming {
    /// Takes the next piece; true when the answer is whole and no more need be read.
    pub fn take(&mut self, mut piece: &[u8]) -> Result<bool, Fault> {
        self.bytes += piece.len();
        if self.bytes > MOST_BYTES {
            return Err(Fault::never(Failure::Garbled("the answer is larger than 16 MiB".to_owned())));
        }
        if matches!(self.kind, Kind::Unknown) {
            // A byte order mark counts as white space.
            let is_text = |byte: &u8| !byte.is_ascii_whitespace() && !b"\xEF\xBB\xBF".contains(byte);
            let Some(start) = piece.iter().position(is_text) else { return Ok(false) };
            piece = &piece[start..];
            self.kind = match piece[0] {
                b'{' | b'[' | b'<' | b'"' => Kind::Whole(Vec::new()),
                _ => Kind::Events(Box::default()),
            };
        }
        match &mut self.kind {
            Kind::Unknown => Ok(false),
            Kind::Whole(held) => {
                held.extend_from_slice(piece);
                Ok(false)
            }
            Kind::Events(assembly) => assembly.take(piece),
        }
    }

    /// Whether the answer is whole, although its stream was not closed.
    pub fn is_finished(&self) -> bool {
        matches!(&self.kind, Kind::Events(assembly) if assembly.finish.is_some())
    }

    /// The completion, once nothing more comes.
    pub fn finish(self) -> Result<Json, Fault> {
        match self.kind {
            Kind::Unknown => Err(Fault::broke_off()),
            Kind::Whole(held) => read_whole(&held),
            Kind::Events(assembly) => assembly.finish(),
        }
    }
}

fn read_whole(held: &[u8]) -> Result<Json, Fault> {
    let text = String::from_utf8_lossy(held);
    let body: Json = match serde_json::from_str(&text) {
        Ok(body) => body,
        Err(error) if error.is_eof() => {
            return Err(Fault::later(Failure::Garbled("the answer is half a JSON text".to_owned())));
        }
        Err(_) => return Err(Fault::never(Failure::Garbled("the answer is no JSON text".to_owned()))),
    };
    match read_inner_error(&body) {
        Some(fault) => Err(fault),
        None => Ok(body),
    }
}

/// A stream of events on its way to one completion.
#[derive(Debug, Default)]
struct Assembly {
    line: Vec<u8>,
    /// The start of an event whose data stands on several lines.
    half: String,
    half_lines: usize,
    content: String,
    refusal: String,
    has_choice: bool,
    calls_tools: bool,
    finish: Option<String>,
    usage: Json,
    is_done: bool,
    looked_at: usize,
}

impl Assembly {
    fn take(&mut self, piece: &[u8]) -> Result<bool, Fault> {
        let mut rest = piece;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            self.line.extend_from_slice(&rest[..end]);
            rest = &rest[end + 1..];
            let line = std::mem::take(&mut self.line);
            self.take_line(&line)?;
            if self.is_done {
                return Ok(true);
            }
        }
        self.line.extend_from_slice(rest);
        Ok(false)
    }

    /// One line. Comments, names and numbers of events say nothing about the answer.
    fn take_line(&mut self, line: &[u8]) -> Result<(), Fault> {
        let line = String::from_utf8_lossy(line);
        let Some(data) = line.trim_end_matches('\r').strip_prefix("data:") else {
            return Ok(());
        };
        let data = data.trim();
        if data == "[DONE]" {
            self.is_done = true;
            return Ok(());
        }
        if self.half.is_empty() && !data.starts_with('{') {
            return Ok(());
        }
        self.half.push_str(data);
        self.half_lines += 1;
        match serde_json::from_str::<Json>(&self.half) {
            Ok(event) => {
                self.half.clear();
                self.half_lines = 0;
                self.take_event(&event)
            }
            // The event goes on in the next line.
            Err(error) if error.is_eof() && self.half_lines < MOST_EVENT_LINES => Ok(()),
            Err(_) => Err(Fault::later(Failure::Garbled("a piece of the answer is no JSON text".to_owned()))),
        }
    }

    fn take_event(&mut self, event: &Json) -> Result<(), Fault> {
        if let Some(fault) = read_inner_error(event) {
            return Err(fault);
        }
        if let Some(usage) = event.get("usage").filter(|usage| usage.is_object()) {
            self.usage = usage.clone();
        }
        let choices = event.get("choices").and_then(Json::as_array);
        let is_first = |choice: &&Json| choice.get("index").and_then(Json::as_u64).unwrap_or(0) == 0;
        let Some(choice) = choices.and_then(|all| all.iter().find(is_first)) else { return Ok(()) };
        self.has_choice = true;
        if let Some(delta) = choice.get("delta").or_else(|| choice.get("message")) {
            self.content += &text_of(delta.get("content").unwrap_or(&Json::Null));
            self.refusal += &text_of(delta.get("refusal").unwrap_or(&Json::Null));
            self.calls_tools |= calls_tools(delta);
        }
        if let Some(finish) = choice.get("finish_reason").and_then(Json::as_str) {
            self.finish = Some(finish.to_owned());
        }
        self.look()
    }

    /// Stops what runs away; ends what is whole and only adds white space.
    fn look(&mut self) -> Result<(), Fault> {
        if self.content.len() < self.looked_at + LOOK_EVERY_BYTES {
            return Ok(());
        }
        self.looked_at = self.content.len();
        match ending_of(&self.content) {
            Ending::Usual => Ok(()),
            Ending::Whole(length) => {
                self.content.truncate(length);
                self.finish = Some("stop".to_owned());
                self.is_done = true;
                Ok(())
            }
            Ending::Runaway => Err(Fault::once(Failure::Runaway)),
        }
    }

    fn finish(mut self) -> Result<Json, Fault> {
        let last = std::mem::take(&mut self.line);
        self.take_line(&last)?;
        // Without a word about its end nobody knows whether it is whole.
        if self.finish.is_none() && !self.is_done {
            let is_answer = self.has_choice || !self.half.is_empty() || last.starts_with(b"data");
            let stranger = Failure::Garbled("the answer is no chat completion".to_owned());
            return Err(if is_answer { Fault::broke_off() } else { Fault::never(stranger) });
        }
        let tool_calls = if self.calls_tools { json!([{"type": "function"}]) } else { Json::Null };
        let message = json!({
            "role": "assistant",
            "content": self.content,
            "refusal": self.refusal,
            "tool_calls": tool_calls,
        });
        let choice = json!({"index": 0, "message": message, "finish_reason": self.finish});
        let choices = if self.has_choice { vec![choice] } else { Vec::new() };
        Ok(json!({"object": "chat.completion", "choices": choices, "usage": self.usage}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::openai_answer::read_reply;

    /// Reads an answer in pieces of every size; all must agree.
    #[track_caller]
    fn check(body: &[u8], expected: Result<&str, Failure>) {
        for size in [1, 2, 7, 64, body.len().max(1)] {
            let mut incoming = Incoming::default();
            let taken = body.chunks(size).try_for_each(|piece| match incoming.take(piece) {
                Ok(true) => Err(None),
                Ok(false) => Ok(()),
                Err(fault) => Err(Some(fault)),
            });
            let read = match taken {
                Err(Some(fault)) => Err(fault),
                _ => incoming.finish().and_then(|body| read_reply(&body)),
            };
            let read = read.map(|reply| reply.text).map_err(|fault| fault.failure);
            let shown: String = String::from_utf8_lossy(body).chars().take(200).collect();
            assert_eq!(read, expected.clone().map(str::to_owned), "in pieces of {size}: {shown}");
        }
    }

    fn event(content: &str, finish: &str) -> String {
        let finish = if finish.is_empty() { Json::Null } else { json!(finish) };
        format!("data: {}\n\n", json!({"choices": [{"delta": {"content": content}, "finish_reason": finish}]}))
    }

    fn garbled(words: &str) -> Result<&str, Failure> {
        Err(Failure::Garbled(words.to_owned()))
    }

    #[test]
    fn streams() {
        let told = event("{\"a\":", "") + &event("1}", "stop");
        let usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3}}\n\n";
        check(format!("{told}{usage}data: [DONE]\n\n").as_bytes(), Ok("{\"a\":1}"));
        check(told.as_bytes(), Ok("{\"a\":1}"));
        check(told.trim_end().as_bytes(), Ok("{\"a\":1}"));
        check(told.replace('\n', "\r\n").as_bytes(), Ok("{\"a\":1}"));
        check(format!("\u{feff}: hello\n\nevent: x\nid: 3\n{told}").as_bytes(), Ok("{\"a\":1}"));
        check(format!("{told}data: [DONE]\n\ndata: rubbish").as_bytes(), Ok("{\"a\":1}"));
        check((event("{}", "") + "data: [DONE]\n").as_bytes(), Ok("{}"));
        check(event("{}", "").replace("delta\":", "delta\":\ndata: ").replace("null", "\"eos\"").as_bytes(), Ok("{}"));
        check((event("{}", "") + "data: ping\n" + &event("", "stop")).as_bytes(), Ok("{}"));
        check(
            b"data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"no\"}}]}\ndata: [DONE]\n",
            Err(Failure::Empty),
        );
    }

    #[test]
    fn streams_that_break_off() {
        let broken = Failure::Unreachable("the answer broke off".to_owned());
        check(event("{}", "").as_bytes(), Err(broken.clone()));
        check(b"data: {\"choices\":[{\"del", Err(broken.clone()));
        check(b"", Err(broken.clone()));
        check(b"  \n", Err(broken));
        check(b"data: {\"choices\":x}\n", garbled("a piece of the answer is no JSON text"));
        check(b"Ollama is running", garbled("the answer is no chat completion"));
    }

    #[test]
    fn whole_texts() {
        check(br#" {"choices":[{"message":{"content":"{}"}}]}"#, Ok("{}"));
        check("\u{feff}{\"choices\":[{\"message\":{\"content\":\"é\"}}]}".as_bytes(), Ok("é"));
        check(b"{\"choices\":[{\"message\":{\"content\":\"a\xff\"}}]}", Ok("a\u{fffd}"));
        check(br#"{"choices":[{"mess"#, garbled("the answer is half a JSON text"));
        check(b"<html><body>hello</body></html>", garbled("the answer is no JSON text"));
        check(format!("{{\"a\":{}", "[".repeat(1_000)).as_bytes(), garbled("the answer is no JSON text"));
        check(br#"{"error":{"code":429}}"#, Err(Failure::RateLimited { wait: None }));
        check(br#"{"a":NaN}"#, garbled("the answer is no JSON text"));
    }

    #[test]
    fn errors_and_runaways_end_a_stream() {
        let limited = event("{", "") + "data: {\"error\":{\"message\":\"rate limit\",\"code\":429}}\n\n";
        check(limited.as_bytes(), Err(Failure::RateLimited { wait: None }));
        let spaces = event("{\"a\":", "") + &event(&" ".repeat(50), "").repeat(40);
        check(spaces.as_bytes(), Err(Failure::Runaway));
        let words = event("{\"a\": \"", "") + &event("ha ", "").repeat(900);
        check(words.as_bytes(), Err(Failure::Runaway));
        let whole = event("{\"a\": 1}", "") + &event(&"\n".repeat(50), "").repeat(40);
        check(whole.as_bytes(), Ok("{\"a\": 1}"));
    }

    #[test]
    fn endless_answers_stop_at_the_cap() {
        let mut incoming = Incoming::default();
        let piece = vec![b'{'; 1024 * 1024];
        let taken: Vec<bool> = (0..17).map(|_| incoming.take(&piece).is_ok()).collect();
        assert_eq!(taken.iter().filter(|is_taken| **is_taken).count(), 16);
    }
}

//! Mails over SMTP. A message is built from typed parts alone, so that no name
//! and no subject can become a header; all of a handoff form one thread, and a
//! message tried again has the same id, by which programs know it.

use std::time::{Duration, SystemTime};

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::response::{Category, Severity};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::ExposeSecret;

use super::Posted;
use crate::config::MailSettings;

/// The part of the deadline in which there must be a line: what fails by then has sent nothing, and is told as that.
const CONNECTING: f32 = 0.75;
const SILENT: &str = "the mail server did not answer in time";

/// What is sent.
#[derive(Debug, Clone)]
pub struct Mail<'a> {
    /// The same however often it is tried; no `@`, no angle brackets.
    pub id: &'a str,
    /// What it belongs to; mails of one thread name the same.
    pub thread: &'a str,
    pub name: Option<&'a str>,
    pub email: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// The way to one mail server.
#[derive(Debug, Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    /// For one mail from the greeting to the last answer: the transport's own is for the connection alone.
    deadline: Duration,
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

/// Programs that answer by themselves leave such mails alone.
#[derive(Debug, Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Mailer {
    /// None without a server in the settings; an error says which setting cannot be used.
    pub fn open(settings: &MailSettings) -> Result<Option<Mailer>, String> {
        let Some(url) = &settings.url else { return Ok(None) };
        // The address holds a password: what is wrong with it is said without it.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
            .map_err(|_| "mail.url: it is not an address of a mail server".to_owned())?;
        let deadline = Duration::from_secs(settings.timeout_seconds);
        let mailbox = |key: &str, text: &str| text.parse::<Mailbox>().map_err(|error| format!("mail.{key}: {error}"));
        Ok(Some(Mailer {
            transport: builder.timeout(Some(deadline.mul_f32(CONNECTING))).build(),
            deadline,
            from: mailbox("from", &settings.from)?,
            reply_to: settings.reply_to.as_deref().map(|text| mailbox("reply_to", text)).transpose()?,
        }))
    }

    /// Whether the server takes us as we are set up: greets, and lets us in; nothing is sent.
    pub async fn try_out(&self) -> Result<(), String> {
        match tokio::time::timeout(self.deadline, self.transport.test_connection()).await {
            Err(_) => Err(SILENT.to_owned()),
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err("the mail server does not go on after the greeting".to_owned()),
            Ok(Err(error)) => Err(match judge(&error) {
                Posted::Again { problem, .. } | Posted::Never { problem } => problem,
                Posted::Sent { .. } => String::new(),
            }),
        }
    }

    /// Sends one mail.
    pub async fn send(&self, mail: &Mail<'_>) -> Posted {
        let message = match self.build(mail) {
            Ok(message) => message,
            Err(problem) => return Posted::Never { problem },
        };
        match tokio::time::timeout(self.deadline, self.transport.send(message)).await {
            // It may have taken the mail all the same.
            Err(_) => Posted::Again { after: None, problem: SILENT.to_owned(), is_unclear: true },
            Ok(Ok(_)) => Posted::Sent { note: None },
            Ok(Err(error)) => judge(&error),
        }
    }

    fn build(&self, mail: &Mail<'_>) -> Result<Message, String> {
        let address: Address = mail.email.parse().map_err(|_| "the address cannot be written to".to_owned())?;
        let host = self.from.email.domain();
        let name = mail.name.map(one_line).filter(|name| !name.is_empty());
        let thread = format!("<{}@{host}>", mail.thread);
        let at = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(mail.at).unwrap_or_default());
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name, address))
            .subject(one_line(mail.subject))
            .message_id(Some(format!("<{}@{host}>", mail.id)))
            .in_reply_to(thread.clone())
            .references(thread)
            .date(at)
            .header(AutoSubmitted);
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.clone());
        }
        let parts = MultiPart::alternative_plain_html(mail.text.to_owned(), mail.html.to_owned());
        builder.multipart(parts).map_err(|error| format!("the mail cannot be built: {error}"))
    }
}

/// No line of its own, no control character: what stands in a header stays in it.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an answer of the server means. It may have taken the mail when the line broke before it said so.
fn judge(error: &SmtpError) -> Posted {
    let again =
        |is_unclear: bool, problem: &str| Posted::Again { after: None, problem: problem.to_owned(), is_unclear };
    match error.status() {
        Some(code) => {
            // Who may send, and how, is a matter of our settings: the mail itself is not refused.
            let is_ours = matches!(u16::from(code), 530 | 534 | 535 | 538);
            let problem = format!("the mail server answered {code}");
            match (code.severity, code.category) {
                (Severity::PermanentNegativeCompletion, category) if !is_ours && category != Category::Connections => {
                    Posted::Never { problem }
                }
                _ => again(false, &problem),
            }
        }
        None if is_of_connecting(error) => {
            let problem = if error.is_timeout() { SILENT } else { "the mail server could not be reached" };
            again(false, problem)
        }
        None if error.is_timeout() => again(true, SILENT),
        None => again(!error.is_client(), "the line to the mail server broke"),
    }
}

/// Whether it failed before there was a line, encryption included: nothing of the mail has left. The library tells this
/// in its words alone; a test holds them.
fn is_of_connecting(error: &SmtpError) -> bool {
    error.to_string().starts_with("Connection error")
}

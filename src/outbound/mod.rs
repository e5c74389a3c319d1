//! The way to the outside: mails and chat messages on their way to people. It
//! knows no database and no clock of the product; what is sent, to whom and
//! when it is now are passed in.

mod mail;
mod posted;
mod slack;

pub use mail::{Mail, Mailer};
pub use posted::Posted;
pub use slack::{Slack, SlackMessage};

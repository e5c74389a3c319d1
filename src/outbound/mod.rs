//! The way to the outside: which addresses may be written to, one message sent
//! within its limits, and when it is tried again; mails and chat messages to
//! people. It knows no database and no clock of the product; what is sent and
//! when it is now are passed in.
//!
//! Whoever names an address may mean one inside our own network. So an address
//! is looked at when it is given and again at every connection, after its name
//! was looked up, and the connection goes to what was looked at. The mail
//! server and Slack are named by the settings alone.

mod addresses;
mod fetching;
mod mail;
mod posted;
mod schedule;
mod sending;
mod slack;

pub use addresses::{AllowList, Refused, check, is_public};
pub use fetching::{Fetched, Question};
pub use mail::{Mail, Mailer};
pub use posted::Posted;
pub use schedule::{MOST_ATTEMPTS, Outcome, judge, next_wait, read_retry_after};
pub use sending::{Letter, Outbound, Reply, Resolver, Trouble};
pub use slack::{Slack, SlackMessage};

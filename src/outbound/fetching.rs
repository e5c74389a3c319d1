//! A question whose whole answer is needed: to addresses that are looked at as
//! those of messages are, within one deadline, with no redirect, and no more of
//! the answer read than may be.

use http::{HeaderMap, Method};
use tokio::time::{Instant, timeout_at};

use super::addresses::check;
use super::sending::{Outbound, Trouble, trouble};

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    pub method: Method,
    pub url: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// A longer answer is no answer.
    pub most_bytes: usize,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Outbound {
    /// Asks once; ends within the deadline, whatever is answered.
    pub async fn fetch(&self, question: Question) -> Result<Fetched, Trouble> {
        let deadline = Instant::now() + self.timeout;
        let url = check(&question.url, &self.guard.allowed).map_err(Trouble::Refused)?;
        let request = self.client(&url)?.request(question.method, url).headers(question.headers).body(question.body);
        let exchange = async {
            let mut response = request.send().await.map_err(|error| trouble(&error))?;
            let status = response.status().as_u16();
            let mut body = Vec::new();
            while let Some(piece) = response.chunk().await.map_err(|_| Trouble::Broken)? {
                if body.len() + piece.len() > question.most_bytes {
                    return Err(Trouble::Broken);
                }
                body.extend_from_slice(&piece);
            }
            Ok(Fetched { status, body })
        };
        timeout_at(deadline, exchange).await.map_err(|_| Trouble::TimedOut)?
    }
}

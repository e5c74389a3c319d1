//! A model behind an OpenAI-compatible chat endpoint: asks in the form that
//! the endpoint takes, repeats what may succeed within what the handoff may
//! spend, and leaves an endpoint alone that keeps failing or asks for quiet.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_openai::Client;
use async_openai::error::OpenAIError;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value as Json;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::debug;

use super::openai_answer::read_reply;
use super::openai_form::{Form, Forms};
use super::retry::{Breaker, wait};
use super::transport::Transport;
use super::transport_fault::{Again, Fault};
use super::{Allowance, Call, Failure, Reply, Unusable};
use crate::config::ModelSettings;

/// An endpoint that asks for longer is tried again by later handoffs all the same: the wish may be a mistake.
const LONGEST_QUIET: Duration = Duration::from_secs(3_600);

/// One model at one endpoint. A clone shares what is known about the endpoint.
#[derive(Clone)]
pub struct Endpoint {
    shared: Arc<Shared>,
}

struct Shared {
    client: Client<Address>,
    model: String,
    slots: Semaphore,
    forms: Arc<Forms>,
    breaker: Breaker,
    /// Until then the endpoint wants no call, from nobody.
    quiet_until: Mutex<Option<Instant>>,
}

impl Endpoint {
    /// Makes the client; nothing is sent. Fails on a missing name and on a key or headers that cannot be sent.
    pub fn new(settings: &ModelSettings) -> Result<Endpoint, Unusable> {
        let name = settings.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let model = name.ok_or_else(|| Unusable::new("model.name: name the model as its endpoint knows it"))?;
        let forms = Arc::new(Forms::new(Form::first(&settings.base_url, settings.stream)));
        let transport = Transport::new(settings, forms.clone())?;
        let shared = Shared {
            // Any other way to make it builds a second HTTP client, which panics where no certificates are.
            client: Client::build(transport.client(), Address::new(settings)?).with_http_service(transport),
            model: model.to_owned(),
            slots: Semaphore::new(settings.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
            forms,
            breaker: Breaker::default(),
            quiet_until: Mutex::new(None),
        };
        Ok(Endpoint { shared: Arc::new(shared) })
    }

    /// The model's name as its endpoint knows it.
    pub fn model(&self) -> &str {
        &self.shared.model
    }

    /// The form of request that the endpoint takes; none before it took one or let the first call time out.
    pub fn form(&self) -> Option<Form> {
        self.shared.forms.known()
    }

    /// Asks, in other forms and again where that may help, as far as the allowance goes.
    pub async fn ask(&self, call: &Call, allowance: &Allowance) -> Result<Reply, Failure> {
        persevere(&*self.shared, call, allowance).await
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("model", &self.shared.model).finish_non_exhaustive()
    }
}

/// How one attempt ended without a reply.
enum Stop {
    /// Nothing was sent.
    Unsent(Failure),
    /// The endpoint refused the form of the request, and there is another one.
    Refused(Failure),
    /// The request went wrong.
    Sent(Fault),
}

/// What is asked again and again; the network, or a script in a test.
trait Attempts {
    fn attempt(
        &self,
        call: &Call,
        allowance: &Allowance,
        repeat: u32,
    ) -> impl Future<Output = Result<Reply, Stop>> + Send;
}

async fn persevere<A: Attempts + Sync>(asked: &A, call: &Call, allowance: &Allowance) -> Result<Reply, Failure> {
    let (mut repeat, mut was_odd) = (0, false);
    let mut before: Option<Failure> = None;
    loop {
        // Only a reply that went wrong is asked for otherwise: the others were none.
        let fault = match asked.attempt(call, allowance, if was_odd { repeat } else { 0 }).await {
            Ok(reply) => return Ok(reply),
            // What went wrong before says more than that nothing is left for another try.
            Err(Stop::Unsent(Failure::SpentAllowance)) => return Err(before.unwrap_or(Failure::SpentAllowance)),
            Err(Stop::Unsent(failure)) => return Err(failure),
            Err(Stop::Refused(failure)) => {
                before = Some(failure);
                continue;
            }
            Err(Stop::Sent(fault)) => fault,
        };
        let floor = match fault.again {
            Again::Never => return Err(fault.failure),
            Again::Once if was_odd => return Err(fault.failure),
            Again::Once => {
                was_odd = true;
                None
            }
            Again::After(floor) => floor,
        };
        let until = Instant::now() + wait(repeat, floor, fastrand::f64());
        if until >= allowance.end() || !allowance.take_retry() {
            return Err(fault.failure);
        }
        sleep_until(until).await;
        repeat += 1;
        before = Some(fault.failure);
    }
}

impl Attempts for Shared {
    async fn attempt(&self, call: &Call, allowance: &Allowance, repeat: u32) -> Result<Reply, Stop> {
        let end = allowance.end();
        let spent = |_| Stop::Unsent(Failure::SpentAllowance);
        let _turn = timeout_at(end, self.forms.turn()).await.map_err(spent)?;
        let _slot = timeout_at(end, self.slots.acquire()).await.map_err(spent)?;
        self.keep_quiet(end).await?;
        self.breaker.admit(Instant::now()).map_err(|wait| {
            let seconds = wait.as_secs() + 1;
            let words = format!("the endpoint keeps failing; it is tried again in {seconds} s");
            Stop::Unsent(Failure::Unreachable(words))
        })?;
        let ticket = allowance.begin().await.map_err(Stop::Unsent)?;
        let (form, started) = (self.forms.current(), Instant::now());
        let request = form.request(&self.model, call, repeat);
        let sent = timeout_at(end, self.client.chat().create_byot::<_, Json>(request)).await;
        let result = match sent {
            Err(_) => Err(Fault::never(Failure::SpentAllowance)),
            Ok(Err(error)) => Err(fault_of(error)),
            Ok(Ok(body)) => read_reply(&body),
        };
        let milliseconds = started.elapsed().as_millis() as u64;
        ticket.settle(result.as_ref().map_err(|fault| &fault.failure)).await;
        self.note(&result);
        match &result {
            Ok(reply) => {
                let super::Tokens { input, cached, output } = reply.tokens;
                debug!(repeat, milliseconds, input, cached, output, "the model answered");
            }
            Err(fault) => debug!(repeat, milliseconds, outcome = %fault, "no reply from the model"),
        }
        result.map_err(|fault| {
            // Still in one's turn: the next call must find the other form.
            if !self.forms.step_down(form, &fault.disliked) {
                return Stop::Sent(fault);
            }
            debug!(form = %self.forms.current(), "the endpoint is asked in another form");
            Stop::Refused(fault.failure)
        })
    }
}

impl Shared {
    /// Waits as long as the endpoint asked everybody to.
    async fn keep_quiet(&self, end: Instant) -> Result<(), Stop> {
        loop {
            let until = *self.quiet_until.lock().unwrap_or_else(PoisonError::into_inner);
            match until.filter(|until| *until > Instant::now()) {
                None => return Ok(()),
                Some(until) if until >= end => {
                    let wait = Some(until.duration_since(Instant::now()));
                    return Err(Stop::Unsent(Failure::RateLimited { wait }));
                }
                Some(until) => sleep_until(until).await,
            }
        }
    }

    /// Remembers what an attempt says about the endpoint's health.
    fn note(&self, result: &Result<Reply, Fault>) {
        let Err(fault) = result else { return self.breaker.succeeded() };
        match fault.failure {
            Failure::TimedOut(_) => {
                self.breaker.failed(Instant::now());
                // It may be slow for everybody: to find out the form one by one would take too long.
                self.forms.settle();
            }
            Failure::Unreachable(_) | Failure::Broken(_) => self.breaker.failed(Instant::now()),
            Failure::SpentAllowance => {}
            _ => self.breaker.succeeded(),
        }
        if let Again::After(Some(floor)) = fault.again {
            let until = Instant::now() + floor.min(LONGEST_QUIET);
            let mut quiet = self.quiet_until.lock().unwrap_or_else(PoisonError::into_inner);
            *quiet = Some(quiet.map_or(until, |other| other.max(until)));
        }
    }
}

/// The transport's own fault, carried through the library. The library's other errors are never shown: their words
/// may hold bodies and addresses.
fn fault_of(error: OpenAIError) -> Fault {
    let strange = || Fault::never(Failure::Garbled("the client library could not use the answer".to_owned()));
    match error {
        OpenAIError::Boxed(inner) => inner.downcast::<Fault>().map_or_else(|_| strange(), |fault| *fault),
        _ => strange(),
    }
}

/// Where requests go and what identifies us there.
struct Address {
    base: String,
    headers: HeaderMap,
    query: Vec<(String, String)>,
    /// The library wants to see a key; the true one stands in the headers, marked as sensitive.
    no_key: SecretString,
}

impl Address {
    fn new(settings: &ModelSettings) -> Result<Self, Unusable> {
        let mut headers = HeaderMap::new();
        if let Some(key) = settings.key.as_ref().filter(|key| !key.expose_secret().is_empty()) {
            let value = secret(&format!("Bearer {}", key.expose_secret()));
            headers.insert(AUTHORIZATION, value.ok_or_else(|| Unusable::new("model.key: it cannot be sent"))?);
        }
        for (name, value) in &settings.headers {
            let unusable = || Unusable::new(format!("model.headers.{name}: it cannot be sent"));
            let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?;
            headers.insert(header, secret(value.expose_secret()).ok_or_else(unusable)?);
        }
        let base = settings.base_url.trim_end_matches('/');
        let base = base.strip_suffix("/chat/completions").unwrap_or(base);
        let query = settings.query.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        Ok(Address { base: base.to_owned(), headers, query, no_key: SecretString::default() })
    }
}

fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text.trim()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl async_openai::config::Config for Address {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        self.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.no_key
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::super::openai_form::Part;
    use super::*;

    /// Answers by script, under a clock that runs ahead by itself.
    struct Script {
        faults: Mutex<VecDeque<Fault>>,
        at: Mutex<Vec<Duration>>,
        start: Instant,
        steps: Mutex<u32>,
    }

    impl Attempts for Script {
        async fn attempt(&self, _: &Call, allowance: &Allowance, _: u32) -> Result<Reply, Stop> {
            if !allowance.take_call() {
                return Err(Stop::Unsent(Failure::SpentAllowance));
            }
            self.at.lock().expect("times").push(self.start.elapsed());
            match self.faults.lock().expect("faults").pop_front() {
                Some(fault) if self.can_step_down(&fault) => Err(Stop::Refused(fault.failure)),
                Some(fault) => Err(Stop::Sent(fault)),
                None => Ok(Reply { text: "{}".into(), tokens: Default::default() }),
            }
        }
    }

    impl Script {
        fn can_step_down(&self, fault: &Fault) -> bool {
            let mut steps = self.steps.lock().expect("steps");
            let can = !fault.disliked.is_empty() && *steps > 0;
            *steps -= u32::from(can);
            can
        }
    }

    /// Asks against a script of faults; answers the outcome and when each attempt was made.
    async fn run(faults: &[Fault], allowance: Allowance) -> (Result<Reply, Failure>, Vec<Duration>) {
        let script = Script {
            faults: Mutex::new(faults.iter().cloned().collect()),
            at: Mutex::default(),
            start: Instant::now(),
            steps: Mutex::new(2),
        };
        let call = Call { system: "".into(), user: "".into(), schema: Json::Null.into(), max_output_tokens: 1 };
        let outcome = persevere(&script, &call, &allowance).await;
        (outcome, script.at.into_inner().expect("times"))
    }

    fn after(seconds: u64) -> Fault {
        let wait = Some(Duration::from_secs(seconds));
        Fault { again: Again::After(wait), ..Fault::never(Failure::RateLimited { wait }) }
    }

    fn allowance(calls: u32, retries: u32, seconds: u64) -> Allowance {
        Allowance::new(calls, retries, Duration::from_secs(seconds))
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_endpoint_asks_to_wait_is_waited() {
        let (outcome, at) = run(&[after(60), after(7)], allowance(6, 3, 600)).await;
        assert!(outcome.is_ok());
        assert_eq!(at.len(), 3);
        assert!(at[1] >= Duration::from_secs(60) && at[2] - at[1] >= Duration::from_secs(7), "{at:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_beyond_the_end_gives_up_at_once() {
        let started = Instant::now();
        let (outcome, at) = run(&[after(601)], allowance(6, 3, 600)).await;
        assert_eq!(outcome, Err(Failure::RateLimited { wait: Some(Duration::from_secs(601)) }));
        assert_eq!((at.len(), started.elapsed()), (1, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn repeats_end_with_the_allowance() {
        let broken = vec![Fault::later(Failure::Broken(503)); 20];
        let (outcome, at) = run(&broken, allowance(6, 3, 600)).await;
        assert_eq!((outcome, at.len()), (Err(Failure::Broken(503)), 4));
        let (outcome, at) = run(&broken, allowance(2, 9, 600)).await;
        assert_eq!((outcome, at.len()), (Err(Failure::Broken(503)), 2));
        let (outcome, at) = run(&broken, allowance(0, 9, 600)).await;
        assert_eq!((outcome, at.len()), (Err(Failure::SpentAllowance), 0));
    }

    #[tokio::test(start_paused = true)]
    async fn odd_replies_are_asked_again_once_and_refusals_never() {
        let (outcome, at) = run(&vec![Fault::once(Failure::Empty); 9], allowance(6, 3, 600)).await;
        assert_eq!((outcome, at.len()), (Err(Failure::Empty), 2));
        let (outcome, at) = run(&[Fault::never(Failure::Refused)], allowance(6, 3, 600)).await;
        assert_eq!((outcome, at.len()), (Err(Failure::Refused), 1));
    }

    #[tokio::test(start_paused = true)]
    async fn another_form_is_no_repeat_and_waits_for_nothing() {
        let refused = Fault { disliked: vec![Part::Shape], ..Fault::never(Failure::Rejected(400)) };
        let (outcome, at) = run(&vec![refused.clone(); 2], allowance(6, 0, 600)).await;
        assert!(outcome.is_ok());
        assert_eq!(at, [Duration::ZERO; 3]);
        let (outcome, at) = run(&vec![refused; 9], allowance(6, 3, 600)).await;
        assert_eq!((outcome, at.len()), (Err(Failure::Rejected(400)), 3));
    }
}

//! The code that may be asked for before a personal link opens: mailed to the
//! person when they press the link's button, good in that browser alone, for a
//! short time, once and for few tries. The digits are made when they are
//! needed and lie nowhere.

use jiff::{SignedDuration, Timestamp};

use super::links::{Entered, begin_session, new_session};
use super::{App, News, Refusal, is_for_trying, random_id};
use crate::access::links::{hash_of, make_secret};
use crate::asking::is_address;
use crate::handoff::{EventKind, HandoffId};
use crate::store::{self, CodeRow, Fault, LinkRow, NewSlip, SlipAbout, Tx};

/// How long a code is good.
pub const CODE_LIVES: SignedDuration = SignedDuration::from_mins(10);
/// Wrong tries of one code.
const MOST_TRIES: u32 = 5;
/// Codes of one link within a time: what somebody who only has the link can guess stays below one in a thousand, in
/// all the days that it lives.
const MOST_CODES: [(usize, SignedDuration); 2] =
    [(3, SignedDuration::from_hours(1)), (10, SignedDuration::from_hours(24))];
/// A browser that asked for a code may ask for another one for this long.
const BROWSER_KNOWN: SignedDuration = SignedDuration::from_hours(1);

/// What stands between a link and its session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Door {
    Open,
    /// A code is mailed; the address as it may be shown to whoever has the link.
    Code {
        address: String,
    },
    Shut(Shut),
}

/// Why nobody gets in although the link lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// No address of the person is known to which a code could be sent.
    NoAddress,
    /// No mail server is set up.
    NoMail,
}

/// What the button of a link leads to.
#[derive(Debug)]
pub enum Entry {
    In(Entered),
    /// A code is on its way, or was a moment ago.
    Code(Waiting),
    /// Too many codes were asked for.
    Later {
        seconds: i64,
    },
    Shut(Shut),
}

/// A browser that was asked for a code.
#[derive(Debug)]
pub struct Waiting {
    pub handoff: HandoffId,
    /// For the cookie; kept nowhere.
    pub secret: String,
    /// In seconds, for the cookie too.
    pub lives: i64,
}

/// What the digits came to that somebody typed.
#[derive(Debug)]
pub enum Proof {
    In(Box<Entered>),
    /// Wrong; so many tries are left.
    Wrong {
        left: u32,
    },
    /// The code is not good any more, whatever was typed.
    Over,
    /// This browser asked for no code, or the link has ended.
    Nobody,
}

impl CodeRow {
    /// Whether the right digits open anything.
    fn lives(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.expires_at > now && self.tries < MOST_TRIES
    }
}

impl App {
    /// What stands between a link and its session, by the settings. Links of handoffs that are only tried out ask for no
    /// code: nothing of them is mailed.
    pub fn door(&self, link: &LinkRow) -> Door {
        if !self.settings.links.mailed_code || is_for_trying(&link.workspace) {
            return Door::Open;
        }
        match link.person.email.as_deref().filter(|email| is_address(email)) {
            None => Door::Shut(Shut::NoAddress),
            Some(_) if self.settings.mail.url.is_none() => Door::Shut(Shut::NoMail),
            Some(email) => Door::Code { address: masked(email) },
        }
    }

    /// Has a code mailed, unless this browser has one that is still good.
    pub(super) async fn ask_for_code(&self, link: LinkRow, browser: Option<&str>) -> Result<Entry, Refusal> {
        if let Some(secret) = browser {
            let known = store::find_code_of(&mut *self.store.reader().await?, &hash_of(secret)).await?;
            if known.is_some_and(|code| code.link == link.id && code.lives(self.now())) {
                return Ok(Entry::Code(waiting(&link, secret.to_owned())));
            }
        }
        let secret = make_secret().map_err(|fault| Fault::Unusable(fault.to_string()))?;
        self.send_code(link, secret).await
    }

    /// Has another code mailed to a browser that asked for one before; none when it did not, or not lately.
    pub async fn send_another(&self, secret: &str, handoff: &HandoffId) -> Result<Option<Entry>, Refusal> {
        let Some((_, link)) = self.asked_for(secret, handoff).await? else { return Ok(None) };
        match self.door(&link) {
            Door::Code { .. } => self.send_code(link, secret.to_owned()).await.map(Some),
            Door::Shut(why) => Ok(Some(Entry::Shut(why))),
            // The setting was taken back: the link itself leads in.
            Door::Open => Ok(None),
        }
    }

    async fn send_code(&self, link: LinkRow, secret: String) -> Result<Entry, Refusal> {
        let now = self.now();
        let code = CodeRow {
            id: random_id("cod_"),
            link: link.id.clone(),
            browser: hash_of(&secret),
            tries: 0,
            created_at: now,
            expires_at: now + CODE_LIVES,
            ended_at: None,
        };
        let wanted = link.clone();
        let wait = self
            .store
            .writer()
            .write(move |tx| Box::pin(async move { mail_code(tx, (&wanted, &code), now).await }))
            .await?;
        Ok(match wait {
            Some(wait) => Entry::Later { seconds: wait.as_secs().max(1) },
            None => Entry::Code(waiting(&link, secret)),
        })
    }

    /// The link that a browser is about to enter with a code.
    pub async fn entering(&self, secret: &str, handoff: &HandoffId) -> Result<Option<LinkRow>, Fault> {
        Ok(self.asked_for(secret, handoff).await?.map(|(_, link)| link))
    }

    async fn asked_for(&self, secret: &str, handoff: &HandoffId) -> Result<Option<(CodeRow, LinkRow)>, Fault> {
        let now = self.now();
        let mut reader = self.store.reader().await?;
        let Some(code) = store::find_code_of(&mut reader, &hash_of(secret)).await? else { return Ok(None) };
        let link = store::find_link(&mut reader, &code.link.0).await?;
        let link = link.filter(|link| link.lives(now) && link.handoff == *handoff);
        Ok(link.filter(|_| code.created_at + BROWSER_KNOWN > now).map(|link| (code, link)))
    }

    /// Begins a session when the digits are those that were mailed for this browser.
    pub async fn prove(&self, (secret, handoff): (&str, &HandoffId), digits: &str) -> Result<Proof, Refusal> {
        let Some((code, link)) = self.asked_for(secret, handoff).await? else { return Ok(Proof::Nobody) };
        let is_right = self.link_keys.is_code(digits, (&code.id, &code.browser));
        let now = self.now();
        let (session, entered) = new_session(&link, now)?;
        let (workspace, handoff) = (link.workspace.clone(), link.handoff.clone());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                // Looked at again where tries are counted: many at the same time are no more tries than one after the other.
                let found = store::find_code(tx.reading().await?, &code.id).await?;
                let link = store::find_link(tx.reading().await?, &link.id.0).await?.filter(|link| link.lives(now));
                let (Some(code), Some(link)) = (found.filter(|code| code.lives(now)), link) else {
                    return Ok(Proof::Over);
                };
                if !is_right {
                    store::count_try(tx, &code.id).await?;
                    let left = MOST_TRIES.saturating_sub(code.tries + 1);
                    return Ok(if left == 0 { Proof::Over } else { Proof::Wrong { left } });
                }
                store::end_code(tx, &code.id, now).await?;
                begin_session(tx, (&link, &session), now).await?;
                Ok::<_, Fault>(Proof::In(Box::new(entered)))
            })
        });
        let proof = write.await?;
        if matches!(proof, Proof::In(_)) {
            self.tell(&workspace, &handoff, News::Changed(EventKind::LinkOpened));
        }
        Ok(proof)
    }

    /// The digits of a code that is still good; for the moment in which it is mailed.
    pub(super) async fn digits_of(&self, code: &str) -> Result<Option<String>, Fault> {
        let found = store::find_code(&mut *self.store.background_reader().await?, code).await?;
        let living = found.filter(|code| code.lives(self.now()));
        Ok(living.map(|code| self.link_keys.code(&code.id, &code.browser)))
    }
}

fn waiting(link: &LinkRow, secret: String) -> Waiting {
    Waiting { handoff: link.handoff.clone(), secret, lives: BROWSER_KNOWN.as_secs() }
}

/// Stores a code and the mail that brings it; the time to wait instead when there were too many.
async fn mail_code(
    tx: &mut Tx<'_>,
    (link, code): (&LinkRow, &CodeRow),
    now: Timestamp,
) -> Result<Option<SignedDuration>, Fault> {
    let longest = MOST_CODES.iter().map(|(_, within)| *within).max().unwrap_or_default();
    let made = store::list_codes_since(tx.reading().await?, &link.id, now - longest).await?;
    if let Some(wait) = wait_for_more(&made, now) {
        return Ok(Some(wait));
    }
    store::insert_code(tx, code, now - longest).await?;
    let topic = format!("code:{}", link.id.0);
    // An earlier code that has not left is good for nothing any more.
    store::drop_slips(tx, &link.workspace, &topic).await?;
    store::forget_slips(tx, &link.workspace, now - super::slips::KEPT).await?;
    let slip = NewSlip {
        id: random_id("slp_"),
        handoff: Some(link.handoff.clone()),
        about: SlipAbout::Code { code: code.id.clone() },
        topic,
        email: link.person.email.clone().unwrap_or_default(),
        name: Some(link.person.name.clone()),
        next_at: now,
    };
    store::add_slip(tx, &link.workspace, &slip, now).await?;
    Ok(None)
}

/// How long the next code has to wait, by when the link's codes were made, the newest first.
fn wait_for_more(made: &[Timestamp], now: Timestamp) -> Option<SignedDuration> {
    let waits = MOST_CODES.iter().filter_map(|(most, within)| {
        // The one whose going makes room.
        let full_since = made.get(most - 1)?;
        let free_at = *full_since + *within;
        (free_at > now).then(|| free_at.duration_since(now))
    });
    waits.max()
}

/// An address as somebody knows it again who has it, and nobody learns it who has not.
fn masked(email: &str) -> String {
    let (name, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first = name.chars().next().map(String::from).unwrap_or_default();
    format!("{first}***@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handoff::LinkId;

    #[test]
    fn three_codes_an_hour_and_ten_a_day() {
        let minute = |number: i64| Timestamp::from_second(1_772_000_000 + number * 60).expect("a time");
        let check = |made: &[i64], now: i64, expected: Option<i64>| {
            let mut made: Vec<Timestamp> = made.iter().map(|at| minute(*at)).collect();
            made.reverse();
            let wait = wait_for_more(&made, minute(now)).map(|wait| wait.as_mins());
            assert_eq!(wait, expected, "{made:?}");
        };
        check(&[], 0, None);
        check(&[0, 1], 2, None);
        check(&[0, 1, 2], 3, Some(57));
        check(&[0, 1, 2], 59, Some(1));
        check(&[0, 1, 2], 60, None);
        let spread: Vec<i64> = (0..10).map(|number| number * 30).collect();
        check(&spread[..9], 271, None);
        check(&spread, 331, Some(24 * 60 - 331));
        check(&spread, 24 * 60, None);
    }

    #[test]
    fn addresses_are_shown_to_those_who_know_them() {
        let check = |email: &str, expected: &str| assert_eq!(masked(email), expected);
        check("dana.whitfield@northwind.example", "d***@northwind.example");
        check("ü@x.example", "ü***@x.example");
        check("", "***@");
    }

    #[test]
    fn a_code_that_ended_is_dead() {
        let now = Timestamp::from_second(1_772_000_000).expect("a time");
        let code = CodeRow {
            id: "cod_1".to_owned(),
            link: LinkId("lnk_1".to_owned()),
            browser: "b".to_owned(),
            tries: 0,
            created_at: now,
            expires_at: now + CODE_LIVES,
            ended_at: None,
        };
        assert!(code.lives(now) && code.lives(now + CODE_LIVES - SignedDuration::from_millis(1)));
        assert!(!code.lives(now + CODE_LIVES));
        assert!(CodeRow { tries: 4, ..code.clone() }.lives(now) && !CodeRow { tries: 5, ..code.clone() }.lives(now));
        assert!(!CodeRow { ended_at: Some(now), ..code }.lives(now));
    }
}

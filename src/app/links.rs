//! Personal links: one for a handoff, a person and a purpose, and the sessions
//! that are opened with them. Opening a link has no effect, because programs
//! that scan mail open links; only the button on its page begins a session.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::proving::{Door, Entry};
use super::{App, News, Problem, Refusal, random_id};
use crate::access::links::{Bound, hash_of, id_of, make_secret};
use crate::access::spilled::Spilled;
use crate::answers::Person;
use crate::asking::{self, About, Purpose};
use crate::handoff::{Actor, EventKind, HandoffId, LinkId, LinkPurpose};
use crate::store::{self, Fault, Happening, Letter, LinkRow, NewLetter, SessionRow, Tx, Workspace};

/// How long a link opens anything.
const LINK_LIVES: SignedDuration = SignedDuration::from_hours(14 * 24);
/// A session ends when nobody came for this long, and after the second in any case.
const SESSION_IDLE: SignedDuration = SignedDuration::from_mins(30);
const SESSION_LIVES: SignedDuration = SignedDuration::from_hours(12);
/// A session's last sign of life is written down this often, not at every look.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);
const MOST_LETTERS_NAME: usize = 200;
/// The longest address that mail can be sent to (RFC 5321).
const MOST_LETTERS_EMAIL: usize = 254;

/// A link as it is told to whoever asked for it.
#[derive(Debug, Clone)]
pub struct PersonalLink {
    pub id: LinkId,
    pub url: String,
    pub expires_at: Timestamp,
}

/// A session that has just begun.
#[derive(Debug)]
pub struct Entered {
    pub link: LinkRow,
    /// For the cookie; kept nowhere.
    pub secret: String,
    /// In seconds, for the cookie too.
    pub lives: i64,
}

/// The link of this person for a handoff: the one that is there, or a new one. Part of a larger write.
pub async fn make_link(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    (person, purpose): (&Person, LinkPurpose),
    actor: &Actor,
    now: Timestamp,
) -> Result<LinkRow, Fault> {
    // One that is about to end would be dead when it is read.
    let soon = now + LINK_LIVES / 2;
    let living = store::find_living_link(tx.reading().await?, (workspace, handoff), (person, purpose), soon).await?;
    if let Some(mut link) = living {
        let is_nameless = |one: &Person| one.email.as_deref() == Some(one.name.as_str());
        // It was made for a message that knew the address alone.
        if is_nameless(&link.person) && !is_nameless(person) {
            store::name_link(tx, &link, &person.name).await?;
            link.person.name.clone_from(&person.name);
        }
        return Ok(link);
    }
    let link = LinkRow {
        id: LinkId(random_id("lnk_")),
        workspace: workspace.clone(),
        handoff: handoff.clone(),
        person: person.clone(),
        purpose,
        created_at: now,
        expires_at: now + LINK_LIVES,
        revoked_at: None,
        opened_at: None,
    };
    store::insert_link(tx, &link).await?;
    note(tx, &link, (EventKind::LinkMade, actor), now).await?;
    Ok(link)
}

/// The entry in the log. It names the link, not the person: whose link it is stands in the link's row.
pub(super) async fn note(
    tx: &mut Tx<'_>,
    link: &LinkRow,
    (kind, actor): (EventKind, &Actor),
    now: Timestamp,
) -> Result<(), Fault> {
    let what = json!({"link": link.id, "purpose": link.purpose, "expires_at": link.expires_at});
    let detail = json!({"actor": actor, "what": what});
    let happening = Happening { kind, handoff: Some(&link.handoff), version: None, detail };
    store::append(tx, &link.workspace, &happening, now).await.map(drop)
}

/// A session with this link that begins now, with its secret.
pub(super) fn new_session(link: &LinkRow, now: Timestamp) -> Result<(SessionRow, Entered), Fault> {
    let secret = make_secret().map_err(|fault| Fault::Unusable(fault.to_string()))?;
    let expires_at = link.expires_at.min(now + SESSION_LIVES);
    let session =
        SessionRow { hash: hash_of(&secret), link: link.id.clone(), created_at: now, seen_at: now, expires_at };
    let lives = (expires_at - now).get_seconds();
    Ok((session, Entered { link: link.clone(), secret, lives }))
}

/// Writes a new session down. Who opened the link is not known to the log: whoever has it.
pub(super) async fn begin_session(
    tx: &mut Tx<'_>,
    (link, session): (&LinkRow, &SessionRow),
    now: Timestamp,
) -> Result<(), Fault> {
    store::forget_sessions(tx, now).await?;
    store::note_opened(tx, link, now).await?;
    store::insert_session(tx, session).await?;
    note(tx, link, (EventKind::LinkOpened, &Actor::Baton), now).await
}

/// Stores a message to a person, with the link that it will lead to.
pub(super) async fn add_letter(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    letter: &NewLetter,
    now: Timestamp,
) -> Result<(), Fault> {
    store::add_letter(tx, (workspace, handoff), letter, now).await?;
    let Some(request) = &letter.request else { return Ok(()) };
    let Some(person) = letter.person.as_ref().and_then(named) else { return Ok(()) };
    let request = store::find_request(tx.reading().await?, workspace, request).await?;
    let purpose = purpose_of(request.map(|(_, request)| request.about), letter.purpose);
    make_link(tx, (workspace, handoff), (&person, purpose), &Actor::Baton, now).await.map(drop)
}

/// Ends links whose own tokens were found in what was read: others read it too. Whoever has not answered yet is written
/// to with a new one.
pub(super) async fn end_spilled(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    links: &[LinkId],
    now: Timestamp,
) -> Result<(), Fault> {
    for id in links {
        let found = store::find_link(tx.reading().await?, &id.0).await?;
        let Some(link) = found.filter(|link| link.workspace == *workspace && link.lives(now)) else { continue };
        store::revoke_link(tx, workspace, id, now).await?;
        let what = json!({"link": link.id, "purpose": link.purpose, "because": "seen_in_source"});
        let detail = json!({"actor": Actor::Baton, "what": what});
        let owner = (workspace, &link.handoff);
        let happening = Happening { kind: EventKind::LinkRevoked, handoff: Some(owner.1), version: None, detail };
        store::append(tx, workspace, &happening, now).await?;
        for mut request in store::list_requests(tx.reading().await?, owner).await? {
            let is_theirs = named(&request.person).is_some_and(|person| is_same(&person, &link.person))
                && purpose_of(Some(request.about), Purpose::Ask) == link.purpose;
            if is_theirs && request.state.is_open() && request.sent_at.is_some() {
                request.nudged = true;
                store::save_request(tx, owner, &request).await?;
            }
        }
        store::watch(tx, owner).await?;
    }
    Ok(())
}

/// The address tells who it is; a name does where there is none.
pub(super) fn is_same(one: &Person, other: &Person) -> bool {
    let known = |person: &Person| person.email.as_deref().unwrap_or(&person.name).to_lowercase();
    known(one) == known(other)
}

/// Whom a link is bound to; nobody where no name and no address is known.
fn named(person: &asking::Person) -> Option<Person> {
    let name = person.name.clone().or_else(|| person.email.clone()).or_else(|| person.slack.clone())?;
    Some(Person { name, email: person.email.clone() })
}

/// Who is to take the work gets to see it; everybody else is asked.
fn purpose_of(about: Option<About>, purpose: Purpose) -> LinkPurpose {
    match (about, purpose) {
        (Some(About::Accept), Purpose::Ask | Purpose::Remind | Purpose::Action) => LinkPurpose::Receive,
        _ => LinkPurpose::Answer,
    }
}

impl App {
    /// The link of a person for a handoff.
    pub async fn link_for(
        &self,
        (workspace, actor): (&Workspace, &Actor),
        handoff: &HandoffId,
        (person, purpose): (Person, LinkPurpose),
    ) -> Result<PersonalLink, Refusal> {
        check_person(&person)?;
        self.glance(workspace, handoff).await?;
        let (workspace, actor, handoff, now) = (workspace.clone(), actor.clone(), handoff.clone(), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move { make_link(tx, (&workspace, &handoff), (&person, purpose), &actor, now).await })
        });
        let link = write.await?;
        Ok(PersonalLink { url: self.address_of(&link), id: link.id, expires_at: link.expires_at })
    }

    /// Ends a link and every session opened with it, at once.
    pub async fn revoke_link(&self, (workspace, actor): (&Workspace, &Actor), id: &LinkId) -> Result<(), Refusal> {
        let (workspace, actor, id, now) = (workspace.clone(), actor.clone(), id.clone(), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let found =
                    store::find_link(tx.reading().await?, &id.0).await?.filter(|link| link.workspace == workspace);
                let link = found.ok_or(Refusal::NotFound("link"))?;
                if link.revoked_at.is_none() {
                    store::revoke_link(tx, &workspace, &id, now).await?;
                    note(tx, &link, (EventKind::LinkRevoked, &actor), now).await?;
                }
                Ok::<_, Refusal>(())
            })
        });
        write.await
    }

    /// The link whose token this is, if it opens anything now. Changes nothing, and takes as long for a token of no link
    /// as for a wrong one and for one that has ended.
    pub async fn open_link(&self, token: &str) -> Result<Option<LinkRow>, Fault> {
        let id = id_of(token).unwrap_or_default();
        let found = store::find_nearest_link(&mut *self.store.reader().await?, id).await?;
        let is_token = self.link_keys.is_token_of(token, &found.as_ref().map_or(NOBODY, bound));
        Ok(found.filter(|link| is_token && link.lives(self.now())))
    }

    /// The living links of a workspace whose own tokens these are. Whoever made a token up, or only knows a link's id,
    /// ends nothing with it.
    pub(super) async fn links_of(&self, workspace: &Workspace, spilled: &Spilled) -> Result<Vec<LinkId>, Fault> {
        if spilled.is_cut {
            tracing::warn!(
                workspace = workspace.as_str(),
                "a source holds very many tokens of links; not all of them were looked up"
            );
        }
        let mut tokens: HashMap<&str, Vec<&str>> = HashMap::new();
        for token in spilled.tokens() {
            tokens.entry(id_of(token).unwrap_or_default()).or_default().push(token);
        }
        if tokens.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = tokens.keys().copied().collect();
        let found = store::find_links(&mut *self.store.background_reader().await?, workspace, &ids).await?;
        let now = self.now();
        let is_own = |link: &LinkRow| {
            let tokens = tokens.get(link.id.0.as_str()).into_iter().flatten();
            link.lives(now) && tokens.into_iter().any(|token| self.link_keys.is_token_of(token, &bound(link)))
        };
        Ok(found.into_iter().filter(is_own).map(|link| link.id).collect())
    }

    /// Begins a session with a token, or what has to be done before one. `browser` is the secret of the cookie that the
    /// browser was given when it asked for a code.
    pub async fn enter(&self, token: &str, browser: Option<&str>) -> Result<Option<Entry>, Refusal> {
        let Some(link) = self.open_link(token).await? else { return Ok(None) };
        match self.door(&link) {
            Door::Open => Ok(Some(Entry::In(self.begin(link).await?))),
            Door::Code { .. } => self.ask_for_code(link, browser).await.map(Some),
            Door::Shut(why) => Ok(Some(Entry::Shut(why))),
        }
    }

    async fn begin(&self, link: LinkRow) -> Result<Entered, Refusal> {
        let now = self.now();
        let (session, entered) = new_session(&link, now)?;
        let (workspace, handoff) = (link.workspace.clone(), link.handoff.clone());
        let write = self
            .store
            .writer()
            .write(move |tx| Box::pin(async move { begin_session(tx, (&link, &session), now).await }));
        write.await?;
        self.tell(&workspace, &handoff, News::Changed(EventKind::LinkOpened));
        Ok(entered)
    }

    /// The link behind a cookie's secret, while its session and the link itself live.
    pub async fn session(&self, secret: &str, handoff: &HandoffId) -> Result<Option<LinkRow>, Fault> {
        let (hash, now) = (hash_of(secret), self.now());
        let mut reader = self.store.reader().await?;
        let Some(session) = store::find_session(&mut reader, &hash).await? else { return Ok(None) };
        let is_over = session.expires_at <= now || session.seen_at + SESSION_IDLE <= now;
        let link = store::find_link(&mut reader, &session.link.0).await?;
        drop(reader);
        let Some(link) = link.filter(|link| !is_over && link.lives(now) && link.handoff == *handoff) else {
            return Ok(None);
        };
        if session.seen_at + TOUCH_EVERY <= now {
            let touch = self
                .store
                .writer()
                .write(move |tx| Box::pin(async move { store::touch_session(tx, &hash, now).await }));
            touch.await?;
        }
        Ok(Some(link))
    }

    /// Ends the session of a cookie's secret.
    pub async fn sign_out(&self, secret: &str) -> Result<(), Fault> {
        let hash = hash_of(secret);
        self.store.writer().write(move |tx| Box::pin(async move { store::end_session(tx, &hash).await })).await
    }

    /// Where the receiver of a message is led: to their own link, with its token. For the moment in which it is shown,
    /// never to be stored. Without a link that lives, to the handoff's page, which opens nothing by itself.
    pub async fn url_of(&self, letter: &Letter) -> Result<String, Fault> {
        let led_to = self.led_to(letter).await?;
        let link = match &led_to {
            Some(whose) => self.living_link(letter, whose, self.now()).await?,
            None => None,
        };
        Ok(link.map_or_else(|| self.settings.page_of(&letter.handoff), |link| self.address_of(&link)))
    }

    /// The same for a message that leaves now: one that waited for long, or whose link was ended meanwhile, gets a link
    /// anew, so that it leads somewhere for at least half of a link's life.
    pub async fn url_to_send(&self, letter: &Letter) -> Result<String, Fault> {
        let Some(whose) = self.led_to(letter).await? else { return Ok(self.settings.page_of(&letter.handoff)) };
        let now = self.now();
        if let Some(link) = self.living_link(letter, &whose, now + LINK_LIVES / 2).await? {
            return Ok(self.address_of(&link));
        }
        let (owner, (person, purpose)) = ((letter.workspace.clone(), letter.handoff.clone()), whose);
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move { make_link(tx, (&owner.0, &owner.1), (&person, purpose), &Actor::Baton, now).await })
        });
        Ok(self.address_of(&write.await?))
    }

    /// Whose link a message leads to, and for what; none where it leads to the handoff's page.
    async fn led_to(&self, letter: &Letter) -> Result<Option<(Person, LinkPurpose)>, Fault> {
        let (Some(request), Some(person)) = (&letter.request, letter.person.as_ref().and_then(named)) else {
            return Ok(None);
        };
        let request = store::find_request(&mut *self.store.reader().await?, &letter.workspace, request).await?;
        Ok(Some((person, purpose_of(request.map(|(_, request)| request.about), letter.purpose))))
    }

    async fn living_link(
        &self,
        letter: &Letter,
        (person, purpose): &(Person, LinkPurpose),
        until: Timestamp,
    ) -> Result<Option<LinkRow>, Fault> {
        let mut reader = self.store.reader().await?;
        store::find_living_link(&mut reader, (&letter.workspace, &letter.handoff), (person, *purpose), until).await
    }

    fn address_of(&self, link: &LinkRow) -> String {
        format!("{}/l/{}", self.settings.public_url(), self.link_keys.token(&bound(link)))
    }
}

/// What a token is compared with when no link is left behind it.
const NOBODY: Bound<'static> = Bound { id: "", workspace: "", handoff: "", person: "", purpose: "", expires_at: 0 };

fn bound(link: &LinkRow) -> Bound<'_> {
    Bound {
        id: &link.id.0,
        workspace: link.workspace.as_str(),
        handoff: &link.handoff.0,
        person: link.person.email.as_deref().unwrap_or(&link.person.name),
        purpose: link.purpose.name(),
        expires_at: link.expires_at.as_millisecond(),
    }
}

/// Whether a person is named on one line, and by one address if any.
pub(super) fn check_person(person: &Person) -> Result<(), Refusal> {
    let mut wrong = Vec::new();
    let name = person.name.trim();
    if name.is_empty() || name.chars().count() > MOST_LETTERS_NAME || name.chars().any(char::is_control) {
        let detail = format!("name the person on one line, with at most {MOST_LETTERS_NAME} letters");
        wrong.push(Problem::new("/person/name", "invalid", detail));
    }
    wrong.extend(email_problem(person, "/person"));
    if wrong.is_empty() { Ok(()) } else { Err(Refusal::Invalid(wrong)) }
}

/// What is wrong with the address of a person who stands at this place of a request.
pub(super) fn email_problem(person: &Person, place: &str) -> Option<Problem> {
    let email = person.email.as_deref()?;
    (!is_email(email)).then(|| Problem::new(format!("{place}/email"), "invalid", ONE_ADDRESS))
}

/// How an address is to be written.
pub(super) const ONE_ADDRESS: &str = "write one address, such as dana@northwind.example";

pub(super) fn is_email(email: &str) -> bool {
    let is_address = email
        .split_once('@')
        .is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty() && !domain.contains('@'));
    let is_plain = !email.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    is_address && is_plain && email.len() <= MOST_LETTERS_EMAIL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_named_on_one_line() {
        let check = |name: &str, email: Option<&str>, expected: &[&str]| {
            let person = Person { name: name.to_owned(), email: email.map(str::to_owned) };
            let wrong = match check_person(&person) {
                Err(Refusal::Invalid(wrong)) => wrong,
                _ => Vec::new(),
            };
            let places: Vec<&str> = wrong.iter().map(|problem| problem.pointer.as_str()).collect();
            assert_eq!(places, expected, "{name:?} {email:?}");
        };
        check("Dana Whitfield", Some("dana@northwind.example"), &[]);
        check("Dana Whitfield", None, &[]);
        check(" ", None, &["/person/name"]);
        check("Dana\r\nBcc: all@acme.example", None, &["/person/name"]);
        check(&"x".repeat(201), None, &["/person/name"]);
        for wrong in [
            "",
            "dana",
            "@northwind.example",
            "dana@",
            "a@b@c",
            "dana@northwind.example\r\n",
            "d a@b.example",
            "d\0@b.example",
        ] {
            check("Dana", Some(wrong), &["/person/email"]);
        }
    }
}

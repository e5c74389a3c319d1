//! What people change of their own account: name, password, the second step.
//! Whatever keeps others out is changed only with the password once more.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::signing_in::{new_session, plain, sealed_at, tell};
use super::{Browser, SignedIn, Tried, Visitor, account_of, check_password};
use crate::access::second_step::{CodeSecret, make_recovery_codes, recovery_hash};
use crate::answers::Person;
use crate::app::links::check_person;
use crate::app::{App, Refusal};
use crate::handoff::EventKind;
use crate::store::{self, Fault, MemberRow};

/// A secret for an authenticator app that is not in force yet.
#[derive(Debug)]
pub struct Offer {
    /// Comes back with the first code.
    pub sealed: String,
    /// As it is typed into an app.
    pub text: String,
    /// For the QR code.
    pub address: String,
}

/// What a secret that is only offered is sealed for.
fn offered_at(member: &str) -> String {
    format!("members:{member}:offered")
}

impl App {
    /// Gives the visitor another name.
    pub async fn rename(&self, visitor: &Visitor, name: &str) -> Result<(), Refusal> {
        let name = name.trim().to_owned();
        check_person(&Person { name: name.clone(), email: None })?;
        let (id, now) = (visitor.member.id.clone(), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let found = store::find_member(tx.reading().await?, &id).await?;
                let row = MemberRow { name, ..found.ok_or(Refusal::NotFound("member"))? };
                store::save_member(tx, &row).await?;
                tell(tx, &row, EventKind::MemberChanged, json!({"changed": "name"}), now).await?;
                Ok::<_, Refusal>(())
            })
        });
        write.await
    }

    /// Gives the visitor another password: all sessions end, and this one goes on under a new secret.
    pub async fn change_password(
        &self,
        visitor: &Visitor,
        (old, new): (SecretString, SecretString),
        from: &Browser,
    ) -> Result<SignedIn, Refusal> {
        check_password(&new, (&visitor.member.name, &visitor.member.email))?;
        let before = self.prove_again(visitor, old).await?;
        let password = self.hash_password(new).await?;
        let (from, now) = (from.clone(), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let row = unchanged(store::find_member(tx.reading().await?, &before.id).await?, &before)?;
                let row = MemberRow { password: Some(password), ..row };
                store::save_member(tx, &row).await?;
                store::end_member_sessions(tx, (&row.workspace, &row.id), None).await?;
                store::end_resets(tx, (&row.workspace, &row.id), now).await?;
                let (session, signed_in) = new_session(&row, &from, now)?;
                store::insert_member_session(tx, &session).await?;
                tell(tx, &row, EventKind::MemberSecured, json!({"password": "changed"}), now).await?;
                Ok::<_, Refusal>(signed_in)
            })
        });
        write.await
    }

    /// A secret for an authenticator app, to be confirmed by its first code.
    pub fn offer_second_step(&self, visitor: &Visitor) -> Result<Offer, Refusal> {
        let unusable = |fault: crate::access::NoRandomness| Fault::Unusable(fault.to_string());
        let secret = CodeSecret::make().map_err(unusable)?;
        let sealed = self.sealer.seal(&offered_at(&visitor.member.id), &secret.text().into()).map_err(unusable)?;
        Ok(Offer { sealed, text: secret.text(), address: secret.address(&visitor.member.email) })
    }

    /// The same offer again, for a page that is shown once more; none when it is not this visitor's.
    pub fn offered(&self, visitor: &Visitor, sealed: &str) -> Option<Offer> {
        let text = self.sealer.unseal(&offered_at(&visitor.member.id), sealed).ok()?;
        let secret = CodeSecret::read(text.expose_secret())?;
        Some(Offer { sealed: sealed.to_owned(), text: secret.text(), address: secret.address(&visitor.member.email) })
    }

    /// Puts a second step into force; recovery codes, to be shown once.
    pub async fn confirm_second_step(
        &self,
        visitor: &Visitor,
        (offer, typed): (&Offer, &str),
        password: SecretString,
    ) -> Result<Vec<String>, Refusal> {
        let unusable = |fault: crate::access::NoRandomness| Fault::Unusable(fault.to_string());
        let secret = CodeSecret::read(&offer.text).ok_or(Refusal::NotFound("offer"))?;
        let Some(step) = secret.step_of(&plain(typed), self.now().as_second(), 0) else {
            let why = "this is not the code that the app shows now; look whether the telephone's clock is right";
            return Err(Refusal::invalid("/code", "wrong", why));
        };
        let before = self.prove_again(visitor, password).await?;
        let sealed = self.sealer.seal(&sealed_at(&before.id), &secret.text().into()).map_err(unusable)?;
        let codes = make_recovery_codes().map_err(unusable)?;
        let hashes = codes.iter().map(|code| recovery_hash(code)).collect();
        self.secure(before, "on", move |row| {
            row.code_secret = Some(sealed);
            row.code_step = step;
            row.recovery = hashes;
        })
        .await?;
        Ok(codes)
    }

    /// Lets the second step go.
    pub async fn drop_second_step(&self, visitor: &Visitor, password: SecretString) -> Result<(), Refusal> {
        let before = self.prove_again(visitor, password).await?;
        self.secure(before, "off", |row| {
            row.code_secret = None;
            row.recovery.clear();
        })
        .await
    }

    /// New recovery codes in place of the others, to be shown once.
    pub async fn renew_recovery_codes(
        &self,
        visitor: &Visitor,
        password: SecretString,
    ) -> Result<Vec<String>, Refusal> {
        let before = self.prove_again(visitor, password).await?;
        if before.code_secret.is_none() {
            return Err(Refusal::NotFound("second step"));
        }
        let codes = make_recovery_codes().map_err(|fault| Fault::Unusable(fault.to_string()))?;
        let hashes = codes.iter().map(|code| recovery_hash(code)).collect();
        self.secure(before, "new recovery codes", move |row| row.recovery = hashes).await?;
        Ok(codes)
    }

    /// The visitor's row, when the password is theirs. Wrong ones count as when signing in.
    async fn prove_again(&self, visitor: &Visitor, password: SecretString) -> Result<MemberRow, Refusal> {
        let member = &visitor.member;
        let row = store::find_member(&mut *self.store.reader().await?, &member.id).await?;
        let row = row.ok_or(Refusal::NotFound("member"))?;
        let account = account_of(member.workspace.as_str(), &member.email);
        match self.try_password((None, &account), (password, row.password.clone())).await? {
            Tried::Right => Ok(row),
            Tried::Wrong { .. } => Err(Refusal::invalid("/current", "wrong", "this is not your password")),
            Tried::Later { seconds } => {
                let why = format!("too many were wrong; try again in {} minutes", seconds.div_ceil(60));
                Err(Refusal::invalid("/current", "locked", why))
            }
        }
    }

    async fn secure(
        &self,
        before: MemberRow,
        what: &'static str,
        change: impl FnOnce(&mut MemberRow) + Send + 'static,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let mut row = unchanged(store::find_member(tx.reading().await?, &before.id).await?, &before)?;
                change(&mut row);
                store::save_member(tx, &row).await?;
                tell(tx, &row, EventKind::MemberSecured, json!({"second_step": what}), now).await?;
                Ok::<_, Refusal>(())
            })
        });
        write.await
    }
}

/// The row as it is now, if what was proved with it still stands.
fn unchanged(found: Option<MemberRow>, before: &MemberRow) -> Result<MemberRow, Refusal> {
    let is_same = |row: &MemberRow| row.disabled_at.is_none() && row.password == before.password;
    found.filter(is_same).ok_or(Refusal::NotFound("member"))
}

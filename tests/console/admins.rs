//! Admins: invitations, links for new passwords, the last one who cannot go,
//! and the walls between workspaces.

use baton::access::keys::Mode;
use baton::access::links::LinkKeys;
use baton::access::roles::Role;
use baton::app::Asker;
use baton::app::members::{Invite, invitation_url, invite as invite_into};
use baton::config::{MailSettings, Settings};
use baton::handoff::Actor;
use baton::store::{Options, Store, list_workspaces};
use jiff::SignedDuration;

use crate::harness::{Service, settings};
use crate::person::Person;
use crate::smtp::Smtp;
use crate::stage::{
    DANA, MEMBERS, PASSWORD, begun, first, id_of, invite, member, rows, send, shown_link, sign_in, told,
};

#[tokio::test]
async fn there_is_always_an_admin() {
    let (service, mut dana) = begun().await;
    let own = format!("/settings/members/{}", id_of(&service, DANA.1).await);
    let (role, access) = (format!("{own}/role"), format!("{own}/access"));
    let refused = send(&mut dana, &role, &[("role", "viewer")]).await.expect(422).text;
    assert!(refused.contains("They are the only admin"), "{refused}");
    send(&mut dana, &access, &[("access", "out")]).await.expect(422);
    let mut eve = member(&service, &mut dana, ("Eve Stone", "eve@acme.example"), "admin").await;
    let hers = format!("/settings/members/{}/access", id_of(&service, "eve@acme.example").await);
    send(&mut dana, &hers, &[("access", "out")]).await.expect(303);
    // One who is shut out does not count.
    send(&mut dana, &access, &[("access", "out")]).await.expect(422);
    send(&mut dana, &hers, &[("access", "in")]).await.expect(303);
    eve.post("/sign-in", &[("email", "eve@acme.example"), ("password", PASSWORD)]).await.expect(303);
    // Both at once: one of them stays.
    let (hers, own) = (hers.replace("/access", "/role"), role);
    let both = futures_util::future::join(
        send(&mut dana, &hers, &[("role", "viewer")]),
        send(&mut eve, &own, &[("role", "viewer")]),
    );
    let (one, other) = both.await;
    let admins = rows(&service, "SELECT id, role FROM members WHERE role = 'admin'").await.len();
    assert!(admins == 1, "{admins}: {} {}", one.status, other.status);
}

#[tokio::test]
async fn invitations_work_once_and_can_be_withdrawn() {
    let (service, mut dana) = begun().await;
    let path = invite(&mut dana, "marcus@acme.example", "sender").await;
    let newer = invite(&mut dana, "Marcus@acme.example", "receiver").await;
    let mut marcus = Person::of(&service);
    marcus.get(&path).await.expect(404);
    let page = marcus.get(&newer).await.expect(200).text;
    assert!(page.contains("Dana Whitfield invites you as receiver") && page.contains("new-password"), "{page}");
    // Role and address are those of the invitation, whatever is sent.
    let inputs = [("name", "Marcus Lee"), ("password", PASSWORD), ("email", "eve@evil.example"), ("role", "admin")];
    marcus.post(&newer, &inputs).await.expect(303);
    assert_eq!(
        rows(&service, "SELECT email, role FROM members WHERE role <> 'admin'").await,
        [("Marcus@acme.example".into(), "receiver".into())]
    );
    marcus.get(&newer).await.expect(404);
    Person::of(&service).post(&newer, &inputs).await.expect(404);
    let refused =
        send(&mut dana, MEMBERS, &[("email", "marcus@acme.example"), ("role", "viewer")]).await.expect(422).text;
    assert!(refused.contains("Somebody has an account with this address"), "{refused}");
    send(&mut dana, MEMBERS, &[("email", "eve@acme.example")]).await.expect(422);
    let path = invite(&mut dana, "eve@acme.example", "viewer").await;
    let id = path.trim_start_matches("/setup/").split('.').next().expect("an id");
    assert!(dana.get(MEMBERS).await.expect(200).text.contains("eve@acme.example"));
    send(&mut dana, &format!("/settings/invitations/{id}/withdraw"), &[]).await.expect(303);
    send(&mut dana, &format!("/settings/invitations/{id}/withdraw"), &[]).await.expect(404);
    Person::of(&service).post(&path, &[("name", "Eve Stone"), ("password", PASSWORD)]).await.expect(404);
    let path = invite(&mut dana, "eve@acme.example", "viewer").await;
    service.clock.advance(SignedDuration::from_hours(7 * 24));
    Person::of(&service).get(&path).await.expect(404);
    assert_eq!(told(&service).await.iter().filter(|kind| *kind == "member.invited").count(), 5);
}

#[tokio::test]
async fn a_link_for_a_new_password_lets_everything_else_go() {
    let (service, mut dana) = begun().await;
    let mut marcus = member(&service, &mut dana, ("Marcus Lee", "marcus@acme.example"), "sender").await;
    let reset = format!("/settings/members/{}/reset", id_of(&service, "marcus@acme.example").await);
    let old = shown_link(&send(&mut dana, &reset, &[]).await.expect(200).text);
    let path = shown_link(&send(&mut dana, &reset, &[]).await.expect(200).text);
    marcus.get("/settings/profile").await.expect(200);
    let mut other = Person::of(&service);
    other.get(&old).await.expect(404);
    other.post(&path, &[("password", "marcus lee 2026")]).await.expect(422);
    other.post(&path, &[("password", "four loud foghorns")]).await.expect(303);
    other.get("/settings/profile").await.expect(200);
    marcus.get("/settings/profile").await.expect(303);
    other.post(&path, &[("password", "five calm harbours")]).await.expect(404);
    // Whoever changes the password by themselves ends the link.
    let path = shown_link(&send(&mut dana, &reset, &[]).await.expect(200).text);
    let inputs = [("current", "four loud foghorns"), ("password", "five calm harbours")];
    send(&mut other, "/settings/profile/password", &inputs).await.expect(303);
    other.get(&path).await.expect(404);
    let path = shown_link(&send(&mut dana, &reset, &[]).await.expect(200).text);
    send(&mut dana, &reset.replace("/reset", "/access"), &[("access", "out")]).await.expect(303);
    Person::of(&service).post(&path, &[("password", "six bright beacons")]).await.expect(404);
}

/// An admin of another workspace of the same service.
async fn admin_of(service: &Service, workspace: &str) -> Person {
    service.make_key("all", workspace, Mode::Live).await;
    let data = service.settings.data_dir.clone();
    let store = Store::open_beside(&Options { folder: data.clone() }).await.expect("the database");
    let all = list_workspaces(&mut store.reader().await.expect("a reader")).await.expect("workspaces");
    let own = all.into_iter().find(|own| own.as_str() == workspace).expect("it is there");
    let asker = Asker { workspace: own, actor: Actor::Baton };
    let wanted = Invite { email: "zoe@b.example".to_owned(), name: None, role: Role::Admin, is_mailed: false };
    let made = invite_into(&store, asker, wanted, service.clock.now()).await.expect("an invitation");
    store.close().await;
    let keys = LinkKeys::open(&data.join("keys")).expect("keys");
    let url = invitation_url(&service.settings, &keys, &made);
    let mut zoe = Person::of(service);
    let path = url[url.find("/setup/").expect("its path")..].to_owned();
    zoe.post(&path, &[("name", "Zoe Park"), ("password", PASSWORD)]).await.expect(303);
    zoe
}

#[tokio::test]
async fn workspaces_see_nothing_of_each_other() {
    let (service, mut dana) = begun().await;
    let _ = member(&service, &mut dana, ("Marcus Lee", "marcus@acme.example"), "sender").await;
    let waiting = invite(&mut dana, "eve@acme.example", "viewer").await;
    let mut zoe = admin_of(&service, "other").await;
    let theirs = zoe.get(MEMBERS).await.expect(200).text;
    assert!(theirs.contains("Zoe Park") && theirs.contains("1 member"), "{theirs}");
    for hidden in ["Dana", "Marcus", "acme.example"] {
        assert!(!theirs.contains(hidden), "{hidden}: {theirs}");
    }
    let ours = dana.get(MEMBERS).await.expect(200).text;
    assert!(!ours.contains("Zoe") && ours.contains("2 members"), "{ours}");
    let marcus = id_of(&service, "marcus@acme.example").await;
    for (rest, inputs) in [("role", [("role", "admin")]), ("access", [("access", "out")]), ("reset", [("x", "")])] {
        send(&mut zoe, &format!("/settings/members/{marcus}/{rest}"), &inputs).await.expect(404);
    }
    let id = waiting.trim_start_matches("/setup/").split('.').next().expect("an id");
    send(&mut zoe, &format!("/settings/invitations/{id}/withdraw"), &[]).await.expect(404);
    Person::of(&service).get(&waiting).await.expect(200);
    // The same address may be somebody else there; each has their own door.
    let path = invite(&mut zoe, DANA.1, "viewer").await;
    Person::of(&service).post(&path, &[("name", "Another Dana"), ("password", "four loud foghorns")]).await.expect(303);
    assert_eq!(sign_in(&service, DANA.1, PASSWORD).await.1.status, 303);
    assert_eq!(sign_in(&service, DANA.1, "four loud foghorns").await.1.status, 422);
}

#[tokio::test]
async fn an_invitation_is_mailed_where_mail_is_set_up() {
    let mut smtp = Smtp::prepare("invitations");
    smtp.start().await;
    let mail = MailSettings {
        url: Some(smtp.url().into()),
        from: "Baton <baton@acme.example>".to_owned(),
        ..MailSettings::default()
    };
    let service = Service::start_with(Settings { mail, ..settings() }, None).await;
    let mut dana = first(&service).await;
    let page = send(&mut dana, MEMBERS, &[("email", "marcus@acme.example"), ("role", "sender")]).await.expect(200).text;
    assert!(page.contains("It is mailed to them too"), "{page}");
    let path = shown_link(&page);
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(100));
    for _ in 0..150 {
        if !smtp.mails().is_empty() {
            break;
        }
        ticks.tick().await;
    }
    let mails = smtp.mails();
    let parsed = mail_parser::MessageParser::default().parse(mails.first().expect("a mail")).expect("it is one");
    assert_eq!(parsed.subject(), Some("Dana Whitfield invites you to Baton"));
    let text = parsed.body_text(0).expect("text").into_owned();
    assert!(text.contains(&path) && mails.len() == 1, "{text}");
    let stored = std::fs::read(service.settings.data_dir.join("baton.db")).expect("the database");
    let token = path.rsplit('.').next().expect("a signature");
    assert!(!stored.windows(token.len()).any(|part| part == token.as_bytes()));
}

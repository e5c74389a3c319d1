//! The people of these tests: an admin who came by the first link, others whom
//! they invited, and what is asked of a page again and again.

use crate::harness::{Answer, Service};
use crate::person::{Person, hidden};

pub const PASSWORD: &str = "three quiet lighthouses";
pub const DANA: (&str, &str) = ("Dana Whitfield", "dana@acme.example");
pub const MEMBERS: &str = "/settings/members";

/// A service with its first admin, who is signed in.
pub async fn begun() -> (Service, Person) {
    let service = Service::start().await;
    let dana = first(&service).await;
    (service, dana)
}

/// The path of the very first link.
pub async fn first_path(service: &Service) -> String {
    let link = service.app().first_link().await.expect("a look").expect("nobody has an account");
    link.strip_prefix(&service.url).expect("it leads here").to_owned()
}

/// The first admin, by the first link.
pub async fn first(service: &Service) -> Person {
    let path = first_path(service).await;
    let mut dana = Person::of(service);
    dana.post(&path, &[("name", DANA.0), ("email", DANA.1), ("password", PASSWORD)]).await.expect(303);
    dana
}

/// The form token of a person's session.
pub async fn token(person: &mut Person) -> String {
    hidden(&person.get("/settings/profile").await.expect(200).text, "token")
}

/// Sends a form of the session.
pub async fn send(person: &mut Person, path: &str, inputs: &[(&str, &str)]) -> Answer {
    let token = token(person).await;
    let mut all = vec![("token", token.as_str())];
    all.extend(inputs);
    person.post(path, &all).await
}

/// The link that a page shows once, as path.
pub fn shown_link(page: &str) -> String {
    let at = page.find("/setup/").unwrap_or_else(|| panic!("no link in {page}"));
    page[at..].split('<').next().unwrap_or_default().trim().to_owned()
}

/// Invites somebody; the path of their link.
pub async fn invite(admin: &mut Person, email: &str, role: &str) -> String {
    shown_link(&send(admin, MEMBERS, &[("email", email), ("role", role)]).await.expect(200).text)
}

/// Somebody who was invited and joined, signed in.
pub async fn member(service: &Service, admin: &mut Person, (name, email): (&str, &str), role: &str) -> Person {
    let path = invite(admin, email, role).await;
    let mut person = Person::of(service);
    person.post(&path, &[("name", name), ("password", PASSWORD)]).await.expect(303);
    person
}

/// Signs in with a new browser; what came back.
pub async fn sign_in(service: &Service, email: &str, password: &str) -> (Person, Answer) {
    let mut person = Person::of(service);
    let answer = person.post("/sign-in", &[("email", email), ("password", password)]).await;
    (person, answer)
}

/// The id of the member with this address, from the rows of the database.
pub async fn id_of(service: &Service, email: &str) -> String {
    let found = rows(service, "SELECT id, email FROM members").await;
    found.into_iter().find(|(_, other)| other == email).map(|(id, _)| id).expect("a member")
}

pub async fn rows(service: &Service, question: &'static str) -> Vec<(String, String)> {
    let file = format!("sqlite://{}?mode=ro", service.settings.data_dir.join("baton.db").display());
    let pool = sqlx::SqlitePool::connect(&file).await.expect("the database");
    let rows = sqlx::query_as(question).fetch_all(&pool).await.expect("rows");
    pool.close().await;
    rows
}

/// What the log says of members, without who and when.
pub async fn told(service: &Service) -> Vec<String> {
    let all =
        rows(service, "SELECT kind, COALESCE(detail, '') FROM events WHERE kind LIKE 'member.%' ORDER BY place").await;
    all.into_iter().map(|(kind, _)| kind).collect()
}

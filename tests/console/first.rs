//! The first account and the way back in: links that work once, from the
//! service and from the command line.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use jiff::SignedDuration;

use crate::harness::{Service, folder};
use crate::person::Person;
use crate::stage::{DANA, MEMBERS, PASSWORD, begun, first_path, rows, sign_in, told};

#[tokio::test]
async fn the_first_link_works_once() {
    let service = Service::start().await;
    let (path, spare) = (first_path(&service).await, first_path(&service).await);
    let mut dana = Person::of(&service);
    let front = dana.get("/").await.expect(200).text;
    assert!(front.contains("Nobody has an account here yet") && front.contains("baton members create"), "{front}");
    // Opening it changes nothing, however often.
    for method in ["GET", "HEAD", "GET"] {
        dana.send(method, &path, None, &[]).await.expect(200);
    }
    let inputs = |password: &'static str| [("name", DANA.0), ("email", DANA.1), ("password", password)];
    let weak = dana.post(&path, &inputs("Password1234!")).await.expect(422).text;
    assert!(
        weak.contains("among the first that anybody would try") && weak.contains("value=\"Dana Whitfield\""),
        "{weak}"
    );
    assert!(!weak.contains("Password1234"), "{weak}");
    dana.post(&path, &[("name", " "), ("email", "dana"), ("password", PASSWORD)]).await.expect(422);
    let foreign = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "cross-site")];
    dana.send("POST", &path, Some("name=Eve&email=eve@x.example&password=three+quiet+lighthouses".into()), &foreign)
        .await
        .expect(403);
    assert_eq!(rows(&service, "SELECT id, email FROM members").await.len(), 0);
    let made = dana.post(&path, &inputs(PASSWORD)).await.expect(303);
    assert_eq!(made.header("location"), "/");
    assert_eq!(dana.get("/").await.expect(303).header("location"), "/handoffs");
    dana.get(MEMBERS).await.expect(200);
    for used in [&path, &spare] {
        dana.get(used).await.expect(404);
        dana.post(used, &inputs(PASSWORD)).await.expect(404);
    }
    assert_eq!(service.app().first_link().await.expect("a look"), None);
    assert_eq!(told(&service).await, ["member.joined", "member.signed_in"]);
    let (_, again) = sign_in(&service, "DANA@acme.example ", PASSWORD).await;
    assert_eq!(again.status, 303);
}

#[tokio::test]
async fn the_first_link_ends_after_a_day_and_is_not_guessed() {
    let service = Service::start().await;
    let path = first_path(&service).await;
    let mut dana = Person::of(&service);
    let (id, rest) = path.strip_prefix("/setup/").and_then(|token| token.split_once('.')).expect("a token");
    let later = format!("first_{}", id.trim_start_matches("first_").parse::<i64>().expect("a time") + 1);
    for forged in [
        format!("/setup/{later}.{rest}"),
        format!("{path}A"),
        "/setup/first_1.a.b".into(),
        "/setup/x".into(),
        "/setup/first_.x.y".into(),
    ] {
        dana.get(&forged).await.expect(404);
    }
    service.clock.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    dana.get(&path).await.expect(200);
    service.clock.advance(SignedDuration::from_secs(1));
    dana.get(&path).await.expect(404);
    dana.post(&path, &[("name", DANA.0), ("email", DANA.1), ("password", PASSWORD)]).await.expect(404);
    // Whoever tries many is told to wait; a good link opens all the same.
    let mut last = 0;
    for number in 0..20 {
        last = dana.get(&format!("/setup/inv_{number}.a.b")).await.status;
    }
    assert_eq!(last, 429);
    dana.get(&first_path(&service).await).await.expect(200);
}

/// Exit status, what was printed, and what was said beside it. The server of the test runs on meanwhile: one that is
/// stopped in the midst of a write would hold the database for as long as this waits for it.
async fn members(data: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    command.arg("members").args(arguments).arg("--data-dir").arg(data);
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("it ends").expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().expect("a status"), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn the_command_line_is_a_way_back_in() {
    let (service, _) = begun().await;
    let data = service.settings.data_dir.clone();
    let path =
        |out: &str| out.lines().last().and_then(|line| Some(line[line.find("/setup/")?..].to_owned())).expect("a link");
    let (status, out, err) = members(&data, &["create", "--email", "marcus@acme.example", "--role", "viewer"]).await;
    assert!(status == 0 && out.lines().count() == 1 && err.contains("shown this once"), "{out} {err}");
    let mut marcus = Person::of(&service);
    let page = marcus.get(&path(&out)).await.expect(200).text;
    assert!(page.contains("marcus@acme.example") && page.contains("Whoever runs Baton"), "{page}");
    marcus.post(&path(&out), &[("name", "Marcus Lee"), ("password", PASSWORD)]).await.expect(303);
    marcus.get(MEMBERS).await.expect(403);
    let (_, list, _) = members(&data, &["list"]).await;
    let is_listed = |what: &str| list.lines().any(|line| line.contains(what));
    assert!(list.lines().count() == 2 && is_listed("main  dana@acme.example  Dana Whitfield  admin"), "{list}");
    assert!(is_listed("main  marcus@acme.example  Marcus Lee  viewer  can sign in"), "{list}");
    assert!(!list.contains("argon2id"), "{list}");

    let (status, out, _) = members(&data, &["disable", "marcus@acme.example"]).await;
    assert!(status == 0 && out.contains("is shut out"), "{out}");
    assert_eq!(
        marcus.get("/settings/profile").await.expect(303).header("location"),
        "/sign-in?next=%2Fsettings%2Fprofile"
    );
    assert_eq!(members(&data, &["reset", "marcus@acme.example"]).await.0, 2, "who is shut out has no way in");
    assert_eq!(members(&data, &["enable", "marcus@acme.example"]).await.0, 0);
    let (_, out, _) = members(&data, &["reset", "Marcus@acme.example"]).await;
    marcus.post(&path(&out), &[("password", "four loud foghorns")]).await.expect(303);
    marcus.get("/settings/profile").await.expect(200);
    assert_eq!(sign_in(&service, "marcus@acme.example", PASSWORD).await.1.status, 422);
    assert_eq!(sign_in(&service, "marcus@acme.example", "four loud foghorns").await.1.status, 303);
    // Somebody leaves for good: nothing of the account is left but that there was one.
    let person = serde_json::json!({"person": {"email": "marcus@acme.example"}});
    let held = service.post("/v1/exports", &person).await.expect(200).json();
    let of = |kind: &str| held["records"].as_array().expect("rows").iter().find(|one| one["kind"] == kind).cloned();
    assert_eq!(of("members").expect("an account")["content"]["name"], "Marcus Lee", "{held}");
    assert_eq!(of("member_sessions").expect("a session")["content"]["address"], "127.0.0.1", "{held}");
    assert!(!held.to_string().contains("argon2id"), "{held}");
    assert_eq!(members(&data, &["erase", "marcus@acme.example"]).await.0, 2, "who can sign in is not erased");
    assert_eq!(members(&data, &["disable", "marcus@acme.example"]).await.0, 0);
    assert_eq!(members(&data, &["erase", "marcus@acme.example"]).await.0, 0);
    for question in [
        "SELECT id, email FROM members WHERE email LIKE 'marcus%'",
        "SELECT id, email FROM invitations WHERE email LIKE 'marcus%'",
        "SELECT kind, detail FROM events WHERE detail LIKE '%arcus%'",
    ] {
        assert_eq!(rows(&service, question).await, [], "{question}");
    }
    let verified =
        Command::new(env!("CARGO_BIN_EXE_baton")).args(["audit", "verify", "--data-dir"]).arg(&data).output();
    assert!(verified.expect("it runs").status.success(), "the chain holds without the words");
    for (wrong, said) in [
        (vec!["disable", DANA.1], "the only admin"),
        (vec!["disable", "nobody@acme.example"], "nobody is known"),
        (vec!["create", "--email", DANA.1], "has an account"),
        (vec!["create", "--email", "dana"], "write one address"),
        (vec!["create", "--email", "a@b.example", "--role", "boss"], "no role"),
    ] {
        let (status, out, err) = members(&data, &wrong).await;
        assert!(status == 2 && out.is_empty() && err.contains(said), "{wrong:?}: {status} {out} {err}");
    }
}

#[tokio::test]
async fn the_server_prints_the_first_link_beside_its_output() {
    let data = folder();
    std::fs::create_dir_all(&data).expect("a folder");
    let log = data.join("log.jsonl");
    let mut child = Command::new(env!("CARGO_BIN_EXE_baton"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(data.join("data"))
        .current_dir(&data)
        .env_remove("RUST_LOG")
        .stderr(std::fs::File::create(&log).expect("a file"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut output = BufReader::new(child.stdout.take().expect("its words"));
    let mut line = String::new();
    output.read_line(&mut line).expect("a line");
    let url = line.trim().strip_prefix("Baton listens on ").expect("an address").to_owned();
    let client = reqwest::Client::new();
    // What it says comes after it listens.
    let mut found = None;
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(50));
    for _ in 0..200 {
        let said = std::fs::read_to_string(&log).expect("a log");
        found = said
            .lines()
            .find_map(|line| Some(line[line.find(&format!("{url}/setup/"))?..].split('"').next()?.to_owned()));
        if found.is_some() {
            break;
        }
        ticks.tick().await;
    }
    let opened = client.get(found.expect("a link in the log")).send().await.expect("an answer");
    assert_eq!(opened.status(), 200);
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill").success());
    assert!(child.wait().expect("it ends").success());
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut output, &mut rest).expect("text");
    assert_eq!(rest, "", "standard output is for programs");
    let said = std::fs::read_to_string(&log).expect("a log");
    assert_eq!(said.matches("/setup/first_").count(), 1, "{said}");
    assert!(said.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{said}");
}

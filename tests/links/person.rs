//! A person with a browser's memory: cookies are kept and sent, redirects are
//! seen, forms are filled in by the names of their inputs.

use std::collections::BTreeMap;

use serde_json::json;

use crate::harness::{Answer, Service};

pub struct Person {
    client: reqwest::Client,
    url: String,
    pub cookies: BTreeMap<String, String>,
    /// Everything that came back, with its address.
    pub seen: Vec<(String, Answer)>,
}

/// What a hidden input of a page holds.
pub fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(&start).unwrap_or_else(|| panic!("no {name} in {page}")).1;
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// The link of somebody for a handoff, as path.
pub async fn link(service: &Service, id: &str, (name, email): (&str, &str), purpose: &str) -> (String, String) {
    let body = json!({"person": {"name": name, "email": email}, "purpose": purpose});
    let made = service.post(&format!("/v1/handoffs/{id}/links"), &body).await.expect(201).json();
    let url = made["url"].as_str().expect("an address").to_owned();
    let path = url.find("/l/").map(|at| url[at..].to_owned()).expect("its path");
    (made["id"].as_str().expect("an id").to_owned(), path)
}

impl Person {
    pub fn of(service: &Service) -> Person {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Person { client, url: service.url.clone(), cookies: BTreeMap::new(), seen: Vec::new() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, None, &[]).await
    }

    pub async fn post(&mut self, path: &str, inputs: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(inputs).finish();
        self.send("POST", path, Some(body), &[("content-type", "application/x-www-form-urlencoded")]).await
    }

    pub async fn send(&mut self, method: &str, path: &str, body: Option<String>, headers: &[(&str, &str)]) -> Answer {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", pairs.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let answer = Answer { status, headers, text: response.text().await.expect("a body") };
        let given = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        for (name, rest) in given.filter_map(|cookie| cookie.split_once('=')) {
            match rest.split(';').next().unwrap_or_default() {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        let copy = Answer { status, headers: answer.headers.clone(), text: answer.text.clone() };
        self.seen.push((path.to_owned(), copy));
        answer
    }

    /// Opens a link, continues, and gives the page behind it.
    pub async fn enter(&mut self, link: &str) -> Answer {
        self.get(link).await.expect(200);
        let entered = self.post(link, &[]).await.expect(303);
        let place = entered.header("location").to_owned();
        self.get(&place).await.expect(200)
    }

    /// Sends the form of a page, with these inputs filled in.
    pub async fn fill(&mut self, id: &str, page: &str, inputs: &[(&str, &str)]) -> Answer {
        let (token, version) = (hidden(page, "token"), hidden(page, "version"));
        let mut all = vec![("token", token.as_str()), ("version", version.as_str())];
        all.extend(inputs);
        self.post(&format!("/h/{id}"), &all).await
    }
}

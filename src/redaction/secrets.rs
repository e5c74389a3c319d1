//! Secrets that open something: keys and tokens with the beginnings that their
//! issuers give them, signed tokens, private keys, and what stands behind
//! `Bearer` or a name such as `api_key=`.

use super::finding::Stretch;
use super::letters::{Letters, NOTHING};

/// The longest token that is looked at, in letters.
const LONGEST: usize = 4_096;
/// The longest block in PEM, in letters.
const LONGEST_BLOCK: usize = 16_384;

/// Beginnings of keys with the fewest letters behind them. Longer ones stand before those they begin with.
const BEGINNINGS: &[(&str, usize)] = &[
    ("sk-", 16),
    ("sk_live_", 10),
    ("sk_test_", 10),
    ("pk_live_", 10),
    ("pk_test_", 10),
    ("rk_live_", 10),
    ("rk_test_", 10),
    ("whsec_", 16),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxa-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("xoxe-", 10),
    ("xoxe.", 10),
    ("xapp-", 10),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("ya29.", 20),
    ("npm_", 30),
    ("pypi-", 30),
    ("hf_", 30),
    ("shpat_", 20),
    ("shpss_", 20),
    ("dop_v1_", 30),
    ("SG.", 30),
    ("pat-na1-", 20),
    ("pat-eu1-", 20),
    ("baton_live_", 16),
    ("baton_test_", 16),
    ("sq0atp-", 16),
    ("sq0csp-", 16),
    ("lin_api_", 20),
    ("sbp_", 20),
    ("dapi", 32),
];

/// Names before a secret that has no beginning of its own.
const NAMES: &[&str] = &[
    "api_key",
    "api-key",
    "apikey",
    "api key",
    "client_secret",
    "client-secret",
    "client secret",
    "secret_key",
    "secret key",
    "access_token",
    "access token",
    "auth_token",
    "refresh_token",
    "accountkey",
    "x-api-key",
    "authorization",
];
/// Letters of the shortest secret behind a name.
const LEAST_NAMED: usize = 12;

pub(super) fn find(letters: &Letters) -> Vec<Stretch> {
    let mut found = Vec::new();
    // Up to here each kind of look has been in vain: what begins later in the same run fares no better.
    let mut looked = Looked::default();
    let mut at = 0;
    while at < letters.len() {
        match secret_at(letters, at, &mut looked) {
            Some((from, to)) => {
                found.push((from, to, letters.words(from, to)));
                at = to;
            }
            None => at += 1,
        }
    }
    found
}

/// Where the last run ended that was no secret.
#[derive(Default)]
struct Looked {
    token: usize,
    signed: usize,
    named: usize,
}

/// Where a secret begins that is announced at `at`, and where it ends.
fn secret_at(letters: &Letters, at: usize, looked: &mut Looked) -> Option<(usize, usize)> {
    if letters.at(at) == '-' {
        return block(letters, at).map(|to| (at, to));
    }
    // Letters alone begin anything here, and no word goes on into it.
    if !letters.at(at).is_ascii_alphabetic() || letters.before(at).is_ascii_alphanumeric() {
        return None;
    }
    signed(letters, at, looked)
        .or_else(|| token(letters, at, looked))
        .map(|to| (at, to))
        .or_else(|| named(letters, at, looked))
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// Letters of tokens in base 64 as well, but for the signs that end sentences.
fn is_wide(c: char) -> bool {
    is_token(c) || matches!(c, '+' | '/' | '=' | '.' | '~')
}

/// Whether letters look drawn by lot: a digit among them, or both cases mixed beyond what words do.
fn is_random(letters: &Letters, from: usize, to: usize) -> bool {
    let all = letters.all().get(from..to).unwrap_or_default();
    let turns = all.windows(2).filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase()).count();
    all.iter().any(char::is_ascii_digit) || turns >= 3
}

/// A key that its issuer's beginning tells.
fn token(letters: &Letters, at: usize, looked: &mut Looked) -> Option<usize> {
    if at < looked.token {
        return None;
    }
    // The issuers' letters are a sign of their own: `SK-` is the number of an article.
    let spelled = |beginning: &str| beginning.chars().enumerate().all(|(offset, c)| letters.at(at + offset) == c);
    let (beginning, least) = BEGINNINGS.iter().find(|(beginning, _)| spelled(beginning))?;
    let from = at + beginning.len();
    let is_wide_key = matches!(*beginning, "whsec_" | "SG." | "ya29." | "xoxe.");
    let end = letters.run(from, LONGEST, |c| if is_wide_key { is_wide(c) } else { is_token(c) });
    let to = without_stop(letters, from, end);
    let fits = to - from >= *least && is_random(letters, from, to);
    if !fits {
        looked.token = end;
    }
    fits.then_some(to)
}

/// A sign at the end that belongs to the sentence.
fn without_stop(letters: &Letters, from: usize, end: usize) -> usize {
    let mut to = end;
    while to > from && matches!(letters.at(to - 1), '.' | '/' | '~' | '-') {
        to -= 1;
    }
    to
}

/// `eyJ….eyJ….…`: a token with its signature.
fn signed(letters: &Letters, at: usize, looked: &mut Looked) -> Option<usize> {
    if at < looked.signed || !(letters.at(at) == 'e' && letters.at(at + 1) == 'y' && letters.at(at + 2) == 'J') {
        return None;
    }
    let head = letters.run(at, LONGEST, is_token);
    let body = letters.run(head + 1, LONGEST, is_token);
    let tail = letters.run(body + 1, LONGEST, is_token);
    let fits = head - at >= 10 && letters.at(head) == '.' && body > head + 4 && letters.at(body) == '.';
    if !fits {
        looked.signed = head;
    }
    fits.then_some(without_stop(letters, body + 1, tail))
}

/// `-----BEGIN … KEY-----` up to its end; without one, up to an empty line.
fn block(letters: &Letters, at: usize) -> Option<usize> {
    let label = || letters.words(at + 11, letters.run(at + 11, 64, |c| c != '-' && c != '\n'));
    if !letters.starts_with(at, "-----BEGIN ") || !["KEY", "CERTIFICATE"].iter().any(|word| label().contains(word)) {
        return None;
    }
    let most = letters.len().min(at + LONGEST_BLOCK);
    let mut place = at + 11;
    let mut empty = None;
    while place < most && letters.at(place) != NOTHING {
        if letters.starts_with(place, "-----END ") {
            let label = letters.run(place + 9, 64, |c| c != '-' && c != '\n');
            return Some(letters.run(label, 5, |c| c == '-'));
        }
        if letters.at(place) == '\n' && letters.at(place + 1) == '\n' {
            empty = empty.or(Some(place));
        }
        // The next block is looked at by itself.
        if letters.starts_with(place, "-----BEGIN ") {
            empty = empty.or(Some(place));
            break;
        }
        place += 1;
    }
    Some(empty.unwrap_or(place))
}

/// `Bearer …` and `api_key: …`: the secret alone, without its name.
fn named(letters: &Letters, at: usize, looked: &mut Looked) -> Option<(usize, usize)> {
    if at < looked.named {
        return None;
    }
    let announced = ["bearer ", "basic ", "hooks.slack.com/services/"];
    let from = if let Some(words) = announced.into_iter().find(|words| letters.starts_with(at, words)) {
        at + words.len()
    } else {
        let name = NAMES.iter().find(|name| letters.starts_with(at, name))?;
        let from = letters.run(at + name.len(), 2, |c| matches!(c, '"' | '\'' | ' '));
        if !matches!(letters.at(from), ':' | '=') {
            return None;
        }
        letters.run(from + 1, 3, |c| matches!(c, '"' | '\'' | ' '))
    };
    let end = letters.run(from, LONGEST, is_wide);
    let to = without_stop(letters, from, end);
    let fits = to - from >= LEAST_NAMED && is_random(letters, from, to);
    // What is too short to be one may itself be a name, as in `Authorization: Bearer …`.
    if !fits && to - from >= LEAST_NAMED {
        looked.named = end;
    }
    fits.then_some((from, to))
}

#[cfg(test)]
mod tests {
    use crate::redaction::find;
    use crate::route::Withheld;

    fn check(text: &str, expected: &[&str]) {
        let found = find(text, &[Withheld::Key]);
        assert_eq!(found.iter().map(|one| &text[one.start..one.end]).collect::<Vec<_>>(), expected, "{text:?}");
    }

    /// Put together here, so that nothing in this file looks like a key that was lost.
    fn key(beginning: &str, rest: &str) -> String {
        format!("{beginning}{rest}")
    }

    #[test]
    fn keys_are_found_by_their_beginnings() {
        let hex = "4f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a";
        for text in [
            key("sk-", "proj-4f9aT8b7c6d5Xe4f3a2b1"),
            key("sk-", "ant-api03-4f9a8b7c6d5e_4f3a2b1-AA"),
            key("sk_", "live_4eC39HqLyjWDarjtT1zdp7dc"),
            key("whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            key("whsec_", "C2FVsBQIhrscChlQIMV+b5sSYspob7oD/x=="),
            key("xoxb-", "17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzbqgy"),
            key("AKIA", "IOSFODNN7EXAMPLE"),
            key("ghp_", &hex[..36]),
            key("baton_live_", &format!("0123456789abcdef_{hex}xyz")),
            key("eyJ", "hbGciOiJFZERTQSJ9.eyJpc3MiOiJiYXRvbiJ9.c2lnbmF0dXJl-_x"),
            key("pat-na1-", "8f14e45f-ceea-467f-a8d4-0f3b1c2d4e5f"),
            key("-----BEGIN ", "PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ\nAbc=\n-----END PRIVATE KEY-----"),
        ] {
            check(&text, &[&text]);
            check(&format!("The key is `{text}`, keep it."), &[&text]);
            check(&format!("key={text}\nnext"), &[&text]);
        }
    }

    #[test]
    fn secrets_are_found_behind_their_names() {
        check("Authorization: Bearer abc123DEF456ghi789.", &["abc123DEF456ghi789"]);
        check("api_key = \"Zm9vYmFyMTIzNDU2\"", &["Zm9vYmFyMTIzNDU2"]);
        check("client_secret: 8f14e45fceea467fa8d4", &["8f14e45fceea467fa8d4"]);
        check("https://hooks.slack.com/services/T00000000/B00000000/XXXX1234", &["T00000000/B00000000/XXXX1234"]);
        check("> -----BEGIN RSA PRIVATE KEY-----\n> MC4C1\n\nBye", &["-----BEGIN RSA PRIVATE KEY-----\n> MC4C1"]);
    }

    #[test]
    fn words_and_numbers_are_no_keys() {
        for text in [
            "sk-learn is a library",
            "sk-learning-and-development-team",
            "SK-2041-88213",
            "bearer of good news for everyone",
            "basic understanding",
            "API key: to be sent later",
            "TICKET-123456",
            "whsec_",
            "AKIA",
            "eyJ",
            "----- 8< -----",
            "commit 4f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a",
            "task-4f9a8b7c6d5e4f3a",
            "the api_key is missing",
        ] {
            check(text, &[]);
        }
    }
}

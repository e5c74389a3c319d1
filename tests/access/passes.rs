//! Passes and audit heads: believed only as Baton signed them, for what it
//! signed them, and for as long.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton::access::SigningKeys;
use baton::access::passes::{Claims, Head, MOST_LIFE, PassFault, Subject};
use jiff::{SignedDuration, Timestamp};

use crate::folders::{Folder, NOW, after};

/// A pass of this many seconds.
pub fn claims(now: Timestamp, life_seconds: i64) -> Claims {
    let subject = Subject {
        issuer: "https://baton.acme.example".into(),
        handoff: "hnd_1f9a".into(),
        external_id: Some("hubspot:deal:12345".into()),
        workspace: "ws_1".into(),
        route: "sales-to-onboarding".into(),
        route_version: 3,
        version: 4,
        digest: "9f2c".repeat(16),
        is_break_glass: false,
    };
    let mut claims = Claims::issue(subject, now, SignedDuration::from_secs(life_seconds)).expect("a pass");
    claims.exp = claims.iat + life_seconds;
    claims
}

pub fn head(now: Timestamp) -> Head {
    Head { ws: "ws_1".into(), seq: 10_000, hash: "9f2c".repeat(16), iat: now.as_second() }
}

fn keys() -> (Folder, SigningKeys) {
    let folder = Folder::new();
    let keys = folder.open(NOW).expect("keys");
    (folder, keys)
}

#[test]
fn a_pass_says_what_was_signed_until_it_ends() {
    let (_folder, keys) = keys();
    let claims = claims(NOW, 900);
    let pass = keys.sign(&claims);
    for (seconds, expected) in [(-60, Ok(())), (0, Ok(())), (899, Ok(())), (900, Err(PassFault::Expired))] {
        let verified = keys.verify(&pass, after(seconds));
        assert_eq!(verified.as_ref().map(|_| ()).map_err(|fault| *fault), expected, "{seconds}");
        assert!(verified.is_err() || verified == Ok(claims.clone()));
    }
    assert_eq!(claims.expires(), Some(after(900)));
    let part = |index: usize| {
        let text = pass.split('.').nth(index).expect("a part");
        serde_json::from_slice::<serde_json::Value>(&URL_SAFE_NO_PAD.decode(text).expect("base64url")).expect("JSON")
    };
    let header = serde_json::json!({"alg": "EdDSA", "kid": keys.kid(), "typ": "baton-pass+jwt"});
    assert_eq!(part(0), header);
    for name in ["iss", "sub", "external_id", "ws", "route", "route_version", "ver", "dig", "iat", "exp", "jti", "bg"] {
        assert!(part(1).get(name).is_some(), "{name}");
    }
}

#[test]
fn passes_have_names_of_their_own_and_a_longest_life() {
    let subject = || Subject {
        issuer: String::new(),
        handoff: String::new(),
        external_id: None,
        workspace: String::new(),
        route: String::new(),
        route_version: 0,
        version: 0,
        digest: String::new(),
        is_break_glass: true,
    };
    let issue = |life| Claims::issue(subject(), NOW, life).expect("a pass");
    let long = issue(SignedDuration::MAX);
    assert_eq!(long.exp - long.iat, MOST_LIFE.as_secs());
    assert!(long.bg);
    assert_ne!(long.jti, issue(SignedDuration::MAX).jti);
    let (_folder, keys) = keys();
    assert_eq!(keys.verify(&keys.sign(&long), NOW), Ok(long));
    // A life of nothing is over at once.
    assert_eq!(keys.verify(&keys.sign(&issue(SignedDuration::ZERO)), NOW), Err(PassFault::Expired));
}

#[test]
fn no_changed_bit_is_believed() {
    let (_folder, keys) = keys();
    let (mut flips, mut believed) = (0, 0);
    for text in [keys.sign(&claims(NOW, 900)), keys.sign_head(&head(NOW))] {
        for bit in 0..text.len() * 8 {
            let mut bytes = text.clone().into_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            flips += 1;
            // What is no text cannot even be asked about.
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            believed += usize::from(keys.verify(&changed, NOW).is_ok() || keys.verify_head(&changed).is_ok());
        }
        for end in 0..text.len() {
            flips += 1;
            believed += usize::from(keys.verify(&text[..end], NOW).is_ok() || keys.verify_head(&text[..end]).is_ok());
        }
    }
    println!("passes: {flips} changed tokens, {believed} believed");
    assert!(flips > 5_000);
    assert_eq!(believed, 0);
}

/// A token with this header and payload, and the signature of another token.
fn forged(header: &str, payload: &str, signature: &str) -> String {
    format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload))
}

#[test]
fn forged_headers_are_refused() {
    let (_folder, keys) = keys();
    let pass = keys.sign(&claims(NOW, 900));
    let signature = pass.rsplit('.').next().expect("a signature");
    let payload = serde_json::to_string(&claims(NOW, 900)).expect("JSON");
    let kid = keys.kid();
    let check = |header: &str, signature: &str, expected: PassFault| {
        assert_eq!(keys.verify(&forged(header, &payload, signature), NOW), Err(expected), "{header}");
    };
    for alg in ["none", "None", "HS256", "EdDsa", "ES256", "RS256", ""] {
        let header = format!(r#"{{"alg":"{alg}","kid":"{kid}","typ":"baton-pass+jwt"}}"#);
        check(&header, signature, PassFault::BadSignature);
        check(&header, "", PassFault::BadSignature);
    }
    for kid in ["", "other", "../keys", &kid[1..], &kid.to_lowercase()] {
        let header = format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"baton-pass+jwt"}}"#);
        check(&header, signature, PassFault::BadSignature);
    }
    for header in [
        format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"baton-pass+jwt","crit":[]}}"#),
        format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"baton-pass+jwt","jku":"https://evil.example"}}"#),
        "{}".to_owned(),
        "[".repeat(4_000),
    ] {
        check(&header, signature, PassFault::Malformed);
    }
}

#[test]
fn the_public_key_is_no_secret_to_sign_with() {
    // The old trick: an HMAC under the public key, named as the algorithm.
    let (_folder, keys) = keys();
    let public = keys.jwks()["keys"][0]["x"].as_str().expect("a key").to_owned();
    let payload = serde_json::to_string(&claims(NOW, 900)).expect("JSON");
    for secret in [public.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(&public).expect("base64url")] {
        for alg in ["HS256", "EdDSA"] {
            let header = format!(r#"{{"alg":"{alg}","kid":"{}","typ":"baton-pass+jwt"}}"#, keys.kid());
            let token = forged(&header, &payload, "");
            let signed = token.trim_end_matches('.');
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &secret);
            let tag = URL_SAFE_NO_PAD.encode(ring::hmac::sign(&key, signed.as_bytes()));
            assert_eq!(keys.verify(&format!("{signed}.{tag}"), NOW), Err(PassFault::BadSignature), "{alg}");
        }
    }
}

#[test]
fn keys_of_others_and_other_purposes_do_not_count() {
    let ((_one, ours), (_other, theirs)) = (keys(), keys());
    assert_ne!(ours.kid(), theirs.kid());
    assert_eq!(ours.verify(&theirs.sign(&claims(NOW, 900)), NOW), Err(PassFault::BadSignature));
    // Their signature under our key's name.
    let text = theirs.sign(&claims(NOW, 900));
    let mut parts: Vec<String> = text.split('.').map(str::to_owned).collect();
    let header = format!(r#"{{"alg":"EdDSA","kid":"{}","typ":"baton-pass+jwt"}}"#, ours.kid());
    parts[0] = URL_SAFE_NO_PAD.encode(header);
    assert_eq!(ours.verify(&parts.join("."), NOW), Err(PassFault::BadSignature));
    // A pass is no audit head, and the other way round.
    assert_eq!(ours.verify(&ours.sign_head(&head(NOW)), NOW), Err(PassFault::BadSignature));
    assert_eq!(ours.verify_head(&ours.sign(&claims(NOW, 900))), Err(PassFault::BadSignature));
    assert_eq!(ours.verify_head(&ours.sign_head(&head(NOW))), Ok(head(NOW)));
}

#[test]
fn anything_else_is_no_pass() {
    let (_folder, keys) = keys();
    let long = "A".repeat(1_000_000);
    for text in ["", ".", "..", "...", "a.b.c", "baton_live_0123456789abcdef_x", "ä.ö.ü", "\0", &long] {
        assert_eq!(keys.verify(text, NOW), Err(PassFault::Malformed));
        assert_eq!(keys.verify_head(text), Err(PassFault::Malformed));
    }
}

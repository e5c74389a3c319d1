//! HubSpot's signature, version 3, as its page "Validating requests" tells it
//! (developers.hubspot.com, docs/apps/developer-platform/build-apps/
//! authentication/request-validation): the HMAC-SHA256, under the app's client
//! secret, of method, full address, raw body and the timestamp header, in base64.
//!
//! The page has twelve escapes decoded in the address; HubSpot's own libraries
//! decode none. Both readings of an address are tried. Not tried live.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::Request;
use crate::access::primitives::{from_base64, hex, hmac_key, is_hmac};
use crate::access::signatures::{SignatureFault, digits, is_fresh, single};

const SIGNATURE: &str = "x-hubspot-signature-v3";
/// Milliseconds since 1970, of this attempt.
const TIMESTAMP: &str = "x-hubspot-request-timestamp";

/// The escapes of the page's table, and what each stands for.
const DECODED: [(&str, char); 12] = [
    ("3A", ':'),
    ("2F", '/'),
    ("3F", '?'),
    ("40", '@'),
    ("21", '!'),
    ("24", '$'),
    ("27", '\''),
    ("28", '('),
    ("29", ')'),
    ("2A", '*'),
    ("2C", ','),
    ("3B", ';'),
];

/// Verifies a request against any of the secrets.
pub(super) fn verify(
    base_url: &str,
    request: &Request,
    secrets: &[SecretString],
    now: Timestamp,
) -> Result<(), SignatureFault> {
    let timestamp = single(request.headers, TIMESTAMP)?;
    let signed_ms = digits(timestamp, TIMESTAMP)?;
    let tag = from_base64(single(request.headers, SIGNATURE)?).ok_or(SignatureFault::Unreadable(SIGNATURE))?;
    is_fresh(signed_ms, now)?;
    let address = format!("{}{}", base_url.trim_end_matches('/'), request.target);
    let mut is_good = false;
    for address in [&address, &decode(&address)] {
        let parts = [request.method.as_bytes(), address.as_bytes(), request.body, timestamp.as_bytes()];
        for secret in secrets {
            is_good |= is_hmac(&hmac_key(secret.expose_secret().as_bytes()), &parts, &tag);
        }
    }
    if is_good { Ok(()) } else { Err(SignatureFault::Wrong) }
}

/// The signature as a name for the one request that has it. Its text has one form.
pub(super) fn mark(request: &Request) -> Option<String> {
    let tag = from_base64(single(request.headers, SIGNATURE).ok()?)?;
    Some(format!("signed:{}", hex(&tag)))
}

/// Decodes the escapes of the table, once: what comes out is not looked at again.
fn decode(address: &str) -> String {
    let mut parts = address.split('%');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let escape = part.get(..2).unwrap_or_default();
        match DECODED.iter().find(|(code, _)| code.eq_ignore_ascii_case(escape)) {
            Some((code, letter)) => {
                decoded.push(*letter);
                decoded.push_str(part.get(code.len()..).unwrap_or_default());
            }
            None => {
                decoded.push('%');
                decoded.push_str(part);
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_signature_is_good() {
        // From the tests of HubSpot's own library for Python.
        let mut headers = http::HeaderMap::new();
        let signature = "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=";
        headers.insert(SIGNATURE, signature.parse().expect("a value"));
        headers.insert(TIMESTAMP, "1693657560000".parse().expect("a value"));
        let body = b"{'example_field':'example_value'}";
        let request = Request { method: "POST", target: "/webhook_uri", headers: &headers, body };
        let secrets = [SecretString::from("yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy")];
        let now = Timestamp::constant(1_693_657_600, 0);
        for base in ["https://www.example.com", "https://www.example.com/"] {
            assert_eq!(verify(base, &request, &secrets, now), Ok(()));
        }
        for base in ["http://www.example.com", "https://example.com", "https://www.example.com/baton"] {
            assert_eq!(verify(base, &request, &secrets, now), Err(SignatureFault::Wrong), "{base}");
        }
    }

    #[test]
    fn only_the_escapes_of_the_table_are_decoded() {
        let check = |address: &str, expected: &str| assert_eq!(decode(address), expected);
        check("https://a.example/b?c=d", "https://a.example/b?c=d");
        check("%3a%2f%3F%40%21%24%27%28%29%2A%2C%3B", ":/?@!$'()*,;");
        check("a%20b%26c%3Dd%25", "a%20b%26c%3Dd%25");
        check("%253A", "%253A");
        check("%", "%");
        check("%3", "%3");
        check("%ä%3A", "%ä:");
        check("", "");
    }
}

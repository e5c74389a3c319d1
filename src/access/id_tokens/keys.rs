//! The keys with which a provider signs, as it publishes them (RFC 7517), and
//! the algorithms that are taken: those with one key to sign and another to
//! verify. A key is used for the kind of signature it is for, and for no other:
//! a public key is never taken as a shared secret.

use ring::digest;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value as Json;

use super::TokenFault;
use crate::access::primitives::from_base64url;

/// No provider has so many keys in use.
const MOST_KEYS: usize = 100;
/// Of a key that is not named, so many are tried.
const MOST_TRIED: usize = 8;

/// How a token may be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    EdDsa,
}

/// What was published is no list of keys, or holds none that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no_keys")]
pub struct NoKeys;

/// The keys of a provider that can verify.
#[derive(Debug, Clone, Default)]
pub struct KeySet(Vec<Key>);

#[derive(Debug, Clone)]
struct Key {
    kid: Option<String>,
    /// The one algorithm it is for, where that is said.
    algorithm: Option<String>,
    material: Material,
}

#[derive(Debug, Clone)]
enum Material {
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// A key as it is published.
#[derive(Debug, Deserialize)]
struct Published {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Algorithm {
    const ALL: [Algorithm; 9] = [
        Algorithm::Rs256,
        Algorithm::Rs384,
        Algorithm::Rs512,
        Algorithm::Ps256,
        Algorithm::Ps384,
        Algorithm::Ps512,
        Algorithm::Es256,
        Algorithm::Es384,
        Algorithm::EdDsa,
    ];

    /// `None` for `none`, for shared secrets, and for whatever is unknown.
    pub fn named(name: &str) -> Option<Algorithm> {
        Algorithm::ALL.into_iter().find(|one| one.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Algorithm::Rs256 => "RS256",
            Algorithm::Rs384 => "RS384",
            Algorithm::Rs512 => "RS512",
            Algorithm::Ps256 => "PS256",
            Algorithm::Ps384 => "PS384",
            Algorithm::Ps512 => "PS512",
            Algorithm::Es256 => "ES256",
            Algorithm::Es384 => "ES384",
            Algorithm::EdDsa => "EdDSA",
        }
    }

    /// The hash that goes with it.
    pub(super) fn digest(self) -> &'static digest::Algorithm {
        match self {
            Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => &digest::SHA256,
            Algorithm::Rs384 | Algorithm::Ps384 | Algorithm::Es384 => &digest::SHA384,
            Algorithm::Rs512 | Algorithm::Ps512 | Algorithm::EdDsa => &digest::SHA512,
        }
    }

    fn rsa(self) -> Option<&'static RsaParameters> {
        match self {
            Algorithm::Rs256 => Some(&RSA_PKCS1_2048_8192_SHA256),
            Algorithm::Rs384 => Some(&RSA_PKCS1_2048_8192_SHA384),
            Algorithm::Rs512 => Some(&RSA_PKCS1_2048_8192_SHA512),
            Algorithm::Ps256 => Some(&RSA_PSS_2048_8192_SHA256),
            Algorithm::Ps384 => Some(&RSA_PSS_2048_8192_SHA384),
            Algorithm::Ps512 => Some(&RSA_PSS_2048_8192_SHA512),
            Algorithm::Es256 | Algorithm::Es384 | Algorithm::EdDsa => None,
        }
    }
}

impl KeySet {
    /// Reads what a provider publishes. Keys of kinds that are not taken are left out, since providers add new ones.
    pub fn read(document: &[u8]) -> Result<KeySet, NoKeys> {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<Json>,
        }
        let document: Document = serde_json::from_slice(document).map_err(|_| NoKeys)?;
        let read = |key: Json| serde_json::from_value::<Published>(key).ok().and_then(Key::of);
        let keys: Vec<Key> = document.keys.into_iter().take(MOST_KEYS).filter_map(read).collect();
        if keys.is_empty() { Err(NoKeys) } else { Ok(KeySet(keys)) }
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Whether a key of this set made the signature: the one that is named, or where none is named any that fits.
    pub(super) fn verify(
        &self,
        (algorithm, kid): (Algorithm, Option<&str>),
        signed: &[u8],
        signature: &[u8],
    ) -> Result<(), TokenFault> {
        let is_named = |key: &&Key| kid.is_none_or(|kid| key.kid.as_deref() == Some(kid));
        let mut found = self.0.iter().filter(is_named).filter(|key| key.fits(algorithm)).take(MOST_TRIED).peekable();
        if found.peek().is_none() {
            return Err(TokenFault::UnknownKey);
        }
        if found.any(|key| key.has_signed(algorithm, signed, signature)) { Ok(()) } else { Err(TokenFault::Signature) }
    }
}

impl Key {
    fn of(published: Published) -> Option<Key> {
        let is_for_signatures = published.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && published.key_ops.is_none_or(|all| all.iter().any(|one| one == "verify"));
        if !is_for_signatures {
            return None;
        }
        let bytes = |text: &Option<String>| text.as_deref().and_then(from_base64url);
        let of_length = |text: &Option<String>, length: usize| bytes(text).filter(|bytes| bytes.len() == length);
        let point = |length: usize| {
            let (x, y) = (of_length(&published.x, length)?, of_length(&published.y, length)?);
            Some([&[4][..], &x, &y].concat())
        };
        let material = match (published.kty.as_str(), published.crv.as_deref()) {
            ("RSA", _) => {
                // Some write a zero before the number.
                let number = |text| bytes(text).map(|all| all.into_iter().skip_while(|byte| *byte == 0).collect());
                Material::Rsa { modulus: number(&published.n)?, exponent: number(&published.e)? }
            }
            ("EC", Some("P-256")) => Material::P256(point(32)?),
            ("EC", Some("P-384")) => Material::P384(point(48)?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(of_length(&published.x, 32)?),
            _ => return None,
        };
        Some(Key { kid: published.kid, algorithm: published.alg, material })
    }

    /// Whether it is of the kind that the algorithm needs, and for no other.
    fn fits(&self, algorithm: Algorithm) -> bool {
        let is_kind = match self.material {
            Material::Rsa { .. } => algorithm.rsa().is_some(),
            Material::P256(_) => algorithm == Algorithm::Es256,
            Material::P384(_) => algorithm == Algorithm::Es384,
            Material::Ed25519(_) => algorithm == Algorithm::EdDsa,
        };
        is_kind && self.algorithm.as_deref().is_none_or(|name| name == algorithm.name())
    }

    fn has_signed(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Rsa { modulus, exponent } => algorithm.rsa().is_some_and(|parameters| {
                RsaPublicKeyComponents { n: modulus, e: exponent }.verify(parameters, signed, signature).is_ok()
            }),
            Material::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature).is_ok()
            }
            Material::P384(point) => {
                UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point).verify(signed, signature).is_ok()
            }
            Material::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(signed, signature).is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.2 (RS256) and A.3 (ES256); RFC 8037, appendix A.4 (Ed25519).
    const KEYS: &str = r#"{"keys":[
        {"kty":"RSA","kid":"rsa","use":"sig","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"},
        {"kty":"EC","kid":"ec","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
        {"kty":"OKP","kid":"ed","crv":"Ed25519","alg":"EdDSA","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        {"kty":"oct","kid":"secret","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"},
        {"kty":"RSA","kid":"sealing","use":"enc","n":"ofgW","e":"AQAB"},
        {"kty":"EC","kid":"odd","crv":"P-521","x":"AA","y":"AA"},
        7]}"#;
    const RS: (&str, &str) = (
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
    );
    const ES: (&str, &str) = (
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    );
    const ED: (&str, &str) = (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    );

    #[test]
    fn published_signatures_are_verified_by_their_own_kind_of_key_alone() {
        let keys = KeySet::read(KEYS.as_bytes()).expect("keys");
        assert_eq!(keys.count(), 3);
        let check = |name: &str, kid: Option<&str>, (signed, signature): (&str, &str), expected| {
            let signature = from_base64url(signature).expect("bytes");
            let algorithm = Algorithm::named(name).expect("an algorithm");
            assert_eq!(keys.verify((algorithm, kid), signed.as_bytes(), &signature), expected, "{name} {kid:?}");
        };
        check("RS256", Some("rsa"), RS, Ok(()));
        check("RS256", None, RS, Ok(()));
        check("ES256", Some("ec"), ES, Ok(()));
        check("EdDSA", Some("ed"), ED, Ok(()));
        check("RS256", Some("rsa"), (&RS.0[1..], RS.1), Err(TokenFault::Signature));
        check("RS512", Some("rsa"), RS, Err(TokenFault::Signature));
        check("PS256", Some("rsa"), RS, Err(TokenFault::Signature));
        check("ES256", Some("ec"), (ES.0, ED.1), Err(TokenFault::Signature));
        check("EdDSA", Some("ed"), (ED.0, ES.1), Err(TokenFault::Signature));
        for (name, kid) in [("ES256", "rsa"), ("RS256", "ec"), ("ES384", "ec"), ("EdDSA", "ec"), ("RS256", "sealing")] {
            check(name, Some(kid), RS, Err(TokenFault::UnknownKey));
        }
        check("RS256", Some("new"), RS, Err(TokenFault::UnknownKey));
    }

    #[test]
    fn no_shared_secret_and_no_unsigned_token_is_taken() {
        for name in ["none", "None", "", "HS256", "HS384", "HS512", "rs256", "ES512", "RSA1_5"] {
            assert_eq!(Algorithm::named(name), None, "{name}");
        }
        for document in ["", "{}", "[]", r#"{"keys":[]}"#, r#"{"keys":[{"kty":"oct","k":"AA"}]}"#, r#"{"keys":7}"#] {
            assert!(KeySet::read(document.as_bytes()).is_err(), "{document}");
        }
    }
}

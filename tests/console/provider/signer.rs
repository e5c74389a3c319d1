//! Keys of the fake provider, of the three kinds that real ones use, and what
//! somebody signs with who has none of them.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaEncoding, RsaKeyPair,
};
use serde_json::{Value as Json, json};

/// Made for these tests, and used nowhere else.
const RSA_KEY: &str = include_str!("rsa-test-key.txt");

pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// How a token is signed.
pub enum Signer {
    Rsa { key: Box<RsaKeyPair>, encoding: &'static dyn RsaEncoding, name: &'static str },
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl Signer {
    pub fn rs256() -> Signer {
        Signer::Rsa { key: rsa(), encoding: &RSA_PKCS1_SHA256, name: "RS256" }
    }

    pub fn ps256() -> Signer {
        Signer::Rsa { key: rsa(), encoding: &RSA_PSS_SHA256, name: "PS256" }
    }

    /// A new key each time.
    pub fn es256() -> Signer {
        let random = SystemRandom::new();
        let bytes = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes.as_ref(), &random);
        Signer::Ec(pair.expect("a key"))
    }

    /// A new key each time.
    pub fn eddsa() -> Signer {
        let bytes = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        Signer::Ed(Ed25519KeyPair::from_pkcs8(bytes.as_ref()).expect("a key"))
    }

    pub fn name(&self) -> &'static str {
        match self {
            Signer::Rsa { name, .. } => name,
            Signer::Ec(_) => "ES256",
            Signer::Ed(_) => "EdDSA",
        }
    }

    /// As a provider publishes it.
    pub fn published(&self, kid: &str) -> Json {
        match self {
            Signer::Rsa { key, .. } => {
                let parts = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(key.public());
                json!({"kty": "RSA", "use": "sig", "kid": kid, "n": encode(&parts.n), "e": encode(&parts.e)})
            }
            Signer::Ec(key) => {
                let point = key.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "kid": kid, "x": encode(&point[1..33]), "y": encode(&point[33..])})
            }
            Signer::Ed(key) => {
                json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": encode(key.public_key().as_ref())})
            }
        }
    }

    pub fn sign(&self, text: &str) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Signer::Rsa { key, encoding, .. } => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(*encoding, &random, text.as_bytes(), &mut signature).expect("a signature");
                signature
            }
            Signer::Ec(key) => key.sign(&random, text.as_bytes()).expect("a signature").as_ref().to_vec(),
            Signer::Ed(key) => key.sign(text.as_bytes()).as_ref().to_vec(),
        }
    }
}

/// What somebody makes who knows public keys alone: a shared secret out of one.
pub fn hmac_with(public: &str, text: &str) -> Vec<u8> {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, public.as_bytes());
    ring::hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
}

fn rsa() -> Box<RsaKeyPair> {
    let bytes = STANDARD.decode(RSA_KEY.split_whitespace().collect::<String>()).expect("base64");
    Box::new(RsaKeyPair::from_pkcs8(&bytes).expect("a key"))
}

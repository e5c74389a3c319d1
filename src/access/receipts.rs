//! The receipt of an erasure: a signed statement of what kind of things went,
//! how many, and when, with the end of the log at that moment. It holds nothing
//! of what was erased, and is checked with the public keys as a pass is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::passes::PassFault;
use super::signing_keys::SigningKeys;

const RECEIPT: &str = "baton-erasure+jwt";

/// What a receipt says; times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The public address of the Baton that signed.
    pub iss: String,
    /// The workspace.
    pub ws: String,
    /// The erasure.
    pub jti: String,
    /// `request` or `retention`.
    pub cause: String,
    /// Ids of the handoffs that went.
    pub handoffs: Vec<String>,
    /// What went, by kind, as numbers of rows.
    pub counts: BTreeMap<String, u64>,
    /// When it was asked for.
    pub asked_at: i64,
    /// The place and the hash of the log's newest entry when everything was gone.
    pub seq: u64,
    pub hash: String,
    /// When it was signed: by then no byte was left.
    pub iat: i64,
}

impl SigningKeys {
    /// Signs a receipt. It does not expire.
    pub fn sign_receipt(&self, receipt: &Receipt) -> String {
        self.sign_as(RECEIPT, receipt)
    }

    /// What a receipt says, if it is ours and unchanged.
    pub fn verify_receipt(&self, text: &str) -> Result<Receipt, PassFault> {
        let (receipt, end): (Receipt, _) = self.verify_as(RECEIPT, text)?;
        if end.is_some_and(|end| receipt.iat > end) { Err(PassFault::BadSignature) } else { Ok(receipt) }
    }
}

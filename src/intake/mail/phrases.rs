//! The words by which mail programs and people mark quotes, forwards and
//! signatures. Another language is another line in these tables.

/// First words of an attribution line: `On Mon, 2 Mar 2026 …`.
pub(in crate::intake) const ATTRIBUTION_OPENINGS: &[&str] = &["on "];

/// Last words of an attribution line.
pub(in crate::intake) const ATTRIBUTION_ENDINGS: &[&str] = &["wrote:", "writes:"];

/// What stands between dashes above an original message.
pub(in crate::intake) const ORIGINAL_MARKS: &[&str] = &["original message", "original appointment"];

/// What stands between dashes, or alone, above a forwarded message.
pub(in crate::intake) const FORWARD_MARKS: &[&str] = &["forwarded message", "begin forwarded message:", "forwarded by"];

/// Subjects of forwarded mail begin like this.
pub(in crate::intake) const FORWARD_SUBJECTS: &[&str] = &["fw:", "fwd:"];

/// The header lines that mail programs repeat above a quoted message.
pub(in crate::intake) const HEADERS: &[(&str, Header)] = &[
    ("from", Header::From),
    ("sent", Header::Sent),
    ("date", Header::Sent),
    ("to", Header::Other),
    ("cc", Header::Other),
    ("bcc", Header::Other),
    ("reply-to", Header::Other),
    ("subject", Header::Other),
    ("importance", Header::Other),
    ("attachments", Header::Other),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Header {
    From,
    Sent,
    Other,
}

/// A line of its own that closes a mail.
pub(in crate::intake) const CLOSINGS: &[&str] = &[
    "best",
    "all the best",
    "best regards",
    "best wishes",
    "kind regards",
    "kindest regards",
    "warm regards",
    "warmly",
    "regards",
    "many thanks",
    "thanks",
    "thanks again",
    "thanks so much",
    "thank you",
    "thanks and regards",
    "thanks & regards",
    "cheers",
    "sincerely",
    "yours sincerely",
    "yours faithfully",
    "yours truly",
    "respectfully",
    "cordially",
    "talk soon",
];

/// Lines that phones and programs add.
pub(in crate::intake) const PROGRAM_LINES: &[&str] =
    &["sent from my ", "get outlook for ", "sent via ", "sent from mobile"];

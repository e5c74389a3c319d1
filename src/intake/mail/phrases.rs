//! The words by which mail programs and people mark quotes, forwards and
//! signatures, in English, German, French, Spanish, Italian, Portuguese,
//! Dutch, Polish, Swedish and Japanese. Another language is another line in
//! these tables. Capitals are compared without case where they are ASCII;
//! other capitals stand beside their small letters.

/// First words of an attribution line: `On Mon, 2 Mar 2026 …`.
pub(in crate::intake) const ATTRIBUTION_OPENINGS: &[&str] = &[
    "on ",
    "am ",
    "le ",
    "el ",
    "il giorno ",
    "il ",
    "em ",
    "no dia ",
    "a ",
    "op ",
    "den ",
    "w dniu ",
    "dnia ",
    "wiadomość napisana przez ",
];

/// The verbs of attribution lines with the English first: behind the others a date has its day first.
pub(in crate::intake) const WROTE: &[&str] = &[
    "wrote",
    "writes",
    "schrieb",
    "a écrit",
    "escribió",
    "ha scritto",
    "escreveu",
    "schreef",
    "heeft",
    "napisał(a)",
    "napisała",
    "napisał",
    "pisze",
    "skrev",
    "のメール",
    "のメッセージ",
    "は書きました",
];

/// Openings before a name, and what stands between it and the date.
pub(in crate::intake) const WRITTEN_BY: &[(&str, &str)] = &[("wiadomość napisana przez ", " w dniu ")];

/// So many of the verbs are English.
pub(in crate::intake) const ENGLISH_VERBS: usize = 2;

/// What may stand between an attribution's verb and its end.
pub(in crate::intake) const BEHIND_VERB: &[&str] =
    &["the following", "folgendes", "följande", "het volgende geschreven", "lo siguiente", "quanto segue"];

/// Between the verb and a date behind it: `Dana wrote on 2 March`.
pub(in crate::intake) const BEFORE_DATE: &[&str] = &["on ", "am ", "le ", "el ", "il ", "em ", "op ", "den ", "dnia "];

/// What stands between dashes above an original message.
pub(in crate::intake) const ORIGINAL_MARKS: &[&str] = &[
    "original message",
    "original appointment",
    "ursprüngliche nachricht",
    "originalnachricht",
    "ursprünglicher termin",
    "message d'origine",
    "message d’origine",
    "message original",
    "mensaje original",
    "messaggio originale",
    "mensagem original",
    "oorspronkelijk bericht",
    "oorspronkelijke bericht",
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "ursprungligt meddelande",
    "originalmeddelande",
    "元のメッセージ",
    "original e-mail",
];

/// What stands between dashes above a forwarded message.
pub(in crate::intake) const FORWARD_MARKS: &[&str] = &[
    "forwarded message",
    "begin forwarded message:",
    "forwarded by",
    "weitergeleitete nachricht",
    "weitergeleitet von",
    "message transféré",
    "message transmis",
    "réexpédié par",
    "mensaje reenviado",
    "reenviado por",
    "messaggio inoltrato",
    "inoltrato da",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "encaminhado por",
    "doorgestuurd bericht",
    "doorgestuurd door",
    "przekazana wiadomość",
    "wiadomość przekazana",
    "wiadomość przesłana dalej",
    "treść przekazanej wiadomości",
    "vidarebefordrat meddelande",
    "vidarebefordrat av",
    "転送メッセージ",
    "転送されたメッセージ",
    "メッセージを転送",
];

/// What stands alone, with a colon, above a forwarded message.
pub(in crate::intake) const FORWARD_LINES: &[&str] = &[
    "begin forwarded message",
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail",
    "début du message réexpédié",
    "début du message transféré",
    "inicio del mensaje reenviado",
    "inizio messaggio inoltrato",
    "início da mensagem encaminhada",
    "início da mensagem reencaminhada",
    "begin doorgestuurd bericht",
    "początek przekazywanej wiadomości",
    "vidarebefordrat mejl",
    "vidarebefordrat brev",
    "転送されたメッセージ",
    "このメッセージを転送",
];

/// What help desks write above the thread they repeat, between `##-` and `-##`.
pub(in crate::intake) const REPLY_ABOVE: &[&str] = &[
    "type your reply above this line",
    "reply above this line",
    "antwort über dieser zeile",
    "antwort oberhalb dieser zeile",
    "réponse au-dessus de cette ligne",
    "respuesta por encima de esta línea",
    "sopra questa riga",
    "acima desta linha",
    "boven deze regel",
    "powyżej tej linii",
    "ovanför den här raden",
    "この行より上",
];

/// Subjects of forwarded mail begin like this.
pub(in crate::intake) const FORWARD_SUBJECTS: &[&str] =
    &["fw:", "fwd:", "wg:", "tr:", "rv:", "enc:", "pd:", "vb:", "i:", "doorst:", "転送:"];

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

/// The same in other languages; dates below them have their day first.
pub(in crate::intake) const HEADERS_ABROAD: &[(&str, Header)] = &[
    ("von", Header::From),
    ("de", Header::From),
    ("da", Header::From),
    ("mittente", Header::From),
    ("van", Header::From),
    ("od", Header::From),
    ("nadawca", Header::From),
    ("från", Header::From),
    ("差出人", Header::From),
    ("送信者", Header::From),
    ("送信元", Header::From),
    ("gesendet", Header::Sent),
    ("datum", Header::Sent),
    ("envoyé", Header::Sent),
    ("envoyé le", Header::Sent),
    ("enviado", Header::Sent),
    ("enviado el", Header::Sent),
    ("enviado em", Header::Sent),
    ("enviada", Header::Sent),
    ("enviada em", Header::Sent),
    ("fecha", Header::Sent),
    ("inviato", Header::Sent),
    ("data", Header::Sent),
    ("verzonden", Header::Sent),
    ("wysłano", Header::Sent),
    ("skickat", Header::Sent),
    ("送信日時", Header::Sent),
    ("日時", Header::Sent),
    ("日付", Header::Sent),
    ("an", Header::Other),
    ("betreff", Header::Other),
    ("kopie", Header::Other),
    ("kopie (cc)", Header::Other),
    ("antwort an", Header::Other),
    ("wichtigkeit", Header::Other),
    ("anlagen", Header::Other),
    ("à", Header::Other),
    ("À", Header::Other),
    ("pour", Header::Other),
    ("objet", Header::Other),
    ("sujet", Header::Other),
    ("copie à", Header::Other),
    ("copie", Header::Other),
    ("répondre à", Header::Other),
    ("para", Header::Other),
    ("asunto", Header::Other),
    ("responder a", Header::Other),
    ("a", Header::Other),
    ("oggetto", Header::Other),
    ("rispondi a", Header::Other),
    ("assunto", Header::Other),
    ("aan", Header::Other),
    ("onderwerp", Header::Other),
    ("antwoord aan", Header::Other),
    ("do", Header::Other),
    ("adresat", Header::Other),
    ("temat", Header::Other),
    ("dw", Header::Other),
    ("kopia", Header::Other),
    ("till", Header::Other),
    ("ämne", Header::Other),
    ("Ämne", Header::Other),
    ("svara till", Header::Other),
    ("宛先", Header::Other),
    ("送信先", Header::Other),
    ("件名", Header::Other),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake) enum Header {
    From,
    Sent,
    Other,
}

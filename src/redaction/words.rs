//! The words before a number, which tell a telephone number from the number of
//! an order.

use super::letters::{Letters, NOTHING};

/// So many letters before a number are looked at.
const LOOK_BACK: usize = 48;
/// And so many words, the fillers among them.
const MOST_WORDS: usize = 5;

/// What a number is by the words right before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Telephone,
    /// The number of an order, a ticket, an invoice and the like.
    Other,
    Nothing,
}

/// Beginnings of words that announce a telephone number.
const BEGINNINGS: &[&str] = &[
    "telefo",
    "telepho",
    "téléph",
    "teléfo",
    "phone",
    "mobil",
    "móvil",
    "cellph",
    "cellul",
    "handy",
    "fax",
    "call",
    "dial",
    "whatsapp",
    "anruf",
    "erreichbar",
    "rufn",
    "durchwahl",
    "appel",
    "joign",
    "llám",
    "festnetz",
    "telemóv",
    "telemov",
    "llama",
    "zadzwo",
    "dzwoń",
    "komórk",
];
/// Whole words that do.
const WHOLE: &[&str] = &[
    "tel",
    "tél",
    "mob",
    "cell",
    "sms",
    "ring",
    "reach",
    "ruf",
    "zentrale",
    "portable",
    "standard",
    "llame",
    "chiama",
    "wa",
    "landline",
    "hotline",
    "switchboard",
    "fon",
    "text",
    "signal",
    "bel",
    "ligne",
    "tlf",
    "tlfno",
    "tfno",
    "tlm",
    "tlmv",
    "kom",
    "ligue",
];
/// Short forms, whose point ends no sentence.
const SHORT_FORMS: &[&str] =
    &["tel", "tél", "mob", "no", "nr", "num", "wa", "fon", "tlf", "tlfno", "tfno", "tlm", "tlmv", "kom"];
/// Single letters in front of numbers in signatures, always with a mark behind.
const LETTERS: &[&str] = &["t", "m", "p", "f", "d", "c"];
/// Words between an announcement and its number.
const FILLERS: &[&str] = &[
    "me", "us", "him", "her", "them", "at", "on", "under", "unter", "is", "number", "no", "nr", "num", "numéro",
    "numero", "am", "via", "auf", "au", "sur", "sous", "the", "my", "your", "our", "line", "direct", "office", "work",
    "home", "mobile", "mein", "meine", "ist", "lautet", "der", "die", "or", "oder", "ou", "and", "und", "et", "to",
    "le", "al", "en", "mich", "uns", "moi", "på", "til", "meg", "mig", "pod", "para", "ao", "número", "numer", "o",
    "directo",
];
/// Words whose numbers are no telephone numbers.
const OTHER: &[&str] = &[
    "order",
    "orders",
    "ticket",
    "case",
    "invoice",
    "po",
    "sku",
    "ref",
    "reference",
    "id",
    "item",
    "article",
    "part",
    "serial",
    "version",
    "build",
    "release",
    "account",
    "customer",
    "contract",
    "quote",
    "shipment",
    "tracking",
    "parcel",
    "batch",
    "lot",
    "bestellung",
    "auftrag",
    "rechnung",
    "kunde",
    "vertrag",
    "artikel",
    "angebot",
    "commande",
    "facture",
    "dossier",
    "pedido",
    "factura",
    "ordine",
    "issue",
    "job",
    "request",
    "charge",
    "sendung",
];

/// What stands before the letter `at`, on its line.
pub(super) fn said_before(letters: &Letters, at: usize) -> Said {
    let least = at.saturating_sub(LOOK_BACK);
    let (mut end, mut is_counted) = (at, false);
    let nothing = |is_counted: bool| if is_counted { Said::Other } else { Said::Nothing };
    for number in 0..MOST_WORDS {
        let begin = end;
        while end > least && !letters.at(end - 1).is_alphanumeric() {
            let c = letters.at(end - 1);
            if matches!(c, '\n' | '!' | '?' | ';' | NOTHING) {
                return nothing(is_counted);
            }
            is_counted |= c == '#';
            end -= 1;
        }
        let marks = (end, begin);
        let mut begin = end;
        while begin > least && letters.at(begin - 1).is_alphabetic() {
            begin -= 1;
        }
        // A number, or a word that goes on beyond what is looked at.
        if begin == end || begin == least && least > 0 {
            return nothing(is_counted);
        }
        let word = letters.words(begin, end).to_lowercase();
        let ends_sentence = number > 0 && letters.at(end) == '.' && !SHORT_FORMS.contains(&word.as_str());
        match kind_of(&word, &letters.words(marks.0, marks.1)) {
            _ if ends_sentence => return nothing(is_counted),
            Said::Nothing if FILLERS.contains(&word.as_str()) => {}
            Said::Nothing => return nothing(is_counted),
            said => return said,
        }
        end = begin;
    }
    nothing(is_counted)
}

/// What a word says of the number behind it, with the marks between them.
fn kind_of(word: &str, marks: &str) -> Said {
    let speaks = |word: &str| WHOLE.contains(&word) || BEGINNINGS.iter().any(|cue| word.starts_with(cue));
    let kind = ["nummer", "nr", "number"].iter().find_map(|end| word.strip_suffix(end)).filter(|kind| !kind.is_empty());
    if let Some(kind) = kind {
        return if speaks(kind) { Said::Telephone } else { Said::Other };
    }
    match word {
        _ if LETTERS.contains(&word) && marks.contains([':', '.', '|', ')']) => Said::Telephone,
        _ if OTHER.contains(&word) => Said::Other,
        _ if speaks(word) => Said::Telephone,
        _ => Said::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_before_a_number_say_what_it_is() {
        let check = |text: &str, expected: Said| {
            assert_eq!(said_before(&Letters::new(text), text.chars().count()), expected, "{text:?}");
        };
        for text in [
            "Tel.: ",
            "call me at ",
            "my phone number is ",
            "Rufnummer: ",
            "erreichbar unter ",
            "M: ",
            "wa.me/",
            "Mobil ",
            "appelez-moi au ",
            "fax no. ",
            "phone or fax: ",
            "Tlf. ",
            "ring meg på ",
            "Tfno.: ",
            "llámame al ",
            "tel. kom. ",
            "zadzwoń pod numer ",
            "Telemóvel: ",
            "ligue para o ",
            "Phone #: ",
            "Tel. No. ",
        ] {
            check(text, Said::Telephone);
        }
        for text in [
            "order ",
            "order no. ",
            "Ticket #",
            "Bestellnummer ",
            "Rechnungsnr. ",
            "die # ",
            "case number: ",
            "Auftrag Nr. ",
        ] {
            check(text, Said::Other);
        }
        for text in [
            "",
            "we have ",
            "call about ",
            "Call us!\n",
            "500 ",
            "m ",
            "We spoke on the call. In the year ",
            "Please call. The ",
            "below ",
            "we want ",
        ] {
            check(text, Said::Nothing);
        }
    }
}

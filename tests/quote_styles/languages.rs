//! Lines above quotes and forwards in ten languages: the lines of Gmail, Apple
//! Mail, Thunderbird and Outlook, with the days and months of each language.

use super::{Body, Forward, Quote, Signature, check, check_answer};

const DANA: &str = "Dana Whitfield";
const AT: &str = "2026-03-02T09:14";

#[test]
fn gmail_in_ten_languages() {
    for line in [
        "On Mon, Mar 2, 2026 at 9:14 AM Dana Whitfield <dana@northwind.example> wrote:",
        "On Mon, 2 Mar 2026 at 09:14, Dana Whitfield <dana@northwind.example> wrote:",
        "Am Mo., 2. März 2026 um 09:14 Uhr schrieb Dana Whitfield <dana@northwind.example>:",
        "Le lun. 2 mars 2026 à 09:14, Dana Whitfield <dana@northwind.example> a écrit :",
        "Le lun. 2 mars 2026 à 09:14, Dana Whitfield <dana@northwind.example> a\u{a0}écrit\u{a0}:",
        "El lun, 2 mar 2026 a las 9:14, Dana Whitfield (<dana@northwind.example>) escribió:",
        "Il giorno lun 2 mar 2026 alle ore 09:14 Dana Whitfield <dana@northwind.example> ha scritto:",
        "Em seg., 2 de mar. de 2026 às 09:14, Dana Whitfield <dana@northwind.example> escreveu:",
        "Op ma 2 mrt 2026 om 09:14 schreef Dana Whitfield <dana@northwind.example>:",
        "pon., 2 mar 2026 o 09:14 Dana Whitfield <dana@northwind.example> napisał(a):",
        "Den mån 2 mars 2026 kl 09:14 skrev Dana Whitfield <dana@northwind.example>:",
        "2026年3月2日(月) 9:14 Dana Whitfield <dana@northwind.example>:",
    ] {
        check_answer(line, DANA, AT);
    }
}

#[test]
fn apple_mail_in_ten_languages() {
    for line in [
        "On 2 Mar 2026, at 09:14, Dana Whitfield <dana@northwind.example> wrote:",
        "Am 02.03.2026 um 09:14 schrieb Dana Whitfield <dana@northwind.example>:",
        "Le 2 mars 2026 à 09:14, Dana Whitfield <dana@northwind.example> a écrit :",
        "El 2 mar 2026, a las 9:14, Dana Whitfield <dana@northwind.example> escribió:",
        "Il giorno 2 mar 2026, alle ore 09:14, Dana Whitfield <dana@northwind.example> ha scritto:",
        "No dia 02/03/2026, às 09:14, Dana Whitfield <dana@northwind.example> escreveu:",
        "Op 2 mrt 2026, om 09:14 heeft Dana Whitfield <dana@northwind.example> het volgende geschreven:",
        "Wiadomość napisana przez Dana Whitfield <dana@northwind.example> w dniu 2 mar 2026, o godz. 09:14:",
        "2 mars 2026 kl. 09:14 skrev Dana Whitfield <dana@northwind.example>:",
        "2026/03/02 9:14、Dana Whitfield <dana@northwind.example>のメール:",
    ] {
        check_answer(line, DANA, AT);
    }
}

#[test]
fn thunderbird_in_nine_languages() {
    for line in [
        "On 2026-03-02 09:14, Dana Whitfield wrote:",
        "Am 02.03.26 um 09:14 schrieb Dana Whitfield:",
        "Le 02/03/2026 à 09:14, Dana Whitfield a écrit :",
        "El 2/3/26 a las 9:14, Dana Whitfield escribió:",
        "Il 02/03/2026 09:14, Dana Whitfield ha scritto:",
        "Em 02/03/2026 09:14, Dana Whitfield escreveu:",
        "Op 02-03-2026 om 09:14 schreef Dana Whitfield:",
        "W dniu 02.03.2026 o 09:14, Dana Whitfield pisze:",
        "Den 2026-03-02 kl. 09:14, skrev Dana Whitfield:",
    ] {
        check_answer(line, DANA, AT);
    }
}

#[test]
fn the_day_or_month_in_english_slashes_is_not_guessed() {
    check_answer("On 02/03/2026 09:14, Dana Whitfield wrote:", DANA, "");
    check_answer("On 3/2/26 9:14 AM, Dana Whitfield wrote:", DANA, "");
    check_answer("On 24/02/2026 09:14, Dana Whitfield wrote:", DANA, "2026-02-24T09:14");
    check_answer("On 2/24/2026 9:14 PM, Dana Whitfield wrote:", DANA, "2026-02-24T21:14");
}

#[test]
fn outlook_blocks_in_ten_languages() {
    for block in [
        "From: Dana Whitfield <d@n.example>\nSent: Monday, March 2, 2026 9:14 AM\nTo: Marcus Lee\nSubject: Dates",
        "Von: Dana Whitfield <d@n.example>\nGesendet: Montag, 2. März 2026 09:14\nAn: Marcus Lee\nBetreff: Dates",
        "De : Dana Whitfield <d@n.example>\nEnvoyé : lundi 2 mars 2026 09:14\nÀ : Marcus Lee\nObjet : Dates",
        "De: Dana Whitfield <d@n.example>\nEnviado el: lunes, 2 de marzo de 2026 9:14\nPara: Marcus Lee\nAsunto: Dates",
        "Da: Dana Whitfield <d@n.example>\nInviato: lunedì 2 marzo 2026 09:14\nA: Marcus Lee\nOggetto: Dates",
        "De: Dana Whitfield <d@n.example>\nEnviada em: segunda-feira, 2 de março de 2026 09:14\nPara: Marcus Lee\nAssunto: Dates",
        "Van: Dana Whitfield <d@n.example>\nVerzonden: maandag 2 maart 2026 09:14\nAan: Marcus Lee\nOnderwerp: Dates",
        "Od: Dana Whitfield <d@n.example>\nWysłano: poniedziałek, 2 marca 2026 09:14\nDo: Marcus Lee\nTemat: Dates",
        "Från: Dana Whitfield <d@n.example>\nSkickat: den 2 mars 2026 09:14\nTill: Marcus Lee\nÄmne: Dates",
        "差出人: Dana Whitfield <d@n.example>\n送信日時: 2026年3月2日 9:14\n宛先: Marcus Lee\n件名: Dates",
        "差出人：Dana Whitfield <d@n.example>\n送信日時：2026年3月2日月曜日 9:14\n宛先：Marcus Lee\n件名：Dates",
    ] {
        let body = format!("Yes.\n\n{block}\n\nIs June 1 still right?");
        check("Re: Dates", "plain", &body, &[(Body, "", "", "Yes."), (Quote, DANA, AT, "")]);
    }
}

#[test]
fn marks_of_forwards_and_originals_in_ten_languages() {
    let block = "From: Dana Whitfield <d@n.example>\nDate: 2 Mar 2026 09:14\nSubject: Dates\nTo: Al Roe";
    for mark in [
        "---------- Forwarded message ---------",
        "-------- Weitergeleitete Nachricht --------",
        "---------- Message transféré ---------",
        "Début du message réexpédié\u{a0}:",
        "Inicio del mensaje reenviado:",
        "-------- Messaggio inoltrato --------",
        "---------- Mensagem encaminhada ----------",
        "Begin doorgestuurd bericht:",
        "Początek przekazywanej wiadomości:",
        "-------- Vidarebefordrat meddelande --------",
        "---------- 転送メッセージ ----------",
    ] {
        let body = format!("See below.\n\n{mark}\n{block}\n\nJune 1.");
        check("Dates", "plain", &body, &[(Body, "", "", "See"), (Forward, DANA, AT, mark)]);
    }
    for mark in [
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "-----Messaggio originale-----",
        "-----Mensagem original-----",
        "-----Oorspronkelijk bericht-----",
        "-----Wiadomość oryginalna-----",
        "-----Ursprungligt meddelande-----",
        "-----元のメッセージ-----",
    ] {
        let body = format!("Yes.\n\n{mark}\n{block}\n\nJune 1.");
        check("Dates", "plain", &body, &[(Body, "", "", "Yes"), (Quote, DANA, AT, mark)]);
    }
}

#[test]
fn phones_sign_in_ten_languages() {
    for line in [
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Enviado do meu iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Wysłane z iPhone'a",
        "Skickat från min iPhone",
        "iPhoneから送信",
        "Get Outlook for iOS",
    ] {
        check(
            "Dates",
            "plain",
            &format!("June 1 works.\n\n{line}"),
            &[(Body, "", "", "June"), (Signature, "", "", line)],
        );
    }
}

#[test]
fn people_sign_in_ten_languages() {
    for closing in [
        "Kind regards,",
        "Mit freundlichen Grüßen",
        "Cordialement,",
        "Un saludo,",
        "Cordiali saluti,",
        "Atenciosamente,",
        "Met vriendelijke groet,",
        "Pozdrawiam",
        "Med vänliga hälsningar",
        "よろしくお願いいたします。",
    ] {
        let body = format!(
            "June 1 works.\n\n{closing}\nDana Whitfield\nVP Operations\n+47 555 01 778\n\nPS: the fee is 40 a seat."
        );
        let expected = [(Body, "", "", "June"), (Signature, "", "", closing), (Body, "", "", "PS: the fee")];
        let closing: &'static str = closing;
        assert_eq!(expected[1].3, closing);
        check("Dates", "plain", &body, &expected);
    }
}

//! Values of the five kinds as people write them, and what looks like them and
//! is none: made from a seed, with check digits worked out here.

use baton::route::Withheld;
use fastrand::Rng;

/// One of several, by lot.
pub fn one<'a, T: ?Sized>(rng: &mut Rng, all: &[&'a T]) -> &'a T {
    all[rng.usize(..all.len())]
}

/// A form with a digit for each `#`, and one from 2 on for each `@`.
pub fn filled(rng: &mut Rng, form: &str) -> String {
    let digit = |rng: &mut Rng, from: u8| char::from(b'0' + rng.u8(from..10));
    form.chars()
        .map(|c| match c {
            '#' => digit(rng, 0),
            '@' => digit(rng, 2),
            other => other,
        })
        .collect()
}

fn letters(rng: &mut Rng, alphabet: &str, count: usize) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    (0..count).map(|_| alphabet[rng.usize(..alphabet.len())]).collect()
}

const BASE62: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A value of a kind.
pub fn value(rng: &mut Rng, kind: Withheld) -> String {
    match kind {
        Withheld::Email => email(rng),
        Withheld::Phone => phone(rng),
        Withheld::Iban => iban(rng),
        Withheld::Card => card(rng),
        Withheld::Key => key(rng),
    }
}

fn email(rng: &mut Rng) -> String {
    let first = one(rng, &["dana", "tom", "ilse", "marcus", "zoë", "jörg", "anaïs", "o'brien", "li", "x"]);
    let last = one(rng, &["whitfield", "reed", "vanterpool", "lee", "müller", "de-souza", "okafor"]);
    let number = rng.u32(1..999);
    let local = match rng.u8(..10) {
        0 => format!("{first}.{last}"),
        1 => format!("{first}_{last}"),
        2 => format!("{first}{number}"),
        3 => format!("{first}.{last}+crm{number}"),
        4 => format!("{}-{last}", &first[..1]),
        5 => format!("{}.{}", first.to_uppercase(), last),
        6 => format!("{number}.{last}"),
        7 => format!("{first}.{last}.{number}"),
        8 => format!("{first}%{last}"),
        _ => first.to_owned(),
    };
    let domain = one(
        rng,
        &[
            "northwind.example",
            "mail.contoso-eu.example",
            "fabrikam.co.example",
            "bücher.example",
            "xn--bcher-kva.example",
            "例え.example",
            "NORTHWIND.EXAMPLE",
            "a.b.c.d.example",
            "3com.example",
            "x-1.example",
        ],
    );
    format!("{local}@{domain}")
}

/// Numbers of Germany, France, the United Kingdom and the United States in the ways that they are written there and
/// abroad. Those without any sign that they are telephone numbers are not among them; they stand behind a word for it.
pub const PHONES: &[&str] = &[
    "+49 30 @######",
    "+49 (0)30 @######",
    "+49-89-@######",
    "+49.170.@######",
    "+4917@########",
    "0049 30 @######",
    "004917@########",
    "+49 (30) @######",
    "+49 30/@######",
    "+49 17@ ## ## ###",
    "030 @######",
    "030/@######",
    "030 / @## ## ##",
    "(030) @######",
    "017@-#######",
    "017@#######",
    "0621-@#####-##",
    "+49 221 @### ###",
    "089 @## ## ##",
    "+33 1 @# ## ## ##",
    "+33 (0)1 @# ## ## ##",
    "+336########",
    "01 @# ## ## ##",
    "01.@#.##.##.##",
    "06-@#-##-##-##",
    "06########",
    "0033 1 @# ## ## ##",
    "+33.6.@#.##.##.##",
    "07 @# ## ## ##",
    "+33 6 @#######",
    "+44 20 79## ####",
    "+44 (0)20 79## ####",
    "020 79## ####",
    "(020) 79## ####",
    "0161 49# ####",
    "07700 900###",
    "07700900###",
    "+447700900###",
    "+44 7700 900 ###",
    "01632 960 ###",
    "+44-161-49#-####",
    "0044 161 49# ####",
    "(0161) 49# ####",
    "(@0@) @@@-01##",
    "@0@-@@@-01##",
    "@0@.@@@.01##",
    "@0@ @@@ 01##",
    "1-@0@-@@@-01##",
    "+1 @0@ @@@ 01##",
    "+1 (@0@) @@@-01##",
    "+1-@0@-@@@-01##",
    "+1@0@@@@01##",
    "1 (@0@) @@@-01##",
    "(@0@)@@@-01##",
    "+1.@0@.@@@.01##",
    "001 @0@ @@@ 01##",
];

/// Numbers of Denmark, Norway, Spain, Poland and Portugal without a country's code, in groups that are their own.
pub const FURTHER: &[&str] =
    &["@# ## ## ##", "9## ## ###", "6## ## ## ##", "91 ### ## ##", "22 ### ## ##", "(22) ### ## ##", "21 ### ####"];
/// The same in groups that other numbers have too, behind a word or beside an address.
pub const ANNOUNCED_FURTHER: [(&str, &str); 9] = [
    ("Tlf.: {}", "@###@###"),
    ("ring meg på {}", "9#######"),
    ("Mobil {}", "#### ####"),
    ("Tfno. {}", "6########"),
    ("llámame al {}", "6## ### ###"),
    ("tel. kom. {}", "6## ### ###"),
    ("zadzwoń pod {}", "5########"),
    ("Telemóvel: {}", "9## ### ###"),
    ("Dana | {} | dana@northwind.example", "9## ### ###"),
];
/// What looks like them and is none.
pub const NOT_FURTHER: &[&str] = &[
    "@## ### ###",
    "@### ####",
    "sizes 36 38 40 42",
    "order @# ## ## ##",
    "6## ## ## ## EUR",
    "@# ## ## ## ##",
    "1# ## ## ##",
    "@#.##.##.##",
    "ticket 9## ## ###",
    "@######@",
    "@##-##-###",
    "@ ## ### ####",
];

fn phone(rng: &mut Rng) -> String {
    let form = one(rng, PHONES);
    let number = filled(rng, form);
    // What word processors and mail programs make of spaces and hyphens.
    match rng.u8(..10) {
        0 => number.replace(' ', "\u{a0}"),
        1 => number.replace('-', "–"),
        _ => number,
    }
}

/// Countries with the form of their accounts: `#` a digit, `A` a letter.
const ACCOUNTS: [(&str, &str); 16] = [
    ("DE", "##################"),
    ("FR", "####################A##"),
    ("GB", "AAAA##############"),
    ("NL", "AAAA##########"),
    ("ES", "####################"),
    ("IT", "A######################"),
    ("BE", "############"),
    ("CH", "#################"),
    ("AT", "################"),
    ("PL", "########################"),
    ("NO", "###########"),
    ("MT", "AAAA#####################AA"),
    ("SE", "####################"),
    ("IE", "AAAA##############"),
    ("PT", "#####################"),
    ("LU", "################"),
];

fn iban(rng: &mut Rng) -> String {
    let (country, form) = ACCOUNTS[rng.usize(..ACCOUNTS.len())];
    let account: String = form
        .chars()
        .map(|c| if c == 'A' { char::from(b'A' + rng.u8(..26)) } else { char::from(b'0' + rng.u8(..10)) })
        .collect();
    let rest = format!("{account}{country}00").chars().fold(0_u32, |rest, c| {
        let digit = c.to_digit(36).expect("a digit or letter");
        (if digit < 10 { rest * 10 + digit } else { rest * 100 + digit }) % 97
    });
    let plain = format!("{country}{:02}{account}", 98 - rest);
    spaced(rng, &plain, &[4], &["", " ", " ", "\u{a0}", "-"], true)
}

/// A number in groups; the last size goes on.
fn spaced(rng: &mut Rng, plain: &str, sizes: &[usize], signs: &[&str], may_be_small: bool) -> String {
    let sign = one(rng, signs);
    let mut text = String::new();
    let (mut group, mut filled) = (0, 0);
    for c in plain.chars() {
        if filled == sizes[group.min(sizes.len() - 1)] {
            text.push_str(sign);
            (group, filled) = (group + 1, 0);
        }
        text.push(c);
        filled += 1;
    }
    if may_be_small && rng.u8(..12) == 0 { text.to_lowercase() } else { text }
}

fn card(rng: &mut Rng) -> String {
    let issuers: [(&str, usize, &[usize]); 8] = [
        ("4", 16, &[4]),
        ("51", 16, &[4]),
        ("55", 16, &[4]),
        ("2221", 16, &[4]),
        ("34", 15, &[4, 6, 5]),
        ("37", 15, &[4, 6, 5]),
        ("6011", 16, &[4]),
        ("36", 14, &[4, 6, 4]),
    ];
    let (head, length, sizes) = issuers[rng.usize(..issuers.len())];
    let mut digits: Vec<u8> = head.bytes().map(|byte| byte - b'0').collect();
    while digits.len() < length - 1 {
        digits.push(rng.u8(..10));
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(*digit) * if place % 2 == 0 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    digits.push(((10 - sum % 10) % 10) as u8);
    let plain: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
    spaced(rng, &plain, sizes, &["", " ", " ", "-", "\u{a0}"], false)
}

fn key(rng: &mut Rng) -> String {
    let at = rng.usize(..16);
    let mut token = |beginning: &str, alphabet: &str, count: usize| {
        // A key has a digit; one drawn without any is drawn by nobody.
        format!("{beginning}{}7", letters(rng, alphabet, count - 1))
    };
    let kinds: [(&str, &str, usize); 16] = [
        ("sk-", BASE62, 48),
        ("sk-proj-", BASE62, 64),
        ("sk-ant-api03-", BASE62, 40),
        ("sk_live_", BASE62, 24),
        ("sk_test_", BASE62, 24),
        ("whsec_", BASE62, 32),
        ("whsec_", BASE62, 44),
        ("xoxb-1234567890-", BASE62, 24),
        ("xoxp-", BASE62, 40),
        ("AKIA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
        ("ghp_", BASE62, 36),
        ("baton_live_0123456789abcdef_", BASE62, 43),
        ("glpat-", BASE62, 20),
        ("AIza", BASE62, 35),
        ("eyJ", BASE62, 30),
        ("-----BEGIN ", BASE62, 64),
    ];
    let (beginning, alphabet, count) = kinds[at];
    match beginning {
        "eyJ" => format!("{}.{}.{}", token("eyJ", alphabet, 30), token("eyJ", alphabet, 60), token("", alphabet, 43)),
        "-----BEGIN " => {
            let (first, second) = (token("", alphabet, 64), token("", alphabet, 40));
            format!("-----BEGIN PRIVATE KEY-----\n{first}\n{second}\n-----END PRIVATE KEY-----")
        }
        _ => token(beginning, alphabet, count),
    }
}

/// Kinds of what looks like a value and is none, with their forms.
const DECOYS: &[(&str, &[&str])] = &[
    (
        "order number",
        &[
            "order 45########",
            "order no. 0@########",
            "ORD-2026-00####",
            "PO#4500-##@#",
            "Auftrag 10######",
            "Bestellnummer 0@# ###-####",
            "invoice 2026-#####",
            "order ##########",
            "commande n° ########",
            "shipment 00##########",
            "SO-##########",
            "article 4##.@##.##",
        ],
    ),
    (
        "long number",
        &["order ################", "tracking ############", "serial ##############", "batch ###############"],
    ),
    (
        "date",
        &[
            "1@.0@.2026",
            "2026-0@-1@",
            "0@/1@/2026",
            "0@/1@/26",
            "1@. 0@. 2026",
            "2026-0@-1@T1@:3#:0#Z",
            "1@.0@.2026 1@:3#",
            "2026/0@/1@",
            "20260@1#",
            "0@-1@-2026",
            "Q@ 2026",
        ],
    ),
    (
        "amount",
        &[
            "EUR 1.@##.###,##",
            "$@#,###.##",
            "1 @## ### €",
            "@#.### EUR",
            "USD @## ###",
            "@ ### ### CHF",
            "£@,###,###",
            "@#,# %",
            "+@# %",
            "@##.###,## EUR",
            "+1 ### ### users",
            "@## ### tonnes",
        ],
    ),
    (
        "version",
        &[
            "v@.1#.#",
            "2026.10.1.3###",
            "18.2.0-beta.@",
            "version @.#.#.#",
            "build 20260@1#.@",
            "release 1.#.0+git@#",
            "10.0.1#.1@#",
        ],
    ),
    (
        "ticket",
        &[
            "INC00#####",
            "JIRA-####",
            "#48###",
            "CS-2026-00###",
            "ticket 4######@##",
            "case 0@######",
            "[SUP-#####]",
            "Ticket #@0########",
            "TCK-0@########",
        ],
    ),
    (
        "time and address",
        &[
            "09:3# - 1@:15",
            "1@:00-1@:30",
            "192.168.@#.1##",
            "10115 Berlin",
            "Suite @##, 9000@",
            "@ x 4 x 12",
            "(0)",
            "52.5@####, 13.4####",
        ],
    ),
    (
        "other id",
        &[
            "1Z999AA1##########",
            "4f9a8b7c-6d5e-4f3a-2b1c-0d9e8f7a6b##",
            "DE1@#######",
            "commit 4f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f##",
            "https://x.example/orders/0@########",
            "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
            "m@ and m1#",
            "ISBN 978-3-16-148410-@",
        ],
    ),
];

/// What looks like it and is none, with what it is.
pub fn decoy(rng: &mut Rng) -> (&'static str, String) {
    let (kind, forms) = DECOYS[rng.usize(..DECOYS.len())];
    let form = one(rng, forms);
    (kind, filled(rng, form))
}

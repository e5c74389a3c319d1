//! Money, numbers and lengths of time: what a number means is told by what
//! stands around it, and ids, versions, times and list marks are no numbers.

use baton::value::{Context, Kind, Precision, Reading, Sorts, Value, display, read, scan};

const CONTEXT: Context<'static> = Context { said_at: None, zone: None, around: None, participants: &[] };

fn text_of(reading: &Reading) -> String {
    match &reading.precision {
        Precision::Exact => display(&reading.value),
        Precision::Vague(_) => format!("~{}", display(&reading.value)),
        Precision::Ambiguous(values) => values.iter().map(display).collect::<Vec<_>>().join("?"),
    }
}

fn spotted(input: &str, sorts: Sorts) -> Vec<(&str, String)> {
    scan(input, sorts, &CONTEXT).iter().map(|spot| (&input[spot.start..spot.end], text_of(&spot.reading))).collect()
}

fn check(sorts: Sorts, input: &str, expected: &[(&str, &str)]) {
    let expected: Vec<(&str, String)> = expected.iter().map(|(words, value)| (*words, (*value).to_owned())).collect();
    assert_eq!(spotted(input, sorts), expected, "{input}");
}

#[test]
fn money() {
    let check = |input, expected: &[(&str, &str)]| check(Sorts::MONEY, input, expected);
    check("it is $86,400.", &[("$86,400", "USD 86,400")]);
    check("USD 86,400.00 per year", &[("USD 86,400.00", "USD 86,400")]);
    check("86.400 EUR", &[("86.400 EUR", "EUR 86,400")]);
    check("86.400,50 €", &[("86.400,50 €", "EUR 86,400.5")]);
    check("€48k", &[("€48k", "EUR 48,000")]);
    check("$1.2M and $1.2 million", &[("$1.2M", "USD 1,200,000"), ("$1.2 million", "USD 1,200,000")]);
    check("1.2 million dollars", &[("1.2 million dollars", "USD 1,200,000")]);
    check("£12,500", &[("£12,500", "GBP 12,500")]);
    check("CHF 5'000", &[("CHF 5'000", "CHF 5,000")]);
    check("5 000 kr", &[("5 000 kr", "5,000")]);
    check("Rs. 5,000", &[("Rs. 5,000", "5,000")]);
    check("US$ 500, A$500, C$500", &[("US$ 500", "USD 500"), ("A$500", "AUD 500"), ("C$500", "CAD 500")]);
    check("86,400 Canadian dollars", &[("86,400 Canadian dollars", "CAD 86,400")]);
    check("86,400USD", &[("86,400USD", "USD 86,400")]);
    check("$40 per seat per month", &[("$40", "USD 40")]);
    check("$40/seat", &[("$40", "USD 40")]);
    check("-$500", &[("-$500", "USD -500")]);
    check("between $80k and $90k", &[("$80k and $90k", "~USD 80,000")]);
    check("$80-90k", &[("$80-90k", "~USD 80,000")]);
    check("from $80k to $86,400", &[("$80k", "USD 80,000"), ("$86,400", "USD 86,400")]);
    check("about $80k", &[("$80k", "~USD 80,000")]);
    check("~$80k or <$90k", &[("~$80k", "~USD 80,000"), ("<$90k", "~USD 90,000")]);
    check("approx. 80.000 €", &[("80.000 €", "~EUR 80,000")]);
    check("up to €5,000", &[("€5,000", "~EUR 5,000")]);
    check("at least 5 euros", &[("5 euros", "~EUR 5")]);
    check("$80k+", &[("$80k+", "~USD 80,000")]);
    check("twenty thousand dollars", &[("twenty thousand dollars", "USD 20,000")]);
    check("12 500 € netto", &[("12 500 €", "EUR 12,500")]);
    check("$1.234", &[("$1.234", "USD 1.234?USD 1,234")]);
    check("2 Mio. EUR", &[("2 Mio. EUR", "EUR 2,000,000")]);
    check("$86,4000 and 48k and 5 GB and 40,000 pounds of freight", &[]);
    check("$86,400 USD", &[("$86,400 USD", "USD 86,400")]);
    check("**$86,400**", &[("$86,400", "USD 86,400")]);
    check("price:$86,400", &[("$86,400", "USD 86,400")]);
}

#[test]
fn numbers() {
    let check = |input, expected: &[(&str, &str)]| check(Sorts::NUMBER, input, expected);
    check("40 users", &[("40", "40")]);
    check("forty users, twenty-five sites", &[("forty", "40"), ("twenty-five", "25")]);
    check("two hundred and fifty trucks", &[("two hundred and fifty", "250")]);
    check("a dozen docks", &[("a dozen", "12")]);
    check("sesenta y cinco usuarios", &[("sesenta y cinco", "65")]);
    check("treinta y un usuarios", &[("treinta y un", "31")]);
    check("vingt et un quais, soixante-douze", &[("vingt et un", "21"), ("soixante-douze", "72")]);
    check("soixante et onze postes", &[("soixante et onze", "71")]);
    check("quatre-vingts postes", &[("quatre-vingts", "80")]);
    check("quatre-vingt-douze postes", &[("quatre-vingt-douze", "92")]);
    // Two numbers, not one.
    check("veinte y treinta", &[("veinte", "20"), ("treinta", "30")]);
    check("sixty-five ten times", &[("sixty-five", "65"), ("ten", "10")]);
    check("48k orders", &[("48k", "48,000")]);
    check("1,200 or 1.5", &[("1,200", "1,200"), ("1.5", "1.5")]);
    check(
        "500 GB, 5 %, -5%, 20 kg, 300 m²",
        &[("500 GB", "500 GB"), ("5 %", "5%"), ("-5%", "-5%"), ("20 kg", "20 kg"), ("300 m²", "300 m²")],
    );
    check("five percent", &[("five percent", "5%")]);
    check("5-10 users", &[("5-10", "~5")]);
    check("between 5 and 10 users", &[("5 and 10", "~5")]);
    check("<500, ≥20, ~30, 40+ users", &[("<500", "~500"), ("≥20", "~20"), ("~30", "~30"), ("40+", "~40")]);
    check("more than 40 users", &[("40", "~40")]);
    check("sites: 3", &[("3", "3")]);
    check("86.400 rows", &[("86.400", "86.4?86,400")]);
    check("a couple of hundred", &[]);
    for none in [
        "v2.3",
        "version 2",
        "#4512",
        "PO-77812",
        "order 4512",
        "10:30",
        "3pm",
        "3rd",
        "1. first\n2) second\n(3) third",
        "July 1",
        "24 months",
        "$500",
        "555-010-0123",
        "1.2.3.4",
        "24/7",
        "SOC2",
        "B2B",
        "ISO 27001",
        "2026-07-01",
        "one of the users",
        "5-star",
        "https://a.example/5/6",
        "86,4000",
        "007",
        "abc123",
        "12abc",
        "1.2.2026.4",
        "a5",
        "5_6",
        "No. 5",
        "Section 4.2",
        "second",
        "2FA",
        "released 2025.",
        "> quoted",
    ] {
        check(none, &[]);
    }
}

#[test]
fn durations() {
    let check = |input, expected: &[(&str, &str)]| check(Sorts::DURATION, input, expected);
    check("24 months", &[("24 months", "24 months")]);
    check("two years", &[("two years", "24 months")]);
    check("a 3-year term", &[("3-year", "36 months")]);
    check("36-month", &[("36-month", "36 months")]);
    check("90 days", &[("90 days", "90 days")]);
    check("net 30", &[("net 30", "30 days")]);
    check("NET-45 days", &[("NET-45 days", "45 days")]);
    check("six weeks", &[("six weeks", "42 days")]);
    check("1.5 hours", &[("1.5 hours", "1 hour 30 minutes")]);
    check("2h 30m", &[("2h 30m", "2 hours 30 minutes")]);
    check("2h30m", &[("2h30m", "2 hours 30 minutes")]);
    check("P24M, PT2H30M", &[("P24M", "24 months"), ("PT2H30M", "2 hours 30 minutes")]);
    check("twenty-four (24) months", &[("twenty-four (24) months", "24 months")]);
    check("1 year and 6 months", &[("1 year and 6 months", "18 months")]);
    check("1.5 years", &[("1.5 years", "18 months")]);
    check("12-24 months", &[("12-24 months", "~12 months")]);
    check("two to three weeks", &[("two to three weeks", "~14 days")]);
    check("10 business days", &[("10 business days", "~10 days")]);
    check("half an hour", &[("half an hour", "30 minutes")]);
    check("for a year", &[("a year", "12 months")]);
    check("a couple of weeks", &[("a couple of weeks", "~14 days")]);
    check("about 3 months", &[("3 months", "~3 months")]);
    check("in 3 days", &[("3 days", "3 days")]);
    check("24h", &[("24h", "24 hours")]);
    check("drei Monate", &[("drei Monate", "3 months")]);
    for none in [
        "5 days a week",
        "once a month",
        "10 users per month",
        "24/7",
        "2 days ago",
        "a year",
        "July 24",
        "3D printing",
        "5 m",
        "Users: 40\nMonths: x",
    ] {
        check(none, &[]);
    }
    check("Users: 40\nfor 24\nmonths", &[("24\nmonths", "24 months")]);
}

#[test]
fn a_field_holds_one_amount() {
    let check = |kind: Kind, input: &str, expected: &str| {
        let found = read(&kind, input, &CONTEXT).map_or_else(|_| "!".to_owned(), |reading| text_of(&reading));
        assert_eq!(found, expected, "{input}");
    };
    check(Kind::Money, "48k", "48,000");
    check(Kind::Money, "86400", "86,400");
    check(Kind::Money, "86,400 per year", "86,400");
    check(Kind::Money, "1.2m", "1,200,000");
    check(Kind::Money, "$86,400 (excl. VAT)", "USD 86,400");
    check(Kind::Money, "around 80k", "~80,000");
    check(Kind::Money, "between 80k and 90k", "~80,000");
    check(Kind::Money, "$5 or $6", "~USD 5");
    check(Kind::Money, "not $5", "!");
    check(Kind::Money, "5 GB", "!");
    check(Kind::Number, "40 named users", "40");
    check(Kind::Number, "forty", "40");
    check(Kind::Number, "2026", "2,026");
    check(Kind::Number, "2026 users", "2,026");
    check(Kind::Number, "a few", "!");
    check(Kind::Duration, "24 months initial term", "24 months");
    check(Kind::Duration, "P1Y", "12 months");
    check(Kind::Duration, "long", "!");
    check(Kind::Phone, "02115550123", "02115550123");
    check(Kind::Phone, "Tel.: +49 211 5550123", "+492115550123");
    check(Kind::Phone, "12", "!");
    check(Kind::Email, "<Dana.W@NW.example>", "Dana.W@nw.example");
    check(Kind::Email, "dana at nw", "!");
    check(Kind::Url, "https://nw.example/x.", "https://nw.example/x");
    check(Kind::Text, " “SAP TM” ", "SAP TM");
    check(Kind::Text, "", "!");
}

#[test]
fn every_value_has_one_sort() {
    let input = "Call +1 555 0100 123 by July 1 about 24 months at $40, 5 GB.";
    let kinds: Vec<bool> =
        scan(input, Sorts::ALL, &CONTEXT).iter().map(|spot| matches!(spot.reading.value, Value::List(_))).collect();
    assert_eq!(kinds.len(), 5);
}

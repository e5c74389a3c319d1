//! True words in the wrong field: dates, amounts, addresses and people that a reader swapped.

use baton::claim::Claim;
use baton::grounding::Standing;

use crate::talk::{chat, claim, fields, ground};

fn standing(lines: &[(&str, &str)], claims: &[Claim]) -> Vec<(String, bool)> {
    let route = fields();
    ground(&chat(lines), &route, claims)
        .iter()
        .map(|one| (route.fields[one.field].key.clone(), one.standing == Standing::Supported))
        .collect()
}

/// Both claims of a pair, as `(field, raw)`; none of them may stand.
fn check_both_fall(line: &str, left: (&str, &str), right: (&str, &str)) {
    let claims = [claim(left.0, &[(1, line)], left.1, left.1), claim(right.0, &[(1, line)], right.1, right.1)];
    let got = standing(&[("dana", line)], &claims);
    assert!(got.iter().all(|(_, stands)| !stands), "{line}: {got:?}");
    for alone in &claims {
        let got = standing(&[("dana", line)], std::slice::from_ref(alone));
        assert!(got.iter().all(|(_, stands)| !stands), "{line}: {got:?}");
    }
}

fn check_both_stand(line: &str, left: (&str, &str), right: (&str, &str)) {
    let claims = [claim(left.0, &[(1, line)], left.1, left.1), claim(right.0, &[(1, line)], right.1, right.1)];
    let got = standing(&[("dana", line)], &claims);
    assert!(got.len() == 2 && got.iter().all(|(_, stands)| *stands), "{line}: {got:?}");
}

const CONTACTS: &str = "The technical contact is Kim Lund and the billing contact is Tom Reed.";
const DATES: &str = "The kickoff is on May 4, 2026 and we go live on July 15, 2026.";
const SUMS: &str = "The yearly fee is $86,400 and the setup fee is $5,000.";
const MAILS: &str = "The technical contact is kim@northwind.example, invoices go to ap@northwind.example.";
const COUNTS: &str = "We start with 120 users at 14 sites.";

#[test]
fn values_beside_their_own_cue_stand() {
    check_both_stand(CONTACTS, ("technical_contact", "Kim Lund"), ("billing_contact", "Tom Reed"));
    check_both_stand(DATES, ("kickoff_date", "May 4, 2026"), ("go_live_date", "July 15, 2026"));
    check_both_stand(SUMS, ("contract_value", "$86,400"), ("setup_fee", "$5,000"));
    check_both_stand(MAILS, ("technical_email", "kim@northwind.example"), ("billing_email", "ap@northwind.example"));
    check_both_stand(COUNTS, ("user_count", "120"), ("site_count", "14"));
}

#[test]
fn swapped_contacts_do_not_stand() {
    check_both_fall(CONTACTS, ("technical_contact", "Tom Reed"), ("billing_contact", "Kim Lund"));
}

#[test]
fn swapped_dates_do_not_stand() {
    check_both_fall(DATES, ("kickoff_date", "July 15, 2026"), ("go_live_date", "May 4, 2026"));
}

#[test]
fn swapped_amounts_do_not_stand() {
    check_both_fall(SUMS, ("contract_value", "$5,000"), ("setup_fee", "$86,400"));
}

#[test]
fn swapped_addresses_do_not_stand() {
    check_both_fall(MAILS, ("technical_email", "ap@northwind.example"), ("billing_email", "kim@northwind.example"));
}

#[test]
fn swapped_counts_do_not_stand() {
    check_both_fall(COUNTS, ("user_count", "14"), ("site_count", "120"));
}

#[test]
fn a_sentence_of_another_field_alone_does_not_fill_this_one() {
    let check = |line: &str, field: &str, raw: &str| {
        let got = standing(&[("dana", line)], &[claim(field, &[(1, line)], raw, raw)]);
        assert!(got.iter().all(|(_, stands)| !stands), "{line}: {got:?}");
    };
    check("The kickoff is on May 4, 2026.", "go_live_date", "May 4, 2026");
    check("The setup fee is $5,000.", "contract_value", "$5,000");
    check("The billing contact is Tom Reed.", "technical_contact", "Tom Reed");
}

#[test]
fn one_span_for_two_fields_goes_to_the_one_with_the_cue() {
    let both = |line: &str| {
        let claims = [
            claim("kickoff_date", &[(1, line)], "July 15, 2026", "2026-07-15"),
            claim("go_live_date", &[(1, line)], "July 15, 2026", "2026-07-15"),
        ];
        standing(&[("dana", line)], &claims)
    };
    let expected = |kickoff, go_live| vec![("kickoff_date".to_owned(), kickoff), ("go_live_date".to_owned(), go_live)];
    assert_eq!(both("July 15, 2026 is the day."), expected(false, false));
    assert_eq!(both("We go live on July 15, 2026."), expected(false, true));
    assert_eq!(both("The kickoff is on July 15, 2026."), expected(true, false));
    assert_eq!(both("Kickoff and launch are both on July 15, 2026."), expected(true, true));
}

#[test]
fn one_span_for_two_contacts_goes_to_the_one_with_the_cue() {
    let line = "Our technical contact is Kim Lund.";
    let claims = [
        claim("technical_contact", &[(1, line)], "Kim Lund", "Kim Lund"),
        claim("billing_contact", &[(1, line)], "Kim Lund", "Kim Lund"),
    ];
    let got = standing(&[("dana", line)], &claims);
    assert_eq!(got, vec![("technical_contact".to_owned(), true), ("billing_contact".to_owned(), false)]);
}

#[test]
fn spans_that_overlap_are_one_span() {
    let line = "July 15, 2026 is the day.";
    let claims = [
        claim("kickoff_date", &[(1, line)], "July 15", "2026-07-15"),
        claim("go_live_date", &[(1, line)], "July 15, 2026", "2026-07-15"),
    ];
    let got = standing(&[("dana", line)], &claims);
    assert!(got.iter().all(|(_, stands)| !stands), "{got:?}");
}

#[test]
fn an_author_line_does_not_fill_a_field_with_somebody_else() {
    let line = "Kim Lund runs our systems.";
    let got =
        standing(&[("dana", line)], &[claim("technical_contact", &[(1, "Dana Whitfield")], "Kim Lund", "Kim Lund")]);
    assert!(got.iter().all(|(_, stands)| !stands), "{got:?}");
    let got =
        standing(&[("dana", line)], &[claim("customer_name", &[(1, "Dana Whitfield")], "Northwind", "Northwind")]);
    assert!(got.iter().all(|(_, stands)| !stands), "{got:?}");
}

//! Mail programs that have a style of their own: Outlook on every device,
//! Yahoo, Notes, old Gmail, help desks, mailing lists.

use super::{Body, Forward, Quote, Signature, check, check_answer};

const DANA: &str = "Dana Whitfield";
const AT: &str = "2026-03-02T09:14";

#[test]
fn lines_of_single_programs() {
    check_answer("On Monday, March 2, 2026 at 09:14:00 AM UTC, Dana Whitfield <d@n.example> wrote:", DANA, AT);
    check_answer("On Mon, Mar 02, 2026 at 9:14 AM, Dana Whitfield < d@n.example > wrote:", DANA, AT);
    check_answer("On March 2, 2026, Dana Whitfield <d@n.example> wrote:", DANA, "2026-03-02T00:00");
    check_answer("2026-03-02 9:14 GMT+01:00 Dana Whitfield <d@n.example>:", DANA, "2026-03-02T08:14");
    check_answer("Dana Whitfield <d@n.example> wrote on 24/02/2026 09:14:00 AM:", DANA, "2026-02-24T09:14");
    check_answer("Dana Whitfield/Northwind wrote on 02/03/2026 09:14:00 AM:", DANA, "");
    check_answer("Dana Whitfield <d@n.example> schrieb am 02.03.2026 09:14:00:", DANA, AT);
    check_answer("Dana Whitfield <d@n.example> writes:", DANA, "");
    check_answer("* Dana Whitfield [2026-03-02]:", DANA, "2026-03-02T00:00");
    check_answer("On Mon, Mar 2, 2026 at 9:14 AM 'Dana Whitfield' via Plans <plans@lists.example> wrote:", DANA, AT);
    check_answer("On Mon, Mar 2, 2026 at 9:14 AM \"Whitfield, Dana\" <d@n.example> wrote:", DANA, AT);
}

#[test]
fn wrapped_lines() {
    check_answer("On Mon, Mar 2, 2026 at 9:14 AM Dana Whitfield\n<d@n.example> wrote:", DANA, AT);
    check_answer("On Mon, Mar 2, 2026 at 9:14 AM Dana Whitfield <\nd@n.example> wrote:", DANA, AT);
    check_answer("On Monday, March 2, 2026\nat 9:14 AM, Dana\nWhitfield <d@n.example>\nwrote:", DANA, AT);
    check_answer("pon., 2 mar 2026 o 09:14 Dana Whitfield <d@n.example>\nnapisał(a):", DANA, AT);
    check_answer("2026年3月2日(月) 9:14 Dana Whitfield\n<d@n.example>:", DANA, AT);
    check(
        "Re: Dates",
        "plain",
        "Ok.\n> Fine.\n> On Mon, Mar 2, 2026 at 9:14 AM Dana Whitfield\n> <d@n.example> wrote:\n>> June 1?",
        &[(Body, "", "", "Ok."), (Quote, "", "", "> Fine."), (Quote, DANA, AT, "> On Mon")],
    );
}

#[test]
fn outlook_on_every_device() {
    let rule = "________________________________";
    for block in [
        format!(
            "{rule}\nFrom: {DANA} <d@n.example>\nSent: Monday, March 2, 2026 9:14:00 AM\nTo: Al Roe\nSubject: Dates"
        ),
        format!("{rule}\n*From:* {DANA} <d@n.example>\n*Sent:* 02 March 2026 09:14\n*To:* Al Roe\n*Subject:* Dates"),
        format!(
            "From: {DANA} <d@n.example>\nDate: Monday, 2 March 2026 at 09:14\nTo: Al Roe <a@acme.example>\nSubject: Re: Dates"
        ),
        format!(
            "From: {DANA} [mailto:d@n.example]\nSent: 02 March 2026 09:14\nTo: Al Roe;\n Marcus Lee\nCc: X\nSubject: Dates"
        ),
    ] {
        let body = format!("Yes.\n\n{block}\n\nIs June 1 still right?");
        check("Re: Dates", "plain", &body, &[(Body, "", "", "Yes."), (Quote, DANA, AT, "")]);
        let forward = format!("FYI\n\n{block}\n\nIs June 1 still right?");
        check("Fw: Dates", "plain", &forward, &[(Body, "", "", "FYI"), (Forward, DANA, AT, "")]);
    }
}

#[test]
fn notes_blocks_and_forwards() {
    check(
        "Dates",
        "plain",
        "Yes.\n\nFrom:\tDana Whitfield/Northwind\nTo:\tMarcus Lee/Acme@Acme\nDate:\t02 Mar 2026 09:14\nSubject:\tDates\n\nJune 1?",
        &[(Body, "", "", "Yes."), (Quote, DANA, AT, "From:")],
    );
    check(
        "Dates",
        "plain",
        "See.\n\n----- Forwarded by Marcus Lee/Acme on 03/03/2026 09:14 -----\n\nFrom: Dana Whitfield/Northwind\nTo: Marcus Lee\nDate: 02 Mar 2026 09:14\nSubject: Dates\n\nJune 1?",
        &[(Body, "", "", "See."), (Forward, DANA, AT, "----- Forwarded by")],
    );
}

#[test]
fn help_desks_and_lists() {
    check(
        "Re: Dates",
        "plain",
        "Yes, June 1.\n\n##- Please type your reply above this line -##\n\nYour request was updated.",
        &[(Body, "", "", "Yes"), (Quote, "", "", "##-")],
    );
    let foot = "_______________________________________________\nPlans mailing list\nplans@lists.example\nhttps://lists.example/plans";
    let body = format!("June 1 works.\n\n{foot}\n\nAnd July 1 too.");
    check("Re: Dates", "plain", &body, &[(Body, "", "", "June"), (Signature, "", "", "____"), (Body, "", "", "And")]);
    check(
        "Re: Dates",
        "plain",
        "June 1 works.\n\nTo unsubscribe from this group, send an email to plans+unsubscribe@lists.example.",
        &[(Body, "", "", "June"), (Signature, "", "", "To unsubscribe")],
    );
    check(
        "Re: Dates",
        "plain",
        "June 1 works.\n\nCONFIDENTIALITY NOTICE: This e-mail is intended solely for the\nintended recipient. If you got it in error, delete it.\n\nJuly 1 too.",
        &[(Body, "", "", "June"), (Signature, "", "", "CONF"), (Body, "", "", "July")],
    );
}

#[test]
fn chains_of_forwards_are_taken_apart() {
    let block = |name: &str, day: u8| {
        format!("From: {name} <x@n.example>\nDate: {day} Mar 2026 09:14\nSubject: Dates\nTo: Al Roe")
    };
    let (first, second) = (block(DANA, 2), block("Ife Okafor", 1));
    check(
        "Fwd: Dates",
        "plain",
        &format!(
            "Two of them.\n\n---------- Forwarded message ---------\n{first}\n\nFrom Ife:\n\n---------- Forwarded message ---------\n{second}\n\nForty seats.\n\nOn Sun, 1 Mar 2026 at 08:00, Al Roe <a@acme.example> wrote:\n> How many?"
        ),
        &[
            (Body, "", "", "Two"),
            (Forward, DANA, AT, "-----"),
            (Forward, "Ife Okafor", "2026-03-01T09:14", "-----"),
            (Quote, "Al Roe", "2026-03-01T08:00", "On Sun"),
        ],
    );
    let quoted = |text: &str| text.lines().map(|line| format!("> {line}\n")).collect::<String>();
    check(
        "Fwd: Dates",
        "plain",
        &format!("See.\n\nBegin forwarded message:\n\n{}> \n> June 1.", quoted(&first)),
        &[(Body, "", "", "See."), (Forward, DANA, AT, "Begin")],
    );
}

//! Quotes in mails that have a page alone: block quotes, Gmail's and Yahoo's
//! wrappers, and the ruled header block of Outlook.

use super::{Body, Forward, Quote, check};

const DANA: &str = "Dana Whitfield";
const AT: &str = "2026-03-02T09:14";

#[test]
fn pages_quote_in_their_own_ways() {
    check(
        "Re: Dates",
        "html",
        "<div dir=\"ltr\">Yes.</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, Mar 2, 2026 at 9:14\u{202f}AM Dana Whitfield &lt;<a href=\"mailto:d@n.example\">d@n.example</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0 0 0 .8ex;border-left:1px #ccc solid\"><div>June 1?</div></blockquote></div>",
        &[(Body, "", "", "Yes."), (Quote, DANA, AT, "On Mon")],
    );
    check(
        "Re: Dates",
        "html",
        "<p class=MsoNormal>Yes.</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>From:</b> Dana Whitfield &lt;d@n.example&gt;<br><b>Sent:</b> Monday, March 2, 2026 9:14 AM<br><b>To:</b> Marcus Lee<br><b>Subject:</b> Dates</p></div></div><p class=MsoNormal>June 1?</p>",
        &[(Body, "", "", "Yes."), (Quote, DANA, AT, "From:")],
    );
    check(
        "Re: Dates",
        "html",
        "<div>Ja.</div><div id=\"divRplyFwdMsg\"><hr><b>Von:</b> Dana Whitfield &lt;d@n.example&gt;<br><b>Gesendet:</b> Montag, 2. März 2026 09:14<br><b>An:</b> Marcus Lee<br><b>Betreff:</b> Dates</div><div>1. Juni?</div>",
        &[(Body, "", "", "Ja."), (Quote, DANA, AT, "Von:")],
    );
    check(
        "Fwd: Dates",
        "html",
        "<p>FYI</p><div class=\"moz-forward-container\"><br>-------- Forwarded Message --------<table class=\"moz-email-headers-table\"><tbody><tr><th>Subject: </th><td>Dates</td></tr><tr><th>Date: </th><td>Mon, 2 Mar 2026 09:14:00 +0000</td></tr><tr><th>From: </th><td>Dana Whitfield &lt;d@n.example&gt;</td></tr><tr><th>To: </th><td>Marcus Lee</td></tr></tbody></table><br>June 1?</div>",
        &[(Body, "", "", "FYI"), (Forward, DANA, AT, "-------- Forwarded")],
    );
    check(
        "Re: Dates",
        "html",
        "<p>Yes.</p><div class=\"yahoo_quoted\"><div>On Monday, March 2, 2026 at 09:14:00 AM UTC, Dana Whitfield &lt;d@n.example&gt; wrote:</div><div><br></div><div>June 1?</div></div>",
        &[(Body, "", "", "Yes."), (Quote, DANA, AT, "On Monday")],
    );
}

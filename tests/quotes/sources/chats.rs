//! Four chat threads of the suite, with the emphasis people type. The marks
//! mean what they mean in the e-mail threads.

use baton::conversation::DocumentKind::Chat;

use super::{Script, line, ours, paragraphs, theirs};

pub const SCRIPTS: &[Script] = &[ASTER, BLUEFIN, CINDER, DRUMLIN];

const ASTER: Script = Script {
    source: "09-aster-deal.json",
    format: "slack",
    kind: Chat,
    people: &[ours("Kofi Mensah", "U01KOFI"), ours("Hanna Vogel", "U02HANNA"), theirs("Bea Lund", "U03BEA")],
    companies: &["Aster Retail", "Astor Group"],
    messages: &[
        line(
            0,
            &[
                "Heads-up: *Aster Retail* wants to be live in 14 stores by October 1.",
                "Deal size is *$118,500* for two years, billed _quarterly_ in advance.",
                "They did not {buy the loyalty add-on}.",
            ],
        ),
        line(
            1,
            &[
                "nice one, Kofi!",
                "who is the sponsor on their side?",
                "I can start in week 32, my team has 2 free engineers.",
            ],
        ),
        line(
            0,
            &[
                "The sponsor is Bea Lund [since the reorganisation in spring] and she answers within an hour.",
                "Their till vendor is `PosLine 4.2`, which we've connected twice.",
                "Astor Group isn't {part of this deal}.",
            ],
        ),
        line(
            2,
            &[
                "Hi Hanna, all our tills run the same image – no surprises there.",
                "We close the books on the *25th* and can't have changes after the 22nd.",
                "Only the Malmö store has fibre, the other 13 use LTE.",
            ],
        ),
        line(
            1,
            &[
                "We'll roll out three stores per week [with one engineer on the road] from August 17 onwards.",
                "Each store needs `port 9443` open towards gw.acme.example/in-7 before that day.",
                "I wouldn't {promise the Malmö store before September}.",
            ],
        ),
        line(
            2,
            &[
                "Our returns rate went from 6.2 to -0.4 points below target, funny enough.",
                "Any downtime above 10 minutes must be reported to ops@aster-retail.example at once.",
                "No, we don't {pay for travel on weekends}.",
            ],
        ),
        line(
            0,
            &[
                "Travel is capped at $2,750 per month [for the whole rollout team] under the signed order.",
                "The _loyalty_ quote stays unapproved for now.",
                "Hanna, at least one of the dry runs should be on a Monday.",
            ],
        ),
    ],
};

const BLUEFIN: Script = Script {
    source: "10-bluefin-ops.json",
    format: "slack",
    kind: Chat,
    people: &[ours("Pavel Novak", "U11PAVEL"), ours("Grace Amadi", "U12GRACE"), ours("Paul Novotny", "U13PAUL")],
    companies: &["Bluefin Marine", "Bluefield Boats"],
    messages: &[
        paragraphs(
            0,
            &[
                "Order *BF-5530* is paid in full, $31,980.40 arrived yesterday.",
                "It contains 24 winches and 600 metres of rope [in the navy colour] for the yard in Brest.",
                "Bluefin Marine won't {accept a partial delivery}.",
            ],
        ),
        line(
            1,
            &[
                "the winches weigh 38 kg each, so we need *two* pallets.",
                "I'd book the Tuesday truck [with the tail lift] for 7:15 in the morning.",
                "Grace Amadi signs the papers, as always.",
            ],
        ),
        line(
            2,
            &[
                "Stock says ~580 metres of rope on the drum.",
                "The missing 20 metres come from Bluefield Boats on Monday.",
                "Do not {ship before the missing rope is here}.",
            ],
        ),
        line(
            0,
            &[
                "The yard works from 6 until 14:30, and nobody is there on Fridays.",
                "Their crane lifts 1.2 tonnes at most.",
                "Paul isn't {allowed to drive the long truck}.",
            ],
        ),
        line(
            1,
            &[
                "Then Pavel Novak drives, he’s got the licence since 2011.",
                "The ferry costs €415 one way [including the trailer and a cabin] and leaves at 21:45.",
                "Deliveries are `DAP Brest`, import duty isn’t our problem.",
            ],
        ),
        line(
            2,
            &[
                "The deposit of €900 is non-refundable after May 2.",
                "Both drivers must show a passport that's valid for 6 months.",
                "I could not {reach the harbour office in Brest}.",
            ],
        ),
        line(
            0,
            &[
                "Their answer just came: berth 19, gate code `7720-B`, call 30 minutes ahead.",
                "Paul Novotny should print every label twice.",
                "The scale shows +3 kg per winch because of the new base.",
                "We haven't {weighed the rope}.",
            ],
        ),
    ],
};

const CINDER: Script = Script {
    source: "11-cinder-lead.json",
    format: "slack",
    kind: Chat,
    people: &[ours("Amira Saleh", "U21AMIRA"), ours("Ben Archer", "U22BEN"), theirs("Vera Kowalski", "U23VERA")],
    companies: &["Cinder Studio", "Cedar Studios"],
    messages: &[
        line(
            0,
            &[
                "New lead for you, Ben: *Cinder Studio*, 85 people, Kraków.",
                "They read our guide [about time tracking in creative teams] on January 22 and asked for a demo.",
                "Vera Kowalski doesn't {want a call before ten}.",
            ],
        ),
        line(
            1,
            &[
                "thx, looks good…  I'll call her tomorrow at 11:20.",
                "What's the budget, do we know that?",
                "The last studio from Kraków paid $9.50 per user and took 60 seats.",
            ],
        ),
        line(
            0,
            &[
                "She wrote “somewhere near 10k a year” in the form.",
                "It's *not* confirmed that {the owners agree with the budget}.",
                "Their current tool is alive until April 30, then the licence ends.",
            ],
        ),
        line(
            2,
            &[
                "Hello Ben, thanks for the quick call – it’s been helpful.",
                "We need invoices in złoty [for our accounting office in Warsaw] and one admin per studio.",
                "I can't {sign anything without my partner}.",
            ],
        ),
        line(
            1,
            &[
                "Of course, Vera, take your time until February 20.",
                "The _starter_ plan includes 100 GB, all integrations and e-mail support.",
                "Phone support costs $75 per month [on top of the starter plan] with a notice of 4 weeks.",
            ],
        ),
        line(
            2,
            &[
                "My partner says ±10 users make no difference for us.",
                "Most freelancers work with us for fewer than 3 months.",
                "We're not {related to Cedar Studios in any way}.",
            ],
        ),
        line(
            1,
            &[
                "Amira, the score is 72 now, +20 points since Monday.",
                "They've been inactive for 9 days though…",
                "I don't believe {they will buy this quarter}.",
            ],
        ),
    ],
};

const DRUMLIN: Script = Script {
    source: "12-drumlin-support.json",
    format: "slack",
    kind: Chat,
    people: &[
        ours("Elif Demir", "U31ELIF"),
        ours("Ravi Menon", "U32RAVI"),
        theirs("Joan Archer", "U33JOAN"),
        theirs("John Arden", "U34JOHN"),
    ],
    companies: &["Drumlin Farms", "Drummond Mills"],
    messages: &[
        line(
            2,
            &[
                "The scales at *gate 3* print wrong weights since 8:40 this morning.",
                "We've lost about $1,600 per hour [in rejected grain loads] because of it.",
                "John Arden didn’t {restart the scale server}.",
            ],
        ),
        line(
            0,
            &[
                "Joan, I've raised it to `severity 1`, Ravi Menon is on it.",
                "Someone calls you back in 15 minutes [from our support desk in Cork] with a first finding.",
                "Please don't {unplug the printer at gate 3}.",
            ],
        ),
        line(
            1,
            &[
                "The offset is +140 kg on every single reading.",
                "Firmware 5.0.8 is inaccurate after a restart, 5.0.9 is clean.",
                "It cannot {be fixed from remote}.",
            ],
        ),
        line(
            3,
            &[
                "then send a person, all trucks are waiting…",
                "The harvest runs for another 11 days and we handle 70 trucks daily.",
                "The service contract hasn't {expired on our side}.",
            ],
        ),
        line(
            0,
            &[
                "A technician arrives [with two spare load cells] at 13:10 today.",
                "The visit costs nothing under your plan, normally it's $380 plus mileage.",
                "Both load cells have to be calibrated to within 0.5 kg.",
            ],
        ),
        line(
            3,
            &[
                "Drummond Mills weighs for us until tonight, at $6 per truck.",
                "None of those tickets {have been invoiced to us}.",
                "Every ticket needs my initials, J.A., in the corner.",
            ],
        ),
        line(
            1,
            &[
                "Fixed: the new cells read 24,980 kg for the test truck of 25,000 kg.",
                "The old readings deviate by −0.6 % and get corrected tonight.",
                "I left a note [with both serial numbers] on the desk of Joan Archer.",
            ],
        ),
        line(
            2,
            &[
                "Thank you, the first five trucks went through without trouble.",
                "We want a check of all eight gates within 2 weeks, at most one gate per day.",
                "I'm far from {satisfied with the response time}.",
            ],
        ),
    ],
};

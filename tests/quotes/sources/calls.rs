//! Four recorded calls of the suite, with the hesitations of speech. The marks
//! mean what they mean in the e-mail threads.

use baton::conversation::DocumentKind::Transcript;

use super::{Script, line, ours, theirs};

pub const SCRIPTS: &[Script] = &[OAKRIDGE, MERIDIAN, PELICAN, SILVERBIRCH];

const OAKRIDGE: Script = Script {
    source: "05-oakridge-kickoff.vtt",
    format: "vtt",
    kind: Transcript,
    people: &[
        ours("Jonas Weber", ""),
        theirs("Carla Mendes", ""),
        theirs("Carl Lindgren", ""),
        ours("Aisha Bello", ""),
    ],
    companies: &["Oakridge Hotels", "Oakhurst Spa"],
    messages: &[
        line(
            0,
            &[
                "Okay, um, let's start, I think everyone is here.",
                "Aisha Bello will be your onboarding lead from today.",
            ],
        ),
        line(
            1,
            &[
                "Hi everyone, so, we're 12 hotels and, uh, about 260 rooms in the smallest one.",
                "We want the booking screen live in Lisbon [and in the two Porto houses] before the season starts on June 15.",
                "Carl Lindgren owns the, you know, the payment side.",
            ],
        ),
        line(
            2,
            &[
                "Right, our acquirer settles within 3 days and takes 1.4 percent.",
                "We don't, uh, {take American cards at the Oakhurst Spa}.",
                "The terminals are rented for $29 per month until 2028.",
            ],
        ),
        line(
            3,
            &[
                "Got it, so I'd plan five weeks [for the setup and the staff training] and hold the last week free.",
                "Each hotel gets two training hours on site.",
                "I'm not going to {train the night staff in July}.",
            ],
        ),
        line(
            1,
            &[
                "Actually the Lisbon team has, um, 48 people and most of them speak English.",
                "There's no chance {the Faro hotel opens this summer}.",
                "Our old system is called RoomKeeper and its contract ends on September 30.",
            ],
        ),
        line(
            2,
            &[
                "Um, the export from RoomKeeper holds 92,000 guest profiles [with their stays and invoices] in one large file.",
                "We found ~7,500 of them twice.",
                "We never {kept passport numbers in RoomKeeper}.",
            ],
        ),
        line(
            3,
            &[
                "I'll take the export by Friday, April 24, if Carl uploads it to files.acme.example/oak-2026 in time.",
                "The file can't be larger than 20 GB.",
                "Every profile without an e-mail address is skipped.",
            ],
        ),
        line(
            0,
            &[
                "Just so it's clear, the fee of $64,000 covers all 12 hotels for the first year.",
                "An extra hotel costs $4,300 plus travel.",
                "It would be wrong to say {the spa is part of the contract}.",
            ],
        ),
        line(
            1,
            &[
                "Fine, the Oakhurst Spa joins next year at the earliest.",
                "Carla signs for Oakridge Hotels, Carl only for payments.",
                "We expect the bookings at +8 % this summer.",
            ],
        ),
    ],
};

const MERIDIAN: Script = Script {
    source: "06-meridian-handover.txt",
    format: "txt",
    kind: Transcript,
    people: &[
        ours("Felix Brandt", ""),
        ours("Yuki Tanaka", ""),
        theirs("Rachel Stone", ""),
        theirs("Rafael Stern", ""),
    ],
    companies: &["Meridian Tools", "Meriden Castings"],
    messages: &[
        line(
            0,
            &[
                "So the deal closed on Monday for, uh, 3 years and 215,000 euros in total.",
                "Rachel Stone signed [on behalf of the management board in Graz] and wants a weekly call with us.",
                "The legal review isn't {finished on their end}.",
            ],
        ),
        line(
            1,
            &[
                "Thanks Felix, who of them can decide about the scope?",
                "I can take over on Wednesday, my calendar is open from 9 to 11.",
                "I haven't {read the security questionnaire yet}.",
            ],
        ),
        line(
            2,
            &[
                "That would be me, and for the plants it's Rafael Stern.",
                "We've got 5 plants, 1,140 machines, and all of them report once per minute.",
                "Meriden Castings isn't {one of our plants anymore}.",
            ],
        ),
        line(
            3,
            &[
                "The press shop in Graz runs three shifts [with some ninety operators] from Sunday night to Saturday noon.",
                "A sensor costs us $42.75 including the bracket.",
                "Temperatures may drift by ±1.5 degrees, anything beyond that stops the press.",
            ],
        ),
        line(
            1,
            &[
                "Okay, um, we'd start with 150 machines in Graz [as a first stage of the rollout] and grow from there.",
                "The gateway needs at least 8 GB of memory.",
                "You won't {need any extra licences for Graz}.",
            ],
        ),
        line(
            2,
            &[
                "The works council has agreed [after a long meeting last Thursday] to the pilot until October 31.",
                "They'd refuse any tracking of single operators.",
                "Some machines are older than 30 years, so they stay inactive.",
            ],
        ),
        line(
            3,
            &[
                "I doubt it, honestly: we can hardly {connect the paint line before autumn}.",
                "Its controller is uninstalled since the fire in the hall.",
                "The insurer pays 80 percent of the new one, roughly $27,400.",
            ],
        ),
        line(
            0,
            &[
                "One more thing, the penalty is 2 percent per week and at most 10 percent overall.",
                "The bonus was, uh, -15 % in the last quarter because of that.",
                "Felix Brandt stays in the loop for 6 weeks.",
            ],
        ),
        line(
            1,
            &[
                "Great, I'll send the minutes to all of you within 24 hours.",
                "Rafael gives me the machine list [as a plain spreadsheet] by noon on Tuesday.",
                "Nothing {was agreed about the second stage}.",
            ],
        ),
    ],
};

const PELICAN: Script = Script {
    source: "07-pelican-discovery.srt",
    format: "srt",
    kind: Transcript,
    people: &[ours("Nadia Petrov", ""), theirs("Leo Marchetti", ""), theirs("Leona Marsh", "")],
    companies: &["Pelican Foods", "Pellman Catering"],
    messages: &[
        line(
            1,
            &[
                "We deliver 6,400 meals a day [to schools and care homes around Bologna] with a fleet of 37 vans.",
                "Every route is planned by hand, which takes, uh, four hours each evening.",
                "None of our drivers has {worked with a routing app before}.",
            ],
        ),
        line(0, &["How many routes is that, roughly?", "With that size our team plan at $1,900 per month fits you."]),
        line(
            2,
            &[
                "It's 52 routes on weekdays and 18 at weekends.",
                "Um, I'd say the longest one is 140 km with 23 stops.",
                "Pellman Catering is not {paying for the refrigerated vans}.",
            ],
        ),
        line(
            1,
            &[
                "The freezer vans have to stay below -18 °C the whole way.",
                "A missed window costs us €120 [under the agreement with the city] and a phone call from the school.",
                "We're unable to {change the delivery windows of the schools}.",
            ],
        ),
        line(
            0,
            &[
                "I'll show you a plan for ten routes on Thursday [with your real addresses and loads] at half past two.",
                "The trial lasts 21 days and needs no credit card.",
                "We can't {import routes from paper lists}.",
            ],
        ),
        line(
            2,
            &[
                "Leo Marchetti decides, but I prepare everything for him.",
                "Our budget is around $22,000 for this year, no more than that.",
                "The decision falls on March 27 [in the monthly meeting of the owners] at the head office.",
            ],
        ),
        line(
            1,
            &[
                "Uh, two of the kitchens are misconfigured in the old planner.",
                "Both kitchens together cook 3,100 meals before 10:15.",
                "I wouldn't say {we are happy with the old planner}.",
            ],
        ),
        line(
            0,
            &[
                "Leona Marsh gets the offer by e-mail on Friday, and it holds for 30 days.",
                "It has a clause that lets you leave after 6 months without a fee.",
                "The set-up price changes by -$400 with a two-year term.",
            ],
        ),
    ],
};

const SILVERBIRCH: Script = Script {
    source: "08-silverbirch-review.vtt",
    format: "vtt",
    kind: Transcript,
    people: &[ours("Mateo Rossi", ""), theirs("Ingrid Solberg", ""), ours("Matilda Ross", "")],
    companies: &["Silverbirch Bank", "Silverstone Mutual"],
    messages: &[
        line(
            1,
            &[
                "Let me be plain, the second outage lasted 3.5 hours and hit 11 branches.",
                "You told us [in the review of last November] that every outage ends within 30 minutes.",
                "I do not {accept the report of December 2}.",
            ],
        ),
        line(
            0,
            &[
                "That's fair, Ingrid, and I'm sorry about it.",
                "The root cause was an expired certificate [on the primary load balancer] in the Oslo data centre.",
                "It had nothing to do with {your own network in Bergen}.",
            ],
        ),
        line(
            2,
            &[
                "We now check all certificates [with a small script on two hosts] each morning at 05:30.",
                "The script warns 45 days before the end.",
                "No customer data {was lost during the second outage}.",
            ],
        ),
        line(
            1,
            &[
                "Our regulator wants a written statement by April 3, five pages at most.",
                "Silverstone Mutual had the same issue and, um, left you after 8 weeks.",
                "My patience isn't unlimited, our renewal is due on May 31.",
            ],
        ),
        line(
            0,
            &[
                "I'll bring the statement [with a signature of our head of operations] to Bergen on March 30.",
                "A credit of 6 percent is on the next invoice.",
                "It's out of the question that {we raise the price at renewal}.",
            ],
        ),
        line(
            2,
            &[
                "The failover takes ~90 seconds in every test so far.",
                "Neither test {caused an interruption for the branches}.",
                "We keep the logs for 13 months in two places.",
            ],
        ),
        line(
            1,
            &[
                "Good, uh, then Mateo Rossi and Matilda Ross join our audit on April 14.",
                "We haven't {decided on the renewal}.",
                "The branch in Tromsø has -20 °C outside and only one line.",
                "All auditors need badges, which takes 2 weeks.",
            ],
        ),
    ],
};

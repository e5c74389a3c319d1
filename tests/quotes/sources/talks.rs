//! Two more calls: people who hesitate, ask, stammer and hedge. The marks mean
//! what they mean in the letters.

use baton::conversation::DocumentKind::Transcript;

use super::{Script, line, ours, theirs};

pub const SCRIPTS: &[Script] = &[TIDEWATER, SUMMIT];

const TIDEWATER: Script = Script {
    source: "15-tidewater-call.vtt",
    format: "vtt",
    kind: Transcript,
    people: &[ours("Owen Pryce", ""), theirs("Helen Sato", ""), theirs("Omar Diaz", ""), ours("Rita Olsen", "")],
    companies: &["Tidewater Ferries", "Tidemark Lines"],
    messages: &[
        line(
            0,
            &[
                "Um, thanks for joining, we've got, uh, forty minutes.",
                "Do you think {ask:we go live on July 14}?",
                "The plan is, er, three ports in the first wave.",
                "Will {ask:the truck leave Rotterdam on Monday}?",
                "Are you sure that {ask:the contract ends in December}?",
            ],
        ),
        line(
            1,
            &[
                "Yes, that is what we planned.",
                "We run, you know, eleven ferries and two of them are, um, brand new.",
                "The the booking desk closes at, uh, half past eight.",
                "I'd say {may:the crew needs eight more weeks}.",
                "Helen Sato, who leads the pilot, {swap:reports to Omar Diaz, who} decides about the budget.",
            ],
        ),
        line(
            0,
            &[
                "Can {ask:your team take over the night shift}?",
                "Could you check if {ask:the second scanner has arrived}?",
                "So, er, the tickets are printed on, um, thermal paper.",
                "Did {ask:Petra Holm approve the extra seats}?",
                "Does {ask:the price include the training days}?",
            ],
        ),
        line(
            2,
            &[
                "No, only the manuals.",
                "We, we have 26 handheld scanners, I mean, the rugged ones.",
                "It seems {may:the backup ran on both evenings}.",
                "Our harbour master is, uh, Mr Quist, and he, he signs every plan.",
                "Ideally {may:the fitters start on the ground floor}.",
                "The server in Cork, {swap:which replaced the one in Galway that} failed twice in March, is new.",
            ],
        ),
        line(
            3,
            &[
                "Have {ask:the auditors seen the new figures}?",
                "What if {ask:the server in Cork fails again}?",
                "Has anyone heard whether {ask:the visa for the fitter was granted}?",
                "I can, uh, bring two technicians to, to the terminal on Wednesday.",
                "How come {ask:the dashboard shows only nine sites}?",
            ],
        ),
        line(
            1,
            &[
                "Agreed, let us do it.",
                "The season ticket costs, um, 240 dollars and the, the day pass is 19 dollars.",
                "{may:The delivery goes to the back entrance}, I guess.",
                "Potentially {may:the order grows to 900 chairs}.",
                "We pay the harbour fee {swap:in May, and they} pay the pilot fee in July.",
                "Um, our oldest ship is, you know, from 1987.",
            ],
        ),
        line(
            0,
            &[
                "Was it you who decided that {ask:the pilot stops in May}?",
                "Shall {ask:we book the hall for two hundred guests}?",
                "So {ask:the renewal is signed for three years}?",
                "{ask:You want the crates back by Wednesday}?",
                "We'll, uh, we'll need the passenger lists by, by ten each evening.",
            ],
        ),
        line(
            2,
            &[
                "Right, all of them.",
                "The lists come from, er, the old till and they hold, um, about 900 names.",
                "It's likely that {may:the council grants the permit}.",
                "For all I know {may:the machine was sold in 2024}.",
                "Tidemark Lines runs the {swap:northern route while Tidewater Ferries serves the} small islands in winter.",
                "Our, our deck crew speaks, you know, mostly Norwegian.",
            ],
        ),
        line(
            3,
            &[
                "{ask:The old tariff applies until the end of the year}, right?",
                "{ask:We agreed on a fee of $3,200}, didn't we?",
                "May {ask:I share the offer with the Oslo team}?",
                "Is {ask:the spare key still with the porter}?",
                "I'll send, um, the cabling plan to, uh, Omar Diaz tonight.",
            ],
        ),
        line(
            1,
            &[
                "Sure, go ahead.",
                "Conceivably {may:the two systems share one database}.",
                "I suppose {may:the caterer delivers at half past eleven}.",
                "The gangway alarm goes to, I mean, to the bridge and the, uh, engine room.",
                "Rita Olsen was promoted {swap:and Ivo Marek was} dismissed at the end of June.",
                "Omar Diaz should, er, meet your security team before the, the sea trial.",
            ],
        ),
        line(
            0,
            &[
                "Didn't {ask:they promise us a second technician}?",
                "When you say ready, do you mean {ask:the app is live in all shops}?",
                "Any idea whether {ask:the boiler was serviced in winter}?",
                "We need to, um, label all the, uh, life jackets with a tag.",
            ],
        ),
    ],
};

const SUMMIT: Script = Script {
    source: "16-summit-weekly.srt",
    format: "srt",
    kind: Transcript,
    people: &[theirs("Yusuf Kaya", ""), ours("Greta Lind", ""), theirs("Bianca Roth", ""), ours("Ivo Marek", "")],
    companies: &["Summit Lifts", "Summer Cranes"],
    messages: &[
        line(
            0,
            &[
                "Okay, uh, the north lift carries, um, 1,800 people per hour.",
                "We hope that {may:the tenant signs in week 30}.",
                "Chances are {may:the freezer van comes back empty}.",
                "You must, you know, lock the gate after the last ride.",
                "The seller pays the {swap:stamp duty and the buyer pays the} notary in Innsbruck.",
            ],
        ),
        line(
            1,
            &[
                "Confirmed, I wrote it down.",
                "Isn't {ask:the cable car supposed to stop at six}?",
                "Can we say that {ask:the migration is finished}?",
                "Are {ask:all forty licences in use today}?",
                "I, I will book the, the mountain guide for, uh, Saturday morning.",
            ],
        ),
        line(
            2,
            &[
                "Yes, since last Tuesday.",
                "The turnstile, um, reads the card in, uh, under two seconds.",
                "I have a feeling that {may:the chair of the board will resign}.",
                "Not confirmed yet: {may:the speaker flies in from Lisbon}.",
                "Plant A runs {swap:three shifts, and plant B runs} one shift without a foreman.",
                "Er, the rescue sledge is stored in, in the upper station.",
            ],
        ),
        line(
            3,
            &[
                "Might {ask:the council object to the night deliveries}?",
                "Do {ask:both plants run on the same release}?",
                "Would {ask:the customer accept a delivery in two parts}?",
                "I wonder whether {ask:the cable is long enough for the hall}.",
                "We could, um, test the, uh, speaker system on Thursday evening.",
            ],
        ),
        line(
            0,
            &[
                "Exactly, in two parts.",
                "In theory {may:the tank can be filled in nine minutes}.",
                "I'm fairly sure {may:the old lease runs until October}.",
                "Our snow guns, I mean, the new ones need 400 litres per minute.",
                "The valley station was {swap:painted in spring, the top station was} closed for the whole summer.",
                "My, my brother sells the passes at, uh, the hotel desk.",
            ],
        ),
        line(
            1,
            &[
                "I'm asking whether {ask:the rebate counts for spare parts too}.",
                "Please find out if {ask:the landlord allows a second antenna}.",
                "Let me know whether {ask:the board meets before Easter}.",
                "Greta Lind may, er, inspect the, the pulleys every Monday.",
                "The seminar, you know, starts at a quarter past nine in, um, the chalet.",
            ],
        ),
        line(
            2,
            &[
                "No, not before Easter.",
                "We need to know if {ask:the export contains the photos}.",
                "Bianca Roth sells the {swap:season passes and Yusuf Kaya repairs the} chair lifts in the valley.",
                "The new gondola holds, uh, eight skiers or, um, two wheelchairs.",
                "Summer Cranes lifts the, uh, third pylon on, on August 21.",
            ],
        ),
        line(
            3,
            &[
                "It's an open question whether {ask:Brno gets its own warehouse}.",
                "Could someone tell me whether {ask:the alarm was tested in March}?",
                "Not clear yet whether {ask:the insurance pays for the broken door}.",
                "He asked me whether {ask:the bonus can be doubled}.",
                "The pass office, um, closes around 4:30 and, uh, opens again at 6.",
            ],
        ),
        line(
            0,
            &[
                "I agree, it should be tested.",
                "Why would {ask:the supplier raise the price by 9 percent}?",
                "My team will clear the {swap:snow and your team will check the} cables of the drag lift.",
                "Um, you know, the lift boy, he, he starts at seven in winter.",
                "The ski school has to, uh, pay us 6,300 euros by, um, December.",
            ],
        ),
    ],
};

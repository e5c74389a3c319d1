//! Two e-mail threads full of what turns a piece of a sentence round when it is
//! left outside: conditions, attributions, hedges, questions. `{if:…}`, `{by:…}`,
//! `{may:…}` and `{ask:…}` mark the piece; `{swap:…}` marks words whose omission
//! gives the first subject the second one's deed.

use baton::conversation::DocumentKind::Email;

use super::{Script, line, ours, paragraphs, reply, theirs, wrapped};

pub const SCRIPTS: &[Script] = &[FREIGHTLY, VELDER];

const FREIGHTLY: Script = Script {
    source: "13-freightly.mbox",
    format: "mbox",
    kind: Email,
    people: &[
        ours("Nina Falk", "nina@acme.example"),
        theirs("Marcus Adeyemi", "m.adeyemi@freightly.example"),
        theirs("Marta Nowak", "marta@freightly.example"),
        ours("Karl Brandt", "karl@acme.example"),
    ],
    companies: &["Freightly Group", "Fairly Haulage"],
    messages: &[
        paragraphs(
            0,
            &[
                "If legal signs by Thursday, {if:we go live in Gdansk on July 1}.",
                "{if:We ship the first forty pallets on Monday} if the bank confirms the payment.",
                "Unless the auditor objects, {if:the new tariff applies from June 1}.",
                "{if:The set-up fee of $2,400 is waived}, provided that you sign for two years.",
                "Freightly claims that {by:the pallets arrived undamaged}.",
                "You should return the signed annex before 22 June at the latest.",
            ],
        ),
        wrapped(
            1,
            60,
            &[
                "Yes, we received the annex.",
                "Assuming the crane is free, {if:the containers leave the yard at 06:30}.",
                "Once customs has cleared the goods, {if:Freightly Group delivers them within two days}.",
                "Subject to approval by the board, {if:the budget for phase two is €96,000}.",
                "According to Marcus, {by:the fuel surcharge is frozen for this year}.",
                "The customer pays the freight and the vendor pays the insurance.",
            ],
        ),
        line(
            2,
            &[
                "{if:We keep the price at 118 euros per pallet} as long as diesel stays cheap.",
                "Pending a check of the references, {if:Marta Nowak becomes the account manager}.",
                "{if:The depot opens on Saturdays} only when more than fifty pallets wait.",
                "Should the tunnel stay closed, {if:the trucks go through Basel instead}.",
                "Helen thinks {by:the price is still too high}.",
                "Our buyer, Petra Holm, will send the purchase order to your seller.",
            ],
        ),
        paragraphs(
            3,
            &[
                "No, that clause is gone.",
                "Had you ordered in April, {if:the discount would be 15 percent}.",
                "Send us the signed form by noon, otherwise {if:the slot goes to another customer}.",
                "In case of frost {if:the drivers leave three hours earlier}.",
                "{if:The penalty falls away completely} on condition that the goods arrive undamaged.",
                "Rumour has it that {by:the plant in Brno closes in autumn}.",
                "Axle loads must stay ≤ 18 tonnes on every bridge.",
            ],
        ),
        reply(
            1,
            5,
            &[
                "Were the bridge open, {if:the ride would take only forty minutes}.",
                "{if:You get a named engineer for the pilot}, given that you take the larger plan.",
                "She told us {by:the framework had been signed in May}.",
                "{by:The server was down for six hours}, the provider says.",
                "Dana Reyes will send {swap:the offer and Marcus Adeyemi will} sign the contract on Friday.",
                "{if:I will extend the trial by ten days} if that helps you decide.",
                "Their lawyer insists that {by:the penalty clause is void}.",
                "The warehouse in Gdansk {swap:ships on Monday and the carrier} collects on Tuesday at noon.",
            ],
        ),
        wrapped(
            2,
            66,
            &[
                "As soon as the deposit arrives, {if:we reserve the 12 berths for August}.",
                "{if:The warranty covers the gearbox for five years}, so long as the oil is changed yearly.",
                "In Ravi's view {by:the roll-out needs two more engineers}.",
                "Per the old wiki page, {by:the gateway accepts 2,000 requests per minute}.",
                "Failing an answer by Friday, {if:the order is cancelled in full}.",
                "The salesman promised that {by:every update is free for life}.",
                "We must move the goods from Antwerp to Basel within six days.",
            ],
        ),
        paragraphs(
            0,
            &[
                "I agree with the new clause.",
                "Unless it rains, {if:the roof is finished on April 22}.",
                "{if:We can host the archive in Vienna} unless your lawyers insist on Zurich.",
                "I heard {by:the buyer leaves at the end of the month}.",
                "Allegedly {by:the driver lost the papers in Graz}.",
                "{by:The tank holds 900 litres}, or so the brochure says.",
                "Petra Holm from finance {swap:checks the invoice, and Karl Brandt from legal} approves the final payment.",
            ],
        ),
        line(
            3,
            &[
                "On the condition that nothing breaks, {if:the line runs through the night}.",
                "{if:Our team joins the workshop in person} if someone pays the train.",
                "But for the strike {if:the parts would be in Turin today}.",
                "Word is that {by:the merger closes before Christmas}.",
                "The press wrote that {by:Tidewater sells its ferry business}.",
                "Our engineers install the {swap:gateway while your electricians lay the} cables in the hall.",
                "The toll may rise by 3 percent in the new year.",
            ],
        ),
        paragraphs(
            1,
            &[
                "Correct, it is berth 41.",
                "Suppose the grant is refused, then {if:we stop after the first stage}.",
                "{if:The second shift starts on August 3}, assuming we find six operators.",
                "They say {by:the new scanner reads wet labels}.",
                "He assumes {by:we pay the customs duty in advance}.",
                "Could {ask:the customs broker work on Fridays}?",
                "You keep the papers {swap:for ten years, but we} shred them after ninety days.",
            ],
        ),
        wrapped(
            2,
            58,
            &[
                "If and only if the test passes, {if:the firmware goes to all 300 meters}.",
                "{if:They renew for another three years} if the price stays below 90k.",
                "Somebody mentioned that {by:the archive moves to Dublin}.",
                "{by:The delay was caused by our own firewall}, claims the provider.",
                "Do you know whether {ask:the invoice for April was paid}?",
                "We deliver the racks {swap:and you} unload them with your own forklift.",
            ],
        ),
        paragraphs(
            3,
            &[
                "In the event of a recall {if:the factory replaces every unit for free}.",
                "Provided nobody objects this week, {if:the minutes count as approved}.",
                "From what Ines heard, {by:the tender has only two bidders}.",
                "Our competitor advertises that {by:the set-up takes one afternoon}.",
                "Perhaps {may:the museum needs a second licence}.",
                "The first invoice is {swap:due in March, the second one is} payable in September in full.",
            ],
        ),
        line(
            0,
            &[
                "{if:The licence moves to the new owner} once the last instalment is settled.",
                "As long as stock lasts {if:each store receives two display stands}.",
                "Contingent on the credit check, {if:the limit rises to $50,000}.",
                "The rep believes {by:the committee prefers the annual plan}.",
                "The customer owns the {swap:hardware and the vendor owns the} source code of the app.",
                "Barring surprises, {if:the audit closes on September 12}.",
            ],
        ),
    ],
};

const VELDER: Script = Script {
    source: "14-velder.eml",
    format: "eml",
    kind: Email,
    people: &[
        theirs("Zoë Müller", "zoe@velder-musik.example"),
        ours("Andrés Peña", "andres@acme.example"),
        theirs("Renée Fournier", "renee@velder-musik.example"),
    ],
    companies: &["Velder Musik", "Welder Musique"],
    messages: &[
        paragraphs(
            0,
            &[
                "Bonjour Andrés, the café in Zürich opens on 1 July at 9:00.",
                "The rent is £2,150 a month and the deposit is £6,450.",
                "Tentatively, {may:the workshop takes place on May 6}.",
                "Probably {may:the first batch ships on Thursday}.",
                "Latency has to be <250 ms at the edge of the network.",
                "Supposedly {by:the spare parts are in stock in Lyon}.",
            ],
        ),
        line(
            1,
            &[
                "Exactly, the date is fixed.",
                "We might {may:move the opening party to August 9}.",
                "Our offer of 4,800 USD per year includes the façade display.",
                "Only parcels > 30 kg go by rail from Geneva.",
                "{if:The refund of $780 is paid out in cash}, depending on what the manager decides.",
                "It is said that {by:the director signs anything without reading it}.",
            ],
        ),
        wrapped(
            2,
            62,
            &[
                "Maybe {may:the finance team has the signed copy}.",
                "I think {may:the rebate on strings is 12 percent}.",
                "The piano tuner costs 95 euros per visit and comes next Wednesday.",
                "We need ≥ 99.5 % uptime on the ticket portal.",
                "Is it true that {ask:the sponsor left the company last week}?",
                "The chatbot answered that {by:the warranty lasts seven years}.",
            ],
        ),
        paragraphs(
            0,
            &[
                "{may:The contract covers the Baltic sites}, I think.",
                "{may:The adapter fits the older pumps}, probably.",
                "The ship\u{ad}ment of violas left Mün\u{ad}chen on 12 June 2026.",
                "Welder Musique billed us 310 dollars for the tuning forks.",
                "To quote their website, {by:the service is available in 40 countries}.",
                "Should {ask:we send the samples to the Leipzig office}?",
                "Zoë Müller teaches the {swap:choir and Renée Fournier the} evening class for brass.",
            ],
        ),
        wrapped(
            1,
            56,
            &[
                "It could be that {may:the sensor was mounted upside down}.",
                "There is a chance that {may:the parcel arrives this evening}.",
                "A minimum of 25 seats keeps the price at £18 each.",
                "Marta was told {by:the samples left the lab on Tuesday}.",
                "If you believe Karl, {by:the whole fleet is electric by now}.",
                "The\u{200b} stage crew can\u{200b} start from 17:45 until midnight.",
            ],
        ),
        reply(
            2,
            4,
            &[
                "That's right, no more than 15 guests per table.",
                "{may:The fee for the permit is 340 euros}, if I remember correctly.",
                "My guess is that {may:they order sixty units in spring}.",
                "{by:The roof can carry the extra load}, in the architect's opinion.",
                "As far as I know, {may:the pilot runs in four schools}.",
                "The re\u{301}sume\u{301} of the soloist must reach us by 3 May.",
                "The Leeds choir gets {swap:40 lamps and the Hull choir} 20 speakers on top.",
            ],
        ),
        paragraphs(
            0,
            &[
                "Possibly {may:the meter counts the night tariff twice}.",
                "My predecessor noted that {by:the client pays within ten days}.",
                "The organ fund holds EUR 73,500 and CHF 12,000.",
                "The choir can rehearse every morning before 11:30.",
                "The customer complains that {by:our hotline was silent for a week}.",
                "Who said that {ask:the deadline moved to June 30}?",
                "Paris takes the {swap:morning shift and Madrid the} evening shift from ten.",
            ],
        ),
        line(
            1,
            &[
                "I’m not sure, but {may:the harbour closes at ten}.",
                "Presumably {may:the goods were insured for the full value}.",
                "Up to 75 visitors fit into the small hall on the second floor.",
                "As Yusuf tells it, {by:the test drive went without a hitch}.",
                "Our old supplier charged {swap:€4 per unit while the new one charges} €7 with freight included.",
                "Renée, you should ask the sponsor, our contact may be on leave.",
            ],
        ),
        wrapped(
            2,
            64,
            &[
                "With luck {may:the bridge is open again by Sunday}.",
                "{may:Vera Lind takes over the account in June}, or maybe somebody else.",
                "It looks as if {may:the pump lasts another season}.",
                "The intern guesses that {by:the old data is worth keeping}.",
                "Velder Musik (the Zürich branch) orders: two cellos, one harp – all from stock.",
                "Apparently {by:the carrier changed its tariff in January}.",
                "The grant of £40,000 will be paid after the concert on Saturday.",
            ],
        ),
        paragraphs(
            0,
            &[
                "{by:The lift was inspected last month}, the caretaker swears.",
                "Our former partner maintained that {by:the software belongs to them}.",
                "I believe {may:the login page moved to the new domain}.",
                "{may:The rent stays the same next year}, hopefully.",
                "The letter alleges that {by:we missed three deadlines}.",
                "You need to confirm the seat plan by 8 May, we could still change it.",
            ],
        ),
    ],
};

//! Two chat threads and one mail thread with amounts in several currencies, dates both ways round,
//! bounds, roles, short answers, and sentences of two subjects.
//! The marks mean what they mean in the letters.

use baton::conversation::DocumentKind::{Chat, Email};

use super::{Script, line, ours, paragraphs, theirs, wrapped};

pub const SCRIPTS: &[Script] = &[LARKFIELD, QUARRY, ORCHARD];

const LARKFIELD: Script = Script {
    source: "17-larkfield.json",
    format: "slack",
    kind: Chat,
    people: &[ours("Ada Quinn", "U41ADA"), theirs("Pim de Wit", "U42PIM"), theirs("Lotte Baas", "U43LOTTE")],
    companies: &["Larkfield Schools", "Parkfield College"],
    messages: &[
        line(
            0,
            &[
                "Hi Pim, can you confirm the 130 tablets for Larkfield Schools?",
                "The rollout will begin on Monday 7 September in Utrecht.",
                "Each tablet costs 289 euros, the keyboard is £35 extra.",
                "Ada trains the teachers {swap:on Monday and Lotte} trains the parents on Tuesday.",
            ],
        ),
        line(
            1,
            &[
                "Yes!",
                "you could ship them next week, our caretaker is there from 7:30 until 15:00.",
                "we must not pay more than $41,000 for the whole order.",
                "The vendor repairs the {swap:screens and the school repairs the} old charging carts.",
            ],
        ),
        line(
            2,
            &[
                "The sponsor is the city, the contact for invoices is Lotte Baas.",
                "Our network needs at least 20 access points, each school has around 14 today.",
                "I should get the floor plans this afternoon.",
                "Parkfield College joins in January {swap:and Larkfield Schools} pays for the bus.",
            ],
        ),
        line(
            0,
            &[
                "Sure thing.",
                "The filter blocks > 400 categories, response time stays < 30 ms.",
                "Support hours are 8:00 to 18:00, on Friday until 16:30.",
                "We lend you the {swap:carts while you lend us the} projector for the opening.",
            ],
        ),
        line(
            1,
            &[
                "Correct.",
                "The fee of 1,950 EUR per school was due on 30 June.",
                "You might need to replace the door lock in the server room.",
                "The first floor gets {swap:cabling in July, the second floor gets} carpets in August.",
            ],
        ),
        line(
            2,
            &[
                "No, Thursday.",
                "Pupils under 13 need a form from their parents.",
                "They can borrow a tablet for up to 6 weeks.",
                "Every class that Pim teaches {swap:has a tablet, every class that Lotte teaches} has a paper book.",
            ],
        ),
        line(
            0,
            &[
                "Okay, then I will move the delivery from Utrecht to Breda.",
                "The insurance is $2.50 per tablet per month, billed in advance.",
                "Your janitor has to sign for the pallets after 13:00 tomorrow.",
                "The red boxes hold {swap:chargers, the blue ones hold} cables for the gym.",
            ],
        ),
        line(
            1,
            &[
                "I agree 👍",
                "Lotte gives the keys to Ada before the summer break.",
                "Our lease on the old laptops ends in spring 2027.",
                "The mayor opens the {swap:fair, his deputy closes the} books on Sunday.",
            ],
        ),
    ],
};

const QUARRY: Script = Script {
    source: "18-quarry.json",
    format: "slack",
    kind: Chat,
    people: &[ours("Bo Lindahl", "U51BO"), ours("Carmen Ruiz", "U52CARMEN"), theirs("Derek Shaw", "U53DEREK")],
    companies: &["Quarry & Sons", "Quarrell Stone"],
    messages: &[
        line(
            2,
            &[
                "We could take 60 tonnes of gravel per week until 31 October.",
                "The dust limit is <50 mg and the noise limit is ≤ 85 dB.",
                "Quarry & Sons will buy the crusher from Quarrell Stone for £118,000.",
                "Derek Shaw drives the {swap:loader and Carmen Ruiz drives the} company van to Leeds.",
            ],
        ),
        line(
            0,
            &[
                "Done.",
                "Carmen Ruiz will send the permit to Derek Shaw this evening.",
                "You can pay 9,400 dollars now or 9,900 dollars in June.",
                "The upper pit is {swap:flooded since March, the lower pit is} open for visitors.",
            ],
        ),
        line(
            1,
            &[
                "Perfect, noted.",
                "The blast must happen after 10:00 and before 15:30 on Wednesday.",
                "Our buyer wants less than 2 percent clay, the seller offers around 3 percent.",
                "Bo measures the stone {swap:and Derek} weighs it on the old scale.",
            ],
        ),
        line(
            2,
            &[
                "Yes please.",
                "I want to see your safety plan by Monday, 4 May 2026.",
                "The weighbridge shows 24.6 tonnes, the minimum is 20 tonnes.",
                "Our insurer covers the {swap:machines and your insurer covers the} drivers on site.",
            ],
        ),
        line(
            0,
            &[
                "No idea.",
                "The vendor should replace the belt within 10 days, the customer must clean it daily.",
                "I may visit the pit next month, Carmen might join me.",
                "The day crew loads {swap:twelve wagons, the night crew loads} seven wagons per hour.",
            ],
        ),
        line(
            1,
            &[
                "Agreed.",
                "The lorry goes from Whitby to Hull every Tuesday morning.",
                "We have to report more than 3 incidents per quarter to the council.",
                "The mason who cut the arch {swap:knows the carver who} made the lion at the gate.",
            ],
        ),
        line(
            2,
            &[
                "Confirmed for Thursday, 11 June at 14:00.",
                "Their quote is €77 per tonne, ours was $82 per tonne.",
                "You need to renew the blasting licence before the autumn.",
                "The north face yields {swap:granite and the south face yields} chalk of poor quality.",
            ],
        ),
        line(
            0,
            &[
                "Fine by me.",
                "They will adopt the new form for every blast from 2027.",
                "I have billed the trial run, the lease for the plane is separate.",
                "We reserve the right to leave the site if there are three alarms.",
                "The pump was united with its motor, seat and seal are new.",
            ],
        ),
    ],
};

const ORCHARD: Script = Script {
    source: "19-orchard.eml",
    format: "eml",
    kind: Email,
    people: &[
        theirs("Salma Idris", "salma@orchard-hotels.example"),
        ours("Viktor Hale", "viktor@acme.example"),
        theirs("Noel Prior", "noel@orchard-hotels.example"),
    ],
    companies: &["Orchard Hotels", "Orchid Resorts"],
    messages: &[
        paragraphs(
            0,
            &[
                "We will open the spa on Saturday, 13 June, and the pool on 20 June.",
                "The chef cooks for {swap:the guests and the kitchen helper} eats in the back room.",
                "A room costs £140 per night, breakfast is 16 pounds per person.",
                "Orchid Resorts should host the staff party in the evening of 2 December.",
            ],
        ),
        wrapped(
            1,
            60,
            &[
                "Great, thank you.",
                "Your night porter must check the boiler at 22:00 and at 4:00.",
                "The roof garden takes {swap:forty guests, the cellar takes} ninety guests at most.",
                "The licence is USD 5,600 per hotel, training is USD 900 per day.",
                "Our consultant can visit you in the second week of November.",
            ],
        ),
        line(
            2,
            &[
                "Absolutely right.",
                "The linen contract (signed in 2023) says: “two deliveries a week” – that is enough.",
                "Salma Idris hires the {swap:waiters; Noel Prior hires the} gardeners for the season.",
                "Guests may cancel until 18:00, after that the room costs 80 percent.",
                "You would get the master key from me, never from the porter.",
            ],
        ),
        paragraphs(
            1,
            &[
                "Not yet.",
                "Our agent sells the {swap:rooms and your agent sells the} theatre tickets in town.",
                "The minimum stay is 3 nights in July, 2 nights in August.",
                "Rooms above 45 square metres need a second sensor, smaller ones work with one.",
                "We could refund 350 dollars this month and 275 dollars next month.",
            ],
        ),
        wrapped(
            0,
            54,
            &[
                "The elevator (built in 1962) carries 6 people: 450 kg is the limit.",
                "Noel Prior moves from Bath to York at the end of March.",
                "The lobby was cleaned {swap:by our staff and the garage was} swept by a robot.",
                "Fewer than 30 rooms have a balcony, all of them face south.",
                "They ought to pay us back €1,120 before Sunday, 29 November.",
            ],
        ),
        line(
            2,
            &[
                "Of course, Viktor.",
                "I need the invoice in euros, our bank charges 1.8 percent on dollars.",
                "The bar in Bath {swap:closes at one and the bar in York} stays open until four.",
                "We can add 18 rooms in the west wing by early October.",
                "Their manager might take over the laundry, our manager keeps the kitchen.",
            ],
        ),
    ],
};

//! Four e-mail threads of the suite. `[…]` marks words that a true quote may
//! leave out, `{…}` a piece whose negation stands outside of it; both marks
//! are taken out before the sentence enters a message.

use baton::conversation::DocumentKind::Email;

use super::{Script, line, ours, paragraphs, reply, theirs, wrapped};

pub const SCRIPTS: &[Script] = &[NORTHWIND, KESTREL, HARBOR, BRIGHTWELL];

const NORTHWIND: Script = Script {
    source: "01-northwind.mbox",
    format: "mbox",
    kind: Email,
    people: &[
        ours("Marcus Lee", "marcus@acme.example"),
        theirs("Dana Whitfield", "dana.whitfield@northwind.example"),
        ours("Priya Raman", "priya@acme.example"),
        theirs("Dana Holt", "dana.holt@northwind.example"),
    ],
    companies: &["Northwind Logistics", "Northgate Foods"],
    messages: &[
        paragraphs(
            1,
            &[
                "Thanks for the call yesterday, Marcus.",
                "We have agreed on 40 seats [for the dispatch team in Leeds] at $86,400 per year.",
                "The contract starts on March 15, 2026 and runs for 24 months.",
                "Dana Holt in finance will countersign the order form before the end of February.",
            ],
        ),
        wrapped(
            0,
            58,
            &[
                "I’ll send the revised order form to dana.holt@northwind.example tonight.",
                "The discount is 12.5 percent [in line with the offer of January 9] and ends after the second year.",
                "It isn’t true that {the price includes on-site training}.",
            ],
        ),
        line(
            3,
            &[
                "Our PO number is 4500-7731 and it must stand on every invoice.",
                "Please do not {send paper invoices to the Leeds office}.",
                "Invoices over $10,000 go to Dana Whitfield first, smaller ones straight to me.",
                "We pay within 45 days, never earlier.",
            ],
        ),
        paragraphs(
            2,
            &[
                "Hello both, I'm Priya Raman and I'll run your onboarding from March 2 onwards.",
                "The kickoff takes 90 minutes [with both dispatch leads and your IT contact] and happens on March 4 at 10:30.",
                "All data imports finish at least 3 days before go-live.",
                "Without a signed data agreement I can't open the import.",
            ],
        ),
        reply(
            1,
            2,
            &[
                "March 4 at 10:30 suits us.",
                "We will not {go live on July 1 in Rotterdam}.",
                "A sandbox with 2.5 GB of storage stands ready [for your two administrators and a tester] from Friday, February 20.",
                "Its login link is https://sandbox.acme.example/nw-4471 and expires after 14 days.",
            ],
        ),
        wrapped(
            1,
            64,
            &[
                "Northwind Logistics runs four depots, and every depot has its own dispatcher.",
                "Leeds goes first on April 20, Hull follows two weeks later.",
                "Our volume was -5 % against last winter, so the seat count may shrink.",
                "The order from Northgate Foods is still unsigned by their side.",
            ],
        ),
        line(
            0,
            &[
                "Understood, Dana - I'll tell Priya that Leeds comes first.",
                "Nobody {promised a free month to Northwind Logistics}.",
                "The credit note of $1,250 [for the cancelled scanner order] will reach Dana Holt by March 31.",
            ],
        ),
        paragraphs(
            3,
            &[
                "I don't think {we signed the renewal in January}.",
                "Both invoices from December remain unpaid by our Hull branch.",
                "Only Dana Whitfield may approve extra seats.",
                "A yearly price increase of up to 4 percent is fine with finance.",
            ],
        ),
    ],
};

const KESTREL: Script = Script {
    source: "02-kestrel.eml",
    format: "eml",
    kind: Email,
    people: &[
        ours("Tomas Berg", "tomas.berg@acme.example"),
        theirs("Ines Carvalho", "ines@kestrel-outdoor.example"),
        theirs("Tom Okafor", "tom.okafor@kestrel-outdoor.example"),
    ],
    companies: &["Kestrel Outdoor", "Kestner Freight"],
    messages: &[
        paragraphs(
            1,
            &[
                "Dear Tomas, order K-20917 is released for production.",
                "We need 1,200 tents [in the green summer edition] at the Antwerp hub by May 18.",
                "Each pallet may weigh at most 650 kg including the wrapping.",
                "Kestner Freight collects from gate 7, usually around 06:45.",
            ],
        ),
        line(
            0,
            &[
                "We've booked three trucks, and the first one leaves on May 11.",
                "The tolerance for the pole length is ±2 mm on every batch.",
                "I have never {confirmed a delivery to Antwerp before May 4}.",
            ],
        ),
        wrapped(
            2,
            52,
            &[
                "The customs broker needs the commercial invoice [together with the packing list] 48 hours before arrival.",
                "Our insurance covers goods up to €75,000 per truck.",
                "Neither Ines nor I have {approved the change to wooden crates}.",
                "All cartons carry the label “Fragile – keep dry” on two sides.",
            ],
        ),
        line(
            0,
            &[
                "Wooden crates would add ~35 kg to every pallet.",
                "They'd also cost $18.50 more per unit.",
                "Tom Okafor has to decide between cardboard and wood by Thursday.",
            ],
        ),
        reply(
            1,
            1,
            &[
                "Cardboard it is, and the weight limit stays as written.",
                "The cold store must hold -7 °C through the whole night.",
                "Half of the tents ship without poles because the supplier is late.",
                "A second shipment of 350 sleeping bags follows [by road from the Porto plant] in the week of June 8.",
            ],
        ),
        paragraphs(
            2,
            &[
                "The warehouse cannot {receive more than two trucks a day}.",
                "Unloading one truck takes about 40 minutes with two people.",
                "Our contact at the dock is Rosa Lindqvist, 03 555 0142.",
                "There is no way {we accept deliveries on a Saturday}.",
            ],
        ),
        wrapped(
            0,
            70,
            &[
                "The production of the green tents is far from {finished at the Porto plant}.",
                "The last 180 pieces come off the line on May 8 [from the small hall behind the station] and leave the plant that same evening.",
                "Spare parts stay incomplete until the zips arrive.",
            ],
        ),
        line(
            1,
            &[
                "Every delay beyond 5 days costs us 0.75 percent of the order value.",
                "Please send some photos of each pallet to quality@kestrel-outdoor.example.",
                "The old Antwerp address is no longer {valid for any inbound freight}.",
            ],
        ),
    ],
};

const HARBOR: Script = Script {
    source: "03-harbor.mbox",
    format: "mbox",
    kind: Email,
    people: &[
        theirs("Dr. Helen Moreau", "h.moreau@harborclinic.example"),
        ours("Sam Oduya", "sam.oduya@acme.example"),
        theirs("Samuel Ortiz", "s.ortiz@harborclinic.example"),
        ours("Greta Nyström", "greta@acme.example"),
    ],
    companies: &["Harbor Clinic", "Harmon Labs"],
    messages: &[
        paragraphs(
            0,
            &[
                "Patient data has to remain in the EU [for all three clinics and the archive] under our contract with the ministry.",
                "We run 320 users today and expect +45 users by autumn.",
                "None of the {wards use the old reporting module}.",
                "Samuel Ortiz handles every technical question on our side.",
            ],
        ),
        line(
            1,
            &[
                "Your tenant lives in Frankfurt [on two separate machines] and keeps a nightly backup for 35 days.",
                "Storage is limited to 500 GB, any extra terabyte costs €90 per month.",
                "We don't {store patient records outside Frankfurt}.",
            ],
        ),
        wrapped(
            2,
            60,
            &[
                "Single sign-on runs through login.harborclinic.example/saml2 for doctors and nurses.",
                "The firewall team hasn’t been {asked to open port 8443}.",
                "Most of our workstations still use the 2019 image.",
                "I want two test accounts [with full nurse permissions] before Monday, March 9.",
            ],
        ),
        reply(
            3,
            2,
            &[
                "Both test accounts exist since this morning.",
                "Their passwords expire after 72 hours, so please log in soon.",
                "The migration moves 1.8 TB of scans [from the basement servers in building C] over two weekends in April.",
                "During the migration at most 30 users can work in parallel.",
            ],
        ),
        paragraphs(
            0,
            &[
                "Our board didn't {approve the budget for the second phase}.",
                "The first phase is approved with €142,000 for 18 months.",
                "Harmon Labs sends results as HL7 files every 15 minutes.",
                "I insist that no export leaves the building unencrypted.",
            ],
        ),
        line(
            2,
            &[
                "The scanner interface is unavailable between 02:00 and 03:30.",
                "Response times changed by +12 % against the agreed value in January.",
                "It's not the case that {Harmon Labs hosts our archive}.",
            ],
        ),
        wrapped(
            1,
            66,
            &[
                "We'll add a second node on April 11, which doubles the capacity.",
                "The support contract covers weekdays from 7 to 19 o'clock and excludes holidays.",
                "Greta Nyström can't {visit the clinic before April 20}.",
            ],
        ),
        paragraphs(
            3,
            &[
                "Training consists of six sessions [for nurses and ward secretaries] and every session lasts 75 minutes.",
                "Dr. Helen Moreau receives the attendance list each Friday.",
                "At least two people per ward should attend.",
                "There was never {an agreement about weekend training}.",
                "Unverified accounts are deleted after 30 days.",
            ],
        ),
    ],
};

const BRIGHTWELL: Script = Script {
    source: "04-brightwell.eml",
    format: "eml",
    kind: Email,
    people: &[
        theirs("Noor Haddad", "noor@brightwell.example"),
        ours("Owen Clarke", "owen.clarke@acme.example"),
        ours("Lucia Ferri", "lucia@acme.example"),
    ],
    companies: &["Brightwell Energy", "Brightline Solar"],
    messages: &[
        line(
            0,
            &[
                "The dashboard for our 28 sites has been slow since Tuesday, February 3.",
                "Loading one site takes 55 seconds instead of 4.",
                "We’ve already cleared the cache on each of the six gateways.",
            ],
        ),
        paragraphs(
            1,
            &[
                "Thanks, Noor; I've opened ticket SUP-88412 with priority 2.",
                "Lucia Ferri takes over [from the night shift in Dublin] at 14:00 today.",
                "You will get an update every 4 hours until it's fixed.",
                "We have not {found the cause of the slow dashboard}.",
            ],
        ),
        wrapped(
            2,
            56,
            &[
                "The index on the readings table was disconnected during the update of January 30.",
                "I rebuilt it for 9 of the 28 sites [with the help of our database team] between 15:00 and 16:20.",
                "Your raw data isn’t {affected by the failed update}.",
            ],
        ),
        line(
            0,
            &[
                "Site 14 in Utrecht still shows -3 kWh for yesterday.",
                "Some meters report twice per hour, others only once.",
                "Brightline Solar doesn't {share our meters in Utrecht}.",
            ],
        ),
        reply(
            2,
            1,
            &[
                "I'll look at Utrecht right away.",
                "Our service credit amounts to 10 percent of the monthly fee [for every full day of disturbance] and is capped at $3,600.",
                "You may claim it within 60 days at https://acme.example/credits/form-12 with the ticket number.",
            ],
        ),
        paragraphs(
            1,
            &[
                "All 28 sites load in under 6 seconds again.",
                "The permanent fix arrives with version 7.14.2 [of the gateway software] on February 24.",
                "Until then a job restarts the index at 01:15 every night.",
                "No one {changed the retention of the raw data}.",
            ],
        ),
        wrapped(
            0,
            62,
            &[
                "Noted, although the February report is still unconfirmed by our auditors.",
                "The auditors want readings for 36 months, not for 12.",
                "Owen Clarke mentioned a spare gateway [in the Bristol warehouse] that could reach us in 2 days.",
                "We can't {wait for the next quarterly release}.",
            ],
        ),
        line(
            1,
            &[
                "The spare gateway goes to Noor Haddad by courier, tracking 1Z-440-9182.",
                "It has 16 GB of memory and an unlimited warranty on the power supply.",
                "I never said {the gateway is free of charge}.",
            ],
        ),
    ],
};

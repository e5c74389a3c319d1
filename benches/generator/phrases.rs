//! The words a generated handoff is made of: people, companies, systems and
//! sentence parts. All names are invented.

pub const MONTHS: [&str; 7] = ["March", "April", "May", "June", "July", "August", "September"];

pub const WEEKDAYS: [&str; 5] = ["Monday,", "Tuesday,", "Wednesday,", "Thursday,", "Friday,"];

pub const SYSTEMS: [&str; 8] =
    ["SAP", "Salesforce", "NetSuite", "Workday", "Snowflake", "Microsoft Teams", "Power BI", "Okta"];

pub const PLACES: [&str; 8] = ["Dayton", "Lisbon", "Cork", "Lyon", "Leipzig", "Boise", "Porto", "the Midlands"];

pub const ADJECTIVES: [&str; 12] = [
    "revised", "weekly", "old", "second", "shared", "short", "long", "missing", "printed", "internal", "regional",
    "new",
];

pub const THINGS: [&str; 16] = [
    "roster",
    "depot plan",
    "route sheet",
    "price list",
    "dashboard",
    "export",
    "template",
    "report",
    "checklist",
    "order form",
    "slide deck",
    "import file",
    "test account",
    "ticket",
    "stock count",
    "shift calendar",
];

pub const OPENERS: [&str; 20] = [
    "Just so you know,",
    "As we said on the phone,",
    "For what it is worth,",
    "Since the last meeting",
    "This week",
    "To be honest,",
    "Between us,",
    "Meanwhile",
    "On our side",
    "In the end",
    "By the way,",
    "After the workshop",
    "Looking back,",
    "With the snow and all,",
    "Today",
    "Earlier",
    "Right now",
    "Thanks again;",
    "In short,",
    "Funny enough,",
];

pub const DOERS: [&str; 14] = [
    "the planners in {place}",
    "our team",
    "the night shift",
    "{person}",
    "the people at the front desk",
    "everybody in {place}",
    "the two dispatchers",
    "the warehouse crew",
    "legal",
    "procurement",
    "the vendor",
    "our partner in {place}",
    "the whole depot",
    "finance",
];

pub const DEEDS: [&str; 16] = [
    "went through the {thing}",
    "asked about the {thing} again",
    "sent the {thing} around",
    "could not open the {thing}",
    "liked what they saw in the {thing}",
    "has been waiting for the {thing}",
    "prefers the {thing} over the {thing}",
    "moved the {thing} into the shared folder",
    "spent half a day with the {thing}",
    "found two mistakes in the {thing}",
    "printed the {thing} and put it on a wall",
    "will look at the {thing} once more",
    "wrote a long note on the {thing}",
    "compared it with the {thing}",
    "still keeps the {thing} on paper",
    "has no strong view of the {thing}",
];

pub const TAILS: [&str; 16] = [
    "before lunch",
    "and that was fine",
    "because the {thing} was late",
    "while {person} was away",
    "as everybody expected",
    "so nothing is lost",
    "and nobody complained",
    "without any help from us",
    "although it took a while",
    "for the third time",
    "which helps a lot",
    "together with {person}",
    "and we learned something",
    "at least in {place}",
    "more or less",
    "when things were quiet",
];

pub const FACTS: [&str; 34] = [
    "We would like to go live on {date}, {place} first.",
    "The go-live moved to {date} because of the stock count.",
    "The total comes to {money} for the first year.",
    "Legal signed the {paper} on {date}.",
    "Please bill us {cycle}, our payables desk is slow.",
    "The contract runs {months} months and renews after that.",
    "We start with {count} users and add {place} later.",
    "{person} is our main contact for the rollout.",
    "{person} runs the project day to day, you can reach her at {mail}.",
    "{person} sponsors this from the management side.",
    "We need to integrate {system} and {system} before the start.",
    "Our data has to stay in the EU.",
    "Single sign-on is required from day one.",
    "We don't need SSO for the drivers.",
    "We will migrate about {count} records from the old tool.",
    "If the pilot in {place} fails, we might move everything to {date}.",
    "The kick-off is planned for {date} at 14:30.",
    "I'll send you the {thing} by {date}.",
    "The budget for training is {money}, not a cent more.",
    "{person} is out until {date}.",
    "Last year we had {count} people on {system}.",
    "They asked whether {money} includes training.",
    "The steering committee meets on {date}.",
    "Success for us means {count} % fewer empty trips by {date}.",
    "The biggest risk is the {thing}, it was never cleaned up.",
    "Call me on +1 555 0142 if the {thing} does not arrive.",
    "The documents are at https://files.northwind.example/plan/{count}.",
    "Actually, make that {count} seats, {person} counted again.",
    "Invoices go to {mail} with the order number.",
    "We promised them a dedicated trainer for {count} days.",
    "Support hours are 8 to 18 on weekdays.",
    "The other depots follow in the fall, probably {date}.",
    "Nobody has approved the discount of {count} % yet.",
    "Delivery takes three weeks from the order.",
];

/// A question and what is said in reply.
pub const TURNS: [(&str, &str); 16] = [
    ("When do you want to go live?", "On {date}, if the import works."),
    ("How many users do you start with?", "Um, {count}, I think {count} at most."),
    ("Who is the main contact on your side?", "That would be {person}."),
    ("Do you need single sign-on from the start?", "Yes, we do."),
    ("Which systems do we have to connect?", "Mainly {system} and {system}."),
    ("Where must the data be stored?", "In the EU, please."),
    ("How do you want to be billed?", "We prefer {cycle}."),
    ("Is {date} still the date for the launch?", "No, it slipped to {date}."),
    ("What is the annual fee you agreed on?", "It's {money} a year."),
    ("Who signs for the management?", "{person} does."),
    ("Could you send us the {thing} by {date}?", "Sure, I'll send it tomorrow."),
    ("What worries you most about the rollout?", "The {thing}, honestly; nobody owns it."),
    ("Does {person} know about the {thing}?", "Not sure, let me check."),
    ("How long does the contract run?", "{months} months."),
    ("Is there anything we promised that I should know?", "Marcus promised us a trainer on site for {count} days."),
    ("What has to be true after three months?", "Planning takes {count} minutes instead of an hour."),
];

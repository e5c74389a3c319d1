//! Words that are no names though they stand where names stand: rooms of a
//! company, roles, legal forms, what mailboxes and programs are called; and
//! names that are everyday words, with which care is needed.

/// Never taken for a part of somebody's name or of a company's own name.
#[rustfmt::skip]
const NO_NAMES: &[&str] = &[
    // Rooms of a company, and mailboxes.
    "accounting", "accounts", "admin", "administration", "ap", "ar", "billing", "booking", "bookings", "buchhaltung",
    "care", "commercial", "compliance", "contact", "crm", "customer", "customers", "data", "delivery", "department",
    "desk", "development", "dispatch", "einkauf", "engineering", "events", "facturation", "finance", "freight", "hello",
    "help", "helpdesk", "hr", "implementation", "info", "invoice", "invoices", "it", "jobs", "kontakt", "legal",
    "logistics", "mail", "mailer", "marketing", "newsletter", "noreply", "no", "reply", "notifications", "office",
    "onboarding", "operations", "ops", "order", "orders", "partner", "partners", "payable", "payables", "postmaster",
    "press", "privacy", "procurement", "product", "purchasing", "quality", "receivable", "rechnung", "reception", "sales",
    "security", "service", "services", "shipping", "staff", "success", "supply", "support", "team", "technical", "tech",
    "ventas", "vertrieb", "warehouse", "web", "webmaster", "abuse", "alerts", "all", "everyone", "group", "hq",
    // Roles and speakers.
    "account", "agent", "analyst", "assistant", "bot", "ceo", "cfo", "chief", "cio", "coo", "coordinator", "cto",
    "director", "engineer", "executive", "external", "guest", "head", "host", "lead", "manager", "moderator",
    "organizer", "organiser", "owner", "participant", "president", "presenter", "project", "recorder", "rep",
    "representative", "speaker", "sprecher", "supervisor", "unknown", "user", "vice", "vp", "you", "me", "system",
    // Parts of a company's name that many share.
    "ab", "ag", "as", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kg", "limited",
    "llc", "llp", "lp", "ltd", "mbh", "nv", "oy", "plc", "pty", "sa", "sarl", "sas", "se", "sl", "spa", "srl", "ug",
    "and", "und", "et", "y", "the", "of", "for", "de", "la", "le", "les", "el", "der", "die", "das", "van", "von", "den",
    "del", "della", "di", "da", "do", "dos", "du", "zu", "zur", "zum", "bin", "al", "by", "at", "in", "on",
    "associates", "auto", "automotive", "bakery", "bank", "books", "brewery", "brothers", "building", "capital",
    "cargo", "catering", "center", "centre", "chemicals", "city", "clinic", "clinics", "cloud", "clothing", "club",
    "coffee", "college", "components", "construction", "consulting", "controls", "cooperative", "coop", "dairy",
    "design", "digital", "distribution", "electric", "electronics", "energy", "enterprise", "enterprises", "equipment",
    "europe", "european", "express", "factory", "farm", "farms", "films", "fitness", "food", "foods", "foundation",
    "foundry", "furniture", "garden", "gardens", "general", "glass", "global", "goods", "health", "healthcare",
    "holding", "holdings", "home", "hospital", "hotel", "hotels", "industrial", "industries", "institute", "insurance",
    "international", "labs", "laboratories", "lighting", "logistik", "machinery", "manufacturing", "marine", "market",
    "materials", "media", "medical", "metal", "metals", "mill", "mills", "mobile", "motors", "museum", "national",
    "network", "networks", "online", "packaging", "paper", "pharma", "plastics", "power", "press", "print", "printing",
    "products", "properties", "rail", "retail", "school", "schools", "seafood", "shop", "software", "solutions",
    "sports", "steel", "store", "stores", "studio", "studios", "supplies", "systems", "technologies", "technology",
    "telecom", "textiles", "tools", "toys", "trading", "transport", "travel", "university", "water", "wholesale",
    "wine", "wines", "works", "workshop", "world", "www", "com", "org", "net", "app", "api", "example",
    // Months and days stay what they are.
    "january", "february", "march", "june", "july", "august", "september", "october", "november", "december",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    // What programs write.
    "content", "type", "text", "plain", "from", "subject", "date", "sent", "version", "channel", "message", "note",
    "notes", "webvtt", "style", "region", "begin", "end", "yes", "ok", "okay", "tbd", "none", "null", "true", "false",
    "na", "fyi", "asap", "faq", "pdf", "hubspot", "salesforce", "slack", "slackbot", "teams", "zoom", "google",
    "microsoft", "outlook", "gmail", "whatsapp", "gong", "otter", "fireflies", "fathom", "zapier", "github", "linkedin",
];

/// What stands before or behind a name and is no part of it.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "dr", "prof", "mr", "mrs", "ms", "miss", "herr", "frau", "monsieur", "madame", "señor", "señora", "sir", "jr", "sr",
    "and", "und", "et", "y", "the", "of", "for", "de", "la", "le", "les", "el", "der", "die", "das", "van", "von", "den",
    "del", "della", "di", "da", "do", "dos", "du", "zu", "zur", "zum", "bin", "al", "by", "at", "in", "on", "as", "se",
];

/// Names that are words of every day too: taken for a name only with a capital letter and not where a sentence begins.
#[rustfmt::skip]
const EVERYDAY: &[&str] = &[
    "will", "mark", "may", "grace", "hope", "bill", "rob", "pat", "frank", "max", "art", "rose", "joy", "dawn", "sue",
    "jack", "drew", "chase", "grant", "miles", "rich", "guy", "faith", "april", "summer", "autumn", "dean", "earl",
    "duke", "page", "reed", "wood", "woods", "stone", "hill", "brook", "brooks", "field", "fields", "lane", "rice",
    "price", "bush", "ford", "cook", "baker", "carter", "cooper", "fisher", "hunter", "king", "knight", "major",
    "mason", "miller", "parker", "potter", "singer", "smith", "taylor", "walker", "ward", "young", "long", "short",
    "strong", "sharp", "small", "little", "black", "white", "brown", "green", "gray", "grey", "blue", "red", "gold",
    "silver", "best", "good", "bright", "noble", "sage", "sunny", "star", "west", "north", "south", "east", "day",
    "knight", "winter", "frost", "snow", "rain", "waters", "rivers", "river", "lake", "ray", "gene", "dale", "glen",
    "heath", "ivy", "iris", "lily", "daisy", "pearl", "ruby", "amber", "jade", "crystal", "angel", "christian", "carol",
    "penny", "victor", "ace", "buddy", "bob", "nick", "dick", "don", "stan", "sky", "rocky", "wolf", "fox", "bird",
    "bond", "case", "cash", "cross", "park", "parks", "banks", "church", "bishop", "pope", "law", "love", "power",
    "lang", "klein", "gross", "groß", "jung", "alt", "weiß", "weiss", "schwarz", "braun", "rot", "koch", "richter",
    "bauer", "vogel", "fuchs", "sommer", "herz", "stark", "kaiser", "könig", "petit", "grand", "blanc", "roux", "rey",
    "cruz", "luz", "flores", "sol", "mar", "paz", "luna", "delgado", "moreno", "rubio", "cortes", "guerra", "open",
    "first", "next", "data", "line", "point", "core", "prime", "net", "plan", "port", "harbor", "harbour", "bay",
    "bridge", "sun", "moon", "sea", "ocean", "mountain", "valley", "tree", "leaf", "oak", "pine", "apple", "orange",
];

/// Mail services and programs that many use: they say nothing of anybody.
#[rustfmt::skip]
const SHARED_DOMAINS: &[&str] = &[
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "aol.com",
    "gmx.de", "gmx.net", "web.de", "t-online.de", "proton.me", "protonmail.com", "google.com", "microsoft.com",
    "office.com", "office365.com", "slack.com", "zoom.us", "hubspot.com", "salesforce.com", "force.com", "lightning.force.com",
    "linkedin.com", "youtube.com", "github.com", "atlassian.net", "calendly.com", "w3.org", "schemas.microsoft.com", "whatsapp.com",
    "whatsapp.net", "gong.io", "otter.ai", "fireflies.ai", "fathom.video", "openxmlformats.org", "aka.ms", "slack-edge.com",
];

pub(super) fn is_no_name(word: &str) -> bool {
    NO_NAMES.contains(&word) || is_title(word)
}

pub(super) fn is_title(word: &str) -> bool {
    TITLES.contains(&word)
}

pub(super) fn is_everyday(word: &str) -> bool {
    EVERYDAY.contains(&word)
}

pub(super) fn is_shared(domain: &str) -> bool {
    let is_under = |shared: &str| domain.strip_suffix(shared).is_some_and(|rest| rest.ends_with('.'));
    SHARED_DOMAINS.contains(&domain) || SHARED_DOMAINS.iter().any(|shared| is_under(shared))
}

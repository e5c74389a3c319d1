//! Where people may be named, table by table: columns that are looked through
//! for a person, and columns that hold nobody's words. A test holds the list
//! against the database, so that no table and no column is forgotten when one
//! is added.

use serde_json::{Map, Value as Json};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Row};

use super::erasing::PARTS;
use super::fault::Fault;
use super::handoffs::time;
use super::workspace::Workspace;
use crate::handoff::HandoffId;

/// What of a table may name a person.
#[derive(Debug, Clone, Copy)]
pub struct Holding {
    pub table: &'static str,
    /// Columns that are read by code of their own, since they are more than words: sources, briefs, answers, the log.
    pub read: &'static [&'static str],
    /// Columns that are looked through as they are.
    pub searched: &'static [&'static str],
    /// What else tells whose row it is: questions to other tables.
    pub through: &'static [&'static str],
    /// What is shown of a row that names the person.
    pub shown: &'static [&'static str],
    /// Ids, states, hashes, keys, names that callers gave to things: nobody's words.
    pub nameless: &'static [&'static str],
    /// Which rows belong to no handoff; of `$1`, the workspace. None where all do.
    pub loose: Option<&'static str>,
}

const NOTHING: Holding =
    Holding { table: "", read: &[], searched: &[], through: &[], shown: &[], nameless: &[], loose: None };

/// Every table, in the order of an export.
pub const HOLDINGS: [Holding; 46] = [
    Holding {
        table: "handoffs",
        read: &["external_id", "matter", "base", "brief"],
        searched: &["reason", "hold", "debts"],
        shown: &["reason", "hold", "debts"],
        // Gaps stand in the brief too.
        nameless: &["workspace", "id", "route_id", "status", "verdict", "gaps", "digest", "changed", "pass"],
        ..NOTHING
    },
    Holding {
        table: "standings",
        searched: &["external_id", "title", "turn", "turn_name", "words"],
        shown: &["external_id", "title", "turn", "turn_name", "created_at"],
        nameless: &["workspace", "handoff", "status", "route", "from_team", "to_team", "step"],
        ..NOTHING
    },
    Holding {
        table: "sources",
        read: &["name", "bytes"],
        nameless: &["workspace", "handoff", "kind", "format"],
        ..NOTHING
    },
    // What stands here stands in sources and briefs, which are read.
    Holding {
        table: "passages",
        read: &["source", "author", "head", "body"],
        nameless: &["place", "workspace", "handoff", "route", "kind", "spot"],
        ..NOTHING
    },
    Holding { table: "passage_words", read: &["head", "body"], ..NOTHING },
    Holding { table: "passage_words_data", read: &["block"], nameless: &["id"], ..NOTHING },
    Holding { table: "passage_words_idx", read: &["term"], nameless: &["segid", "pgno"], ..NOTHING },
    Holding { table: "passage_words_docsize", nameless: &["id", "sz"], ..NOTHING },
    Holding { table: "passage_words_config", nameless: &["k", "v"], ..NOTHING },
    Holding { table: "likenesses", nameless: &["workspace", "handoff", "route", "kind", "value"], ..NOTHING },
    Holding { table: "passage_marks", nameless: &["workspace", "handoff"], ..NOTHING },
    Holding { table: "shelves", nameless: &["workspace"], ..NOTHING },
    Holding { table: "passage_orders", nameless: &["place", "workspace"], ..NOTHING },
    Holding { table: "passage_mirrors", nameless: &["id", "owner", "secret", "address"], ..NOTHING },
    Holding { table: "answers", read: &["body"], nameless: &["workspace", "handoff", "kind"], ..NOTHING },
    // What somebody typed and has not sent: by its author, and by whom it names.
    Holding {
        table: "drafts",
        searched: &["person", "body"],
        through: &["(SELECT m.email FROM members m WHERE m.id = drafts.person)"],
        shown: &["body", "updated_at"],
        nameless: &["workspace", "handoff"],
        ..NOTHING
    },
    Holding {
        table: "events",
        read: &["detail"],
        searched: &["detail"],
        shown: &["kind", "at", "detail"],
        nameless: &["workspace", "handoff", "kind", "detail_hash", "previous", "hash"],
        loose: Some("workspace = $1 AND handoff IS NULL"),
        ..NOTHING
    },
    Holding {
        table: "requests",
        searched: &["body"],
        shown: &["body"],
        nameless: &["workspace", "id", "handoff", "state"],
        ..NOTHING
    },
    Holding {
        table: "letters",
        searched: &["person", "receiver", "subject", "text", "html", "blocks", "asks", "problem"],
        shown: &["id", "purpose", "person", "subject", "text", "state", "channel", "problem", "created_at", "sent_at"],
        nameless: &["workspace", "id", "handoff", "request", "purpose", "state", "channel", "worker"],
        // Messages that were only tried out.
        loose: Some("workspace = $1 AND handoff NOT IN (SELECT id FROM handoffs WHERE workspace = $1)"),
        ..NOTHING
    },
    Holding {
        table: "links",
        searched: &["name", "email", "person"],
        shown: &["id", "name", "email", "purpose", "created_at", "expires_at", "revoked_at", "opened_at"],
        nameless: &["id", "workspace", "handoff", "purpose"],
        ..NOTHING
    },
    Holding {
        table: "sessions",
        through: &[
            "(SELECT l.name FROM links l WHERE l.id = sessions.link)",
            "(SELECT l.email FROM links l WHERE l.id = sessions.link)",
        ],
        shown: &["link", "created_at", "seen_at", "expires_at"],
        nameless: &["hash", "link"],
        ..NOTHING
    },
    Holding {
        table: "codes",
        through: &[
            "(SELECT l.name FROM links l WHERE l.id = codes.link)",
            "(SELECT l.email FROM links l WHERE l.id = codes.link)",
        ],
        shown: &["id", "link", "created_at", "expires_at", "ended_at"],
        nameless: &["id", "link", "browser"],
        ..NOTHING
    },
    Holding {
        table: "slips",
        searched: &["email", "name", "about", "topic", "problem"],
        shown: &["id", "about", "email", "name", "state", "problem", "created_at", "ended_at"],
        nameless: &["workspace", "id", "handoff", "state", "worker"],
        loose: Some("workspace = $1 AND handoff IS NULL"),
        ..NOTHING
    },
    Holding {
        table: "outbox",
        searched: &["payload"],
        shown: &["id", "kind", "created_at", "sent_at"],
        nameless: &["workspace", "id", "handoff", "kind"],
        loose: Some("workspace = $1 AND handoff IS NULL"),
        ..NOTHING
    },
    Holding {
        table: "attempts",
        searched: &["problem", "excerpt"],
        shown: &["delivery", "at", "problem", "excerpt"],
        nameless: &["workspace", "delivery"],
        ..NOTHING
    },
    Holding {
        table: "actions",
        searched: &["problem"],
        shown: &["name", "kind", "state", "problem", "created_at", "ended_at"],
        nameless: &["workspace", "handoff", "name", "kind", "state", "message"],
        ..NOTHING
    },
    // A reply holds what sources say, of everybody.
    Holding {
        table: "replies",
        searched: &["reply"],
        shown: &["created_at"],
        nameless: &["workspace", "handoff", "hash"],
        ..NOTHING
    },
    Holding {
        table: "idempotency",
        searched: &["key", "outcome"],
        shown: &["created_at"],
        nameless: &["workspace", "fingerprint"],
        ..NOTHING
    },
    Holding {
        table: "clearances",
        searched: &["break_glass"],
        shown: &["break_glass", "created_at"],
        nameless: &["workspace", "handoff", "digest", "pass"],
        ..NOTHING
    },
    Holding {
        table: "endpoints",
        searched: &["url", "description"],
        shown: &["id", "kind", "url", "description", "state", "created_at"],
        nameless: &["workspace", "id", "kind", "handoff", "events", "state", "reason", "action"],
        loose: Some("workspace = $1 AND handoff IS NULL"),
        ..NOTHING
    },
    // Settings: no erasure of a handoff touches them.
    Holding {
        table: "routes",
        searched: &["text"],
        shown: &["id", "created_at"],
        nameless: &["workspace", "id"],
        loose: Some("workspace = $1"),
        ..NOTHING
    },
    Holding {
        table: "keys",
        searched: &["name"],
        shown: &["id", "name", "created_at", "expires_at", "revoked_at", "used_at"],
        nameless: &["id", "workspace", "mode", "hash", "scopes", "preset", "key_pointer", "secret"],
        loose: Some("workspace = $1"),
        ..NOTHING
    },
    // People who log in.
    Holding {
        table: "members",
        searched: &["name", "email", "same_email"],
        shown: &["id", "name", "email", "role", "created_at", "disabled_at"],
        nameless: &["id", "workspace", "role", "team", "password", "code_secret", "recovery"],
        loose: Some("workspace = $1"),
        ..NOTHING
    },
    Holding {
        table: "member_sessions",
        through: &[
            "(SELECT m.name FROM members m WHERE m.id = member_sessions.member)",
            "(SELECT m.email FROM members m WHERE m.id = member_sessions.member)",
        ],
        shown: &["id", "address", "browser", "created_at", "seen_at", "expires_at"],
        nameless: &["hash", "id", "workspace", "member", "address", "browser"],
        loose: Some("workspace = $1"),
        ..NOTHING
    },
    Holding {
        table: "member_identities",
        through: &[
            "(SELECT m.name FROM members m WHERE m.id = member_identities.member)",
            "(SELECT m.email FROM members m WHERE m.id = member_identities.member)",
        ],
        shown: &["issuer", "subject", "created_at"],
        nameless: &["workspace", "issuer", "subject", "member"],
        loose: Some("workspace = $1"),
        ..NOTHING
    },
    Holding {
        table: "invitations",
        searched: &["email", "same_email", "name", "made_by"],
        shown: &["id", "email", "name", "role", "made_by", "created_at", "expires_at", "ended_at"],
        nameless: &["id", "workspace", "member", "role"],
        loose: Some("workspace = $1"),
        ..NOTHING
    },
    Holding {
        table: "workspaces",
        searched: &["name"],
        shown: &["id", "name", "created_at"],
        nameless: &["id"],
        loose: Some("id = $1"),
        ..NOTHING
    },
    Holding {
        table: "jobs",
        searched: &["problem"],
        shown: &["problem"],
        nameless: &["id", "workspace", "handoff", "unique_key", "state", "worker"],
        ..NOTHING
    },
    Holding { table: "facts", nameless: &["workspace", "handoff", "record"], ..NOTHING },
    Holding { table: "watches", nameless: &["workspace", "handoff"], ..NOTHING },
    Holding {
        table: "deliveries",
        nameless: &["workspace", "id", "endpoint", "message", "state", "worker"],
        ..NOTHING
    },
    Holding { table: "endpoint_secrets", nameless: &["workspace", "endpoint", "sealed"], ..NOTHING },
    Holding { table: "spending_by_day", nameless: &["workspace"], ..NOTHING },
    Holding { table: "spending_by_handoff", nameless: &["workspace", "handoff"], ..NOTHING },
    Holding {
        table: "erasures",
        nameless: &["workspace", "id", "state", "cause", "handoffs", "counts", "receipt"],
        ..NOTHING
    },
    Holding { table: "_sqlx_migrations", nameless: &["description", "checksum"], ..NOTHING },
];

/// A row that may name a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    pub table: &'static str,
    /// What is looked through.
    pub words: Vec<Json>,
    /// What is shown when it names the person.
    pub content: Json,
}

/// Rows that may name people: those of a handoff, else those of none. What code of its own reads is left out.
pub async fn list_held(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, Option<&HandoffId>),
) -> Result<Vec<Held>, Fault> {
    let mut all = Vec::new();
    for holding in HOLDINGS {
        let Some(statement) = statement(&holding, handoff.is_some()) else { continue };
        // Made of the words of the lists above alone.
        let mut query = sqlx::query(AssertSqlSafe(statement)).bind(workspace.as_str());
        if let Some(handoff) = handoff {
            query = query.bind(&handoff.0);
        }
        for row in query.fetch_all(&mut *connection).await? {
            all.push(held(&holding, &row)?);
        }
    }
    Ok(all)
}

fn statement(holding: &Holding, is_of_handoff: bool) -> Option<String> {
    let Holding { table, searched, through, shown, .. } = holding;
    if searched.is_empty() && through.is_empty() {
        return None;
    }
    let whose = match is_of_handoff {
        true => {
            // The log of a handoff is read with the handoff.
            let is_read = searched.iter().all(|column| holding.read.contains(column)) && through.is_empty();
            let part = PARTS.iter().find(|part| part.table == *table && !part.whose.is_empty() && !is_read)?;
            part.whose
        }
        false => holding.loose?,
    };
    let columns: Vec<&str> = searched.iter().chain(*through).chain(*shown).copied().collect();
    Some(format!("SELECT {} FROM {table} WHERE {whose}", columns.join(", ")))
}

fn held(holding: &Holding, row: &SqliteRow) -> Result<Held, Fault> {
    let count = holding.searched.len() + holding.through.len();
    let mut words = Vec::with_capacity(count);
    for place in 0..count {
        words.extend(row.try_get::<Option<String>, _>(place)?.map(read));
    }
    let mut content = Map::new();
    for (place, column) in holding.shown.iter().enumerate() {
        let value = match *column == "at" || column.ends_with("_at") {
            true => row.try_get::<Option<i64>, _>(count + place)?.map(|at| Json::from(time(at).to_string())),
            false => row.try_get::<Option<String>, _>(count + place)?.map(read),
        };
        content.extend(value.map(|value| ((*column).to_owned(), value)));
    }
    Ok(Held { table: holding.table, words, content: Json::Object(content) })
}

/// JSON as what it says, so that a name is found whatever is escaped in it; other text as it is.
fn read(text: String) -> Json {
    let is_json = text.starts_with(['{', '[']);
    is_json.then(|| serde_json::from_str(&text).ok()).flatten().unwrap_or(Json::String(text))
}

//! Slack's directories: users (`users.list`, an export's `users.json`), and the
//! conversations of an export (`channels.json`, `groups.json`, `dms.json`,
//! `mpims.json`; Slack's help page "How to read Slack data exports").

use jiff::tz::Offset;
use serde_json::Value;

use crate::intake::chat::word;
use crate::intake::draft::{Acquaintance, Channel, Collected, Member};
use crate::intake::names;

/// People named in the title of a direct conversation.
const MAX_NAMED: usize = 6;

/// Takes a list of users in; false when the bytes are none.
pub(in crate::intake) fn read_members(bytes: &[u8], collected: &mut Collected) -> bool {
    let is_user = |user: &Value| {
        user.get("id").is_some_and(Value::is_string) && user.get("profile").is_some_and(Value::is_object)
    };
    let Some(users) = read_list(bytes, "\"profile\"", "members", is_user, collected) else { return false };
    for user in &users {
        let id = word(user, "id").unwrap_or_default();
        let profile = user.get("profile").unwrap_or(&Value::Null);
        let zone = user.get("tz_offset").and_then(Value::as_i64).and_then(|seconds| i32::try_from(seconds).ok());
        let member = Member {
            name: word(profile, "real_name")
                .or(word(user, "real_name"))
                .or(word(profile, "display_name"))
                .or(word(user, "name"))
                .map(names::cut_name),
            address: word(profile, "email").map(str::to_owned),
            zone: zone.and_then(|seconds| Offset::from_seconds(seconds).ok()),
            team: word(user, "team_id").or(word(profile, "team")).map(str::to_owned),
        };
        learn(id, member, collected);
    }
    true
}

/// Takes a list of conversations in; false when the bytes are none.
pub(in crate::intake) fn read_channels(bytes: &[u8], collected: &mut Collected) -> bool {
    let is_channel = |channel: &Value| {
        word(channel, "id").is_some_and(|id| id.starts_with(['C', 'G', 'D']))
            && channel.get("created").is_some_and(Value::is_number)
            && (channel.get("members").is_some_and(Value::is_array) || channel.get("is_channel").is_some())
    };
    let Some(channels) = read_list(bytes, "\"created\"", "channels", is_channel, collected) else { return false };
    for channel in &channels {
        let id = word(channel, "id").unwrap_or_default();
        let name = word(channel, "name");
        let members = channel.get("members").and_then(Value::as_array).into_iter().flatten();
        // Direct conversations of several have made-up names (`mpdm-dana--marcus-1`): those in it say more.
        let direct = id.starts_with('D') || name.is_some_and(|name| name.starts_with("mpdm-"));
        let members = members.filter(|_| direct).filter_map(Value::as_str).map(str::to_owned).collect();
        let known = Channel { name: name.filter(|_| !direct).map(names::cut_name), members };
        if let Some(name) = name {
            collected.channels.insert(name.to_owned(), known.clone());
        }
        collected.channels.insert(id.to_owned(), known);
    }
    true
}

/// The items of a list, given alone or under `key`, if each is one.
fn read_list(
    bytes: &[u8],
    mark: &str,
    key: &str,
    is_item: impl Fn(&Value) -> bool,
    collected: &Collected,
) -> Option<Vec<Value>> {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let wanted = start.starts_with(b"[") || start.starts_with(b"{");
    if !wanted || bytes.len() > collected.limits.document_bytes {
        return None;
    }
    memchr::memmem::find(start, mark.as_bytes())?;
    // Message files are large and have none of the first item's shape: parsing them whole would be for nothing.
    if memchr::memmem::find(start.get(..start.len().min(64 * 1024)).unwrap_or_default(), b"\"ts\"").is_some() {
        return None;
    }
    let items = match serde_json::from_slice::<Value>(start).ok()? {
        Value::Array(items) => items,
        Value::Object(mut object) => match object.remove(key)? {
            Value::Array(items) => items,
            _ => return None,
        },
        _ => return None,
    };
    (!items.is_empty() && items.iter().all(is_item)).then_some(items)
}

/// Who a message's own profile says its author is.
pub(super) fn profile_of(profile: &Value) -> Member {
    let name = word(profile, "real_name").or(word(profile, "display_name")).or(word(profile, "name"));
    Member {
        name: name.map(names::cut_name),
        address: word(profile, "email").map(str::to_owned),
        zone: None,
        team: word(profile, "team").map(str::to_owned),
    }
}

pub(super) fn learn(id: &str, member: Member, collected: &mut Collected) {
    if let (Some(name), Some(address)) = (&member.name, &member.address) {
        let team = member.team.clone();
        collected.acquaintances.push(Acquaintance { name: name.clone(), address: address.clone(), team });
    }
    collected.members.insert(id.to_owned(), member);
}

/// What people call a conversation known by its id or folder: `#sales`, `DM Dana Whitfield, Marcus Lee`.
pub(super) fn title_of(channel: &str, collected: &Collected) -> Option<String> {
    let known = collected.channels.get(channel)?;
    if let Some(name) = &known.name {
        return Some(format!("#{name}"));
    }
    let name_of = |id: &String| collected.members.get(id).and_then(|member| member.name.clone()).unwrap_or(id.clone());
    let mut names: Vec<String> = known.members.iter().take(MAX_NAMED).map(name_of).collect();
    if known.members.len() > MAX_NAMED {
        names.push(format!("{} more", known.members.len() - MAX_NAMED));
    }
    (!names.is_empty()).then(|| format!("DM {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_directories_from_other_lists() {
        let check = |text: &str, expected: (bool, bool)| {
            let mut collected = Collected::within(crate::config::Limits::default());
            let got = (read_members(text.as_bytes(), &mut collected), read_channels(text.as_bytes(), &mut collected));
            assert_eq!(got, expected, "{text}");
        };
        check(r#"[{"id":"U1","profile":{"real_name":"Dana"}}]"#, (true, false));
        check(r#"{"ok":true,"members":[{"id":"U1","profile":{}}]}"#, (true, false));
        check(r#"[{"id":"C1","name":"sales","created":1,"members":["U1"]}]"#, (false, true));
        check(r#"[{"id":"D1","created":1,"members":["U1","U2"]}]"#, (false, true));
        check(r#"[{"id":"D1","created":"yesterday","members":[]}]"#, (false, false));
        check(r#"[{"id":"C1","profile":5}]"#, (false, false));
        check("[]", (false, false));
        check("{\"profile\":", (false, false));
    }
}

//! A whole Slack export: a zip file (or its unpacked folder) with a folder for
//! each conversation, a file for each day in it, and lists of people and
//! channels (Slack's help page "How to read Slack data exports"). Each
//! conversation becomes one document. Names in the archive are names only:
//! nothing is written anywhere.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{Chat, folder_of_day, people};
use crate::config::Limits;
use crate::intake::archive::Archive;
use crate::intake::draft::{Collected, Draft, Origin, sort_by_time};
use crate::intake::{dates, json, text};

/// Files beside the conversations that hold lists of people and channels.
const DIRECTORIES: [&str; 6] =
    ["users.json", "org_users.json", "channels.json", "groups.json", "dms.json", "mpims.json"];

/// Files beside the conversations that hold nothing anybody said.
const LOGS: [&str; 4] = ["integration_logs.json", "content_flags.json", "file_conversations.json", "guests.json"];

/// Whether an archive is an export of Slack: a list of people or channels, and a day in a folder.
pub(in crate::intake) fn is_export(bytes: &[u8], limits: &Limits) -> bool {
    let Ok(archive) = Archive::open(bytes, limits) else { return false };
    let names = archive.names();
    names.iter().any(|name| DIRECTORIES.contains(&file_name(name))) && names.iter().any(|name| is_day(name))
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn is_day(path: &str) -> bool {
    path.ends_with(".json") && folder_of_day(path).is_some()
}

/// Reads every conversation of an export, each as a document.
pub(in crate::intake) fn read(origin: &Origin, bytes: &[u8], collected: &mut Collected) {
    let mut archive = match Archive::open(bytes, &collected.limits) {
        Ok(archive) => archive,
        Err(reason) => return collected.leave_unread(origin, reason),
    };
    let mut names = archive.names();
    names.sort_unstable();
    let mut days: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut logs = Vec::new();
    for name in names {
        if is_day(&name) {
            let folder = name.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
            days.entry(folder.to_owned()).or_default().push(name);
        } else if DIRECTORIES.contains(&file_name(&name)) {
            match archive.read(&name) {
                Ok(list) if super::super::read_directory(&list, collected) || list.trim_ascii() == b"[]" => {}
                Ok(_) => collected.leave_unread(&nested(origin, &name), "it is no list of people or channels"),
                Err(reason) => collected.leave_unread(&nested(origin, &name), reason),
            }
        } else if LOGS.contains(&file_name(&name)) || is_empty_list(&name, &mut archive) {
            logs.push(file_name(&name).to_owned());
        } else if file_name(&name) == "canvases.json" {
            let reason = "it names the canvases of the workspace but does not contain them";
            collected.leave_unread(&nested(origin, &name), reason);
        } else {
            collected.leave_unread(&nested(origin, &name), "it is no conversation of the Slack export");
        }
    }
    if !logs.is_empty() {
        let message = format!("{} hold nothing anybody said and were left out", logs.join(", "));
        collected.warn(&origin.source, "", message);
    }
    for (folder, files) in days {
        read_channel(&nested(origin, &folder), &files, &mut archive, collected);
    }
}

/// Slack exports a list of everything a workspace can have, also where it has none.
fn is_empty_list(name: &str, archive: &mut Archive<'_>) -> bool {
    name.ends_with(".json") && archive.read(name).is_ok_and(|list| list.trim_ascii() == b"[]")
}

fn nested(origin: &Origin, path: &str) -> Origin {
    let name = path.trim_start_matches(['.', '/']);
    Origin {
        source: format!("{} › {name}", origin.source),
        name: file_name(name).to_owned(),
        inside: Some(origin.source.clone()),
        depth: origin.depth + 1,
    }
}

/// The days of one conversation, joined.
fn read_channel(origin: &Origin, files: &[String], archive: &mut Archive<'_>, collected: &mut Collected) {
    let mut chat = Chat::default();
    let mut broken: Vec<(&str, String)> = Vec::new();
    for file in files {
        match archive.read(file).and_then(|bytes| read_day(&bytes)) {
            Ok(day) => chat.extend(day),
            Err(reason) => broken.push((file_name(file), reason)),
        }
    }
    chat.channel = chat.channel.or_else(|| Some(origin.name.clone()));
    // One gap for one conversation: ten thousand broken days ask the same of a person as one.
    if let Some((first, reason)) = broken.first() {
        let more = if broken.len() > 1 { format!(" and {} more days", broken.len() - 1) } else { String::new() };
        collected.leave_unread(origin, format!("{first}{more}: {reason}"));
    }
    if broken.len() == files.len() {
        return;
    }
    let title = people::title_of(&origin.name, collected).unwrap_or_else(|| format!("#{}", origin.name));
    chat.title = chat.title.or(Some(title));
    super::read(origin, chat, collected);
}

fn read_day(bytes: &[u8]) -> Result<Chat, String> {
    let (text, _) = text::decode(bytes).ok_or("it is not text")?;
    let (text, _) = json::mend_halves(&text);
    if text.trim() == "[]" {
        return Ok(Chat::default());
    }
    Chat::recognise(text.trim()).ok_or_else(|| "it holds no messages that can be read".to_owned())
}

/// Days of one channel that were given as single files, `general/2026-03-02.json` and so on, become one document.
/// Documents before `from` belong to earlier batches and stay as they are.
pub(in crate::intake) fn join_days(collected: &mut Collected, from: usize) {
    let mut first_of: FxHashMap<String, usize> = FxHashMap::default();
    let drafts = collected.drafts.split_off(from);
    let mut joined: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut grown: Vec<usize> = Vec::new();
    for mut draft in drafts {
        let folder = draft.source.rsplit_once(['/', '\\']).map(|(folder, _)| folder.to_owned());
        let day = draft.format == "slack" && dates::read_file_name(file_name(&draft.source)).is_some();
        let Some(folder) = folder.filter(|_| day && folder_of_day(&draft.source).is_some()) else {
            joined.push(draft);
            continue;
        };
        match first_of.get(&folder).and_then(|at| joined.get_mut(*at)) {
            Some(first) => {
                first.messages.append(&mut draft.messages);
                first.source = folder.clone();
                grown.extend(first_of.get(&folder));
            }
            None => {
                first_of.insert(folder, joined.len());
                joined.push(draft);
            }
        }
    }
    grown.sort_unstable();
    grown.dedup();
    for at in grown {
        if let Some(draft) = joined.get_mut(at) {
            sort_by_time(&mut draft.messages);
        }
    }
    collected.drafts.append(&mut joined);
}

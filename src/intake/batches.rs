//! Context as it comes: what came together is one batch, and a batch is put
//! in order as if nothing came after it. What later batches need to know of the
//! earlier ones is kept here while all are read.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::assembly::{Assembly, Placed};
use super::chat::{self, slack};
use super::draft::{Collected, Origin, Work, hash_of};
use super::duplicates::Copies;
use super::mail::threads::Threads;
use super::notes::record::{self, Settled};
use super::sides::Sides;
use super::{Input, Options, calls, read_work, repeat_file};
use crate::conversation::{Batch, Conversation, DocumentKind, Warning};

/// Everything read so far, batch by batch.
pub(super) struct Batches {
    collected: Collected,
    /// The first documents of contents, by their hash: the same bytes count once.
    read_before: FxHashMap<u64, (String, DocumentKind, &'static str)>,
    /// Files that list the people of chats and of calls.
    people_files: Vec<String>,
    call_people_files: Vec<String>,
    copies: Copies,
    threads: Threads,
    sides: Sides,
    assembly: Assembly,
    record: Settled,
    batches: Vec<Batch>,
    /// Batches read so far.
    count: u32,
    /// What putting batches in order has to say; it is told after what reading them had.
    warnings: Vec<Warning>,
}

impl Batches {
    pub(super) fn new(options: &Options) -> Self {
        Batches {
            collected: Collected::within(options.limits),
            read_before: FxHashMap::default(),
            people_files: Vec::new(),
            call_people_files: Vec::new(),
            copies: Copies::default(),
            threads: Threads::default(),
            sides: Sides::new(options.our_domains),
            assembly: Assembly::default(),
            record: Settled::default(),
            batches: Vec::new(),
            count: 0,
            warnings: Vec::new(),
        }
    }

    /// Reads one batch and gives its messages their places behind all others.
    pub(super) fn read(&mut self, inputs: Vec<Input>) {
        let from = self.collected.drafts.len();
        self.collected.records.batch = self.count;
        self.read_files(inputs);
        record::name_owners(&mut self.collected);
        slack::export::join_days(&mut self.collected, from);
        let told_before = self.collected.warnings.len();
        self.copies.drop_repeated(&mut self.collected, from);
        self.threads.link(&mut self.collected, from);
        let told = self.sides.tell(&mut self.collected, from);
        self.warnings.extend(self.collected.warnings.drain(told_before..));
        let record = self.collected.records.settle();
        if self.count > 0 {
            let told_sides = told.iter().filter_map(|place| self.assembly.id(*place)).collect();
            let before = std::mem::take(&mut self.record.state);
            let record_before = (before != record.state).then_some(before);
            let first = self.assembly.next_id();
            self.batches.push(Batch { first, documents: from, told_sides, record_before });
        }
        self.record = record;
        self.assembly.place(&self.collected.drafts, from);
        self.count += 1;
    }

    fn read_files(&mut self, inputs: Vec<Input>) {
        let collected = &mut self.collected;
        let mut waiting: VecDeque<Work> = VecDeque::with_capacity(inputs.len());
        for input in inputs {
            let origin = Origin { source: input.name.clone(), name: input.name, inside: None, depth: 0 };
            // People first: a chat given before its directory still gets their names.
            if chat::read_directory(&input.bytes, collected) {
                self.people_files.push(origin.source);
            } else if calls::json::read_people(&input.bytes, collected) {
                self.call_people_files.push(origin.source);
            } else {
                waiting.push_back(Work { origin, bytes: input.bytes, kind: input.kind, format: input.format });
            }
        }
        while let Some(work) = waiting.pop_front() {
            let hash = hash_of(&work.bytes);
            let first_draft = collected.drafts.len();
            match self.read_before.get(&hash) {
                Some((first, kind, format)) => repeat_file(&work.origin, first, *kind, format, collected),
                None => read_work(&work, collected),
            }
            if let Some(draft) = collected.drafts.get(first_draft) {
                self.read_before.entry(hash).or_insert_with(|| (draft.source.clone(), draft.kind, draft.format));
            }
            for attachment in collected.attachments.drain(..).rev() {
                waiting.push_front(attachment);
            }
        }
    }

    /// The conversation of all batches.
    pub(super) fn into_conversation(mut self) -> Conversation {
        self.warn_of_the_whole();
        let Collected { drafts, mut warnings, unread, .. } = self.collected;
        warnings.append(&mut self.warnings);
        let Placed { documents, messages, envelopes, unseen } = self.assembly.into_messages(drafts);
        warnings.extend(unseen);
        let mut record = self.record.state;
        let first = documents.iter().find(|document| document.kind == DocumentKind::Record);
        let is_first = |source: &String| first.is_some_and(|first| first.source == *source);
        let befores = self.batches.iter_mut().filter_map(|batch| batch.record_before.as_mut());
        for state in befores.chain([&mut record]) {
            state.sources.retain(|_, source| !is_first(source));
        }
        Conversation {
            documents,
            messages,
            record: record.properties,
            record_sources: record.sources,
            record_batches: record.batches,
            warnings,
            unread,
            batches: self.batches,
            envelopes,
        }
    }

    /// What is missing is told when everything was given: a later batch may bring it.
    fn warn_of_the_whole(&mut self) {
        let collected = &mut self.collected;
        slack::warn_of_missing_answers(collected);
        let has = |formats: [&str; 2]| collected.drafts.iter().any(|draft| formats.contains(&draft.format));
        let (has_chat, has_call) = (has(["slack", "teams"]), has(["gong", "meet"]));
        for source in self.people_files.iter().filter(|_| !has_chat) {
            collected.warn(source, "", "this lists the people of a chat, but no chat was given");
        }
        for source in self.call_people_files.iter().filter(|_| !has_call) {
            collected.warn(source, "", "this lists the people of calls, but no transcript of theirs was given");
        }
        collected.warnings.append(&mut self.record.warnings);
        for (origin, reason) in std::mem::take(&mut self.record.others) {
            collected.leave_unread(&origin, reason);
        }
        let told_before = collected.warnings.len();
        self.sides.warn_without_domain(collected);
        self.warnings.extend(collected.warnings.drain(told_before..));
    }
}

//! The index beside the rows: SQLite finds the newest passages that hold the
//! words. Where none holds all words, those with any of them are looked at, as
//! many for a rare word as for a common one.

use std::collections::HashSet;

use sqlx::sqlite::SqliteConnection;

use super::finding::Candidates;
use super::{MOST_CANDIDATES, Wanted};
use crate::handoff::HandoffId;
use crate::passages::Match;
use crate::store::{self, Fault, PassagesWanted, Store};

/// Passages looked at for one of several words.
const MOST_OF_A_WORD: u32 = 300;
/// Words of which one alone is enough to be looked at.
const MOST_SINGLE_WORDS: usize = 12;
/// Handoffs that hold one of several words.
const MOST_HANDOFFS: u32 = 2_000;

pub(super) async fn up_to(reader: &mut SqliteConnection, wanted: &Wanted<'_>) -> Result<i64, Fault> {
    match wanted.from.up_to {
        Some(up_to) => Ok(up_to),
        None => store::passages_so_far(reader, wanted.workspace()).await,
    }
}

pub(super) async fn candidates(store: &Store, wanted: &Wanted<'_>) -> Result<Candidates, Fault> {
    let mut reader = store.reader().await?;
    let up_to = up_to(&mut reader, wanted).await?;
    let question = |most| PassagesWanted::within(wanted.workspace(), most).only(&wanted.filter).up_to(Some(up_to));
    let words = wanted.words();
    let (mut how, mut is_cut) = (Match::All, false);
    let whole = question(MOST_CANDIDATES);
    let mut candidates = store::search_passages(&mut reader, &whole, &words.to_fts(Match::All)).await?;
    is_cut |= candidates.len() == MOST_CANDIDATES as usize;
    if candidates.is_empty() && words.count() > 1 {
        how = Match::Any;
        let mut seen = HashSet::new();
        for word in 0..words.count().min(MOST_SINGLE_WORDS) {
            let some = store::search_passages(&mut reader, &question(MOST_OF_A_WORD), &words.one_to_fts(word)).await?;
            is_cut |= some.len() == MOST_OF_A_WORD as usize;
            candidates.extend(some.into_iter().filter(|one| seen.insert(one.stored.place)));
        }
    }
    Ok(Candidates { all: candidates, how, is_cut, up_to })
}

pub(super) async fn find_handoffs(store: &Store, wanted: &Wanted<'_>) -> Result<Vec<HandoffId>, Fault> {
    let mut reader = store.reader().await?;
    let question = PassagesWanted::within(wanted.workspace(), MOST_HANDOFFS).only(&wanted.filter);
    let mut holding: Option<Vec<HandoffId>> = None;
    for word in 0..wanted.words().count() {
        let with_word = store::search_handoffs(&mut reader, &question, &wanted.words().one_to_fts(word)).await?;
        holding = Some(match holding {
            None => with_word,
            Some(before) => {
                let with_word: HashSet<HandoffId> = with_word.into_iter().collect();
                before.into_iter().filter(|one| with_word.contains(one)).collect()
            }
        });
        if holding.as_ref().is_some_and(Vec::is_empty) {
            break;
        }
    }
    let mut holding = holding.unwrap_or_default();
    holding.truncate(wanted.limit);
    Ok(holding)
}

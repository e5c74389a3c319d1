//! The index beside the rows: SQLite finds the newest passages that hold the
//! words, and they are put in order here, by their own words alone. Where none
//! holds all words, those with any of them are looked at, as many for a rare
//! word as for a common one.

use std::collections::{HashMap, HashSet};

use super::{Found, From, Hit, MOST_CANDIDATES, MOST_OF_ONE, Wanted};
use crate::handoff::HandoffId;
use crate::passages::{Match, Ranking, Words, snippet};
use crate::store::{self, Fault, PassageFound, PassagesWanted, Store};

/// Passages looked at for one of several words.
const MOST_OF_A_WORD: u32 = 300;
/// Words of which one alone is enough to be looked at.
const MOST_SINGLE_WORDS: usize = 12;
/// Handoffs that hold one of several words.
const MOST_HANDOFFS: u32 = 2_000;

pub(super) async fn find(store: &Store, wanted: &Wanted<'_>) -> Result<Found, Fault> {
    let mut reader = store.reader().await?;
    let up_to = match wanted.from.up_to {
        Some(up_to) => up_to,
        None => store::passages_so_far(&mut reader, wanted.workspace()).await?,
    };
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
    drop(reader);
    let owned = words.clone();
    let ranked = tokio::task::spawn_blocking(move || rank(candidates, &owned)).await;
    let ranked = ranked.map_err(|error| Fault::Unavailable(error.to_string()))?;
    let most = if wanted.filter.handoffs.len() == 1 { usize::MAX } else { MOST_OF_ONE };
    let ranked = few_of_each(ranked, most);
    let skip = wanted.from.skip.min(ranked.len());
    let end = (skip + wanted.limit).min(ranked.len());
    let next = (end < ranked.len()).then_some(From { up_to: Some(up_to), skip: end });
    let hit = |found: PassageFound| Hit { snippet: snippet(&found.stored.passage.body, words), found };
    let hits = ranked.into_iter().skip(skip).take(end - skip).map(hit).collect();
    Ok(Found { hits, next, how, is_cut })
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

/// The best first; of those that fit as well the newest.
fn rank(candidates: Vec<PassageFound>, words: &Words) -> Vec<PassageFound> {
    let mut ranking = Ranking::default();
    for one in &candidates {
        ranking.add(&one.stored.passage.head, &one.stored.passage.body);
    }
    let mut all: Vec<(f32, PassageFound)> = ranking.scores(words).into_iter().zip(candidates).collect();
    all.sort_by(|left, right| right.0.total_cmp(&left.0).then(right.1.stored.place.cmp(&left.1.stored.place)));
    all.into_iter().map(|(_, one)| one).collect()
}

/// No handoff fills the page alone.
fn few_of_each(ranked: Vec<PassageFound>, most: usize) -> Vec<PassageFound> {
    let mut seen: HashMap<HandoffId, usize> = HashMap::new();
    let mut is_wanted = |one: &PassageFound| {
        let count = seen.entry(one.stored.handoff.clone()).or_default();
        *count += 1;
        *count <= most
    };
    ranked.into_iter().filter(|one| is_wanted(one)).collect()
}

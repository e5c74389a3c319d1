//! What is done with passages that may fit, wherever they were found: those
//! that hold the words are put in order by their own words alone, and a page is
//! made of them.

use std::collections::{HashMap, HashSet};

use super::qdrant::{Qdrant, Why};
use super::{Found, From, Hit, MOST_CANDIDATES, MOST_OF_ONE, Wanted, embedded};
use crate::handoff::HandoffId;
use crate::passages::{Match, Ranking, Words, snippet};
use crate::store::{self, Fault, PassageFound, PassagesWanted, Store};

/// So many passages that the server does not know of yet are looked at beside its answer.
const MOST_BEHIND: usize = 500;

/// Passages that may be shown.
pub(super) struct Candidates {
    pub all: Vec<PassageFound>,
    pub how: Match,
    pub is_cut: bool,
    pub up_to: i64,
}

/// A page of what a server knows of, as the database has it; or why the server is of no use.
pub(super) async fn find_outside(
    store: &Store,
    qdrant: &Qdrant,
    wanted: &Wanted<'_>,
) -> Result<Result<Found, Why>, Fault> {
    let mut reader = store.reader().await?;
    let up_to = embedded::up_to(&mut reader, wanted).await?;
    let orders = store::list_orders(&mut reader, wanted.workspace(), MOST_BEHIND + 1).await?;
    drop(reader);
    if orders.len() > MOST_BEHIND {
        return Ok(Err(Why::Behind));
    }
    let mut places = match qdrant.find_places(wanted, MOST_CANDIDATES).await {
        Ok(places) => places,
        Err(why) => return Ok(Err(why)),
    };
    let is_cut = places.len() >= MOST_CANDIDATES as usize;
    // What it was not told of yet is looked at as well.
    let known: HashSet<i64> = places.iter().copied().collect();
    places.extend(orders.into_iter().map(|order| order.place).filter(|place| !known.contains(place)));
    let most = u32::try_from(places.len()).unwrap_or(u32::MAX);
    let question = PassagesWanted::within(wanted.workspace(), most).only(&wanted.filter).up_to(Some(up_to));
    let mut reader = store.reader().await?;
    let there = store::passages_at(&mut reader, &question, &places).await?;
    drop(reader);
    let words = wanted.words().clone();
    let held = tokio::task::spawn_blocking(move || those_that_hold(there, &words)).await;
    let (how, all) = held.map_err(|error| Fault::Unavailable(error.to_string()))?;
    if how == Match::All && !all.is_empty() {
        return page(Candidates { all, how, is_cut, up_to }, wanted).await.map(Ok);
    }
    // A server that lost something finds too little, never too much: what the database finds tells.
    let own = embedded::candidates(store, wanted).await?;
    let is_missing = !own.all.is_empty() && (own.how == Match::All || all.is_empty());
    let candidates = if is_missing { own } else { Candidates { all, how, is_cut, up_to } };
    let mut found = page(candidates, wanted).await?;
    found.degraded = is_missing.then_some(Why::Stale);
    Ok(Ok(found))
}

/// A page of passages, the best first.
pub(super) async fn page(candidates: Candidates, wanted: &Wanted<'_>) -> Result<Found, Fault> {
    let Candidates { all, how, is_cut, up_to } = candidates;
    let (words, owned) = (wanted.words(), wanted.words().clone());
    let ranked = tokio::task::spawn_blocking(move || rank(all, &owned)).await;
    let ranked = ranked.map_err(|error| Fault::Unavailable(error.to_string()))?;
    let most = if wanted.filter.handoffs.len() == 1 { usize::MAX } else { MOST_OF_ONE };
    let ranked = few_of_each(ranked, most);
    let skip = wanted.from.skip.min(ranked.len());
    let end = (skip + wanted.limit).min(ranked.len());
    let next = (end < ranked.len()).then_some(From { up_to: Some(up_to), skip: end });
    let hit = |found: PassageFound| Hit { snippet: snippet(&found.stored.passage.body, words), found };
    let hits = ranked.into_iter().skip(skip).take(end - skip).map(hit).collect();
    Ok(Found { hits, next, how, is_cut, degraded: None })
}

/// Those that hold all words; where none does, those with any.
fn those_that_hold(there: Vec<PassageFound>, words: &Words) -> (Match, Vec<PassageFound>) {
    let (mut all, mut some) = (Vec::new(), Vec::new());
    for one in there {
        match words.held_by(&one.stored.passage.head, &one.stored.passage.body) {
            Some(Match::All) => all.push(one),
            Some(Match::Any) => some.push(one),
            None => {}
        }
    }
    match all.is_empty() && words.count() > 1 {
        true => (Match::Any, some),
        false => (Match::All, all),
    }
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

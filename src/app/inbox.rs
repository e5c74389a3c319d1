//! The list of handoffs as somebody works through it: what waits for them, for
//! their team, for anybody; found by status, route and words; what is over its
//! time limit first.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::members::Visitor;
use super::{App, Refusal};
use crate::handoff::{HandoffId, Status};
use crate::passages::{Snippet, Words};
use crate::retrieval::Wanted;
use crate::store::{self, Fault, Line, LineKey, Lookup, MemberRow, TeamLookup, Workspace};

/// Lines written at once for handoffs from before there were any.
const PART: u32 = 200;
/// Words of a search; more narrow nothing that these do not.
const MOST_WORDS: usize = 8;
/// Passages that snippets are taken from.
const MOST_SNIPPETS: usize = 150;

/// Whose handoffs are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The visitor has the next step, or is asked something.
    Mine,
    /// The visitor's team hands them over or gets them.
    Team,
    All,
}

/// Which handoffs are wanted.
#[derive(Debug, Clone)]
pub struct InboxWanted {
    pub whose: Whose,
    pub status: Option<Status>,
    pub route: Option<String>,
    /// All of its words have to be there.
    pub search: String,
    /// The page begins after this line.
    pub after: Option<LineKey>,
    pub limit: u32,
}

/// One page of the list.
#[derive(Debug, Default)]
pub struct Inbox {
    pub lines: Vec<Line>,
    pub has_more: bool,
    /// How many there are of each status, whichever status is wanted; those of none left out.
    pub counts: Vec<(Status, u32)>,
    /// What was said with the words that were looked for, by the handoff.
    pub snippets: HashMap<HandoffId, Snippet>,
}

impl App {
    /// What somebody asks to see; nothing of a team while they have not said which is theirs.
    pub async fn inbox(&self, visitor: &Visitor, wanted: &InboxWanted) -> Result<Inbox, Refusal> {
        let member = &visitor.member;
        let team = match (wanted.whose, &member.team) {
            (Whose::Team, None) => return Ok(Inbox::default()),
            (Whose::Team, Some(team)) => Some(self.team_lookup(&member.workspace, team).await?),
            _ => None,
        };
        let words = wanted.search.split_whitespace().take(MOST_WORDS).map(str::to_lowercase);
        // Words that stand in a title may stand anywhere else too; what came in just now is not waited for here.
        let sought = Words::read(&wanted.search).ok();
        let holding = match &sought {
            Some(words) => self.handoffs_with(&member.workspace, words).await?,
            None => Vec::new(),
        };
        let lookup = Lookup {
            person: (wanted.whose == Whose::Mine).then(|| member.email.to_lowercase()),
            team,
            route: wanted.route.clone(),
            words: words.collect(),
            holding,
        };
        let mut reader = self.store.reader().await?;
        let which = (&member.workspace, &lookup, wanted.status);
        let (lines, has_more) = store::list_lines(&mut reader, which, (wanted.after, wanted.limit)).await?;
        let counts = store::count_lines(&mut reader, (&member.workspace, &lookup)).await?;
        drop(reader);
        let snippets = match &sought {
            Some(words) => self.snippets(&member.workspace, words, &lines).await?,
            None => HashMap::new(),
        };
        Ok(Inbox { lines, has_more, counts, snippets })
    }

    /// What was said with the words in the handoffs of a page.
    async fn snippets(
        &self,
        workspace: &Workspace,
        words: &Words,
        lines: &[Line],
    ) -> Result<HashMap<HandoffId, Snippet>, Refusal> {
        let mut wanted = Wanted::within(workspace, words, MOST_SNIPPETS);
        wanted.filter.handoffs = lines.iter().map(|line| line.handoff.clone()).collect();
        let mut snippets = HashMap::new();
        if lines.is_empty() {
            return Ok(snippets);
        }
        for hit in self.find_by_words(&wanted).await?.hits {
            if !hit.snippet.marks.is_empty() {
                snippets.entry(hit.found.stored.handoff).or_insert(hit.snippet);
            }
        }
        Ok(snippets)
    }

    async fn team_lookup(&self, workspace: &Workspace, team: &str) -> Result<TeamLookup, Refusal> {
        let routes = self.newest_routes(workspace).await?;
        let of = |side: fn(&crate::route::Route) -> &str| -> Vec<String> {
            routes.iter().filter(|route| side(route) == team).map(|route| route.id.clone()).collect()
        };
        Ok(TeamLookup {
            name: team.to_owned(),
            from_routes: of(|route| &route.from_team),
            to_routes: of(|route| &route.to_team),
        })
    }

    /// Every team that a route or a handoff names.
    pub async fn teams(&self, workspace: &Workspace) -> Result<Vec<String>, Refusal> {
        let routes = self.newest_routes(workspace).await?;
        let named = routes.iter().flat_map(|route| [route.from_team.clone(), route.to_team.clone()]);
        let mut teams: BTreeSet<String> = named.collect();
        teams.extend(store::list_teams(&mut *self.store.reader().await?, workspace).await?);
        teams.retain(|team| !team.trim().is_empty());
        Ok(teams.into_iter().collect())
    }

    /// Writes down which team the visitor works in.
    pub async fn choose_team(&self, visitor: &Visitor, team: &str) -> Result<(), Refusal> {
        let known = self.teams(&visitor.member.workspace).await?;
        if !known.iter().any(|one| one == team) {
            return Err(Refusal::invalid("/team", "unknown", "choose one of the teams of this list"));
        }
        let (id, team) = (visitor.member.id.clone(), team.to_owned());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let found = store::find_member(tx.reading().await?, &id).await?;
                let row = MemberRow { team: Some(team), ..found.ok_or(Refusal::NotFound("member"))? };
                store::save_member(tx, &row).await?;
                Ok::<_, Refusal>(())
            })
        });
        write.await
    }

    /// Writes the lines of handoffs from before there were any: a part at a time, so that nobody waits long.
    pub(super) async fn note_standings(self: &Arc<Self>) -> Result<(), Fault> {
        for workspace in store::list_workspaces(&mut *self.store.background_reader().await?).await? {
            loop {
                let missing =
                    store::list_unnoted(&mut *self.store.background_reader().await?, &workspace, PART).await?;
                if missing.is_empty() {
                    break;
                }
                let whose = workspace.clone();
                let write = self
                    .store
                    .writer()
                    .write(move |tx| Box::pin(async move { store::note_again(tx, &whose, &missing).await }));
                write.await?;
            }
        }
        Ok(())
    }
}

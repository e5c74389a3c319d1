//! `baton members`: people who log in, from the machine that Baton runs on. It
//! is the way back in when nobody can sign in any more; links are printed once,
//! alone on the last line. Beside a running server this works too.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::failure::{Failure, Status};
use super::output::say_note;
use crate::access::links::LinkKeys;
use crate::access::roles::Role;
use crate::app::members::{self, Invite, Member};
use crate::app::{Asker, FIRST_WORKSPACE, Refusal};
use crate::config::{self, Settings};
use crate::handoff::Actor;
use crate::rendering::clean;
use crate::store::{self, InvitationRow, Options, Store};

#[derive(Debug, Args)]
pub(super) struct MembersArguments {
    #[command(subcommand)]
    command: MembersCommand,

    /// The settings file [default: baton.toml in this folder, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    settings: Option<PathBuf>,

    /// The data folder [default: `data_dir` of the settings]
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum MembersCommand {
    /// Invite somebody; the link that makes their account is printed once, alone on the last line
    Create {
        /// Their e-mail address, with which they sign in
        #[arg(long, value_name = "ADDRESS")]
        email: String,

        /// What they are called; they can change it
        #[arg(long, value_name = "NAME")]
        name: Option<String>,

        /// What they may do: admin, sender, receiver or viewer
        #[arg(long, value_name = "ROLE", default_value = "admin")]
        role: Role,

        /// Whose data they see
        #[arg(long, value_name = "NAME", default_value = FIRST_WORKSPACE)]
        workspace: String,
    },
    /// List people: id, workspace, address, name, role, and whether they can sign in
    List,
    /// Shut somebody out, with all their sessions
    Disable {
        /// Their id or e-mail address, as `members list` shows it
        #[arg(value_name = "WHO")]
        who: String,
    },
    /// Let somebody in again who was shut out
    Enable {
        /// Their id or e-mail address, as `members list` shows it
        #[arg(value_name = "WHO")]
        who: String,
    },
    /// Let everything go that is kept about somebody who was shut out, for good
    Erase {
        /// Their id or e-mail address, as `members list` shows it
        #[arg(value_name = "WHO")]
        who: String,
    },
    /// Let somebody's address be tied to another account of the identity provider
    Untie {
        /// Their id or e-mail address, as `members list` shows it
        #[arg(value_name = "WHO")]
        who: String,
    },
    /// Print a link by which somebody chooses a new password; it turns their second step off
    Reset {
        /// Their id or e-mail address, as `members list` shows it
        #[arg(value_name = "WHO")]
        who: String,
    },
}

pub(super) fn run(arguments: MembersArguments) -> Result<Status, Failure> {
    let settings = config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let folder = arguments.data_dir.unwrap_or_else(|| settings.data_dir.clone());
    super::engine::runtime()?.block_on(async {
        let store = Store::open_beside(&Options { folder: folder.clone() }).await.map_err(anyhow::Error::from)?;
        let done = carry_out(arguments.command, (&store, &folder), &settings).await;
        store.close().await;
        done
    })
}

async fn carry_out(
    command: MembersCommand,
    (store, folder): (&Store, &Path),
    settings: &Settings,
) -> Result<Status, Failure> {
    let now = Timestamp::now();
    match command {
        MembersCommand::Create { email, name, role, workspace } => {
            let opened = store
                .writer()
                .write(move |tx| Box::pin(async move { store::open_workspace(tx, &workspace, now).await }));
            let workspace = opened.await.map_err(anyhow::Error::from)?;
            let wanted = Invite { email, name, role, is_mailed: false };
            let asker = Asker { workspace, actor: Actor::Baton };
            let made = members::invite(store, asker, wanted, now).await.map_err(failure)?;
            print_link(&made, (folder, settings))
        }
        MembersCommand::List => {
            for member in members::list_members(store).await.map_err(anyhow::Error::from)? {
                let state = member.disabled_at.map_or_else(|| "can sign in".to_owned(), |at| format!("shut out {at}"));
                let step = if member.has_second_step { ", with a second step" } else { "" };
                println!(
                    "{}  {}  {}  {}  {}  {state}{step}",
                    member.id,
                    member.workspace.as_str(),
                    clean(&member.email),
                    clean(&member.name),
                    member.role
                );
            }
            Ok(Status::Done)
        }
        MembersCommand::Disable { who } => shut((store, true), &who, now).await,
        MembersCommand::Enable { who } => shut((store, false), &who, now).await,
        MembersCommand::Erase { who } => {
            let member = find(store, &who).await?;
            members::erase_member(store, asker_for(&member), member.id.clone(), now).await.map_err(failure)?;
            println!("{} is erased", member.id);
            Ok(Status::Done)
        }
        MembersCommand::Untie { who } => {
            let member = find(store, &who).await?;
            members::untie_member(store, asker_for(&member), member.id.clone(), now).await.map_err(failure)?;
            println!("{} is tied to no account of an identity provider", member.id);
            Ok(Status::Done)
        }
        MembersCommand::Reset { who } => {
            let member = find(store, &who).await?;
            let made = members::reset_member(store, asker_for(&member), member.id, now).await.map_err(failure)?;
            print_link(&made, (folder, settings))
        }
    }
}

async fn shut((store, is_out): (&Store, bool), who: &str, now: Timestamp) -> Result<Status, Failure> {
    let member = find(store, who).await?;
    let named = format!("{} <{}>", clean(&member.name), clean(&member.email));
    members::disable_member(store, asker_for(&member), (member.id, is_out), now).await.map_err(failure)?;
    println!("{named} {}", if is_out { "is shut out" } else { "can sign in" });
    Ok(Status::Done)
}

fn asker_for(member: &Member) -> Asker {
    Asker { workspace: member.workspace.clone(), actor: Actor::Baton }
}

/// Who is meant; an address that several workspaces know means nobody.
async fn find(store: &Store, who: &str) -> Result<Member, Failure> {
    let all = members::list_members(store).await.map_err(anyhow::Error::from)?;
    let is_meant = |member: &&Member| member.id == who || store::same_email(&member.email) == store::same_email(who);
    let mut found = all.iter().filter(is_meant);
    match (found.next(), found.next()) {
        (Some(member), None) => Ok(member.clone()),
        (Some(_), Some(_)) => Err(Failure::Usage(format!(
            "`{who}` is known in several workspaces; name the id, `baton members list` shows it"
        ))),
        (None, _) => Err(Failure::Usage(format!("nobody is known as `{who}`; `baton members list` shows who is"))),
    }
}

fn print_link(made: &InvitationRow, (folder, settings): (&Path, &Settings)) -> Result<Status, Failure> {
    let keys = LinkKeys::open(&folder.join("keys")).map_err(anyhow::Error::from)?;
    say_note(&format!(
        "for {}, works once, until {}; keep the link below, it is shown this once",
        clean(&made.email),
        made.expires_at
    ));
    println!("{}", members::invitation_url(settings, &keys, made));
    Ok(Status::Done)
}

fn failure(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Invalid(problems) => {
            let said: Vec<&str> = problems.iter().map(|problem| problem.detail.as_str()).collect();
            Failure::Usage(said.join("; "))
        }
        Refusal::Store(fault) => Failure::Broken(fault.into()),
        other => Failure::Broken(anyhow::anyhow!("it was refused: {}", other.code())),
    }
}

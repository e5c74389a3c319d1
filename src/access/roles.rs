//! What people who log in may do: four roles, and one table that says which
//! abilities each has. An ability stands for scopes of keys, so that a person
//! and a program are held to the same words.

use std::fmt;
use std::str::FromStr;

use super::keys::{Scope, Scopes};

/// What somebody is in their workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Admin,
    Sender,
    Receiver,
    Viewer,
}

/// One thing that a person may be allowed on the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ability {
    /// See handoffs, briefs, figures and routes.
    See,
    /// Begin handoffs, add context, cancel.
    Create,
    /// Answer what is open.
    Answer,
    /// Ask the gate to let work move.
    Transfer,
    /// Move work on although it is incomplete.
    BreakGlass,
    /// Accept what was handed over, or return it.
    Receive,
    EditRoutes,
    /// Endpoints of webhooks and what became of their messages.
    EditEndpoints,
    EditKeys,
    /// Invite people, change their role, shut them out.
    EditMembers,
    /// The log of every change.
    SeeLog,
    /// Erase, hold, export what is held of a person.
    Erase,
}

/// A word that is no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no role; there are admin, sender, receiver and viewer")]
pub struct UnknownRole(String);

impl Ability {
    pub const ALL: [Ability; 12] = [
        Ability::See,
        Ability::Create,
        Ability::Answer,
        Ability::Transfer,
        Ability::BreakGlass,
        Ability::Receive,
        Ability::EditRoutes,
        Ability::EditEndpoints,
        Ability::EditKeys,
        Ability::EditMembers,
        Ability::SeeLog,
        Ability::Erase,
    ];

    /// The scopes that a key would need for the same.
    pub fn scopes(self) -> &'static [Scope] {
        match self {
            Ability::See => &[Scope::HandoffsRead, Scope::RoutesRead],
            Ability::Create | Ability::Answer | Ability::Receive => &[Scope::HandoffsWrite],
            Ability::Transfer => &[Scope::Transfer],
            Ability::BreakGlass => &[Scope::BreakGlass],
            Ability::EditRoutes => &[Scope::RoutesWrite],
            Ability::EditEndpoints => &[Scope::EndpointsRead, Scope::EndpointsWrite],
            Ability::EditKeys => &[Scope::KeysManage],
            Ability::SeeLog => &[Scope::AuditRead, Scope::MetricsRead],
            Ability::Erase => &[Scope::Erase],
            // No key makes members.
            Ability::EditMembers => &[],
        }
    }
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Admin, Role::Sender, Role::Receiver, Role::Viewer];

    /// The one table of who may do what.
    fn abilities(self) -> &'static [Ability] {
        match self {
            Role::Admin => &Ability::ALL,
            Role::Sender => &[Ability::See, Ability::Create, Ability::Answer, Ability::Transfer],
            Role::Receiver => &[Ability::See, Ability::Receive],
            Role::Viewer => &[Ability::See],
        }
    }

    pub fn may(self, ability: Ability) -> bool {
        self.abilities().contains(&ability)
    }

    /// What a key could do at most that this person made.
    pub fn scopes(self) -> Scopes {
        self.abilities().iter().flat_map(|ability| ability.scopes()).copied().collect()
    }

    /// The word on the command line, on pages and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Sender => "sender",
            Role::Receiver => "receiver",
            Role::Viewer => "viewer",
        }
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        match self {
            Role::Admin => "Admin",
            Role::Sender => "Sender",
            Role::Receiver => "Receiver",
            Role::Viewer => "Viewer",
        }
    }

    /// What it comes to, for whoever chooses one.
    pub fn hint(self) -> &'static str {
        match self {
            Role::Admin => "Everything, also people, keys and settings",
            Role::Sender => "Begins handoffs, answers questions, hands over",
            Role::Receiver => "Reads what comes in, accepts it or returns it",
            Role::Viewer => "Reads, and changes nothing",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Role, UnknownRole> {
        Role::ALL.into_iter().find(|role| role.word() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_table_says() {
        let check = |role: Role, expected: &str| {
            let can: Vec<String> = Ability::ALL
                .into_iter()
                .filter(|ability| role.may(*ability))
                .map(|ability| format!("{ability:?}"))
                .collect();
            assert_eq!(can.join(" "), expected, "{role}");
            assert_eq!(role.word().parse(), Ok(role));
        };
        check(
            Role::Admin,
            "See Create Answer Transfer BreakGlass Receive EditRoutes EditEndpoints EditKeys EditMembers SeeLog Erase",
        );
        check(Role::Sender, "See Create Answer Transfer");
        check(Role::Receiver, "See Receive");
        check(Role::Viewer, "See");
        assert!("Admin".parse::<Role>().is_err() && "".parse::<Role>().is_err());
    }

    #[test]
    fn roles_are_held_to_the_scopes_of_keys() {
        let check = |role: Role, expected: &str| assert_eq!(role.scopes().to_string(), expected, "{role}");
        check(Role::Admin, &Scopes::all().to_string());
        check(Role::Sender, "handoffs:read handoffs:write transfer routes:read");
        check(Role::Receiver, "handoffs:read handoffs:write routes:read");
        check(Role::Viewer, "handoffs:read routes:read");
    }
}

//! What a key may do, as a closed set of words. A scope stands for itself
//! alone: writing does not include reading, so that an automation that only
//! hands over can be given just that.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// One thing that a key may be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// See handoffs, briefs, events; verify passes.
    HandoffsRead,
    /// Hand over, answer, add context, accept, return, cancel.
    HandoffsWrite,
    /// Ask the gate for a pass.
    Transfer,
    /// Move a handoff on although it is incomplete, with a reason and a name.
    BreakGlass,
    RoutesRead,
    RoutesWrite,
    AuditRead,
    MetricsRead,
    /// See endpoints and what became of their messages.
    EndpointsRead,
    /// Set up, change and delete endpoints and hooks; send messages again.
    EndpointsWrite,
    /// Erase, hold, and find and export what is held of a person.
    Erase,
    /// Make, list and revoke keys of the same workspace.
    KeysManage,
}

impl Scope {
    pub const ALL: [Scope; 12] = [
        Scope::HandoffsRead,
        Scope::HandoffsWrite,
        Scope::Transfer,
        Scope::BreakGlass,
        Scope::RoutesRead,
        Scope::RoutesWrite,
        Scope::AuditRead,
        Scope::MetricsRead,
        Scope::EndpointsRead,
        Scope::EndpointsWrite,
        Scope::Erase,
        Scope::KeysManage,
    ];

    /// The word on the command line, in the API and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Scope::HandoffsRead => "handoffs:read",
            Scope::HandoffsWrite => "handoffs:write",
            Scope::Transfer => "transfer",
            Scope::BreakGlass => "break_glass",
            Scope::RoutesRead => "routes:read",
            Scope::RoutesWrite => "routes:write",
            Scope::AuditRead => "audit:read",
            Scope::MetricsRead => "metrics:read",
            Scope::EndpointsRead => "endpoints:read",
            Scope::EndpointsWrite => "endpoints:write",
            Scope::Erase => "erase",
            Scope::KeysManage => "keys:manage",
        }
    }

    /// What it allows, for whoever chooses.
    pub fn sentence(self) -> &'static str {
        match self {
            Scope::HandoffsRead => "See handoffs, briefs and what happened; check passes; reconcile with a CRM",
            Scope::HandoffsWrite => "Hand over, add context, answer, make personal links, accept, return, cancel",
            Scope::Transfer => "Ask the gate to let complete work move",
            Scope::BreakGlass => {
                "Force work on that is incomplete, by name and with a reason. Keep it out of automations"
            }
            Scope::RoutesRead => "See routes, and try changes on past handoffs",
            Scope::RoutesWrite => "Publish routes: what every handoff is judged by",
            Scope::AuditRead => "Read the log and the figures of handoffs",
            Scope::MetricsRead => "Read the figures of the process, for Prometheus",
            Scope::EndpointsRead => "See webhooks and what became of their messages",
            Scope::EndpointsWrite => "Set up, change and delete webhooks, and send messages again",
            Scope::Erase => "Erase, hold, and find and export what is held of a person",
            Scope::KeysManage => "Reserved: nothing asks for it yet",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

/// What a key may do. Never empty when it was read from words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

/// A word that is no scope, or no word at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownScope {
    #[error("`{word}` is no scope; there are {}, and `all`", listed())]
    Word { word: String },
    #[error("no scope is named; there are {}, and `all`", listed())]
    None,
}

fn listed() -> String {
    Scope::ALL.map(Scope::word).join(", ")
}

impl Scopes {
    /// Everything, break-glass included: `all` must be able to do all, and a
    /// word that silently left one thing out would be found missing on the day
    /// it is needed. Who wants less names the scopes.
    pub fn all() -> Scopes {
        Scopes(Scope::ALL.into())
    }

    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }

    /// Whether each of these is also among `others`: nobody may make a key that can do more than their own.
    pub fn is_within(&self, others: &Scopes) -> bool {
        self.0.is_subset(&others.0)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Scopes {
        Scopes(scopes.into_iter().collect())
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    /// Words with commas or spaces between.
    fn from_str(text: &str) -> Result<Scopes, UnknownScope> {
        let mut scopes = BTreeSet::new();
        for word in text.split([',', ' ', '\t', '\n']).filter(|word| !word.is_empty()) {
            match Scope::ALL.into_iter().find(|scope| scope.word() == word) {
                Some(scope) => _ = scopes.insert(scope),
                None if word == "all" => scopes.extend(Scope::ALL),
                None => return Err(UnknownScope::Word { word: word.to_owned() }),
            }
        }
        if scopes.is_empty() { Err(UnknownScope::None) } else { Ok(Scopes(scopes)) }
    }
}

impl fmt::Display for Scopes {
    /// As it is stored, and read again by `from_str`; never the word `all`,
    /// so that a scope of a later version does not fall to old keys.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.iter().map(Scope::word).collect();
        out.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&[Scope], &str>) {
        match (text.parse::<Scopes>(), expected) {
            (Ok(scopes), Ok(expected)) => {
                assert_eq!(scopes, expected.iter().copied().collect(), "{text}");
                assert_eq!(scopes.to_string().parse(), Ok(scopes), "{text}");
            }
            (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{text}: {error}"),
            (got, expected) => panic!("{text}: {got:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn scopes_are_read_and_told() {
        check("transfer", Ok(&[Scope::Transfer]));
        check("handoffs:write, handoffs:read", Ok(&[Scope::HandoffsRead, Scope::HandoffsWrite]));
        check("handoffs:write,handoffs:write transfer,", Ok(&[Scope::HandoffsWrite, Scope::Transfer]));
        check("all", Ok(&Scope::ALL));
        check("transfer all", Ok(&Scope::ALL));
        check("", Err("no scope is named"));
        check(" , ", Err("no scope is named"));
        check("handoffs", Err("`handoffs` is no scope; there are handoffs:read"));
        check("Transfer", Err("`Transfer` is no scope"));
        check("transfer,*", Err("`*` is no scope"));
    }

    #[test]
    fn all_is_everything_and_no_more_is_given_than_had() {
        for scope in Scope::ALL {
            assert!(Scopes::all().contains(scope), "{scope}");
            assert!(Scopes::from_iter([scope]).is_within(&Scopes::all()));
            assert!(!Scopes::all().is_within(&Scopes::from_iter([scope])));
        }
        assert!(!Scopes::all().to_string().contains("all"));
    }
}

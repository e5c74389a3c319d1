//! Without `--route`: which routes would fit, why, and the command that would
//! run each. Nothing is chosen for the person.

use std::ffi::OsString;

use crate::pipeline::Proposal;
use crate::route::Route;

/// Proposals shown; the rest is one `baton routes list` away.
const PROPOSALS_SHOWN: usize = 3;

/// The whole message, `words` being the command line as it was typed.
pub(super) fn proposal_message(proposals: &[Proposal], routes: &[Route], words: &[OsString]) -> String {
    let mut lines = vec!["no --route given".to_owned()];
    let fitting: Vec<&Proposal> =
        proposals.iter().filter(|proposal| proposal.score > 0.0).take(PROPOSALS_SHOWN).collect();
    if fitting.is_empty() {
        lines.push("none of the known routes fits by itself; choose one:".to_owned());
        for route in routes {
            lines.push(format!("  {}  {}", route.id, route.title));
        }
        if let Some(first) = routes.first() {
            lines.push(format!("for instance: {}", with_route(words, &first.id)));
        }
        return lines.join("\n");
    }
    lines.push("these routes fit, best first:".to_owned());
    for (index, proposal) in fitting.iter().enumerate() {
        lines.push(format!("  {}. {} ({})", index + 1, proposal.title, proposal.route));
        for reason in &proposal.reasons {
            lines.push(format!("     - {reason}"));
        }
        lines.push(format!("     {}", with_route(words, &proposal.route)));
    }
    lines.join("\n")
}

/// The command line as typed, with the route in it.
fn with_route(words: &[OsString], route: &str) -> String {
    let mut typed = words.iter().map(|word| quote_word(&word.to_string_lossy()));
    let mut line: Vec<String> = typed.by_ref().take(2).collect();
    line.push(format!("--route {route}"));
    line.extend(typed);
    line.join(" ")
}

/// A word as one may type it in a shell.
fn quote_word(word: &str) -> String {
    let harmless = |character: char| character.is_alphanumeric() || "-_./=:,@%+".contains(character);
    if !word.is_empty() && word.chars().all(harmless) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_can_be_typed_again() {
        let words: Vec<OsString> = ["baton", "brief", "my deal", "it's", "--known", "a=b"].map(OsString::from).to_vec();
        assert_eq!(with_route(&words, "ops"), r"baton brief --route ops 'my deal' 'it'\''s' --known a=b");
    }

    #[test]
    fn nothing_fitting_lists_what_there_is() {
        let message = proposal_message(&[], &[], &[]);
        assert!(message.contains("none of the known routes fits"), "{message}");
    }
}

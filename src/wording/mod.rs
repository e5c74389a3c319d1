//! Stub until gate is merged.
mod pages;
use crate::brief::{FieldState, GapKind};
pub use pages::*;

/// The state of a field as a short remark.
pub fn state_label(state: FieldState) -> &'static str {
    match state {
        FieldState::Found => "found",
        FieldState::Missing => "missing",
        FieldState::Vague => "too vague",
        FieldState::Conflicting => "contradictory",
        FieldState::Invalid => "not valid",
        FieldState::Stale => "out of date",
        FieldState::Unconfirmed => "not confirmed",
        FieldState::NotApplicable => "does not apply",
        FieldState::UnknownByDesign => "not known yet",
    }
}

/// The kind of a gap as a short remark.
pub fn gap_label(kind: GapKind) -> &'static str {
    match kind {
        GapKind::Missing => "missing",
        GapKind::Vague => "too vague",
        GapKind::Conflicting => "contradictory",
        GapKind::Invalid => "not valid",
        GapKind::Stale => "out of date",
        GapKind::Unconfirmed => "not confirmed",
        GapKind::UnreadSource => "not read",
    }
}

//! Figures for whoever looks after handoffs: how many, how long, what is asked
//! again and again and of whom. Pure: a list of facts goes in, figures come
//! out, and beside every share stands of how many. `docs/insights.md` says
//! every formula in words.

mod blame;
mod cost;
mod facts;
mod figures;
mod recurring;
mod report;
mod table;
mod times;

pub use blame::{Blame, blame};
pub use cost::{Cost, Numbers, cost};
pub use facts::{Fact, FieldRecord, Record, Returned, Seen};
pub use figures::{Ages, Answers, Counts, FieldFigures, Figures, Overrides, Refused, Returns, Share, Waiting, figures};
pub use recurring::{DESIGN_FAULT, Points, RecurringGap, Rule, recurring};
pub use report::{By, FieldGroup, Group, Range, Report, report};
pub use table::{csv, guarded, length, text};
pub use times::{Span, Times, times};

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::brief::{GapKind, Origin};
    use crate::handoff::Status;

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    /// 2026-03-02, a Monday, at midnight.
    const MONDAY: i64 = 1_772_409_600_000;

    fn field(asked: bool, origin: Option<Origin>, is_corrected: bool) -> FieldRecord {
        FieldRecord {
            asked_at: asked.then_some(MONDAY),
            kind: asked.then_some(GapKind::Missing),
            without_model: false,
            is_open: asked && origin.is_none(),
            origin,
            is_found: is_corrected || matches!(origin, Some(Origin::Source | Origin::Crm)),
            is_corrected,
        }
    }

    fn fact(received_at: i64, status: Status, sender: &str, fields: &[(&str, FieldRecord)]) -> Fact {
        let fields: BTreeMap<String, FieldRecord> =
            fields.iter().map(|(key, field)| ((*key).to_owned(), field.clone())).collect();
        Fact {
            route: "short".to_owned(),
            team: Some("sales".to_owned()),
            sender: Some(sender.to_owned()),
            status,
            received_at,
            record: Record { is_read: true, fields, ..Record::default() },
            returns: Vec::new(),
            forced: 0,
            debts: Vec::new(),
            refused: 0,
            reminders: 0,
            escalations: 0,
        }
    }

    fn asked_for(facts: &[Fact], by: Option<By>, now: i64) -> Report {
        let now = jiff::Timestamp::from_millisecond(now).expect("a time");
        let range = Range::asked(None, None, now).expect("a range");
        report(facts, range, (None, by), now)
    }

    /// Five handoffs of one week; every figure below was worked out by hand from this list.
    fn five() -> Vec<Fact> {
        use Origin::{Crm, Person, Source};
        // Ready after 2 hours, accepted 4 hours after the transfer.
        let mut first = fact(
            MONDAY,
            Status::Accepted,
            "ann",
            &[("date", field(false, Some(Source), false)), ("seats", field(true, Some(Person), false))],
        );
        first.record.ready_at = Some(MONDAY + 2 * HOUR);
        first.record.transferred_at = Some(MONDAY + 3 * HOUR);
        first.record.handed_at = first.record.transferred_at;
        first.record.accepted_at = Some(MONDAY + 7 * HOUR);
        first.refused = 3;
        // Ready after 6 hours, forced, given back twice, and handed over once more a day ago.
        let mut second = fact(
            MONDAY,
            Status::Transferred,
            "bob",
            &[("date", field(false, Some(Person), true)), ("seats", field(true, None, false))],
        );
        second.record.ready_at = Some(MONDAY + 6 * HOUR);
        second.record.transferred_at = Some(MONDAY + 6 * HOUR);
        second.record.handed_at = Some(MONDAY + 6 * DAY);
        let back = |kind: &str, field: &str| Returned { kind: Some(kind.to_owned()), fields: vec![field.to_owned()] };
        second.returns = vec![back("wrong", "date"), back("incomplete", "date")];
        (second.forced, second.debts) = (1, vec!["seats".to_owned()]);
        // Waits for an answer since four days; one reminder.
        let mut third = fact(
            MONDAY + 3 * DAY,
            Status::NeedsInput,
            "ann",
            &[("date", field(false, Some(Crm), false)), ("seats", field(true, None, false))],
        );
        third.reminders = 1;
        // Called off after an hour.
        let mut fourth = fact(MONDAY + DAY, Status::Cancelled, "ann", &[]);
        fourth.record.ended_at = Some(MONDAY + DAY + HOUR);
        // Not read yet.
        let mut fifth = fact(MONDAY + 7 * DAY - HOUR, Status::Drafting, "cid", &[]);
        (fifth.record.is_read, fifth.team) = (false, None);
        vec![first, second, third, fourth, fifth]
    }

    #[test]
    fn figures_are_those_worked_out_by_hand() {
        let found = asked_for(&five(), None, MONDAY + 7 * DAY).total;
        let counts =
            Counts { received: 5, ready: 2, transferred: 2, accepted: 1, returned: 1, cancelled: 1, failed: 0 };
        assert_eq!(found.handoffs, counts);
        assert_eq!(found.waiting.sending, Ages { under_a_day: 1, to_a_week: 1, ..Ages::default() });
        assert_eq!(found.waiting.receiving, Ages { over_a_week: 1, ..Ages::default() });
        // Waits: 1 h open twice (the cancelled one, the new one), 2 h over, 6 h over, four days open.
        // At 2 h of three 2/3 last, at 6 h 1/3: the median is 6 h, three quarters are not reached.
        let ready = &found.time_to_ready;
        assert_eq!((ready.n, ready.open, ready.median_seconds, ready.p75_seconds), (2, 3, Some(21_600.0), None));
        // 4 h over; a day open.
        let accept = &found.time_to_accept;
        assert_eq!((accept.n, accept.open, accept.median_seconds), (1, 1, Some(14_400.0)));
        assert_eq!(found.questions, Share { count: 3, n: 4, share: Some(0.75) });
        assert_eq!(found.answers.read, Share::of(1, 4));
        assert_eq!(found.answers.crm, Share::of(1, 4));
        assert_eq!(found.answers.person, Share::of(2, 4));
        assert_eq!(found.corrections, Share::of(1, 3));
        assert_eq!((found.reminders, found.escalations), (1, 0));
        assert_eq!((found.returns.count, found.returns.handoffs), (2, Share::of(1, 2)));
        assert_eq!(found.returns.by_kind, BTreeMap::from([("wrong".to_owned(), 1), ("incomplete".to_owned(), 1)]));
        assert_eq!(found.returns.by_field, BTreeMap::from([("date".to_owned(), 2)]));
        assert_eq!((found.overrides.count, found.overrides.open_debts), (1, 1));
        assert_eq!(found.overrides.handoffs, Share::of(1, 2));
        assert_eq!(found.refused_transfers.handoffs, Share::of(1, 5));
        assert_eq!((found.refused_transfers.count, found.refused_transfers.per_handoff), (3, Some(0.6)));
        assert_eq!(Share::of(0, 0).share, None);
    }

    #[test]
    fn parts_add_up() {
        let facts = five();
        let now = MONDAY + 7 * DAY;
        for by in [By::Route, By::Team, By::Day, By::Week] {
            let report = asked_for(&facts, Some(by), now);
            let sum: u64 = report.groups.iter().map(|group| group.figures.handoffs.received).sum();
            assert_eq!(sum, report.total.handoffs.received, "{by:?}");
        }
        let keys = |by| {
            let groups = asked_for(&facts, Some(by), now).groups;
            groups.into_iter().map(|group| group.key.unwrap_or_default()).collect::<Vec<_>>()
        };
        assert_eq!(keys(By::Team), ["", "sales"]);
        assert_eq!(keys(By::Day), ["2026-03-02", "2026-03-03", "2026-03-05", "2026-03-08"]);
        assert_eq!(keys(By::Week), ["2026-03-02"]);
        let fields = asked_for(&facts, Some(By::Field), now).fields;
        let seats = fields.iter().find(|field| field.field.as_deref() == Some("seats")).expect("the field");
        assert_eq!((seats.figures.asked, seats.figures.still_open), (Share::of(3, 4), 1));
        let date = fields.iter().find(|field| field.field.as_deref() == Some("date")).expect("the field");
        assert_eq!((date.figures.asked, date.figures.returns), (Share::of(0, 4), 2));
        assert_eq!(date.figures.corrections, Share::of(1, 3));
    }

    #[test]
    fn the_same_gap_of_several_people_is_the_routes() {
        let facts = |senders: &[&str]| -> Vec<Fact> {
            let gap = [("seats", field(true, None, false))];
            senders.iter().map(|sender| fact(MONDAY, Status::NeedsInput, sender, &gap)).collect()
        };
        let check = |facts: &[Fact], expected: &[(u64, u64, Points)]| {
            let gaps = asked_for(facts, None, MONDAY).recurring_gaps;
            let found: Vec<_> = gaps.iter().map(|gap| (gap.handoffs.count, gap.senders, gap.points_to)).collect();
            assert_eq!(found, expected);
        };
        check(&facts(&["ann"]), &[]);
        check(&facts(&["ann", "bob"]), &[(2, 2, Points::TooFew)]);
        check(&facts(&["ann", "bob", "cid", "ann", "bob"]), &[(5, 3, Points::Route)]);
        let mut one = facts(&["ann"; 5]);
        one.extend([fact(MONDAY, Status::Ready, "bob", &[]), fact(MONDAY, Status::Ready, "cid", &[])]);
        check(&one, &[(5, 1, Points::Person)]);
        // Gaps of readings without the model are counted beside, and point to nobody.
        let mut without = facts(&["ann", "bob", "cid", "ann", "bob"]);
        without
            .iter_mut()
            .flat_map(|fact| fact.record.fields.values_mut())
            .for_each(|field| field.without_model = true);
        check(&without, &[(0, 0, Points::TooFew)]);
        assert_eq!(asked_for(&without, None, MONDAY).recurring_gaps[0].without_model, 5);
        // Another team on the same route is another matter.
        let mut teams = facts(&["ann", "bob", "cid", "ann", "bob"]);
        teams[0].team = None;
        teams[1].team = None;
        check(&teams, &[(3, 3, Points::TooFew), (2, 2, Points::TooFew)]);
    }

    #[test]
    fn a_hundred_thousand_handoffs_are_worked_out_at_once() {
        let five = five();
        let facts: Vec<Fact> = five.iter().cycle().take(100_000).cloned().collect();
        let begun = std::time::Instant::now();
        let report = asked_for(&facts, Some(By::Week), MONDAY + 7 * DAY);
        let milliseconds = begun.elapsed().as_millis();
        println!("{{\"check\":\"insights\",\"handoffs\":{},\"milliseconds\":{milliseconds}}}", facts.len());
        assert_eq!(report.total.handoffs.received, 100_000);
        assert_eq!(report.total.time_to_ready.n, 40_000);
        assert!(milliseconds < 10_000, "{milliseconds} ms");
    }
}

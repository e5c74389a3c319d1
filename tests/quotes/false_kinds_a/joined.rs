//! True words joined to words they do not belong to: an invented beginning or
//! end, or half a sentence out of another message.

use crate::drawing::{Pair, Random, absent_pair, draw, trim, words};
use crate::sources::Material;

const ENDS: &[&str] = &[
    "and the customer has already paid for it",
    "as agreed with the management board",
    "starting on the first of September",
    "for a total of $48,000",
    "with a discount of 15 percent",
    "before the end of next week",
    "once the security review has passed",
    "and nobody on their side objects",
    "including weekends and public holidays",
    "unless the contract is cancelled first",
    "which Stefan Huber confirmed in writing",
    "at no extra cost for them",
    "for all offices in North America",
    "because the old vendor went bankrupt",
    "with 24 hour support included",
    "and will be invoiced twice a year",
    "under the terms of the pilot",
    "by courier to the Denver office",
    "instead of the amount offered earlier",
    "subject to approval by legal",
    "after the training in Toronto",
    "which makes it the top priority",
    "and delivery is guaranteed",
    "through the partner portal only",
    "as the CEO told us yesterday",
    "in exchange for a public reference",
    "with data stored in Singapore",
    "no later than November 12",
    "and that is final",
    "for at least five more years",
    "on a strict need to know basis",
    "plus two onsite workshops",
];

const BEGINNINGS: &[&str] = &[
    "The board has confirmed that",
    "Legal signed off yesterday and",
    "As promised in the offer,",
    "We guarantee in writing that",
    "Since the budget was doubled,",
    "According to the signed contract,",
    "It was decided on Friday that",
    "Everyone has agreed by now that",
    "For the offices in Toronto,",
    "After the merger in August,",
    "Stefan Huber will make sure that",
    "Contrary to the first plan,",
    "For $9,900 on top,",
    "The customer insists that",
    "Beginning with the next quarter,",
    "From November 12 onwards",
];

/// Words that lead on to the next one: no true beginning ends in them.
const LEADING: &[&str] = &[
    "the", "a", "an", "of", "in", "on", "at", "to", "for", "from", "by", "with", "and", "or", "but", "until", "since",
    "before", "after", "within", "between", "under", "your", "our", "their", "its", "my", "is", "are", "was", "been",
    "be", "will", "has", "have", "not", "that", "which", "so", "per", "as", "every", "each", "week", "any", "extra",
    "gate", "second", "first", "it’s", "it's", "isn’t", "isn't",
];

pub fn invent_end(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let all = words(&site.sentence);
        let room = all.len().checked_sub(5)?;
        let quote = if random.below(3) > 0 {
            let mut kept = 4 + random.below(room + 1);
            while kept < all.len() && LEADING.contains(&&site.sentence[all[kept - 1].clone()]) {
                kept += 1;
            }
            format!("{} {}", trim(&site.sentence[..all[kept - 1].end]), random.pick(ENDS)?)
        } else {
            let from = 1 + random.below(room + 1);
            format!("{} {}", random.pick(BEGINNINGS)?, &site.sentence[all[from].start..])
        };
        absent_pair(talk, site, quote, random)
    })
}

pub fn stitch_messages(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let others: Vec<_> =
            material.sites.iter().filter(|other| other.talk == site.talk && other.message != site.message).collect();
        let other = random.pick(&others)?;
        let (here, there) = (words(&site.sentence), words(&other.sentence));
        let begins = 3 + random.below(here.len().checked_sub(5)?);
        let ends = 3 + random.below(there.len().checked_sub(5)?);
        let first = trim(&site.sentence[..here[begins - 1].end]);
        let second = &other.sentence[there[there.len() - ends].start..];
        // Half a sentence that two messages share would be a true quote of either.
        if talk.count_characters(first) > 1 || talk.count_characters(second) > 1 {
            return None;
        }
        let joint = *random.pick(&[" ", " … ", " ... ", "... ", ", ", " and ", "… "])?;
        absent_pair(talk, site, format!("{first}{joint}{second}"), random)
    })
}

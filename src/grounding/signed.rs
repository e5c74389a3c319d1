//! Addresses and numbers by which their writer is reached. A signature says
//! whose they are, not which part the writer plays; where the writer is the
//! very person that another field names, both together say it.

use crate::brief::Tier;
use crate::conversation::{Author, Message, SegmentKind};
use crate::route::Field;
use crate::value::{Kind, Person, Value, same};

use super::segment_around;
use super::support::{Grounded, Grounder, Standing};

impl Grounder<'_> {
    /// Lets addresses stand that stood in the signature or sender line of the person a kindred field names.
    pub(super) fn settle_signed(&self, all: &mut [Grounded]) {
        let fields = &self.scene.route.fields;
        let people: Vec<(usize, Value)> = all
            .iter()
            .filter(|one| fields[one.field].kind == Kind::Person && one.standing == Standing::Supported)
            .map(|one| (one.field, one.value.clone()))
            .collect();
        for one in all.iter_mut() {
            let field = &fields[one.field];
            let waits = matches!(one.standing, Standing::Unconfirmed(_))
                && matches!(field.kind, Kind::Email | Kind::Phone)
                && one.evidence.first().is_some_and(|evidence| evidence.tier.is_verified());
            if !waits || self.said_by(field, one.side).is_some() {
                continue;
            }
            let Some(writer) = self.signer(one) else { continue };
            let named = |person: &(usize, Value)| are_kin(fields, one.field, person.0) && same(&person.1, &writer);
            // Two people for one part leave it open whose address is asked for.
            let rivals = people.iter().any(|person| are_kin(fields, one.field, person.0) && !same(&person.1, &writer));
            if people.iter().any(named) && !rivals && !one.guessed {
                one.standing = Standing::Supported;
            }
        }
    }

    /// Who signs or sends the words that hold the value; `None` where they are neither signature nor sender.
    fn signer(&self, one: &Grounded) -> Option<Value> {
        let message: &Message = self.index.conversation().messages.get(one.span.0)?;
        let first = one.evidence.first()?;
        let author: &Author = if first.tier == Tier::Author {
            &message.author
        } else {
            let segment = segment_around(message, one.span.1)?;
            let line = self.scene.line_at(one.span.0, one.span.1)?;
            let signed = segment.kind == SegmentKind::Signature || line.kind == SegmentKind::Signature;
            let before = message.text.get(line.start..one.span.1)?;
            let reachable = self.scene.route.fields[one.field].kind == Kind::Email || is_personal_number(before);
            if !signed || !reachable {
                return None;
            }
            self.index.conversation().speaker(message, segment)
        };
        Some(Value::Person(Person { name: author.name.clone()?, address: author.address.clone() }))
    }
}

/// `m +44 …`, `Mobile: …`: a number with nothing before it may be the switchboard's.
fn is_personal_number(before: &str) -> bool {
    let label = before.rsplit(['|', '·', ',', ';', '/']).next().unwrap_or_default().to_lowercase();
    let word = label.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(
        word,
        "m" | "mob" | "mobile" | "cell" | "direct" | "d" | "mobil" | "handy" | "portable" | "móvil" | "movil"
    )
}

/// Whether two fields speak of one person: `contact_name` and `contact_email`, or the only person of the route.
fn are_kin(fields: &[Field], address: usize, person: usize) -> bool {
    let (address, person) = (&fields[address].key, &fields[person].key);
    let only = fields.iter().filter(|field| field.kind == Kind::Person).count() == 1;
    let is_idle =
        |word: &str| matches!(word, "name" | "email" | "phone" | "mobile" | "address" | "number" | "of" | "the");
    only || address.split('_').any(|word| !is_idle(word) && person.split('_').any(|other| other == word))
}

//! Parts of the HTML brief for pages that have a frame of their own: quotes
//! that lead to their words, the prose, and the sources in which these words
//! are marked. The ids are those of the whole brief.

use super::super::BriefView;
use super::anchors::Anchors;
use super::markup::Html;
use super::{Sheet, linked, prose, quote_beside, said, sources};
use crate::brief::Evidence;
use serde_json::Value as Json;

/// A brief taken apart; every part is HTML in which all that comes from outside is escaped.
pub struct Parts<'a> {
    sheet: Sheet<'a>,
}

impl<'a> Parts<'a> {
    pub fn of(view: &'a BriefView<'a>) -> Parts<'a> {
        Parts { sheet: Sheet { view, anchors: Anchors::collect(view) } }
    }

    /// The id in the sources that evidence leads to; none where its message is not among them.
    pub fn target(&self, evidence: &Evidence) -> Option<String> {
        self.sheet.anchors.target(evidence, self.sheet.view.conversation)
    }

    /// A value that leads to its words, or to the record's line that holds it.
    pub fn value(&self, key: &str, value: &Json) -> String {
        let mut page = Html::default();
        let field = self.sheet.view.brief.fields.find(key);
        let record = field.and_then(|field| sources::record_id(self.sheet.view.conversation, field.record.as_ref()));
        let shown = self.sheet.view.shown(key, value);
        match (field.and_then(|field| field.evidence.first()), record) {
            (None, Some(id)) => {
                page.mark("<a class=\"value\" href=\"#").text(&id).mark("\">").text(&shown).mark("</a>");
            }
            (first, _) => linked(&mut page, &self.sheet, "value", &shown, first),
        }
        page.finish()
    }

    /// A quote in a paragraph of its own, with who said it, when and where; `shown` stands beside it already.
    pub fn quote(&self, evidence: &Evidence, shown: &str) -> String {
        let mut page = Html::default();
        quote_beside(&mut page, &self.sheet, evidence, shown);
        page.finish()
    }

    /// What the handoff is about in one sentence.
    pub fn headline(&self) -> String {
        let mut page = Html::default();
        if let Some(headline) = &self.sheet.view.brief.summary.headline {
            page.mark("<div class=\"headline\" id=\"headline\">");
            said(&mut page, &self.sheet, None, &headline.text, &headline.evidence);
            page.mark("</div>\n");
        }
        page.finish()
    }

    /// Next step, situation, decisions, promises, risks, open questions and people, as far as there are any.
    pub fn prose(&self) -> String {
        let mut page = Html::default();
        prose::next_step(&mut page, &self.sheet);
        prose::prose(&mut page, &self.sheet);
        prose::people(&mut page, &self.sheet);
        page.finish()
    }

    /// The documents with their messages as text. `lit` is the id of the cited words that are lit without a fragment in
    /// the address; others are by it.
    pub fn sources(&self, lit: &str) -> String {
        let mut page = Html::default();
        sources::documents(&mut page, &self.sheet);
        let html = page.finish();
        let number = lit.strip_prefix('q').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        match number {
            // Quotation marks in words from outside are written in another way: these are tags of ours.
            Some(number) => {
                html.replace(&format!("<mark class=\"q{number}\""), &format!("<mark class=\"q{number} lit\"")).replace(
                    &format!("<mark id=\"q{number}\""),
                    &format!("<mark class=\"q{number} lit\" id=\"q{number}\""),
                )
            }
            None => html,
        }
    }
}

//! Stub until intake is merged.
use crate::conversation::*;
#[derive(Debug, Clone)]
pub struct Input {
    pub name: String,
    pub bytes: Vec<u8>,
    pub kind: Option<DocumentKind>,
    pub format: Option<String>,
}
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    pub our_domains: &'a [String],
}
pub fn read(inputs: Vec<Input>, _: &Options) -> Conversation {
    let mut c = Conversation::default();
    for (i, input) in inputs.into_iter().enumerate() {
        let id = MessageId(i as u32 + 1);
        let text = String::from_utf8_lossy(&input.bytes).into_owned();
        c.messages.push(Message {
            id,
            document: format!("d{}", i + 1),
            author: Author::default(),
            at: None,
            zone: None,
            subject: None,
            reply_to: None,
            segments: vec![Segment {
                kind: SegmentKind::Body,
                start: 0,
                end: text.len(),
                author: None,
                at: None,
                same_as: None,
            }],
            text,
        });
        c.documents.push(Document {
            id: format!("d{}", i + 1),
            source: input.name,
            kind: DocumentKind::Note,
            format: "txt".into(),
            title: None,
            messages: vec![id],
        });
    }
    c
}
pub fn participants(_: &Conversation) -> Vec<crate::value::Participant> {
    Vec::new()
}

//! A route as text: what the receiving team needs, for people who write or
//! fill it.

use super::page::{Layout, Page, span};
use super::paint::Style;
use crate::route::{Asked, Field, Requirement, Route, SaidBy};
use crate::value::Kind;

/// One line a route: id, version, teams, how many fields; ends with a line break.
pub fn route_list_text(routes: &[Route], layout: Layout) -> String {
    let mut page = Page::new(layout);
    let columns = routes.iter().map(|route| route.id.chars().count()).max().unwrap_or(0);
    for route in routes {
        let required = route.fields.iter().filter(|field| !matches!(field.required, Requirement::Optional)).count();
        let spans = [
            span(Style::Plain, &route.title),
            span(Style::Dim, format!(" · {} → {}", route.from_team, route.to_team)),
            span(Style::Dim, format!(" · {} fields, {required} required", route.fields.len())),
            span(Style::Dim, format!(" · version {}", route.version)),
        ];
        let lead = format!("{:columns$}  ", route.id);
        page.hanging(&span(Style::Strong, lead), &span(Style::Plain, ""), &spans);
    }
    page.finish()
}

/// The whole route; ends with a line break.
pub fn route_text(route: &Route, layout: Layout) -> String {
    let mut page = Page::new(layout);
    page.paragraph(
        0,
        &[span(Style::Heading, &route.title), span(Style::Dim, format!(" · {} version {}", route.id, route.version))],
    );
    let mut about = format!("{} hands over to {}", route.from_team, route.to_team);
    if let Some(description) = route.trigger.description.as_ref().or(route.trigger.event.as_ref()) {
        about.push_str(&format!(" · starts when: {description}"));
    }
    about.push_str(&format!(" · acts next: {}", asked(&route.owners.next_action)));
    if let Some(failure) = &route.owners.failure {
        about.push_str(&format!(" · told of failures: {}", asked(failure)));
    }
    if !route.redact.is_empty() {
        let kinds: Vec<&str> = route.redact.iter().map(|kind| kind.name()).collect();
        about.push_str(&format!(" · kept from a model: {}", kinds.join(", ")));
    }
    page.paragraph(0, &[span(Style::Dim, about)]);
    for (heading, wanted) in [("Required", true), ("Optional", false)] {
        let fields: Vec<&Field> =
            route.fields.iter().filter(|field| matches!(field.required, Requirement::Optional) != wanted).collect();
        if fields.is_empty() {
            continue;
        }
        page.heading(heading);
        for field in fields {
            one_field(&mut page, field);
        }
    }
    page.finish().trim_end().to_owned() + "\n"
}

fn one_field(page: &mut Page, field: &Field) {
    page.paragraph(
        2,
        &[span(Style::Strong, &field.label), span(Style::Dim, format!(" · {} · {}", field.key, type_words(field)))],
    );
    page.paragraph(4, &[span(Style::Plain, &field.question)]);
    if !field.description.is_empty() && field.description != field.label {
        page.paragraph(4, &[span(Style::Dim, &field.description)]);
    }
    let mut remarks = Vec::new();
    if let Requirement::When(condition) = &field.required {
        remarks.push(format!("required when {}", condition.text));
    }
    if let Kind::Enum(choices) = &field.kind {
        let ids: Vec<&str> = choices.iter().map(|choice| choice.id.as_str()).collect();
        remarks.push(format!("one of {}", ids.join(", ")));
    }
    if field.specific {
        remarks.push("vague answers are refused".to_owned());
    }
    match field.said_by {
        SaidBy::Any => {}
        SaidBy::Theirs => remarks.push("only their side's word counts".to_owned()),
        SaidBy::Ours => remarks.push("only our side's word counts".to_owned()),
    }
    if let Some(age) = &field.stale_after {
        remarks.push(format!("goes stale after {} days", age.as_hours() / 24));
    }
    remarks.extend(field.rules.iter().map(|rule| format!("refused unless {}: {}", rule.assert.text, rule.message)));
    if field.ask != Asked::Sender {
        remarks.push(format!("asked: {}", asked(&field.ask)));
    }
    if !remarks.is_empty() {
        page.paragraph(4, &[span(Style::Dim, remarks.join(" · "))]);
    }
    page.blank();
}

fn asked(asked: &Asked) -> &str {
    match asked {
        Asked::Sender => "sender",
        Asked::Receiver => "receiver",
        Asked::Owner => "owner",
        Asked::Address(address) => address,
    }
}

fn type_words(field: &Field) -> String {
    let name = match &field.kind {
        Kind::Text => "text",
        Kind::LongText => "long text",
        Kind::Date => "date",
        Kind::DateTime => "date and time",
        Kind::Duration => "duration",
        Kind::Money => "money",
        Kind::Number => "number",
        Kind::Email => "e-mail address",
        Kind::Phone => "phone number",
        Kind::Url => "web address",
        Kind::Person => "person",
        Kind::Team => "team",
        Kind::Enum(_) => "choice",
        Kind::Bool => "yes or no",
    };
    if field.list { format!("list: {name}") } else { name.to_owned() }
}

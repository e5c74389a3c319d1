//! Which parts of a mail are its words and which are attached. A mail says its
//! words twice where it offers alternatives; Apple's mail program puts pages
//! and attachments by turns inside one alternative, others offer a page alone.

use super::structure::{Shape, Structure};

/// The leaves of one mail, by what they are for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::intake) struct Views {
    /// The leaves that a program without pages shows.
    pub plain: Vec<usize>,
    /// The leaves that other programs show.
    pub page: Vec<usize>,
    pub attached: Vec<usize>,
}

/// The same words in a dress that few programs show.
const OTHER_DRESSES: [&str; 4] = ["text/x-amp-html", "text/watch-html", "text/enriched", "text/richtext"];

/// Sorts the `leaves` of one mail.
pub(in crate::intake) fn sort(structure: &Structure<'_>, leaves: &[usize]) -> Views {
    let mut views = Views::default();
    let mut shown: Vec<(usize, bool, Option<Branch>)> = Vec::new();
    let mut dresses: Vec<(usize, Option<Branch>)> = Vec::new();
    for leaf in leaves.iter().copied() {
        let Some(entity) = structure.entities.get(leaf) else { continue };
        let place = place(structure, leaf);
        let kind = entity.head.kind.as_str();
        if place.alternative.is_some() && OTHER_DRESSES.contains(&kind) {
            dresses.push((leaf, place.alternative));
            continue;
        }
        let is_page = kind == "text/html";
        let is_text = is_page || matches!(kind, "" | "text/plain" | "text/");
        let is_inline = is_text
            && entity.absent.is_none()
            && !entity.head.attached
            && !place.beside_root
            && (entity.head.name.is_none() || shown.is_empty());
        if is_inline {
            shown.push((leaf, is_page, place.alternative));
        } else {
            views.attached.push(leaf);
        }
    }
    // Where nothing else says the words, the rare dress does.
    let is_shown = |at: Option<Branch>| shown.iter().any(|(_, _, other)| other.map(|at| at.0) == at.map(|at| at.0));
    views.attached.extend(dresses.into_iter().filter(|(_, at)| !is_shown(*at)).map(|(leaf, _)| leaf));
    let branch_shows_page = |branch: Branch| shown.iter().any(|(_, page, at)| *page && *at == Some(branch));
    let offers = |alternative: usize, page: bool| {
        shown.iter().any(|(_, _, at)| at.is_some_and(|at| at.0 == alternative && branch_shows_page(at) == page))
    };
    for (leaf, _, at) in &shown {
        let (plain, page) = at.map_or((true, true), |at| match branch_shows_page(at) {
            true => (!offers(at.0, false), true),
            false => (true, !offers(at.0, true)),
        });
        if plain {
            views.plain.push(*leaf);
        }
        if page {
            views.page.push(*leaf);
        }
    }
    views
}

/// An alternative, and the part of it that something lies in.
type Branch = (usize, usize);

struct Place {
    /// The outermost alternative around it, and the branch it lies in.
    alternative: Option<Branch>,
    /// It accompanies the first part of a multipart/related.
    beside_root: bool,
}

fn place(structure: &Structure<'_>, leaf: usize) -> Place {
    let mut place = Place { alternative: None, beside_root: false };
    let mut child = leaf;
    while let Some(parent) = structure.entities.get(child).and_then(|entity| entity.parent) {
        match structure.shape(parent) {
            Shape::Mail => break,
            Shape::Alternative => place.alternative = Some((parent, child)),
            Shape::Related if child != parent + 1 => place.beside_root = true,
            _ => {}
        }
        child = parent;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Limits;
    use crate::intake::mail::structure::take_apart;

    /// Parts as `(kind, children)` in brackets: `alternative[plain html]`.
    fn mail(shape: &str) -> String {
        let mut mail = String::new();
        let mut open: Vec<usize> = Vec::new();
        for (number, word) in shape.replace('[', " [ ").replace(']', " ] ").split_whitespace().enumerate() {
            match word {
                "[" => {}
                "]" => mail.push_str(&open.pop().map(|mark| format!("\n--b{mark}--\n")).unwrap_or_default()),
                _ => {
                    if let Some(mark) = open.last() {
                        mail.push_str(&format!("\n--b{mark}\n"));
                    }
                    match word {
                        "plain" | "html" => mail.push_str(&format!("Content-Type: text/{word}\n\nwords")),
                        "pdf" => mail.push_str("Content-Type: application/pdf\n\nx"),
                        _ => {
                            mail.push_str(&format!("Content-Type: multipart/{word}; boundary=b{number}\n\n"));
                            open.push(number);
                        }
                    }
                }
            }
        }
        mail
    }

    #[test]
    fn sorts_parts() {
        let check = |shape: &str, plain: &[usize], page: &[usize], attached: &[usize]| {
            let mail = mail(shape);
            let structure = take_apart(mail.as_bytes(), &Limits::default());
            let leaves: Vec<usize> =
                (0..structure.entities.len()).filter(|leaf| structure.shape(*leaf) == Shape::Leaf).collect();
            let expected = Views { plain: plain.to_vec(), page: page.to_vec(), attached: attached.to_vec() };
            assert_eq!(sort(&structure, &leaves), expected, "{shape}");
        };
        check("plain", &[0], &[0], &[]);
        check("html", &[0], &[0], &[]);
        check("alternative[plain html]", &[1], &[2], &[]);
        check("alternative[plain mixed[html pdf html]]", &[1], &[3, 5], &[4]);
        check("mixed[alternative[plain html] pdf plain]", &[2, 5], &[3, 5], &[4]);
        check("mixed[alternative[plain related[html pdf]] pdf]", &[2], &[4], &[5, 6]);
        check("related[alternative[plain html] html]", &[2], &[3], &[4]);
        check("alternative[html]", &[1], &[1], &[]);
        check("alternative[mixed[html plain]]", &[2, 3], &[2, 3], &[]);
        check("mixed[plain plain]", &[1, 2], &[1, 2], &[]);
        check("pdf", &[], &[], &[0]);
    }
}

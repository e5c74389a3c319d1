//! How well passages fit words: BM25, over the passages that are looked at and
//! no others, so that what stands in another workspace moves nothing here.

use super::pieces::{Piece, pieces};
use super::words::Words;

/// How soon a word that stands there again tells less.
const REPEAT: f32 = 1.2;
/// How much a long passage has to say to count as much as a short one.
const LENGTH: f32 = 0.75;
/// What stands in the head of a passage counts this much of what stands in it.
const HEAD: f32 = 0.5;

/// Passages that were cut into pieces, to be ranked.
#[derive(Debug, Default)]
pub struct Ranking {
    passages: Vec<(Vec<Piece>, Vec<Piece>)>,
}

impl Ranking {
    pub fn add(&mut self, head: &str, body: &str) {
        self.passages.push((pieces(head), pieces(body)));
    }

    /// What each passage scores, in the order in which they were added; 0 where no word stands.
    pub fn scores(&self, words: &Words) -> Vec<f32> {
        let count = self.passages.len() as f32;
        let lengths: Vec<f32> = self.passages.iter().map(|(_, body)| body.len() as f32).collect();
        let usual = (lengths.iter().sum::<f32>() / count.max(1.0)).max(1.0);
        let mut scores = vec![0.0; self.passages.len()];
        for word in 0..words.count() {
            let often: Vec<f32> = self
                .passages
                .iter()
                .map(|(head, body)| {
                    let inside = words.places(word, body).len() as f32;
                    inside + if words.places(word, head).is_empty() { 0.0 } else { HEAD }
                })
                .collect();
            let holding = often.iter().filter(|often| **often > 0.0).count() as f32;
            let rare = ((count - holding + 0.5) / (holding + 0.5)).ln_1p();
            for ((score, often), length) in scores.iter_mut().zip(&often).zip(&lengths) {
                let fit = often + REPEAT * (1.0 - LENGTH + LENGTH * length / usual);
                *score += rare * often * (REPEAT + 1.0) / fit;
            }
        }
        scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_more_of_rarer_words_comes_first() {
        let mut ranking = Ranking::default();
        ranking.add("", "We go live on July 1, the go-live of Dayton");
        ranking.add("", "We talked for a long time about other things, and that they go on");
        ranking.add("Go-live", "Nothing else");
        ranking.add("", "Nobody knows");
        let scores = ranking.scores(&Words::of("go live"));
        assert!(scores[0] > scores[2] && scores[2] > scores[1] && scores[1] > scores[3], "{scores:?}");
        assert_eq!(scores[3], 0.0);
    }
}

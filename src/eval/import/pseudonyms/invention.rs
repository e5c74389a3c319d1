//! Invented names, companies, numbers and ids, drawn by a seed. Names fit any
//! gender, companies are nobody's, numbers keep their shape; nothing that is
//! invented stands in the sources.

use rustc_hash::FxHashSet;

#[rustfmt::skip]
const GIVEN: &[&str] = &[
    "Robin", "Avery", "Kerry", "Jules", "Sasha", "Noor", "Remy", "Kim", "Alexis", "Toni", "Rene", "Quinn", "Marlow",
    "Ariel", "Dominique", "Micha", "Luca", "Andrea", "Jamie", "Morgan", "Casey", "Skyler", "Emery", "Hollis", "Lennox",
    "Ellis", "Camille", "Florin", "Nikita", "Sacha", "Shay", "Tracy", "Vivian", "Yael", "Zion", "Corin", "Devon",
    "Eden", "Finley", "Indigo", "Jocelyn", "Kai", "Laurin", "Merle", "Nicola", "Oakley", "Peyton", "Rowan", "Sidney",
    "Tatum", "Uli", "Valentine", "Wynn", "Xen", "Yuri", "Blair", "Conny", "Dorian", "Eike", "Folke",
];

const FAMILY_FRONT: [&str; 24] = [
    "Ash", "Brae", "Calder", "Dun", "Elm", "Fair", "Garn", "Hax", "Ingle", "Kel", "Lorn", "Mar", "Nether", "Ord",
    "Pen", "Quar", "Rush", "Sel", "Thorn", "Ulver", "Vane", "Wether", "Yar", "Zel",
];
const FAMILY_BACK: [&str; 16] = [
    "beck", "combe", "dale", "fell", "gate", "ham", "hurst", "ley", "mere", "ridge", "rowe", "stead", "thwaite",
    "wick", "worth", "yard",
];
const COMPANY_FRONT: [&str; 24] = [
    "Alto", "Bel", "Cora", "Dovre", "Elva", "Fjor", "Gala", "Hava", "Ister", "Jora", "Kivo", "Lumo", "Moro", "Nexa",
    "Orla", "Pavo", "Quilo", "Riva", "Sola", "Tavo", "Umbra", "Vela", "Wexo", "Zora",
];
const COMPANY_BACK: [&str; 16] = [
    "bright", "crest", "dyne", "forge", "grove", "haven", "ject", "kraft", "lane", "mont", "nova", "pex", "quist",
    "ron", "tessa", "vance",
];

/// Draws for one number or id until another way is taken.
const MOST_DRAWS: usize = 200;

/// What kind of word is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    Given,
    Family,
    Company,
}

/// Draws what is not yet taken.
pub(super) struct Inventor {
    random: fastrand::Rng,
    given: Vec<String>,
    family: Vec<String>,
    company: Vec<String>,
    /// In lower case: all words of the sources, and everything that was invented.
    taken: FxHashSet<String>,
    count: usize,
}

impl Inventor {
    /// `taken` are the words of the sources in lower case.
    pub fn new(seed: u64, taken: FxHashSet<String>) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut shuffled = |mut words: Vec<String>| {
            random.shuffle(&mut words);
            words
        };
        let pairs = |front: &[&str], back: &[&str]| -> Vec<String> {
            front.iter().flat_map(|one| back.iter().map(move |other| format!("{one}{other}"))).collect()
        };
        let given = shuffled(GIVEN.iter().map(|name| (*name).to_owned()).collect());
        let family = shuffled(pairs(&FAMILY_FRONT, &FAMILY_BACK));
        let company = shuffled(pairs(&COMPANY_FRONT, &COMPANY_BACK));
        Inventor { random, given, family, company, taken, count: 0 }
    }

    /// A capitalised word that stands nowhere yet.
    pub fn word(&mut self, sort: Sort) -> String {
        loop {
            let pool = match sort {
                Sort::Given => &mut self.given,
                Sort::Family => &mut self.family,
                Sort::Company => &mut self.company,
            };
            let word = pool.pop().unwrap_or_else(|| {
                self.count += 1;
                // Hundreds of people in one handoff: what follows is no beauty, but still nobody's name.
                format!(
                    "{}{}",
                    match sort {
                        Sort::Given => "Xavq",
                        Sort::Family => "Zelq",
                        Sort::Company => "Quvx",
                    },
                    letters(self.count)
                )
            });
            let folded = word.to_lowercase();
            let is_near =
                |other: &String| other.len() >= 4 && (folded.contains(other.as_str()) || other.contains(&folded));
            if !self.taken.iter().any(is_near) && self.taken.insert(folded) {
                return word;
            }
        }
    }

    /// Other digits in the same number, the first `kept` ones left; never the same, never with a new zero in front.
    pub fn digits(&mut self, digits: &str, kept: usize) -> String {
        let mut last = String::new();
        for _ in 0..MOST_DRAWS {
            let made: String = digits
                .chars()
                .enumerate()
                .map(|(at, digit)| match at < kept || (at == 0 && digit == '0') {
                    true => digit,
                    false => char::from(b'1' + self.random.u8(0..9)),
                })
                .collect();
            if made != digits && self.taken.insert(made.clone()) {
                return made;
            }
            last = made;
        }
        last
    }

    /// An id of the same shape, its first letter left, since that often tells what it is of.
    pub fn id(&mut self, id: &str) -> String {
        for _ in 0..MOST_DRAWS {
            let made: String = id
                .chars()
                .enumerate()
                .map(|(at, c)| match c {
                    c if at == 0 && c.is_ascii_alphabetic() => c,
                    c if c.is_ascii_digit() => char::from(b'0' + self.random.u8(0..10)),
                    c if c.is_ascii_uppercase() => char::from(b'A' + self.random.u8(0..26)),
                    c if c.is_ascii_lowercase() => char::from(b'a' + self.random.u8(0..26)),
                    c => c,
                })
                .collect();
            if made != id && self.taken.insert(made.to_lowercase()) {
                return made;
            }
        }
        // A shape in which hardly anything can change.
        self.count += 1;
        format!("id{}{}", letters(self.count), self.count)
    }

    /// One digit for another, zero for zero, so that an amount has one new value however it is written.
    pub fn cipher(&mut self) -> [u8; 10] {
        let mut digits: [u8; 9] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        // No digit stays, as far as that is possible: one turn of the circle after a shuffle of it.
        self.random.shuffle(&mut digits);
        let mut cipher = [0; 10];
        for (at, digit) in digits.iter().enumerate() {
            cipher[usize::from(*digit)] = digits[(at + 1) % digits.len()];
        }
        cipher
    }
}

fn letters(mut number: usize) -> String {
    let mut out = String::new();
    while number > 0 {
        out.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    out
}

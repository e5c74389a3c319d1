//! French words. `sept` and `cent` are left out: they are a month and a coin in
//! English.

use super::Meaning::{self, *};
use super::Name::*;
use super::Unit;

#[rustfmt::skip]
pub(super) const WORDS: &[(&str, Meaning)] = &[
    ("janvier", Month(1, Plain)), ("février", Month(2, Plain)), ("fevrier", Month(2, Plain)),
    ("juin", Month(6, Plain)), ("juillet", Month(7, Plain)), ("août", Month(8, Plain)), ("aout", Month(8, Plain)),
    ("septembre", Month(9, Plain)), ("octobre", Month(10, Plain)), ("novembre", Month(11, Plain)),
    ("décembre", Month(12, Plain)), ("decembre", Month(12, Plain)),
    ("mars", Month(3, Short)), ("avril", Month(4, Short)), ("mai", Month(5, Short)),
    ("lundi", Weekday(1, Plain)), ("mardi", Weekday(2, Plain)), ("mercredi", Weekday(3, Plain)),
    ("jeudi", Weekday(4, Plain)), ("vendredi", Weekday(5, Plain)), ("samedi", Weekday(6, Plain)),
    ("dimanche", Weekday(7, Plain)),
    ("zéro", Cardinal(0)), ("deux", Cardinal(2)), ("trois", Cardinal(3)), ("quatre", Cardinal(4)),
    ("cinq", Cardinal(5)), ("six", Cardinal(6)), ("huit", Cardinal(8)), ("neuf", Cardinal(9)), ("dix", Cardinal(10)),
    ("onze", Cardinal(11)), ("douze", Cardinal(12)), ("treize", Cardinal(13)), ("quatorze", Cardinal(14)),
    ("quinze", Cardinal(15)), ("seize", Cardinal(16)),
    ("vingt", Cardinal(20)), ("trente", Cardinal(30)), ("quarante", Cardinal(40)), ("cinquante", Cardinal(50)),
    ("soixante", Cardinal(60)),
    ("un", Cardinal(1)), ("une", Cardinal(1)),
    ("mille", Scale(3)), ("million", Scale(6)), ("millions", Scale(6)), ("milliards", Scale(9)),
    ("seconde", Unit(Unit::Second)), ("secondes", Unit(Unit::Second)),
    ("minute", Unit(Unit::Minute)), ("minutes", Unit(Unit::Minute)),
    ("heure", Unit(Unit::Hour)), ("heures", Unit(Unit::Hour)),
    ("jour", Unit(Unit::Day)), ("jours", Unit(Unit::Day)),
    ("semaine", Unit(Unit::Week)), ("semaines", Unit(Unit::Week)),
    ("mois", Unit(Unit::Month)),
    ("trimestre", Unit(Unit::Quarter)), ("trimestres", Unit(Unit::Quarter)),
    ("ans", Unit(Unit::Year)), ("année", Unit(Unit::Year)), ("années", Unit(Unit::Year)),
    ("environ", Loose), ("presque", Loose),
    ("demain", Day(1)), ("hier", Day(-1)),
    ("printemps", Season), ("été", Season), ("automne", Season), ("hiver", Season),
    ("dans", Opener), ("après", Opener), ("prochain", Opener), ("prochaine", Opener),
    ("responsable", Role), ("chef", Role), ("cheffe", Role), ("gérant", Role), ("gérante", Role),
    ("directeur", Role), ("directrice", Role),
    ("monsieur", Title), ("madame", Title),
];

//! German words. `morgen` is left out: it is also the morning; `so`, `do` and
//! the other short weekdays are English words.

use super::Meaning::{self, *};
use super::Name::*;
use super::Unit;

#[rustfmt::skip]
pub(super) const WORDS: &[(&str, Meaning)] = &[
    ("januar", Month(1, Plain)), ("jänner", Month(1, Plain)), ("februar", Month(2, Plain)), ("märz", Month(3, Plain)),
    ("mai", Month(5, Plain)), ("juni", Month(6, Plain)), ("juli", Month(7, Plain)), ("september", Month(9, Plain)),
    ("oktober", Month(10, Plain)), ("november", Month(11, Plain)), ("dezember", Month(12, Plain)),
    ("jan", Month(1, Short)), ("feb", Month(2, Short)), ("mär", Month(3, Short)), ("mrz", Month(3, Short)),
    ("apr", Month(4, Short)), ("april", Month(4, Short)), ("jun", Month(6, Short)), ("jul", Month(7, Short)),
    ("aug", Month(8, Short)), ("august", Month(8, Short)), ("sep", Month(9, Short)), ("sept", Month(9, Short)),
    ("okt", Month(10, Short)), ("nov", Month(11, Short)), ("dez", Month(12, Short)),
    ("montag", Weekday(1, Plain)), ("dienstag", Weekday(2, Plain)), ("mittwoch", Weekday(3, Plain)),
    ("donnerstag", Weekday(4, Plain)), ("freitag", Weekday(5, Plain)), ("samstag", Weekday(6, Plain)),
    ("sonnabend", Weekday(6, Plain)), ("sonntag", Weekday(7, Plain)),
    ("zwei", Cardinal(2)), ("drei", Cardinal(3)), ("vier", Cardinal(4)), ("fünf", Cardinal(5)),
    ("sechs", Cardinal(6)), ("sieben", Cardinal(7)), ("acht", Cardinal(8)), ("neun", Cardinal(9)),
    ("zehn", Cardinal(10)), ("elf", Cardinal(11)), ("zwölf", Cardinal(12)), ("dreizehn", Cardinal(13)),
    ("vierzehn", Cardinal(14)), ("fünfzehn", Cardinal(15)), ("sechzehn", Cardinal(16)), ("siebzehn", Cardinal(17)),
    ("achtzehn", Cardinal(18)), ("neunzehn", Cardinal(19)),
    ("zwanzig", Cardinal(20)), ("dreißig", Cardinal(30)), ("vierzig", Cardinal(40)), ("fünfzig", Cardinal(50)),
    ("sechzig", Cardinal(60)), ("siebzig", Cardinal(70)), ("achtzig", Cardinal(80)), ("neunzig", Cardinal(90)),
    ("ein", Cardinal(1)), ("eine", Cardinal(1)), ("einen", Cardinal(1)), ("einem", Cardinal(1)),
    ("einer", Cardinal(1)),
    ("hundert", Scale(2)), ("tausend", Scale(3)), ("tsd", Scale(3)), ("million", Scale(6)), ("millionen", Scale(6)),
    ("mio", Scale(6)), ("mrd", Scale(9)), ("milliarden", Scale(9)),
    ("sekunde", Unit(Unit::Second)), ("sekunden", Unit(Unit::Second)),
    ("minute", Unit(Unit::Minute)), ("minuten", Unit(Unit::Minute)),
    ("stunde", Unit(Unit::Hour)), ("stunden", Unit(Unit::Hour)), ("std", Unit(Unit::Hour)),
    ("tag", Unit(Unit::Day)), ("tage", Unit(Unit::Day)), ("tagen", Unit(Unit::Day)),
    ("woche", Unit(Unit::Week)), ("wochen", Unit(Unit::Week)),
    ("monat", Unit(Unit::Month)), ("monate", Unit(Unit::Month)), ("monaten", Unit(Unit::Month)),
    ("quartal", Unit(Unit::Quarter)), ("quartale", Unit(Unit::Quarter)),
    ("jahr", Unit(Unit::Year)), ("jahre", Unit(Unit::Year)), ("jahren", Unit(Unit::Year)),
    ("franken", Currency("CHF")),
    ("prozent", Measure("%")),
    ("etwa", Loose), ("ungefähr", Loose), ("rund", Loose), ("circa", Loose), ("ca", Loose), ("mindestens", Loose),
    ("höchstens", Loose), ("maximal", Loose), ("über", Loose), ("unter", Loose), ("knapp", Loose),
    ("heute", Day(0)), ("übermorgen", Day(2)), ("gestern", Day(-1)),
    ("frühling", Season), ("frühjahr", Season), ("sommer", Season), ("herbst", Season),
    ("geschäftsführer", Role), ("leiter", Role), ("leiterin", Role), ("vorstand", Role), ("einkäufer", Role),
    ("herr", Title), ("frau", Title),
    ("nächster", Opener), ("nächste", Opener), ("nächsten", Opener), ("nächstes", Opener), ("kommenden", Opener),
    ("letzten", Opener), ("letzter", Opener), ("vergangenen", Opener), ("kommende", Opener), ("ende", Opener), ("anfang", Opener), ("mitte", Opener),
    ("mez", Zone(60)), ("mesz", Zone(120)),
];

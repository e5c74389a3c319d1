//! Spanish words. `once` is left out, an English word, and so is `mañana`, which
//! is also the morning.

use super::Meaning::{self, *};
use super::Name::*;
use super::Unit;

#[rustfmt::skip]
pub(super) const WORDS: &[(&str, Meaning)] = &[
    ("enero", Month(1, Plain)), ("febrero", Month(2, Plain)), ("marzo", Month(3, Plain)), ("mayo", Month(5, Plain)),
    ("junio", Month(6, Plain)), ("julio", Month(7, Plain)), ("septiembre", Month(9, Plain)),
    ("octubre", Month(10, Plain)), ("noviembre", Month(11, Plain)), ("diciembre", Month(12, Plain)),
    ("abril", Month(4, Short)), ("agosto", Month(8, Short)),
    ("lunes", Weekday(1, Plain)), ("martes", Weekday(2, Plain)), ("miércoles", Weekday(3, Plain)),
    ("miercoles", Weekday(3, Plain)), ("jueves", Weekday(4, Plain)), ("viernes", Weekday(5, Plain)),
    ("sábado", Weekday(6, Plain)), ("sabado", Weekday(6, Plain)), ("domingo", Weekday(7, Plain)),
    ("cero", Cardinal(0)), ("dos", Cardinal(2)), ("tres", Cardinal(3)), ("cuatro", Cardinal(4)),
    ("cinco", Cardinal(5)), ("seis", Cardinal(6)), ("siete", Cardinal(7)), ("ocho", Cardinal(8)),
    ("nueve", Cardinal(9)), ("diez", Cardinal(10)), ("doce", Cardinal(12)), ("trece", Cardinal(13)),
    ("catorce", Cardinal(14)), ("quince", Cardinal(15)),
    ("veinte", Cardinal(20)), ("treinta", Cardinal(30)), ("cuarenta", Cardinal(40)), ("cincuenta", Cardinal(50)),
    ("sesenta", Cardinal(60)), ("setenta", Cardinal(70)), ("ochenta", Cardinal(80)), ("noventa", Cardinal(90)),
    ("un", Cardinal(1)), ("una", Cardinal(1)), ("uno", Cardinal(1)),
    ("mil", Scale(3)), ("millón", Scale(6)), ("millones", Scale(6)),
    ("segundos", Unit(Unit::Second)),
    ("minuto", Unit(Unit::Minute)), ("minutos", Unit(Unit::Minute)),
    ("hora", Unit(Unit::Hour)), ("horas", Unit(Unit::Hour)),
    ("día", Unit(Unit::Day)), ("días", Unit(Unit::Day)), ("dia", Unit(Unit::Day)), ("dias", Unit(Unit::Day)),
    ("semana", Unit(Unit::Week)), ("semanas", Unit(Unit::Week)),
    ("mes", Unit(Unit::Month)), ("meses", Unit(Unit::Month)),
    ("trimestre", Unit(Unit::Quarter)), ("trimestres", Unit(Unit::Quarter)),
    ("año", Unit(Unit::Year)), ("años", Unit(Unit::Year)),
    ("dólares", Currency("USD")),
    ("hoy", Day(0)), ("ayer", Day(-1)),
    ("aproximadamente", Loose), ("unos", Loose), ("unas", Loose),
    ("primavera", Season), ("verano", Season), ("otoño", Season), ("invierno", Season),
    ("director", Role), ("directora", Role), ("gerente", Role),
    ("próximo", Opener), ("próxima", Opener), ("pasado", Opener),
    ("responsable", Role), ("jefe", Role), ("jefa", Role), ("encargado", Role), ("encargada", Role),
    ("señor", Title), ("señora", Title),
];

//! The HTTP edge on a real socket: every error is a problem with all headers
//! (ASVS 16.5.1), slow callers are cut and good ones are not disturbed (R-08,
//! A-08), odd HTTP is refused and nothing is smuggled, bombs do not go
//! off, and a stop loses no request that has started.

mod bodies;
mod problems;
mod running;
mod slow;
mod smuggling;
mod stopping;

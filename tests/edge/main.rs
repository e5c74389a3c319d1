//! The HTTP edge on a real socket: every error is a problem with all headers
//! (ASVS 16.5.1), odd HTTP is refused and nothing is smuggled, and a stop
//! loses no request that has started.

mod bodies;
mod problems;
mod running;
mod smuggling;
mod stopping;

//! The service over HTTP. Here is what stands around every route: problems as
//! answers, the edge that no request gets around, the server that holds the
//! connections, and the limits per key.
//!
//! A request passes, from the outside inwards: [`server`] (connections,
//! deadlines for heads), [`edge`] (request id, limits of bodies, panics, log,
//! figures, security headers), the router, the extractors ([`json`],
//! [`parameters`]) and a handler. Whatever goes wrong on the way is answered by
//! one form, [`problem::Problem`].

pub mod edge;
pub mod json;
pub mod limits;
pub mod parameters;
pub mod problem;
pub mod server;

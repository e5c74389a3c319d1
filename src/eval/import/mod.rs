//! A finished handoff as a case: what people left, confirmed and corrected
//! becomes the gold, so that the next reader is judged by what use taught.

//! What others work out from a route as a whole, worked out once. A copy
//! begins without it, since it may be changed.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Things made from one route, each under the number of who made it.
#[derive(Default)]
pub struct Kept(Mutex<Vec<(u64, Arc<dyn Any + Send + Sync>)>>);

impl Kept {
    /// What this maker made of the route, making it when it is first asked for. Two who ask for the first time at the
    /// same moment may both make it.
    pub fn of<T, E>(&self, maker: u64, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, E>
    where
        T: Any + Send + Sync,
    {
        if let Some(found) = self.find(maker) {
            return Ok(found);
        }
        let made = Arc::new(make()?);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((maker, made.clone()));
        Ok(made)
    }

    fn find<T: Any + Send + Sync>(&self, maker: u64) -> Option<Arc<T>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter(|(one, _)| *one == maker).find_map(|(_, made)| made.clone().downcast().ok())
    }
}

impl Clone for Kept {
    fn clone(&self) -> Self {
        Kept::default()
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;

    #[test]
    fn what_was_made_once_is_there_for_its_maker_alone() {
        let kept = Kept::default();
        let make = |maker: u64, text: &'static str| *kept.of::<_, ()>(maker, || Ok(text)).expect("it is made");
        assert_eq!((make(1, "a"), make(1, "b"), make(2, "c")), ("a", "a", "c"));
        assert_eq!(kept.of::<u8, &str>(3, || Err("no")), Err("no"));
        assert_eq!(*kept.clone().of::<_, ()>(1, || Ok("d")).expect("a copy is new"), "d");
    }
}

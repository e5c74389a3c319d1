//! The addresses that messages lead to. They are put in when a message leaves
//! or is shown, never stored.

use super::App;
use crate::handoff::HandoffId;
use crate::store::Letter;

impl App {
    /// Where the receiver of a message is led.
    pub fn url_of(&self, letter: &Letter) -> String {
        self.page_of(&letter.handoff)
    }

    fn page_of(&self, handoff: &HandoffId) -> String {
        let base = self.settings.base_url.clone().unwrap_or_else(|| format!("http://{}", self.settings.listen));
        format!("{}/h/{handoff}", base.trim_end_matches('/'))
    }
}

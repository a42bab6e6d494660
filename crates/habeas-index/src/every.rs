//! What is there at all, for whoever compares it with digests?

use habeas_model::ItemId;

use crate::{Error, Estate};

impl Estate {
    /// Every item of the estate, sorted.
    ///
    /// # Errors
    /// If the inventory cannot be read.
    pub fn items(&self) -> Result<Vec<ItemId>, Error> {
        let inventory = self.inventory();
        let mut query = inventory.db.prepare_cached("SELECT id FROM item ORDER BY id")?;
        let rows = query.query_map([], |row| row.get::<_, [u8; 32]>(0))?;
        rows.map(|row| Ok(ItemId::from(row?))).collect()
    }

    /// Calls `take` with every typed identifier of the full text, such as `email:jane@example.org`; one
    /// may come several times, and may be of passages that are gone.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn each_id(&self, take: &mut dyn FnMut(&str)) -> Result<(), Error> {
        for segment in self.segments() {
            let ids = segment.inverted_index(self.fields.ids)?;
            let mut terms = ids.terms().stream().map_err(tantivy::TantivyError::from)?;
            while terms.advance() {
                if let Ok(term) = std::str::from_utf8(terms.key()) {
                    take(term);
                }
            }
        }
        Ok(())
    }
}

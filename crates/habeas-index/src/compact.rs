//! How does what is gone from the estate go from its memory on disk too?
//!
//! A run takes the text of gone items out of every answer, but their bytes stay in the full text's
//! segments until these are merged, and in free pages of the inventory. Here both are written anew.

use std::path::Path;

use tantivy::IndexWriter;
use tantivy::merge_policy::NoMergePolicy;

use crate::folder::Folder;
use crate::{Error, schema, split};

/// Bytes of memory of the full text's writer, which adds nothing here.
const HEAP_BYTES: usize = 48 << 20;

/// Writes the full text and the inventory in `dir` anew without what is gone; gives how many segments of
/// the full text that were.
///
/// # Errors
/// If another writer is at work, or there is no room.
pub fn compact(dir: &Path) -> Result<usize, Error> {
    let folder = Folder::new(dir);
    let _lock = folder.lock()?;
    let index = split::open_live(&folder.text())?;
    let mut writer: IndexWriter = index.writer_with_num_threads(1, HEAP_BYTES)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    // A segment that is looked at is not removed, so only its number is kept.
    let segments = index.searchable_segment_metas()?.into_iter();
    let holed: Vec<_> = segments.filter(|meta| meta.has_deletes()).map(|meta| meta.id()).collect();
    for id in &holed {
        writer.merge(&[*id]).wait()?;
    }
    writer.garbage_collect_files().wait()?;
    writer.wait_merging_threads()?;
    let db = schema::open_writable(&folder.inventory())?;
    db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?;
    tracing::info!(n_segments = holed.len(), "compacted");
    Ok(holed.len())
}

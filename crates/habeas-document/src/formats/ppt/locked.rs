//! What does a presentation from before 2007 say that has a password?
//!
//! Everything that a list names is encrypted with a key of its own, made of its number; the lists are
//! not ([MS-PPT] 2.3.7 and [MS-OFFCRYPTO] 2.3.5).

use habeas_model::Exception;

use super::records;
use super::{edits, persisted};
use crate::Budget;
use crate::formats::art;
use crate::formats::compound::u32_at;
use crate::formats::encrypted::{Rc4Key, unknown};

/// The mark of an encrypted document ([MS-PPT] 2.3.2).
const MARK: u32 = 0xf3d1_c4df;
/// What tells how a document is encrypted.
const SESSION: u16 = 0x2f14;
const HEAD_BYTES: usize = 8;

/// Decrypts a stream with the passwords that are known; `None` if it needs none.
pub(super) fn unlock(
    stream: &mut [u8],
    user: &[u8],
    budget: &Budget,
) -> Result<Option<Rc4Key>, Exception> {
    let (mut session, mut objects) = (None, Vec::new());
    for edit in edits(stream, user) {
        session = session.or(u32_at(edit.body, 28).filter(|id| *id != 0));
        objects.extend(persisted(stream, &edit));
        // Each name takes four bytes, so that lists that are the same one over and over are damage.
        if objects.len() > stream.len() / 4 {
            break;
        }
    }
    if session.is_none() && u32_at(user, 12) != Some(MARK) {
        return Ok(None);
    }
    let place = session.and_then(|id| objects.iter().find(|(have, _)| *have == id));
    let info = place.and_then(|(_, place)| records::at(stream, *place));
    let info = info.filter(|record| record.kind == SESSION).ok_or_else(unknown)?;
    let key = Rc4Key::find(info.body, budget)?;
    objects.retain(|(id, _)| Some(*id) != session);
    objects.sort_unstable_by_key(|(_, place)| *place);
    objects.dedup_by_key(|(_, place)| *place);
    for (index, (id, place)) in objects.iter().enumerate() {
        let next = objects.get(index + 1).map_or(stream.len(), |(_, next)| *next);
        let Some(object) = stream.get_mut(*place..next.min(stream.len())) else { continue };
        let Some(mut head) = object.first_chunk::<HEAD_BYTES>().copied() else { continue };
        key.object(*id, &mut head);
        // No object goes on into the next one.
        let n = u32_at(&head, 4).map_or(usize::MAX, |n| n as usize).saturating_add(HEAD_BYTES);
        let n = n.min(object.len());
        key.object(*id, &mut object[..n]);
    }
    Ok(Some(key))
}

/// Decrypts the pictures, each piece of which is encrypted as if it were the first ([MS-OFFCRYPTO]
/// 2.3.5; Apache POI, `HSLFSlideShowEncrypted`). Gives whether all of the stream were pictures.
pub(super) fn pictures(key: &Rc4Key, stream: &mut [u8]) -> bool {
    let mut rest = stream;
    while !rest.is_empty() {
        let Some((head, behind)) = rest.split_first_chunk_mut::<HEAD_BYTES>() else { return false };
        key.object(0, head);
        let Some(pieces) = art::pieces(head) else { return false };
        rest = behind;
        for n in pieces {
            let is_there = n <= rest.len();
            let (piece, behind) = rest.split_at_mut(n.min(rest.len()));
            key.object(0, piece);
            if !is_there {
                return false;
            }
            rest = behind;
        }
    }
    true
}

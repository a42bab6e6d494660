//! How is one file changed in one step, so that a crash or a race leaves the old one or the new one?
//!
//! The new content is written beside the file, with its rights, and made to last. Then the two change
//! places in one step of the system (`RENAME_EXCHANGE`); what comes out is looked at once more, and
//! only if it is, to the byte, what was planned for, it is unlinked. If it is anything else the two
//! change places again, and nothing happened. A whole file goes the same way: it is moved aside, looked
//! at, then unlinked or moved back. Only here does anything write to a source.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;

use habeas_model::ItemId;
use rustix::fs::{
    AtFlags, Gid, Mode, OFlags, RenameFlags, Uid, fchmod, fchown, fgetxattr, flistxattr, fsetxattr,
    fsync, openat, renameat_with, unlinkat,
};
use rustix::io::Errno;

use crate::Error;
use crate::beneath::{Facts, Refusal, Spot, contents, facts_of, said};
use crate::pace::Pace;

/// What went wrong with one file: it is left alone, or the run stops.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// It is as it was, and for a person.
    Refused(Refusal),
    /// The run stops.
    Stopped(Error),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Stopped(error)
    }
}

/// A file as it was planned for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) id: &'a ItemId,
    /// Bytes to read at most.
    pub(crate) most_bytes: u64,
}

impl Expected<'_> {
    /// Why what stands at a name is not this file, if so. `n_links` may have become fewer: another of
    /// its names may have been erased before.
    pub(crate) fn differs(
        &self,
        spot: &Spot,
        name: &[u8],
    ) -> Result<Option<&'static str>, Refusal> {
        let (file, now) = spot.open(name)?;
        let then = self.facts;
        if !now.is_same_file(then) {
            return Ok(Some("another file has taken its place since the plan"));
        }
        if now.size_bytes != then.size_bytes || now.modified_ns != then.modified_ns {
            return Ok(Some("it has changed since the plan"));
        }
        if now.n_links > then.n_links {
            return Ok(Some("it has more names than when it was planned"));
        }
        let (_, id) = contents(&file, self.most_bytes)?;
        Ok((id != *self.id).then_some("it has changed since the plan"))
    }
}

/// Writes new content beside a file, under the name `draft`, with the rights of the file as it is, and
/// makes it last. Gives what the file system says of it.
pub(crate) fn write_beside(
    spot: &Spot,
    draft: &[u8],
    bytes: &[u8],
    like: &Like<'_>,
    pace: &dyn Pace,
) -> Result<Facts, Trouble> {
    pace.next("create")?;
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = openat(&spot.folder, draft, flags, Mode::RUSR | Mode::WUSR)
        .map_err(|errno| said("its folder", errno))?;
    let mut file = File::from(file);
    let written = fill(&mut file, bytes, like, pace);
    match written {
        Ok(facts) => Ok(facts),
        Err(Trouble::Refused(why)) => {
            discard(spot, draft, pace)?;
            Err(Trouble::Refused(why))
        }
        Err(stopped) => Err(stopped),
    }
}

/// Whose rights a new file gets.
pub(crate) enum Like<'a> {
    /// Those of an open file, its access list and other attributes included.
    File(&'a File),
    /// Those that were noted of a file that is gone.
    Facts(&'a Facts),
}

fn fill(file: &mut File, bytes: &[u8], like: &Like<'_>, pace: &dyn Pace) -> Result<Facts, Trouble> {
    let no_room = |_| "there is no room for the new file beside it".to_owned();
    let (first, second) = bytes.split_at(bytes.len() / 2);
    for half in [first, second] {
        pace.next("write")?;
        file.write_all(half).map_err(no_room)?;
    }
    let facts = match like {
        Like::File(original) => {
            copy_attributes(original, file)?;
            facts_of(original)?
        }
        Like::Facts(facts) => **facts,
    };
    let own = facts_of(file)?;
    if (own.owner, own.group) != (facts.owner, facts.group) {
        fchown(&*file, Some(Uid::from_raw(facts.owner)), Some(Gid::from_raw(facts.group)))
            .map_err(|_| "it belongs to another user, who would lose it".to_owned())?;
    }
    fchmod(&*file, Mode::from_raw_mode(facts.mode)).map_err(|errno| said("it", errno))?;
    pace.next("sync")?;
    fsync(&*file).map_err(|errno| said("its disk", errno))?;
    let (_, id) = contents(file, bytes.len() as u64)?;
    if id != ItemId::of(bytes) {
        return Err("its disk does not give back what was written".to_owned().into());
    }
    Ok(facts_of(file)?)
}

/// Copies the access list and other attributes. What only the system may set is left to it.
fn copy_attributes(from: &File, to: &File) -> Result<(), Refusal> {
    let mut names = vec![0; 64 << 10];
    let n = match flistxattr(from, &mut names[..]) {
        Ok(n) => n,
        Err(Errno::NOTSUP) => return Ok(()),
        Err(errno) => return Err(said("its attributes", errno)),
    };
    for name in names[..n].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let mut value = vec![0; 64 << 10];
        let copied = fgetxattr(from, name, &mut value[..])
            .and_then(|n| fsetxattr(to, name, &value[..n], rustix::fs::XattrFlags::empty()));
        let is_own = name.starts_with(b"user.") || name.starts_with(b"system.posix_acl");
        if copied.is_err() && is_own {
            return Err("its access list or attributes cannot be kept".to_owned());
        }
    }
    Ok(())
}

/// Lets the file and its draft change places, if the file is the one expected; afterwards the name
/// has the new content, and the original stands under `draft`.
///
/// If what comes out is not the file that was expected, the two change places again.
pub(crate) fn exchange(
    spot: &Spot,
    draft: &[u8],
    new: &Facts,
    expected: &Expected<'_>,
    pace: &dyn Pace,
) -> Result<(), Trouble> {
    let why = match expected.differs(spot, &spot.name) {
        Ok(why) => why.map(str::to_owned),
        Err(refusal) => Some(refusal),
    };
    if let Some(why) = why {
        discard(spot, draft, pace)?;
        return Err(why.into());
    }
    pace.next("exchange")?;
    if let Err(trouble) = swap_names(spot, draft) {
        discard(spot, draft, pace)?;
        return Err(trouble);
    }
    settle(spot, pace)?;
    after_exchange(spot, draft, new, expected, pace)
}

/// Looks at what an exchange brought out, and takes it back if it is not what was expected.
pub(crate) fn after_exchange(
    spot: &Spot,
    draft: &[u8],
    new: &Facts,
    expected: &Expected<'_>,
    pace: &dyn Pace,
) -> Result<(), Trouble> {
    let why = expected.differs(spot, draft).unwrap_or(Some("it changed while it was erased"));
    let Some(why) = why else { return Ok(()) };
    // Only what was put there is taken away again.
    let here = spot.look(&spot.name)?;
    if !here.is_some_and(|here| here.is_same_file(new)) {
        return Err(format!(
            "{why}, and it was replaced once more: look at it and at the file of Habeas beside it"
        )
        .into());
    }
    pace.next("exchange back")?;
    swap_names(spot, draft)?;
    settle(spot, pace)?;
    if spot.look(draft)?.is_some_and(|facts| facts.is_same_file(new)) {
        discard(spot, draft, pace)?;
    }
    Err(why.to_owned().into())
}

fn swap_names(spot: &Spot, draft: &[u8]) -> Result<(), Trouble> {
    let name = spot.name.as_slice();
    renameat_with(&spot.folder, draft, &spot.folder, name, RenameFlags::EXCHANGE).map_err(|errno| {
        match errno {
            Errno::INVAL | Errno::NOSYS | Errno::NOTSUP => {
                "its file system cannot exchange two files in one step".to_owned()
            }
            errno => said("it", errno),
        }
        .into()
    })
}

/// Moves a file aside, to `draft`, if it is the one expected; moves it back if another one came.
pub(crate) fn set_aside(
    spot: &Spot,
    draft: &[u8],
    expected: &Expected<'_>,
    pace: &dyn Pace,
) -> Result<(), Trouble> {
    if let Some(why) = expected.differs(spot, &spot.name)? {
        return Err(why.to_owned().into());
    }
    pace.next("set aside")?;
    move_to(spot, &spot.name, draft)?;
    settle(spot, pace)?;
    after_setting_aside(spot, draft, expected, pace)
}

/// Looks at what was moved aside, and moves it back if it is not what was expected.
pub(crate) fn after_setting_aside(
    spot: &Spot,
    draft: &[u8],
    expected: &Expected<'_>,
    pace: &dyn Pace,
) -> Result<(), Trouble> {
    let why = expected.differs(spot, draft).unwrap_or(Some("it changed while it was erased"));
    let Some(why) = why else { return Ok(()) };
    pace.next("move back")?;
    move_to(spot, draft, &spot.name)?;
    settle(spot, pace)?;
    Err(why.to_owned().into())
}

/// Gives a file another name in its folder, which must be free.
pub(crate) fn move_to(spot: &Spot, from: &[u8], to: &[u8]) -> Result<(), Trouble> {
    renameat_with(&spot.folder, from, &spot.folder, to, RenameFlags::NOREPLACE).map_err(|errno| {
        match errno {
            Errno::EXIST => "another file has taken its name".to_owned(),
            Errno::INVAL | Errno::NOSYS | Errno::NOTSUP => {
                "its file system cannot rename without replacing".to_owned()
            }
            errno => said("it", errno),
        }
        .into()
    })
}

/// Unlinks a name of the folder. Call it only for what was looked at.
pub(crate) fn discard(spot: &Spot, name: &[u8], pace: &dyn Pace) -> Result<(), Trouble> {
    pace.next("unlink")?;
    match unlinkat(&spot.folder, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => settle(spot, pace),
        Err(errno) => Err(said("it", errno).into()),
    }
}

/// Makes the folder's names last.
pub(crate) fn settle(spot: &Spot, pace: &dyn Pace) -> Result<(), Trouble> {
    pace.next("sync folder")?;
    fsync(spot.folder.as_fd()).map_err(|errno| said("its folder", errno).into())
}

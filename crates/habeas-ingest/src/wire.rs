//! How do descriptors go from one process to the other?
//!
//! The reader's standard input is one end of a socket pair. What the parent says there goes as one
//! byte, which may carry a descriptor, and a frame. What the reader says goes through the pipe on
//! its standard output; descriptors of its own go through the socket, one byte each, in the order
//! in which the pipe announces them.

use std::io::{self, IoSlice, IoSliceMut, Seek, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::cmsg_space;
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, memfd_create};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

/// What makes a memory file one that nobody can change any more.
const SEALS: SealFlags =
    SealFlags::WRITE.union(SealFlags::GROW).union(SealFlags::SHRINK).union(SealFlags::SEAL);

/// So many descriptors go with one byte at most.
const MOST_FDS: usize = 2;

/// Sends one byte, with a descriptor if one is given.
pub(crate) fn send(socket: &UnixStream, fd: Option<BorrowedFd<'_>>) -> io::Result<()> {
    send_all(socket, fd.as_slice())
}

/// Sends one byte, with these descriptors, at most two.
pub(crate) fn send_all(socket: &UnixStream, fds: &[BorrowedFd<'_>]) -> io::Result<()> {
    let byte = [IoSlice::new(&[1])];
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(MOST_FDS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !fds.is_empty() && !control.push(SendAncillaryMessage::ScmRights(fds)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let sent =
        rustix::io::retry_on_intr(|| sendmsg(socket, &byte, &mut control, SendFlags::NOSIGNAL))?;
    if sent == 1 { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
}

/// Takes one byte, with its descriptor if it carries one; `None` when the other end is gone.
pub(crate) fn receive(socket: &UnixStream) -> io::Result<Option<Option<OwnedFd>>> {
    // More than one would be closed here: nobody sends two.
    Ok(receive_all(socket)?.map(|mut fds| fds.pop()))
}

/// Takes one byte, with its descriptors in order; `None` when the other end is gone.
pub(crate) fn receive_all(socket: &UnixStream) -> io::Result<Option<Vec<OwnedFd>>> {
    let mut byte = [0];
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(MOST_FDS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = rustix::io::retry_on_intr(|| {
        recvmsg(socket, &mut [IoSliceMut::new(&mut byte)], &mut control, RecvFlags::CMSG_CLOEXEC)
    })?;
    if received.bytes == 0 {
        return Ok(None);
    }
    let mut all = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(fds) = message {
            all.extend(fds);
        }
    }
    Ok(Some(all))
}

/// These bytes as a file in memory that cannot be changed: it has no name, and no path leads to it.
pub(crate) fn sealed(bytes: &[u8]) -> io::Result<OwnedFd> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let file = memfd_create("member", flags)?;
    let mut file = std::fs::File::from(file);
    file.write_all(bytes)?;
    file.rewind()?;
    fcntl_add_seals(&file, SEALS)?;
    Ok(file.into())
}

/// Is this a file in memory that cannot be changed?
pub(crate) fn is_sealed(file: impl AsFd) -> bool {
    fcntl_get_seals(file).is_ok_and(|seals| seals.contains(SEALS))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read;
    use std::os::unix::fs::FileExt;

    use super::*;

    #[test]
    fn a_sealed_file_goes_over_and_cannot_be_changed() {
        let (here, there) = UnixStream::pair().unwrap();
        let file = sealed(b"what it says").unwrap();
        send(&here, Some(file.as_fd())).unwrap();
        send(&here, None).unwrap();
        drop((here, file));
        let file = receive(&there).unwrap().unwrap().expect("a descriptor");
        assert!(receive(&there).unwrap().unwrap().is_none());
        assert!(receive(&there).unwrap().is_none(), "the other end is gone");
        assert!(is_sealed(&file));
        let file = File::from(file);
        assert!(file.write_at(b"x", 0).is_err());
        assert!(file.set_len(0).is_err() && file.set_len(100).is_err());
        let mut text = vec![0; 12];
        file.read_exact_at(&mut text, 0).unwrap();
        assert_eq!(text, b"what it says");
        let mut other = tempfile::tempfile().unwrap();
        assert!(!is_sealed(&other));
        assert_eq!(other.read(&mut [0; 1]).unwrap(), 0);
    }
}

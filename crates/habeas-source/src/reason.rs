//! What does an error of the system mean for the file it struck?

use std::io;

use habeas_model::{Exception, Reason};
use rustix::io::Errno;

/// The exception for a file or folder that the system failed on.
pub fn exception(error: &io::Error) -> Exception {
    let text = error.to_string();
    let note = text.split(" (os error").next().unwrap_or(&text);
    Exception::whole(reason(error), note.to_lowercase())
}

/// The reason behind an error of the system.
///
/// What is not known better is `Io`, also what is no fault of the file, such as too many open
/// files: the file is tried again with the next run.
pub fn reason(error: &io::Error) -> Reason {
    match Errno::from_io_error(error) {
        Some(errno) => of(errno),
        None => match error.kind() {
            io::ErrorKind::NotFound => Reason::Vanished,
            io::ErrorKind::PermissionDenied => Reason::Permission,
            _ => Reason::Io,
        },
    }
}

/// As [`exception`], of the system's own number.
pub(crate) fn failed(errno: Errno) -> Exception {
    exception(&errno.into())
}

/// The reason behind an error number.
///
/// # Source
/// Linux `open(2)`, `openat2(2)`, `read(2)`, `fscrypt`; the kernel's `fs/smb/client/netmisc.c` and
/// `smb2maperror.c` (a sharing violation is `EBUSY`, in older kernels `ETXTBSY`); `libfuse` (a
/// server that died is `ENOTCONN` or `ECONNABORTED`).
fn of(errno: Errno) -> Reason {
    match errno {
        Errno::NOENT | Errno::STALE => Reason::Vanished,
        Errno::ACCESS | Errno::PERM | Errno::KEYEXPIRED | Errno::KEYREVOKED => Reason::Permission,
        // A folder or file turned into something else, or its path leads out of its source.
        Errno::LOOP | Errno::NOTDIR | Errno::ISDIR | Errno::XDEV => Reason::Changed,
        // `EAGAIN` is somebody's lease on the file, such as Samba's: asking made them give it up.
        Errno::BUSY | Errno::TXTBSY | Errno::AGAIN | Errno::DEADLK => Reason::Locked,
        Errno::NOKEY | Errno::KEYREJECTED => Reason::Encrypted,
        Errno::TIMEDOUT
        | Errno::TIME
        | Errno::HOSTDOWN
        | Errno::HOSTUNREACH
        | Errno::NETDOWN
        | Errno::NETUNREACH
        | Errno::NETRESET
        | Errno::CONNABORTED
        | Errno::CONNREFUSED
        | Errno::CONNRESET
        | Errno::NOTCONN
        | Errno::SHUTDOWN
        | Errno::PIPE
        | Errno::NOLINK
        | Errno::NONET
        | Errno::COMM => Reason::Stalled,
        Errno::NOMEM | Errno::NOBUFS => Reason::MemoryLimit,
        _ => Reason::Io,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_reason(errnos: &[Errno], wanted: Reason) {
        for errno in errnos {
            assert_eq!(reason(&io::Error::from(*errno)), wanted, "{errno:?}");
        }
    }

    #[test]
    fn every_error_of_the_system_has_a_reason() {
        check_reason(&[Errno::NOENT, Errno::STALE], Reason::Vanished);
        check_reason(&[Errno::ACCESS, Errno::PERM], Reason::Permission);
        check_reason(&[Errno::LOOP, Errno::NOTDIR, Errno::XDEV], Reason::Changed);
        check_reason(&[Errno::BUSY, Errno::TXTBSY, Errno::WOULDBLOCK], Reason::Locked);
        check_reason(&[Errno::NOKEY], Reason::Encrypted);
        check_reason(&[Errno::TIMEDOUT, Errno::HOSTDOWN, Errno::NOTCONN], Reason::Stalled);
        check_reason(&[Errno::NOMEM], Reason::MemoryLimit);
        check_reason(&[Errno::IO, Errno::REMOTEIO, Errno::NXIO, Errno::NODEV], Reason::Io);
        check_reason(&[Errno::NOMEDIUM, Errno::UCLEAN, Errno::BADMSG], Reason::Io);
        check_reason(&[Errno::NAMETOOLONG, Errno::MFILE, Errno::OVERFLOW], Reason::Io);
        // Every other one that Linux has is an error of input and output.
        let known = (1..=133).map(io::Error::from_raw_os_error).map(|error| reason(&error));
        assert_eq!(known.filter(|reason| *reason != Reason::Io).count(), 34);
    }

    #[test]
    fn an_exception_says_what_the_system_said() {
        let exception = failed(Errno::ACCESS);
        assert_eq!(exception.to_string(), "permission: permission denied");
        let eof = io::Error::from(io::ErrorKind::UnexpectedEof);
        assert_eq!(super::exception(&eof).reason, Reason::Io);
    }
}

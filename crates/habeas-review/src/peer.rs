//! Who is at the other end of a connection: this user, or another one of the machine?
//!
//! Loopback is open to everybody who is logged in. The kernel lists each end of a connection with the
//! user who made it; a connection whose other end is not this user's is refused, whatever token it brings.

use std::net::{IpAddr, SocketAddr};

use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use tokio::net::TcpListener;

/// What is known of the other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Was the connection made by the user who runs this?
    pub is_ours: bool,
}

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        let here = stream.io().local_addr();
        let is_ours = here.is_ok_and(|here| is_ours(*stream.remote_addr(), here));
        Self { is_ours }
    }
}

/// Is the far end, which is on this machine, a socket of this user?
#[cfg(target_os = "linux")]
fn is_ours(far: SocketAddr, here: SocketAddr) -> bool {
    let file = if far.is_ipv4() { "/proc/net/tcp" } else { "/proc/net/tcp6" };
    let user = rustix::process::geteuid().as_raw();
    far.ip().is_loopback()
        && std::fs::read_to_string(file)
            .is_ok_and(|table| owner(&table, far, here) == Some(user))
}

/// Elsewhere the kernel's table is not read: the key and the token have to do.
#[cfg(not(target_os = "linux"))]
fn is_ours(far: SocketAddr, _here: SocketAddr) -> bool {
    far.ip().is_loopback()
}

/// The user of the socket that is bound to `far` and connected to `here`.
///
/// # Source
/// `proc_net_tcp.txt` of the Linux kernel: local address, remote address, …, the seventh field is `uid`.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux has the table"))]
fn owner(table: &str, far: SocketAddr, here: SocketAddr) -> Option<u32> {
    let (far, here) = (written(far), written(here));
    table.lines().skip(1).find_map(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let is_it = fields.next() == Some(&*far) && fields.next() == Some(&*here);
        // Behind the addresses: state, queues, timer, retransmits, user.
        let uid = fields.nth(4);
        if is_it { uid?.parse().ok() } else { None }
    })
}

/// An address as the kernel writes it: words of 32 bits in the machine's own order, then the port.
fn written(address: SocketAddr) -> String {
    let word = |bytes: [u8; 4]| format!("{:08X}", u32::from_ne_bytes(bytes));
    let ip = match address.ip() {
        IpAddr::V4(ip) => word(ip.octets()),
        IpAddr::V6(ip) => ip.octets().as_chunks::<4>().0.iter().map(|four| word(*four)).collect(),
    };
    format!("{ip}:{:04X}", address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a machine writes it whose words begin with the lowest byte.
    #[cfg(target_endian = "little")]
    const TABLE: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:A0C4 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 90 1
   1: 0100007F:A0C4 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 91 1
   2: 0100007F:D431 0100007F:A0C4 01 00000000:00000000 00:00000000 00000000  1001        0 92 1
";

    #[test]
    #[cfg(target_endian = "little")]
    fn the_other_end_is_told_by_both_addresses() {
        let check = |far: &str, here: &str, expected: Option<u32>| {
            let (far, here) = (far.parse().unwrap(), here.parse().unwrap());
            assert_eq!(owner(TABLE, far, here), expected, "{far} {here}");
        };
        check("127.0.0.1:54321", "127.0.0.1:41156", Some(1001));
        check("127.0.0.1:41156", "127.0.0.1:54321", Some(1000));
        check("127.0.0.1:54321", "127.0.0.1:41157", None);
        check("127.0.0.2:54321", "127.0.0.1:41156", None);
        let six: SocketAddr = "[::1]:8080".parse().unwrap();
        assert_eq!(written(six), "00000000000000000000000001000000:1F90");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_connection_of_ones_own_is_known() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let near = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (far, _) = listener.accept().unwrap();
        assert!(is_ours(far.peer_addr().unwrap(), far.local_addr().unwrap()));
        drop(near);
    }
}

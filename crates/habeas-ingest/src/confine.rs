//! What can a reader process not do?
//!
//! A reader is given descriptors, so it opens nothing itself. It gives up, as far as the kernel
//! lets it: every file, every connection and every signal (landlock), every system call that
//! reading does not need (seccomp), more memory than one item may take (rlimits), and being looked
//! into (core dumps, ptrace).

use std::fmt;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd,
    Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

use crate::frame::{Confinement, Level};

/// The newest rules that are asked for; an older kernel gives what it has.
const RULES: ABI = ABI::V6;

/// Descriptors that a reader may have open.
const MOST_FILES: u64 = 128;

/// Memory beside what an item takes: stacks, code, what the allocator keeps.
const OWN_BYTES: u64 = 160 << 20;

impl Confinement {
    /// Is everything in force that this version knows?
    pub fn is_whole(&self) -> bool {
        self.landlock == Level::Whole && self.has_seccomp && self.has_limits
    }
}

impl fmt::Display for Confinement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let landlock = match self.landlock {
            Level::Whole => "landlock: no files, no network, no signals",
            Level::Part => "landlock in part (an older kernel): no files",
            Level::None => "no landlock in this kernel",
        };
        let seccomp = if self.has_seccomp {
            "seccomp: only the system calls that reading needs"
        } else {
            "no seccomp in this kernel"
        };
        let limits = if self.has_limits { "memory is limited" } else { "memory is only watched" };
        write!(out, "processes of their own; {landlock}; {seccomp}; {limits}")
    }
}

/// Gives up everything that a reader does not need, in all threads of this process.
pub(crate) fn confine() -> Confinement {
    let has_limits = limit().is_ok();
    let landlock = match nothing() {
        Ok(RulesetStatus::FullyEnforced) => Level::Whole,
        Ok(RulesetStatus::PartiallyEnforced) => Level::Part,
        Ok(RulesetStatus::NotEnforced) | Err(_) => Level::None,
    };
    Confinement { landlock, has_seccomp: false, has_limits }
}

/// Gives up system calls, in all threads there are; no thread can be started after that.
pub(crate) fn confine_calls() -> bool {
    let Ok(filter) = filter() else { return false };
    seccompiler::apply_filter_all_threads(&filter).is_ok()
}

/// From now on this process may take so much memory for an item.
///
/// What is asked for beyond it is refused, which ends the process with a message that tells the
/// parent why.
pub(crate) fn limit_memory(bytes: u64) {
    let most = Some(bytes.saturating_add(OWN_BYTES));
    // Under a smaller hard limit of somebody else's that one stands.
    let _ = setrlimit(Resource::Data, Rlimit { current: most, maximum: None });
}

fn limit() -> rustix::io::Result<()> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    let exactly = |most| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::Core, exactly(0))?;
    setrlimit(Resource::Nofile, exactly(MOST_FILES))
}

fn nothing() -> Result<RulesetStatus, RulesetError> {
    Ok(rules()?.restrict_self()?.ruleset)
}

fn rules() -> Result<RulesetCreated, RulesetError> {
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(RULES))?
        .handle_access(AccessNet::from_all(RULES))?
        .scope(Scope::from_all(RULES))?
        .create()
}

/// Gives up everything but reading files and folders: for a process that goes to the file system.
pub(crate) fn confine_lister() -> Level {
    confine_to(AccessFs::ReadFile | AccessFs::ReadDir, &["/"])
}

/// Gives up everything but reading and running what is installed: for a foreign program.
pub(crate) fn confine_foreign(readable: &[&str]) -> Level {
    confine_to(AccessFs::ReadFile | AccessFs::ReadDir | AccessFs::Execute, readable)
}

fn confine_to(access: BitFlags<AccessFs>, readable: &[&str]) -> Level {
    let restrict = || -> Result<RulesetStatus, RulesetError> {
        let mut rules = rules()?;
        for path in readable {
            if let Ok(path) = PathFd::new(path) {
                rules = rules.add_rule(PathBeneath::new(path, access))?;
            }
        }
        Ok(rules.restrict_self()?.ruleset)
    };
    let _ = limit();
    match restrict() {
        Ok(RulesetStatus::FullyEnforced) => Level::Whole,
        Ok(RulesetStatus::PartiallyEnforced) => Level::Part,
        Ok(RulesetStatus::NotEnforced) | Err(_) => Level::None,
    }
}

/// The calls that reading needs. All others fail with EPERM, so that a library that tries one gets
/// an error and no signal.
const CALLS: &[i64] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_ftruncate,
    libc::SYS_fcntl,
    libc::SYS_close,
    libc::SYS_sendmsg,
    libc::SYS_recvmsg,
    libc::SYS_recvfrom,
    libc::SYS_memfd_create,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_tgkill,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_restart_syscall,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_prlimit64,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
    let mut rules: std::collections::BTreeMap<i64, Vec<SeccompRule>> =
        CALLS.iter().map(|call| (*call, Vec::new())).collect();
    // Memory to write or to run, never both, and none to run at all.
    let no_code = || {
        let no_exec = SeccompCmpOp::MaskedEq(libc::PROT_EXEC as u64);
        SeccompRule::new(vec![SeccompCondition::new(2, SeccompCmpArgLen::Dword, no_exec, 0)?])
    };
    rules.insert(libc::SYS_mmap, vec![no_code()?]);
    rules.insert(libc::SYS_mprotect, vec![no_code()?]);
    let filter = SeccompFilter::new(
        rules,
        SeccompAction::Errno(libc::EPERM as u32),
        SeccompAction::Allow,
        std::env::consts::ARCH.try_into()?,
    )?;
    filter.try_into()
}

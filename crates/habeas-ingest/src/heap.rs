//! Who hands out memory, in the run and in its readers?
//!
//! The system's allocator gives each thread one of a few arenas, and an arena keeps what a thread has
//! given back. The full text starts a thread a batch, and each came to another arena: with every
//! batch the run held more, up to that many times the memory of a batch. This one gives it back
//! after some seconds. It stands here, so that tests have their readers run what the command runs.

/// The allocator of every program that uses this crate; libraries in C keep the system's.
#[global_allocator]
static HEAP: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

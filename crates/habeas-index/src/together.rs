//! Work on every core, with the answers in order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does `work` for each of `tasks`, as many at once as there are cores; answers stand in the order
/// of the tasks.
pub(crate) fn together<T: Sync, R: Send>(tasks: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let n_threads = thread::available_parallelism().map_or(1, usize::from).min(tasks.len());
    if n_threads < 2 {
        return tasks.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(tasks.len()));
    let take = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(at) else { break };
            let answer = work(task);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((at, answer));
        }
    };
    thread::scope(|scope| {
        for _ in 1..n_threads {
            scope.spawn(take);
        }
        take();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_in_the_order_of_the_tasks() {
        for n in [0, 1, 2, 100] {
            let tasks: Vec<u64> = (0..n).collect();
            let answers = together(&tasks, |task| {
                thread::sleep(std::time::Duration::from_micros(task * 7 % 11));
                task * 2
            });
            assert_eq!(answers, tasks.iter().map(|task| task * 2).collect::<Vec<_>>());
        }
    }
}

//! Work on two threads with results in order, so that nothing depends on which is faster.

/// Threads that share the work.
const THREADS: usize = 2;

/// Returns what each number below `count` comes to.
pub(crate) fn each<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let work = &work;
    let mut parts: Vec<std::vec::IntoIter<T>> = std::thread::scope(|scope| {
        let share = |thread: usize| (thread..count).step_by(THREADS).map(work).collect::<Vec<T>>();
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || share(thread))).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, Vec<T>>| match thread.join() {
            Ok(part) => part.into_iter(),
            Err(panic) => std::panic::resume_unwind(panic),
        };
        threads.into_iter().map(join).collect()
    });
    (0..count).filter_map(|number| parts[number % THREADS].next()).collect()
}

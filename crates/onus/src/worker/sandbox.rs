//! What a worker gives up before it sees an exhibit: limits of its own, files, network, signals and most system calls.
//!
//! On Linux: resource limits, `no_new_privs`, Landlock (no file, no TCP, no signals and abstract sockets outside; as far
//! as the kernel has it), and a seccomp filter that lets through only what reading standard input and answering need.
//! Anything else fails with "operation not permitted". On other Unix systems resource limits alone; elsewhere nothing
//! but a process of its own. The level in force is returned, and stands in the ledger beside what was read.

/// Memory that a worker may reserve, in bytes.
pub const MEMORY_MAX: u64 = 512 << 20;

/// Processor time of a worker's whole life, in seconds: a signal, and two seconds later its end.
pub const CPU_SECONDS: u64 = 20;

/// Gives up everything that reading an exhibit does not need, and all but so much processor time.
/// It cannot be taken back.
///
/// Returns the level in force, such as `rlimits+landlock-abi7+seccomp`.
///
/// # Errors
/// What this system should allow and did not, in words.
pub fn enter(cpu_seconds: u64) -> Result<String, String> {
    let parts = [limits(cpu_seconds)?, landlock()?, system_calls()?];
    let level: Vec<String> = parts.into_iter().flatten().collect();
    Ok(if level.is_empty() { "process".to_owned() } else { level.join("+") })
}

#[cfg(unix)]
fn limits(cpu_seconds: u64) -> Result<Option<String>, String> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let set = |resource, soft, hard| {
        let limit = Rlimit { current: Some(soft), maximum: Some(hard) };
        setrlimit(resource, limit).map_err(|error| format!("setting a resource limit: {error}"))
    };
    set(Resource::Core, 0, 0)?;
    set(Resource::Fsize, 0, 0)?;
    set(Resource::Cpu, cpu_seconds, cpu_seconds + 2)?;
    // the rules of Landlock need one descriptor beside the three that every process has
    set(Resource::Nofile, 8, 8)?;
    #[cfg(not(target_os = "macos"))]
    set(Resource::As, MEMORY_MAX, MEMORY_MAX)?;
    set(Resource::Nproc, 0, 0)?;
    Ok(Some("rlimits".to_owned()))
}

#[cfg(not(unix))]
fn limits(_: u64) -> Result<Option<String>, String> {
    Ok(None)
}

#[cfg(target_os = "linux")]
fn landlock() -> Result<Option<String>, String> {
    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, LandlockStatus, Ruleset, RulesetAttr as _,
        RulesetStatus, Scope,
    };
    /// The newest version whose rights are asked for, with all before it.
    const KNOWN: [ABI; 7] = [ABI::V1, ABI::V2, ABI::V3, ABI::V4, ABI::V5, ABI::V6, ABI::V7];
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V7))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V7)))
        .and_then(|rules| rules.scope(Scope::from_all(ABI::V7)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self)
        .map_err(|error| format!("Landlock: {error}"))?;
    if status.ruleset == RulesetStatus::NotEnforced {
        return Ok(None);
    }
    let LandlockStatus::Available { effective_abi, .. } = status.landlock else { return Ok(None) };
    let version = KNOWN.iter().filter(|known| **known <= effective_abi).count();
    Ok(Some(format!("landlock-abi{version}")))
}

#[cfg(not(target_os = "linux"))]
fn landlock() -> Result<Option<String>, String> {
    Ok(None)
}

#[cfg(target_os = "linux")]
fn system_calls() -> Result<Option<String>, String> {
    let refused = |error: &dyn std::fmt::Display| format!("seccomp: {error}");
    let filter = filter().map_err(|error| refused(&error))?;
    seccompiler::apply_filter_all_threads(&filter).map_err(|error| refused(&error))?;
    Ok(Some("seccomp".to_owned()))
}

#[cfg(not(target_os = "linux"))]
fn system_calls() -> Result<Option<String>, String> {
    Ok(None)
}

/// The filter: memory, time, standard input and output, and ending. Memory is never executable; a signal may be sent
/// only to oneself, which is how a program aborts.
#[cfg(target_os = "linux")]
fn filter() -> Result<seccompiler::BpfProgram, seccompiler::BackendError> {
    use seccompiler::{
        SeccompAction, SeccompCmpArgLen::Dword, SeccompCmpArgLen::Qword, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule,
    };
    const ALLOWED: &[libc::c_long] = &[
        libc::SYS_brk,
        libc::SYS_clock_gettime,
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_futex,
        libc::SYS_getpid,
        libc::SYS_getrandom,
        libc::SYS_gettid,
        libc::SYS_madvise,
        libc::SYS_mremap,
        libc::SYS_munmap,
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_restart_syscall,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sched_yield,
        libc::SYS_sigaltstack,
        libc::SYS_write,
        libc::SYS_writev,
    ];
    let executable = SeccompCmpOp::MaskedEq(libc::PROT_EXEC.cast_unsigned().into());
    let not_executable = || SeccompRule::new(vec![SeccompCondition::new(2, Dword, executable.clone(), 0)?]);
    let to_itself = SeccompCondition::new(0, Qword, SeccompCmpOp::Eq, std::process::id().into())?;
    let mut rules: std::collections::BTreeMap<i64, Vec<SeccompRule>> =
        ALLOWED.iter().map(|number| (*number, Vec::new())).collect();
    rules.insert(libc::SYS_mmap, vec![not_executable()?]);
    rules.insert(libc::SYS_mprotect, vec![not_executable()?]);
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![to_itself])?]);
    let denied = SeccompAction::Errno(libc::EPERM.cast_unsigned());
    let machine = std::env::consts::ARCH.try_into()?;
    SeccompFilter::new(rules, denied, SeccompAction::Allow, machine)?.try_into()
}

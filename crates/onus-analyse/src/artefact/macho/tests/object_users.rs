//! Whether all paths of the build lie in the folder of one user.

use std::ops::Range;

use super::super::{
    MachO,
    facts::{Facts, Slice},
};
use crate::artefact::{
    consistency::{ConsistencyTest, Outcome, Rate, Strength},
    forge_cost::ForgeCost,
    user_path::{account_of_path, user_of_path},
};

/// The test.
pub(super) const OBJECT_USERS: ConsistencyTest<MachO> = ConsistencyTest {
    id: "object-users",
    about: "object_path",
    strength: Strength::Soft,
    rationale: "One user builds a program, in a folder of their own.",
    benign_causes: &[
        "a library that somebody else compiled and that is linked in",
        "a build in two folders that look like those of users",
    ],
    false_alarm: Rate { hits: 0, files: 49, hit_projects: 0, projects: 15 },
    detection: None,
    forge_cost: ForgeCost::F0,
    run,
};

fn run(facts: &Facts<'_>) -> Outcome {
    facts.each(one)
}

/// Users that are told apart, at most.
const USERS_MAX: usize = 64;

fn one(slice: &Slice<'_>) -> Outcome {
    let mut users: Vec<(String, Range<usize>)> = Vec::new();
    let mut add = |user: Option<&str>, range: &Range<usize>| {
        if let Some(user) = user.filter(|user| users.len() < USERS_MAX && users.iter().all(|other| other.0 != *user)) {
            users.push((user.to_owned(), range.clone()));
        }
    };
    for symbol in slice.objects().chain(slice.sources()) {
        add(account_of_path(&symbol.name.lossy()).map(|(name, _)| name), &symbol.name.range());
    }
    // Texts may hold paths of a compiler's own library, which a shared machine built.
    for path in &slice.paths {
        add(user_of_path(&path.text), &path.range);
    }
    match users.as_slice() {
        [] => Outcome::NotRun("no path of the build names a user"),
        [_] => Outcome::Consistent,
        [first, second, ..] => Outcome::Inconsistent {
            loci: users.iter().take(8).map(|(_, range)| slice.image.in_file(range.clone())).collect(),
            explain: format!("paths of the build lie in the folders of {:?} and of {:?}", first.0, second.0),
        },
    }
}

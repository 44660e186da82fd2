//! From what people write to entries of the reference data: actors by id or name, traces by id.

use onus_core::plain;
use onus_weigh::{
    Reference,
    reference::{State, folded},
};
use serde::Serialize;

use crate::{Error, Result};

/// One actor that a name stands for, and in which lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Identifier of the actor.
    pub id: String,
    /// Its name in the origin.
    pub name: String,
    /// The lists that give it the name; `id` and `name` for its own.
    pub lists: Vec<String>,
    /// What became of it, where it does not stand: `deprecated`, or the id of its successor.
    pub replaced_by: Option<String>,
}

/// Returns the actors that an id or a name stands for, sorted by id.
#[must_use]
pub fn named(reference: &Reference, given: &str) -> Vec<Named> {
    let wanted = folded(given);
    let actors =
        reference.actors_named(given).into_iter().filter_map(|number| reference.actors.get(usize::from(number)));
    let named = actors.map(|actor| {
        let mut lists = Vec::new();
        if actor.id.eq_ignore_ascii_case(given) {
            lists.push("id".to_owned());
        }
        if folded(&actor.name) == wanted {
            lists.push("name".to_owned());
        }
        let aliases = actor.aliases.iter().filter(|alias| folded(&alias.name) == wanted);
        lists.extend(aliases.map(|alias| alias.list.clone()));
        lists.dedup();
        let replaced_by = match &actor.state {
            State::Live => None,
            State::Deprecated => Some("deprecated".to_owned()),
            State::Revoked(by) => Some(by.clone()),
        };
        Named { id: actor.id.clone(), name: actor.name.clone(), lists, replaced_by }
    });
    named.collect()
}

/// Returns the one actor (by number) that an id or a name stands for; a revoked one leads to its successor.
///
/// # Errors
/// No actor is named so; several are, and they are listed.
pub fn actor(reference: &Reference, given: &str) -> Result<u16> {
    let upper = given.to_ascii_uppercase();
    let mut found = match reference.actor(&upper) {
        Some(actor) => vec![actor],
        None => reference.actors_named(given),
    };
    found.iter_mut().for_each(|number| *number = reference.actor_now(*number));
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Error::Name {
            what: "no actor of the reference data has this id or name",
            given: given.to_owned(),
            remedy: "look it up with `onus reference resolve NAME`".to_owned(),
        }),
        several => {
            let actors = several.iter().filter_map(|number| reference.actors.get(usize::from(*number)));
            let list: Vec<String> = actors.map(|actor| format!("{} ({})", actor.id, plain(&actor.name))).collect();
            Err(Error::Name {
                what: "the name stands for several actors",
                given: given.to_owned(),
                remedy: format!("name one by its id: {}", list.join(", ")),
            })
        }
    }
}

/// Returns the trace (by number) that an id or a name means; a revoked one leads to its successor.
///
/// # Errors
/// No trace has this id or name; several have the name, and they are listed.
pub fn trace(reference: &Reference, given: &str) -> Result<u16> {
    let by_id = reference.trace(given).or_else(|| reference.trace(&given.to_ascii_uppercase()));
    let mut found: Vec<u16> = match by_id {
        Some(trace) => vec![trace],
        None => reference.traces_named(given),
    };
    found.iter_mut().for_each(|number| *number = reference.trace_now(*number));
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Error::Name {
            what: "the reference data has no technique, software or victim with this id or name",
            given: given.to_owned(),
            remedy: "write ids as in MITRE ATT&CK, such as T1059.001 or S0154".to_owned(),
        }),
        several => {
            let traces = several.iter().filter_map(|number| reference.traces.get(usize::from(*number)));
            let list: Vec<String> = traces.map(|trace| format!("{} ({})", trace.id, plain(&trace.name))).collect();
            Err(Error::Name {
                what: "the name stands for several techniques, pieces of software or victims",
                given: given.to_owned(),
                remedy: format!("name one by its id: {}", list.join(", ")),
            })
        }
    }
}

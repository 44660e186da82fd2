//! Relations that go round in a circle.

use std::collections::BTreeMap;

/// Returns, for directed edges, the indexes of those that close a circle.
///
/// Edges are followed in the order given, so that the same edges give the same answer. Each edge is looked at once.
pub(crate) fn closing<'a>(edges: &[(&'a str, &'a str)]) -> Vec<usize> {
    let mut outgoing: BTreeMap<&'a str, Vec<usize>> = BTreeMap::new();
    for (index, (source, _)) in edges.iter().enumerate() {
        outgoing.entry(source).or_default().push(index);
    }
    let mut closing = Vec::new();
    let mut states: BTreeMap<&'a str, State> = BTreeMap::new();
    for (start, _) in edges {
        walk(start, edges, &outgoing, &mut states, &mut closing);
    }
    closing.sort_unstable();
    closing
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    OnTheWay,
    Done,
}

/// Follows all edges from one node, without recursion, so that a long chain cannot exhaust the stack.
fn walk<'a>(
    start: &'a str,
    edges: &[(&'a str, &'a str)],
    outgoing: &BTreeMap<&'a str, Vec<usize>>,
    states: &mut BTreeMap<&'a str, State>,
    closing: &mut Vec<usize>,
) {
    if states.contains_key(start) {
        return;
    }
    states.insert(start, State::OnTheWay);
    let edges_of = |node: &str| outgoing.get(node).map(Vec::as_slice).unwrap_or_default().iter();
    let mut way = vec![(start, edges_of(start))];
    while let Some((node, rest)) = way.last_mut() {
        let Some(index) = rest.next() else {
            states.insert(node, State::Done);
            way.pop();
            continue;
        };
        let Some((_, target)) = edges.get(*index) else { continue };
        match states.get(target) {
            Some(State::OnTheWay) => closing.push(*index),
            Some(State::Done) => {}
            None => {
                states.insert(target, State::OnTheWay);
                way.push((target, edges_of(target)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::closing;

    #[test]
    fn the_edge_that_closes_a_circle_is_found() {
        assert_eq!(closing(&[("a", "b"), ("b", "c"), ("c", "a"), ("a", "d")]), [2]);
        assert_eq!(closing(&[("a", "a")]), [0]);
        assert_eq!(closing(&[("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]), [] as [usize; 0]);
    }

    #[test]
    fn a_long_chain_does_not_exhaust_the_stack() {
        let names: Vec<String> = (0..200_000).map(|number| number.to_string()).collect();
        let edges: Vec<(&str, &str)> = names.windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect();
        assert!(closing(&edges).is_empty());
    }
}

//! Where things stand on the page: anchors made of numbers and of names of our own, never of a sheet's text.

use onus_weigh::ForgeCost;

/// A place that links lead to. The same thing has the same place in every dossier of a case whose sheet only grew.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'a> {
    /// An observation of the sheet, numbered from 1.
    Item(usize),
    /// How the weight of that observation comes about.
    Weight(usize),
    /// A source of the sheet, numbered from 1.
    Source(usize),
    /// An objection, numbered from 1.
    Objection(usize),
    /// An exhibit, by the number of the entry that added it.
    Exhibit(u64),
    /// A kind of the table of weights, by its name there.
    Kind(&'a str),
    /// A class of forge cost.
    Cost(ForgeCost),
}

impl Place<'_> {
    /// Returns the identifier of the place.
    pub(crate) fn id(self) -> String {
        match self {
            Self::Item(number) => format!("item-{number}"),
            Self::Weight(number) => format!("item-{number}-weight"),
            Self::Source(number) => format!("source-{number}"),
            Self::Objection(number) => format!("challenge-{number}"),
            Self::Exhibit(entry) => format!("exhibit-{entry}"),
            Self::Kind(name) => format!("kind-{name}"),
            Self::Cost(cost) => format!("cost-{cost:?}"),
        }
    }

    /// Returns the address of the place within the page.
    pub(crate) fn href(self) -> String {
        format!("#{}", self.id())
    }
}

#[cfg(test)]
mod tests {
    use onus_weigh::Weights;

    #[test]
    fn names_of_kinds_need_no_escape() {
        for (name, _) in Weights::builtin().kinds() {
            assert!(
                name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'),
                "{name}"
            );
        }
    }
}

//! The engines that are compared, each as it is and, where it is fitted, taught with plants.

use onus_weigh::benchmark::{Evidence, Setting};

use crate::{
    baselines,
    engine::{Engine, Example, Features, Fitted, examples},
    ours::{Comparisons, Models, Ours},
    plants,
    prepared::Prepared,
};

/// One engine of the comparison.
pub(crate) struct Entry<'f> {
    /// As it is, fitted without plants where it is fitted here.
    pub(crate) plain: Box<dyn Engine + 'f>,
    /// Fitted with plants of each half of the recipes. None where it is not fitted here.
    pub(crate) taught: Option<[Box<dyn Engine + 'f>; 2]>,
    /// With a gate of its own. None where the gate for any engine is used.
    pub(crate) own_gate: Option<Box<dyn Engine + 'f>>,
    /// Whether it is ours, and not what others do.
    pub(crate) is_ours: bool,
}

impl Entry<'_> {
    pub(crate) fn name(&self) -> &str {
        self.plain.name()
    }

    /// Returns the engine to meet a plant of one half of the recipes with: it has learnt from the other half.
    pub(crate) fn taught_against(&self, half: usize) -> Option<&dyn Engine> {
        self.taught.as_ref().map(|taught| taught[1 - half.min(1)].as_ref())
    }
}

/// Examples of one set of features: without plants, and with plants of each half of the recipes.
struct Lessons<'f> {
    features: &'f dyn Features,
    plain: Vec<Example>,
    taught: [Vec<Example>; 2],
}

/// Returns what is compared when both sorts of traces are shown.
///
/// One more engine is one more line: `Lessons::new(features, …).entry(name, columns, …)` for features that are fitted
/// here, an [`Entry`] with an [`Engine`] of its own and nothing taught for others. Numbers that were fitted on the items
/// of the benchmark itself look better than they are; let the engine choose by `asked.fold`, as ours does.
pub(crate) fn engines<'f>(
    features: &'f dyn Features,
    asked: &[Prepared<'_>],
    evidence: &[Evidence],
    ours: (&Models, &'f Comparisons),
) -> Result<Vec<Entry<'f>>, String> {
    let lessons = Lessons::new(features, asked, evidence);
    let baselines = baselines::engines().into_iter().map(|(name, columns)| lessons.entry(name, &columns, asked));
    let (models, comparisons) = ours;
    let ours = Entry {
        plain: Box::new(Ours { models: models.ungated(), comparisons }),
        taught: None,
        own_gate: Some(Box::new(Ours { models: models.clone(), comparisons })),
        is_ours: true,
    };
    baselines.chain([Ok(ours)]).collect()
}

impl<'f> Lessons<'f> {
    fn new(features: &'f dyn Features, asked: &[Prepared<'_>], evidence: &[Evidence]) -> Self {
        let taught = |half: usize| examples(features, asked, evidence, &plants::twins(asked, half));
        Self { features, plain: examples(features, asked, evidence, &[]), taught: [taught(0), taught(1)] }
    }

    /// Fits an engine three times: without plants, and with those of each half of the recipes.
    fn entry(&self, name: &str, columns: &[usize], asked: &[Prepared<'_>]) -> Result<Entry<'f>, String> {
        let fit = |examples: &[Example]| -> Result<Box<dyn Engine + 'f>, String> {
            Ok(Box::new(Fitted::new(name, self.features, columns, asked, examples)?))
        };
        let [one, other] = &self.taught;
        Ok(Entry { plain: fit(&self.plain)?, taught: Some([fit(one)?, fit(other)?]), own_gate: None, is_ours: false })
    }
}

/// Returns the engines fitted for one sort of traces alone, without plants, and ours as it is.
pub(crate) fn of_setting<'f>(
    features: &'f dyn Features,
    asked: &[Prepared<'_>],
    setting: Setting,
    ours: (&Models, &'f Comparisons),
) -> Result<Vec<Box<dyn Engine + 'f>>, String> {
    let evidence: Vec<Evidence> = asked.iter().map(|item| item.shown(setting)).collect();
    let plain = examples(features, asked, &evidence, &[]);
    let fit = |(name, columns): &(&str, Vec<usize>)| -> Result<Box<dyn Engine + 'f>, String> {
        Ok(Box::new(Fitted::new(name, features, columns, asked, &plain)?))
    };
    let ours: Box<dyn Engine + 'f> = Box::new(Ours { models: ours.0.clone(), comparisons: ours.1 });
    baselines::engines().iter().map(fit).chain([Ok(ours)]).collect()
}

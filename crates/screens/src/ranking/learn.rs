//! Growing the forest, and judging it on tenders it did not see.

use serde::{Deserialize, Serialize};
use smartcore::{
    ensemble::random_forest_regressor::{RandomForestRegressor, RandomForestRegressorParameters},
    linalg::basic::matrix::DenseMatrix,
};

use super::{
    Example, LabelsReport, Lesson, Ranking,
    calibration::Calibration,
    card::{Bin, Card, Importance, Spread, Top, Validation},
    features::Table,
    folds::folds,
    measures::{self, Judged},
    trees::{Forest, Node},
};
use crate::{Error, Result};

/// How the trees are grown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Seed of folds and of the rows and screens that each tree is shown.
    pub seed: u64,
    /// Folds; fewer when there are fewer cases.
    pub folds: usize,
    /// Tenders with fewer usable bids are neither learnt from nor scored.
    pub least_bids: usize,
    /// Labelled tenders of either kind below which nothing is learnt.
    pub least_labels: usize,
    /// Trees.
    pub trees: usize,
    /// Questions from root to leaf.
    pub depth: u16,
    /// Least tenders in a leaf.
    pub leaf: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { seed: 1, folds: 5, least_bids: 3, least_labels: 20, trees: 300, depth: 12, leaf: 3 }
    }
}

pub(super) fn learn(
    table: &Table,
    examples: &[Example],
    lesson: &Lesson<'_>,
    report: &LabelsReport,
) -> Result<Ranking> {
    let settings = lesson.settings;
    let cases = examples.iter().filter(|example| example.collusive).count();
    enough(cases, examples.len() - cases, &settings)?;
    let unseen = Unseen::of(table, examples, &settings)?;
    let forest = grow(table, examples, &settings)?;
    let calibration = Calibration::fit(&unseen.judged);
    let card = Card {
        settings,
        origin: lesson.origin.clone(),
        grouped: lesson.labelling.group.is_some(),
        labels: report.clone().into(),
        tenders: examples.len(),
        cases,
        groups: examples
            .iter()
            .map(|example| &example.group)
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        calibration: calibration.label().to_owned(),
        validation: unseen.validation(table, examples),
        importance: importance(table, examples, &forest),
        spreads: spreads(table, examples),
    };
    let curve = curve(&unseen.judged);
    Ok(Ranking { card, features: table.features.clone(), forest, calibration, curve })
}

fn enough(cases: usize, honest: usize, settings: &Settings) -> Result<()> {
    let least = settings.least_labels;
    if cases >= least && honest >= least {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "可用的标注太少：已确认的 {cases} 个、已排除的 {honest} 个，各需要至少 {least} 个才能学习并检验；请补充标注后重试。"
    )))
}

/// Scores of examples by trees that were grown without their fold.
struct Unseen {
    judged: Vec<Judged>,
    fold_of: Vec<usize>,
    folds: usize,
}

impl Unseen {
    fn of(table: &Table, examples: &[Example], settings: &Settings) -> Result<Self> {
        let (fold_of, count) = folds(examples, settings.folds, settings.seed).ok_or_else(|| {
            Error::Refused(
                "标注只来自一个案件，不能在没有学过的案件上检验；请补充其他案件的标注后重试。".to_owned(),
            )
        })?;
        let mut judged: Vec<Judged> = examples.iter().map(|example| (f64::NAN, example.collusive)).collect();
        for fold in 0..count {
            let is_in = |at: usize| fold_of.get(at) == Some(&fold);
            let seen: Vec<&Example> = examples
                .iter()
                .enumerate()
                .filter(|(at, _)| !is_in(*at))
                .map(|(_, example)| example)
                .collect();
            let forest = grow(table, &seen, settings)?;
            for (at, example) in examples.iter().enumerate().filter(|(at, _)| is_in(*at)) {
                if let Some(held) = judged.get_mut(at) {
                    held.0 = forest.score(&row(table, example.row));
                }
            }
        }
        Ok(Self { judged, fold_of, folds: count })
    }

    /// Probabilities of each fold by the other folds' calibration.
    fn probabilities(&self) -> Vec<Judged> {
        let mut found = self.judged.clone();
        for fold in 0..self.folds {
            let others: Vec<Judged> = self
                .judged
                .iter()
                .zip(&self.fold_of)
                .filter(|(_, held)| **held != fold)
                .map(|(judged, _)| *judged)
                .collect();
            let fitted = Calibration::fit(&others);
            for (judged, _) in found.iter_mut().zip(&self.fold_of).filter(|(_, held)| **held == fold) {
                judged.0 = fitted.probability(judged.0);
            }
        }
        found
    }

    fn validation(&self, table: &Table, examples: &[Example]) -> Validation {
        let auc = measures::auc(&self.judged);
        let margin = measures::auc_margin(auc, &self.judged);
        let probabilities = self.probabilities();
        let bins = measures::reliability(&probabilities, 10);
        let share =
            examples.iter().filter(|example| example.collusive).count() as f64 / examples.len() as f64;
        let by_chance: Vec<Judged> = probabilities.iter().map(|(_, case)| (share, *case)).collect();
        let (best_screen, best_screen_auc) = best_screen(table, examples);
        Validation {
            folds: self.folds,
            auc,
            auc_low: (auc - margin).max(0.0),
            auc_high: (auc + margin).min(1.0),
            average_precision: measures::average_precision(&self.judged),
            base_rate: share,
            brier: measures::brier(&probabilities),
            brier_by_chance: measures::brier(&by_chance),
            calibration_error: measures::calibration_error(&bins),
            bins: bins
                .into_iter()
                .map(|(probability, share, tenders)| Bin { probability, share, tenders })
                .collect(),
            top: [0.01, 0.05, 0.1, 0.2].map(|part| top(&self.judged, part)).to_vec(),
            best_screen,
            best_screen_auc,
            informative: auc - margin > Card::CHANCE,
        }
    }
}

/// How good the first so many are.
fn top(judged: &[Judged], part: f64) -> Top {
    let mut order = judged.to_vec();
    order.sort_by(|one, other| other.0.total_cmp(&one.0));
    let tenders = ((judged.len() as f64 * part).ceil() as usize).max(1);
    let found = order.iter().take(tenders).filter(|(_, case)| *case).count() as f64;
    let all = judged.iter().filter(|(_, case)| *case).count() as f64;
    Top { part, tenders, precision: found / tenders as f64, recall: found / all }
}

/// The single screen that orders best by itself, low or high; what the trees must beat to be worth anything.
fn best_screen(table: &Table, examples: &[Example]) -> (String, f64) {
    let of = |place: usize| {
        let judged: Vec<Judged> = examples
            .iter()
            .map(|example| (table.value(example.row, Some(place)), example.collusive))
            .filter(|(value, _)| value.is_finite())
            .collect();
        let auc = measures::auc(&judged);
        // A screen that has a value for few tells about few.
        if judged.len() * 2 < examples.len() || auc.is_nan() { 0.5 } else { auc.max(1.0 - auc) }
    };
    let best = table.features.iter().enumerate().map(|(place, feature)| (of(place), feature)).fold(
        None,
        |best: Option<(f64, &super::Feature)>, held| match best {
            Some(best) if best.0 >= held.0 => Some(best),
            _ => Some(held),
        },
    );
    best.map_or((String::new(), 0.5), |(auc, feature)| (feature.label.clone(), auc))
}

/// Points of the line: score, share of the honest at or above it, share of the cases below it. At most 200.
fn curve(judged: &[Judged]) -> Vec<[f64; 3]> {
    let mut order = judged.to_vec();
    order.sort_by(|one, other| one.0.total_cmp(&other.0));
    let cases = order.iter().filter(|(_, case)| *case).count() as f64;
    let honest = order.len() as f64 - cases;
    let (mut below_cases, mut below_honest) = (0.0, 0.0);
    let mut points = Vec::new();
    for tied in order.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        if let Some((score, _)) = tied.first() {
            points.push([*score, 1.0 - below_honest / honest, below_cases / cases]);
        }
        let yes = tied.iter().filter(|(_, case)| *case).count() as f64;
        below_cases += yes;
        below_honest += tied.len() as f64 - yes;
    }
    let step = points.len().div_ceil(200).max(1);
    points.into_iter().step_by(step).collect()
}

fn row(table: &Table, at: usize) -> Vec<f64> {
    (0..table.features.len()).map(|place| table.value(at, Some(place))).collect()
}

/// Stands for a screen without a value: below everything, so a question can part it from all values.
const MISSING: f64 = f64::MIN / 4.0;

fn grow<E: std::borrow::Borrow<Example>>(
    table: &Table,
    examples: &[E],
    settings: &Settings,
) -> Result<Forest> {
    let (rows, columns) = (examples.len(), table.features.len());
    let mut values = Vec::with_capacity(rows * columns);
    for example in examples {
        values.extend(
            row(table, example.borrow().row)
                .into_iter()
                .map(|value| if value.is_nan() { MISSING } else { value }),
        );
    }
    let labels: Vec<f64> =
        examples.iter().map(|example| f64::from(u8::from(example.borrow().collusive))).collect();
    let parameters = RandomForestRegressorParameters {
        max_depth: Some(settings.depth),
        min_samples_leaf: settings.leaf,
        min_samples_split: 2 * settings.leaf,
        n_trees: settings.trees,
        m: None,
        keep_samples: false,
        seed: settings.seed,
    };
    let refused =
        |error: String| Error::Refused(format!("筛查指标不能用来训练：{error}。请检查标注和数据后重试。"));
    let matrix =
        DenseMatrix::new(rows, columns, values, false).map_err(|error| refused(error.to_string()))?;
    let grown = RandomForestRegressor::fit(&matrix, &labels, parameters)
        .map_err(|error| refused(error.to_string()))?;
    let forest = serde_json::to_value(&grown)
        .ok()
        .and_then(|grown| kept(&grown))
        .ok_or_else(|| refused("树的结构不能识别".to_owned()))?;
    forest.check(columns)?;
    Ok(forest)
}

/// The library's trees as ours. It shows them in its stored form alone, whose shape a test keeps watch on.
fn kept(grown: &serde_json::Value) -> Option<Forest> {
    let trees = grown.get("forest_regressor")?.get("trees")?.as_array()?;
    let share = 1.0 / trees.len() as f64;
    let tree = |tree: &serde_json::Value| -> Option<Vec<Node>> {
        tree.get("nodes")?.as_array()?.iter().map(|node| kept_node(node, share)).collect()
    };
    Some(Forest { base: 0.0, trees: trees.iter().map(tree).collect::<Option<_>>()? })
}

fn kept_node(node: &serde_json::Value, share: f64) -> Option<Node> {
    let value = node.get("output")?.as_f64()? * share;
    let child =
        |name: &str| node.get(name).and_then(serde_json::Value::as_u64).and_then(|at| u32::try_from(at).ok());
    let (Some(left), Some(right)) = (child("true_child"), child("false_child")) else {
        return Some(Node { feature: 0, threshold: 0.0, children: [0; 3], value });
    };
    Some(Node {
        feature: u32::try_from(node.get("split_feature")?.as_u64()?).ok()?,
        threshold: node.get("split_value")?.as_f64()?,
        // What has no value stands below everything.
        children: [left, right, left],
        value,
    })
}

/// How much each screen moves scores on average, largest first.
fn importance(table: &Table, examples: &[Example], forest: &Forest) -> Vec<Importance> {
    let mut moved = vec![0.0; table.features.len()];
    for example in examples {
        let (_, contributions) = forest.explain(&row(table, example.row));
        for (held, contribution) in moved.iter_mut().zip(contributions) {
            *held += contribution.abs();
        }
    }
    let mut found: Vec<Importance> = table
        .features
        .iter()
        .zip(moved)
        .filter(|(_, moved)| *moved > 0.0)
        .map(|(feature, moved)| Importance {
            screen: feature.code.clone(),
            label: feature.label.clone(),
            mean_contribution: moved / examples.len() as f64,
        })
        .collect();
    found.sort_by(|one, other| {
        other.mean_contribution.total_cmp(&one.mean_contribution).then_with(|| one.screen.cmp(&other.screen))
    });
    found
}

/// Where the middle nine tenths of the training lie, for telling another market from this one.
fn spreads(table: &Table, examples: &[Example]) -> Vec<Spread> {
    let of = |place: usize| {
        let mut values: Vec<f64> = examples
            .iter()
            .map(|example| table.value(example.row, Some(place)))
            .filter(|value| value.is_finite())
            .collect();
        values.sort_by(f64::total_cmp);
        let at =
            |share: f64| values.get(((values.len().max(1) - 1) as f64 * share).round() as usize).copied();
        Spread { low: at(0.05), high: at(0.95) }
    };
    (0..table.features.len()).map(of).collect()
}

impl Ranking {
    /// What a line drawn at this score would wrong and miss, by the tenders that the trees had not seen.
    pub(super) fn line_at(&self, score: f64) -> (f64, f64) {
        let above = self.curve.partition_point(|[at, _, _]| *at <= score);
        match above.checked_sub(1).and_then(|at| self.curve.get(at)) {
            Some([_, wronged, missed]) => (*wronged, *missed),
            None => (1.0, 0.0),
        }
    }

    /// The place of each of the ranking's screens in another table, and what is missing there.
    pub(super) fn places(&self, table: &Table) -> (Vec<Option<usize>>, Vec<String>) {
        let held = table.places();
        let places: Vec<Option<usize>> =
            self.features.iter().map(|feature| held.get(feature.code.as_str()).copied()).collect();
        let missing: Vec<&str> = self
            .features
            .iter()
            .zip(&places)
            .filter(|(_, place)| place.is_none())
            .map(|(feature, _)| feature.label.as_str())
            .collect();
        let mut warnings = Vec::new();
        if !missing.is_empty() {
            warnings.push(format!(
                "训练时有而本次没有的指标：{}；请补充中标、单位、控制价等列，否则排序不可靠。",
                missing.join("、")
            ));
        }
        if !self.card.validation.informative {
            warnings.push("按交叉验证，这个排序在本地标注上没有信息量，不应据此安排核查。".to_owned());
        }
        (places, warnings)
    }

    /// Says when the tenders look unlike those that were learnt from.
    pub(super) fn drift(&self, table: &Table, places: &[Option<usize>]) -> Option<String> {
        const MOST: f64 = 0.3;
        let outside = |place: usize, spread: &Spread| -> Option<f64> {
            let (low, high) = (spread.low?, spread.high?);
            let values = (0..table.names.len())
                .map(|row| table.value(row, Some(place)))
                .filter(|value| value.is_finite());
            let (mut all, mut out) = (0.0_f64, 0.0);
            for value in values {
                all += 1.0;
                out += f64::from(u8::from(value < low || value > high));
            }
            (all >= 20.0).then(|| out / all)
        };
        let mut odd: Vec<&str> = Vec::new();
        for ((feature, place), spread) in self.features.iter().zip(places).zip(&self.card.spreads) {
            if place.and_then(|place| outside(place, spread)).is_some_and(|share| share > MOST) {
                odd.push(&feature.label);
            }
        }
        (odd.len() * 5 > self.features.len()).then(|| {
            format!(
                "这批标段与训练时的市场明显不同（{} 项指标中有 {} 项三成以上超出训练范围，如{}）；没有一个排序能用于另一个市场，请用本地案件重新训练。",
                self.features.len(),
                odd.len(),
                odd.iter().take(3).copied().collect::<Vec<_>>().join("、")
            )
        })
    }
}

//! Trees as they are kept and read: nodes in an order in which children follow their parent, so that reading one ends.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A node; a leaf has no children. In files it is a list, since there are many.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub(super) struct Node {
    /// Place of the screen that is asked.
    pub(super) feature: u32,
    /// Up to it to the left.
    pub(super) threshold: f64,
    /// Children: left, right, and where a screen without a value goes; zero in a leaf.
    pub(super) children: [u32; 3],
    /// What a leaf adds, and what an inner node would add on average.
    pub(super) value: f64,
}

/// Screen, threshold, children, value.
type Written = (u32, f64, [u32; 3], f64);

impl From<Written> for Node {
    fn from((feature, threshold, children, value): Written) -> Self {
        Self { feature, threshold, children, value }
    }
}

impl From<Node> for Written {
    fn from(node: Node) -> Self {
        (node.feature, node.threshold, node.children, node.value)
    }
}

impl Node {
    fn is_leaf(&self) -> bool {
        self.children[0] == 0
    }

    fn child(&self, value: f64) -> usize {
        let [left, right, missing] = self.children;
        let next = if value.is_nan() {
            missing
        } else if value <= self.threshold {
            left
        } else {
            right
        };
        next as usize
    }
}

/// Trees whose values add up to a score; of a forest it is the share of cases among like tenders.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Forest {
    /// What every score begins with.
    pub(super) base: f64,
    pub(super) trees: Vec<Vec<Node>>,
}

impl Forest {
    /// The score of a row.
    pub(super) fn score(&self, row: &[f64]) -> f64 {
        self.trees.iter().fold(self.base, |sum, tree| sum + walk(tree, row, |_, _| {}))
    }

    /// The score of a row and what every screen added to it: along the path of each tree, the difference that the
    /// answer to a question makes to the average of the leaves below. Base, averages of the roots and contributions
    /// add up to the score.
    pub(super) fn explain(&self, row: &[f64]) -> (f64, Vec<f64>) {
        let mut contributions = vec![0.0; row.len()];
        let mut score = self.base;
        for tree in &self.trees {
            score += walk(tree, row, |feature, moved| {
                if let Some(held) = contributions.get_mut(feature) {
                    *held += moved;
                }
            });
        }
        (score, contributions)
    }

    /// The score before any screen is asked.
    #[cfg(test)]
    pub(super) fn average(&self) -> f64 {
        self.trees.iter().fold(self.base, |sum, tree| sum + tree.first().map_or(0.0, |root| root.value))
    }

    /// Refuses a file whose trees could not be read to an end.
    pub(super) fn check(&self, features: usize) -> Result<()> {
        let sound = |tree: &Vec<Node>| {
            !tree.is_empty()
                && tree.iter().enumerate().all(|(at, node)| {
                    let ahead = |child: &u32| (*child as usize) > at && (*child as usize) < tree.len();
                    let inner = node.children.iter().all(ahead)
                        && (node.feature as usize) < features
                        && !node.threshold.is_nan();
                    node.value.is_finite() && (node.children == [0; 3] || inner)
                })
        };
        if self.base.is_finite() && self.trees.iter().all(sound) {
            Ok(())
        } else {
            Err(Error::Refused("排序模型文件已损坏：树的结构不成立，请重新训练或换一个文件。".to_owned()))
        }
    }
}

fn walk(tree: &[Node], row: &[f64], mut moved: impl FnMut(usize, f64)) -> f64 {
    let Some(mut node) = tree.first() else { return 0.0 };
    while !node.is_leaf() {
        let feature = node.feature as usize;
        let value = row.get(feature).copied().unwrap_or(f64::NAN);
        let Some(next) = tree.get(node.child(value)) else { break };
        moved(feature, next.value - node.value);
        node = next;
    }
    node.value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(value: f64) -> Node {
        Node { feature: 0, threshold: 0.0, children: [0; 3], value }
    }

    fn forest() -> Forest {
        let root = Node { feature: 1, threshold: 0.5, children: [1, 2, 2], value: 0.25 };
        Forest { base: -1.0, trees: vec![vec![root, leaf(-0.5), leaf(1.0)], vec![leaf(0.1)]] }
    }

    #[test]
    fn contributions_add_up_to_the_score() {
        for (row, score) in [([9.0, 0.5], -1.4), ([9.0, 0.6], 0.1), ([9.0, f64::NAN], 0.1)] {
            let (found, contributions) = forest().explain(&row);
            assert!((found - score).abs() < 1e-12 && (found - forest().score(&row)).abs() < 1e-12);
            assert!((forest().average() + contributions.iter().sum::<f64>() - score).abs() < 1e-12);
            assert!(contributions[0].abs() < f64::EPSILON, "what is not asked adds nothing");
        }
    }

    #[test]
    fn trees_that_run_in_a_circle_or_point_nowhere_are_refused() {
        assert!(forest().check(2).is_ok());
        for (child, feature) in [(0_u32, 1_u32), (7, 1), (1, 9)] {
            let root = Node { feature, threshold: 0.5, children: [1, child.max(1), 2], value: 0.0 };
            let mut tree = vec![root, leaf(0.0), leaf(0.0)];
            if child == 0 {
                tree[1] = Node { children: [1, 2, 2], ..root };
            }
            assert!(Forest { base: 0.0, trees: vec![tree] }.check(2).is_err(), "{child} {feature}");
        }
    }
}

//! A ranking as a file.

use std::io::Read;

use serde::{Deserialize, Serialize};

use super::{calibration::Calibration, card::Card, features::Feature, trees::Forest};
use crate::{Error, Result};

/// Trees, probabilities and the card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// What it learnt from and how good it is.
    pub card: Card,
    /// What the trees ask.
    pub features: Vec<Feature>,
    pub(super) forest: Forest,
    pub(super) calibration: Calibration,
    /// Score, share of the honest at or above it, share of the cases below it.
    pub(super) curve: Vec<[f64; 3]>,
}

#[derive(Serialize, Deserialize)]
struct File<R> {
    /// What this file is.
    kind: String,
    /// Rises when older programs could not read it.
    format: u32,
    ranking: R,
}

const KIND: &str = "xuncha-ranking";
const FORMAT: u32 = 1;
/// No ranking that was grown here comes near.
const LARGEST: u64 = 64 << 20;

impl Ranking {
    /// The file: the same ranking gives the same bytes.
    ///
    /// # Errors
    /// Never for a ranking that was grown or read here.
    pub fn to_json(&self) -> Result<String> {
        let file = File { kind: KIND.to_owned(), format: FORMAT, ranking: self };
        serde_json::to_string(&file).map_err(|error| Error::Io(error.into()))
    }

    /// Reads a file back.
    ///
    /// # Errors
    /// A sentence when it is no ranking or has been damaged.
    pub fn read(file: impl Read) -> Result<Self> {
        let mut text = String::new();
        let refused = |what: &str| {
            Error::Refused(format!("不是可用的排序模型文件：{what}。请使用 xuncha models train 生成的文件。"))
        };
        file.take(LARGEST + 1).read_to_string(&mut text).map_err(|_| refused("不是文本文件"))?;
        if text.len() as u64 > LARGEST {
            return Err(refused("文件过大"));
        }
        let head: File<serde::de::IgnoredAny> =
            serde_json::from_str(&text).map_err(|_| refused("内容不符"))?;
        if head.kind != KIND || head.format != FORMAT {
            return Err(refused("种类或版本不同"));
        }
        let File { ranking, .. }: File<Self> =
            serde_json::from_str(&text).map_err(|error| refused(&error.to_string()))?;
        ranking.forest.check(ranking.features.len())?;
        if !ranking.calibration.sound() || ranking.card.spreads.len() != ranking.features.len() {
            return Err(refused("概率或范围不成立"));
        }
        Ok(ranking)
    }
}

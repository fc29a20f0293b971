//! The card of a ranking: what it learnt from, how good it is on what it had not seen, and what it is not for.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::{labels::LabelsReport, learn::Settings};

/// A file that was learnt from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// What it was: bids or labels.
    pub role: String,
    /// Its digest, by which it is known again; its name may tell too much.
    pub digest: String,
}

/// Everything one should know before using a ranking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// How it was grown.
    pub settings: Settings,
    /// The files.
    pub origin: Vec<Origin>,
    /// Whether folds kept the tenders of one case together.
    pub grouped: bool,
    /// What became of the labels.
    pub labels: KeptLabels,
    /// Tenders learnt from.
    pub tenders: usize,
    /// Confirmed cases among them.
    pub cases: usize,
    /// Groups that folds kept together.
    pub groups: usize,
    /// How probabilities were made.
    pub calibration: String,
    /// How good it is on what it had not seen.
    pub validation: Validation,
    /// The screens by how much they move scores.
    pub importance: Vec<Importance>,
    /// Where the screens of the training lie.
    pub(super) spreads: Vec<Spread>,
}

/// Counts of labels as a card keeps them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptLabels {
    /// Tenders with a label.
    pub labelled: u64,
    /// Left out: marked yes and no.
    pub contradictory: u64,
    /// Left out: not in the data.
    pub unknown: u64,
    /// Left out: too few bids.
    pub too_few_bids: u64,
}

impl From<LabelsReport> for KeptLabels {
    fn from(report: LabelsReport) -> Self {
        Self {
            labelled: report.labelled,
            contradictory: report.contradictory,
            unknown: report.unknown,
            too_few_bids: report.too_few_bids,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Spread {
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
}

/// How much a screen moves scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The screen's column.
    pub screen: String,
    /// Its name for people.
    pub label: String,
    /// Mean of the amounts by which it moved scores.
    pub mean_contribution: f64,
}

/// Measures on tenders that the trees had not seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// Folds.
    pub folds: usize,
    /// The chance that a case stands above an honest tender.
    pub auc: f64,
    /// Lower end of its 95 % interval.
    pub auc_low: f64,
    /// Upper end.
    pub auc_high: f64,
    /// Mean precision over the cases.
    pub average_precision: f64,
    /// Share of cases among the labelled; the average precision of a random order.
    pub base_rate: f64,
    /// Mean squared error of the probabilities, each calibrated without its fold.
    pub brier: f64,
    /// The same of one probability for all.
    pub brier_by_chance: f64,
    /// Mean distance of probability and share of cases over ten bins.
    pub calibration_error: f64,
    /// The bins.
    pub bins: Vec<Bin>,
    /// The top of the order.
    pub top: Vec<Top>,
    /// The single screen that orders best.
    pub best_screen: String,
    /// Its AUC, low or high; measured with the labels it was chosen by, so rather too good.
    pub best_screen_auc: f64,
    /// Whether the order is worth anything here.
    pub informative: bool,
}

/// Tenders of like probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Mean probability.
    pub probability: f64,
    /// Share of cases.
    pub share: f64,
    /// How many.
    pub tenders: usize,
}

/// The first tenders of the order.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Top {
    /// Which part of all.
    pub part: f64,
    /// How many tenders.
    pub tenders: usize,
    /// Share of cases among them.
    pub precision: f64,
    /// Share of all cases that is among them.
    pub recall: f64,
}

impl Card {
    /// An order whose AUC may be as low as this is called uninformative: single screens reach it in silent markets.
    pub const CHANCE: f64 = 0.6;

    /// The card for people, in Markdown.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let seen = &self.validation;
        writeln!(text, "# 串通投标排序模型卡\n")?;
        writeln!(
            text,
            "只用来安排先核查哪些标段，**不作任何认定**；每个标段都要由人核实。只适用于训练数据所在的市场（类别、地区、采购方式、时期），换一个市场必须用当地已确认的案件重新训练。\n"
        )?;
        if !seen.informative {
            writeln!(
                text,
                "> **没有信息量**：AUC 的 95% 区间下限为 {:.3}，不高于 {}。这批标注和价格、参与情况之间看不出可靠的关系，不应据此安排核查。\n",
                seen.auc_low,
                Self::CHANCE
            )?;
        }
        writeln!(text, "## 学习材料\n")?;
        writeln!(
            text,
            "- 标段 {} 个，其中已确认 {} 个（{}），已排除 {} 个。",
            self.tenders,
            self.cases,
            percent(seen.base_rate),
            self.tenders - self.cases
        )?;
        writeln!(
            text,
            "- 未采用的标注：前后矛盾 {} 个，不在数据中 {} 个，报价少于 {} 家 {} 个。",
            self.labels.contradictory,
            self.labels.unknown,
            self.settings.least_bids,
            self.labels.too_few_bids
        )?;
        writeln!(
            text,
            "- 不使用标段名称、日期、企业名称和金额大小，只使用与金额单位无关的筛查指标和参与关系。"
        )?;
        for origin in &self.origin {
            writeln!(text, "- {}摘要（SM3）：`{}`", origin.role, origin.digest)?;
        }
        writeln!(text, "\n## 方法\n")?;
        writeln!(
            text,
            "随机森林 {} 棵树，每棵至多 {} 层，叶上至少 {} 个标段，种子 {}；概率用{}按折外分数校准。同样的数据、标注和种子得到同样的文件。\n",
            self.settings.trees,
            self.settings.depth,
            self.settings.leaf,
            self.settings.seed,
            self.calibration
        )?;
        self.measured(text)?;
        writeln!(text, "\n## 主要依据的指标\n\n| 指标 | 平均影响（分数） |\n| --- | ---: |")?;
        for importance in self.importance.iter().take(15) {
            writeln!(text, "| {} | {:.3} |", importance.label, importance.mean_contribution)?;
        }
        writeln!(text, "\n## 局限\n")?;
        writeln!(
            text,
            "- 概率以标注中已确认案件的占比为前提；全部标段中的真实占比通常低得多，概率只宜相对比较。"
        )?;
        writeln!(
            text,
            "- 标注来自已经查处的案件，没有被发现的手法学不到；“已排除”的标段里可能有未发现的案件。"
        )?;
        writeln!(text, "- 报价少于 {} 家的标段没有分数，这不等于没有问题。", self.settings.least_bids)
    }

    fn measured(&self, text: &mut String) -> std::fmt::Result {
        let seen = &self.validation;
        let how = if self.grouped {
            "同一案件的标段在同一折"
        } else {
            "按标段分折；没有案件列，同一案件的标段可能分在两折，结果偏乐观"
        };
        writeln!(
            text,
            "## 在没有学过的标段上的表现\n\n{} 折交叉验证（{how}）。\n\n| 度量 | 数值 | 对照 |\n| --- | ---: | --- |",
            seen.folds
        )?;
        writeln!(
            text,
            "| AUC | {:.3}（{:.3}—{:.3}） | 随机 0.5；最好的单项指标“{}” {:.3} |",
            seen.auc, seen.auc_low, seen.auc_high, seen.best_screen, seen.best_screen_auc
        )?;
        writeln!(text, "| 平均精确率 | {:.3} | 随机 {:.3} |", seen.average_precision, seen.base_rate)?;
        writeln!(text, "| Brier 分数 | {:.4} | 一律给平均概率 {:.4} |", seen.brier, seen.brier_by_chance)?;
        writeln!(text, "| 校准误差 | {:.3} | 0 为完全一致 |\n", seen.calibration_error)?;
        writeln!(text, "| 排在最前的 | 标段 | 其中已确认 | 占全部已确认 |\n| ---: | ---: | ---: | ---: |")?;
        for top in &seen.top {
            writeln!(
                text,
                "| {} | {} | {} | {} |",
                percent(top.part),
                top.tenders,
                percent(top.precision),
                percent(top.recall)
            )?;
        }
        writeln!(text, "\n| 概率（平均） | 实际占比 | 标段 |\n| ---: | ---: | ---: |")?;
        for bin in &seen.bins {
            writeln!(text, "| {} | {} | {} |", percent(bin.probability), percent(bin.share), bin.tenders)?;
        }
        Ok(())
    }
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

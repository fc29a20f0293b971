//! Which tenders are confirmed cases, and which were looked into and found in order.

use std::{collections::BTreeMap, io::Read};

use serde::Serialize;

use crate::{
    Result,
    table::{self, Rows},
};

/// Where the labels stand.
#[derive(Clone, Debug)]
pub struct Labelling {
    /// The column of the tender.
    pub tender: String,
    /// The column that says yes or no.
    pub label: String,
    /// The column of the case or ring; its tenders stay together when folds are made.
    pub group: Option<String>,
}

/// What became of the labels.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LabelsReport {
    /// Rows below the header.
    pub rows: u64,
    /// Tenders with a label.
    pub labelled: u64,
    /// Tenders marked yes in one row and no in another; left out.
    pub contradictory: u64,
    /// Rows without a tender, of another width, or with a mark that says neither yes nor no; left out.
    pub unclear: u64,
    /// Labelled tenders that are in the data.
    pub matched: u64,
    /// Labelled tenders that are not.
    pub unknown: u64,
    /// Labelled tenders with too few bids to have screens; left out.
    pub too_few_bids: u64,
}

impl LabelsReport {
    /// The treatment in sentences.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = vec![format!(
            "读取 {} 行标注，{} 个标段有标注，其中 {} 个在投标数据中。",
            self.rows, self.labelled, self.matched
        )];
        let odd = [
            (self.contradictory, "标注前后矛盾，未采用"),
            (self.unknown, "不在投标数据中，未采用"),
            (self.too_few_bids, "可用报价太少，不能计算筛查指标，未采用"),
        ];
        said.extend(
            odd.into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, what)| format!("{count} 个标段{what}。")),
        );
        if self.unclear > 0 {
            said.push(format!("{} 行标注没有标段、列数不齐或写法不明，未采用。", self.unclear));
        }
        said
    }
}

/// What is known of a tender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) collusive: bool,
    pub(super) group: Option<String>,
}

#[derive(Default)]
pub(super) struct Labels {
    by_tender: BTreeMap<String, Option<Label>>,
    pub(super) report: LabelsReport,
}

impl Labels {
    pub(super) fn read(data: impl Read, labelling: &Labelling) -> Result<Self> {
        let mut rows = Rows::open(data)?;
        let (tender, label) = (rows.place(&labelling.tender)?, rows.place(&labelling.label)?);
        let group = labelling.group.as_deref().map(|name| rows.place(name)).transpose()?;
        let mut labels = Self::default();
        while let Some(row) = rows.next()? {
            labels.report.rows += 1;
            let cell = |place: usize| row.cell(place);
            let name = cell(tender);
            let mark = if cell(label).is_empty() { None } else { table::mark(cell(label)) };
            let (true, Some(collusive)) = (row.whole() && !name.is_empty(), mark) else {
                // An empty mark only says that nobody has looked; it is no oddity.
                labels.report.unclear +=
                    u64::from(!row.whole() || name.is_empty() || !cell(label).is_empty());
                continue;
            };
            let group = group.map(cell).filter(|group| !group.is_empty()).map(str::to_owned);
            labels.add(name, Label { collusive, group });
        }
        labels.report.labelled = labels.by_tender.values().flatten().count() as u64;
        labels.report.contradictory = labels.by_tender.len() as u64 - labels.report.labelled;
        Ok(labels)
    }

    fn add(&mut self, name: &str, label: Label) {
        match self.by_tender.get_mut(name) {
            None => {
                self.by_tender.insert(name.to_owned(), Some(label));
            }
            Some(held) if held.as_ref().is_some_and(|held| held.collusive != label.collusive) => *held = None,
            Some(_) => {}
        }
    }

    pub(super) fn of(&self, tender: &str) -> Option<&Label> {
        self.by_tender.get(tender)?.as_ref()
    }
}

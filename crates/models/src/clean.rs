//! Cleaning in steps that can be replayed: rows on their way from a file to columns, each cell changed by what was
//! written down and by nothing else.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use csv::StringRecord;
use serde::{Deserialize, Serialize};

use crate::{
    Error, Result, codes,
    source::{Next, Source},
    value::{self, FieldKind, Value, half_width},
};

/// What one step does to a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Change {
    /// Blanks at both ends away, several in a row made one.
    Trim,
    /// Half width for full width signs.
    HalfWidth,
    /// Days and instants in one form; what is none stays as it is.
    Date,
    /// Bare amounts are in this many fen; all are written in yuan.
    Money {
        /// Fen to a unit.
        unit: i64,
    },
    /// Names of companies with one kind of brackets, without blanks.
    Company,
    /// Identifiers in half width and capitals, without blanks.
    Code,
    /// These texts become another.
    Replace {
        /// The texts as they stand.
        from: BTreeSet<String>,
        /// What they become; nothing empties the cell.
        to: String,
    },
    /// The column holds this kind, whatever it looks like.
    Kind {
        /// The kind.
        kind: FieldKind,
    },
    /// The column is not kept.
    Drop,
    /// Rows in which the column holds one of these are not kept, such as sums at the end.
    Leave {
        /// The texts.
        values: BTreeSet<String>,
    },
}

impl Change {
    /// What people call it.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Trim => "去空格",
            Self::HalfWidth => "全角转半角",
            Self::Date => "统一日期",
            Self::Money { .. } => "统一金额单位",
            Self::Company => "规范企业名称",
            Self::Code => "规范编码",
            Self::Replace { .. } => "合并或替换取值",
            Self::Kind { .. } => "指定类型",
            Self::Drop => "不保留此列",
            Self::Leave { .. } => "剔除行",
        }
    }

    fn apply<'a>(&self, cell: &'a str) -> Cow<'a, str> {
        match self {
            Self::Trim => trimmed(cell),
            Self::HalfWidth if cell.is_ascii() => Cow::Borrowed(cell),
            Self::HalfWidth => Cow::Owned(cell.chars().map(half_width).collect()),
            Self::Date => dated(cell),
            Self::Money { unit } => match value::read(FieldKind::Money, cell, *unit) {
                Ok(Value::Integer(fen)) => Cow::Owned(value::yuan(fen) + "元"),
                _ => Cow::Borrowed(cell),
            },
            Self::Company => company(cell),
            Self::Code => value::code(cell.trim()),
            Self::Replace { from, to } if from.contains(cell) => Cow::Owned(to.clone()),
            Self::Replace { .. } | Self::Kind { .. } | Self::Drop | Self::Leave { .. } => Cow::Borrowed(cell),
        }
    }
}

fn trimmed(cell: &str) -> Cow<'_, str> {
    let cell = cell.trim();
    if !cell.contains("  ") && !cell.contains(['\u{3000}', '\t', '\n', '\r', '\u{a0}']) {
        return Cow::Borrowed(cell);
    }
    Cow::Owned(cell.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn dated(cell: &str) -> Cow<'_, str> {
    match value::read(FieldKind::Time, cell, 1) {
        Ok(Value::Time(at)) if at.time() == chrono::NaiveTime::MIN => Cow::Owned(at.date().to_string()),
        Ok(Value::Time(at)) => Cow::Owned(at.format("%Y-%m-%d %H:%M:%S").to_string()),
        _ => Cow::Borrowed(cell),
    }
}

fn company(cell: &str) -> Cow<'_, str> {
    let sign = |c: char| match half_width(c) {
        '(' | '[' | '【' | '〔' => '（',
        ')' | ']' | '】' | '〕' => '）',
        other => other,
    };
    Cow::Owned(cell.chars().filter(|c| !c.is_whitespace()).map(sign).collect())
}

/// One step: what is done to which column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Heading of the column.
    pub column: String,
    /// What is done.
    #[serde(flatten)]
    pub change: Change,
}

/// Asked now and then how far reading has come; `false` stops it.
pub type Watch = Arc<dyn Fn(u64) -> bool + Send + Sync>;

/// Rows of which only some columns are kept, changed by steps.
pub struct Cleaning {
    inner: Box<dyn Source>,
    heading: Vec<String>,
    kept: Vec<usize>,
    steps: Vec<(usize, Change, u64)>,
    key: Option<Vec<u8>>,
    row: StringRecord,
    rows: u64,
    left: u64,
    hidden: u64,
    watch: Option<Watch>,
}

impl Cleaning {
    /// Changes the rows of `inner` by `steps`. With a `key`, cells that are identity numbers are hashed wherever they
    /// stand.
    ///
    /// # Errors
    /// A sentence when a step names a column that is not there, or nothing is left.
    pub fn new(
        inner: Box<dyn Source>,
        steps: &[Step],
        key: Option<Vec<u8>>,
        watch: Option<Watch>,
    ) -> Result<Self> {
        let names = inner.heading().to_vec();
        let mut placed = Vec::new();
        for step in steps {
            let place = names.iter().position(|name| *name == step.column).ok_or_else(|| {
                Error::refused(format!(
                    "文件里没有名为“{}”的列，步骤“{}”无法执行；请撤销这一步。",
                    step.column,
                    step.change.label()
                ))
            })?;
            placed.push((place, step.change.clone(), 0));
        }
        let dropped =
            |at: &usize| placed.iter().any(|(place, change, _)| place == at && *change == Change::Drop);
        let kept: Vec<usize> = (0..names.len()).filter(|at| !dropped(at)).collect();
        if kept.is_empty() {
            return Err(Error::refused("所有的列都被去掉了，没有可以保存的数据；请撤销部分步骤。"));
        }
        let heading = kept.iter().filter_map(|at| names.get(*at).cloned()).collect();
        Ok(Self {
            inner,
            heading,
            kept,
            steps: placed,
            key,
            row: StringRecord::new(),
            rows: 0,
            left: 0,
            hidden: 0,
            watch,
        })
    }

    /// How many cells or rows each step has touched so far.
    pub fn touched(&self) -> Vec<u64> {
        self.steps.iter().map(|(.., count)| *count).collect()
    }

    /// Rows that steps left out.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// The kind that steps name for a column.
    pub fn kind_of(&self, heading: &str) -> Option<FieldKind> {
        let place = self.inner.heading().iter().position(|name| name == heading)?;
        self.steps.iter().rev().filter(|(at, ..)| *at == place).find_map(|(_, change, _)| match change {
            Change::Kind { kind } => Some(*kind),
            Change::Money { .. } => Some(FieldKind::Money),
            _ => None,
        })
    }

    fn watched(&self) -> Result<()> {
        match &self.watch {
            Some(watch) if self.rows.is_multiple_of(8_192) && !watch(self.rows) => {
                Err(Error::refused("已按要求停止，没有保存。"))
            }
            _ => Ok(()),
        }
    }

    /// Applies the steps to the cells of the row in hand; whether the row stays.
    fn change(&mut self) -> (Vec<String>, bool) {
        let mut cells: Vec<String> = self.row.iter().map(str::to_owned).collect();
        let mut stays = true;
        for (at, change, count) in &mut self.steps {
            let Some(cell) = cells.get_mut(*at) else { continue };
            if let Change::Leave { values } = change {
                let gone = values.contains(cell.as_str());
                *count += u64::from(gone && stays);
                stays &= !gone;
                continue;
            }
            let changed = change.apply(cell);
            if changed != cell.as_str() {
                *count += 1;
                *cell = changed.into_owned();
            }
        }
        (cells, stays)
    }

    fn hide(&mut self, cells: &mut [String]) {
        let Some(key) = &self.key else { return };
        for cell in cells.iter_mut().filter(|cell| cell.trim().len() == 18) {
            let number = value::code(cell.trim());
            if codes::is_identity_number(&number) {
                let hashed = codes::hashed(key, &number);
                self.hidden += 1;
                *cell = hashed;
            }
        }
    }
}

impl Source for Cleaning {
    fn heading(&self) -> &[String] {
        &self.heading
    }

    fn next(&mut self, row: &mut StringRecord) -> Result<Next> {
        loop {
            let next = self.inner.next(&mut self.row)?;
            if next == Next::End {
                return Ok(next);
            }
            self.rows += 1;
            self.watched()?;
            if next == Next::Ragged {
                row.clone_from(&self.row);
                return Ok(next);
            }
            let (mut cells, stays) = self.change();
            if !stays {
                self.left += 1;
                continue;
            }
            self.hide(&mut cells);
            row.clear();
            for at in &self.kept {
                row.push_field(cells.get(*at).map_or("", String::as_str));
            }
            return Ok(next);
        }
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = self.inner.remarks();
        if self.left > 0 {
            remarks.push(format!("按清洗步骤剔除 {} 行。", self.left));
        }
        if self.hidden > 0 {
            remarks.push(format!("{} 个单元格是身份证号，已换成不可还原的代号。", self.hidden));
        }
        remarks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;

    fn cleaned(text: &str, steps: &[Step]) -> (Vec<Vec<String>>, Vec<u64>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        std::fs::write(&file, text).unwrap();
        let inner = source::open(&file, None).unwrap();
        let mut cleaning = Cleaning::new(inner, steps, Some(b"key".to_vec()), None).unwrap();
        let (mut rows, mut row) = (vec![cleaning.heading().to_vec()], StringRecord::new());
        while cleaning.next(&mut row).unwrap() == Next::Row {
            rows.push(row.iter().map(str::to_owned).collect());
        }
        (rows, cleaning.touched(), cleaning.remarks())
    }

    fn step(column: &str, change: Change) -> Step {
        Step { column: column.to_owned(), change }
    }

    #[test]
    fn steps_change_cells_in_their_order_and_count_what_they_touch() {
        let steps = [
            step("单位", Change::Company),
            step(
                "单位",
                Change::Replace {
                    from: ["宏远建设（集团）公司".to_owned()].into(), to: "宏远集团".into()
                },
            ),
            step("金额", Change::Money { unit: 1_000_000 }),
            step("日期", Change::Date),
            step("备注", Change::Drop),
            step("单位", Change::Leave { values: ["合计".to_owned()].into() }),
        ];
        let text = "单位,金额,日期,备注\n宏远 建设(集团)公司,1.5,2023年3月1日,x\n合计,3,,\n甲,两万,不详,y\n";
        let (rows, touched, remarks) = cleaned(text, &steps);
        assert_eq!(rows[0], ["单位", "金额", "日期"]);
        assert_eq!(rows[1], ["宏远集团", "15000.00元", "2023-03-01"]);
        assert_eq!(rows[2], ["甲", "两万", "不详"], "what a step cannot read stays as it is");
        assert_eq!(touched, [1, 1, 2, 1, 0, 1]);
        assert!(remarks.iter().any(|remark| remark.contains("剔除 1 行")));
    }

    #[test]
    fn identity_numbers_are_hashed_in_whatever_column_they_stand() {
        let (rows, _, remarks) = cleaned("备注,金额\n11010519491231002X,1\n无,2\n", &[]);
        assert!(codes::is_hashed(&rows[1][0]), "{}", rows[1][0]);
        assert_eq!(rows[2][0], "无");
        assert!(remarks.iter().any(|remark| remark.contains("1 个单元格")));
    }

    #[test]
    fn a_step_on_a_column_that_is_not_there_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        std::fs::write(&file, "a,b\n1,2\n").unwrap();
        let inner = source::open(&file, None).unwrap();
        let refused = Cleaning::new(inner, &[step("甲", Change::Trim)], None, None);
        assert!(refused.err().unwrap().to_string().contains("甲"));
    }

    #[test]
    fn a_step_reads_back_as_it_was_written_down() {
        let held = step("金额", Change::Money { unit: 100 });
        let text = serde_json::to_string(&held).unwrap();
        assert_eq!(serde_json::from_str::<Step>(&text).unwrap(), held, "{text}");
    }
}

//! `xuncha models train` and `xuncha models score`: the learnt order of tenders, on files of this machine.

use std::{
    fs::{self, File},
    io::{BufReader, Write as _},
    path::{Path, PathBuf},
};

use clap::Args;
use kit::{Error, Refusal, Result, unusable};
use screens::{
    ranking::{self, Labelling, Lesson, Origin, Ranking, Scores, Settings, Trained},
    table::Columns,
};
use serde_json::json;

use crate::cli::say;

/// Where the bids stand.
#[derive(Args)]
pub(crate) struct Bids {
    /// 投标数据（csv，UTF-8 或 GB18030）
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// 标段所在的列
    #[arg(long, value_name = "COLUMN")]
    tender: String,
    /// 报价所在的列
    #[arg(long, value_name = "COLUMN")]
    bid: String,
    /// 投标单位所在的列；填写后使用共同投标关系
    #[arg(long, value_name = "COLUMN")]
    bidder: Option<String>,
    /// 是否中标所在的列
    #[arg(long, value_name = "COLUMN")]
    winner: Option<String>,
    /// 控制价所在的列
    #[arg(long, value_name = "COLUMN")]
    ceiling: Option<String>,
}

impl Bids {
    fn columns(&self) -> Columns {
        Columns {
            tender: self.tender.clone(),
            bid: self.bid.clone(),
            winner: self.winner.clone(),
            bidder: self.bidder.clone(),
            ceiling: self.ceiling.clone(),
        }
    }
}

/// What is learnt from.
#[derive(Args)]
pub(crate) struct Training {
    #[command(flatten)]
    bids: Bids,
    /// 标注文件（csv）；不填则标注在投标数据里
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// 标注文件中标段所在的列；不填则与投标数据同名
    #[arg(long, value_name = "COLUMN", requires = "labels")]
    label_tender: Option<String>,
    /// 标注所在的列：是、否，1、0；空白表示没有查过
    #[arg(long, value_name = "COLUMN")]
    label: String,
    /// 案件或团伙所在的列；同一案件的标段在检验时不分开
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,
    /// 种子：同样的数据、标注和种子得到同样的文件
    #[arg(long, default_value_t = Settings::default().seed)]
    seed: u64,
    /// 排序模型写到哪个文件
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// 中文模型卡（Markdown）写到哪个文件
    #[arg(long, value_name = "FILE")]
    card: Option<PathBuf>,
    /// 模型卡以 JSON 打印
    #[arg(long)]
    json: bool,
}

/// What is ranked.
#[derive(Args)]
pub(crate) struct Scoring {
    /// 排序模型文件
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    #[command(flatten)]
    bids: Bids,
    /// 结果（csv，按排序）写到哪个文件
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// 以 JSON 打印
    #[arg(long)]
    json: bool,
}

/// Learns from labelled tenders.
pub(crate) fn train(training: Training) -> Result<()> {
    let columns = training.bids.columns();
    let labels_file = training.labels.as_ref().unwrap_or(&training.bids.data);
    let labelling = Labelling {
        tender: training.label_tender.clone().unwrap_or_else(|| columns.tender.clone()),
        label: training.label.clone(),
        group: training.group.clone(),
    };
    let mut origin = vec![origin("投标数据", &training.bids.data)?];
    if let Some(labels) = &training.labels {
        origin.push(self::origin("标注", labels)?);
    }
    let lesson = Lesson {
        columns: &columns,
        labelling: &labelling,
        settings: Settings { seed: training.seed, ..Settings::default() },
        origin,
    };
    let trained = ranking::train(open(&training.bids.data)?, open(labels_file)?, lesson).map_err(said)?;
    written(&training.out, trained.ranking.to_json().map_err(said)?.as_bytes())?;
    if let Some(card) = &training.card {
        written(card, trained.ranking.card.markdown().as_bytes())?;
    }
    tell(&trained, training.json)
}

fn tell(trained: &Trained, as_json: bool) -> Result<()> {
    let card = &trained.ranking.card;
    if as_json {
        let report = json!({ "card": card, "data": trained.bids, "labels": trained.labels });
        say!("{}", serde_json::to_string(&report)?);
        return Ok(());
    }
    for sentence in trained.bids.sentences().iter().chain(&trained.labels.sentences()) {
        eprintln!("{sentence}");
    }
    say!("{}", card.markdown());
    Ok(())
}

/// Ranks tenders.
pub(crate) fn score(scoring: Scoring) -> Result<()> {
    let model = Ranking::read(open(&scoring.model)?).map_err(said)?;
    let scores = model.score(open(&scoring.bids.data)?, &scoring.bids.columns()).map_err(said)?;
    if let Some(out) = &scoring.out {
        if same_file(out, &scoring.bids.data) || same_file(out, &scoring.model) {
            return Err(Refusal::bad_request("结果不能写回输入文件，请为 --out 换一个文件名。").into());
        }
        written(out, &table(&scores))?;
    }
    if scoring.json {
        let answer = json!({
            "notice": NOTICE, "validation": model.card.validation, "warnings": scores.warnings,
            "data": scores.bids, "tenders": scores.tenders,
        });
        say!("{}", serde_json::to_string(&answer)?);
        return Ok(());
    }
    for sentence in scores.bids.sentences().iter().chain(&scores.warnings) {
        eprintln!("{sentence}");
    }
    print(&scores);
    Ok(())
}

/// Stands with every order.
const NOTICE: &str = "只用来安排先核查哪些标段，不作任何认定；每个标段都要由人核实。";
/// How many tenders are printed for people; the file holds all.
const SHOWN: usize = 30;

fn print(scores: &Scores) {
    say!("{NOTICE}");
    for tender in in_order(scores).into_iter().take(SHOWN) {
        let (Some(rank), Some(probability)) = (tender.rank, tender.probability) else { continue };
        let drivers: Vec<String> = tender
            .drivers
            .iter()
            .take(3)
            .map(|driver| {
                let value = driver.value.map_or_else(|| "不能计算".to_owned(), |value| format!("{value:.4}"));
                format!("{} {value}（{:+.2}）", driver.label, driver.contribution)
            })
            .collect();
        say!("{rank:>5} {} 概率 {:.1}%：{}", tender.tender, probability * 100.0, drivers.join("，"));
    }
    let without = scores.tenders.iter().filter(|tender| tender.rank.is_none()).count();
    if without > 0 {
        say!("{without} 个标段报价太少，没有排序；这不等于没有问题。");
    }
}

/// Ranked tenders first, then those without a rank as in the file.
fn in_order(scores: &Scores) -> Vec<&ranking::Scored> {
    let mut order: Vec<&ranking::Scored> = scores.tenders.iter().collect();
    order.sort_by_key(|tender| tender.rank.unwrap_or(u64::MAX));
    order
}

fn table(scores: &Scores) -> Vec<u8> {
    let mut text = String::from(
        "rank,tender,probability,score,false_positive_rate,false_negative_rate,drivers,reason\n",
    );
    for tender in in_order(scores) {
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        let drivers: Vec<String> = tender
            .drivers
            .iter()
            .map(|driver| {
                let value = driver.value.map_or_else(|| "-".to_owned(), |value| value.to_string());
                format!("{}={value}({:+.3})", driver.screen, driver.contribution)
            })
            .collect();
        let cells = [
            tender.rank.map_or_else(String::new, |rank| rank.to_string()),
            format!("\"{}\"", tender.tender.replace('"', "\"\"")),
            number(tender.probability),
            number(tender.score),
            number(tender.false_positive_rate),
            number(tender.false_negative_rate),
            drivers.join("; "),
            tender.reason.unwrap_or_default().to_owned(),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text.into_bytes()
}

fn origin(role: &str, path: &Path) -> Result<Origin> {
    open(path)?;
    let digest = models::load::digest(path).map_err(|error| match error {
        models::Error::Refused(sentence) => Error::from(Refusal::bad_request(sentence)),
        models::Error::Fault(why) => {
            Refusal::bad_request(format!("不能读取 {}：{why}。", path.display())).into()
        }
    })?;
    Ok(Origin { role: role.to_owned(), digest })
}

fn open(path: &Path) -> Result<BufReader<File>> {
    if path.is_dir() {
        return Err(Refusal::bad_request(format!("{} 是文件夹，请指定文件。", path.display())).into());
    }
    File::open(path).map(BufReader::new).map_err(|error| unusable(path, "读取", &error).into())
}

/// An earlier file stays until the new one is whole.
fn written(path: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = path.with_extension("part");
    let whole = || -> std::io::Result<()> {
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)
    };
    whole().map_err(|error| unusable(path, "写入", &error).into())
}

fn same_file(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().zip(other.canonicalize().ok()).is_some_and(|(one, other)| one == other)
}

fn said(error: screens::Error) -> Error {
    Refusal::bad_request(error.to_string()).into()
}

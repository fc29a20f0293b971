//! `xuncha models screens` and `xuncha models run --suite cardinal`: statistics on files of this machine, without models.

use crate::cli::say;
use std::{
    fs::{self, File},
    io::{BufWriter, Read},
    path::{Path, PathBuf},
};

use clap::Args;
use kit::{Error, Refusal, Result, unusable};
use screens::{
    cardinal::{self, Outcome, Settings},
    network::{self, Network},
    subsets::Limits,
    table::{self, Columns, Options},
};
use serde_json::json;

/// The suite's name on the command line.
pub(crate) const CARDINAL: &str = "cardinal";

/// Which bids are screened.
#[derive(Args)]
pub(crate) struct Screening {
    /// 投标数据（csv，UTF-8 或 GB18030）
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// 标段所在的列
    #[arg(long, value_name = "COLUMN")]
    tender: String,
    /// 报价所在的列
    #[arg(long, value_name = "COLUMN")]
    bid: String,
    /// 是否中标所在的列
    #[arg(long, value_name = "COLUMN")]
    winner: Option<String>,
    /// 投标单位所在的列；填写后同一单位在同一标段只取最低的一次报价
    #[arg(long, value_name = "COLUMN")]
    bidder: Option<String>,
    /// 控制价所在的列
    #[arg(long, value_name = "COLUMN")]
    ceiling: Option<String>,
    /// 同时计算三个、四个报价的各种组合
    #[arg(long)]
    subsets: bool,
    /// 组合过多时抽取的种子
    #[arg(long, default_value_t = Limits::default().seed, requires = "subsets")]
    seed: u64,
    /// 结果写到哪个文件
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// 处理情况以 JSON 打印
    #[arg(long)]
    json: bool,
}

/// Whose meetings are looked at.
#[derive(Args)]
pub(crate) struct Meeting {
    /// 投标数据（csv，UTF-8 或 GB18030），应属于同一市场
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// 标段所在的列
    #[arg(long, value_name = "COLUMN")]
    tender: String,
    /// 投标单位所在的列
    #[arg(long, value_name = "COLUMN")]
    bidder: String,
    /// 是否中标所在的列
    #[arg(long, value_name = "COLUMN")]
    winner: Option<String>,
    /// 开标日期所在的列
    #[arg(long, value_name = "COLUMN")]
    day: Option<String>,
    /// 以 JSON 打印
    #[arg(long)]
    json: bool,
}

/// Prints who meets whom more often than chance allows, groups and companions.
pub(crate) fn meetings(meeting: Meeting) -> Result<()> {
    let columns = network::Columns {
        tender: meeting.tender,
        bidder: meeting.bidder,
        winner: meeting.winner,
        day: meeting.day,
    };
    let (participation, report) = network::read(open(&meeting.data)?, &columns).map_err(said)?;
    let network = participation.network(&network::Settings::default());
    if meeting.json {
        let mut answer = in_json(&network);
        if let Some(answer) = answer.as_object_mut() {
            answer.insert("data".to_owned(), serde_json::to_value(&report)?);
        }
        say!("{answer}");
        return Ok(());
    }
    for sentence in report.sentences() {
        eprintln!("{sentence}");
    }
    if network.wide > 0 {
        say!("{} 个标段的投标人超过 {} 家，不据此联系企业。", network.wide, network.widest);
    }
    for group in &network.groups {
        say!("企业群：{}", network.explain_group(group));
    }
    for companion in &network.companions {
        say!("陪标：{}", network.explain_companion(companion));
    }
    for pair in &network.pairs {
        say!("企业对：{}", network.explain_pair(pair));
    }
    Ok(())
}

fn in_json(network: &Network) -> serde_json::Value {
    let names = |firms: &[u32]| -> Vec<&str> { firms.iter().map(|firm| network.name(*firm)).collect() };
    let pairs = network.pairs.iter().map(|pair| {
        json!({
            "one": network.name(pair.one), "other": network.name(pair.other), "joint": pair.joint,
            "jaccard": pair.jaccard, "lift": pair.lift, "probability": pair.probability,
            "discovery_rate": pair.discovery_rate, "deviations": pair.deviations, "of_one": pair.of_one,
            "of_other": pair.of_other, "lost_to_other": pair.lost_to_other, "lost_to_one": pair.lost_to_one,
            "explanation": network.explain_pair(pair),
        })
    });
    let groups = network.groups.iter().map(|group| {
        json!({
            "members": names(&group.members), "density": group.density, "coherence": group.coherence,
            "exclusivity": group.exclusivity, "tenders": group.tenders, "won": group.won,
            "never_won": names(&group.never_won), "takes_turns": group.rotation.present(),
            "explanation": network.explain_group(group),
        })
    });
    let companions = network.companions.iter().map(|companion| {
        json!({
            "firm": network.name(companion.firm), "attended": companion.attended,
            "winner": network.name(companion.winner), "lost_to": companion.lost_to,
            "probability": companion.probability, "explanation": network.explain_companion(companion),
        })
    });
    json!({
        "tenders": network.tenders, "wide": network.wide, "widest": network.widest, "compared": network.compared,
        "groups": groups.collect::<Vec<_>>(), "companions": companions.collect::<Vec<_>>(),
        "pairs": pairs.collect::<Vec<_>>(),
    })
}

/// Writes the table of screens and says how the rows were treated.
pub(crate) fn screen(screening: Screening) -> Result<()> {
    let columns = Columns {
        tender: screening.tender,
        bid: screening.bid,
        winner: screening.winner,
        bidder: screening.bidder,
        ceiling: screening.ceiling,
    };
    let limits = Limits { seed: screening.seed, ..Limits::default() };
    let options = Options { subsets: screening.subsets.then_some(limits) };
    let data = open(&screening.data)?;
    if same_file(&screening.data, &screening.out) {
        return Err(Refusal::bad_request("结果不能写回投标数据，请为 --out 换一个文件名。").into());
    }
    // An earlier result stays until the new one is whole.
    let unfinished = screening.out.with_extension("part");
    let out = File::create(&unfinished).map_err(|error| unusable(&unfinished, "写入", &error))?;
    let screened = table::screen_file(data, &columns, options, BufWriter::new(out));
    let report = screened.map_err(|error| {
        let _ = fs::remove_file(&unfinished);
        said(error)
    })?;
    fs::rename(&unfinished, &screening.out).map_err(|error| unusable(&screening.out, "写入", &error))?;
    if screening.json {
        say!("{}", serde_json::to_string(&report)?);
    } else {
        for sentence in report.sentences() {
            eprintln!("{sentence}");
        }
    }
    Ok(())
}

/// Prints the flags of the published indicators; `settings` are pairs of a published name and a value.
pub(crate) fn cardinal(files: &[String], settings: &[(String, String)], as_json: bool) -> Result<()> {
    let [file] = files else {
        return Err(Refusal::bad_request("cardinal 一次只读取一个文件，请合并后再运行。").into());
    };
    let mut chosen = Settings::default();
    for (name, value) in settings {
        chosen.set(name, value).map_err(said)?;
    }
    let outcome = match file.as_str() {
        "-" => cardinal::run(std::io::stdin().lock(), &chosen),
        file => cardinal::run(open(Path::new(file))?, &chosen),
    };
    let outcome = outcome.map_err(said)?;
    if as_json {
        say!("{}", serde_json::to_string(&outcome)?);
    } else {
        print(&outcome);
    }
    Ok(())
}

fn print(outcome: &Outcome) {
    for sentence in outcome.report.sentences() {
        say!("{sentence}");
    }
    for (group, objects) in &outcome.groups {
        for (id, flags) in objects {
            for (indicator, value) in flags.each() {
                say!("{} {id}：{indicator:?} {}（{value}）", group.label(), indicator.label());
            }
        }
    }
}

fn open(path: &Path) -> Result<impl Read + use<>> {
    if path.is_dir() {
        return Err(Refusal::bad_request(format!("{} 是文件夹，请指定文件。", path.display())).into());
    }
    File::open(path).map_err(|error| unusable(path, "读取", &error).into())
}

fn same_file(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().zip(other.canonicalize().ok()).is_some_and(|(one, other)| one == other)
}

/// The library's sentences are meant for the same person as ours.
fn said(error: screens::Error) -> Error {
    Refusal::bad_request(error.to_string()).into()
}

//! `xuncha models …` on files of this machine: what scripts rely on.

use std::{fs, path::Path, process::Command};

use screens::invented::Market;
use serde_json::Value;

fn models(folder: &Path, arguments: &[&str]) -> (bool, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xuncha"))
        .current_dir(folder)
        .arg("models")
        .args(arguments)
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.success(), text(output.stdout), text(output.stderr))
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let (fine, out, err) = models(folder, arguments);
    assert!(fine, "{arguments:?}: {err}");
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {out}"))
}

const BIDS: [&str; 10] =
    ["--tender", "标段", "--bid", "报价", "--bidder", "投标人", "--winner", "中标", "--ceiling", "控制价"];

fn market(folder: &Path, name: &str, seed: u64) {
    let market = Market { tenders: 400, seed, ..Market::default() };
    fs::write(folder.join(name), market.csv()).expect("a file");
}

#[test]
fn a_ranking_is_trained_with_its_card_and_scores_another_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    market(at, "past.csv", 1);
    market(at, "now.csv", 2);
    let mut train =
        vec!["train", "--data", "past.csv", "--label", "已确认", "--group", "案件", "--out", "model.json"];
    train.extend(["--card", "card.md", "--json"].iter().chain(&BIDS));
    let answer = json(at, &train);
    assert!(answer["card"]["validation"]["auc"].as_f64().expect("a number") > 0.8, "{answer}");
    assert_eq!(answer["card"]["origin"][0]["digest"].as_str().map(str::len), Some(64));
    assert!(fs::read_to_string(at.join("card.md")).expect("a card").contains("不作任何认定"));
    let first = fs::read(at.join("model.json")).expect("a model");
    json(at, &train);
    assert_eq!(first, fs::read(at.join("model.json")).expect("a model"), "the same seed gives the same file");

    let mut score =
        vec!["score", "--model", "model.json", "--data", "now.csv", "--out", "order.csv", "--json"];
    score.extend(BIDS);
    let answer = json(at, &score);
    let tenders = answer["tenders"].as_array().expect("tenders");
    assert_eq!(tenders.len(), 400);
    let best = tenders.iter().find(|tender| tender["rank"] == 1).expect("a first");
    assert!(best["drivers"][0]["contribution"].is_number() && best["drivers"][0]["label"].is_string());
    let order = fs::read_to_string(at.join("order.csv")).expect("an order");
    assert!(order.lines().nth(1).expect("a line").starts_with("1,"));
    assert_eq!(order.lines().count(), 401);
}

#[test]
fn what_was_not_trained_here_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    market(folder.path(), "now.csv", 2);
    fs::write(folder.path().join("model.json"), "{\"kind\":\"x\"}").expect("a file");
    let mut score = vec!["score", "--model", "model.json", "--data", "now.csv"];
    score.extend(BIDS);
    let (fine, _, err) = models(folder.path(), &score);
    assert!(!fine && err.contains("不是可用的排序模型文件"), "{err}");
}

#[test]
fn models_of_people_need_a_key_and_print_no_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let number = "11010519491231002X";
    let text = format!(
        "身份证号,姓名,补贴项目,发放日期,金额,村,死亡日期\n{number},甲,低保,2025-03-01,500,一村,2024-01-01\n"
    );
    fs::write(at.join("a.csv"), text).expect("a file");
    let run = ["run", "dead-recipient", "--data", "a.csv", "--json"];
    let (fine, out, err) = models(at, &run);
    assert!(!fine && out.is_empty() && err.contains("--person-key"), "{err}");
    fs::write(at.join("short"), "0123").expect("a file");
    let (fine, _, err) = models(at, &[&run[..], &["--person-key", "short"]].concat());
    assert!(!fine && err.contains("16"), "{err}");
    fs::write(at.join("key"), [7; 32]).expect("a file");
    let answer = json(at, &[&run[..], &["--person-key", "key"]].concat());
    assert_eq!(answer["hits"].as_array().map(Vec::len), Some(1));
    assert!(answer["hits"][0]["keys"]["person"].as_str().is_some_and(|person| person.starts_with('P')));
    assert!(!answer.to_string().contains(number));
}

#[test]
fn a_file_becomes_typed_columns_and_facets_count_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    fs::write(at.join("a.csv"), "类别,金额\n甲,1.5\n乙,2\n甲,3\n甲\n").expect("a file");
    let report = json(at, &["convert", "a.csv", "--out", "a.parquet", "--json"]);
    assert_eq!((&report["rows"], &report["taken"], &report["ragged"]), (&4.into(), &3.into(), &1.into()));
    let facet = json(at, &["facet", "a.parquet", "--column", "类别", "--json"]);
    assert_eq!(facet["values"][0]["value"], "甲");
    assert_eq!(facet["values"][0]["rows"], 2);
}

#[test]
fn the_network_and_odd_rows_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    market(at, "past.csv", 1);
    let answer = json(
        at,
        &[
            "network",
            "--data",
            "past.csv",
            "--tender",
            "标段",
            "--bidder",
            "投标人",
            "--winner",
            "中标",
            "--json",
        ],
    );
    assert!(answer["pairs"].as_array().is_some_and(|pairs| !pairs.is_empty()), "{answer}");
    assert!(answer["pairs"][0]["explanation"].is_string());
    assert_eq!(answer["data"]["ragged"], 0);
}

#[test]
fn another_engine_is_refused_with_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = ["run", "same-ip", "--data", "a.csv", "--engine"];
    for (engine, said) in [("spark://127.0.0.1:1", "没有计算引擎"), ("ballista://127.0.0.1:1", "--shared")]
    {
        let (fine, _, err) = models(folder.path(), &[&run[..], &[engine]].concat());
        assert!(!fine && err.contains(said), "{err}");
    }
}

/// The program as it is installed: alone in a folder, or with `beside` as the program that asks a cluster.
#[cfg(unix)]
fn installed(beside: Option<&str>) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    fs::hard_link(env!("CARGO_BIN_EXE_xuncha"), folder.path().join("xuncha")).expect("the program");
    if let Some(script) = beside {
        let program = folder.path().join("xuncha-cluster");
        fs::write(&program, script).expect("a program");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
    }
    folder
}

#[cfg(unix)]
fn asked_of_a_cluster(folder: &Path) -> std::process::Output {
    let run = ["models", "run", "same-ip", "--data", "a.csv", "--map", "ip=地址", "--set", "least=3"];
    Command::new(folder.join("xuncha"))
        .current_dir(folder)
        .args(run)
        .args(["--engine", "ballista://127.0.0.1:50050", "--shared", "there"])
        .output()
        .expect("the program runs")
}

#[cfg(unix)]
#[test]
fn a_cluster_is_asked_by_the_program_beside() {
    let folder = installed(Some(
        "#!/bin/sh\necho \"$@\" > arguments\nhead -n 1 > question\necho 答复\ntest ! -e refuse\n",
    ));
    let output = asked_of_a_cluster(folder.path());
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "答复\n");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("text");
    assert_eq!(read("arguments"), "run --scheduler 127.0.0.1:50050 --shared there\n");
    let question: models::job::Question = serde_json::from_str(&read("question")).expect("a question");
    assert_eq!(question.models, ["same-ip"]);
    assert_eq!(question.files[0].path, Path::new("a.csv"));
    assert_eq!((&question.mapping[""]["ip"], &question.set["least"]), (&"地址".to_owned(), &"3".to_owned()));

    fs::write(folder.path().join("refuse"), "").expect("a file");
    let output = asked_of_a_cluster(folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "the program beside has said why");
}

#[cfg(unix)]
#[test]
fn without_the_program_beside_a_cluster_is_refused_with_a_sentence() {
    let output = asked_of_a_cluster(installed(None).path());
    assert_eq!(output.status.code(), Some(1));
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(err.contains("没有找到集群程序"), "{err}");
}

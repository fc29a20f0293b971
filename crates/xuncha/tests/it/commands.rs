//! What the command line says when something is not as it should be: a Chinese sentence that names the thing, and an exit code.

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// Runs the program with `arguments`; what it printed for the operator, on the way, and its exit code.
fn run(folder: &Path, arguments: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_xuncha"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .env_remove("XUNCHA_FONTS")
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stderr), text(&output.stdout), output.status.code())
}

#[test]
fn wrong_usage_is_answered_in_chinese_without_colours_and_with_exit_code_2() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, expected) in [
        (&["serv"][..], "没有名为 serv 的命令。是不是 serve？"),
        (&["figures", "--year", "0"], "--year <年度> 不能是“0”：应是 1990 到 2199 之间的整数。"),
        (&["import", "problems"], "还要写明：<文件>。"),
        (&["intake", "export"], "还要写明：--out <文件>。"),
    ] {
        let (said, printed, code) = run(folder.path(), arguments);
        assert!(said.starts_with(expected), "{arguments:?}: {said}");
        assert!(!said.contains('\u{1b}') && printed.is_empty(), "{said}{printed}");
        assert_eq!(code, Some(2), "{arguments:?}");
    }
}

#[test]
fn help_is_printed_in_chinese_as_an_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let (said, printed, code) = run(folder.path(), &["export", "--help"]);
    assert_eq!((said.as_str(), code), ("", Some(0)));
    let lines: Vec<String> =
        printed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        lines,
        [
            "把一类记录导出为 xlsx",
            "",
            "用法：xuncha export [选项] <种类> <文件>",
            "",
            "参数：",
            "<种类> 记录种类，如 problems",
            "<文件> 目标文件",
            "",
            "选项：",
            "--data <目录> 数据目录（文件、密钥和内嵌数据库）（不填则为 xuncha-data）",
            "--database-url <数据库地址> PostgreSQL 地址；不填则使用数据目录中的内嵌数据库（也可以用环境变量 DATABASE_URL）",
            "--fonts <目录> 单位自有授权字体（仿宋_GB2312、方正小标宋简体等）所在目录；不填则用数据目录下的 fonts（也可以用环境变量 XUNCHA_FONTS）",
            "--query <条件> 筛选条件，与列表页地址相同，如 f.state=closed&sort=-number",
            "--json 以 JSON 打印结果",
            "-h, --help 显示这份说明",
        ]
    );
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_the_reason_and_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    std::fs::write(path.join("taken.xlsx"), "here already").expect("a file");
    std::fs::write(path.join("file"), "no folder").expect("a file");
    let missing = "文件或文件夹不存在。请核对路径后重试。";
    for (arguments, expected) in [
        (&["export", "problems", "taken.xlsx"][..], "不能写入 taken.xlsx：已经有同名的文件。请换一个名称。"),
        (&["export", "problems", "nowhere/new.xlsx"], &format!("不能写入 nowhere/new.xlsx：{missing}")),
        (&["backup", "taken.xlsx"], "不能写入 taken.xlsx：已经有同名的文件。请换一个名称。"),
        (&["import", "problems", "gone.xlsx"], &format!("不能读取文件 gone.xlsx：{missing}")),
        (&["verify", "--proof", "gone.json"], &format!("不能读取 gone.json：{missing}")),
        (&["restore", "gone.xb", "--key", "gone.key"], &format!("不能读取密钥文件 gone.key：{missing}")),
        (&["models", "profile", "gone.csv"], &format!("不能读取文件 gone.csv：{missing}")),
        (
            &[
                "models", "train", "--data", "gone.csv", "--tender", "a", "--bid", "b", "--label", "c",
                "--out", "m",
            ],
            &format!("不能读取 gone.csv：{missing}"),
        ),
        (
            &["models", "facet", "file", "--column", "a"],
            "file 不是 parquet 文件；请先用 xuncha models convert 转换，再查看取值。",
        ),
        (&["models", "run", "same-ip", "--data", "gone.csv"], &format!("不能读取文件 gone.csv：{missing}")),
        (&["figures", "--data", "nowhere"], &format!("不能使用数据目录 nowhere/xuncha.db：{missing}")),
        (
            &["init", "--data", "file/below"],
            "不能使用数据目录 file/below：路径中有一段不是文件夹。请核对路径后重试。",
        ),
    ] {
        let (said, _, code) = run(path, arguments);
        assert_eq!(said.trim_end(), expected, "{arguments:?}");
        assert_eq!(code, Some(1), "{arguments:?}");
    }
    assert_eq!(std::fs::read_to_string(path.join("taken.xlsx")).expect("a file"), "here already");
}

#[test]
fn an_address_that_is_taken_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let holder = std::net::TcpListener::bind("127.0.0.1:0").expect("an address");
    let taken = holder.local_addr().expect("an address").to_string();
    let (said, _, code) = run(folder.path(), &["serve", "--data", "office", "--listen", &taken]);
    assert_eq!(
        said.trim_end(),
        format!("不能在 {taken} 监听：这个端口已被别的程序占用。请换一个端口，或先停止那个程序。")
    );
    assert_eq!(code, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_only_reads_refuses_records_that_were_not_brought_up_to_date_yet() {
    use db::ConnectionTrait as _;
    let folder = tempfile::tempdir().expect("a folder");
    let (said, _, code) = run(folder.path(), &["init", "--data", "office"]);
    assert_eq!(code, Some(0), "{said}");
    let (said, _, code) = run(folder.path(), &["verify", "--data", "office", "--json"]);
    assert_eq!(code, Some(0), "{said}");
    let records =
        db::Db::open(&db::Target::folder(folder.path().join("office"))).await.expect("the office's records");
    let last =
        "delete from schema_migration where applied_seq = (select max(applied_seq) from schema_migration)";
    let change = db::Conn::Tx(records.begin().await.expect("a transaction"));
    change.executor().execute_unprepared(last).await.expect("a good statement");
    let db::Conn::Tx(change) = change else { unreachable!("it is one") };
    change.commit().await.expect("kept");
    drop(records);
    let (said, printed, code) = run(folder.path(), &["verify", "--data", "office", "--json"]);
    assert_eq!((printed.as_str(), code), ("", Some(1)));
    assert!(said.contains("数据库的结构比本程序旧") && said.contains("xuncha serve"), "{said}");
}

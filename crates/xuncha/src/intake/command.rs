//! `xuncha intake`: on the intake host `init`, `load`, `serve` and `export`, which know only their own folder; at
//! the office `publish` and `import`.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::NaiveDate;
use clap::Subcommand;
use intake::{Host, envelope::fingerprint};
use kit::{Actor, App, Clock, Refusal, Result, clock::office_time, unusable, web::serve};
use serde_json::json;

use super::{Key, Trust, import, publish, renew, ring};
use crate::{
    assemble::{self, Purpose},
    cli::{At, not_listening, say, stopped},
    usage,
};

/// 网上来信：单独的收件机和办公系统之间只用签名的文件往来
#[derive(Subcommand)]
pub(crate) enum Intake {
    /// 【收件机】建立收件目录
    Init {
        /// 收件目录
        #[arg(long, value_name = "DIR", default_value = "xuncha-intake")]
        data: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// 【收件机】载入办公系统写出的公告包
    Load {
        /// 公告包
        file: PathBuf,
        /// 收件目录
        #[arg(long, value_name = "DIR", default_value = "xuncha-intake")]
        data: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// 【收件机】启动收件网站
    Serve {
        /// 收件目录
        #[arg(long, value_name = "DIR", default_value = "xuncha-intake")]
        data: PathBuf,
        /// 监听地址
        #[arg(long, default_value = "127.0.0.1:8090")]
        listen: SocketAddr,
        /// 前面有终止 TLS 的网关，来访地址取自它写的 X-Forwarded-For
        #[arg(long)]
        behind_tls: bool,
        /// 演示用：日历停在这一天，与演示城市的日历相同
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = usage::day)]
        today: Option<NaiveDate>,
    },
    /// 【收件机】把还没有转出的来信写成一个来信包，网站运行时也可以执行
    Export {
        /// 来信包，不能已经存在
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// 收件目录
        #[arg(long, value_name = "DIR", default_value = "xuncha-intake")]
        data: PathBuf,
        /// 重新写出以前的一包
        #[arg(long, value_name = "N")]
        again: Option<i64>,
        #[arg(long)]
        json: bool,
    },
    /// 【办公系统】写出公告包：公告、公钥、限额和查询答复
    Publish {
        /// 公告包
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        at: At,
        /// 附上这台收件机的来信的查询答复
        #[arg(long, value_name = "FINGERPRINT")]
        host: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// 【办公系统】导入来信包，登记为信访
    Import {
        /// 来信包
        file: PathBuf,
        #[command(flatten)]
        at: At,
        /// 第一次导入时，写明已经核对过的收件机指纹
        #[arg(long, value_name = "FINGERPRINT")]
        trust: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// 【办公系统】列出来信公钥：指纹、起止时间、各封了多少件来信
    Keys {
        #[command(flatten)]
        at: At,
        #[arg(long)]
        json: bool,
    },
    /// 【办公系统】更换来信公钥；原来的留在密钥环中，封给它的来信仍能打开
    NewKey {
        #[command(flatten)]
        at: At,
        #[arg(long)]
        json: bool,
    },
}

/// Runs one of the commands.
pub(crate) async fn run(command: Intake) -> Result<()> {
    match command {
        Intake::Init { data, json } => init(&data, json).await,
        Intake::Load { file, data, json } => load(&file, &data, json).await,
        Intake::Serve { data, listen, behind_tls, today } => {
            serve_site(&data, listen, behind_tls, today).await
        }
        Intake::Export { out, data, again, json } => export(&out, &data, again, json).await,
        Intake::Publish { out, at, host, json } => give(&out, &at, host.as_deref(), json).await,
        Intake::Import { file, at, trust, json } => take(&file, &at, trust, json).await,
        Intake::Keys { at, json } => list_keys(&at, json).await,
        Intake::NewKey { at, json } => new_key(&at, json).await,
    }
}

async fn init(data: &Path, as_json: bool) -> Result<()> {
    let host = Host::init(data, Clock::System).await?;
    let print = fingerprint(&host.public_key()?);
    if as_json {
        say!("{}", json!({ "host": print }));
    } else {
        say!("收件目录已建立。收件机指纹：{print}（办公系统第一次导入来信包时核对）");
    }
    Ok(())
}

async fn load(file: &Path, data: &Path, as_json: bool) -> Result<()> {
    let text = read_text(file)?;
    let loaded = Host::open(data, Clock::System, false).await?.load(&text).await?;
    if as_json {
        say!(
            "{}",
            json!({ "announcements": loaded.announcements, "statuses": loaded.statuses, "removed": loaded.removed,
                "signer": loaded.signer })
        );
        return Ok(());
    }
    say!(
        "已载入：公告 {} 份，查询答复 {} 条，清除已转入的来信 {} 件。",
        loaded.announcements,
        loaded.statuses,
        loaded.removed
    );
    if let Some(signer) = loaded.signer {
        say!("单位签名指纹：{signer}。请与办公系统写出公告包时显示的核对；以后的公告包必须由它签名。");
    }
    Ok(())
}

async fn serve_site(
    data: &Path,
    listen: SocketAddr,
    behind_tls: bool,
    today: Option<NaiveDate>,
) -> Result<()> {
    let host = Host::open(data, today.map_or(Clock::System, Clock::Standing), behind_tls).await?;
    host.bulletin().await?;
    host.tidy()?;
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|error| not_listening(listen, &error))?;
    say!("收件网站已启动：http://{}", listener.local_addr()?);
    serve::serve(listener, intake::host::router(host), intake::host::listening(), stopped()).await;
    Ok(())
}

async fn export(out: &Path, data: &Path, again: Option<i64>, as_json: bool) -> Result<()> {
    if out.exists() {
        let message = format!("{} 已经存在，没有导出；请换一个文件名。", out.display());
        return Err(Refusal::conflict(message).into());
    }
    let host = Host::open(data, Clock::System, false).await?;
    let manifest = host.export(out, again).await?;
    let (_, waiting) = host.counts().await?;
    if as_json {
        say!(
            "{}",
            json!({ "serial": manifest.serial, "letters": manifest.letters.len(), "waiting": waiting, "file": out })
        );
    } else {
        say!(
            "第 {} 号来信包已写出到 {}：来信 {} 件，还有 {waiting} 件待转出。",
            manifest.serial,
            out.display(),
            manifest.letters.len()
        );
    }
    Ok(())
}

async fn open_office(at: &At) -> Result<App> {
    let app = assemble::open(&at.place(), Purpose::Write, Clock::System, false).await?;
    if assemble::demonstration(&app).await?.is_none() {
        return Err(Refusal::bad_request(
            "这个目录里没有办公系统的数据；请用 --data 指定办公系统的数据目录。",
        )
        .into());
    }
    Ok(app)
}

async fn give(out: &Path, at: &At, host: Option<&str>, as_json: bool) -> Result<()> {
    let app = open_office(at).await?;
    let text = publish(&app, &Arc::new(Actor::program("写出公告包")), host).await?;
    std::fs::write(out, text).map_err(|error| unusable(out, "写入公告包", &error))?;
    let signing = kit::keys::signing(app.folder())?;
    let signer = fingerprint(&kit::seal::envelope::public_half(&signing)?);
    if as_json {
        say!("{}", json!({ "file": out, "signer": signer }));
    } else {
        say!("公告包已写出到 {}。单位签名指纹：{signer}", out.display());
    }
    Ok(())
}

async fn take(file: &Path, at: &At, trust: Option<String>, as_json: bool) -> Result<()> {
    let app = open_office(at).await?;
    let trust = trust.map_or(Trust::Known, Trust::Fingerprint);
    let report = import(&app, &Arc::new(Actor::program("网上来信转入")), file, trust).await?;
    if as_json {
        say!(
            "{}",
            json!({ "host": report.host, "serial": report.serial, "taken": report.taken, "held": report.held,
                "refused": report.refused, "keys": report.keys })
        );
    } else {
        say!("{}", report.sentence());
        if let Some(used) = report.keys_used() {
            say!("{used}");
        }
        for reason in report.reasons() {
            say!("  {reason}");
        }
    }
    if report.refused.is_empty() {
        return Ok(());
    }
    Err(Refusal::conflict("有来信不能登记；处理后可以把同一包再导入一次，已登记的不会重复。").into())
}

async fn list_keys(at: &At, as_json: bool) -> Result<()> {
    let app = open_office(at).await?;
    let ring = ring(&app.read(&Arc::new(Actor::program("来信公钥")))).await?;
    if as_json {
        let shown =
            |key: &Key| json!({ "key": key.print, "from": key.from, "to": key.to, "letters": key.letters });
        say!("{}", json!({ "keys": ring.iter().map(shown).collect::<Vec<_>>() }));
        return Ok(());
    }
    if ring.is_empty() {
        say!("还没有来信公钥；第一次写出公告包时生成。");
    }
    for key in &ring {
        let to = key.to.map_or_else(|| String::from("今"), office_time);
        say!("  {} {} 至 {to} 来信 {} 件", key.print, office_time(key.from), key.letters);
    }
    Ok(())
}

async fn new_key(at: &At, as_json: bool) -> Result<()> {
    let app = open_office(at).await?;
    let print = renew(&app, &Arc::new(Actor::program("更换来信公钥"))).await?;
    if as_json {
        say!("{}", json!({ "key": print }));
    } else {
        say!("新的来信公钥：{print}。请写出公告包并载入各收件机，载入后的来信封给新的公钥；以前的仍能打开。");
    }
    Ok(())
}

fn read_text(file: &Path) -> Result<String> {
    Ok(std::fs::read_to_string(file).map_err(|error| unusable(file, "读取文件", &error))?)
}

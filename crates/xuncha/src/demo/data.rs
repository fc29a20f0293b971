//! Data sets of the demonstration: invented bids, hospital months and idle property for one inspected unit, taken in as any
//! data are, with a saved mapping, a model of the office's own and a sample.

use std::{fmt::Write as _, sync::Arc};

use analysis::{
    data_recipes,
    data_sets::{self, Handover, actions::Entry},
    office_models,
};
use chrono::{Datelike as _, Days, NaiveDate};
use db::Sql;
use kit::{Actor, App, Form, Result, files, jobs, perform};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use uuid::Uuid;

/// Firms of which the first few bid as a ring.
const FIRMS: usize = 48;
const RING: usize = 5;

/// What a data set of the demonstration is.
struct Plan {
    name: &'static str,
    purpose: &'static str,
    provider: &'static str,
    system: &'static str,
    file: &'static str,
    text: String,
}

/// Brings the data sets into the city that is loaded; how many. Apart from [`super::load`], because files lie beside the
/// database and jobs take them in.
pub async fn load_data(app: &App, seed: u64) -> Result<usize> {
    let actor = Arc::new(Actor::program("演示数据"));
    let Some((unit, from)) = unit(&app.read(&actor)).await? else { return Ok(0) };
    let plans = [bids(seed, from), months(seed, from), property(seed, from)];
    let count = plans.len();
    let mut first = None;
    for (at, plan) in plans.into_iter().enumerate() {
        let upload = files::Upload::of_bytes(app, plan.file, plan.text.as_bytes()).await?;
        let aside = upload.clone();
        let entry = entry(&plan, from, at);
        let made = app
            .write(&actor, |cx| {
                Box::pin(
                    async move { data_sets::actions::create(cx, unit, entry, String::new(), &upload).await },
                )
            })
            .await;
        files::discard(app, &[aside]).await;
        first = first.or(Some(made?.0));
    }
    jobs::run_due(app).await?;
    if let Some(bids) = first {
        beside(app, &actor, bids.0).await?;
    }
    Ok(count)
}

/// The inspected unit of the latest inspection that found suspect projects, and its first day on site.
async fn unit(cx: &kit::Cx) -> Result<Option<(Uuid, NaiveDate)>> {
    let rows = cx
        .rows(Sql::new(
            "select u.id, u.entered_on from inspection_unit u where u.entered_on is not null and exists \
             (select 1 from suspect_project p where p.inspection_id = u.inspection_id and p.organisation_id = u.organisation_id) \
             order by u.entered_on desc, u.id limit 1",
        ))
        .await?;
    rows.first().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).transpose()
}

fn entry(plan: &Plan, from: NaiveDate, at: usize) -> Entry {
    let received = from + Days::new(3 + at as u64);
    Entry {
        name: plan.name.to_owned(),
        purpose: plan.purpose.to_owned(),
        provider: plan.provider.to_owned(),
        system_name: plan.system.to_owned(),
        received_on: received,
        received_by: String::from("巡察组数据专员两人"),
        handover: if at == 0 { Handover::Disc } else { Handover::Medium },
        receipt: format!("数交〔{}〕{}号", received.year(), at + 1),
        retain_until: received + Days::new(365 * 10),
        retain_basis: String::from("演示数据，不设到期提醒"),
    }
}

/// A deed of the demonstration: noun, record, name of the deed, what is filled in.
type Step<'a> = (&'static str, Option<Uuid>, &'a str, &'a [(&'a str, &'a str)]);

async fn beside(app: &App, actor: &Arc<Actor>, bids: Uuid) -> Result<()> {
    let deeds: [Step<'_>; 3] = [
        (
            data_recipes::NOUN,
            None,
            "create",
            &[
                ("name", "公共资源交易平台导出表"),
                ("table", "bidding/bids"),
                (
                    "mapping",
                    "标段编号=标段编号\n投标人=投标单位\n投标报价=报价（万元）\n最高投标限价=控制价（万元）\n开标日期=开标时间\n是否中标=中标\nIP地址=上传IP",
                ),
                ("note", "电子招投标系统的投标明细"),
            ],
        ),
        (
            data_sets::NOUN,
            Some(bids),
            "sample",
            &[
                ("purpose", "抽查投标文件原件"),
                ("method", "monetary_unit"),
                ("count", "12"),
                ("key", "标段编号"),
                ("amount", "报价（万元）"),
                ("seed", "20240131"),
            ],
        ),
        (office_models::NOUN, None, "create", MODEL),
    ];
    for (noun, id, deed, entries) in deeds {
        perform_one(app, actor, noun, id, deed, entries).await?;
    }
    let model = newest_model(&app.read(actor)).await?;
    perform_one(app, actor, office_models::NOUN, model, "test", &[]).await?;
    perform_one(app, actor, office_models::NOUN, model, "adopt", &[("opinion", "检验通过，同意启用。")])
        .await?;
    Ok(())
}

async fn newest_model(cx: &kit::Cx) -> Result<Option<Uuid>> {
    let rows = cx.rows(Sql::new("select id from office_model order by code limit 1")).await?;
    rows.first().map(|row| Ok(row.try_get_by_index(0)?)).transpose()
}

async fn perform_one(
    app: &App,
    actor: &Arc<Actor>,
    noun: &str,
    id: Option<Uuid>,
    deed: &str,
    entries: &[(&str, &str)],
) -> Result<()> {
    let form = Form::of(entries.iter().map(|(name, value)| (*name, (*value).to_owned())));
    let request =
        perform::Request { noun: noun.to_owned(), id, deed: deed.to_owned(), form, key: None, strict: true };
    perform::perform(app, actor, request).await.map(|_| ())
}

const MODEL: &[(&str, &str)] = &[
    ("code", "same-minute-upload"),
    ("name", "同一分钟上传标书"),
    ("domain", "bidding"),
    ("level", "yellow"),
    ("nature", "weak"),
    ("means", "同一标段里两家以上投标人在同一分钟上传标书。"),
    ("basis", "与电子标书由同一人办理的情形相互印证，不单独成立。"),
    ("false_positives", "截止前集中上传时会巧合，应与地址、机器码一并判断。"),
    ("verify", "调取平台上传日志，核对账号、地址和证书，询问经办人。"),
    ("keys", "tender, minute"),
    ("explain", "标段{tender}有{bidders}家投标人在{minute}同一分钟上传标书。"),
    ("needs", "bids: tender, bidder, uploaded_at"),
    ("parameters", "least | 最少家数 | 整数 | 2 | 2 | 50 | 家"),
    (
        "query",
        "select tender, substr(cast(uploaded_at as varchar), 1, 16) as minute, count(distinct bidder) as bidders\nfrom bids\nwhere uploaded_at is not null\ngroup by tender, substr(cast(uploaded_at as varchar), 1, 16)\nhaving count(distinct bidder) >= $least",
    ),
    (
        "fixtures",
        "[bids]\ntender,bidder,uploaded_at\nT1,甲,2023-03-01 09:10:05\nT1,乙,2023-03-01 09:10:40\nT1,丙,2023-03-01 09:11:02\nT2,甲,2023-03-02 10:00:00\nT2,乙,2023-03-02 10:05:00\n",
    ),
    ("expected", "tender,bidders\nT1,2\n"),
];

fn firm(at: usize) -> String {
    const FIRST: [&str; 8] = ["宏远", "澜东", "鼎盛", "华岳", "锦程", "中基", "恒通", "万安"];
    const SECOND: [&str; 6] = ["建设", "市政", "路桥", "园林", "水利", "装饰"];
    let (first, second) =
        (FIRST.get(at % 8).copied().unwrap_or("宏远"), SECOND.get(at / 8 % 6).copied().unwrap_or("建设"));
    format!("澜江{first}{second}工程有限公司")
}

/// The same firm as careless hands write it.
fn spelt(name: &str, at: u64) -> String {
    match at % 23 {
        0 => name.replace("工程有限公司", " 工程有限公司"),
        1 => name.replace("有限公司", "有限责任公司"),
        _ => name.to_owned(),
    }
}

fn bids(seed: u64, from: NaiveDate) -> Plan {
    let mut dice = ChaCha12Rng::seed_from_u64(seed ^ 0xb1d5);
    let mut text = String::from(
        "\u{feff}标段编号,项目名称,招标人,投标单位,报价（万元）,控制价（万元）,开标时间,中标,上传IP,标书上传时间,联系电话\n",
    );
    for tender in 0..320_u64 {
        let rigged = tender % 8 == 3;
        let day = from - Days::new(dice.random_range(120..1_000));
        let ceiling = dice.random_range(80.0..2_400.0_f64);
        let mut firms: Vec<usize> = if rigged { (0..RING).collect() } else { Vec::new() };
        while firms.len() < 3 + dice.random_range(0..6_usize) {
            let at = dice.random_range(if rigged { 0..FIRMS } else { RING..FIRMS });
            if !firms.contains(&at) {
                firms.push(at);
            }
        }
        let level = ceiling * dice.random_range(0.86..0.97);
        let mut prices: Vec<f64> = firms.iter().map(|_| level * dice.random_range(0.9..1.03)).collect();
        let mut winner =
            prices.iter().enumerate().min_by(|one, other| one.1.total_cmp(other.1)).map_or(0, |(at, _)| at);
        if rigged {
            // Turns are taken, the others bid a little above, and some go along without ever winning.
            winner = (tender / 8 % 3) as usize;
            for (at, price) in prices.iter_mut().enumerate() {
                *price = ceiling * if at == winner { 0.985 } else { 0.987 + 0.0008 * at as f64 };
            }
        }
        for (at, (firm_at, price)) in firms.iter().zip(&prices).enumerate() {
            let minute = if rigged { at / 3 } else { at * 7 };
            let _ = writeln!(
                text,
                "LJ{:04},{}标段施工,市{}建设中心,{},{:.4},{ceiling:.4},{day},{},{},{day} 09:{:02}:{:02},1390000{:04}",
                tender + 1,
                ["城东道路", "河道整治", "学校扩建", "老旧小区", "医院门诊楼"]
                    .get((tender % 5) as usize)
                    .unwrap_or(&"道路"),
                ["城东", "城西", "水务"].get((tender % 3) as usize).unwrap_or(&"城东"),
                spelt(&firm(*firm_at), tender * 7 + at as u64),
                price,
                if at == winner { "是" } else { "否" },
                if rigged && at < 2 {
                    format!("10.8.3.{}", tender % 200)
                } else {
                    format!("172.16.{}.{}", firm_at, tender % 250)
                },
                minute.min(59),
                (at * 11) % 60,
                firm_at
            );
        }
    }
    text.push_str("LJ0001,城东道路标段施工,市城东建设中心,澜江宏远建设工程有限公司,面议,,2099-13-40,否,,,\n合计,,,,,,,,,,\n");
    Plan {
        name: "工程招投标投标明细",
        purpose: "比对投标人之间的关联和报价规律，只用于本次专项巡察。",
        provider: "市公共资源交易中心",
        system: "电子招投标系统",
        file: "投标明细.csv",
        text,
    }
}

fn months(seed: u64, from: NaiveDate) -> Plan {
    let mut dice = ChaCha12Rng::seed_from_u64(seed ^ 0x3ed1);
    let mut text =
        String::from("机构,月份,门诊人次,门诊次均费用（元）,门诊次均药品费用（元）,检查收入占比\n");
    let names =
        ["市第一医院", "市第二医院", "市中医院", "市妇幼保健院", "城东区医院", "城西区医院", "澜河县医院"];
    for (place, name) in names.iter().enumerate() {
        let mut cost = 210.0 + 14.0 * place as f64;
        for month in 0..30_i32 {
            let day = from - Days::new(u64::try_from((30 - month) * 30).unwrap_or_default());
            cost *=
                1.0 + dice.random_range(-0.012..0.018) + if place == 1 && month > 14 { 0.014 } else { 0.0 };
            let _ = writeln!(
                text,
                "{name},{},{},{cost:.2},{:.2},{:.1}%",
                day.format("%Y-%m"),
                dice.random_range(6_000..21_000),
                cost * 0.38,
                14.0 + dice.random_range(0.0..9.0)
            );
        }
    }
    Plan {
        name: "医疗机构逐月费用",
        purpose: "把单个医院的费用放到全市同类机构中比较。",
        provider: "市医疗保障局",
        system: "医保结算统计",
        file: "逐月费用.csv",
        text,
    }
}

fn property(seed: u64, from: NaiveDate) -> Plan {
    let mut dice = ChaCha12Rng::seed_from_u64(seed ^ 0xa55e);
    let mut text = String::from("资产编号,产权单位,坐落,用途,面积㎡,闲置起始日期,盘活日期,使用状态\n");
    for at in 0..260 {
        let since = from - Days::new(dice.random_range(90..2_600));
        let until = since + Days::new(dice.random_range(100..1_800));
        let done = until < from && dice.random_bool(0.55);
        let _ = writeln!(
            text,
            "ZC{:04},市{}局,澜江市{}路{}号,{},{:.2},{since},{},{}",
            at + 1,
            ["住建", "教育", "卫健", "文旅", "供销"].get(at % 5).unwrap_or(&"住建"),
            ["人民", "解放", "滨江", "建设"].get(at % 4).unwrap_or(&"人民"),
            at + 3,
            ["商铺", "办公", "仓库", "住宅"].get(at % 4).unwrap_or(&"办公"),
            dice.random_range(28.0..1_900.0_f64),
            if done { until.to_string() } else { String::new() },
            if done { "已盘活" } else { "闲置" }
        );
    }
    Plan {
        name: "闲置资产台账",
        purpose: "核对闲置面积的年初、增加、减少和年末数。",
        provider: "市国资委",
        system: "资产管理台账",
        file: "闲置资产.csv",
        text,
    }
}

//! Letters of the public in the city, under an announcement that the team authorised last has prolonged: closed to the office's key as an intake host closes them, carried over in signed
//! packages by a clerk, one passed on since. Between the two packages the director has changed the key, so that the
//! second holds letters to both.

use std::{io::Cursor, sync::Arc};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use city::inspections::InspectedUnit;
use db::Sql;
use intake::{
    Identity, Letter, Signature,
    envelope::{Closing, fingerprint},
    package::{self, BULLETIN, Bulletin, Item, Manifest},
};
use kit::{
    Actor, App, Labelled as _, Result, Role,
    seal::{self, envelope},
};
use onsite::{announcements, petitions};
use planning::inspections::InspectionId;
use uuid::Uuid;

use super::{LAST_DAY, acting, deed, in_the_past, people::last_authorised, plan::Plan};
use crate::intake::{Trust, publish, register::Way, renew, take_in};

/// A letter of the story: days before the last one, minutes after midnight, signature, people, subject, content, writer,
/// and a file.
struct Written {
    days: u64,
    minute: i64,
    signature: Signature,
    people: i64,
    subject: &'static str,
    content: &'static str,
    writer: Option<(&'static str, &'static str, &'static str)>,
    file: Option<(&'static str, &'static str)>,
}

/// Those of the first package.
const FIRST: [Written; 3] = [
    Written {
        days: 11,
        minute: 20 * 60 + 14,
        signature: Signature::Named,
        people: 1,
        subject: "办公设备采购长期由一家公司承接",
        content: "近三年办公电脑、打印机和耗材都从同一家公司购买，每批都压在限额以下，没有比价。验收单上的签字人有两次正在外地出差。\n可以查2021年以来的采购合同、验收单和出差审批单。",
        writer: Some(("某职工", "下属事业单位", "13900000001")),
        file: Some((
            "采购批次整理.csv",
            "日期,品名,数量,金额（元）\n2022-03-11,台式电脑,9,48600\n2022-03-18,台式电脑,9,48600\n2022-03-25,台式电脑,8,43200\n",
        )),
    },
    Written {
        days: 10,
        minute: 12 * 60 + 41,
        signature: Signature::Anonymous,
        people: 1,
        subject: "公务用车周末停在私人小区",
        content: "单位一辆公务车周末经常停在城东一处小区，工作日早上再开回单位。油卡和过路费照常报销。",
        writer: None,
        file: None,
    },
    Written {
        days: 9,
        minute: 22 * 60 + 5,
        signature: Signature::Anonymous,
        people: 1,
        subject: "小区加装电梯补贴迟迟没有发放",
        content: "我们楼去年装好了电梯，补贴材料交了八个月，窗口一直说在走流程。希望有人过问。",
        writer: None,
        file: None,
    },
];
/// The one of them that is none of the inspection.
const PASSED_ON: usize = 2;

/// Those of the second package; the first was closed before the host knew of the new key.
const SECOND: [Written; 3] = [
    Written {
        days: 5,
        minute: 7 * 60 + 30,
        signature: Signature::Anonymous,
        people: 1,
        subject: "项目评审专家劳务费重复领取",
        content: "同一天的两场评审会安排在同一间会议室、同样几位专家，劳务费按两场发放。会议签到表可以对照。",
        writer: None,
        file: None,
    },
    Written {
        days: 3,
        minute: 19 * 60 + 52,
        signature: Signature::Joint,
        people: 4,
        subject: "干部选任没有公示",
        content: "去年下半年提任的两名科室负责人，没有看到任前公示，民主推荐也只叫了部分人参加。我们四人愿意当面说明情况。",
        writer: Some(("某干部", "机关科室", "13900000002")),
        file: None,
    },
    Written {
        days: 1,
        minute: 21 * 60 + 27,
        signature: Signature::Anonymous,
        people: 1,
        subject: "临街门面房低价出租",
        content: "单位沿街的门面房，租金只有旁边的一半，租户是一名中层干部的亲戚，合同一签五年，没有公开招租。",
        writer: None,
        file: Some(("门面位置说明.txt", "沿街自北向南第三间、第四间，现为一家茶叶店。\n")),
    },
];

/// Days for which letters are taken after the last day of the city.
const PROLONGED: u64 = 9;

/// The host of the story, and those who act in it.
struct Story<'a> {
    past: &'a App,
    host: Vec<u8>,
    clerk: Arc<Actor>,
    unit: Uuid,
    /// The package before.
    last: Option<Manifest>,
}

/// Carries the letters over; how many. Apart from [`super::load`], because their files lie beside the database, and
/// because keys, and with them fingerprints, are fresh each time.
pub async fn load_letters(app: &App, seed: u64) -> Result<usize> {
    let city = city::plan(seed, None);
    let plan = Plan::new(&city, seed);
    let Some((_, inspected)) = last_authorised(&plan) else { return Ok(0) };
    let past = in_the_past(app, instant(13, 10 * 60)).await?;
    let clerk = acting(&plan.clerk(0), Role::OfficeLiaison, (None, None));
    let head = head_of(&plan, inspected);
    prolong(&past, (&head, &clerk), &plan, inspected).await?;
    past.clock().set(instant(12, 9 * 60 + 10));
    let first_key = bulletin(&past, &clerk).await?;
    let host = envelope::new_secret()?;
    let mut story = Story { past: &past, host, clerk, unit: plan.unit(inspected.key), last: None };

    let first: Vec<_> = FIRST.iter().map(|letter| (letter, first_key.seal_key.as_str())).collect();
    let carried = story.carry((8, 10 * 60), &first).await?;
    if let Some(letter) = carried.get(PASSED_ON) {
        pass_on(&past, *letter, &head).await?;
    }
    past.clock().set(instant(6, 9 * 60 + 30));
    renew(&past, &acting(&plan.director(), Role::OfficeDirector, (None, None))).await?;
    let second_key = bulletin(&past, &story.clerk).await?;
    let keys = [&first_key, &second_key, &second_key].map(|bulletin| bulletin.seal_key.as_str());
    let second: Vec<_> = SECOND.iter().zip(keys).collect();
    story.carry((0, 8 * 60 + 40), &second).await?;
    Ok(FIRST.len() + SECOND.len())
}

/// An instant of the office, `days` before the last day of the city.
fn instant(days: u64, minute: i64) -> DateTime<Utc> {
    let day: NaiveDate = LAST_DAY - Days::new(days);
    // Midnight at the office is sixteen o'clock UTC of the day before.
    (day - Days::new(1)).and_time(chrono::NaiveTime::MIN).and_utc()
        + TimeDelta::hours(16)
        + TimeDelta::minutes(minute)
}

/// What the office gives its hosts.
async fn bulletin(past: &App, clerk: &Arc<Actor>) -> Result<Bulletin> {
    let (bulletin, _) = package::read(BULLETIN, &publish(past, clerk, None).await?)?;
    Ok(bulletin)
}

fn head_of(plan: &Plan<'_>, inspected: &InspectedUnit) -> Arc<Actor> {
    let inspection = plan.inspection(inspected.inspection);
    acting(&plan.head(inspected), Role::TeamHead, (None, Some(inspection)))
}

/// The team has left and still takes letters: its head writes the next edition of the announcement, a clerk issues it.
async fn prolong(
    past: &App,
    (head, clerk): (&Arc<Actor>, &Arc<Actor>),
    plan: &Plan<'_>,
    inspected: &InspectedUnit,
) -> Result<()> {
    let inspection = &plan.city[inspected.inspection];
    let team = plan.city[inspected.team].name;
    let to_on = LAST_DAY + Days::new(PROLONGED);
    let entry = announcements::actions::Entry {
        title: format!("{team}关于延长{}来信受理时间的公告", inspection.name),
        text: format!(
            "{team}开展的{}现场工作已经结束。根据工作需要，来信受理时间延长至{}。\n主要受理反映领导班子及其成员、下一级主要负责人和重点岗位人员违反六项纪律等方面问题的来信，其他信访问题按规定转有关单位处理。",
            inspection.name,
            to_on.format("%Y年%-m月%-d日"),
        ),
        from_on: Some(LAST_DAY - Days::new(13)),
        to_on: Some(to_on),
        phone: String::from("5551201"),
        address: String::from("澜江市行政中心三号楼"),
        mailbox: String::new(),
        letter_box: String::from("机关一楼大厅"),
    };
    let id = InspectionId(plan.inspection(inspected.inspection));
    let written = past.write(head, |cx| Box::pin(announcements::actions::create(cx, id, entry))).await?;
    let on = (LAST_DAY - Days::new(13)).to_string();
    let entries = [("on", on.as_str()), ("place", "市纪委监委网站、单位公告栏")];
    deed(past, clerk, (announcements::NOUN, written.0, "issue"), &entries).await
}

impl Story<'_> {
    /// Closes the letters, each to its key, and carries them over; the petitions that they became, in their order.
    async fn carry(&mut self, at: (u64, i64), letters: &[(&Written, &str)]) -> Result<Vec<Uuid>> {
        let mut envelopes = Vec::new();
        for (letter, key) in letters {
            let id = kit::ids::random();
            envelopes.push((id, self.close(id, letter, key)?));
        }
        let named = |(id, bytes): &(Uuid, Vec<u8>)| Item {
            id: *id,
            size: bytes.len() as u64,
            digest: seal::digest(bytes),
        };
        let made_at = instant(at.0, at.1 - 25);
        let manifest = Manifest {
            serial: self.last.as_ref().map_or(1, |last| last.serial + 1),
            previous: self.last.as_ref().map(Manifest::digest).transpose()?.unwrap_or_default(),
            made_at,
            letters: envelopes.iter().map(named).collect(),
        };
        let bytes_of = |wanted: Uuid| {
            let found = envelopes.iter().find(|(id, _)| *id == wanted);
            Ok(found.map_or(&[][..], |(_, bytes)| bytes.as_slice()))
        };
        let mut whole = Vec::new();
        package::write(&mut whole, &manifest, &self.host, bytes_of)?;
        self.last = Some(manifest);
        self.past.clock().set(instant(at.0, at.1));
        let print = fingerprint(&envelope::public_half(&self.host)?);
        let trust = Trust::Fingerprint(print);
        take_in(self.past, &self.clerk, Cursor::new(whole), (trust, Way::Page)).await?;
        self.petitions(envelopes.iter().map(|(id, _)| *id)).await
    }

    fn close(&self, id: Uuid, written: &Written, key: &str) -> Result<Vec<u8>> {
        let mut closing = Closing::begin(Vec::new(), id, key)?;
        if let Some((name, text)) = written.file {
            closing.add(name, text.as_bytes())?;
        }
        let identity = written.writer.map_or_else(Identity::default, |(name, work, phone)| Identity {
            name: name.to_owned(),
            work: work.to_owned(),
            phone: phone.to_owned(),
            ..Identity::default()
        });
        closing.finish(Letter {
            id,
            received_at: instant(written.days, written.minute),
            unit: self.unit,
            signature: written.signature,
            people: written.people,
            subject: written.subject.to_owned(),
            content: written.content.to_owned(),
            identity,
            files: Vec::new(),
        })
    }

    async fn petitions(&self, letters: impl Iterator<Item = Uuid>) -> Result<Vec<Uuid>> {
        let cx = self.past.read(&self.clerk);
        let mut found = Vec::new();
        for letter in letters {
            let mut sql = Sql::new("select petition_id from intake_letter where id = ");
            sql.bind(letter);
            for row in cx.rows(sql).await? {
                found.push(row.try_get_by_index(0)?);
            }
        }
        Ok(found)
    }
}

/// The head of the team passes a letter on that is none of the inspection.
async fn pass_on(past: &App, letter: Uuid, head: &Arc<Actor>) -> Result<()> {
    past.clock().set(instant(7, 15 * 60));
    let day = (LAST_DAY - Days::new(7)).to_string();
    let entries = [
        ("to", petitions::PassTo::Department.code()),
        ("recipient_name", "市住房建设局"),
        ("on", day.as_str()),
        ("opinion", "属于民生诉求，请按规定办理并答复。"),
    ];
    deed(past, head, (petitions::NOUN, letter, "pass_on"), &entries).await
}

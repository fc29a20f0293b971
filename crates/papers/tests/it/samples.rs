//! Sample documents of every form, for measuring and for looking at.

use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate, Utc};
use papers::{Attachment, Attendance, Block, Colophon, Column, Form, Level, Paper, Table, Trace, Typesetter};

pub(crate) fn typesetter() -> &'static Typesetter {
    static TYPESETTER: OnceLock<Typesetter> = OnceLock::new();
    TYPESETTER.get_or_init(|| Typesetter::new(&[]).expect("fonts of the program"))
}

pub(crate) fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_688_000_000, 0).expect("an instant")
}

fn day() -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2023, 6, 28)
}

/// A text without punctuation, so that every full line holds as many characters as fit.
pub(crate) fn plain_text(characters: usize) -> String {
    "巡察整改落实情况监督检查工作方案审定意见反馈责任清单时限要求".chars().cycle().take(characters).collect()
}

pub(crate) fn trace() -> Trace {
    Trace {
        person: "林知远".into(),
        organisation: "市委巡察办".into(),
        at: "2023-06-29 08:53".into(),
        number: "W-20230629-00017".into(),
    }
}

pub(crate) fn table(rows: usize) -> Table {
    let column = |title: &str, weight, centred| Column { title: title.into(), weight, centred };
    Table {
        columns: vec![
            column("序号", 1, true),
            column("反馈问题", 5, false),
            column("整改措施", 5, false),
            column("责任领导", 2, true),
            column("完成时限", 2, true),
        ],
        rows: (1..=rows)
            .map(|row| {
                vec![
                    row.to_string(),
                    "落实“第一议题”制度不够经常，学用结合不紧".into(),
                    "建立学习台账；每季度检查一次并通报结果".into(),
                    "赵明诚".into(),
                    "2023年9月底前".into(),
                ]
            })
            .collect(),
    }
}

pub(crate) fn red_head() -> Paper {
    Paper {
        form: Form::RedHead,
        issuer: "中共云川市委巡察工作领导小组办公室文件".into(),
        copy: Some(3),
        secrecy: "秘密★1年".into(),
        urgency: "加急".into(),
        number: "云巡办〔2023〕12号".into(),
        signers: vec!["周维岳".into()],
        title: "关于做好七届市委第四轮巡察\n整改工作的通知".into(),
        addressees: vec!["市教育局党组".into(), "市卫生健康委党委".into(), "市国资委党委".into()],
        body: vec![
            Block::paragraph(
                "根据市委巡察工作领导小组会议精神,现就做好七届市委第四轮巡察整改工作有关事项通知如下。",
            ),
            Block::heading(Level::First, "提高政治站位，压实整改责任"),
            Block::paragraph(format!("被巡察党组织{}。", plain_text(70))),
            Block::heading(Level::First, "明确任务分工，细化整改措施"),
            Block::heading(Level::Second, "制定整改方案"),
            Block::paragraph(
                "收到反馈意见之日起15个工作日内报送整改方案,逐条列出问题清单、任务清单、责任清单。",
            ),
            Block::heading(Level::Third, "逐项对照"),
            Block::paragraph("对照反馈的42个问题，逐项明确牵头领导、责任部门和完成时限。"),
            Block::heading(Level::Second, "建立整改台账"),
            Block::Table(table(3)),
            Block::paragraph("以上事项，请认真抓好落实。"),
        ],
        attachments: vec![
            Attachment {
                title: "整改方案参考格式".into(),
                body: vec![Block::paragraph(plain_text(100))],
                landscape: false,
            },
            Attachment {
                title: "整改台账样表".into(), body: vec![Block::Table(table(14))], landscape: true
            },
        ],
        signatories: vec!["中共云川市委巡察工作领导小组办公室".into()],
        date: day(),
        note: "此件发至被巡察单位，联系人：林知远，电话：（0000）1234567".into(),
        colophon: Some(Colophon {
            copies: vec!["市纪委监委".into(), "市委组织部".into(), "市委巡察组".into()],
            printer: "市委巡察工作领导小组办公室".into(),
            printed: day(),
        }),
        trace: Some(trace()),
        ..Paper::default()
    }
}

pub(crate) fn letter() -> Paper {
    Paper {
        form: Form::Letter,
        issuer: "中共云川市委巡察工作领导小组办公室".into(),
        secrecy: "秘密★1年".into(),
        number: "云巡办函〔2023〕8号".into(),
        title: "关于商请提供有关情况的函".into(),
        addressees: vec!["市审计局".into()],
        body: vec![
            Block::paragraph("因巡察工作需要，商请贵单位提供市教育局2020年以来审计发现问题及整改情况。"),
            Block::paragraph("专此函商，请予支持。"),
        ],
        signatories: vec!["市委巡察工作领导小组办公室".into()],
        date: day(),
        colophon: Some(Colophon { copies: vec!["市纪委监委".into()], ..Colophon::default() }),
        ..Paper::default()
    }
}

pub(crate) fn minutes() -> Paper {
    Paper {
        form: Form::Minutes,
        issuer: "市委巡察工作领导小组会议纪要".into(),
        number: "第6期".into(),
        title: "听取七届市委第四轮巡察情况汇报的会议纪要".into(),
        subtitle: "2023年6月28日".into(),
        body: vec![
            Block::paragraph("会议听取了第四轮巡察情况汇报，研究了巡察报告。"),
            Block::heading(Level::First, "会议议定事项"),
            Block::paragraph(plain_text(120)),
        ],
        attendance: vec![
            Attendance {
                label: "出席".into(),
                names: "周维岳、赵明诚、林知远、沈观澜、陆既明、顾行之、陈守一、许慎言、何静安".into(),
            },
            Attendance { label: "请假".into(), names: "方志远".into() },
        ],
        colophon: Some(Colophon {
            copies: vec!["领导小组成员".into()],
            printer: "市委巡察工作领导小组办公室".into(),
            printed: day(),
        }),
        ..Paper::default()
    }
}

pub(crate) fn ledger() -> Paper {
    Paper {
        form: Form::Ledger,
        title: "市教育局党组巡察整改台账".into(),
        subtitle: "填报单位：市教育局党组　　填报日期：2023年6月28日".into(),
        body: vec![Block::Table(table(30))],
        ..Paper::default()
    }
}

pub(crate) fn sheet() -> Paper {
    let field = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    Paper {
        title: "事实确认单".into(),
        body: vec![
            Block::Fields {
                rows: vec![
                    field("被巡察单位", "市教育局"),
                    field("确认事实", "2021年至2022年，下属单位违规发放津贴补贴12.6万元，涉及38人。"),
                    field("依据材料", "会计凭证复印件12份；会议记录2份"),
                ],
            },
            Block::Signatures { labels: vec!["单位负责人".into(), "巡察组组长".into()] },
        ],
        ..Paper::default()
    }
}

/// A text of pages and pages without headings: only lines.
pub(crate) fn long(paragraphs: usize) -> Paper {
    Paper {
        title: "关于对市教育局党组开展常规巡察的报告".into(),
        body: (0..paragraphs).map(|_| Block::paragraph(plain_text(26 + 28 * 9))).collect(),
        ..Paper::default()
    }
}

//! The forms of reports.

use chrono::NaiveDate;
use kit::{Cx, Field, Form, Labelled as _, Result, form::Kind as FieldKind, service::Work};
use planning::units;
use uuid::Uuid;

use super::{Kind, Report, ReportId, actions, actions_review::Opinion, store};
use crate::{
    meetings,
    review_steps::{self, RestsOn},
};

/// The kinds that are written under one of the two nouns.
pub(super) fn kinds(restricted: bool) -> Vec<(String, String)> {
    Kind::ALL
        .iter()
        .filter(|kind| kind.is_restricted() == restricted)
        .map(|kind| (kind.code().to_owned(), kind.label().to_owned()))
        .collect()
}

pub(super) fn create_fields(restricted: bool) -> Vec<Field> {
    vec![
        Field::pick("unit", "被巡察对象", units::NOUN).required(),
        Field::new("kind", "报告类型", FieldKind::Options(kinds(restricted))).required(),
        Field::line("title", "标题").max(200).help("不填的，按单位名称自动拟题。"),
        Field::flag("assemble", "生成初稿")
            .value("1")
            .help("用已审批的底稿按监督重点的顺序生成；不选的只列提纲。"),
    ]
}

async fn held(cx: &Cx, id: Option<Uuid>) -> Result<Option<Report>> {
    match id {
        Some(id) => Ok(Some(store::find(cx, ReportId(id)).await?)),
        None => Ok(None),
    }
}

pub(super) fn write_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let text = match held(cx, id).await? {
            Some(report) => report.prose(cx)?.plain(),
            None => String::new(),
        };
        Ok(vec![
            Field::text("text", "正文")
                .max(actions::LONGEST + 5_000)
                .required()
                .value(text)
                .help("一段一行；标题行以 # 开头（# 一级，## 二级），编号自动生成。改写、移动、拆分句子，引用的底稿随句子保留。边写边自动保存，提交后形成新的一稿。"),
            Field::line("note", "修改说明").max(200).help("写明为什么改，版本对比时显示。"),
        ])
    })
}

pub(super) fn cite_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::new("sentence", "句子编号", FieldKind::Integer { min: 1, max: i64::from(u32::MAX) })
                .required()
                .help("在审改台点选句子后自动填写。"),
            Field::new("drafts", "引用的底稿", FieldKind::PickMany(actions::draft_noun()))
                .help("替换这个句子原来的引用；不选的，取消引用。只能引用本单位已审批的底稿。"),
        ])
    })
}

pub(super) fn bring_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::new("file", "Word 稿（docx）", FieldKind::Files).required().help(
                "由“导出 Word 稿”导出、修改后的文件；不要改名为其他格式。带回后逐段显示差异，选择采纳。",
            ),
        ])
    })
}

pub(super) fn rollback_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut options = Vec::new();
        if let Some(report) = held(cx, id).await? {
            for one in store::versions(cx, report.id).await?.into_iter().skip(1) {
                let at = kit::clock::office_time(one.at);
                let words = format!("第 {} 稿 {at} {}（{}）", one.ordinal, one.author_name, one.origin);
                options.push((one.ordinal.to_string(), words));
            }
        }
        Ok(vec![Field::new("ordinal", "恢复到", FieldKind::Options(options)).required()])
    })
}

pub(super) fn approve_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let rests_on = match held(cx, id).await? {
            Some(report) => {
                let chain = review_steps::chain(cx, report.restricted).await?;
                let step = chain.into_iter().find(|step| step.position == report.step_position);
                step.map(|step| step.rests_on)
            }
            None => None,
        };
        let mut fields = vec![Field::date("decided_on", "审核日期").required().value(cx.today())];
        let wanted = |rests: RestsOn| id.is_none() || rests_on == Some(rests);
        if wanted(RestsOn::TeamMeeting) {
            fields.push(Field::pick("team_meeting", "组务会记录", onsite::team_meetings::NOUN));
        }
        if wanted(RestsOn::Consultation) {
            fields.push(Field::pick("consultation", "组办会商", fieldwork::consultations::NOUN));
        }
        if wanted(RestsOn::Meeting) {
            fields.push(
                Field::pick("meeting", "会议", meetings::NOUN).help("已召开的会议，议题中须有这份报告。"),
            );
        }
        fields.push(Field::text("opinion", "审核意见").max(2_000));
        Ok(fields)
    })
}

pub(super) fn opinion(form: &Form) -> Result<Opinion> {
    Ok(Opinion {
        on: form.need_date("decided_on")?,
        text: form.text("opinion"),
        team_meeting: form.id("team_meeting"),
        consultation: form.id("consultation"),
        meeting: form.id("meeting"),
    })
}

pub(super) fn return_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reasons", "退回理由").max(2_000).required()]) })
}

pub(super) fn withdraw_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "撤销理由").max(1_000).required()]) })
}

pub(super) fn deliver_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let today: NaiveDate = cx.today();
    Box::pin(async move { Ok(vec![Field::date("delivered_on", "报送日期").required().value(today)]) })
}

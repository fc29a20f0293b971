//! How the rules of reports appear.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Labelled as _, Outcome, RecordView, Result, Secrecy, Service,
    Shown, Table, WriteCx,
    service::{Group, Work, target},
};
use planning::inspections::InspectionKind;
use uuid::Uuid;

use super::{
    NOUN, ReportRuleId,
    actions::{self, Entry},
    may_keep, store, visible,
};
use crate::reports::Kind;

const COLUMNS: &[Column] = &[
    Column::integer("position", "序号", "u.position").sortable().filled(),
    Column::choice("kind", "报告类型", "u.kind", Kind::CHOICES).opens(),
    Column::text("secrecy", "密级标注", "u.secrecy"),
    Column::flag("to_committee", "报市委", "u.to_committee"),
    Column::flag("to_discipline", "送纪检监察机关", "u.to_discipline"),
    Column::flag("to_organisation", "送组织部门", "u.to_organisation"),
    Column::text("basis", "依据", "u.basis"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "报送规则",
        table: "report_rule",
        group: Group::Report,
        listed: false,
        icon: "adjustments",
        secrecy: Secrecy::Internal,
        about: "各类报告的密级标注、接收范围和应报情形；修改后新起草的报告适用。",
        list: Table {
            from: "report_rule u",
            alias: "u",
            title: "u.kind",
            number: None,
            columns: COLUMNS,
            order: "position",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form)))
                .next("已经起草的报告不受影响。"),
        ],
        creates: |_| false,
        waiting: Vec::new(),
        governed: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ReportRuleId(id)).await?),
            None => None,
        };
        let flag = |name, label, value: Option<bool>| {
            Field::flag(name, label).value(if value == Some(true) { "1" } else { "" })
        };
        Ok(vec![
            Field::line("secrecy", "密级标注").max(40).maybe(held.as_ref().map(|rule| &rule.secrecy)),
            Field::line("required_for", "哪类巡察应当形成")
                .max(200)
                .maybe(held.as_ref().map(|rule| labels(&rule.required_for)))
                .help("写常规巡察、专项巡察、机动巡察、巡察“回头看”等，用顿号分开；不填的，按需要形成。"),
            flag("to_committee", "报市委", held.as_ref().map(|rule| rule.to_committee)),
            flag("to_discipline", "送纪检监察机关", held.as_ref().map(|rule| rule.to_discipline)),
            flag("to_organisation", "送组织部门", held.as_ref().map(|rule| rule.to_organisation)),
            Field::line("basis", "依据").max(200).required().maybe(held.as_ref().map(|rule| &rule.basis)),
        ])
    })
}

fn labels(codes: &str) -> String {
    let label = |code: &str| {
        let kind = InspectionKind::ALL.iter().find(|kind| kind.code() == code);
        kind.map_or_else(|| code.to_owned(), |kind| kind.label().to_owned())
    };
    codes.split(',').filter(|code| !code.is_empty()).map(label).collect::<Vec<_>>().join("、")
}

/// The codes of what was typed; words that are no kind of inspection are refused.
fn codes(text: &str) -> Result<Vec<String>> {
    let words = text.split(['、', '，', ',', ' ']).map(str::trim).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let kind = InspectionKind::ALL.iter().find(|kind| kind.label() == word || kind.code() == word);
            let known = || InspectionKind::ALL.iter().map(|kind| kind.label()).collect::<Vec<_>>().join("、");
            kind.map(|kind| kind.code().to_owned()).ok_or_else(|| {
                kit::Refusal::field("required_for", format!("没有“{word}”这类巡察，可以写：{}", known()))
                    .into()
            })
        })
        .collect()
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportRuleId = target(id)?;
    let entry = Entry {
        secrecy: form.text("secrecy"),
        required_for: codes(&form.text("required_for"))?,
        to_committee: form.flag("to_committee"),
        to_discipline: form.flag("to_discipline"),
        to_organisation: form.flag("to_organisation"),
        basis: form.text("basis"),
    };
    actions::edit(cx, id, entry).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let rule = store::find(cx, ReportRuleId(id)).await?;
    let mut view = RecordView::new(format!("{}报送规则", rule.kind.label()), rule.version)
        .fact("secrecy", "密级标注", Shown::text(&rule.secrecy))
        .fact("required_for", "哪类巡察应当形成", Shown::text(labels(&rule.required_for)))
        .fact("to_committee", "报市委", Shown::Flag(rule.to_committee))
        .fact("to_discipline", "送纪检监察机关", Shown::Flag(rule.to_discipline))
        .fact("to_organisation", "送组织部门", Shown::Flag(rule.to_organisation))
        .fact("basis", "依据", Shown::text(&rule.basis));
    if may_keep(&cx.actor) {
        view.deeds = vec!["edit"];
    }
    Ok(view)
}

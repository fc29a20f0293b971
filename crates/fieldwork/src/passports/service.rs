//! How passports of leads appear to both sides.

use std::fmt::Write as _;

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, target},
    shown::escape,
};
use planning::samples;
use registry::{
    organisations,
    transfers::{self, RECIPIENTS},
};
use uuid::Uuid;

use super::{NOUN, Passport, PassportId, State, actions, store};

const COLUMNS: &[Column] = &[
    Column::number("subject", "移交编号", "x.subject").opens(),
    Column::reference("recipient", "接收单位", "x.recipient_id", "r.name", organisations::NOUN),
    Column::choice("state", "核对状态", "x.state", State::CHOICES),
    Column::date("issued_on", "固化日期", "x.issued_on").sortable().filled(),
    Column::date("acknowledged_on", "确认日期", "x.acknowledged_on"),
    Column::text("digest", "内容摘要（SM3）", "x.digest").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "线索移交凭证",
        table: "lead_passport",
        group: Group::Transfer,
        listed: false,
        icon: "id-badge",
        secrecy: Secrecy::Sealed,
        about: "移交时把线索内容和附件摘要固化并签名；接收单位看到的就是这些，核对确认后双方各持证明。",
        list: Table {
            from: "lead_passport x left join organisation r on r.id = x.recipient_id",
            alias: "x",
            title: "x.subject",
            number: Some("x.subject"),
            columns: COLUMNS,
            order: "-issued_on",
        },
        visible: Passport::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::on("acknowledge", "核对并确认", acknowledge_fields, |cx, id, form| {
                Box::pin(acknowledge(cx, id, form))
            })
            .primary()
            .next("确认收到的就是这里固化的内容；确认本身也有签名，双方都可以下载证明文件。"),
        ],
        creates: |_| false,
        waiting: vec![Waiting { label: "线索移交待核对确认", condition: to_confirm, due: None }],
        governed: Some(Governed {
            noun: NOUN,
            label: "线索移交凭证",
            transitions: lifecycle::transitions::<Passport>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_confirm(actor: &Actor, _: NaiveDate) -> Pred {
    let own = RECIPIENTS.iter().flat_map(|&role| actor.organisations(role)).collect();
    Pred::within("recipient_id", own).and(Pred::is("state", State::Issued))
}

fn acknowledge_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::line("digest", "内容摘要")
                .max(64)
                .help("可以不填；收到过纸面或光盘件的，填写其上的摘要，由系统比对。"),
        ])
    })
}

async fn acknowledge(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: PassportId = target(id)?;
    actions::acknowledge(cx, id, form.optional("digest")).await?;
    Ok(Outcome::new(NOUN, id, "已核对确认，可以下载证明文件。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let passport = store::find(cx, PassportId(id)).await?;
    cx.record_read(NOUN, id).await;
    let content = store::content(cx, &passport)?;
    let recipient = organisations::find(cx, passport.recipient_id).await?.name;
    let mut view = RecordView::new(&passport.subject, passport.version)
        .fact(
            "recipient",
            "接收单位",
            Shown::link(organisations::NOUN, Some(passport.recipient_id.0), recipient),
        )
        .fact("issued_on", "固化日期", Shown::Date(passport.issued_on))
        .fact("files", "附件", Shown::Integer(passport.files))
        .fact("receipt_by", "确认人", Shown::text(&passport.receipt_by))
        .fact("acknowledged_on", "确认日期", Shown::date(passport.acknowledged_on))
        .fact("content", "移交内容", Shown::long(content))
        .fact("digest", "内容摘要（SM3）", Shown::long(&passport.digest))
        .fact("receipt_digest", "签收摘要（SM3）", Shown::long(&passport.receipt_digest));
    view.number.clone_from(&passport.subject);
    view.state = Some(passport.state.choice());
    view.secrecy = Secrecy::Sealed;
    view.deeds = passport.open_deeds(&cx.actor);
    view.tabs.push(Tab::Html { key: "proof", label: "证明", html: proof_html(&passport) });
    let transfer = Pred::is("id", passport.transfer_id);
    Ok(view.related("transfer", "移交办理", transfers::NOUN, transfer, None))
}

fn proof_html(passport: &Passport) -> String {
    let mut html = format!(
        "<div class=\"panel-body stack\"><p><a class=\"button button-small\" href=\"/{NOUN}/{}/proof\" download>下载证明文件</a></p>\
         <p class=\"muted\">证明文件只有编号、摘要和签名，不含线索内容，双方各自保存。以后用“xuncha verify --proof 文件”核验：\
         签名是否正确、摘要是否与系统中固化的内容一致。</p><dl class=\"facts\">",
        passport.id
    );
    let signed = [
        ("移交签名（SM2）", &passport.signature),
        ("签收签名（SM2）", &passport.receipt_signature),
        ("签名公钥", &passport.public_key),
    ];
    for (label, value) in signed.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(html, "<div class=\"wide\"><dt>{label}</dt><dd class=\"number prewrap\">");
        escape(value, &mut html);
        html.push_str("</dd></div>");
    }
    html.push_str("</dl></div>");
    html
}

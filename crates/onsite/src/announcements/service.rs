//! How announcements appear.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, keep_files, no_fields, target},
    shown::escaped,
};
use planning::{inspections, samples};
use uuid::Uuid;

use super::{
    Announcement, AnnouncementId, NOUN, State,
    actions::{self, Entry},
    store,
};
use crate::rights;

const COLUMNS: &[Column] = &[
    Column::title("title", "标题", "n.title"),
    Column::reference("inspection", "巡察", "n.inspection_id", "i.name", inspections::NOUN),
    Column::integer("edition", "版次", "n.edition"),
    Column::choice("state", "状态", "n.state", State::CHOICES).indexed_by(&["made_on"]),
    Column::date("issued_on", "发布日期", "n.issued_on"),
    Column::text("issued_where", "发布渠道", "n.issued_where"),
    Column::date("made_on", "草拟日期", "n.made_on").sortable().filled(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "巡察公告",
        table: "announcement",
        group: Group::Fieldwork,
        listed: true,
        icon: "bell",
        secrecy: Secrecy::Open,
        about: "向社会公布的巡察公告：由任务和公告文本自动生成，可以修改；发布后不改写，需要调整的修订新版。",
        list: Table {
            from: "announcement n left join inspection i on i.id = n.inspection_id",
            alias: "n",
            title: "n.title",
            number: None,
            columns: COLUMNS,
            order: "-made_on",
        },
        visible: Announcement::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("草拟公告", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("标题和正文留空的，按任务和“字典—公告文本”生成；由巡察办发布。"),
            Offer::on("issue", "发布", issue_fields, |cx, id, form| Box::pin(issue(cx, id, form)))
                .primary()
                .next("公告对外公开，任务同时登记为已公告；以前的版本由本版代替。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("revise", "修订新版", no_fields, |cx, id, _| Box::pin(revise(cx, id)))
                .next("按本版内容草拟新版，新版发布前本版继续有效。"),
            Offer::on("withdraw", "撤回", reason_fields, |cx, id, form| Box::pin(withdraw(cx, id, form)))
                .danger()
                .next("公告不再公开，理由记入经过。"),
        ],
        creates: |actor| rights::of_team_or_office(actor),
        waiting: vec![Waiting {
            label: "巡察公告待发布",
            condition: |actor, _| {
                if actor.is_office() { Pred::is("state", State::Drafted) } else { Pred::Nothing }
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "巡察公告",
            transitions: lifecycle::transitions::<Announcement>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("inspection", "巡察任务", inspections::NOUN).required()];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, AnnouncementId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Announcement>) -> Vec<Field> {
    vec![
        Field::line("title", "标题").max(120).maybe(held.map(|n| &n.title)).help("留空则自动生成。"),
        Field::date("from_on", "现场工作起").maybe(held.map(|n| n.from_on)).help("不填则与任务相同。"),
        Field::date("to_on", "现场工作止").maybe(held.map(|n| n.to_on)),
        Field::line("phone", "值班电话").max(40).maybe(held.map(|n| &n.phone)).group("反映渠道"),
        Field::line("address", "来访和邮寄地址").max(120).maybe(held.map(|n| &n.address)).group("反映渠道"),
        Field::line("mailbox", "电子邮箱").max(80).maybe(held.map(|n| &n.mailbox)).group("反映渠道"),
        Field::line("letter_box", "举报箱位置").max(120).maybe(held.map(|n| &n.letter_box)).group("反映渠道"),
        Field::text("text", "正文")
            .max(8_000)
            .maybe(held.map(|n| &n.text))
            .help("留空则按任务和“字典—公告文本”生成，包括受理范围。")
            .group("正文"),
    ]
}

fn issue_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::date("on", "发布日期").required().value(cx.today()),
            Field::line("place", "发布渠道").max(120).required().help("如市纪委监委网站、被巡察单位公告栏。"),
            Field::new("files", "发布截图或照片", kit::form::Kind::Files),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "撤回理由").max(500).required()]) })
}

fn entry(form: &Form) -> Entry {
    Entry {
        title: form.text("title"),
        text: form.text("text"),
        from_on: form.date("from_on"),
        to_on: form.date("to_on"),
        phone: form.text("phone"),
        address: form.text("address"),
        mailbox: form.text("mailbox"),
        letter_box: form.text("letter_box"),
    }
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("inspection")?, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已草拟公告，核对后由巡察办发布。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AnnouncementId = target(id)?;
    actions::edit(cx, id, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn issue(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AnnouncementId = target(id)?;
    actions::issue(cx, id, form.need_date("on")?, form.text("place")).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已发布。"))
}

async fn revise(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: AnnouncementId = target(id)?;
    let next = actions::revise(cx, id).await?;
    Ok(Outcome::new(NOUN, next, "已草拟新版，修改后发布。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AnnouncementId = target(id)?;
    actions::withdraw(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已撤回。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let announcement = store::find(cx, AnnouncementId(id)).await?;
    let title = kit::web::list::title_of(cx, inspections::NOUN, announcement.inspection_id).await?;
    let inspection = if cx.actor.is(Role::OrganisationLiaison) {
        Shown::text(title.unwrap_or_default())
    } else {
        Shown::link(inspections::NOUN, Some(announcement.inspection_id), title.unwrap_or_default())
    };
    let mut view = RecordView::new(&announcement.title, announcement.version)
        .fact("inspection", "巡察", inspection)
        .fact("edition", "版次", Shown::Integer(announcement.edition))
        .fact("from_on", "现场工作起", Shown::Date(announcement.from_on))
        .fact("to_on", "现场工作止", Shown::Date(announcement.to_on))
        .fact("phone", "值班电话", Shown::text(announcement.phone.as_str()))
        .fact("address", "来访和邮寄地址", Shown::text(announcement.address.as_str()))
        .fact("mailbox", "电子邮箱", Shown::text(announcement.mailbox.as_str()))
        .fact("letter_box", "举报箱位置", Shown::text(announcement.letter_box.as_str()))
        .fact("issued_on", "发布日期", Shown::date(announcement.issued_on))
        .fact("issued_where", "发布渠道", Shown::text(announcement.issued_where.as_str()))
        .fact("prepared_by", "草拟人", Shown::text(announcement.prepared_by.as_str()))
        .fact("reason", "撤回理由", Shown::long(announcement.reason.as_str()));
    view.tabs.push(Tab::Html { key: "text", label: "公告文本", html: text_html(&announcement) });
    view.tabs.push(Tab::Files);
    view.state = Some(announcement.state.choice());
    view.secrecy = Secrecy::Open;
    view.deeds = announcement.open_deeds(&cx.actor);
    Ok(view)
}

/// The text as it is put up, with a way to take it along.
fn text_html(announcement: &Announcement) -> String {
    let lines: Vec<String> = announcement.text.lines().map(escaped).collect();
    let paragraphs = lines.join("</p><p>");
    let download = match announcement.state {
        State::Issued => format!(
            "<p class=\"no-print\"><a class=\"button\" href=\"/announcements/{}/text\" download>下载文本</a></p>",
            announcement.id
        ),
        _ => String::new(),
    };
    format!(
        "<article class=\"card\" id=\"announcement\"><h2>{}</h2><p>{paragraphs}</p></article>{download}",
        escaped(&announcement.title)
    )
}

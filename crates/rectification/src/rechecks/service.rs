//! How drawings appear: list, record to be printed, forms.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    service::{Group, Waiting, Work, target},
    shown::escape,
};
use uuid::Uuid;

use super::{
    NOUN, Recheck, RecheckId, State,
    actions::{self, problem_of},
    governed, store,
};
use crate::{
    html::{Grid, paragraph},
    subjects::PROBLEMS,
    verifications,
};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "k.number").opens(),
    Column::text("title", "抽查事由", "k.title"),
    Column::date("closed_from", "销号起", "k.closed_from"),
    Column::date("closed_to", "销号止", "k.closed_to"),
    Column::integer("draws", "抽取个数", "k.draws"),
    Column::choice("state", "抽查状态", "k.state", State::CHOICES),
    Column::date("listed_on", "清单固定日期", "k.listed_on"),
    Column::date("drawn_on", "抽取日期", "k.drawn_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "随机抽查",
        table: "recheck",
        group: Group::Rectify,
        listed: true,
        icon: "arrows-shuffle",
        secrecy: Secrecy::Sensitive,
        about: "从已销号的问题中随机抽查是否真改：先固定清单和摘要，由另一人按见证人所报数字抽取，任何人都能复算。",
        list: Table {
            from: "recheck k",
            alias: "k",
            title: "k.title",
            number: Some("k.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Recheck::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("固定抽查清单", fields, |cx, _, form| Box::pin(list(cx, form)))
                .next("清单和摘要随即固定；由另一人在见证人报数后抽取。"),
            DeedOf::on("draw", "抽取", draw_fields, |cx, id, form| Box::pin(draw(cx, id, form)))
                .primary()
                .next("结果由清单摘要和所报数字唯一决定，不能重抽；抽中的问题逐个建立核查。"),
            DeedOf::on("void", "作废", void_fields, |cx, id, form| Box::pin(void(cx, id, form))).danger(),
        ],
        creates: kit::Actor::is_office,
        waiting: vec![Waiting {
            label: "待抽取的随机抽查",
            condition: |actor, _| {
                if actor.is_office() { Pred::is("state", State::Listed) } else { Pred::Nothing }
            },
            due: None,
        }],
        governed: Some(governed()),
    }
}

fn fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::line("title", "抽查事由").max(120).required(),
            Field::date("closed_from", "销号日期从").required(),
            Field::date("closed_to", "销号日期至").required().value(cx.today()),
            Field::new("draws", "抽取个数", Kind::Integer { min: 1, max: 200 }).required(),
        ])
    })
}

fn draw_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::line("witness", "见证人").max(60).required(),
            Field::line("nonce", "见证人所报数字")
                .max(20)
                .required()
                .help("由见证人在清单固定之后当场报出，至少四位数字。"),
        ])
    })
}

fn void_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(500).required()]) })
}

async fn list(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let (from, to) = (form.need_date("closed_from")?, form.need_date("closed_to")?);
    let id = actions::list(cx, form.text("title"), from, to, form.need_integer("draws")?).await?;
    Ok(Outcome::new(NOUN, id, "清单已固定，请由另一人在见证人报数后抽取。"))
}

async fn draw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RecheckId = target(id)?;
    let count = actions::draw(cx, id, form.text("witness"), form.text("nonce")).await?;
    Ok(Outcome::new(NOUN, id, format!("已抽取 {count} 个问题，请逐个核查。")))
}

async fn void(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RecheckId = target(id)?;
    actions::void(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已作废。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, RecheckId(id)).await?;
    let listed = i64::try_from(held.list.lines().count()).unwrap_or(i64::MAX);
    let mut view = RecordView::new(&held.title, held.version)
        .fact("closed_from", "销号日期从", Shown::Date(held.closed_from))
        .fact("closed_to", "销号日期至", Shown::Date(held.closed_to))
        .fact("listed", "清单问题数", Shown::Integer(listed))
        .fact("draws", "抽取个数", Shown::Integer(held.draws))
        .fact("listed_on", "清单固定日期", Shown::Date(held.listed_on))
        .fact("drawn_on", "抽取日期", Shown::date(held.drawn_on))
        .fact("witness", "见证人", Shown::text(&held.witness))
        .fact("nonce", "见证人所报数字", Shown::text(&held.nonce))
        .fact("list_digest", "清单摘要（SM3）", Shown::long(&held.list_digest))
        .fact("seed", "种子（SM3）", Shown::long(&held.seed))
        .fact("note", "作废理由", Shown::long(&held.note));
    view.number.clone_from(&held.number);
    view.secrecy = Secrecy::Sensitive;
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    if held.state == State::Drawn {
        view = view.related("checks", "抽中问题核查", verifications::NOUN, Pred::is("recheck_id", id), None);
    }
    view.tabs.push(Tab::Html { key: "list", label: "清单", html: list_html(&held) });
    view.tabs.push(Tab::Html { key: "source", label: "清单原文", html: source_html(&held) });
    Ok(view)
}

/// The list as people read it, with what was drawn.
fn list_html(held: &Recheck) -> String {
    let mut grid = Grid::new(&["序号", "销号问题和单位", "抽取结果"]);
    for (line, position) in held.list.lines().zip(1_i64..) {
        let words = line.rsplit_once(' ').map_or(line, |(words, _)| words);
        let drawn = held.picked.lines().any(|picked| picked == line);
        grid.row(&[
            Shown::Integer(position),
            Shown::link(PROBLEMS, problem_of(line), words),
            Shown::text(if drawn { "抽中" } else { "" }),
        ]);
    }
    grid.finish()
}

/// The list sign for sign, from which the digest is made: for whoever repeats the drawing.
fn source_html(held: &Recheck) -> String {
    let mut html = paragraph("计算清单摘要和抽取所用的原文，每行以问题的唯一编号结尾，复算时原样使用。");
    html.push_str("<pre class=\"panel-body prewrap small\">");
    escape(&held.list, &mut html);
    html.push_str("</pre>");
    html
}

//! How questionnaires appear: design, numbers of sheets, results once closed.

use std::fmt::Write as _;

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
    shown::escaped,
};
use planning::{samples, units};
use registry::{organisations, policies};
use uuid::Uuid;

use super::{
    NOUN, Question, QuestionKind, Questionnaire, QuestionnaireId, State,
    actions::{self, Entry, PaperCount},
    chart, store,
};
use crate::rights;

const BY_DAY: &[&str] = &["made_on"];

const COLUMNS: &[Column] = &[
    Column::title("title", "问卷", "q.title"),
    Column::reference("organisation", "被巡察单位", "q.organisation_id", "g.name", organisations::NOUN)
        .indexed_by(BY_DAY),
    Column::reference("inspection", "巡察", "q.inspection_id", "i.name", units::INSPECTIONS)
        .hidden()
        .indexed_by(BY_DAY),
    Column::choice("state", "状态", "q.state", State::CHOICES).indexed_by(BY_DAY),
    Column::date("opened_on", "开放日期", "q.opened_on"),
    Column::date("closed_on", "关闭日期", "q.closed_on"),
    Column::date("made_on", "设计日期", "q.made_on").sortable().filled().hidden(),
];

/// Fields of the counts of one question on paper, in the order of options.
const TICKS: [(&str, &str); super::OPTIONS] =
    [("c1", "选项1"), ("c2", "选项2"), ("c3", "选项3"), ("c4", "选项4"), ("c5", "选项5"), ("c6", "选项6")];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "问卷",
        table: "questionnaire",
        group: Group::Fieldwork,
        listed: true,
        icon: "checks",
        secrecy: Secrecy::Internal,
        about: "凭一次性答题码匿名作答，也可录入纸质问卷；只计总数，不留作答人、时间和先后，人数过少的结果不显示。",
        list: Table {
            from: "questionnaire q left join organisation g on g.id = q.organisation_id \
                   left join inspection i on i.id = q.inspection_id",
            alias: "q",
            title: "q.title",
            number: None,
            columns: COLUMNS,
            order: "-made_on",
        },
        visible: Questionnaire::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("设计问卷", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("题目留空的，采用“字典—问卷题目”；核对后开放作答。"),
            Offer::on("open", "开放作答", no_fields, |cx, id, _| Box::pin(open(cx, id)))
                .primary()
                .next("开放后题目不能再改；到“发放答题码”打印纸条，一码答一份。"),
            Offer::on("close", "关闭", no_fields, |cx, id, _| Box::pin(close(cx, id)))
                .primary()
                .next("未用的答题码作废，结果随即显示；不能再开放。"),
            Offer::on("paper", "录入纸质问卷", paper_fields, |cx, id, form| {
                Box::pin(paper(cx, id, form))
            })
            .next("票数计入结果；逐题填写各选项的票数。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        ],
        creates: rights::of_a_team,
        waiting: vec![Waiting {
            label: "作答中的问卷",
            condition: |actor, _| rights::led_work(actor, Pred::is("state", State::Open)),
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "问卷",
            transitions: lifecycle::transitions::<Questionnaire>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("unit", "被巡察对象", units::NOUN).required()];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, QuestionnaireId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Questionnaire>) -> Vec<Field> {
    let question = vec![
        Field::line("text", "题目").max(200).required(),
        Field::choice::<QuestionKind>("kind", "题型").required().chosen(Some(QuestionKind::Single)),
        Field::line("options", "选项").max(200).help("用“、”隔开，2 到 6 个；问答题不填。"),
    ];
    vec![
        Field::line("title", "问卷名称").max(80).required().maybe(held.map(|q| &q.title)),
        Field::text("intro", "说明")
            .max(1_000)
            .maybe(held.map(|q| &q.intro))
            .help("作答人在题目前看到的话。"),
        Field::new("questions", "题目", Kind::Rows(question))
            .help("全部留空，则采用“字典—问卷题目”，选项为好、较好、一般、差、不了解。"),
    ]
}

fn paper_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let questions = match id {
            Some(id) => store::questions(cx, store::find(cx, QuestionnaireId(id)).await?.id).await?,
            None => Vec::new(),
        };
        let options = questions
            .iter()
            .filter(|question| question.kind != QuestionKind::Open)
            .map(|question| {
                (question.position.to_string(), format!("{}. {}", question.position, question.text))
            })
            .collect();
        let mut columns = vec![Field::new("question", "题目", Kind::Options(options)).required()];
        let ticks = Kind::Integer { min: 0, max: 100_000 };
        columns.extend(TICKS.map(|(name, label)| Field::new(name, label, ticks.clone())));
        Ok(vec![
            Field::new("sheets", "纸质问卷份数", Kind::Integer { min: 1, max: 100_000 }).required(),
            Field::new("counts", "票数", Kind::Rows(columns))
                .required()
                .help("一题一行，按选项顺序填写票数。"),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    let questions = (1..)
        .zip(form.rows("questions"))
        .map(|(position, row)| {
            let options = row.text("options");
            let options = options.split('、').map(str::trim).filter(|option| !option.is_empty());
            Ok(Question {
                position,
                text: row.text("text"),
                kind: row.need_choice("kind")?,
                options: options.map(str::to_owned).collect(),
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Entry { title: form.text("title"), intro: form.text("intro"), questions })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存问卷，核对后开放作答。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: QuestionnaireId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn open(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: QuestionnaireId = target(id)?;
    actions::open(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已开放作答，可以发放答题码。"))
}

async fn paper(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: QuestionnaireId = target(id)?;
    let counts = form
        .rows("counts")
        .iter()
        .map(|row| PaperCount {
            position: row.text("question").parse().unwrap_or(0),
            ticks: TICKS.iter().map(|(name, _)| row.integer(name).unwrap_or(0)).collect(),
        })
        .collect();
    actions::paper(cx, id, form.need_integer("sheets")?, counts).await?;
    Ok(Outcome::new(NOUN, id, "已录入纸质问卷。"))
}

async fn close(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: QuestionnaireId = target(id)?;
    actions::close(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已关闭，结果见“结果”一栏。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let questionnaire = store::find(cx, QuestionnaireId(id)).await?;
    let names = units::names(cx, questionnaire.organisation_id, questionnaire.inspection_id).await?;
    let organisation = Some(questionnaire.organisation_id.0);
    let (codes, online, on_paper) = store::sheets(cx, questionnaire.id).await?;
    let mut view = RecordView::new(&questionnaire.title, questionnaire.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, organisation, names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(questionnaire.inspection_id), names.inspection),
        )
        .fact("opened_on", "开放日期", Shown::date(questionnaire.opened_on))
        .fact("closed_on", "关闭日期", Shown::date(questionnaire.closed_on))
        .fact("codes", "已发答题码", Shown::Integer(codes))
        .fact("online", "凭码作答", Shown::Integer(online))
        .fact("paper", "纸质问卷", Shown::Integer(on_paper))
        .fact("intro", "说明", Shown::long(questionnaire.intro.as_str()));
    let questions = store::questions(cx, questionnaire.id).await?;
    if questionnaire.state == State::Closed {
        let html = results_html(cx, &questionnaire, &questions, online + on_paper).await?;
        view.tabs.push(Tab::Html { key: "results", label: "结果", html });
    }
    let html = questions_html(&questionnaire, &questions, cx.actor.in_team(questionnaire.inspection_id));
    view.tabs.push(Tab::Html { key: "questions", label: "题目", html });
    view.state = Some(questionnaire.state.choice());
    view.deeds = questionnaire.open_deeds(&cx.actor);
    Ok(view)
}

async fn results_html(
    cx: &Cx,
    questionnaire: &Questionnaire,
    questions: &[Question],
    sheets: i64,
) -> Result<String> {
    let day = questionnaire.closed_on.unwrap_or(questionnaire.made_on);
    let least = policies::amount(cx, "small_numbers", day).await?;
    let tallies = store::tallies(cx, questionnaire.id).await?;
    let mut html = chart::html(&chart::lines(questions, &tallies, least), least)?;
    for question in questions.iter().filter(|question| question.kind == QuestionKind::Open) {
        let _ = write!(html, "<h3>{}. {}</h3>", question.position, escaped(&question.text));
        let remarks = store::remarks(cx, questionnaire.id, question.position).await?;
        if sheets < least || remarks.is_empty() {
            html.push_str("<p class=\"muted\">没有可以显示的答复。</p>");
            continue;
        }
        html.push_str("<ul>");
        for remark in remarks {
            let _ = write!(html, "<li>{}</li>", escaped(&remark));
        }
        html.push_str("</ul>");
    }
    Ok(html)
}

fn questions_html(questionnaire: &Questionnaire, questions: &[Question], team: bool) -> String {
    let mut html = String::new();
    if team && questionnaire.state == State::Open {
        let _ = write!(
            html,
            "<p class=\"no-print\"><a class=\"button\" href=\"/questionnaires/{}/slips\">发放答题码</a></p>",
            questionnaire.id
        );
    }
    html.push_str(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\" class=\"num\">题号</th>\
         <th scope=\"col\" class=\"col-wide\">题目</th><th scope=\"col\">题型</th><th scope=\"col\">选项</th></tr></thead><tbody>",
    );
    for question in questions {
        let _ = write!(
            html,
            "<tr><td class=\"num\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            question.position,
            escaped(&question.text),
            question.kind.label(),
            escaped(&question.options.join("、"))
        );
    }
    html.push_str("</tbody></table></div>");
    html
}

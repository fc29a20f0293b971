//! Questionnaires, their questions and their counters in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{Question, QuestionnaireId, State};

/// A questionnaire.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "questionnaire")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuestionnaireId,
    /// Counts every change.
    pub version: i64,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// Its organisation.
    pub organisation_id: OrganisationId,
    /// Title.
    pub title: String,
    /// What people are told before they answer.
    pub intro: String,
    /// Where it stands.
    pub state: State,
    /// Day it was made.
    pub made_on: NaiveDate,
    /// Day it was opened.
    pub opened_on: Option<NaiveDate>,
    /// Day it was closed.
    pub closed_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The questionnaire, within what the actor may see.
pub async fn find(cx: &Cx, id: QuestionnaireId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The questionnaire that an unused code of this digest opens, while it is open.
pub(super) async fn of_code(cx: &Cx, digest: &str) -> Result<Option<Model>> {
    let mut sql = Sql::new(
        "select q.* from questionnaire q join questionnaire_code c on c.questionnaire_id = q.id where c.digest = ",
    );
    sql.bind(digest).push(" and q.state = ").bind(State::Open);
    cx.first(sql).await
}

/// The questions of a questionnaire that the caller has found, in their order.
pub(super) async fn questions(cx: &Cx, id: QuestionnaireId) -> Result<Vec<Question>> {
    let mut sql = Sql::new(
        "select position, text, kind, options from questionnaire_question where questionnaire_id = ",
    );
    sql.bind(id).push(" order by position");
    let rows = cx.rows(sql).await?;
    rows.iter()
        .map(|row| {
            let options: String = row.try_get_by_index(3)?;
            Ok(Question {
                position: row.try_get_by_index(0)?,
                text: row.try_get_by_index(1)?,
                kind: row.try_get_by_index(2)?,
                options: options.lines().map(str::to_owned).collect(),
            })
        })
        .collect()
}

/// Writes the questions anew, with counters at zero.
pub(super) async fn put_questions(
    cx: &mut WriteCx,
    id: QuestionnaireId,
    questions: &[Question],
) -> Result<()> {
    for table in ["questionnaire_tally", "questionnaire_question"] {
        let mut sql = Sql::new("delete from ");
        sql.push(table).push(" where questionnaire_id = ").bind(id);
        cx.execute(sql).await?;
    }
    for question in questions {
        let mut sql = Sql::new(
            "insert into questionnaire_question (questionnaire_id, position, text, kind, options) values (",
        );
        sql.bind(id).push(", ").bind(question.position).push(", ").bind(question.text.as_str());
        sql.push(", ").bind(question.kind).push(", ").bind(question.options.join("\n")).push(")");
        cx.execute(sql).await?;
        for option in 1..=question.options.len() as i64 {
            let mut sql = Sql::new(
                "insert into questionnaire_tally (questionnaire_id, position, choice, online, paper) values (",
            );
            sql.bind(id).push(", ").bind(question.position).push(", ").bind(option).push(", 0, 0)");
            cx.execute(sql).await?;
        }
    }
    Ok(())
}

/// Raises the counter of an option.
pub(super) async fn count(
    cx: &mut WriteCx,
    id: QuestionnaireId,
    (position, option): (i64, i64),
    (online, paper): (i64, i64),
) -> Result<()> {
    let mut sql = Sql::new("update questionnaire_tally set online = online + ");
    sql.bind(online).push(", paper = paper + ").bind(paper);
    sql.push(" where questionnaire_id = ").bind(id).push(" and position = ").bind(position);
    sql.push(" and choice = ").bind(option);
    cx.execute(sql).await?;
    Ok(())
}

/// Raises the numbers of sheets: codes given out, answers by code, answers on paper.
pub(super) async fn count_sheets(
    cx: &mut WriteCx,
    id: QuestionnaireId,
    (codes, online, paper): (i64, i64, i64),
) -> Result<()> {
    let mut sql =
        Sql::new("insert into questionnaire_sheets (questionnaire_id, codes, online, paper) values (");
    sql.bind(id).push(", ").bind(codes).push(", ").bind(online).push(", ").bind(paper);
    sql.push(") on conflict (questionnaire_id) do update set codes = questionnaire_sheets.codes + excluded.codes, \
              online = questionnaire_sheets.online + excluded.online, paper = questionnaire_sheets.paper + excluded.paper");
    cx.execute(sql).await?;
    Ok(())
}

/// How many codes were given out, and how many answered by code and on paper.
pub(super) async fn sheets(cx: &Cx, id: QuestionnaireId) -> Result<(i64, i64, i64)> {
    let mut sql = Sql::new("select codes, online, paper from questionnaire_sheets where questionnaire_id = ");
    sql.bind(id);
    let rows = cx.rows(sql).await?;
    match rows.first() {
        Some(row) => Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?)),
        None => Ok((0, 0, 0)),
    }
}

/// The counts of every question: its place, and the answers to each option, by code and on paper together.
pub(super) async fn tallies(cx: &Cx, id: QuestionnaireId) -> Result<Vec<(i64, i64)>> {
    let mut sql =
        Sql::new("select position, online + paper from questionnaire_tally where questionnaire_id = ");
    sql.bind(id).push(" order by position, choice");
    cx.rows(sql).await?.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Keeps what somebody wrote in own words under a random identity, which tells no order.
pub(super) async fn remark(cx: &mut WriteCx, id: QuestionnaireId, position: i64, text: &str) -> Result<()> {
    let mut sql =
        Sql::new("insert into questionnaire_remark (id, questionnaire_id, position, text) values (");
    sql.bind(kit::ids::random()).push(", ").bind(id).push(", ").bind(position);
    sql.push(", ").bind(text).push(")");
    cx.execute(sql).await?;
    Ok(())
}

/// What people wrote in own words to a question, in no order of time.
pub(super) async fn remarks(cx: &Cx, id: QuestionnaireId, position: i64) -> Result<Vec<String>> {
    let mut sql = Sql::new("select text from questionnaire_remark where questionnaire_id = ");
    sql.bind(id).push(" and position = ").bind(position).push(" order by id limit 500");
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Keeps the digests of codes.
pub(super) async fn put_codes(cx: &mut WriteCx, id: QuestionnaireId, digests: &[String]) -> Result<()> {
    for digest in digests {
        let mut sql = Sql::new("insert into questionnaire_code (digest, questionnaire_id) values (");
        sql.bind(digest.as_str()).push(", ").bind(id).push(")");
        cx.execute(sql).await?;
    }
    Ok(())
}

/// Takes a code away for good; whether it was there.
pub(super) async fn use_code(cx: &mut WriteCx, digest: &str) -> Result<bool> {
    let mut sql = Sql::new("delete from questionnaire_code where digest = ");
    sql.bind(digest);
    Ok(cx.execute(sql).await? == 1)
}

/// Takes all codes that were not used away.
pub(super) async fn drop_codes(cx: &mut WriteCx, id: QuestionnaireId) -> Result<()> {
    let mut sql = Sql::new("delete from questionnaire_code where questionnaire_id = ");
    sql.bind(id);
    cx.execute(sql).await?;
    Ok(())
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: QuestionnaireId(samples::OTHER),
        version: 1,
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        title: String::new(),
        intro: String::new(),
        state,
        made_on: samples::day(),
        opened_on: None,
        closed_on: None,
    }
}

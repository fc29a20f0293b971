//! Evaluating reports, publishing the evaluation, following it up.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Result, Role, WriteCx};
use registry::organisations::OrganisationId;

use super::{Deed, Grade, NOUN, ReportEvaluation, ReportEvaluationId, Score, State, store};
use crate::{
    districts::{need_district, permit},
    shared::{has_happened, year_of},
};

/// What a person enters about an evaluation.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Number.
    pub number: String,
    /// The district.
    pub district: OrganisationId,
    /// Title of the report.
    pub report_title: String,
    /// Day of the evaluation; its year is the year counted.
    pub evaluated_on: NaiveDate,
    /// Who evaluated.
    pub evaluator: String,
    /// Score.
    pub score: Score,
    /// How good it is.
    pub grade: Grade,
    /// Comments.
    pub comments: String,
    /// Problems typical of reports.
    pub typical_problems: String,
}

impl Entry {
    fn apply(self, evaluation: &mut ReportEvaluation) {
        evaluation.number = self.number;
        evaluation.year = year_of(self.evaluated_on);
        evaluation.district_id = self.district;
        evaluation.report_title = self.report_title;
        evaluation.evaluated_on = self.evaluated_on;
        evaluation.evaluator = self.evaluator;
        evaluation.score_tenths = self.score.tenths();
        evaluation.grade = self.grade;
        evaluation.comments = self.comments;
        evaluation.typical_problems = self.typical_problems;
    }
}

/// Begins an evaluation.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<ReportEvaluationId> {
    permit(&cx.actor, "登记报告评查")?;
    has_happened(cx, "evaluated_on", entry.evaluated_on)?;
    need_district(cx, entry.district).await?;
    let mut evaluation = ReportEvaluation {
        id: ReportEvaluationId(cx.new_id()),
        version: 1,
        number: String::new(),
        year: 0,
        district_id: entry.district,
        report_title: String::new(),
        evaluated_on: entry.evaluated_on,
        evaluator: String::new(),
        score_tenths: 0,
        grade: entry.grade,
        comments: String::new(),
        typical_problems: String::new(),
        follow_up: String::new(),
        state: State::Drafted,
        published_on: None,
    };
    entry.apply(&mut evaluation);
    let id = evaluation.id;
    index(cx, &evaluation);
    cx.done(Done::new(NOUN, id, "create", "登记报告评查"));
    cx.insert(evaluation).await?;
    Ok(id)
}

/// Changes the draft.
pub async fn edit(cx: &mut WriteCx, id: ReportEvaluationId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    has_happened(cx, "evaluated_on", entry.evaluated_on)?;
    need_district(cx, entry.district).await?;
    let mut after = before.clone();
    entry.apply(&mut after);
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    let done = Done::deed::<ReportEvaluation>(NOUN, id, Deed::Edit, before.state, before.state);
    cx.done(done.changes(changes));
    Ok(())
}

/// Lets the district read its evaluation.
pub async fn publish(cx: &mut WriteCx, id: ReportEvaluationId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Publish)?;
    let mut after = before.clone();
    (after.state, after.published_on) = (state, Some(cx.today()));
    cx.update(&before, after).await?;
    cx.done(Done::deed::<ReportEvaluation>(NOUN, id, Deed::Publish, before.state, state));
    let audience = Audience::Post {
        role: Role::DistrictOffice,
        organisation: Some(before.district_id.0),
        inspection: None,
    };
    cx.notify(audience, format!("报告评查结果：{}", before.report_title), NOUN, id);
    Ok(())
}

/// Records what the district made of it.
pub async fn follow_up(cx: &mut WriteCx, id: ReportEvaluationId, text: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::FollowUp)?;
    let mut after = before.clone();
    after.follow_up.clone_from(&text);
    cx.update(&before, after).await?;
    cx.done(Done::deed::<ReportEvaluation>(NOUN, id, Deed::FollowUp, before.state, state).note(text));
    Ok(())
}

fn index(cx: &mut WriteCx, evaluation: &ReportEvaluation) {
    cx.index(NOUN, evaluation.id, format!("{} {}", evaluation.number, evaluation.report_title));
}

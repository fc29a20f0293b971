//! Having reports evaluated by two readers, publishing what they found, following it up.

use kit::{Audience, Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx, numbers};
use registry::{organisations::OrganisationId, policies};
use uuid::Uuid;

use super::{Deed, NOUN, QualityReview, QualityReviewId, SERIES, State, may_create, store};
use crate::{
    quality_scores,
    reports::{self, ReportId},
    score_sheets::{self, ScoreSheetId},
};

/// What a person enters to have a report evaluated.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The own report.
    pub report: Option<ReportId>,
    /// The district whose report it is.
    pub district: Option<OrganisationId>,
    /// Title of a district's report.
    pub title: String,
    /// By which sheet.
    pub sheet: ScoreSheetId,
    /// The two readers.
    pub readers: [Uuid; 2],
}

struct Subject {
    inspection: Option<Uuid>,
    title: String,
}

async fn subject(cx: &WriteCx, entry: &Entry) -> Result<Subject> {
    match (entry.report, entry.district) {
        (Some(report), None) => {
            let report = reports::find(cx, report).await?;
            if report.restricted
                || !matches!(report.state, reports::State::Approved | reports::State::Delivered)
            {
                return Err(Refusal::field("report", "只评查已审定的巡察报告，专题材料不评查").into());
            }
            Ok(Subject { inspection: Some(report.inspection_id), title: report.title })
        }
        (None, Some(district)) => {
            let found = store::organisation(cx, district).await?;
            let (_, kind) = found.ok_or_else(|| Refusal::field("district", "没有找到这个区"))?;
            if kind != "district" {
                return Err(Refusal::field("district", "请选择区").into());
            }
            if entry.title.is_empty() {
                return Err(Refusal::field("title", "请填写区级报告的标题").into());
            }
            Ok(Subject { inspection: None, title: entry.title.clone() })
        }
        _ => {
            Err(Refusal::field("report", "请选择本级的一份报告，或者选择区并填写报告标题，二者填其一").into())
        }
    }
}

/// Asks two readers to score a report.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<QualityReviewId> {
    if !may_create(&cx.actor) {
        return Err(Refusal::forbidden("安排报告评查").into());
    }
    let subject = subject(cx, &entry).await?;
    score_sheets::find(cx, entry.sheet).await?;
    let names = names(cx, &entry, subject.inspection).await?;
    let id = QualityReviewId(cx.new_id());
    let review = QualityReview {
        id,
        version: 1,
        number: numbers::yearly(cx, SERIES, cx.today()).await?,
        report_id: entry.report,
        inspection_id: subject.inspection,
        district_id: entry.district,
        title: subject.title,
        sheet_id: entry.sheet,
        reader_one: entry.readers[0],
        reader_two: entry.readers[1],
        readers: names.join("、"),
        begun_on: cx.today(),
        mean_tenths: None,
        deviation_tenths: None,
        comments: String::new(),
        faults: String::new(),
        improvement: String::new(),
        due_on: None,
        due_basis: String::new(),
        published_on: None,
        state: State::Scoring,
    };
    cx.index(NOUN, id, format!("{} {}", review.number, review.title));
    cx.insert(review.clone()).await?;
    for (reader, name) in entry.readers.iter().zip(&names) {
        quality_scores::actions::ask(cx, &review, *reader, name).await?;
    }
    cx.done(Done::new(NOUN, id, "create", "安排报告评查"));
    Ok(id)
}

/// Two readers, different, and none of the team whose report it is.
async fn names(cx: &WriteCx, entry: &Entry, inspection: Option<Uuid>) -> Result<[String; 2]> {
    let [one, two] = entry.readers;
    if one == two {
        return Err(Refusal::field("reader_two", "两名评查人不能是同一人").into());
    }
    let known = store::readers(cx).await?;
    let name = |field: &str, id: Uuid| -> Result<String> {
        let found = known.iter().find(|(one, _)| *one == id);
        Ok(found.ok_or_else(|| Refusal::field(field, "请选择在岗的评查人"))?.1.clone())
    };
    let names = [name("reader_one", one)?, name("reader_two", two)?];
    for (reader, field) in [(one, "reader_one"), (two, "reader_two")] {
        if let Some(inspection) = inspection
            && store::of_team(cx, reader, inspection).await?
        {
            return Err(Refusal::field(field, "评查人不能是本报告巡察组的成员").into());
        }
    }
    Ok(names)
}

/// Both sheets are in: mean and deviation become known. Follows from the second reader's deed.
pub(crate) async fn reveal(cx: &mut WriteCx, id: QualityReviewId, totals: [i64; 2]) -> Result<()> {
    let before = store::whoever(cx, id).await?;
    if before.state != State::Scoring {
        return Ok(());
    }
    let after = QualityReview {
        state: State::Scored,
        mean_tenths: Some((totals[0] + totals[1]).div_euclid(2)),
        deviation_tenths: Some((totals[0] - totals[1]).abs()),
        ..before.clone()
    };
    let office = Audience::Post { role: Role::OfficeLiaison, organisation: None, inspection: None };
    cx.notify(office, format!("报告评查评分完成：{}", before.number), NOUN, id);
    cx.update(&before, after).await?;
    let moved = Done::new(NOUN, id, "reveal", "汇总评分");
    cx.done(moved.moved(State::Scoring.label(), State::Scored.label()));
    Ok(())
}

/// What is published about a report.
#[derive(Clone, Debug)]
pub struct Publication {
    /// What is said to it.
    pub comments: String,
    /// Typical problems.
    pub faults: Vec<String>,
}

/// Tells the team or district, which then improves.
pub async fn publish(cx: &mut WriteCx, id: QualityReviewId, publication: Publication) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Publish)?;
    let deadline = policies::deadline(cx, "report_improvement", cx.today()).await?;
    let after = QualityReview {
        state,
        comments: publication.comments,
        faults: publication.faults.join(","),
        published_on: Some(cx.today()),
        due_on: Some(deadline.due_on),
        due_basis: deadline.basis,
        ..before.clone()
    };
    let audience = match (before.inspection_id, before.district_id) {
        (Some(_), _) => {
            Audience::Post { role: Role::TeamHead, organisation: None, inspection: before.inspection_id }
        }
        (None, district) => Audience::Post {
            role: Role::DistrictOffice,
            organisation: district.map(|id| id.0),
            inspection: None,
        },
    };
    cx.notify(audience, format!("报告评查结果：{}", before.title), NOUN, id);
    cx.update(&before, after).await?;
    cx.done(Done::deed::<QualityReview>(NOUN, id, Deed::Publish, before.state, state));
    Ok(())
}

/// Enters what was improved.
pub async fn improve(cx: &mut WriteCx, id: QualityReviewId, text: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Improve)?;
    let after = QualityReview { state, improvement: text.clone(), ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<QualityReview>(NOUN, id, Deed::Improve, before.state, state).note(text));
    Ok(())
}

/// Accepts what was improved, or gives the evaluation up.
pub async fn close(cx: &mut WriteCx, id: QualityReviewId, deed: Deed, note: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    if deed == Deed::Close && before.improvement.is_empty() {
        return Err(Refusal::conflict("还没有登记改进情况，不能办结。").into());
    }
    cx.update(&before, QualityReview { state, ..before.clone() }).await?;
    cx.done(Done::deed::<QualityReview>(NOUN, id, deed, before.state, state).note(note));
    Ok(())
}

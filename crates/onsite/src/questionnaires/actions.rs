//! Designing a questionnaire, opening it, giving out codes, entering paper, closing it.

use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dictionary, seal};
use planning::units;
use uuid::Uuid;

use super::{
    Deed, NOUN, OPTIONS, Question, QuestionKind, Questionnaire, QuestionnaireId, State, answers, store,
};

/// What is entered about a questionnaire.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Title.
    pub title: String,
    /// What people are told before they answer.
    pub intro: String,
    /// Questions; those of the dictionary when there are none.
    pub questions: Vec<Question>,
}

/// The options of a question that names none.
const USUAL: [&str; 5] = ["好", "较好", "一般", "差", "不了解"];

impl Entry {
    async fn questions(&self, cx: &WriteCx) -> Result<Vec<Question>> {
        if self.questions.is_empty() {
            let items = dictionary::items(cx, "questionnaire_item").await?;
            return Ok((1..)
                .zip(items.iter())
                .map(|(position, item)| usual(position, &item.label))
                .collect());
        }
        for question in &self.questions {
            let count = question.options.len();
            let fits = match question.kind {
                QuestionKind::Open => count == 0,
                QuestionKind::Single | QuestionKind::Multiple => (2..=OPTIONS).contains(&count),
            };
            if !fits {
                let message =
                    format!("“{}”：选择题应有 2 到 {OPTIONS} 个选项，问答题不填选项", question.text);
                return Err(Refusal::field("questions", message).into());
            }
        }
        Ok(self.questions.clone())
    }
}

fn usual(position: i64, text: &str) -> Question {
    Question {
        position,
        text: text.to_owned(),
        kind: QuestionKind::Single,
        options: USUAL.map(str::to_owned).to_vec(),
    }
}

/// Designs a questionnaire for the people of an inspected unit.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<QuestionnaireId> {
    let unit = units::of(cx, unit).await?;
    if !cx.actor.in_team(unit.inspection_id) {
        return Err(Refusal::forbidden("设计问卷").into());
    }
    let questions = entry.questions(cx).await?;
    let id = QuestionnaireId(cx.new_id());
    cx.index(NOUN, id, entry.title.as_str());
    cx.insert(Questionnaire {
        id,
        version: 1,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        title: entry.title,
        intro: entry.intro,
        state: State::Draft,
        made_on: cx.today(),
        opened_on: None,
        closed_on: None,
    })
    .await?;
    store::put_questions(cx, id, &questions).await?;
    cx.done(Done::new(NOUN, id, "create", "设计问卷"));
    Ok(id)
}

/// Changes a questionnaire that nobody can answer yet.
pub async fn edit(cx: &mut WriteCx, id: QuestionnaireId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let questions = entry.questions(cx).await?;
    store::put_questions(cx, id, &questions).await?;
    cx.index(NOUN, id, entry.title.as_str());
    let after = Questionnaire { title: entry.title, intro: entry.intro, ..before.clone() };
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Questionnaire>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Lets people answer.
pub async fn open(cx: &mut WriteCx, id: QuestionnaireId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Open)?;
    let after = Questionnaire { state, opened_on: Some(cx.today()), ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Questionnaire>(NOUN, id, Deed::Open, before.state, state));
    Ok(())
}

/// Gives out `count` codes, each for one answer; they are shown this once and kept only as digests.
pub async fn give_out(cx: &mut WriteCx, id: QuestionnaireId, count: usize) -> Result<Vec<String>> {
    let questionnaire = store::find(cx, id).await?;
    if questionnaire.state != State::Open || !cx.actor.in_team(questionnaire.inspection_id) {
        return Err(Refusal::forbidden("打印答题码").into());
    }
    let codes = (0..count).map(|_| Ok(answers::code_of(&seal::secret()?))).collect::<Result<Vec<_>>>()?;
    let digests: Vec<String> = codes.iter().map(|code| answers::digest(cx, code)).collect();
    store::put_codes(cx, id, &digests).await?;
    store::count_sheets(cx, id, (count as i64, 0, 0)).await?;
    cx.done(Done::new(NOUN, id, "slips", "打印答题码").note(format!("{count} 张")));
    Ok(codes)
}

/// What was counted on paper for one question: how often each option was ticked.
#[derive(Clone, Debug)]
pub struct PaperCount {
    /// The question.
    pub position: i64,
    /// Ticks of each option.
    pub ticks: Vec<i64>,
}

/// Adds `sheets` answers on paper.
pub async fn paper(
    cx: &mut WriteCx,
    id: QuestionnaireId,
    sheets: i64,
    counts: Vec<PaperCount>,
) -> Result<()> {
    let questionnaire = store::find(cx, id).await?;
    let state = questionnaire.decide(&cx.actor, Deed::Paper)?;
    let questions = store::questions(cx, id).await?;
    for count in &counts {
        let question = questions.iter().find(|question| question.position == count.position);
        let question = question.ok_or_else(|| Refusal::field("counts", "没有这一道题"))?;
        check_paper(question, sheets, &count.ticks)?;
    }
    for count in counts {
        for (option, ticks) in (1_i64..).zip(count.ticks).filter(|(_, ticks)| *ticks > 0) {
            store::count(cx, id, (count.position, option), (0, ticks)).await?;
        }
    }
    store::count_sheets(cx, id, (0, 0, sheets)).await?;
    let note = format!("{sheets} 份");
    cx.done(Done::deed::<Questionnaire>(NOUN, id, Deed::Paper, state, state).note(note));
    Ok(())
}

/// Refuses ticks that the sheets cannot hold.
fn check_paper(question: &Question, sheets: i64, ticks: &[i64]) -> Result<()> {
    let beyond = ticks.iter().skip(question.options.len()).any(|count| *count > 0);
    let too_many = match question.kind {
        QuestionKind::Single => ticks.iter().sum::<i64>() > sheets,
        QuestionKind::Multiple | QuestionKind::Open => ticks.iter().any(|count| *count > sheets),
    };
    if beyond || too_many {
        let message = format!("“{}”的票数多于问卷份数，或超出了选项个数", question.text);
        return Err(Refusal::field("counts", message).into());
    }
    Ok(())
}

/// Closes it; codes that were not used are void, and the results appear.
pub async fn close(cx: &mut WriteCx, id: QuestionnaireId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Close)?;
    store::drop_codes(cx, id).await?;
    let after = Questionnaire { state, closed_on: Some(cx.today()), ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Questionnaire>(NOUN, id, Deed::Close, before.state, state));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_holds_no_more_ticks_than_sheets() {
        let question = usual(1, "题");
        assert!(check_paper(&question, 10, &[5, 3, 2, 0, 0, 0]).is_ok());
        assert!(check_paper(&question, 10, &[5, 3, 3, 0, 0, 0]).is_err());
        assert!(check_paper(&question, 10, &[0, 0, 0, 0, 0, 1]).is_err(), "there is no sixth option");
        let several = Question { kind: QuestionKind::Multiple, ..question };
        assert!(check_paper(&several, 10, &[9, 9, 0, 0, 0, 0]).is_ok());
        assert!(check_paper(&several, 10, &[11, 0, 0, 0, 0, 0]).is_err());
    }
}

//! Answering by a one-time code, without an account and without a trace: the code is taken away, counters are raised, and
//! nothing says which answers came together or when.

use kit::{Cx, Refusal, Result, WriteCx};

use super::{Question, QuestionKind, Questionnaire, store};

/// Letters of a code: none that look alike.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Letters in a code: 60 bits, which nobody guesses.
const LENGTH: usize = 12;

/// A code made from a secret in hex, in groups of four.
pub(super) fn code_of(secret: &str) -> String {
    let bytes = kit::seal::unhex(secret).unwrap_or_default();
    let mut code = String::new();
    for (place, byte) in bytes.iter().take(LENGTH).enumerate() {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        code.push(LETTERS.get(usize::from(byte % 32)).copied().map_or('2', char::from));
    }
    code
}

/// What is kept of a code: a keyed digest of its letters, however they were typed.
pub(super) fn digest(cx: &Cx, code: &str) -> String {
    cx.app().seal().token("questionnaire", &plain(code))
}

fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).take(64).collect()
}

/// The questionnaire that `code` opens, with its questions.
///
/// # Errors
/// The same sentence for a code that never was, was used, or came too late.
pub async fn opened(cx: &Cx, code: &str) -> Result<(Questionnaire, Vec<Question>)> {
    let found = store::of_code(cx, &digest(cx, code)).await?;
    let questionnaire = found.ok_or_else(unknown)?;
    let questions = store::questions(cx, questionnaire.id).await?;
    Ok((questionnaire, questions))
}

fn unknown() -> kit::Error {
    Refusal::new(
        kit::error::Reason::NotFound,
        "这个答题码不存在、已经用过，或问卷已经关闭。请核对纸条上的答题码。",
    )
    .into()
}

/// One answer: a question's place with the options ticked or the words written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub position: i64,
    /// Options ticked, from 1.
    pub ticked: Vec<i64>,
    /// Words written.
    pub text: String,
}

/// Takes the answers to the questionnaire that `code` opens, once.
pub async fn answer(cx: &mut WriteCx, code: &str, answers: Vec<Answer>) -> Result<()> {
    let digest = digest(cx, code);
    let questionnaire = store::of_code(cx, &digest).await?.ok_or_else(unknown)?;
    let questions = store::questions(cx, questionnaire.id).await?;
    check(&questions, &answers)?;
    if !store::use_code(cx, &digest).await? {
        return Err(unknown());
    }
    for answer in answers {
        for option in answer.ticked {
            store::count(cx, questionnaire.id, (answer.position, option), (1, 0)).await?;
        }
        if !answer.text.is_empty() {
            store::remark(cx, questionnaire.id, answer.position, &answer.text).await?;
        }
    }
    store::count_sheets(cx, questionnaire.id, (0, 1, 0)).await
}

/// Refuses answers that do not fit their questions; leaving a question out is allowed.
fn check(questions: &[Question], answers: &[Answer]) -> Result<()> {
    for answer in answers {
        let question = questions.iter().find(|question| question.position == answer.position);
        let fits = question.is_some_and(|question| {
            let options = question.options.len() as i64;
            let known = answer.ticked.iter().all(|option| (1..=options).contains(option));
            let mut once = answer.ticked.clone();
            once.sort_unstable();
            once.dedup();
            known
                && once.len() == answer.ticked.len()
                && (question.kind != QuestionKind::Single || answer.ticked.len() <= 1)
                && (question.kind == QuestionKind::Open || answer.text.is_empty())
                && answer.text.chars().count() <= 1_000
        });
        if !fits {
            return Err(
                Refusal::bad_request("答卷内容与题目不符，没有提交；答题码仍然有效，请重新填写。").into()
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_twelve_letters_that_do_not_look_alike_and_reads_back_however_typed() {
        let code = code_of(&kit::seal::secret().unwrap());
        assert_eq!(code.len(), 14);
        assert!(code.chars().all(|c| c == '-' || LETTERS.contains(&(c as u8))));
        assert_eq!(plain(&code), plain(&code.to_lowercase().replace('-', " ")));
        assert_ne!(code, code_of(&kit::seal::secret().unwrap()));
    }

    #[test]
    fn answers_that_do_not_fit_are_refused_and_gaps_are_not() {
        let questions = [Question {
            position: 1,
            text: String::from("题"),
            kind: QuestionKind::Single,
            options: vec![String::from("好"), String::from("差")],
        }];
        let answer =
            |position, ticked: &[i64]| Answer { position, ticked: ticked.to_vec(), text: String::new() };
        assert!(check(&questions, &[]).is_ok());
        assert!(check(&questions, &[answer(1, &[2])]).is_ok());
        for wrong in
            [answer(1, &[1, 2]), answer(1, &[3]), answer(1, &[0]), answer(2, &[1]), answer(1, &[1, 1])]
        {
            assert!(check(&questions, &[wrong]).is_err());
        }
    }
}

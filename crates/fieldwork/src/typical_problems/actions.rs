//! What is done to the library of typical problems.

use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dictionary};

use super::{Deed, NOUN, State, TypicalProblem, TypicalProblemId, basis_text, may_keep, store};
use crate::drafts::content::Basis;

/// What a person enters about a typical problem.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The problem in one sentence.
    pub title: String,
    /// How it typically shows.
    pub manifestation: String,
    /// Category, second level; the first follows from it.
    pub category_2: String,
    /// Framework item.
    pub framework_2: String,
    /// Field; may be empty.
    pub field: String,
    /// Rules with articles.
    pub bases: Vec<Basis>,
    /// Who usually answers for it.
    pub responsibility: String,
    /// What evidence to get.
    pub evidence: String,
}

impl Entry {
    async fn apply(self, cx: &WriteCx, problem: &mut TypicalProblem) -> Result<()> {
        let above = dictionary::find(cx, "category_2", &self.category_2).await?.and_then(|item| item.parent);
        problem.category_1 = above.unwrap_or_default();
        problem.bases = serde_json::to_string(&self.bases)?;
        problem.basis_text = basis_text(&self.bases);
        problem.title = self.title;
        problem.manifestation = self.manifestation;
        problem.category_2 = self.category_2;
        problem.framework_2 = self.framework_2;
        problem.field = self.field;
        problem.responsibility = self.responsibility;
        problem.evidence = self.evidence;
        Ok(())
    }
}

/// Enters a typical problem.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<TypicalProblemId> {
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("维护问题类型库").into());
    }
    enter(cx, entry).await
}

pub(super) async fn enter(cx: &mut WriteCx, entry: Entry) -> Result<TypicalProblemId> {
    let mut problem = TypicalProblem {
        id: TypicalProblemId(cx.new_id()),
        version: 1,
        code: format!("DX{:03}", store::next_serial(cx).await?),
        title: String::new(),
        manifestation: String::new(),
        category_1: String::new(),
        category_2: String::new(),
        framework_2: String::new(),
        field: String::new(),
        bases: String::new(),
        basis_text: String::new(),
        responsibility: String::new(),
        evidence: String::new(),
        state: State::InUse,
    };
    entry.apply(cx, &mut problem).await?;
    let id = problem.id;
    index(cx, &problem);
    cx.insert(problem).await?;
    cx.done(Done::new(NOUN, id, "create", "登记典型问题"));
    Ok(id)
}

/// Corrects an entry.
pub async fn edit(cx: &mut WriteCx, id: TypicalProblemId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    let mut after = TypicalProblem { state, ..before.clone() };
    entry.apply(cx, &mut after).await?;
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<TypicalProblem>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// Offers an entry no longer.
pub async fn retire(cx: &mut WriteCx, id: TypicalProblemId) -> Result<()> {
    turn(cx, id, Deed::Retire).await
}

/// Offers an entry again.
pub async fn restore(cx: &mut WriteCx, id: TypicalProblemId) -> Result<()> {
    turn(cx, id, Deed::Restore).await
}

async fn turn(cx: &mut WriteCx, id: TypicalProblemId, deed: Deed) -> Result<()> {
    let (before, state) = step(cx, id, deed).await?;
    let after = TypicalProblem { state, ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<TypicalProblem>(NOUN, id, deed, before.state, state));
    Ok(())
}

async fn step(cx: &WriteCx, id: TypicalProblemId, deed: Deed) -> Result<(TypicalProblem, State)> {
    let problem = store::find(cx, id).await?;
    let state = problem.decide(&cx.actor, deed)?;
    Ok((problem, state))
}

fn index(cx: &mut WriteCx, problem: &TypicalProblem) {
    let parts = [&problem.code, &problem.title, &problem.manifestation, &problem.basis_text];
    cx.index(NOUN, problem.id, parts.map(String::as_str).join(" "));
}

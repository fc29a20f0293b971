//! What is done to rules of focus.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dates};
use registry::organisations::OrganisationKind;

use super::{Deed, FocusRule, NOUN, RuleId, State, store};

/// What a person enters about a rule.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Word that a duty must hold; may be empty.
    pub keyword: String,
    /// The kind of organisation it is for.
    pub organisation_kind: Option<OrganisationKind>,
    /// What to look at.
    pub text: String,
    /// What that rests on.
    pub basis: String,
    /// Framework item; may be empty.
    pub framework_2: String,
    /// First day.
    pub valid_from: NaiveDate,
}

impl Entry {
    fn apply(self, rule: &mut FocusRule) {
        rule.keyword = self.keyword;
        rule.organisation_kind = self.organisation_kind;
        rule.text = self.text;
        rule.basis = self.basis;
        rule.framework_2 = self.framework_2;
        rule.valid_from = self.valid_from;
    }
}

/// Enters a rule.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<RuleId> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("登记监督重点规则").into());
    }
    let mut rule = FocusRule {
        id: RuleId(cx.new_id()),
        version: 1,
        keyword: String::new(),
        organisation_kind: None,
        text: String::new(),
        basis: String::new(),
        framework_2: String::new(),
        state: State::InForce,
        valid_from: entry.valid_from,
        valid_to: None,
    };
    entry.apply(&mut rule);
    let id = rule.id;
    cx.index(NOUN, id, rule.text.as_str());
    cx.insert(rule).await?;
    cx.done(Done::new(NOUN, id, "create", "登记监督重点规则"));
    Ok(id)
}

/// Changes a rule; lists that were drawn keep their text.
pub async fn edit(cx: &mut WriteCx, id: RuleId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let mut after = before.clone();
    entry.apply(&mut after);
    cx.index(NOUN, id, after.text.as_str());
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<FocusRule>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// No longer derives points from a rule.
pub async fn end(cx: &mut WriteCx, id: RuleId, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::End)?;
    dates::happened(cx, "valid_to", "停用日期", on)?;
    dates::not_before("valid_to", "停用日期", on, Some(before.valid_from), "启用日期")?;
    cx.update(&before, FocusRule { state, valid_to: Some(on), ..before.clone() }).await?;
    cx.done(Done::deed::<FocusRule>(NOUN, id, Deed::End, before.state, state));
    Ok(())
}

/// Derives points from a rule again.
pub async fn resume(cx: &mut WriteCx, id: RuleId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Resume)?;
    cx.update(&before, FocusRule { state, valid_to: None, ..before.clone() }).await?;
    cx.done(Done::deed::<FocusRule>(NOUN, id, Deed::Resume, before.state, state));
    Ok(())
}

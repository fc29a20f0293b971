//! The deeds on rules built.

use chrono::NaiveDate;
use kit::{Done, Refusal, Result, WriteCx};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use super::{NOUN, RuleBuilt, RuleBuiltId, RuleKind, Topic, store};
use crate::{
    access,
    subjects::{self, not_after_today},
};

/// What a person enters about a rule.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Title.
    pub title: String,
    /// Document number.
    pub number: String,
    /// Who issued it.
    pub organisation: OrganisationId,
    /// The inspection it came from.
    pub inspection: Option<Uuid>,
    /// New or revised.
    pub kind: RuleKind,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// From which rectification it came.
    pub topic: Topic,
    /// Whether it came from inspection and audit together.
    pub audit_linked: bool,
    /// What it provides.
    pub text: String,
}

impl Entry {
    fn check(&self, cx: &WriteCx) -> Result<()> {
        not_after_today(cx, "issued_on", self.issued_on)?;
        if access::keeps(&cx.actor, self.organisation) {
            return Ok(());
        }
        Err(Refusal::field("organisation", "只能登记本单位的制度").into())
    }

    fn apply(self, rule: &mut RuleBuilt) {
        rule.title = self.title;
        rule.number = self.number;
        rule.organisation_id = self.organisation;
        rule.inspection_id = self.inspection;
        rule.kind = self.kind;
        rule.issued_on = self.issued_on;
        rule.topic = self.topic;
        rule.audit_linked = self.audit_linked;
        rule.text = self.text;
    }
}

/// Registers a rule with the problems it answers.
pub async fn create(cx: &mut WriteCx, entry: Entry, problems: Vec<Uuid>) -> Result<RuleBuiltId> {
    if !access::may_begin(&cx.actor) {
        return Err(Refusal::forbidden("登记制度").into());
    }
    entry.check(cx)?;
    let mut rule = RuleBuilt {
        id: RuleBuiltId(cx.new_id()),
        version: 1,
        title: String::new(),
        number: String::new(),
        organisation_id: entry.organisation,
        inspection_id: None,
        kind: entry.kind,
        issued_on: entry.issued_on,
        ended_on: None,
        topic: entry.topic,
        audit_linked: false,
        text: String::new(),
    };
    entry.apply(&mut rule);
    let id = rule.id;
    index(cx, &rule);
    cx.done(Done::new(NOUN, id, "create", "登记制度"));
    cx.insert(rule).await?;
    link(cx, id, problems).await?;
    Ok(id)
}

fn index(cx: &mut WriteCx, rule: &RuleBuilt) {
    cx.index(NOUN, rule.id, format!("{} {} {}", rule.title, rule.number, rule.text));
}

async fn link(cx: &mut WriteCx, id: RuleBuiltId, problems: Vec<Uuid>) -> Result<()> {
    subjects::check_picked(cx, &problems).await?;
    store::link(cx, id, problems).await
}

async fn kept(cx: &WriteCx, id: RuleBuiltId, deed: &str) -> Result<RuleBuilt> {
    let rule = store::find(cx, id).await?;
    if rule.kept_by(&cx.actor) { Ok(rule) } else { Err(Refusal::forbidden(deed).into()) }
}

/// Changes what is registered.
pub async fn edit(cx: &mut WriteCx, id: RuleBuiltId, entry: Entry) -> Result<()> {
    let before = kept(cx, id, "修改").await?;
    entry.check(cx)?;
    if before.ended_on.is_some_and(|ended| ended < entry.issued_on) {
        return Err(Refusal::field("issued_on", "不能晚于废止日期").into());
    }
    let mut after = before.clone();
    entry.apply(&mut after);
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改").changes(changes));
    Ok(())
}

/// Notes further problems that the rule answers.
pub async fn link_problems(cx: &mut WriteCx, id: RuleBuiltId, problems: Vec<Uuid>) -> Result<()> {
    let rule = kept(cx, id, "关联问题").await?;
    let note = format!("关联 {} 个问题", problems.len());
    link(cx, id, problems).await?;
    cx.update(&rule, rule.clone()).await?;
    cx.done(Done::new(NOUN, id, "link_problems", "关联问题").note(note));
    Ok(())
}

/// Takes links to problems back.
pub async fn unlink_problems(cx: &mut WriteCx, id: RuleBuiltId, problems: Vec<Uuid>) -> Result<()> {
    let rule = kept(cx, id, "取消关联").await?;
    let count = store::unlink(cx, id, problems).await?;
    cx.update(&rule, rule.clone()).await?;
    cx.done(Done::new(NOUN, id, "unlink_problems", "取消关联").note(format!("取消关联 {count} 个问题")));
    Ok(())
}

/// Ends a rule after its last day.
pub async fn end(cx: &mut WriteCx, id: RuleBuiltId, on: NaiveDate, reason: String) -> Result<()> {
    let before = kept(cx, id, "废止").await?;
    if before.ended_on.is_some() {
        return Err(Refusal::conflict("该制度已经废止。").into());
    }
    not_after_today(cx, "ended_on", on)?;
    if on < before.issued_on {
        return Err(Refusal::field("ended_on", "不能早于印发日期").into());
    }
    let after = RuleBuilt { ended_on: Some(on), ..before.clone() };
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "end", "废止").note(reason).changes(changes));
    Ok(())
}

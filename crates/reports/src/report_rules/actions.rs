//! Keeping the rules of reports.

use kit::{Done, Labelled as _, Refusal, Result, WriteCx};

use super::{Deed, NOUN, ReportRule, ReportRuleId, SEED, may_keep, store};

/// What is entered about a rule.
#[derive(Clone, Debug)]
pub struct Entry {
    /// How such a report is marked.
    pub secrecy: String,
    /// After which kinds of inspection it is due.
    pub required_for: Vec<String>,
    /// Whether the committee receives it.
    pub to_committee: bool,
    /// Whether discipline inspection receives it.
    pub to_discipline: bool,
    /// Whether the organisation department receives it.
    pub to_organisation: bool,
    /// What it rests on.
    pub basis: String,
}

/// Changes a rule; reports begun before keep theirs.
pub async fn edit(cx: &mut WriteCx, id: ReportRuleId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("修改报送规则").into());
    }
    let after = ReportRule {
        secrecy: entry.secrecy,
        required_for: entry.required_for.join(","),
        to_committee: entry.to_committee,
        to_discipline: entry.to_discipline,
        to_organisation: entry.to_organisation,
        basis: entry.basis,
        ..before.clone()
    };
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, Deed::Edit.code(), "修改").changes(changes));
    Ok(())
}

/// Enters the rules that do not exist yet.
pub async fn seed(cx: &mut WriteCx) -> Result<()> {
    let held = store::all(cx).await?;
    for ((kind, secrecy, required_for, [committee, discipline, organisation]), position) in
        SEED.into_iter().zip(1_i64..)
    {
        if held.iter().any(|rule| rule.kind == kind) {
            continue;
        }
        let rule = ReportRule {
            id: ReportRuleId(cx.new_id()),
            version: 1,
            kind,
            position,
            secrecy: secrecy.to_owned(),
            required_for: required_for.to_owned(),
            to_committee: committee,
            to_discipline: discipline,
            to_organisation: organisation,
            basis: String::from("接收范围为本地建议，由领导小组确定，待核"),
        };
        cx.index(NOUN, rule.id, kind.label());
        cx.insert(rule).await?;
    }
    Ok(())
}

//! Proposing groups: a job, because thousands of problems are compared. What a person has decided stays; proposals that
//! nobody decided on are replaced.

use chrono::NaiveDate;
use kit::{
    Result,
    jobs::{Doing, Ended, Kind},
};
use likeness::groups::{Entry, Group, Rule, group};
use registry::policies;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    NOUN,
    actions::{self, Proposal},
    store::{self, Candidate},
};

/// The job.
pub const KIND: Kind = Kind::new("problem_groups", "归并相似问题", |doing| Box::pin(run(doing)));

/// How much each class that both have adds to the likeness.
const CLASS: f64 = 0.06;
/// Signs of the text that are compared beside the title; what follows is often the same in all.
const TEXT: usize = 120;

/// What to compare.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Payload {
    /// Problems fed back from this day on.
    pub since: NaiveDate,
}

async fn run(doing: &Doing) -> Result<Ended> {
    let payload: Payload = doing.payload()?;
    let cx = doing.read();
    let least = policies::amount(&cx, "group_likeness", cx.today()).await?;
    let owners = policies::amount(&cx, "group_organisations", cx.today()).await?;
    let rule = Rule {
        least: least as f64 / 100.0,
        owners: usize::try_from(owners).unwrap_or(2).max(2),
        class: CLASS,
    };
    let (marks, settled) = store::decided(&cx).await?;
    let mut candidates = store::candidates(&cx, payload.since).await?;
    candidates.retain(|candidate| !settled.contains(&candidate.id));
    let count = candidates.len();
    doing.progress.say(format!("正在比对 {count} 个问题"));
    let proposals = tokio::task::spawn_blocking(move || proposals(&candidates, rule))
        .await
        .map_err(|error| kit::Error::Fault(format!("grouping problems: {error}")))?;
    let fresh: Vec<Proposal> = proposals.into_iter().filter(|found| !marks.contains(&found.mark)).collect();
    let found = fresh.len();
    doing.app.write(&doing.actor, |cx| Box::pin(actions::propose(cx, fresh))).await?;
    let words = format!("比对 {count} 个问题，提出 {found} 组相似问题；是否属于共性问题由人确认。");
    Ok(Ended::saying(words).link(format!("/{NOUN}")))
}

/// Groups problems and words each group; pure.
pub(super) fn proposals(candidates: &[Candidate], rule: Rule) -> Vec<Proposal> {
    let texts: Vec<String> = candidates
        .iter()
        .map(|candidate| {
            let text: String = candidate.text.chars().take(TEXT).collect();
            format!("{} {} {text}", candidate.title, candidate.title)
        })
        .collect();
    let classes: Vec<[&str; 3]> = candidates
        .iter()
        .map(|candidate| {
            [candidate.category_1.as_str(), candidate.category_2.as_str(), candidate.field.as_str()]
        })
        .collect();
    let mut owners: Vec<Uuid> = candidates.iter().map(|candidate| candidate.organisation_id).collect();
    owners.sort_unstable();
    owners.dedup();
    let entries: Vec<Entry<'_>> = candidates
        .iter()
        .zip(&texts)
        .zip(&classes)
        .map(|((candidate, text), classes)| Entry {
            text,
            classes,
            owner: owners.binary_search(&candidate.organisation_id).unwrap_or(0),
        })
        .collect();
    group(&entries, rule).iter().filter_map(|group| worded(group, candidates)).collect()
}

fn worded(group: &Group, candidates: &[Candidate]) -> Option<Proposal> {
    let head = candidates.get(group.members.first()?.at)?;
    let mut members = Vec::new();
    let mut owners = Vec::new();
    for member in &group.members {
        let candidate = candidates.get(member.at)?;
        members.push((candidate.id, (member.likeness * 100.0).round() as i64));
        owners.push(candidate.organisation_id);
    }
    owners.sort_unstable();
    owners.dedup();
    let mut ids: Vec<Uuid> = members.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    let written: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    Some(Proposal {
        title: head.title.clone(),
        shared: group.shared.join("、"),
        category: head.category_2.clone(),
        field: head.field.clone(),
        organisations: i64::try_from(owners.len()).unwrap_or(0),
        members,
        mark: kit::seal::digest(written.join("\n").as_bytes()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(n: u128, organisation: u128, title: &str) -> Candidate {
        Candidate {
            id: Uuid::from_u128(n),
            title: title.to_owned(),
            text: String::new(),
            category_1: String::from("finance"),
            category_2: String::from("assets"),
            field: String::new(),
            organisation_id: Uuid::from_u128(organisation),
        }
    }

    #[test]
    fn a_proposal_names_its_words_its_organisations_and_is_known_again() {
        let candidates = [
            candidate(1, 10, "固定资产账实不符，部分资产未入账"),
            candidate(2, 11, "固定资产账实不符，长期未盘点"),
            candidate(3, 12, "固定资产管理混乱，账实不符"),
            candidate(4, 13, "干部档案材料缺失"),
        ];
        let rule = Rule { least: 0.4, owners: 3, class: CLASS };
        let found = proposals(&candidates, rule);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].organisations, 3);
        assert!(found[0].shared.contains("账实不符"), "{}", found[0].shared);
        assert!(!found[0].members.iter().any(|(id, _)| *id == Uuid::from_u128(4)));
        assert_eq!(found[0].mark, proposals(&candidates, rule)[0].mark);
    }
}

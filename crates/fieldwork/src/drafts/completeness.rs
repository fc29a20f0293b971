//! What a draft still lacks before it may be signed (domain.md 4.6): how it became known, who, when,
//! where, the facts, the effect, the rule, and what the unit's leader said to it.

use kit::{Labelled as _, Result, labelled};

use super::{Draft, Officer};

labelled! {
    /// Something a draft lacks.
    pub enum Gap: "缺项" {
        /// Two officers at least.
        Officers = "officers" => "承办人不足两名", Red;
        /// How it became known.
        Learnt = "learnt" => "没有写明怎样了解到（来源和了解方法）", Red;
        /// The matter in short.
        Overview = "overview" => "没有填写问题概况", Red;
        /// The facts.
        Facts = "facts" => "没有填写基本事实", Red;
        /// When it happened.
        Period = "period" => "没有写明发生的时间", Red;
        /// Who is responsible.
        Bodies = "bodies" => "没有写明责任主体", Red;
        /// First part of the statement.
        Phenomenon = "phenomenon" => "三段式表述缺“现象”", Red;
        /// Second part of the statement.
        Qualification = "qualification" => "三段式表述缺“定性”", Red;
        /// Third part of the statement.
        Responsibility = "responsibility" => "三段式表述缺“责任”", Red;
        /// The rule.
        Basis = "basis" => "没有写明定性依据", Red;
        /// The article of the rule.
        Article = "article" => "定性依据没有写到具体条款", Red;
        /// The effect.
        Effect = "effect" => "没有写明造成的影响或后果", Red;
        /// What the unit's leader said to it.
        Exchange = "exchange" => "没有写明与单位主要负责人交换意见的情况", Red;
        /// The framework item it belongs to.
        Framework = "framework" => "没有归入监督重点", Red;
        /// Evidence.
        Evidence = "evidence" => "没有佐证材料", Red;
    }
}

/// What `draft` lacks, in the order of the sheet.
pub fn gaps(draft: &Draft, officers: &[Officer], evidence: usize) -> Result<Vec<Gap>> {
    let (bases, bodies) = (draft.bases()?, draft.bodies()?);
    let empty = |text: &str| text.trim().is_empty();
    let lacks = |gap: &Gap| match gap {
        Gap::Officers => officers.len() < 2,
        Gap::Learnt => empty(&draft.learnt) || empty(&draft.source),
        Gap::Overview => empty(&draft.overview),
        Gap::Facts => empty(&draft.facts),
        Gap::Period => draft.period_from.is_none(),
        Gap::Bodies => bodies.is_empty(),
        Gap::Phenomenon => empty(&draft.phenomenon),
        Gap::Qualification => empty(&draft.qualification),
        Gap::Responsibility => empty(&draft.responsibility),
        Gap::Basis => bases.is_empty(),
        Gap::Article => bases.iter().any(|basis| empty(&basis.article)),
        Gap::Effect => empty(&draft.effect),
        Gap::Exchange => empty(&draft.exchange),
        Gap::Framework => draft.framework_codes().next().is_none(),
        Gap::Evidence => evidence == 0,
    };
    Ok(Gap::ALL.iter().copied().filter(|gap| lacks(gap)).collect())
}

/// The sentence with which an incomplete draft is not accepted.
pub fn sentence(gaps: &[Gap]) -> String {
    let listed: Vec<&str> = gaps.iter().map(|gap| gap.label()).collect();
    format!("底稿还不完整，没有提交：{}。请补充后再提交，已填写的内容都还在。", listed.join("；"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drafts::{State, store};

    fn officers(count: u128) -> Vec<Officer> {
        (0..count).map(store::sample_officer).collect()
    }

    #[test]
    fn a_full_sheet_with_two_officers_and_evidence_lacks_nothing() {
        let draft = store::full_sample();
        assert_eq!(gaps(&draft, &officers(2), 1).unwrap(), Vec::new());
    }

    #[test]
    fn one_officer_no_evidence_and_a_rule_without_article_are_each_named() {
        let mut draft = store::full_sample();
        draft.bases = String::from("[{\"rule\":\"某某管理办法\",\"article\":\" \"}]");
        let found = gaps(&draft, &officers(1), 0).unwrap();
        assert_eq!(found, [Gap::Officers, Gap::Article, Gap::Evidence]);
        assert!(sentence(&found).contains("承办人不足两名；定性依据没有写到具体条款；没有佐证材料"));
    }

    #[test]
    fn an_empty_sheet_lacks_everything_but_the_article_of_a_rule_that_is_not_there() {
        let draft = store::sample(State::PreNumbered);
        let found = gaps(&draft, &[], 0).unwrap();
        assert_eq!(found.len(), Gap::ALL.len() - 1);
        assert!(!found.contains(&Gap::Article));
    }
}

//! What the classifier learns from: the words of the dictionaries, the library of typical problems, and
//! the problems that the person asking may see. Nothing that is hidden from somebody speaks in a proposal made to him.

use std::{collections::BTreeMap, sync::Arc};

use db::Sql;
use kit::{Cx, Lifecycle as _, Result, dictionary};

use super::{Classifier, Suggestion};
use crate::{
    problems::Problem,
    typical_problems::{self, TypicalProblem},
};

/// The dictionaries proposals are made from: field of a problem, dictionary.
const CLASSES: [(&str, &str); 6] = [
    ("category_2", "category_2"),
    ("framework_2", "framework_2"),
    ("field", "field"),
    ("nature", "problem_nature"),
    ("responsibility", "responsibility_kind"),
    ("discipline", "discipline_kind"),
];
/// The newest problems that are learnt from; older ones add little and cost time.
const PROBLEMS: i64 = 2_000;
/// How much a dictionary's own words count, in texts.
const WORDS: f64 = 3.0;

type Classifiers = BTreeMap<&'static str, Classifier>;

/// A proposal for one field of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggested {
    /// The field.
    pub field: &'static str,
    /// The dictionary its values come from.
    pub dictionary: &'static str,
    /// The value and why.
    pub suggestion: Suggestion,
}

/// Proposals for a problem that says `text`.
pub async fn suggestions(cx: &Cx, text: &str) -> Result<Vec<Suggested>> {
    let scope = Problem::scope(&cx.actor);
    let learnt = cx.app().remember(format!("classify/{}/{scope:?}", cx.today()), learn(cx)).await?;
    Ok(propose(&learnt, text))
}

fn propose(learnt: &Arc<Classifiers>, text: &str) -> Vec<Suggested> {
    CLASSES
        .iter()
        .filter_map(|&(field, dictionary)| {
            let suggestion = learnt.get(field)?.suggest(text)?;
            Some(Suggested { field, dictionary, suggestion })
        })
        .collect()
}

async fn learn(cx: &Cx) -> Result<Classifiers> {
    let mut learnt = Classifiers::new();
    for (field, kind) in CLASSES {
        let classifier = learnt.entry(field).or_default();
        for item in dictionary::items(cx, kind).await?.iter() {
            classifier.learn(&item.label, &item.code, WORDS);
        }
    }
    learn_library(cx, &mut learnt).await?;
    learn_problems(cx, &mut learnt).await?;
    Ok(learnt)
}

async fn learn_library(cx: &Cx, learnt: &mut Classifiers) -> Result<()> {
    for entry in kit::store::all::<typical_problems::Entity>(cx, &TypicalProblem::scope(&cx.actor)).await? {
        let text = format!("{}。{}", entry.title, entry.manifestation);
        for (field, code) in
            [("category_2", &entry.category_2), ("framework_2", &entry.framework_2), ("field", &entry.field)]
        {
            if let Some(classifier) = learnt.get_mut(field) {
                classifier.learn(&text, code, WORDS);
            }
        }
    }
    Ok(())
}

async fn learn_problems(cx: &Cx, learnt: &mut Classifiers) -> Result<()> {
    let mut sql = Sql::new("select p.title");
    for (field, _) in CLASSES {
        sql.push(", p.").push(field);
    }
    sql.push(" from problem p where ");
    Problem::scope(&cx.actor).write("p", &mut sql);
    sql.push(" order by p.number desc, p.id desc limit ").bind(PROBLEMS);
    for row in cx.rows(sql).await? {
        let title: String = row.try_get_by_index(0)?;
        for (at, (field, _)) in CLASSES.iter().enumerate() {
            let code: String = row.try_get_by_index(at + 1)?;
            if let Some(classifier) = learnt.get_mut(field) {
                classifier.learn(&title, &code, 1.0);
            }
        }
    }
    Ok(())
}

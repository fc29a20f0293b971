//! What a report must be looked over for before it goes on: sentences without proof, proof that has changed, facts told
//! twice, drafts left out, figures that do not follow from the records.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{
    Prose, Sentence,
    figures::{Figure, close, figures, said_in},
};

/// An approved draft as the checks know it.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The draft.
    pub draft: Uuid,
    /// What it is called.
    pub number: String,
    /// Its matter in one sentence.
    pub title: String,
    /// Digest of what it says now.
    pub digest: String,
    /// Whether it is approved and not taken back.
    pub stands: bool,
    /// Whether it says something else than its signatures signed.
    pub changed: bool,
    /// Everything it says that figures may come from.
    pub texts: Vec<String>,
}

/// A count that the records give.
#[derive(Clone, Debug)]
pub struct Count {
    /// Words that must stand before the number in the same clause: 问题, 线索, 落实全面从严治党责任.
    pub about: Vec<String>,
    /// What the records say, in the smallest unit.
    pub value: f64,
    /// Units in which it is told.
    pub units: &'static [&'static str],
    /// Where the number comes from.
    pub source: &'static str,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A sentence of a finding cites nothing.
    NoProof,
    /// What a sentence rests on has changed, is no longer approved, or is gone.
    ProofChanged,
    /// The same draft is told in two paragraphs.
    ToldTwice,
    /// An approved draft that the report does not use.
    NotUsed,
    /// A figure that is neither in the proof nor in the records.
    Figure,
    /// Something left to be filled in.
    Unfinished,
}

impl Kind {
    /// All of them, the gravest first.
    pub const ALL: [Self; 6] =
        [Self::NoProof, Self::ProofChanged, Self::Figure, Self::ToldTwice, Self::NotUsed, Self::Unfinished];

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::NoProof => "没有底稿支撑的句子",
            Self::ProofChanged => "签字后有变动的底稿",
            Self::ToldTwice => "重复引用的事实",
            Self::NotUsed => "没有写入报告的底稿",
            Self::Figure => "与底稿或台账不符的数字",
            Self::Unfinished => "尚未填写的内容",
        }
    }
}

/// One finding of the check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// The sentence it is about.
    pub sentence: Option<u64>,
    /// The draft it is about.
    pub draft: Option<Uuid>,
    /// What is the matter, in one sentence.
    pub words: String,
}

/// Which paragraphs must rest on drafts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proven {
    /// Those under a first heading that names problems: the main report.
    Problems,
    /// All but opinions, suggestions and explanations: the materials.
    Everything,
}

/// Looks `prose` over.
pub fn check(prose: &Prose, proven: Proven, proofs: &[Proof], counts: &[Count]) -> Vec<Finding> {
    let by_id: HashMap<Uuid, &Proof> = proofs.iter().map(|proof| (proof.draft, proof)).collect();
    let mut found = Vec::new();
    let sections = prose.sections();
    for (block, path) in prose.blocks.iter().zip(&sections) {
        if block.is_heading() {
            continue;
        }
        let needs = needs_proof(proven, path);
        for sentence in &block.sentences {
            look_at(sentence, needs, &by_id, counts, &mut found);
        }
    }
    told_twice(prose, &by_id, &mut found);
    not_used(prose, proofs, &mut found);
    found
}

fn needs_proof(proven: Proven, path: &[&str]) -> bool {
    let first = path.first().copied().unwrap_or_default();
    let apart = ["建议", "说明", "基本情况", "总体评价", "工作开展"].iter().any(|word| first.contains(word));
    match proven {
        Proven::Problems => first.contains("问题") && !apart,
        Proven::Everything => !apart,
    }
}

fn look_at(
    sentence: &Sentence,
    needs: bool,
    by_id: &HashMap<Uuid, &Proof>,
    counts: &[Count],
    found: &mut Vec<Finding>,
) {
    let about = |kind, draft, words: String| Finding { kind, sentence: Some(sentence.id), draft, words };
    if sentence.text.contains('〔') && sentence.text.contains("填写") {
        found.push(about(Kind::Unfinished, None, format!("待填写：{}", short(&sentence.text))));
        return;
    }
    if needs && sentence.cites.is_empty() && !introduces(&sentence.text) {
        found.push(about(Kind::NoProof, None, format!("没有引用底稿：{}", short(&sentence.text))));
    }
    for cite in &sentence.cites {
        let words = match by_id.get(&cite.draft) {
            None => format!("所引底稿{}已经查不到。", cite.number),
            Some(proof) if !proof.stands => format!("所引底稿{}不在已审批状态。", cite.number),
            Some(proof) if proof.changed => format!("所引底稿{}签字后有变动，须重新签字。", cite.number),
            Some(proof) if proof.digest != cite.digest => {
                format!("所引底稿{}在引用以后有变动，请核对后重新引用。", cite.number)
            }
            Some(_) => continue,
        };
        found.push(about(Kind::ProofChanged, Some(cite.draft), words));
    }
    for words in wrong_figures(sentence, by_id, counts) {
        found.push(about(Kind::Figure, None, words));
    }
}

/// A sentence that only leads to what follows.
fn introduces(text: &str) -> bool {
    text.trim_end().ends_with(['：', ':'])
}

fn short(text: &str) -> String {
    let mut words: String = text.chars().take(40).collect();
    if text.chars().count() > 40 {
        words.push('…');
    }
    words
}

fn wrong_figures(sentence: &Sentence, by_id: &HashMap<Uuid, &Proof>, counts: &[Count]) -> Vec<String> {
    let proofs: Vec<&&Proof> = sentence.cites.iter().filter_map(|cite| by_id.get(&cite.draft)).collect();
    let chars: Vec<char> = sentence.text.chars().collect();
    let mut found = Vec::new();
    for figure in figures(&sentence.text) {
        if let Some(count) = counted(&chars, &figure, counts).filter(|_| proofs.is_empty()) {
            if !close(count.value, figure.value) {
                let known = told(count.value, &figure.unit);
                found.push(format!("“{}”与{}不符，台账为{known}。", figure.words, count.source));
            }
        } else if !proofs.is_empty() && !proofs.iter().any(|proof| said_in(figure.value, &proof.texts)) {
            found.push(format!("“{}”在所引底稿中找不到。", figure.words));
        }
    }
    found
}

/// The count of the records that a figure tells: what it is about stands in the same clause before it.
fn counted<'a>(chars: &[char], figure: &Figure, counts: &'a [Count]) -> Option<&'a Count> {
    let clause_from =
        chars.iter().take(figure.at).rposition(|c| "，。；、".contains(*c)).map_or(0, |at| at + 1);
    let clause: String = chars.iter().skip(clause_from).take(figure.at - clause_from).collect();
    // 32个问题: what is counted may follow.
    let after: String = chars.iter().skip(figure.at + figure.words.chars().count()).take(6).collect();
    counts
        .iter()
        .filter(|count| count.units.contains(&figure.unit.as_str()))
        .filter(|count| {
            let (last, before) =
                count.about.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
            before.iter().all(|word| clause.contains(word.as_str()))
                && (clause.contains(last) || after.starts_with(last))
        })
        .max_by_key(|count| count.about.len())
}

fn told(value: f64, unit: &str) -> String {
    let (value, decimals) = match unit.chars().next() {
        Some('亿') => (value / 1e8, 2),
        Some('万') => (value / 1e4, 2),
        _ => (value, 0),
    };
    format!("{value:.decimals$}{unit}")
}

fn told_twice(prose: &Prose, by_id: &HashMap<Uuid, &Proof>, found: &mut Vec<Finding>) {
    let mut first: HashMap<Uuid, u64> = HashMap::new();
    let mut named: HashSet<Uuid> = HashSet::new();
    for (block, sentence) in prose.sentences() {
        for cite in &sentence.cites {
            let held = *first.entry(cite.draft).or_insert(block.id);
            if held != block.id && named.insert(cite.draft) {
                let title = by_id.get(&cite.draft).map_or("", |proof| proof.title.as_str());
                found.push(Finding {
                    kind: Kind::ToldTwice,
                    sentence: Some(sentence.id),
                    draft: Some(cite.draft),
                    words: format!("底稿{}在两个段落引用：{title}", cite.number),
                });
            }
        }
    }
}

fn not_used(prose: &Prose, proofs: &[Proof], found: &mut Vec<Finding>) {
    let used: HashSet<Uuid> =
        prose.sentences().flat_map(|(_, one)| one.cites.iter().map(|cite| cite.draft)).collect();
    for proof in proofs.iter().filter(|proof| proof.stands && !used.contains(&proof.draft)) {
        found.push(Finding {
            kind: Kind::NotUsed,
            sentence: None,
            draft: Some(proof.draft),
            words: format!("{} {}", proof.number, proof.title),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Shape,
            testing::{cite, report},
        },
        *,
    };

    fn proof(number: u128, text: &str) -> Proof {
        Proof {
            draft: Uuid::from_u128(number),
            number: format!("底稿{number}"),
            title: format!("事项{number}"),
            digest: format!("d{number}"),
            stands: true,
            changed: false,
            texts: vec![text.to_owned()],
        }
    }

    fn proofs() -> Vec<Proof> {
        vec![proof(1, "2022年结转资金312.5万元"), proof(2, "三个项目未招标")]
    }

    fn kinds(prose: &Prose, proofs: &[Proof], counts: &[Count]) -> Vec<Kind> {
        check(prose, Proven::Problems, proofs, counts).into_iter().map(|finding| finding.kind).collect()
    }

    #[test]
    fn a_report_that_follows_from_its_drafts_has_nothing_to_find() {
        assert_eq!(kinds(&report(), &proofs(), &[]), []);
    }

    #[test]
    fn a_finding_without_proof_is_named_and_a_suggestion_needs_none() {
        let mut prose = report();
        prose.push(Shape::Heading(1), "其他问题", &[]);
        prose.push(Shape::Paragraph, "主要表现在：", &[]);
        prose.push(Shape::Paragraph, "食堂管理混乱。", &[]);
        assert_eq!(kinds(&prose, &proofs(), &[]), [Kind::NoProof]);
    }

    #[test]
    fn proof_changed_after_it_was_signed_or_cited_or_taken_back_is_named() {
        for change in [
            |proof: &mut Proof| proof.changed = true,
            |proof: &mut Proof| proof.digest.push('x'),
            |proof: &mut Proof| proof.stands = false,
        ] {
            let mut changed = proofs();
            change(&mut changed[1]);
            let found = kinds(&report(), &changed, &[]);
            assert!(found.len() == 2 && found.iter().all(|kind| *kind == Kind::ProofChanged), "{found:?}");
        }
        assert!(kinds(&report(), &proofs()[..1], &[]).contains(&Kind::ProofChanged));
    }

    #[test]
    fn a_fact_told_in_two_paragraphs_is_named_once_and_a_draft_left_out_too() {
        let mut prose = report();
        prose.push(Shape::Paragraph, "资金沉淀。", &[cite(1)]);
        prose.push(Shape::Paragraph, "资金仍然沉淀。", &[cite(1)]);
        let mut more = proofs();
        more.push(proof(3, ""));
        assert_eq!(kinds(&prose, &more, &[]), [Kind::ToldTwice, Kind::NotUsed]);
    }

    #[test]
    fn a_figure_that_its_drafts_do_not_hold_is_named() {
        let mut prose = report();
        let id = prose.sentences().find(|(_, one)| one.text.contains("312.5")).unwrap().1.id;
        prose.sentence_mut(id).unwrap().text = String::from("结转资金512.5万元未收回。");
        let found = check(&prose, Proven::Problems, &proofs(), &[]);
        assert_eq!(found.len(), 1);
        assert!(found[0].kind == Kind::Figure && found[0].words.contains("512.5万元"), "{found:?}");
    }

    #[test]
    fn counts_by_category_must_be_those_of_the_register() {
        let count = |about: &[&str], value| Count {
            about: about.iter().map(|word| (*word).to_owned()).collect(),
            value,
            units: &["个", "项"],
            source: "问题台账",
        };
        let counts = [count(&["问题"], 32.0), count(&["选人用人", "问题"], 5.0)];
        let text = |words: &str| {
            let mut prose = Prose::default();
            prose.push(Shape::Heading(1), "基本情况", &[]);
            prose.push(Shape::Paragraph, words, &[]);
            kinds(&prose, &[], &counts)
        };
        assert_eq!(text("共发现问题32个，其中选人用人方面问题5个。"), []);
        assert_eq!(text("共发现32个问题，其中选人用人方面6个问题。"), [Kind::Figure]);
        assert_eq!(text("共发现问题三十一个。"), [Kind::Figure]);
    }

    #[test]
    fn what_is_left_to_be_filled_in_is_named() {
        let mut prose = report();
        prose.push(Shape::Paragraph, "〔请填写总体评价。〕", &[]);
        assert_eq!(kinds(&prose, &proofs(), &[]), [Kind::Unfinished]);
    }
}

//! The first draft of a report out of approved drafts, in the order of the supervision framework.

use super::{Cite, Prose, Shape};

/// A part of a report as the office lays it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// What goes into it.
    pub content: Content,
}

/// What goes into a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// When, where, how many: sentences made of the records.
    Basics,
    /// The findings, in the order of the framework.
    Findings,
    /// Whatever people write.
    Free,
}

/// A group of the framework: a first-level item with its second-level codes in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What it is called.
    pub label: String,
    /// Codes of the second level, in order.
    pub codes: Vec<String>,
}

/// A draft as the first draft takes it over.
#[derive(Clone, Debug)]
pub struct Matter {
    /// What a sentence that rests on it cites.
    pub cite: Cite,
    /// The matter in one sentence.
    pub title: String,
    /// What is seen.
    pub phenomenon: String,
    /// What it amounts to, by which rule.
    pub qualification: String,
    /// Who answers for it.
    pub responsibility: String,
    /// Codes of framework items, the first of which places it.
    pub frameworks: Vec<String>,
}

/// Heading of matters that no item of the framework places.
const ELSEWHERE: &str = "其他方面";

/// Puts a first draft together.
pub fn assemble(sections: &[Section], basics: &[String], groups: &[Group], matters: &[Matter]) -> Prose {
    let mut prose = Prose::default();
    for section in sections {
        prose.push(Shape::Heading(1), &section.heading, &[]);
        match section.content {
            Content::Basics => {
                for text in basics.iter().filter(|text| !text.is_empty()) {
                    prose.push(Shape::Paragraph, text, &[]);
                }
            }
            Content::Findings => findings(&mut prose, groups, matters),
            Content::Free => {
                prose.push(Shape::Paragraph, &format!("〔请填写{}。〕", section.heading), &[]);
            }
        }
    }
    prose
}

fn findings(prose: &mut Prose, groups: &[Group], matters: &[Matter]) {
    let mut placed = vec![false; matters.len()];
    for group in groups {
        let mut own: Vec<(usize, usize)> = matters
            .iter()
            .enumerate()
            .filter_map(|(at, matter)| Some((place(group, matter)?, at)))
            .filter(|(_, at)| placed.get(*at) == Some(&false))
            .collect();
        own.sort_unstable();
        if own.is_empty() {
            continue;
        }
        prose.push(Shape::Heading(2), &format!("{}方面", group.label.trim_end_matches("方面")), &[]);
        for (_, at) in own {
            if let Some(matter) = matters.get(at) {
                tell(prose, matter);
            }
            if let Some(done) = placed.get_mut(at) {
                *done = true;
            }
        }
    }
    let rest: Vec<&Matter> =
        matters.iter().zip(&placed).filter(|(_, placed)| !**placed).map(|(matter, _)| matter).collect();
    if !rest.is_empty() {
        prose.push(Shape::Heading(2), ELSEWHERE, &[]);
        for matter in rest {
            tell(prose, matter);
        }
    }
}

fn place(group: &Group, matter: &Matter) -> Option<usize> {
    let first = matter.frameworks.first()?;
    group.codes.iter().position(|code| code == first)
}

fn tell(prose: &mut Prose, matter: &Matter) {
    let mut text = ended(&matter.title);
    for part in [&matter.phenomenon, &matter.qualification, &matter.responsibility] {
        let part = part.trim();
        // What the title says already is not said again.
        if !part.is_empty() && ended(part) != ended(&matter.title) {
            text.push_str(&ended(&part.replace(['\n', '\r'], "")));
        }
    }
    prose.push(Shape::Paragraph, &text, std::slice::from_ref(&matter.cite));
}

fn ended(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['。', '！', '？', '”', '）']) {
        text.to_owned()
    } else {
        format!("{}。", text.trim_end_matches(['；', '，', '、', ';', ',']))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::cite, *};

    fn matter(number: u128, code: &str) -> Matter {
        Matter {
            cite: cite(number),
            title: format!("事项{number}"),
            phenomenon: String::from("有关资金未收回；"),
            qualification: String::from("不符合管理办法第五条。"),
            responsibility: String::new(),
            frameworks: if code.is_empty() { vec![] } else { vec![code.to_owned()] },
        }
    }

    fn sections() -> Vec<Section> {
        let section = |heading: &str, content| Section { heading: heading.to_owned(), content };
        vec![
            section("基本情况", Content::Basics),
            section("发现的主要问题", Content::Findings),
            section("意见建议", Content::Free),
        ]
    }

    fn groups() -> Vec<Group> {
        let group = |label: &str, codes: [&str; 2]| Group {
            label: label.to_owned(),
            codes: codes.map(str::to_owned).to_vec(),
        };
        vec![group("落实决策部署", ["F1.1", "F1.2"]), group("从严治党", ["F2.1", "F2.2"])]
    }

    #[test]
    fn findings_stand_in_the_order_of_the_framework_whatever_the_order_of_the_drafts() {
        let matters = [matter(1, "F2.1"), matter(2, "F1.2"), matter(3, ""), matter(4, "F1.1")];
        let prose = assemble(&sections(), &[String::from("共发现问题4个。")], &groups(), &matters);
        let order: Vec<&str> = prose
            .blocks
            .iter()
            .filter_map(|block| block.sentences.first())
            .filter_map(|sentence| sentence.cites.first())
            .map(|cite| cite.number.as_str())
            .collect();
        assert_eq!(order, ["底稿4", "底稿2", "底稿1", "底稿3"]);
        assert!(prose.plain().contains("## 落实决策部署方面"));
        assert!(prose.plain().ends_with("〔请填写意见建议。〕"));
    }

    #[test]
    fn every_sentence_of_a_finding_rests_on_its_draft() {
        let prose = assemble(&sections(), &[], &groups(), &[matter(1, "F1.1")]);
        let told: Vec<_> = prose.sentences().filter(|(_, one)| !one.cites.is_empty()).collect();
        assert_eq!(told.len(), 3);
        assert!(told[1].1.text == "有关资金未收回。");
    }
}

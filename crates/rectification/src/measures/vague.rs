//! Measures that say nothing (空泛措施): set phrases with neither a deed on an object, nor a
//! number, a date or a named rule. Pointed out to the person; never a refusal, for a phrase is no
//! proof.

/// Phrases that state an intention and no deed.
const PHRASES: [&str; 22] = [
    "加强学习",
    "强化学习",
    "提高认识",
    "提高思想认识",
    "提高政治站位",
    "高度重视",
    "进一步",
    "切实",
    "不断完善",
    "持续加强",
    "加大力度",
    "加强管理",
    "加强监督",
    "加强领导",
    "加强教育",
    "强化意识",
    "增强意识",
    "抓好落实",
    "抓紧整改",
    "认真整改",
    "举一反三",
    "引以为戒",
];

/// Verbs of deeds that can be checked afterwards, when an object follows.
const DEEDS: [&str; 38] = [
    "制定",
    "修订",
    "印发",
    "出台",
    "废止",
    "建立台账",
    "清理",
    "清退",
    "追缴",
    "追回",
    "收回",
    "收缴",
    "退还",
    "退回",
    "补缴",
    "补办",
    "补签",
    "核销",
    "核查",
    "盘点",
    "签订",
    "公示",
    "公开招租",
    "约谈",
    "问责",
    "处分",
    "召开",
    "移交",
    "拆除",
    "登记",
    "培训",
    "审计",
    "抽查",
    "轮岗",
    "调整分工",
    "办理",
    "上线",
    "验收",
];

/// Words for a recurring or final time.
const TIMES: [&str; 11] =
    ["每日", "每周", "每月", "每季", "每半年", "每年", "月底", "年底", "季度末", "工作日", "之日起"];

/// The set phrases of a measure that says nothing beside them; none when it names something that
/// can be checked.
///
/// ```
/// use rectification::measures::vague_phrases;
/// assert_eq!(vague_phrases("进一步提高认识，切实抓好落实。"), ["提高认识", "进一步", "切实", "抓好落实"]);
/// assert!(vague_phrases("进一步规范审批，修订《出租管理办法》。").is_empty());
/// ```
pub fn vague_phrases(text: &str) -> Vec<&'static str> {
    if names_something(text) {
        return Vec::new();
    }
    PHRASES.into_iter().filter(|phrase| text.contains(phrase)).collect()
}

fn names_something(text: &str) -> bool {
    let number = text.chars().any(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
    number
        || text.contains('《')
        || TIMES.iter().any(|time| text.contains(time))
        || DEEDS.iter().any(|deed| has_object(text, deed))
}

/// Whether at least two characters of an object follow `deed` before the clause ends.
fn has_object(text: &str, deed: &str) -> bool {
    text.match_indices(deed).any(|(at, _)| {
        let rest = text.get(at + deed.len()..).unwrap_or_default();
        rest.chars().take_while(|c| c.is_alphanumeric()).take(2).count() == 2
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intentions_without_deed_number_or_date_are_pointed_out() {
        for text in ["加强学习", "进一步提高认识。", "高度重视，认真整改", "举一反三，切实加强管理"]
        {
            assert!(!vague_phrases(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_verb_with_its_object_a_number_a_date_or_a_named_rule_is_enough() {
        for text in [
            "进一步清理闲置店面并收回欠租",
            "加强学习，党组会专题学习 4 次",
            "切实整改，年底前完成",
            "进一步落实《政府投资条例》",
            "加强管理，追缴租金",
        ] {
            assert!(vague_phrases(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_verb_without_object_is_not_enough() {
        assert!(!vague_phrases("进一步加大问责。").is_empty());
    }

    #[test]
    fn a_plain_measure_without_set_phrases_is_left_alone() {
        assert!(vague_phrases("腾退办公用房并移作档案室").is_empty());
    }
}

//! Schemes known from other places, with exactly what is known of them (domain.md 6.5). Points and bounds that the
//! sources do not name are left open: the office decides them before it uses a scheme.

use kit::{Done, Result, WriteCx};

use super::{Grade, Item, ItemKind, NOUN, Scheme, SchemeId, State, store};

struct Known {
    code: &'static str,
    name: &'static str,
    basis: &'static str,
    note: &'static str,
    items: &'static [(&'static str, &'static str, ItemKind, Option<i64>, &'static str)],
    grades: &'static [(&'static str, &'static str, bool)],
}

use ItemKind::{Bonus, Deduct, Malus, Veto};

const OPEN: &str = "分值资料未载明，由巡察办确定";

const KNOWN: &[Known] = &[
    Known {
        code: "city_five",
        name: "五项指标扣分制（某市巡察办）",
        basis: "某市巡察办公开报道：满分100分扣分制，五项指标，四个等次；集中整改结束后1个月内完成，抄送纪检、组织部门并纳入年度考核",
        note: "各指标分值和等次分数线由巡察办确定",
        items: &[
            ("学习部署", "学习传达和研究部署", Deduct, None, OPEN),
            ("任务落实", "整改任务完成情况", Deduct, None, OPEN),
            ("组织领导", "组织领导和责任落实", Deduct, None, OPEN),
            ("满意度", "干部群众满意度", Deduct, None, "由满意度测评计算；分值资料未载明，由巡察办确定"),
            ("总体评价", "整改总体评价", Deduct, None, OPEN),
        ],
        grades: &[("好", "", false), ("较好", "", false), ("一般", "", false), ("差", "", false)],
    },
    Known {
        code: "county_23",
        name: "四方面二十三项扣分制（扶风县）",
        basis: "扶风县公开做法：满分100分扣分制，组织领导15分、责任落实15分、任务完成60分、群众满意10分，共23个扣分项",
        note: "23个扣分项的名称由巡察办在各方面之下细化；等次分数线由巡察办确定",
        items: &[
            ("组织领导", "组织领导", Deduct, Some(150), ""),
            ("责任落实", "责任落实", Deduct, Some(150), ""),
            ("任务完成", "整改任务完成", Deduct, Some(600), ""),
            ("群众满意", "群众满意度", Deduct, Some(100), "由满意度测评计算"),
        ],
        grades: &[("好", "", false), ("较好", "", false), ("一般", "", false), ("差", "", false)],
    },
    Known {
        code: "city_22",
        name: "四方面二十二项指标（高密市）",
        basis: "高密市公开做法：反馈满6个月以后评估，4个方面22项指标，优秀、较好、一般、差四个等次",
        note: "方面名称、指标和分值由巡察办确定",
        items: &[
            ("第一方面", "第一方面指标", Deduct, None, OPEN),
            ("第二方面", "第二方面指标", Deduct, None, OPEN),
            ("第三方面", "第三方面指标", Deduct, None, OPEN),
            ("第四方面", "第四方面指标", Deduct, None, OPEN),
        ],
        grades: &[("优秀", "", false), ("较好", "", false), ("一般", "", false), ("差", "", false)],
    },
    Known {
        code: "county_20",
        name: "六方面二十项指标、三方评价（东海县）",
        basis: "东海县公开做法：6个方面20项指标，从被巡察单位、巡察组、社会三个角度评价",
        note: "方面名称、指标、分值和三方权重由巡察办确定",
        items: &[
            ("单位自评", "被巡察单位评价", Deduct, None, OPEN),
            ("巡察组评价", "巡察组评价", Deduct, None, OPEN),
            ("社会评价", "社会评价", Deduct, None, OPEN),
        ],
        grades: &[("好", "", false), ("较好", "", false), ("一般", "", false), ("差", "", false)],
    },
    Known {
        code: "city_veto",
        name: "基础、加分、减分、否决制（衡水市）",
        basis: "衡水市公开做法：基础分5类20项（其中整改成效40分），另设加分、减分和否决项；所报情况与事实不符5处以上的记0分",
        note: "其余四类分值、加减分上限和等次分数线由巡察办确定",
        items: &[
            ("基础", "整改成效", Deduct, Some(400), ""),
            (
                "基础",
                "其余四类（合计60分，可拆分）",
                Deduct,
                Some(600),
                "四类各自分值资料未载明，由巡察办细化",
            ),
            ("加分", "加分项", Bonus, None, OPEN),
            ("减分", "减分项", Malus, None, OPEN),
            ("否决", "所报情况与事实不符5处以上", Veto, None, "适用时填 1，总分记 0"),
        ],
        grades: &[("好", "", false), ("较好", "", false), ("一般", "", false), ("差", "", false)],
    },
    Known {
        code: "county_11",
        name: "五方面十一要素加四项测评（峨山县）",
        basis: "峨山县公开做法：5个方面11个要素，另有四项满意度测评；优秀、合格、基本合格、不合格四个等次",
        note: "后两个等次由分管领导约谈并开展“回头看”；方面名称、要素和分值由巡察办确定",
        items: &[
            ("第一方面", "第一方面要素", Deduct, None, OPEN),
            ("第二方面", "第二方面要素", Deduct, None, OPEN),
            ("第三方面", "第三方面要素", Deduct, None, OPEN),
            ("第四方面", "第四方面要素", Deduct, None, OPEN),
            ("第五方面", "第五方面要素", Deduct, None, OPEN),
            ("满意度", "四项满意度测评", Deduct, None, OPEN),
        ],
        grades: &[
            ("优秀", "", false),
            ("合格", "", false),
            ("基本合格", "分管领导约谈，开展“回头看”", true),
            ("不合格", "分管领导约谈，开展“回头看”", true),
        ],
    },
    Known {
        code: "county_poll",
        name: "满意度测评制（砀山县）",
        basis: "砀山县公开做法：对16个单位发放纸质问卷238份、匿名小程序投票254份",
        note: "只用测评的得分；换算办法和等次分数线由巡察办确定",
        items: &[("满意度", "问卷和投票满意度", Deduct, Some(1_000), "由满意度测评计算")],
        grades: &[("满意", "", false), ("基本满意", "", false), ("不满意", "", false)],
    },
];

/// Enters the schemes whose codes do not exist yet; what the office has changed stays.
pub async fn seed(cx: &mut WriteCx) -> Result<()> {
    let held = store::codes(cx).await?;
    for known in KNOWN.iter().filter(|known| !held.contains(known.code)) {
        enter(cx, known).await?;
    }
    Ok(())
}

async fn enter(cx: &mut WriteCx, known: &Known) -> Result<()> {
    let id = SchemeId(cx.new_id());
    let items: Vec<Item> = (1..)
        .zip(known.items)
        .map(|(position, (aspect, label, kind, points_tenths, note))| Item {
            id: cx.new_id(),
            scheme_id: id,
            position,
            aspect: (*aspect).to_owned(),
            label: (*label).to_owned(),
            kind: *kind,
            points_tenths: *points_tenths,
            note: (*note).to_owned(),
        })
        .collect();
    let last = known.grades.len();
    let grades: Vec<Grade> = (1..)
        .zip(known.grades)
        .map(|(position, (label, consequence, look_back))| Grade {
            id: cx.new_id(),
            scheme_id: id,
            position,
            label: (*label).to_owned(),
            least_tenths: (usize::try_from(position).ok() == Some(last)).then_some(0),
            consequence: (*consequence).to_owned(),
            look_back: *look_back,
        })
        .collect();
    cx.insert(Scheme {
        id,
        version: 1,
        code: known.code.to_owned(),
        name: known.name.to_owned(),
        basis: known.basis.to_owned(),
        points_tenths: 1_000,
        state: State::Incomplete,
        note: known.note.to_owned(),
    })
    .await?;
    store::replace(cx, id, &items, &grades).await?;
    cx.index(NOUN, id, known.name);
    cx.done(Done::new(NOUN, id, "seed", "列入评估方案"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seven_schemes_come_along_and_none_can_be_used_before_the_office_decided() {
        assert_eq!(KNOWN.len(), 7);
        for known in KNOWN {
            assert!(known.grades.len() >= 3 && known.basis.contains("公开"), "{}", known.code);
        }
        let county = KNOWN.iter().find(|known| known.code == "county_23").unwrap();
        assert_eq!(county.items.iter().filter_map(|item| item.3).sum::<i64>(), 1_000);
    }
}

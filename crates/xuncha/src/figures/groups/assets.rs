//! State assets: income, idle area found and put to use.

use crate::figures::{
    Chapter, Figure, PeriodKind, Unit,
    formula::{Formula, SET, Set},
};

const MOVEMENTS: Set = Set {
    owner: ("asset_movement", "m"),
    from: "asset_movement m",
    more: "join asset a on a.id = m.asset_id",
    noun: "assets",
    id: "m.asset_id",
    title: "a.name",
    organisation: Some("a.organisation_id"),
    day: "m.on_day",
    amount: Some(|_, sql| {
        sql.push("m.area_cm2");
    }),
    filter: |frame, sql| frame.until("m.on_day", sql),
    ..SET
};

/// The stock found idle, as corrected up to the day.
const FOUND: Set = Set {
    owner: ("asset", "a"),
    from: "asset a",
    noun: "assets",
    id: "a.id",
    title: "a.name",
    organisation: Some("a.organisation_id"),
    day: "a.found_on",
    amount: Some(|frame, sql| {
        sql.push("(a.area_cm2 + coalesce((select cast(sum(k.area_cm2) as bigint) from asset_correction k where k.asset_id = a.id");
        frame.until("k.on_day", sql);
        sql.push("), 0))");
    }),
    filter: |frame, sql| frame.until("a.found_on", sql),
    ..SET
};

const BASE: Figure = Figure {
    code: "",
    label: "",
    unit: Unit::WanSquareMetres,
    decimals: 2,
    period: PeriodKind::Cumulative,
    chapter: Chapter::PutRight,
    definition: "",
    numerator: "",
    denominator: "",
    by_kind: false,
    source: "国有资产台账",
    mentions: &[],
    formula: Formula::Of(MOVEMENTS),
};

pub(super) const FIGURES: &[Figure] = &[
    Figure {
        code: "idle_area_activated_inc",
        label: "攻坚期盘活去化闲置资产",
        period: PeriodKind::Event,
        definition: "本年度深化整改推动盘活去化的闲置国有资产面积：计入整改攻坚的台账变动，自攻坚开始日起至年末或统计日，按变动日期统计。",
        mentions: &["盘活去化闲置国有资产", "攻坚期盘活去化"],
        formula: Formula::Of(Set {
            from: "asset_movement m join campaign c on c.id = m.campaign_id",
            filter: |frame, sql| {
                frame.in_year("m.on_day", sql);
                sql.push(" and m.on_day >= c.starts_on");
            },
            ..MOVEMENTS
        }),
        ..BASE
    },
    Figure {
        code: "idle_area_activated_cum",
        label: "累计盘活去化闲置资产",
        definition: "累计盘活去化的闲置国有资产面积，按台账变动日期统计；等于期初累计加本期变动。",
        mentions: &["累计达", "累计盘活去化"],
        formula: Formula::Of(MOVEMENTS),
        ..BASE
    },
    Figure {
        code: "idle_area_activation_rate",
        label: "盘活去化率",
        unit: Unit::Percent,
        definition: "累计盘活去化面积占专项巡察查出闲置面积的比例；查出面积按发现日期统计，以统计日前登记的更正为准。",
        numerator: "累计盘活去化面积",
        denominator: "查出的闲置面积（经更正）",
        mentions: &["盘活去化率"],
        formula: Formula::Share(MOVEMENTS, FOUND),
        ..BASE
    },
    Figure {
        code: "idle_area_found",
        label: "查出闲置资产",
        definition: "查出的闲置国有资产面积，按发现日期统计，以统计日前登记的更正为准；盘活去化率的分母。",
        mentions: &["查出闲置"],
        formula: Formula::Of(FOUND),
        ..BASE
    },
    Figure {
        code: "asset_income_added_cum",
        label: "累计新增国有资产管理使用收益",
        unit: Unit::YiYuan,
        definition: "盘活去化变动带来的国有资产管理使用收益，自工作开展以来累计，按变动日期统计。",
        mentions: &["国有资产管理使用收益", "新增收益"],
        formula: Formula::Of(Set {
            amount: Some(|_, sql| {
                sql.push("m.income_fen");
            }),
            ..MOVEMENTS
        }),
        ..BASE
    },
];

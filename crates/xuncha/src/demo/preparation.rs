//! What other bodies told before inspections, checklists of focus, pieces brought in, agreements, linkage with
//! audit, requests for support.

use chrono::{Datelike as _, NaiveDate};
use city::{
    inspections::{InspectedUnit, Stage},
    keys::{InspectedUnitKey, OrganisationKey},
    preparation::{
        Agreement, AuditLinkage, Briefing, BriefingItem, BroughtPiece, ItemKind, ItemOutcome, LinkageMode,
        Obligation, PieceOutcome, SupportRequest,
    },
    targets::HORIZON,
};
use kit::{Labelled as _, Result, seal::Seal};
use preparation::{
    agreements, audit_linkages, audit_shares, briefing_items, briefing_letters, briefings, brought_pieces,
    duties::{self, Duty, DutyId},
    focus_items, focus_lists,
    focus_rules::{self, FocusRule, RuleId},
    obligation_dues, obligations, support_requests,
};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use super::{
    cargo::{Cargo, row},
    chronicle::{Step, Story},
    codes,
    plan::{Plan, Serials},
};

const REPLY_BASIS: &str = "商请函所定期限，本地建议值，待核";
const PIECE_BASIS: &str = "现场了解期间核查、撤点前后反馈，本地建议值，待核";
const SUPPORT_BASIS: &str = "办组协调口径，由巡察办确定";

const LETTER: &str = "{部门}：\n根据市委巡察工作安排，{轮次}将对{单位}党组织开展巡察。商请贵单位提供以下情况：\n\
    一、近三年掌握的主要问题和整改情况；\n二、信访举报、问题线索及处置情况；\n三、审计、检查发现的问题；\n\
    四、领导班子和干部队伍建设情况；\n五、履行核心职能方面需要关注的情况。\n请于{期限}前在平台回复，\
    涉及人员和线索的事项选择密封。";

/// All of it.
pub(super) fn load(plan: &Plan<'_>, cargo: &mut Cargo, seal: &Seal) -> Result<()> {
    let rules = load_rules(plan, cargo);
    load_duties(plan, cargo);
    load_focus(plan, cargo, &rules);
    load_letters(plan, cargo);
    let mut serials = Serials::default();
    for (place, briefing) in plan.city.briefings.iter().enumerate() {
        let year = briefing.sent_on.year();
        let number = format!("TB-{year}-{:04}", serials.next(year));
        let briefing = standing(plan, place, briefing);
        load_briefing(plan, cargo, (place, &number), &briefing);
        for (at, item) in briefing.items.iter().enumerate() {
            load_item(plan, cargo, seal, (place, at, &number), (&briefing, item))?;
        }
    }
    for (place, piece) in plan.city.brought_pieces.iter().enumerate() {
        let mut piece = piece.clone();
        piece.reported_on = piece.reported_on.filter(|_| !(unfinished(plan, piece.unit) && place % 2 == 0));
        load_piece(plan, cargo, seal, (place, &piece))?;
    }
    for (place, agreement) in plan.city.agreements.iter().enumerate() {
        load_agreement(plan, cargo, (place, agreement));
    }
    for (place, linkage) in plan.city.audit_linkages.iter().enumerate() {
        load_linkage(plan, cargo, (place, linkage));
    }
    let mut serials = Serials::default();
    for (place, request) in plan.city.support_requests.iter().enumerate() {
        let year = request.asked_on.year();
        let number = format!("ZY-{year}-{:04}", serials.next(year));
        load_request(plan, cargo, (place, &number), request);
    }
    Ok(())
}

/// Whether the inspection of a unit still goes on: its people have something left to do.
fn unfinished(plan: &Plan<'_>, unit: InspectedUnitKey) -> bool {
    plan.city[unit].reached(Stage::FedBack).is_none()
}

/// A request as it stands: of an inspection that goes on some wait for the department, the team or an outcome.
fn standing(plan: &Plan<'_>, place: usize, briefing: &Briefing) -> Briefing {
    let mut briefing = briefing.clone();
    if !unfinished(plan, briefing.unit) {
        return briefing;
    }
    match place % 5 {
        0 => (briefing.replied_on, briefing.received_on, briefing.concluded_on) = (None, None, None),
        1 => (briefing.received_on, briefing.concluded_on) = (None, None),
        2 | 3 => briefing.concluded_on = None,
        _ => {}
    }
    if briefing.replied_on.is_none() {
        briefing.items.clear();
    }
    if briefing.concluded_on.is_none() {
        briefing.items.iter_mut().for_each(|item| item.outcome = None);
    }
    briefing
}

fn load_rules(plan: &Plan<'_>, cargo: &mut Cargo) -> Vec<FocusRule> {
    let rules = focus_rules::starting(|place| RuleId(plan.ids.of("focus_rule", place)));
    for rule in &rules {
        row!(cargo, "focus_rule", {
            id: rule.id, version: 1_i64, keyword: rule.keyword.as_str(), organisation_kind: rule.organisation_kind,
            text: rule.text.as_str(), basis: rule.basis.as_str(), framework_2: rule.framework_2.as_str(),
            state: rule.state, valid_from: rule.valid_from, valid_to: None::<NaiveDate>,
        });
        cargo.find_by(focus_rules::NOUN, rule.id.0, rule.text.clone());
    }
    rules
}

/// The duties of an organisation as the program knows them.
fn duties_of(plan: &Plan<'_>, organisation: OrganisationKey) -> Vec<Duty> {
    let own = plan.city.duties.iter().enumerate().filter(|(_, duty)| duty.organisation == organisation);
    own.map(|(place, duty)| Duty {
        id: DutyId(plan.ids.of("duty", place)),
        version: 1,
        organisation_id: OrganisationId(plan.organisation(organisation)),
        position: duty.position as i64,
        text: duty.text.clone(),
        core: duty.core,
        basis: String::from("机构“三定”规定"),
        state: duties::State::InForce,
        valid_from: duty.from,
        valid_to: None,
    })
    .collect()
}

fn load_duties(plan: &Plan<'_>, cargo: &mut Cargo) {
    for (place, duty) in plan.city.duties.iter().enumerate() {
        let id = plan.ids.of("duty", place);
        row!(cargo, "duty", {
            id: id, version: 1_i64, organisation_id: plan.organisation(duty.organisation),
            position: duty.position as i64, text: duty.text.as_str(), core: duty.core, basis: "机构“三定”规定",
            state: duties::State::InForce, valid_from: duty.from, valid_to: None::<NaiveDate>,
        });
        cargo.find_by(duties::NOUN, id, duty.text.clone());
    }
}

/// Units of the rounds that were prepared on the platform, each once, with the first day of the work on site.
fn prepared<'a>(plan: &Plan<'a>) -> Vec<&'a InspectedUnit> {
    let mut units: Vec<&InspectedUnit> = Vec::new();
    for briefing in &plan.city.briefings {
        let unit = &plan.city[briefing.unit];
        if units.iter().all(|held| held.key != unit.key) {
            units.push(unit);
        }
    }
    units
}

fn load_focus(plan: &Plan<'_>, cargo: &mut Cargo, rules: &[FocusRule]) {
    let drawn = plan.city.briefings.iter().map(|briefing| (briefing.unit, briefing.sent_on));
    let drawn: std::collections::HashMap<_, _> = drawn.collect();
    let mut count = 0;
    for (place, unit) in prepared(plan).into_iter().enumerate() {
        let Some(drawn_on) = drawn.get(&unit.key).copied() else { continue };
        let list = plan.ids.of("focus_list", place);
        let body = &plan.city[unit.organisation];
        let kind = codes::organisation_kind(body.kind);
        let points = focus_rules::derive(rules, kind, &duties_of(plan, unit.organisation));
        let progress = Progress::of(unit, drawn_on);
        load_list(plan, cargo, (list, unit), (drawn_on, &progress));
        for (at, point) in points.into_iter().enumerate() {
            count += 1;
            load_point(plan, cargo, (list, unit), (count, at, point), &progress);
        }
    }
}

/// How far the team of a unit has come with its checklist.
struct Progress {
    confirmed_on: Option<NaiveDate>,
    /// Day the work on site ended, or today while it goes on.
    settled_on: Option<NaiveDate>,
    over: bool,
}

impl Progress {
    fn of(unit: &InspectedUnit, drawn_on: NaiveDate) -> Self {
        let entered = unit.reached(Stage::OnSite);
        let left = unit.reached(Stage::Left);
        let confirmed_on = Some(drawn_on + chrono::Days::new(9)).filter(|on| *on <= HORIZON);
        let over = unit.reached(Stage::FedBack).is_some();
        Self { confirmed_on, settled_on: left.or(entered.map(|_| HORIZON)), over }
    }

    fn state(&self) -> focus_lists::State {
        match self {
            Self { over: true, .. } => focus_lists::State::Concluded,
            Self { confirmed_on: Some(_), .. } => focus_lists::State::Confirmed,
            _ => focus_lists::State::Drawn,
        }
    }

    /// Where a point stands: all are settled once the unit was told, two of three before.
    fn point(&self, at: usize) -> focus_items::State {
        match (self.settled_on, self.over, at % 9) {
            (None, ..) | (Some(_), false, 2 | 5 | 8) => focus_items::State::Open,
            (Some(_), _, 7) => focus_items::State::LeftOut,
            _ => focus_items::State::Covered,
        }
    }
}

fn load_list(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    (list, unit): (Uuid, &InspectedUnit),
    (drawn_on, progress): (NaiveDate, &Progress),
) {
    let head = plan.head(unit);
    row!(cargo, "focus_list", {
        id: list, version: 1_i64, inspection_id: plan.inspection(unit.inspection), unit_id: plan.unit(unit.key),
        organisation_id: plan.organisation(unit.organisation), state: progress.state(), drawn_on: drawn_on,
        confirmed_on: progress.confirmed_on, concluded_on: progress.settled_on.filter(|_| progress.over),
    });
    cargo.find_by(focus_lists::NOUN, list, plan.city[unit.organisation].name.clone());
    let mut story = Story::of(cargo, focus_lists::NOUN, list);
    story.tell(drawn_on, &plan.member(unit, 0), Step::plain("create", "生成监督重点清单"), "");
    if let Some(on) = progress.confirmed_on {
        story.tell(on, &head, Step { deed: "confirm", label: "确认清单", from: "编制中", to: "执行中" }, "");
    }
    if let Some(on) = progress.settled_on.filter(|_| progress.over) {
        story.tell(on, &head, Step { deed: "conclude", label: "完成清单", from: "执行中", to: "已完成" }, "");
    }
}

/// How points were looked into.
const LOOKED: [&str; 5] = [
    "查阅会议纪要和制度文件，与相关处室负责人谈话，已形成底稿。",
    "抽查近三年凭证和合同，问题已写入底稿。",
    "座谈和下沉走访了解，未发现突出问题。",
    "比对审计和信访通报事项，逐项核实。",
    "结合问卷和民主测评结果综合判断。",
];

fn load_point(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    (list, unit): (Uuid, &InspectedUnit),
    (count, at, point): (usize, usize, focus_rules::Point),
    progress: &Progress,
) {
    let id = plan.ids.of("focus_item", count);
    let state = progress.point(at);
    let note = match state {
        focus_items::State::Open => "",
        focus_items::State::LeftOut => "该项工作已划转其他部门，本次不作了解。",
        focus_items::State::Covered => LOOKED.get(at % LOOKED.len()).copied().unwrap_or_default(),
    };
    let settled_on = progress.settled_on.filter(|_| state != focus_items::State::Open);
    let by = plan.member(unit, at).name;
    row!(cargo, "focus_item", {
        id: id, version: 1_i64, list_id: list, inspection_id: plan.inspection(unit.inspection),
        unit_id: plan.unit(unit.key), organisation_id: plan.organisation(unit.organisation),
        position: at as i64 + 1, text: point.text.as_str(), basis: point.basis.as_str(),
        framework_2: point.framework_2.as_str(), rule_id: Some(point.rule), duty_id: point.duty, state: state,
        settled_on: settled_on, settled_by: if settled_on.is_some() { by.as_ref() } else { "" }, target_noun: "",
        target_id: None::<Uuid>, reference: "", note: note,
    });
    cargo.find_by(focus_items::NOUN, id, point.text);
}

fn load_letters(plan: &Plan<'_>, cargo: &mut Cargo) {
    let clerk = plan.clerk(0);
    for (place, letter) in plan.city.briefing_letters.iter().enumerate() {
        let id = plan.ids.of("briefing_letter", place);
        let title = "关于商请提供{单位}有关情况的函";
        row!(cargo, "briefing_letter", {
            id: id, version: 2_i64, round_id: plan.round(letter.round), edition: 1_i64, title: title, text: LETTER,
            state: briefing_letters::State::Issued, issued_on: Some(letter.issued_on),
        });
        cargo.find_by(briefing_letters::NOUN, id, title.to_owned());
        let sent = Step { deed: "issue", label: "发出通报请求", from: "起草", to: "已发出" };
        Story::of(cargo, briefing_letters::NOUN, id)
            .tell(letter.issued_on, &clerk, Step::plain("create", "起草商请函"), "")
            .tell(letter.issued_on, &clerk, sent, "");
    }
}

fn briefing_state(briefing: &Briefing) -> briefings::State {
    match briefing {
        Briefing { concluded_on: Some(_), .. } => briefings::State::Concluded,
        Briefing { received_on: Some(_), .. } => briefings::State::Received,
        Briefing { replied_on: Some(_), .. } => briefings::State::Submitted,
        _ => briefings::State::Asked,
    }
}

fn load_briefing(plan: &Plan<'_>, cargo: &mut Cargo, (place, number): (usize, &str), briefing: &Briefing) {
    let id = plan.ids.of("briefing", place);
    let unit = &plan.city[briefing.unit];
    let (speaker, head, clerk) = (plan.speaker(briefing.department), plan.head(unit), plan.clerk(0));
    let nothing = briefing.replied_on.is_some() && briefing.items.is_empty();
    row!(cargo, "briefing", {
        id: id, version: 1_i64, number: number, letter_id: plan.ids.of("briefing_letter", briefing.letter),
        inspection_id: plan.inspection(unit.inspection), unit_id: plan.unit(unit.key),
        organisation_id: plan.organisation(unit.organisation), department_id: plan.organisation(briefing.department),
        state: briefing_state(briefing), sent_on: briefing.sent_on, due_on: briefing.due_on, due_basis: REPLY_BASIS,
        statement: if nothing { "经查，近三年没有需要通报的情况。" } else { "" }, submitted_on: briefing.replied_on,
        submitted_by: speaker.account.filter(|_| briefing.replied_on.is_some()), received_on: briefing.received_on,
        received_by: if briefing.received_on.is_some() { head.name.as_ref() } else { "" }, return_reason: "",
        urged_on: None::<NaiveDate>, urges: 0_i64, concluded_on: briefing.concluded_on,
    });
    cargo.find_by(briefings::NOUN, id, number.to_owned());
    let mut story = Story::of(cargo, briefings::NOUN, id);
    story.tell(briefing.sent_on, &clerk, Step::plain("ask", "发出通报请求"), "");
    let steps = [
        (briefing.replied_on, &speaker, ("submit", "提交回复", "待回复", "已回复")),
        (briefing.received_on, &head, ("receive", "签收", "已回复", "已签收")),
        (briefing.concluded_on, &head, ("conclude", "反馈运用情况", "已签收", "已反馈运用")),
    ];
    for (on, doer, (deed, label, from, to)) in steps {
        if let Some(on) = on {
            story.tell(on, doer, Step { deed, label, from, to }, "");
        }
    }
}

fn item_kind(kind: ItemKind) -> briefing_items::Kind {
    match kind {
        ItemKind::Problem => briefing_items::Kind::Problem,
        ItemKind::Lead => briefing_items::Kind::Lead,
        ItemKind::AuditFinding => briefing_items::Kind::AuditFinding,
        ItemKind::Complaint => briefing_items::Kind::Complaint,
        ItemKind::DutyFacts => briefing_items::Kind::DutyFacts,
        ItemKind::Personnel => briefing_items::Kind::Personnel,
    }
}

fn item_outcome(outcome: ItemOutcome) -> briefing_items::Outcome {
    match outcome {
        ItemOutcome::UsedInDraft => briefing_items::Outcome::UsedInDraft,
        ItemOutcome::Excluded => briefing_items::Outcome::Excluded,
        ItemOutcome::BecameLead => briefing_items::Outcome::BecameLead,
        ItemOutcome::PassedOn => briefing_items::Outcome::PassedOn,
    }
}

fn load_item(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    seal: &Seal,
    (place, at, number): (usize, usize, &str),
    (briefing, item): (&Briefing, &BriefingItem),
) -> Result<()> {
    use briefing_items::{Keeping, State};
    let id = plan.ids.without_order("briefing_item", place * 8 + at);
    let unit = &plan.city[briefing.unit];
    let number = format!("{number}-{:02}", at + 1);
    let sealed = |field: &str, text: &str| seal.seal(&format!("briefing_item/{id}/{field}"), text);
    let state = match briefing {
        Briefing { concluded_on: Some(_), .. } => State::Reported,
        Briefing { received_on: Some(_), .. } => State::Received,
        _ => State::Handed,
    };
    let (keeping, open, closed) = if item.sealed {
        (Keeping::Sealed, "", sealed("summary", &item.summary)?)
    } else {
        (Keeping::Internal, item.summary.as_str(), String::new())
    };
    let remark = if item.outcome.is_some() {
        "查阅资料并与有关人员谈话核实，结论有据。"
    } else {
        ""
    };
    row!(cargo, "briefing_item", {
        id: id, version: 1_i64, number: number.as_str(), briefing_id: plan.ids.of("briefing", place),
        inspection_id: plan.inspection(unit.inspection), unit_id: plan.unit(unit.key),
        organisation_id: plan.organisation(unit.organisation), department_id: plan.organisation(briefing.department),
        kind: item_kind(item.kind), secrecy: keeping, summary: open, summary_sealed: closed, document: "",
        arose_on: None::<NaiveDate>, handed_on: briefing.replied_on, state: state,
        outcome: item.outcome.map(item_outcome), outcome_on: briefing.concluded_on.filter(|_| item.outcome.is_some()),
        remark_sealed: sealed("remark", remark)?, reference: "",
    });
    cargo.find_by(briefing_items::NOUN, id, format!("{number} {open}"));
    Ok(())
}

fn load_piece(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    seal: &Seal,
    (place, piece): (usize, &BroughtPiece),
) -> Result<()> {
    use brought_pieces::{Outcome, State};
    let id = plan.ids.without_order("brought_piece", place);
    let unit = &plan.city[piece.unit];
    let number = format!("DJ-{}-{:06}", piece.given_on.year(), id.as_u128() % 1_000_000);
    let sealed = |field: &str, text: &str| seal.seal(&format!("brought_piece/{id}/{field}"), text);
    let giver = plan.body("市纪委监委").unwrap_or(unit.organisation);
    let state = match piece {
        BroughtPiece { reported_on: Some(_), .. } => State::Reported,
        BroughtPiece { verified: Some(_), .. } => State::Verified,
        BroughtPiece { received_on: Some(_), .. } => State::Assigned,
        _ => State::Given,
    };
    let outcome = piece.verified.map(|(outcome, _)| match outcome {
        PieceOutcome::Confirmed => Outcome::Confirmed,
        PieceOutcome::PartlyConfirmed => Outcome::PartlyConfirmed,
        PieceOutcome::Unfounded => Outcome::Unfounded,
    });
    let (speaker, head, member) = (plan.speaker(giver), plan.head(unit), plan.member(unit, place));
    let findings = if outcome.is_some() {
        "调阅档案、核对账目并与当事人谈话，形成核查情况。"
    } else {
        ""
    };
    let reply = if piece.reported_on.is_some() {
        "核查情况已经组务会研究，建议按权限处置。"
    } else {
        ""
    };
    row!(cargo, "brought_piece", {
        id: id, version: 1_i64, number: number.as_str(), inspection_id: plan.inspection(unit.inspection),
        unit_id: plan.unit(unit.key), organisation_id: plan.organisation(unit.organisation),
        giver_id: plan.organisation(giver), kind: brought_pieces::Kind::Lead,
        subject_sealed: sealed("subject", &piece.subject)?, content_sealed: sealed("content", &piece.content)?,
        request_sealed: sealed("request", "请结合现场了解核实有关情况，掌握基本事实。")?,
        findings_sealed: sealed("findings", findings)?, reply_sealed: sealed("reply", reply)?, state: state,
        given_on: piece.given_on, given_by: speaker.account, due_on: piece.given_on + chrono::Days::new(60),
        due_basis: PIECE_BASIS, received_on: piece.received_on,
        member_id: member.account.filter(|_| piece.received_on.is_some()), verified_on: piece.verified.map(|(_, on)| on),
        outcome: outcome, reported_on: piece.reported_on, reported_outcome: outcome.filter(|_| piece.reported_on.is_some()),
    });
    cargo.find_by(brought_pieces::NOUN, id, number);
    let mut story = Story::of(cargo, brought_pieces::NOUN, id);
    story.tell(piece.given_on, &speaker, Step::plain("create", "移交带件"), "");
    let steps = [
        (piece.received_on, &head, ("receive", "签收", "待签收", "待分办")),
        (piece.received_on, &head, ("assign", "分办", "待分办", "核查中")),
        (piece.verified.map(|(_, on)| on), &member, ("verify", "提交核查情况", "核查中", "待反馈")),
        (piece.reported_on, &head, ("report", "反馈来源单位", "待反馈", "已反馈")),
    ];
    for (on, doer, (deed, label, from, to)) in steps {
        if let Some(on) = on {
            story.tell(on, doer, Step { deed, label, from, to }, "");
        }
    }
    Ok(())
}

fn load_agreement(plan: &Plan<'_>, cargo: &mut Cargo, (place, agreement): (usize, &Agreement)) {
    let id = plan.ids.of("agreement", place);
    row!(cargo, "agreement", {
        id: id, version: 1_i64, title: agreement.title, number: agreement.number,
        party_id: plan.organisation(agreement.party), second_party_id: None::<Uuid>, third_party_id: None::<Uuid>,
        fourth_party_id: None::<Uuid>, text: agreement.text, state: agreements::State::InForce,
        signed_on: agreement.signed_on, ended_on: None::<NaiveDate>,
    });
    cargo.find_by(
        agreements::NOUN,
        id,
        format!("{} {} {}", agreement.number, agreement.title, agreement.text),
    );
    let clerk = plan.clerk(1);
    let created = Step::plain("create", "登记协作意见");
    Story::of(cargo, agreements::NOUN, id).tell(agreement.signed_on, &clerk, created, "");
    for (at, obligation) in agreement.obligations.iter().enumerate() {
        load_obligation(plan, cargo, (id, place * 8 + at), (agreement, obligation));
    }
}

fn load_obligation(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    (agreement_id, place): (Uuid, usize),
    (agreement, obligation): (&Agreement, &Obligation),
) {
    use obligations::Period;
    let id = plan.ids.of("obligation", place);
    let period = match obligation.months {
        1 => Period::Monthly,
        3 => Period::Quarterly,
        6 => Period::HalfYearly,
        _ => Period::Yearly,
    };
    let party = (!obligation.own).then(|| plan.organisation(agreement.party));
    row!(cargo, "obligation", {
        id: id, version: 1_i64, agreement_id: agreement_id, party_id: party, text: obligation.text, period: period,
        first_due_on: obligation.first_due_on, state: obligations::State::InForce, ended_on: None::<NaiveDate>,
    });
    cargo.find_by(obligations::NOUN, id, obligation.text.to_owned());
    let until = registry::policies::months_after(HORIZON, 12);
    let doer = if obligation.own { plan.clerk(2) } else { plan.speaker(agreement.party) };
    for (at, due_on) in obligations::due_days(obligation.first_due_on, period, until).into_iter().enumerate()
    {
        let due = plan.ids.of("obligation_due", place * 64 + at);
        let done = due_on < HORIZON;
        let done_on = done.then(|| due_on - chrono::Days::new(3));
        row!(cargo, "obligation_due", {
            id: due, version: 1_i64, obligation_id: id, agreement_id: agreement_id, party_id: party, due_on: due_on,
            waits_from: due_on - chrono::Days::new(30),
            state: if done { obligation_dues::State::Confirmed } else { obligation_dues::State::Open },
            done_on: done_on, done_by: doer.account.filter(|_| done),
            account: if done { "已按约定办理，有关材料见附件清单。" } else { "" },
            opinion: if done { "已核实。" } else { "" },
        });
        cargo.find_by(obligation_dues::NOUN, due, obligation.text.to_owned());
        if let Some(on) = done_on {
            let reported = Step { deed: "report", label: "报告办理情况", from: "待办", to: "待核" };
            let confirmed = Step { deed: "confirm", label: "核实完成", from: "待核", to: "已完成" };
            Story::of(cargo, obligation_dues::NOUN, due).tell(on, &doer, reported, "").tell(
                due_on,
                &plan.director(),
                confirmed,
                "",
            );
        }
    }
}

fn linkage_mode(mode: LinkageMode) -> audit_linkages::Mode {
    match mode {
        LinkageMode::AuditFirst => audit_linkages::Mode::AuditFirst,
        LinkageMode::Together => audit_linkages::Mode::Together,
        LinkageMode::PeopleJoin => audit_linkages::Mode::PeopleJoin,
        LinkageMode::ResultsExchanged => audit_linkages::Mode::ResultsExchanged,
    }
}

fn load_linkage(plan: &Plan<'_>, cargo: &mut Cargo, (place, linkage): (usize, &AuditLinkage)) {
    use audit_linkages::{Side, State};
    let id = plan.ids.of("audit_linkage", place);
    let Some(audit) = plan.body("市审计局") else { return };
    let unit = linkage.unit.map(|key| &plan.city[key]);
    let state = match linkage {
        AuditLinkage { concluded_on: Some(_), .. } => State::Concluded,
        AuditLinkage { unit: Some(_), .. } => State::Running,
        AuditLinkage { agreed_on: Some(_), .. } => State::Agreed,
        _ => State::Proposed,
    };
    let body = &plan.city[linkage.organisation];
    let project = unit.map_or_else(String::new, |_| format!("{}主要负责人经济责任审计", body.short_name));
    let side = if linkage.by_audit { Side::Audit } else { Side::Inspection };
    row!(cargo, "audit_linkage", {
        id: id, version: 1_i64, year: i64::from(linkage.year), organisation_id: plan.organisation(linkage.organisation),
        audit_body_id: plan.organisation(audit), proposed_by: side, mode: linkage_mode(linkage.mode),
        reason: "任期经济责任审计与巡察时间衔接，资金和项目集中，适合联动。", state: state, proposed_on: linkage.proposed_on,
        decided_on: linkage.agreed_on, decision: if linkage.agreed_on.is_some() { "同意列入年度联动计划。" } else { "" },
        unit_id: unit.map(|unit| plan.unit(unit.key)), inspection_id: unit.map(|unit| plan.inspection(unit.inspection)),
        project: project.as_str(), joined_people: Some(i64::from(linkage.joined)).filter(|count| *count > 0),
        concluded_on: linkage.concluded_on,
        summary: if linkage.concluded_on.is_some() { "共享审计报告和资料，联动发现的问题已登记并跟踪整改。" } else { "" },
    });
    cargo.find_by(audit_linkages::NOUN, id, format!("{}年 {} {project}", linkage.year, body.name));
    let (office, auditor) = (plan.clerk(1), plan.speaker(audit));
    let (proposer, answerer) = if linkage.by_audit { (&auditor, &office) } else { (&office, &auditor) };
    let mut story = Story::of(cargo, audit_linkages::NOUN, id);
    story.tell(linkage.proposed_on, proposer, Step::plain("create", "提出联动"), "");
    if let Some(on) = linkage.agreed_on {
        story.tell(on, answerer, Step { deed: "agree", label: "同意联动", from: "待商定", to: "已商定" }, "");
    }
    if let Some(on) = linkage.concluded_on {
        story.tell(
            on,
            &office,
            Step { deed: "conclude", label: "结束联动", from: "联动中", to: "已结束" },
            "",
        );
    }
    if let Some(unit) = unit {
        load_shares(plan, cargo, (place, id, linkage), (unit, audit));
    }
}

/// What is shared in a linkage: direction, kind, title, main points.
const SHARES: [(audit_shares::Direction, audit_shares::Kind, &str, &str); 2] = [
    (
        audit_shares::Direction::ToInspection,
        audit_shares::Kind::AuditReport,
        "经济责任审计报告",
        "反映专项资金沉淀、采购程序不规范和资产账实不符等问题，附审计移送事项清单。",
    ),
    (
        audit_shares::Direction::ToAudit,
        audit_shares::Kind::Situation,
        "巡察了解的有关情况",
        "提示关注下属单位往来款和工程变更，已与审计组交换意见。",
    ),
];

fn load_shares(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    (place, linkage_id, linkage): (usize, Uuid, &AuditLinkage),
    (unit, audit): (&InspectedUnit, OrganisationKey),
) {
    let Some(given_on) = linkage.agreed_on else { return };
    for (at, (direction, kind, title, text)) in SHARES.into_iter().enumerate() {
        let id = plan.ids.of("audit_share", place * 4 + at);
        let title = format!("{}{title}", plan.city[linkage.organisation].short_name);
        let document =
            if at == 0 { format!("澜审报〔{}〕{}号", linkage.year, place + 11) } else { String::new() };
        let by = if at == 0 { plan.head(unit) } else { plan.speaker(audit) };
        row!(cargo, "audit_share", {
            id: id, version: 1_i64, linkage_id: linkage_id, inspection_id: Some(plan.inspection(unit.inspection)),
            organisation_id: plan.organisation(linkage.organisation), audit_body_id: plan.organisation(audit),
            direction: direction, kind: kind, title: title.as_str(), document: document.as_str(), text: text,
            given_on: given_on, state: audit_shares::State::Received, received_on: Some(given_on),
            received_by: by.name.as_ref(),
        });
        cargo.find_by(audit_shares::NOUN, id, format!("{title} {document} {text}"));
    }
}

fn load_request(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    (place, number): (usize, &str),
    request: &SupportRequest,
) {
    use support_requests::{Asker, State};
    let id = plan.ids.of("support_request", place);
    let unit = &plan.city[request.unit];
    let state = match request {
        SupportRequest { confirmed_on: Some(_), .. } => State::Confirmed,
        SupportRequest { delivered_on: Some(_), .. } => State::Delivered,
        SupportRequest { answered: Some((_, false)), .. } => State::Declined,
        SupportRequest { answered: Some((_, true)), .. } => State::Accepted,
        _ => State::Asked,
    };
    let (office, head) = (plan.officer(unit), plan.head(unit));
    let (asker, answerer) = if request.by_office { (&office, &head) } else { (&head, &office) };
    let decision = match request.answered {
        Some((_, true)) => "同意，按期办理。",
        Some((_, false)) => "暂无可调配力量，请先用现有数据比对。",
        None => "",
    };
    let due_on = request.answered.map_or(request.asked_on, |(on, _)| on) + chrono::Days::new(10);
    row!(cargo, "support_request", {
        id: id, version: 1_i64, number: number, inspection_id: plan.inspection(unit.inspection),
        asker: if request.by_office { Asker::Office } else { Asker::Team },
        kind: support_requests::Kind::parse(request.kind).unwrap_or(support_requests::Kind::Coordination),
        title: request.title, text: request.text, state: state, asked_on: request.asked_on, asked_by: asker.account,
        due_on: due_on, due_basis: SUPPORT_BASIS, decided_on: request.answered.map(|(on, _)| on),
        decided_by: if request.answered.is_some() { answerer.name.as_ref() } else { "" }, decision: decision,
        delivered_on: request.delivered_on,
        delivery: if request.delivered_on.is_some() { "已按请求办理并移交材料。" } else { "" },
        confirmed_on: request.confirmed_on,
    });
    cargo.find_by(support_requests::NOUN, id, format!("{number} {} {}", request.title, request.text));
    let mut story = Story::of(cargo, support_requests::NOUN, id);
    story.tell(request.asked_on, asker, Step::plain("create", "提出支援请求"), "");
    if let Some((on, accepted)) = request.answered {
        let (deed, label, to) = if accepted {
            ("accept", "同意办理", "办理中")
        } else {
            ("decline", "不予支持", "不予支持")
        };
        story.tell(on, answerer, Step { deed, label, from: "待答复", to }, decision);
    }
    if let Some(on) = request.delivered_on {
        let step = Step { deed: "deliver", label: "反馈办理情况", from: "办理中", to: "待确认" };
        story.tell(on, answerer, step, "");
    }
    if let Some(on) = request.confirmed_on {
        let step = Step { deed: "confirm", label: "确认办结", from: "待确认", to: "已办结" };
        story.tell(on, asker, step, "");
    }
}

//! What people find on their desks: shared views of the ledgers, notices, and values as other bodies report them.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use city::{
    inspections::Stage,
    rectification::MeasureState,
    targets::{AS_OF, HORIZON},
};
use kit::Role;
use uuid::Uuid;

use super::{
    cargo::{Cargo, row},
    chronicle::{Step, Story, evening_before},
    codes::{nouns, states},
    plan::Plan,
};

/// Noun, name, query of a shared view.
const VIEWS: [(&str, &str, &str); 4] = [
    (
        nouns::PROBLEMS,
        "逾期未销号",
        "f.due_on.to=2023-12-31&f.state=fed_back&f.state=rectifying&f.state=submitted&sort=due_on",
    ),
    (nouns::PROBLEMS, "巡审联动发现的问题", "f.audit_linked=1&sort=-fed_back_on"),
    (nouns::MEASURES, "待审核措施", "f.state=submitted&sort=due_on"),
    (nouns::TRANSFERS, "尚未反馈结果的移交", "f.state=sent&f.state=received&f.state=disposing&sort=due_on"),
];

/// Shared views, kept by the director.
pub(super) fn load_views(plan: &Plan<'_>, cargo: &mut Cargo) {
    let keeper = plan.director().account.unwrap_or_default();
    let offices: BTreeSet<Uuid> = plan
        .city
        .posts
        .iter()
        .filter(|post| Some(plan.account(post.person)) == plan.director().account && post.role.is_some())
        .map(|post| plan.organisation(post.organisation))
        .collect();
    for (place, (noun, name, query)) in VIEWS.into_iter().enumerate() {
        row!(cargo, "saved_view", {
            id: plan.ids.of("saved_view", place), version: 1_i64, account_id: keeper, noun: noun, name: name,
            query: query, shared: true, at: evening_before(HORIZON),
        });
        for office in &offices {
            row!(cargo, "saved_view_circle", { view_id: plan.ids.of("saved_view", place), circle_id: *office });
        }
    }
}

/// Who a notice is for, besides its title and record.
#[derive(Clone, Copy, Default)]
struct To {
    role: Option<Role>,
    organisation: Option<Uuid>,
    inspection: Option<Uuid>,
}

/// Notices of the last days of the plan for those who have something to do.
pub(super) fn load_notices(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut desk = Desk { plan, cargo, count: 0 };
    desk.submitted_measures();
    desk.unanswered_transfers();
    desk.overdue_problems();
    desk.running_inspections();
}

struct Desk<'a, 'p> {
    plan: &'a Plan<'p>,
    cargo: &'a mut Cargo,
    count: usize,
}

impl Desk<'_, '_> {
    fn leave(&mut self, to: To, on: NaiveDate, title: String, (noun, record): (&'static str, Uuid)) {
        self.count += 1;
        row!(self.cargo, "notice", {
            id: self.plan.ids.of("notice", self.count), at: evening_before(on) + TimeDelta::minutes(self.count as i64 % 60),
            account_id: None::<Uuid>, role: to.role, organisation_id: to.organisation, inspection_id: to.inspection,
            title: title, noun: noun, record_id: record,
        });
    }

    fn submitted_measures(&mut self) {
        let plan = self.plan;
        let waiting = plan.city.measures.iter().filter_map(|measure| {
            measure
                .history
                .last()
                .filter(|event| event.state == MeasureState::Submitted)
                .map(|event| (measure, event.on))
        });
        for (measure, on) in waiting {
            let id = plan.ids.of("measure", measure.problem.0 * 8 + measure.number as usize);
            let to = To { role: Some(Role::OfficeLiaison), ..To::default() };
            self.leave(to, on, format!("整改措施待审核：{}", measure.text), (nouns::MEASURES, id));
        }
    }

    fn unanswered_transfers(&mut self) {
        let plan = self.plan;
        let open =
            plan.city.suspect_projects.iter().enumerate().filter(|(_, project)| project.result.is_none());
        for (place, project) in open {
            let recipient = Some(plan.organisation(project.receiver));
            let id = plan.ids.of("transfer/suspect_project", place);
            for role in [Role::FunctionalDepartment, Role::Discipline] {
                let to = To { role: Some(role), organisation: recipient, inspection: None };
                let title = format!("移交事项请及时反馈结果：{}", project.name);
                self.leave(to, HORIZON, title, (nouns::TRANSFERS, id));
            }
        }
    }

    fn overdue_problems(&mut self) {
        let plan = self.plan;
        let overdue =
            plan.city.measures.iter().filter(|measure| measure.number == 1 && measure.overdue_on(AS_OF));
        for measure in overdue {
            let problem = &plan.city[measure.problem];
            let organisation = plan.organisation(plan.city[problem.unit].organisation);
            let to = To {
                role: Some(Role::OrganisationLiaison),
                organisation: Some(organisation),
                inspection: None,
            };
            let title = format!("整改措施已逾期：{}", problem.title);
            self.leave(to, HORIZON, title, (nouns::PROBLEMS, plan.problem(problem.key)));
        }
    }

    fn running_inspections(&mut self) {
        let plan = self.plan;
        for unit in plan.city.inspected_units.iter().filter(|unit| unit.reached(Stage::FedBack).is_none()) {
            let inspection = plan.inspection(unit.inspection);
            let title = format!("请按期报送巡察报告：{}", plan.city[unit.organisation].short_name);
            let to = To { role: Some(Role::TeamHead), organisation: None, inspection: Some(inspection) };
            self.leave(to, HORIZON, title, (nouns::INSPECTION_UNITS, plan.unit(unit.key)));
        }
        if let Some(report) = plan.city.special_reports.last() {
            let id = plan.ids.of("special_report", report.key.0);
            for role in [Role::LeadingGroup, Role::CommitteeLeader, Role::OfficeDirector] {
                let to = To { role: Some(role), ..To::default() };
                let title = format!("专题报告已批示：{}", report.title);
                self.leave(to, HORIZON, title, (nouns::SPECIAL_REPORTS, id));
            }
        }
    }
}

/// Figure, what it is called, value, unit: as the asset authority reports them beside what is computed.
const REPORTED: [(&str, &str, i64, &str); 3] = [
    ("asset_income_added_cum", "国有资产管理使用新增收益（累计）", 422_800_000_000, states::VALUE_IN_YUAN),
    (
        "idle_area_activated_cum",
        "累计盘活去化闲置国有资产面积",
        72_713_000_000,
        states::VALUE_IN_SQUARE_METRES,
    ),
    ("idle_area_activated_inc", "深化整改新增盘活去化面积", 27_663_000_000, states::VALUE_IN_SQUARE_METRES),
];

/// Values as the asset authority reports them.
pub(super) fn load_reported(plan: &Plan<'_>, cargo: &mut Cargo) {
    let clerk = plan.clerk(1);
    for (place, (figure, label, value, unit)) in REPORTED.into_iter().enumerate() {
        let id = plan.ids.of("reported_value", place);
        row!(cargo, "reported_value", {
            id: id, version: 1_i64, figure: figure, label: label, on_day: AS_OF, value: value, unit: unit,
            reporter: "市国资委", document: "市国资委2023年度国有资产盘活情况报告", by_name: clerk.name.as_ref(),
            at: evening_before(HORIZON),
        });
        cargo.find_by(nouns::REPORTED_VALUES, id, format!("{figure} {label} 市国资委"));
        Story::of(cargo, nouns::REPORTED_VALUES, id).tell(
            HORIZON,
            &clerk,
            Step::plain("create", "登记上报数据"),
            "",
        );
    }
}

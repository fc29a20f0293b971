//! What models found in the bidding data of the city: a run for every inspected unit with suspect projects, the doubts
//! that led to them, and some that came to nothing or still wait.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, NaiveDate};
use city::{inspections::Stage, keys::InspectedUnitKey, transfers::SuspectProject};
use serde_json::json;
use uuid::Uuid;

use super::{
    cargo::{Cargo, row},
    chronicle::{Doer, Step, Story},
    plan::{Plan, Serials},
};

/// The models whose doubts led to the suspect projects, with the sentence of their library.
const MODELS: [(&str, &str); 2] =
    [("same-deposit", "保证金来自同一账户或付款人"), ("same-people", "投标人之间人员或电话相同")];

/// One doubt before it has its number.
struct Raised {
    explanation: String,
    facts: String,
    /// The suspect project it became, by its place; none for those that came to nothing.
    project: Option<usize>,
}

pub(super) fn load(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut by_unit: BTreeMap<InspectedUnitKey, Vec<(usize, &SuspectProject)>> = BTreeMap::new();
    for (place, project) in plan.city.suspect_projects.iter().enumerate() {
        by_unit.entry(project.unit).or_default().push((place, project));
    }
    let mut loading = Loading { plan, cargo, runs: Serials::default(), doubts: Serials::default(), count: 0 };
    for (place, (unit, projects)) in by_unit.into_iter().enumerate() {
        loading.unit(place, unit, &projects);
    }
}

struct Loading<'a, 'p> {
    plan: &'a Plan<'p>,
    cargo: &'a mut Cargo,
    runs: Serials,
    doubts: Serials,
    count: usize,
}

impl Loading<'_, '_> {
    fn unit(&mut self, place: usize, key: InspectedUnitKey, projects: &[(usize, &SuspectProject)]) {
        let unit = &self.plan.city[key];
        let first = projects.iter().map(|(_, project)| project.transferred_on).min().unwrap_or_default();
        let entered = unit.reached(Stage::OnSite).unwrap_or(first - Days::new(30));
        let ran_on = (first - Days::new(20)).max(entered).min(first - Days::new(12));
        let Some((model, model_name)) = MODELS.get(place % MODELS.len()).copied() else { return };
        let raised = raised(model, place, projects);
        let run = self.plan.ids.of("model_run", place);
        let member = self.plan.member(unit, place);
        let number = format!("MX-{}-{:04}", ran_on.year(), self.runs.next(ran_on.year()));
        let digest = kit::seal::digest(format!("{number}/{model}").as_bytes());
        let rows = 1_200 + 137 * place as i64;
        let data = json!([{ "table": "bids", "label": "投标记录", "digest": digest, "rows": rows, "taken": rows - 3, "ragged": 1, "duplicates": 2 }]);
        row!(self.cargo, "model_run", {
            id: run, version: 1_i64, number: number.as_str(), inspection_id: self.plan.inspection(unit.inspection),
            organisation_id: self.plan.organisation(unit.organisation), model: model, model_name: model_name,
            model_version: 1_i64, domain: "bidding", parameters: "{}", data: data.to_string(),
            fingerprint: kit::seal::digest(format!("{model}/{digest}").as_bytes()),
            data_source: "市公共资源交易中心电子招投标系统导出，交接单已签收",
            purpose: "用于本次专项巡察比对投标人关联情况；巡察结束后一个月内销毁并填写销毁记录。",
            ran_on: ran_on, data_rows: rows, hits: raised.len() as i64, warnings: "", state: "recorded",
            void_reason: "", recorded_by: member.account, recorded_by_name: &*member.name,
        });
        self.cargo.find_by(::analysis::model_runs::NOUN, run, format!("{number} {model_name}"));
        Story::of(self.cargo, ::analysis::model_runs::NOUN, run).tell(
            ran_on,
            &member,
            Step::plain("create", "登记模型运行"),
            "",
        );
        for raised in raised {
            self.doubt(unit, (run, model), ran_on, &member, &raised);
        }
    }

    fn doubt(
        &mut self,
        unit: &city::inspections::InspectedUnit,
        (run, model): (Uuid, &str),
        ran_on: NaiveDate,
        member: &Doer,
        raised: &Raised,
    ) {
        let (plan, count) = (self.plan, self.count);
        self.count += 1;
        let id = plan.ids.of("doubt", count);
        let number = format!("YD-{}-{:04}", ran_on.year(), self.doubts.next(ran_on.year()));
        let fate = match raised.project {
            Some(_) => "project",
            None if count.is_multiple_of(3) => "open",
            None => "excluded",
        };
        let (assigned_on, verified_on, concluded_on) =
            (ran_on + Days::new(1), ran_on + Days::new(5), ran_on + Days::new(6));
        let open = fate == "open";
        let verified = fate == "project";
        let excluded = if fate == "excluded" {
            "经核对原件，付款人为代理机构统一代收代付，属误报。"
        } else {
            ""
        };
        row!(self.cargo, "doubt", {
            id: id, version: 1_i64, number: number.as_str(), inspection_id: plan.inspection(unit.inspection),
            organisation_id: plan.organisation(unit.organisation), run_id: run, model: model, level: "red",
            explanation: raised.explanation.as_str(), facts: raised.facts.as_str(), found_on: ran_on, state: fate,
            assignee_id: if open { None } else { member.account }, assigned_on: (!open).then_some(assigned_on),
            method: if verified { "调取银行电子回单和投标文件原件，询问经办人和代理机构。" } else { "" },
            finding: if verified { "付款和人员情况与数据一致，有关企业不能作出合理解释。" } else { "" },
            evidence: if verified { "电子回单、谈话记录、投标文件扣押清单。" } else { "" },
            verified_by: if verified { member.account } else { None },
            verified_on: verified.then_some(verified_on), conclusion: excluded,
            concluded_on: (!open).then_some(concluded_on), problem_id: None::<Uuid>, lead_id: None::<Uuid>,
            project_id: raised.project.map(|place| plan.ids.of("suspect_project", place)),
        });
        self.cargo.find_by(::analysis::doubts::NOUN, id, format!("{number} {}", raised.explanation));
        let head = plan.head(unit);
        let mut story = Story::of(self.cargo, ::analysis::doubts::NOUN, id);
        story.tell(ran_on, member, Step::plain("create", "模型提出疑点"), "");
        if open {
            return;
        }
        story.tell(
            assigned_on,
            &head,
            Step { deed: "assign", label: "分派", from: "待分派", to: "核实中" },
            "",
        );
        if verified {
            let verify =
                Step { deed: "verify", label: "填写核实情况", from: "核实中", to: "待处理" };
            let project = Step {
                deed: "to_project", label: "转为涉嫌项目", from: "待处理", to: "已转项目"
            };
            story.tell(verified_on, member, verify, "").tell(concluded_on, &head, project, "");
        } else {
            let exclude = Step { deed: "exclude", label: "排除", from: "核实中", to: "已排除" };
            story.tell(concluded_on, &head, exclude, excluded);
        }
    }
}

/// The doubts of a unit: one for each suspect project, and one that leads nowhere.
fn raised(model: &str, place: usize, projects: &[(usize, &SuspectProject)]) -> Vec<Raised> {
    let mut found: Vec<Raised> =
        projects.iter().map(|(at, project)| one(model, *at, &project.bidders, Some(*at))).collect();
    let others = projects.first().map(|(_, project)| project.bidders.clone()).unwrap_or_default();
    found.push(one(model, 400 + place, &others, None));
    found
}

fn one(model: &str, serial: usize, bidders: &[String], project: Option<usize>) -> Raised {
    let tender = format!("LJ{:06}", 202_000 + 37 * serial);
    let mut names: Vec<&str> = bidders.iter().take(2).map(String::as_str).collect();
    names.sort_unstable();
    let (kind, source) = if model == "same-deposit" {
        ("付款账号", format!("6217{:012}", 731_000_417 + 7_919 * serial as u64))
    } else {
        ("联系电话", format!("138{:08}", 20_150_311 + 6_007 * serial as u64 % 60_000_000))
    };
    let listed = names.join("、");
    let count = names.len();
    let explanation = if model == "same-deposit" {
        format!("标段{tender}有{count}家投标人的保证金{kind}同为{source}：{listed}。")
    } else {
        format!("标段{tender}有{count}家投标人的{kind}同为{source}：{listed}。")
    };
    let key = if model == "same-deposit" { "source" } else { "person" };
    let facts = json!({ "tender": tender, "kind": kind, key: source, "bidders": count, "names": listed });
    Raised { explanation, facts: facts.to_string(), project }
}

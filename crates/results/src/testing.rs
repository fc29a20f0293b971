//! For the tests of this area: a seeded app with an inspection and its problems, organisations, people.

use std::sync::Arc;

use db::Sql;
use kit::{
    Actor, Column, Error, Pred, RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Table,
    error::Reason,
    service::Group,
    table::{Answer, Ask, run},
    testing::{TestApp, actor},
};
use uuid::Uuid;

/// An app with what the tests need around this area.
pub(crate) struct World {
    pub(crate) test: TestApp,
    pub(crate) term: Uuid,
    pub(crate) inspection: Uuid,
    /// Two problems of the inspection.
    pub(crate) problems: [Uuid; 2],
    /// Two departments that supervise fields.
    pub(crate) departments: [Uuid; 2],
    /// Two districts.
    pub(crate) districts: [Uuid; 2],
    pub(crate) director: Arc<Actor>,
    pub(crate) liaison: Arc<Actor>,
}

fn named(noun: &'static str, table: &'static str, list: Table) -> Service {
    Service {
        noun,
        label: "测试",
        table,
        group: Group::Admin,
        listed: false,
        icon: "",
        secrecy: Secrecy::Internal,
        about: "",
        list,
        visible: |actor| if actor.is_office() { Pred::All } else { Pred::Nothing },
        show: |_, _| Box::pin(async { Ok(RecordView::new("", 1)) }),
        deeds: Vec::new(),
        creates: |_| false,
        waiting: Vec::new(),
        governed: None,
    }
}

const NAME: &[Column] = &[Column::number("name", "名称", "x.name")];
const TITLE: &[Column] = &[Column::number("title", "名称", "x.title")];

fn plain(from: &'static str, title: &'static str, columns: &'static [Column]) -> Table {
    Table { from, alias: "x", title, number: None, columns, order: columns[0].key }
}

/// Everything this area's forms refer to, and this area.
fn services() -> Vec<Service> {
    let mut all = registry::services();
    all.push(named("terms", "term", plain("term x", "x.name", NAME)));
    all.push(named("inspections", "inspection", plain("inspection x", "x.name", NAME)));
    all.push(named("problems", "problem", plain("problem x", "x.title", TITLE)));
    all.extend(crate::services());
    all
}

impl World {
    /// A new world, on 2023-06-01.
    pub(crate) async fn new() -> Self {
        let test = TestApp::new(services()).await;
        let director = actor(Role::OfficeDirector, None, None);
        let program = Arc::new(Actor::program("建立"));
        test.app.write(&program, |cx| Box::pin(registry::seed(cx))).await.unwrap();
        let mut organisations = Vec::new();
        for (code, name, kind) in [
            ("B1", "市住建局", "supervising_body"),
            ("B2", "市财政局", "supervising_body"),
            ("Q1", "东湾区", "district"),
            ("Q2", "西岭区", "district"),
            ("D1", "市交通局", "city_department"),
        ] {
            let entries = [("code", code), ("name", name), ("kind", kind), ("valid_from", "2015-01-01")];
            let outcome = test.perform(&director, "organisations", None, "create", &entries).await.unwrap();
            organisations.push(outcome.id);
        }
        let [b1, b2, q1, q2, unit] = organisations[..] else { panic!("five organisations") };
        let ids: Vec<Uuid> = (0..6).map(|_| kit::ids::random()).collect();
        insert_inspection(&test, &program, &ids, unit).await;
        Self {
            test,
            term: ids[0],
            inspection: ids[2],
            problems: [ids[4], ids[5]],
            departments: [b1, b2],
            districts: [q1, q2],
            director,
            liaison: actor(Role::OfficeLiaison, None, None),
        }
    }

    /// Does a deed and answers the record.
    pub(crate) async fn done(
        &self,
        actor: &Arc<Actor>,
        noun: &str,
        id: Option<Uuid>,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> Uuid {
        let outcome = self.test.perform(actor, noun, id, deed, entries).await;
        outcome.unwrap_or_else(|error| panic!("{noun} {deed}: {error:?}")).id
    }

    /// Tries a deed that must be refused, and answers why.
    pub(crate) async fn refused(
        &self,
        actor: &Arc<Actor>,
        noun: &str,
        id: Option<Uuid>,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> Refusal {
        match self.test.perform(actor, noun, id, deed, entries).await {
            Err(Error::Refusal(refusal)) => refusal,
            other => panic!("{noun} {deed} should be refused, but: {other:?}"),
        }
    }

    /// Why a deed was refused.
    pub(crate) async fn reason(
        &self,
        actor: &Arc<Actor>,
        noun: &str,
        id: Uuid,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> Reason {
        self.refused(actor, noun, Some(id), deed, entries).await.reason
    }

    /// Whether `actor` can open the record.
    pub(crate) async fn opens(&self, actor: &Arc<Actor>, noun: &str, id: Uuid) -> bool {
        self.show(actor, noun, id).await.is_ok()
    }

    /// The record's page.
    pub(crate) async fn show(&self, actor: &Arc<Actor>, noun: &str, id: Uuid) -> Result<RecordView> {
        let service = self.test.app.registry().service(noun).unwrap();
        let cx = self.test.app.read(actor);
        (service.show)(&cx, id).await
    }

    /// A fact on the record's page, as plain text.
    pub(crate) async fn fact(&self, actor: &Arc<Actor>, noun: &str, id: Uuid, key: &str) -> String {
        let view = self.show(actor, noun, id).await.unwrap();
        view.facts.iter().find(|fact| fact.key == key).map(|fact| fact.value.plain()).unwrap()
    }

    /// The list of `noun` with all its columns, as `actor` sees it.
    pub(crate) async fn list(&self, actor: &Arc<Actor>, noun: &str) -> Answer {
        let service = self.test.app.registry().service(noun).unwrap();
        let mut ask = Ask::usual(&service.list).unwrap();
        ask.columns = service.list.columns.iter().collect();
        let cx = self.test.app.read(actor);
        run(&cx, noun, &service.list, &(service.visible)(actor), &Pred::All, &ask).await.unwrap()
    }

    /// How many records of `noun` `actor` sees.
    pub(crate) async fn count(&self, actor: &Arc<Actor>, noun: &str) -> usize {
        self.list(actor, noun).await.rows.len()
    }

    /// One cell of a list.
    pub(crate) async fn cell(&self, actor: &Arc<Actor>, noun: &str, id: Uuid, key: &str) -> Shown {
        let answer = self.list(actor, noun).await;
        let at = answer.columns.iter().position(|column| column.key == key).unwrap();
        answer.rows.iter().find(|row| row.id == id).unwrap().cells[at].clone()
    }

    /// The transfer of a subject.
    pub(crate) async fn transfer(&self, subject: Uuid) -> Uuid {
        let cx = self.test.app.read(&self.director);
        registry::transfers::of_subject(&cx, subject).await.unwrap()[0].id.0
    }

    /// The recipient signs, chooses and reports.
    pub(crate) async fn answer(&self, recipient: &Arc<Actor>, subject: Uuid, disposal: &str, result: &str) {
        let transfer = Some(self.transfer(subject).await);
        let receive = [("received_on", "2023-06-01"), ("received_by", "王签收")];
        self.done(recipient, "transfers", transfer, "receive", &receive).await;
        let dispose = [("disposal", disposal), ("disposal_on", "2023-06-01"), ("disposal_note", "同意")];
        self.done(recipient, "transfers", transfer, "dispose", &dispose).await;
        let report = [("result", result), ("result_on", "2023-06-01"), ("result_note", "已出台办法")];
        self.done(recipient, "transfers", transfer, "report_result", &report).await;
    }
}

/// A term, a round, an inspection of `unit` and two problems, as their own areas would store them.
async fn insert_inspection(test: &TestApp, program: &Arc<Actor>, ids: &[Uuid], unit: Uuid) {
    let ids = ids.to_vec();
    let now = test.clock.now();
    test.app
        .write(program, |cx| {
            Box::pin(async move {
                let mut sql = Sql::new("insert into term (id, version, number, name, committee, starts_on) values (");
                sql.bind(ids[0]).push(", 1, 13, '第十三届', '市委', '2021-12-01')");
                cx.execute(sql).await?;
                let mut sql = Sql::new(
                    "insert into round (id, version, term_id, year, number, name, starts_on, state) values (",
                );
                sql.bind(ids[1]).push(", 1, ").bind(ids[0]).push(", 2023, 4, '第四轮', '2023-03-01', 'running')");
                cx.execute(sql).await?;
                let mut sql = Sql::new(
                    "insert into inspection (id, version, number, name, term_id, round_id, kind, modes, field, level, \
                     team, year, starts_on, state) values (",
                );
                sql.bind(ids[2]).push(", 1, 'XC-1', '工程招投标专项巡察', ").bind(ids[0]).push(", ").bind(ids[1]);
                sql.push(", 'special', '', 'bidding', 'city', '巡察一组', 2023, '2023-04-01', 'running')");
                cx.execute(sql).await?;
                let mut sql = Sql::new(
                    "insert into inspection_unit (id, version, inspection_id, organisation_id, kind, state, planned_on) values (",
                );
                sql.bind(ids[3]).push(", 1, ").bind(ids[2]).push(", ").bind(unit);
                sql.push(", 'special', 'left', '2023-04-01')");
                cx.execute(sql).await?;
                for (at, id) in ids[4..].iter().enumerate() {
                    insert_problem(cx, *id, at, &ids, unit, now).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
}

async fn insert_problem(
    cx: &mut kit::WriteCx,
    id: Uuid,
    at: usize,
    ids: &[Uuid],
    unit: Uuid,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let mut sql = Sql::new(
        "insert into problem (id, version, number, term_id, round_id, inspection_id, unit_id, organisation_id, \
         inspection_kind, title, text, feedback_text, framework_1, framework_2, category_1, category_2, field, nature, \
         responsibility, discipline, eight_rules, key_problem, audit_linked, common, source, draft_number, team, \
         found_on, state, due_basis, created_at) values (",
    );
    sql.bind(id).push(", 1, ").bind(format!("WT-{at}"));
    for other in &ids[..4] {
        sql.push(", ").bind(*other);
    }
    sql.push(", ").bind(unit).push(", 'special', ").bind(format!("评标专家打分畸高畸低（{at}）"));
    sql.push(", '', '', '', '', '', '', 'bidding', '', '', '', false, false, false, true, '', '', '', '2023-05-01', 'found', '', ");
    sql.bind(now).push(")");
    cx.execute(sql).await?;
    Ok(())
}

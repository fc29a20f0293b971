//! Joint selection, from the pool to the appraisal that goes back to the home unit.

use super::*;

struct Hall {
    city: City,
    department: Arc<Actor>,
    home: Uuid,
    inspection: Uuid,
    organisation: Uuid,
}

impl Hall {
    async fn new() -> Self {
        let city = City::new().await;
        let term = city.term().await;
        let (organisation, home) = (city.organisation("W1").await, city.organisation("W2").await);
        let (inspection, _) = city.running(term, organisation, &[("ends_on", "2024-05-31")]).await;
        Self {
            city,
            department: actor(Role::OrganisationDepartment, None, None),
            home,
            inspection,
            organisation,
        }
    }

    /// Somebody taken into the pool.
    async fn talent(&self, name: &str, more: &[(&str, &str)]) -> Uuid {
        let home = self.home.to_string();
        let usual = [
            ("name", name),
            ("organisation", &*home),
            ("title", "科长"),
            ("pool", "members"),
            ("speciality", "finance"),
            ("political", "member"),
        ];
        let kept = usual.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
        let entries: Vec<(&str, &str)> = kept.chain(more).copied().collect();
        let id = self.city.create("talents", &entries).await.unwrap();
        self.city.does(&self.department, "talents", id, "admit", &[]).await.unwrap();
        id
    }

    async fn need(&self) -> Uuid {
        let inspection = self.inspection.to_string();
        let entries = [
            ("inspection", &*inspection),
            ("duty", "finance"),
            ("pool", "members"),
            ("speciality", "finance"),
            ("number", "1"),
            ("from_on", "2024-03-01"),
        ];
        let need = self.city.create("team_needs", &entries).await.unwrap();
        self.city.office("team_needs", need, "send", &[]).await;
        need
    }

    async fn ranked(&self, need: Uuid) -> Vec<crate::needs::ranking::Ranked> {
        let cx = self.city.app.app.read(&self.city.office);
        let need = crate::needs::find(&cx, need.into()).await.unwrap();
        crate::needs::ranked(&cx, &need).await.unwrap()
    }

    async fn nominate(&self, by: &Arc<Actor>, need: Uuid, talent: Uuid) -> Result<Outcome> {
        let talent = talent.to_string();
        self.city.does(by, "team_needs", need, "nominate", &[("talent", talent.as_str())]).await
    }

    async fn ids(&self, table: &str) -> Vec<Uuid> {
        let sql = Sql::new(&format!("select id from {table} order by id"));
        let rows = self.city.app.app.read(&self.city.office).rows(sql).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }
}

#[tokio::test]
async fn both_sides_agree_before_anybody_is_called_and_the_appraisal_counts_next_time() {
    let hall = Hall::new().await;
    let (chosen, _) = (hall.talent("赵谦", &[]).await, hall.talent("钱让", &[("speciality", "law")]).await);
    let need = hall.need().await;
    assert_eq!(hall.ranked(need).await[0].id.0, chosen, "the speciality decides");
    hall.nominate(&hall.city.office, need, chosen).await.unwrap();
    assert_eq!(
        refused_field(hall.nominate(&hall.city.office, need, chosen).await),
        "talent",
        "once is enough"
    );
    let city = &hall.city;
    let early = city.does(&city.office, "team_needs", need, "settle", &[]).await;
    assert_eq!(reason(early), Reason::Conflict, "the other side has not agreed");
    let nomination = hall.ids("nomination").await[0];
    let own = city.does(&city.office, "nominations", nomination, "agree", &[]).await;
    assert_eq!(reason(own), Reason::Forbidden);
    city.does(&hall.department, "nominations", nomination, "agree", &[]).await.unwrap();
    let early = city.does(&city.office, "nominations", nomination, "call", &[]).await;
    assert_eq!(reason(early), Reason::Conflict, "the list is not settled");
    city.office("team_needs", need, "settle", &[]).await;
    let letter = city.office("nominations", nomination, "call", &[]).await;
    city.office("secondments", letter, "send", &[("number", "澜委巡函〔2023〕1号"), ("on", "2023-12-30")])
        .await;
    let soon = city
        .does(&city.office, "secondments", letter, "grant", &[("answer", "同意"), ("on", "2023-12-29")])
        .await;
    assert_eq!(refused_field(soon), "on", "no answer before the letter");
    city.office("secondments", letter, "grant", &[("answer", "同意"), ("on", "2023-12-31")]).await;
    let before = hall.ranked(need).await[0].score;
    city.today("2024-06-10");
    let head = actor(Role::TeamHead, None, Some(hall.inspection));
    let grade = [("grade", "excellent"), ("appraisal", "业务熟练")];
    city.does(&head, "secondments", letter, "appraise", &grade).await.unwrap();
    assert_eq!(hall.ranked(need).await[0].score, before + 10, "a good appraisal counts");
}

#[tokio::test]
async fn whoever_must_keep_away_is_struck_out_with_the_reason_and_cannot_be_nominated() {
    let hall = Hall::new().await;
    let career = [("career", "2018.03—2022.08 市某局W1 财务科副科长")];
    let relatives = [("relatives", "配偶 孙某 市某局W1 科员")];
    let (worked, related) = (hall.talent("孙温", &career).await, hall.talent("李良", &relatives).await);
    let free = hall.talent("周恭", &[("career", "2010.03—2015.08 市某局W1 科员")]).await;
    let need = hall.need().await;
    let ranked = hall.ranked(need).await;
    assert_eq!(ranked[0].id.0, free, "long enough ago");
    assert!(ranked[0].against.is_empty());
    for talent in [worked, related] {
        let struck = ranked.iter().find(|ranked| ranked.id.0 == talent).unwrap();
        assert_eq!(struck.against.len(), 1, "{:?}", struck.against);
        assert!(!struck.against[0].contains("孙某"), "no relative is named");
        assert_eq!(refused_field(hall.nominate(&hall.department, need, talent).await), "talent");
    }
    assert_ne!(hall.organisation, hall.home);
}

#[tokio::test]
async fn relatives_are_sealed_and_read_by_few() {
    let hall = Hall::new().await;
    let talent = hall.talent("吴俭", &[("relatives", "配偶 郑某 市某局W1 科员")]).await;
    let sealed = "select count(*) from talent where relatives_sealed like '%郑某%'";
    assert_eq!(hall.city.app.app.read(&hall.city.office).number(Sql::new(sealed)).await.unwrap(), 0);
    let seen = async |who: &Arc<Actor>| {
        let view = hall.city.show(who, "talents", talent).await.unwrap();
        fact(&view, "relatives").is_some()
    };
    assert!(seen(&hall.city.director).await && seen(&hall.department).await);
    assert!(!seen(&hall.city.office).await);
    let edit = [("pool", "members"), ("speciality", "law"), ("political", "member")];
    hall.city.office("talents", talent, "edit", &edit).await;
    assert!(seen(&hall.city.director).await, "whoever cannot read them leaves them as they are");
    let held = "select count(*) from talent_tie where kind = 'relative'";
    assert_eq!(hall.city.app.app.read(&hall.city.office).number(Sql::new(held)).await.unwrap(), 1);
}

#[tokio::test]
async fn what_the_pool_knows_counts_when_a_declaration_is_signed() {
    let hall = Hall::new().await;
    let talent = hall.talent("郑让", &[("relatives", "配偶 郑某 市某局W1 科员")]).await;
    let account = hall.city.account("zheng").await;
    let mut sql = Sql::new("update account set person_id = (select person_id from talent where id = ");
    sql.bind(talent).push(") where id = ").bind(account);
    hall.city.execute(sql).await;
    let (inspection, account_text) = (hall.inspection.to_string(), account.to_string());
    let entries = [("inspection", &*inspection), ("account", &*account_text)];
    hall.city.create("declarations", &entries).await.unwrap();
    hall.city.declares(account).await;
    let mut sql = Sql::new("select count(*) from avoidance where ground = 'relative' and account_id = ");
    sql.bind(account);
    assert_eq!(hall.city.app.app.read(&hall.city.office).number(sql).await.unwrap(), 1);
}

#[tokio::test]
async fn who_headed_the_same_team_within_the_rotation_is_told_to_choosers_and_on_no_list_of_a_draw() {
    let hall = Hall::new().await;
    let (before, fresh) = (hall.talent("王恒", &[]).await, hall.talent("冯新", &[]).await);
    let account = hall.city.account("wang").await;
    let mut sql = Sql::new("update account set person_id = (select person_id from talent where id = ");
    sql.bind(before).push(") where id = ").bind(account);
    hall.city.execute(sql).await;
    let earlier = kit::ids::random();
    let mut sql = Sql::new(
        "insert into inspection (id, version, number, name, term_id, kind, modes, field, level, team, year, starts_on, state) select ",
    );
    sql.bind(earlier).push(
        ", 1, 'earlier', '上一轮巡察', term_id, kind, modes, field, level, team, year, starts_on, 'finished' \
         from inspection where id = ",
    );
    sql.bind(hall.inspection);
    hall.city.execute(sql).await;
    let mut sql = Sql::new(
        "insert into post (id, version, account_id, role, inspection_id, from_on, to_on, state, basis, decision) values (",
    );
    sql.bind(kit::ids::random()).push(", 1, ").bind(account).push(", ").bind(Role::TeamHead).push(", ");
    sql.bind(earlier).push(", ").bind(day("2022-09-01")).push(", ").bind(day("2022-12-01"));
    sql.push(", 'ended', '', '')");
    hall.city.execute(sql).await;
    let need = hall.need().await;
    let ranked = hall.ranked(need).await;
    let told = |talent: Uuid| ranked.iter().find(|one| one.id.0 == talent).unwrap().told();
    assert!(told(before).ends_with("轮换期内担任过同一巡察组组长，宜换人"), "{}", told(before));
    assert!(!told(fresh).contains("轮换期"));
    let inspection = hall.inspection.to_string();
    let entries = [("inspection", &*inspection), ("duty", "finance"), ("pool", "members"), ("number", "1")];
    let draw = hall.city.create("draws", &entries).await.unwrap();
    let view = hall.city.show(&hall.city.office, "draws", draw).await.unwrap();
    let excluded = fact(&view, "excluded").unwrap().plain();
    assert!(excluded.contains("王恒") && !excluded.contains("冯新"), "{excluded}");
}

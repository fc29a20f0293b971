//! One authorisation for one round, and lots that anybody can draw again.

use kit::testing::actor;

use super::*;

struct Ready {
    city: City,
    inspection: Uuid,
    account: Uuid,
    place: Uuid,
}

async fn ready() -> Ready {
    let city = City::new().await;
    let term = city.term().await;
    let organisation = city.organisation("X1").await;
    let (inspection, _) = city.running(term, organisation, &[("ends_on", "2024-05-31")]).await;
    let account = city.account("feng").await;
    let (inspection_text, account_text) = (inspection.to_string(), account.to_string());
    let entries = [("inspection", &*inspection_text), ("account", &*account_text), ("role", "team_member")];
    let place = city.create("teams", &entries).await.unwrap();
    Ready { city, inspection, account, place }
}

impl Ready {
    async fn authorisation(&self) -> Uuid {
        let inspection = self.inspection.to_string();
        let entries = [
            ("inspection", &*inspection),
            ("number", "澜委巡授〔2024〕1号"),
            ("body", "市委巡察工作领导小组"),
            ("decided_on", "2023-12-30"),
            ("from_on", "2024-01-02"),
            ("from_time", "08:30"),
            ("to_on", "2024-03-31"),
            ("to_time", "24:00"),
        ];
        self.city.create("authorisations", &entries).await.unwrap()
    }

    async fn held(&self) -> teams::TeamPost {
        teams::find(&self.city.app.app.read(&self.city.office), self.place.into()).await.unwrap()
    }
}

#[tokio::test]
async fn the_authorisation_approves_the_whole_team_or_nobody() {
    let ready = ready().await;
    let (city, id) = (&ready.city, ready.authorisation().await);
    city.office("authorisations", id, "submit", &[]).await;
    let early = city.does(&city.leader, "authorisations", id, "approve", &[]).await;
    assert_eq!(reason(early), Reason::Conflict, "somebody has not declared");
    assert_eq!(ready.held().await.state, teams::State::Proposed);
    city.declares(ready.account).await;
    city.does(&city.leader, "authorisations", id, "approve", &[]).await.unwrap();
    let place = ready.held().await;
    assert_eq!((place.state, place.from_on), (teams::State::Approved, day("2024-01-02")));
    assert_eq!(place.to_on, Some(day("2024-03-31")), "the last day is the day that ends at 24:00");
    assert_eq!(place.basis, "市委巡察工作领导小组 澜委巡授〔2024〕1号");
    let inspection = ready.inspection.to_string();
    let second = [
        ("inspection", &*inspection),
        ("number", "澜委巡授〔2024〕2号"),
        ("body", "市委"),
        ("decided_on", "2023-12-30"),
        ("from_on", "2024-01-02"),
        ("from_time", "00:00"),
        ("to_on", "2024-03-31"),
        ("to_time", "24:00"),
    ];
    assert_eq!(refused_field(city.create("authorisations", &second).await), "inspection");
    city.today("2024-02-01");
    city.office("authorisations", id, "end", &[("reason", "工作调整")]).await;
    assert_eq!(ready.held().await.to_on, Some(day("2024-02-01")));
}

#[tokio::test]
async fn nonsense_times_are_refused_in_their_field() {
    let ready = ready().await;
    let inspection = ready.inspection.to_string();
    let with = async |from: &str, to: &str| {
        let entries = [
            ("inspection", &*inspection),
            ("number", "1"),
            ("body", "市委"),
            ("decided_on", "2023-12-30"),
            ("from_on", "2024-01-02"),
            ("from_time", from),
            ("to_on", "2024-01-02"),
            ("to_time", to),
        ];
        refused_field(ready.city.create("authorisations", &entries).await)
    };
    assert_eq!(with("25:00", "24:00").await, "from_time");
    assert_eq!(with("08:00", "晚上").await, "to_time");
    assert_eq!(with("08:00", "08:00").await, "to_on");
}

/// The few lines with which anybody repeats a draw from its printed record.
fn replay(list: &str, nonce: &str, number: usize) -> Vec<String> {
    let sm3 = |text: String| kit::seal::digest(text.as_bytes());
    let seed = sm3(format!("{}\n{nonce}", sm3(list.to_owned())));
    let mut lots: Vec<(String, &str)> =
        list.lines().map(|line| (sm3(format!("{seed}\n{line}")), line)).collect();
    lots.sort();
    lots[..number].iter().map(|(_, line)| (*line).to_owned()).collect()
}

#[tokio::test]
async fn a_draw_is_replayed_from_its_printed_record() {
    let ready = ready().await;
    let (city, department) = (&ready.city, actor(Role::OrganisationDepartment, None, None));
    for name in ["甲一", "乙二", "丙三", "丁四", "戊五", "己六"] {
        let entries = [("name", name), ("pool", "heads"), ("speciality", "law"), ("political", "member")];
        let id = city.create("talents", &entries).await.unwrap();
        city.does(&department, "talents", id, "admit", &[]).await.unwrap();
    }
    let career = [
        ("name", "庚七"),
        ("pool", "heads"),
        ("speciality", "law"),
        ("political", "member"),
        ("career", "2019.01—至今 市某局X1 科长"),
    ];
    let barred = city.create("talents", &career).await.unwrap();
    city.does(&department, "talents", barred, "admit", &[]).await.unwrap();
    let inspection = ready.inspection.to_string();
    let entries = [("inspection", &*inspection), ("duty", "head"), ("pool", "heads"), ("number", "2")];
    let id = city.create("draws", &entries).await.unwrap();
    let own = city.does(&city.office, "draws", id, "draw", &[("witness", "冯某"), ("nonce", "2718")]).await;
    assert_eq!(reason(own), Reason::Forbidden, "who published the list does not draw");
    let short = city.does(&department, "draws", id, "draw", &[("witness", "冯某"), ("nonce", "27a8")]).await;
    assert_eq!(refused_field(short), "nonce");
    city.does(&department, "draws", id, "draw", &[("witness", "冯某"), ("nonce", "2718")]).await.unwrap();
    let view = city.show(&city.office, "draws", id).await.unwrap();
    let printed = |key: &str| fact(&view, key).unwrap().plain();
    assert_eq!(printed("list").lines().count(), 6);
    assert!(printed("excluded").contains("庚七") && printed("excluded").contains("现任职于"));
    let drawn: Vec<String> = printed("picked").lines().map(str::to_owned).collect();
    assert_eq!(drawn, replay(&printed("list"), &printed("nonce"), 2));
    let again = city.does(&department, "draws", id, "draw", &[("witness", "冯某"), ("nonce", "3141")]).await;
    assert_eq!(reason(again), Reason::Conflict);
}

//! Finding records by words: by their own text, and by the unit they are about.

use crate::support::{City, Person};

/// How many rows the list of `noun` has for `query`.
async fn total(person: &Person<'_>, noun: &str, query: kit::web::Query) -> i64 {
    let answer = person.get(&query.address(&format!("/api/v1/{noun}"))).await;
    answer.json()["total"].as_i64().unwrap_or_else(|| panic!("no total: {}", answer.body))
}

fn words(text: &str) -> kit::web::Query {
    kit::web::Query::default().with("q", text)
}

/// The unit with most problems: its id and name, and the first words of one of its problems.
async fn unit(city: &City) -> (uuid::Uuid, String, i64) {
    let sql = db::Sql::new(
        "select o.id, o.name, count(*) from problem p join organisation o on o.id = p.organisation_id \
         group by o.id, o.name order by 3 desc, o.name limit 1",
    );
    let rows = city.behind().rows(sql).await.expect("rows");
    let row = rows.first().expect("a unit");
    (
        row.try_get_by_index(0).expect("an id"),
        row.try_get_by_index(1).expect("a name"),
        row.try_get_by_index(2).expect("a count"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_and_measures_are_found_by_the_name_of_their_unit() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let (id, name, problems) = unit(&city).await;
    for noun in ["problems", "measures"] {
        let of_unit =
            total(&person, noun, kit::web::Query::default().with("f.organisation", &id.to_string())).await;
        let found = total(&person, noun, words(&name)).await;
        assert!(of_unit > 0 && found >= of_unit, "{noun}: {found} found, {of_unit} of {name}");
        let both = words(&name).with("f.organisation", &id.to_string());
        assert_eq!(total(&person, noun, both).await, of_unit, "{noun}: every one of {name}");
    }
    assert!(problems > 0);
    let short: String = name.chars().skip(name.chars().count() - 3).collect();
    assert!(total(&person, "problems", words(&short)).await >= problems, "{short} is part of {name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_and_another_word_narrow_each_other() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let (id, name, problems) = unit(&city).await;
    let mut sql = db::Sql::new("select count(*) from problem where organisation_id = ");
    sql.bind(id).push(" and (title like '%资金%' or text like '%资金%' or feedback_text like '%资金%')");
    let expected = city.behind().number(sql).await.expect("a count");
    let narrowed = words(&format!("{name} 资金")).with("f.organisation", &id.to_string());
    let found = total(&person, "problems", narrowed).await;
    assert_eq!(found, expected);
    assert!(found < problems, "all {problems} have the word");
    let nowhere = words(&format!("{name} 世上没有的词"));
    assert_eq!(total(&person, "problems", nowhere).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_named_in_a_search_opens_nothing_to_whom_it_is_closed() {
    let city = City::new().await;
    let liaison = city.person("organisation_liaison").await;
    let own = total(&liaison, "problems", kit::web::Query::default()).await;
    let (_, name, _) = unit(&city).await;
    assert!(total(&liaison, "problems", words(&name)).await <= own);
    assert!(total(&liaison, "problems", words("局")).await <= own);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_unit_is_found_by_its_new_name_at_once() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let (id, _, problems) = unit(&city).await;
    let renamed = "update organisation set name = '市琥珀珊瑚局' where id = ";
    city.app
        .write(&std::sync::Arc::new(kit::Actor::program("test")), |cx| {
            Box::pin(async move {
                let mut sql = db::Sql::new(renamed);
                sql.bind(id);
                cx.execute(sql).await?;
                cx.record("edit", "organisations", Some(id), kit::audit::Outcome::Done);
                Ok(())
            })
        })
        .await
        .expect("renamed");
    assert_eq!(total(&person, "problems", words("琥珀珊瑚局")).await, problems);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sealed_is_not_found_by_its_unit() {
    let city = City::new().await;
    for service in city.app.registry().services.iter().filter(|one| one.secrecy == kit::Secrecy::Sealed) {
        let person = city.person("office_director").await;
        if !service.reachable(&city.actor_of(&person.login).await) {
            continue;
        }
        let (_, name, _) = unit(&city).await;
        let mut sql = db::Sql::new("select count(*) from search_entry where noun = ");
        sql.bind(service.noun);
        let indexed = city.behind().number(sql).await.expect("a count");
        assert!(total(&person, service.noun, words(&name)).await <= indexed, "{}", service.noun);
    }
}

/// Writes a word into what the team found, and another into the feedback, of a problem of the liaison's unit, both in the index.
async fn plant(city: &City, unit: uuid::Uuid, found: &'static str, told: &'static str) {
    let program = std::sync::Arc::new(kit::Actor::program("test"));
    let planted = city.app.write(&program, |cx| {
        Box::pin(async move {
            let mut sql =
                db::Sql::new("select id from problem where fed_back_on is not null and organisation_id = ");
            sql.bind(unit).push(" order by number limit 1");
            let row = cx.row(sql).await?.expect("a problem that was fed back");
            let id: uuid::Uuid = row.try_get_by_index(0)?;
            let mut sql = db::Sql::new("update problem set text = ");
            sql.bind(found).push(", feedback_text = ").bind(told).push(" where id = ").bind(id);
            cx.execute(sql).await?;
            cx.index("problems", id, format!("{found} {told}"));
            cx.record("edit", "problems", Some(id), kit::audit::Outcome::Done);
            Ok(())
        })
    });
    planted.await.expect("planted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_does_not_find_its_problem_by_the_words_of_those_who_found_it() {
    const FOUND: &str = "据琥珀会计反映";
    const TOLD: &str = "珊瑚台账不全";
    let city = City::new().await;
    let (liaison, office) = (city.person("organisation_liaison").await, city.person("office_director").await);
    let posts = city.actor_of(&liaison.login).await.posts;
    let unit = posts.first().and_then(|post| post.organisation).expect("a unit");
    plant(&city, unit, FOUND, TOLD).await;
    let mut named = db::Sql::new("select name from organisation where id = ");
    named.bind(unit);
    let row = city.behind().row(named).await.expect("rows").expect("the unit");
    let name: String = row.try_get_by_index(0).expect("a name");
    for term in [FOUND.to_owned(), "琥珀".to_owned(), format!("{name} 琥珀")] {
        assert_eq!(total(&liaison, "problems", words(&term)).await, 0, "{term}");
        assert_eq!(total(&liaison, "problems", kit::web::Query::default().with("f.title", &term)).await, 0);
        let page = liaison.get(&words(&term).address("/search")).await;
        assert!(groups(&page.body).iter().all(|(label, _)| label != "问题"), "{term}");
    }
    assert_eq!(total(&office, "problems", words(FOUND)).await, 1);
    for person in [&liaison, &office] {
        for term in ["珊瑚".to_owned(), format!("{name} 珊瑚"), "珊瑚 台账".to_owned()] {
            assert_eq!(total(person, "problems", words(&term)).await, 1, "{term}");
            let page = person.get(&words(&term).address("/search")).await;
            assert!(groups(&page.body).iter().any(|(label, _)| label == "问题"), "{term}");
        }
    }
}

/// The headings of the page of all nouns with the count beside each.
fn groups(body: &str) -> Vec<(String, String)> {
    body.split("<section class=\"todo\"><h2>")
        .skip(1)
        .map(|part| {
            let (label, rest) = part.split_once("<span class=\"count\">").expect("a count");
            (label.to_owned(), rest.split_once("</span>").expect("a count").0.to_owned())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_of_everything_begins_with_what_people_look_for_and_tells_lines_apart() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let body = person.get("/search?q=%E9%87%87%E8%B4%AD").await.body;
    let groups = groups(&body);
    let at = |label: &str| groups.iter().position(|(held, _)| held == label);
    let problems = at("问题").unwrap_or_else(|| panic!("no problems: {groups:?}"));
    assert!(problems <= 1, "{groups:?}");
    let last_of_work =
        groups.iter().rposition(|(label, _)| !["字典", "政策参数", "字典项"].contains(&label.as_str()));
    assert!(at("字典").is_none_or(|dictionaries| last_of_work < Some(dictionaries)), "{groups:?}");
    assert_eq!(groups.get(problems).map(|(_, count)| count.as_str()), Some("10+"), "{groups:?}");
    let section = body.split("<h2>问题<").nth(1).expect("problems");
    let line = section.split("<li ").nth(1).expect("a line");
    assert!(line.contains("<b>WT-") && line.contains(" · ") && line.contains("<small>"), "{line}");
    assert_eq!(section.split("</ul>").next().map(|list| list.matches("<li ").count()), Some(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_of_everything_finds_a_unit_first_and_then_its_problems() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let (_, name, _) = unit(&city).await;
    let body = person.get(&words(&name).address("/search")).await.body;
    let groups = groups(&body);
    assert_eq!(groups.first().map(|(label, _)| label.as_str()), Some("组织机构"), "{groups:?}");
    assert_eq!(groups.get(1).map(|(label, _)| label.as_str()), Some("问题"), "{groups:?}");
    let problems = body.split("<h2>问题<").nth(1).expect("problems");
    assert!(problems.contains(&format!("<small>{name}</small>")), "{problems}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_of_a_unit_leads_to_its_problems_and_inspections_for_those_who_see_them() {
    let city = City::new().await;
    let (id, _, problems) = unit(&city).await;
    let director = city.person("office_director").await;
    let page = director.get(&format!("/organisations/{id}")).await.body;
    for noun in ["problems", "inspection_units"] {
        assert!(page.contains(&format!("/{noun}?f.organisation={id}")), "no way to {noun}");
    }
    let narrowed = kit::web::Query::default().with("f.organisation", &id.to_string());
    assert_eq!(total(&director, "problems", narrowed).await, problems);
    let administrator = city.person("system_administrator").await;
    let page = administrator.get(&format!("/organisations/{id}")).await.body;
    assert!(!page.contains("/problems?f.organisation="), "whoever sees no problems is led to none");
}

/// Enters many values of a dictionary: those from `bare` on do not hold the word.
async fn enter_values(city: &City, values: usize, bare: usize) {
    let program = std::sync::Arc::new(kit::Actor::program("test"));
    let entered = city.app.write(&program, |cx| {
        Box::pin(async move {
            let day = chrono::NaiveDate::from_ymd_opt(2020, 1, 1).expect("a day");
            let numbers: Vec<usize> = (0..values).collect();
            for some in numbers.chunks(100) {
                let mut sql = db::Sql::new(
                    "insert into dictionary_item (id, version, kind, code, label, position, valid_from, basis) values ",
                );
                for (at, number) in some.iter().enumerate() {
                    let id = cx.new_id();
                    let label = if *number < bare { "核桃木" } else { "其他" };
                    sql.push(if at == 0 { "(" } else { ", (" }).bind(id).push(", 1, 'field', ");
                    sql.bind(format!("z{number:05}")).push(", ").bind(label).push(", 1, ").bind(day).push(", '')");
                    cx.index("dictionaries", id, label);
                }
                cx.execute(sql).await?;
            }
            cx.record("create", "dictionaries", None, kit::audit::Outcome::Done);
            Ok(())
        })
    });
    entered.await.expect("entered");
}

async fn codes(person: &Person<'_>, query: &str) -> (Vec<String>, serde_json::Value) {
    let answer =
        person.get(&format!("/api/v1/dictionaries?size=3&q=%E6%A0%B8%E6%A1%83&{query}")).await.json();
    let items = answer["items"].as_array().unwrap_or_else(|| panic!("no items: {answer}")).clone();
    let code = |item: &serde_json::Value| item["code"].as_str().expect("a code").to_owned();
    (items.iter().map(code).collect(), answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_many_rows_hold_is_found_page_by_page_wherever_they_stand() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    // More than are counted hold the word; the last 2,500 in the order, more than are walked, do not.
    enter_values(&city, 13_500, 11_000).await;
    let (first, answer) = codes(&person, "sort=code").await;
    assert_eq!(first, ["z00000", "z00001", "z00002"]);
    assert_eq!(
        (answer["total"].as_i64(), answer["total_is_lower_bound"].as_bool()),
        (Some(10_000), Some(true))
    );
    let next = answer["next"].as_str().expect("a next page");
    let (second, answer) =
        codes(&person, &kit::web::Query::default().with("sort", "code").with("after", next).to_string())
            .await;
    assert_eq!(second, ["z00003", "z00004", "z00005"]);
    let previous = answer["previous"].as_str().expect("a page before");
    let before = kit::web::Query::default().with("sort", "code").with("before", previous).to_string();
    assert_eq!(codes(&person, &before).await.0, first);
    let (last, _) = codes(&person, "sort=-code").await;
    assert_eq!(last, ["z10999", "z10998", "z10997"], "behind more rows than are walked");
}

/// How many rows of `table` that the reader sees hold `word` in one of `columns`.
async fn holding(reader: &kit::Cx, noun: &str, columns: &[&str], word: &str) -> i64 {
    let service = reader.app().registry().service(noun).expect("a service");
    let mut sql = db::Sql::new("select count(*) from ");
    sql.push(service.table).push(" t where ");
    service.scope(&reader.actor).write("t", &mut sql);
    sql.push(" and (1 = 0");
    for column in columns {
        sql.push(" or t.").push(column).push(" like ").bind(format!("%{word}%"));
    }
    sql.push(")");
    reader.number(sql).await.expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_few_rows_finds_the_same_in_them() {
    let city = City::new().await;
    let liaison = city.person("organisation_liaison").await;
    let reader = liaison.reading().await;
    for (noun, columns, word) in [
        ("problems", ["number", "title", "team", "feedback_text"], "资金"),
        ("measures", ["text", "goal", "owner_name", "department"], "制度"),
    ] {
        let expected = holding(&reader, noun, &columns, word).await;
        assert!(expected > 0, "no {noun} with {word}");
        assert_eq!(total(&liaison, noun, words(word)).await, expected, "{noun}");
    }
}

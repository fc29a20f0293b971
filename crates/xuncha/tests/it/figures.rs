//! Figures on pages: numbers of a draft held against the ledgers, parts of figures, what a person sees of them.

use serde_json::json;

use crate::support::City;

const DRAFT: &str = "全年对35家市级单位开展常规巡察，反馈问题1,114个，移送问题线索121件。\r\n\
    截至2023年12月31日，全覆盖率49.02%，问题整改完成率为92.92%。";
const DAY: [(&str, &str); 2] = [("as_of", "2023-12-31"), ("year", "2023")];

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_of_a_draft_stand_beside_what_the_ledgers_give() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    assert!(director.get("/figures").await.body.contains("/figures-check?as_of="));
    assert_eq!(director.get("/figures-check").await.status, 200);
    let answer = director.post("/figures-check", &[("text", DRAFT), DAY[0], DAY[1]]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    for piece in [
        "一致 4，不一致 1，不能判定 0",
        "第 1 行</a>",
        "<mark class=\"mark-bad\">121件</mark>",
        "“移送问题线索”文中为121件，按台账截至 2023-12-31 为120件",
        "/problems?f.fed_back_on.from=2023-01-01",
        "比率不可能",
    ] {
        assert!(answer.body.contains(piece), "{piece} in {}", answer.body);
    }
    let answer = director
        .api("/api/v1/figures/check", json!({ "text": DRAFT, "as_of": "2023-12-31", "year": "2023" }))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let report = answer.json();
    assert_eq!(report["numbers"][2]["verdict"], "differs");
    assert_eq!(report["numbers"][2]["counted"][0]["value"], "120");
    assert_eq!(
        (report["numbers"][3]["line"].as_i64(), report["as_of"].as_str()),
        (Some(2), Some("2023-12-31"))
    );
    assert!(
        report["findings"]
            .as_array()
            .is_some_and(|found| found.iter().any(|one| one["kind"] == "impossible"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_also_read_from_a_file_and_kept_on_the_page() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    let body = |name: &str, content: &str| {
        let part = |name: &str, value: &str| {
            format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        format!(
            "{}{}{}--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{content}\r\n--cut--\r\n",
            part("csrf", &director.csrf()),
            part(DAY[0].0, DAY[0].1),
            part(DAY[1].0, DAY[1].1),
        )
    };
    let headers = [("content-type", "multipart/form-data; boundary=cut")];
    let answer =
        director.send("POST", "/figures-check", &headers, body("综述.txt", "反馈问题1114个。").into()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(
        answer.body.contains("一致 1，") && answer.body.contains("反馈问题1114个。</textarea>"),
        "{}",
        answer.body
    );
    let answer = director.send("POST", "/figures-check", &headers, body("综述.pdf", "%PDF-1.7").into()).await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
    assert_eq!(
        city.number("select count(*) from attachment where name = '综述.txt'").await,
        0,
        "nothing is kept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_given_to_the_check_is_refused_with_a_sentence_and_kept() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    let long = "9".repeat(1 << 20);
    for (text, as_of, sentence) in [
        ("", "2023-12-31", "没有可核对的文字"),
        (" \r\n ", "2023-12-31", "没有可核对的文字"),
        ("反馈问题\u{0}1114个", "2023-12-31", "不可见的字符"),
        (long.as_str(), "2023-12-31", "超过 10 万字"),
        ("反馈问题1114个", "2023-02-30", "统计日不是有效的日期"),
        ("反馈问题1114个", "9999-12-31", "统计日不是有效的日期"),
        ("反馈问题1114个", "2090-01-01", "统计日不能晚于今天"),
    ] {
        let answer = director.post("/figures-check", &[("text", text), ("as_of", as_of), DAY[1]]).await;
        assert_eq!(answer.status, 422, "{sentence}");
        assert!(answer.body.contains(sentence), "{sentence} in the answer");
        assert!(!answer.body.contains('\u{0}'));
        let kept = text.replace('\u{0}', "");
        let end = kept.chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect::<String>();
        assert!(
            text.trim().is_empty() || answer.body.contains(&format!("{end}</textarea>")),
            "{sentence}: kept"
        );
        let answer = director.api("/api/v1/figures/check", json!({ "text": text, "as_of": as_of })).await;
        assert!(matches!(answer.status, 400 | 422), "{} for {sentence}", answer.status);
    }
    let answer = director.api("/api/v1/figures/check", json!({ "text": "反馈问题1个", "tex": "" })).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_read_no_figures_finds_no_check_and_who_reads_a_part_is_told_so() {
    let city = City::new().await;
    let member = city.person("team_member").await;
    assert_eq!(member.get("/figures-check").await.status, 404);
    assert_eq!(member.post("/figures-check", &[("text", DRAFT), DAY[0], DAY[1]]).await.status, 404);
    assert_eq!(member.api("/api/v1/figures/check", json!({ "text": DRAFT })).await.status, 404);
    let (director, district) = (city.person("office_director").await, city.person("district_office").await);
    for path in [
        "/figures",
        "/annual-review",
        "/figures-check",
        "/figures/problems_fed_back/rows?as_of=2023-12-31&year=2023",
    ] {
        assert!(district.get(path).await.body.contains("只统计您工作范围内的记录"), "{path}");
        assert!(!director.get(path).await.body.contains("只统计您工作范围内的记录"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_figure_is_named_and_nonsense_parts_are_refused() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    let page = "/figures/problems_fed_back/rows?as_of=2023-12-31&year=2023";
    let answer = director.get(&format!("{page}&by.organisation_kind=soe")).await;
    assert!(answer.status == 200 || answer.status == 400);
    let answer = director.get(&format!("{page}&by.inspection_kind=special")).await;
    assert!(
        answer.body.contains("巡察类型：专项巡察") && answer.body.contains("查看全部"),
        "{}",
        answer.body
    );
    assert!(
        answer.body.contains("<th scope=\"col\">编号</th>")
            && answer.body.contains("<th scope=\"col\">单位</th>")
    );
    for nonsense in [
        "by.district=x",
        "by.month=2023-13",
        "by.none=1",
        "by.closing=",
        "by.planned=2023",
        "by.disposal=none",
        "by.team=%00",
        "by.age=3&by.age=6",
    ] {
        assert_eq!(director.get(&format!("{page}&{nonsense}")).await.status, 400, "{nonsense}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_read_numbers_with_marks_and_programs_without() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    let page = director.get("/figures?as_of=2023-12-31&year=2023").await.body;
    assert!(page.contains("<b>1,114</b>") && page.contains("1,050 / 1,130"), "{page}");
    assert!(page.contains("727.13万㎡ / 782.62万㎡"));
    assert!(page.contains("<span class=\"nowrap\">2023-12-31</span>"));
    let review = director.get("/annual-review?as_of=2023-12-31&year=2023").await.body;
    assert!(review.contains("1,114</a>") && review.contains("+1,098") && review.contains("含全部巡察类型"));
    assert!(!review.contains("<td class=\"num\"></td>"), "nothing to compare is said");
    let coverage = director.get("/coverage?day=2023-12-31").await.body;
    assert!(
        coverage.contains("<a href=\"/figures/coverage_rate/rows?as_of=2023-12-31&amp;year=2023\"><b>50</b>")
            || coverage
                .contains("<a href=\"/figures/coverage_rate/rows?as_of=2023-12-31&#38;year=2023\"><b>50</b>"),
        "{coverage}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_says_what_it_is_and_a_record_opens_where_something_is() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    let home = director.get("/").await.body;
    let items: Vec<(&str, &str)> = home
        .split("<a class=\"row-link\"")
        .skip(1)
        .filter_map(|item| Some((between(item, "<b>", "</b>")?, between(item, "<small>", "</small>")?)))
        .collect();
    let coded = |title: &str| title.is_ascii() || title.starts_with("巡〔");
    let codes: Vec<_> = items.iter().filter(|(title, _)| coded(title)).collect();
    assert!(codes.len() > 3, "{items:?}");
    let bare: Vec<_> = codes.iter().filter(|(_, detail)| !detail.contains('·')).collect();
    assert!(bare.is_empty(), "nothing says what these are: {bare:?}");
    let sql = db::Sql::new(
        "select p.id from problem p where p.id in (select m.problem_id from measure m) \
         and p.id not in (select d.problem_id from draft d where d.problem_id is not null) order by p.number limit 1",
    );
    let ids = city.ids(sql).await;
    let page = director.get(&format!("/problems/{}", ids[0])).await.body;
    let current = page.split("aria-label=\"本条记录的内容\"").nth(1).unwrap_or_default();
    let current = current.split("aria-current=\"page\">").nth(1).unwrap_or_default();
    assert!(current.starts_with("整改措施"), "{}", &current[..current.len().min(60)]);
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    text.split_once(from)?.1.split_once(to).map(|(inside, _)| inside)
}

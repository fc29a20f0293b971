//! Rankings learnt on invented markets whose rings are known.

use screens::{
    invented::Market,
    ranking::{Labelling, Lesson, Origin, Ranking, Settings, Trained, train},
    table::Columns,
};

use crate::near;

fn columns() -> Columns {
    Columns {
        tender: "标段".to_owned(),
        bid: "报价".to_owned(),
        winner: Some("中标".to_owned()),
        bidder: Some("投标人".to_owned()),
        ceiling: Some("控制价".to_owned()),
    }
}

fn labelling(group: Option<&str>) -> Labelling {
    Labelling { tender: "标段".to_owned(), label: "已确认".to_owned(), group: group.map(str::to_owned) }
}

/// Fewer trees than usual: tests are built without optimisation.
fn settings(seed: u64) -> Settings {
    Settings { seed, trees: 50, ..Settings::default() }
}

fn market(seed: u64) -> Market {
    Market { tenders: 500, seed, ..Market::default() }
}

fn trained(data: &str, group: Option<&str>, seed: u64) -> Trained {
    let lesson = Lesson {
        columns: &columns(),
        labelling: &labelling(group),
        settings: settings(seed),
        origin: vec![Origin { role: "投标数据".to_owned(), digest: "0".repeat(64) }],
    };
    train(data.as_bytes(), data.as_bytes(), lesson).expect("a ranking")
}

#[test]
fn rings_are_ranked_far_above_chance_on_tenders_that_were_not_learnt_from() {
    let Trained { ranking, .. } = trained(&market(3).csv(), Some("案件"), 1);
    let seen = &ranking.card.validation;
    assert!(seen.auc > 0.85 && seen.auc_low > 0.8, "{seen:?}");
    assert!(seen.informative && seen.auc_low < seen.auc && seen.auc < seen.auc_high);
    assert!(seen.average_precision > 2.0 * seen.base_rate, "{seen:?}");
    assert!(ranking.card.grouped && ranking.card.groups < ranking.card.tenders);
    assert!(!ranking.card.importance.is_empty());
}

#[test]
fn probabilities_are_calibrated() {
    let Trained { ranking, .. } = trained(&market(4).csv(), Some("案件"), 1);
    let seen = &ranking.card.validation;
    assert!(seen.calibration_error < 0.06, "{seen:?}");
    assert!(seen.brier < 0.8 * seen.brier_by_chance, "{seen:?}");
    assert_eq!(seen.bins.iter().map(|bin| bin.tenders).sum::<usize>(), ranking.card.tenders);
}

#[test]
fn another_year_of_the_same_market_is_ranked_as_well_and_every_score_says_what_drove_it() {
    let Trained { ranking, .. } = trained(&market(5).csv(), Some("案件"), 1);
    let later = market(6);
    let scores = ranking.score(later.csv().as_bytes(), &columns()).expect("scores");
    let rings: Vec<bool> = later.tenders().map(|tender| tender.ring.is_some()).collect();
    assert_eq!(scores.tenders.len(), rings.len());
    let mut order: Vec<(u64, bool)> =
        scores.tenders.iter().zip(rings).filter_map(|(tender, ring)| Some((tender.rank?, ring))).collect();
    order.sort_unstable();
    let first = order.iter().take(30).filter(|(_, ring)| *ring).count();
    assert!(first >= 24, "{first} of the first 30");
    assert!(order.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0), "every place once");
    assert!(scores.warnings.is_empty(), "{:?}", scores.warnings);
    for tender in scores.tenders.iter().filter(|tender| tender.score.is_some()) {
        assert!(!tender.drivers.is_empty());
        assert!(
            tender.drivers.windows(2).all(|pair| pair[0].contribution.abs() >= pair[1].contribution.abs())
        );
        let rates = [tender.probability, tender.false_positive_rate, tender.false_negative_rate];
        assert!(rates.into_iter().all(|rate| rate.is_some_and(|rate| (0.0..=1.0).contains(&rate))));
    }
    let first = scores.tenders.iter().find(|tender| tender.rank == Some(1)).and_then(|tender| tender.score);
    let best = scores.tenders.iter().filter_map(|tender| tender.score).reduce(f64::max);
    assert_eq!(first, best);
}

#[test]
fn the_same_seed_gives_the_same_file_and_the_file_scores_as_before() {
    let data = market(7).csv();
    let once = trained(&data, None, 1).ranking;
    let file = once.to_json().expect("a file");
    assert_eq!(file, trained(&data, None, 1).ranking.to_json().expect("a file"));
    assert_ne!(file, trained(&data, None, 2).ranking.to_json().expect("a file"));
    let back = Ranking::read(file.as_bytes()).expect("a ranking");
    let score = |ranking: &Ranking| ranking.score(data.as_bytes(), &columns()).expect("scores");
    for (one, other) in score(&once).tenders.iter().zip(&score(&back).tenders) {
        assert_eq!(one.rank, other.rank);
        if let (Some(one), Some(other)) = (one.score, other.score) {
            near(one, other);
        }
    }
}

#[test]
fn names_amounts_and_the_order_of_bids_do_not_matter() {
    let data = market(8).csv();
    let ranking = trained(&data, None, 1).ranking;
    let mut lines: Vec<String> = data
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            // Another currency, other names.
            let scaled = |cell: &str| cell.parse::<f64>().expect("an amount") * 4.0;
            format!("X{},Y{},{},{},{}", cells[0], cells[1], scaled(cells[2]), cells[3], scaled(cells[4]))
        })
        .collect();
    lines.insert(0, "标段,投标人,报价,中标,控制价".to_owned());
    let other = lines.join("\n");
    let one = ranking.score(data.as_bytes(), &columns()).expect("scores");
    let other = ranking.score(other.as_bytes(), &columns()).expect("scores");
    for (one, other) in one.tenders.iter().zip(&other.tenders) {
        assert!(
            (one.score.unwrap_or_default() - other.score.unwrap_or_default()).abs() < 0.2,
            "{one:?} {other:?}"
        );
    }
}

#[test]
fn labels_that_tell_nothing_are_called_uninformative() {
    let mut data = String::from("标段,投标人,报价,中标,控制价,已确认,案件\n");
    let honest = Market { rings: 0, tenders: 300, seed: 9, ..Market::default() };
    for tender in honest.tenders() {
        let mut rows = String::new();
        honest.rows(&tender, &mut rows);
        // Every third is called a case, whatever its bids.
        let mark = format!(",{},", u8::from(tender.number % 3 == 0));
        data.push_str(&rows.replace(",0,\n", &format!("{mark}\n")));
    }
    let Trained { ranking, .. } = trained(&data, None, 1);
    assert!(!ranking.card.validation.informative, "{:?}", ranking.card.validation);
    assert!(ranking.card.markdown().contains("没有信息量"));
    let scores = ranking.score(data.as_bytes(), &columns()).expect("scores");
    assert!(scores.warnings.iter().any(|warning| warning.contains("没有信息量")), "{:?}", scores.warnings);
}

#[test]
fn too_few_labels_or_one_case_alone_are_refused_with_a_sentence() {
    let lesson = |group: Option<&'static str>| {
        let labelling = Box::leak(Box::new(labelling(group)));
        let columns = Box::leak(Box::new(columns()));
        Lesson { columns, labelling, settings: settings(1), origin: Vec::new() }
    };
    let few = Market { tenders: 40, ..Market::default() }.csv();
    let error = train(few.as_bytes(), few.as_bytes(), lesson(None)).expect_err("refused");
    assert!(error.to_string().contains("标注太少"), "{error}");
    let one = Market { tenders: 300, rings: 1, ..Market::default() }.csv();
    let error = train(one.as_bytes(), one.as_bytes(), lesson(Some("案件"))).expect_err("refused");
    assert!(error.to_string().contains("一个案件"), "{error}");
}

#[test]
fn odd_labels_are_counted_and_left_out() {
    let data = market(10).csv();
    let mut labels = String::from("编号,结论\n");
    for tender in market(10).tenders() {
        let mark = if tender.ring.is_some() { "是" } else { "否" };
        labels.extend(["T", &tender.number.to_string(), ",", mark, "\n"]);
    }
    labels.push_str("T0,是\nT0,否\nT1,不清楚\n不存在,是\n,是\nT3\nT4,\n");
    let labelling = Labelling { tender: "编号".to_owned(), label: "结论".to_owned(), group: None };
    let lesson =
        Lesson { columns: &columns(), labelling: &labelling, settings: settings(1), origin: Vec::new() };
    let Trained { labels: report, .. } =
        train(data.as_bytes(), labels.as_bytes(), lesson).expect("a ranking");
    assert_eq!((report.contradictory, report.unclear, report.unknown), (1, 3, 1));
    assert_eq!(report.matched, report.labelled - 1);
    assert!(report.sentences().iter().any(|sentence| sentence.contains("前后矛盾")));
}

#[test]
fn missing_columns_and_another_market_are_pointed_out() {
    let ranking = trained(&market(11).csv(), None, 1).ranking;
    let bare = Columns { tender: "标段".to_owned(), bid: "报价".to_owned(), ..Columns::default() };
    let data = market(12).csv();
    let scores = ranking.score(data.as_bytes(), &bare).expect("scores");
    assert!(scores.warnings.iter().any(|warning| warning.contains("贴近控制价")), "{:?}", scores.warnings);
    let mut wide = String::from("标段,投标人,报价,中标,控制价\n");
    for tender in 0..60 {
        for bid in 0..20 {
            let amount = (tender + 2) * (bid * bid + 1);
            wide.extend([format!("W{tender},家{bid},{amount},0,9\n")]);
        }
    }
    let scores = ranking.score(wide.as_bytes(), &columns()).expect("scores");
    assert!(scores.warnings.iter().any(|warning| warning.contains("明显不同")), "{:?}", scores.warnings);
}

#[test]
fn a_tender_with_too_few_bids_has_no_score_and_says_why() {
    let ranking = trained(&market(13).csv(), None, 1).ranking;
    let data = "标段,投标人,报价,中标,控制价\nA,甲,100,1,200\nA,乙,110,0,200\nB,甲,-5,1,\n";
    let scores = ranking.score(data.as_bytes(), &columns()).expect("scores");
    assert!(scores.tenders.iter().all(|tender| tender.rank.is_none() && tender.reason == Some("too_few")));
    assert_eq!(scores.bids.left_out.values().map(|left| left.rows).sum::<u64>(), 1);
}

#[test]
fn a_damaged_file_is_refused_not_followed() {
    let file = trained(&market(14).csv(), None, 1).ranking.to_json().expect("a file");
    for damaged in [
        file[..file.len() / 2].to_owned(),
        file.replace("xuncha-ranking", "something"),
        file.replace(",[1,", ",[900000,"),
        file.replace("\"features\":[{", "\"features\":[], \"unknown\":[{"),
        "{}".to_owned(),
        String::new(),
    ] {
        assert!(Ranking::read(damaged.as_bytes()).is_err());
    }
}

#[test]
fn the_card_says_what_it_is_for_and_how_it_was_judged() {
    let Trained { ranking, .. } = trained(&market(15).csv(), Some("案件"), 1);
    let card = ranking.card.markdown();
    for said in ["不作任何认定", "同一案件的标段在同一折", "AUC", "Brier", "校准误差", "摘要（SM3）", "局限"]
    {
        assert!(card.contains(said), "{said} in {card}");
    }
}

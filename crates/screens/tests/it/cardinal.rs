//! The indicators against their published definitions: cases by hand, and a second slow way over generated releases.

use std::collections::{BTreeMap, BTreeSet};

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use screens::cardinal::{Group, Indicator, Outcome, Settings, run};
use serde_json::{Value, json};

fn only(indicator: Indicator) -> Settings {
    Settings { only: BTreeSet::from([indicator]), ..Settings::default() }
}

fn lines(releases: &[Value]) -> String {
    let lines: Vec<String> = releases.iter().map(Value::to_string).collect();
    lines.join("\n")
}

fn answered(releases: &[Value], settings: &Settings) -> Outcome {
    run(lines(releases).as_bytes(), settings).expect("an answer")
}

/// The flags alone, as they are printed.
fn flags(outcome: &Outcome) -> Value {
    let mut printed = serde_json::to_value(outcome).expect("JSON");
    let map = printed.as_object_mut().expect("an object");
    map.remove("Meta");
    map.remove("Report");
    printed
}

fn bid(status: &str, tenderer: &str, amount: f64) -> Value {
    json!({"status": status, "tenderers": [{"id": tenderer}], "value": {"amount": amount, "currency": "CNY"}})
}

fn process(ocid: &str, bids: &[Value], supplier: &str) -> Value {
    json!({"ocid": ocid, "bids": {"details": bids}, "awards": [{"status": "active", "suppliers": [{"id": supplier}]}]})
}

#[test]
fn a_period_of_fewer_than_fifteen_whole_days_is_short() {
    let with = |ocid: &str, end: &str| json!({"ocid": ocid, "tender": {"tenderPeriod": {"startDate": "2025-01-01T18:00:00+08:00", "endDate": end}}});
    let releases = [
        with("short", "2025-01-16T17:59:59+08:00"),
        with("exact", "2025-01-16T18:00:00+08:00"),
        with("other zone", "2025-01-16T09:59:59Z"),
        with("no date", "soon"),
    ];
    let outcome = answered(&releases, &only(Indicator::R003));
    assert_eq!(flags(&outcome), json!({"OCID": {"short": {"R003": 1.0}, "other zone": {"R003": 1.0}}}));
    assert_eq!(outcome.report.indicators[&Indicator::R003].computed, 3);
}

#[test]
fn one_tenderer_counts_only_in_open_methods_and_as_a_whole_number() {
    let with = |ocid: &str, method: &str, number: Value| json!({"ocid": ocid, "tender": {"procurementMethod": method, "numberOfTenderers": number}});
    let releases = [
        with("a", "open", json!(1)),
        with("b", "direct", json!(1)),
        with("c", "open", json!(1.0)),
        with("d", "selective", json!(2)),
    ];
    assert_eq!(flags(&answered(&releases, &only(Indicator::R018))), json!({"OCID": {"a": {"R018": 1.0}}}));
}

#[test]
fn price_differences_flag_both_ends() {
    let mut releases: Vec<Value> = (0..8)
        .map(|at| process(&format!("p{at}"), &[bid("valid", "W", 100.0), bid("valid", "L", 110.0)], "W"))
        .collect();
    releases.push(process("near", &[bid("valid", "W", 100.0), bid("valid", "N", 100.5)], "W"));
    releases.push(process("far", &[bid("valid", "F", 100.0), bid("valid", "L", 190.0)], "F"));
    let near = answered(&releases, &only(Indicator::R024));
    assert_eq!(
        flags(&near)["OCID"],
        json!({"near": {"R024": 0.005}, "p0": {"R024": 0.1}, "p1": {"R024": 0.1}, "p2": {"R024": 0.1}, "p3": {"R024": 0.1}, "p4": {"R024": 0.1}, "p5": {"R024": 0.1}, "p6": {"R024": 0.1}, "p7": {"R024": 0.1}}),
        "all that lie on the fence too"
    );
    assert!(
        near.report.indicators[&Indicator::R024].remark.is_none(),
        "ten objects say nothing about plausibility"
    );
    let mut fixed = only(Indicator::R024);
    fixed.set("R024.threshold", "0.05").expect("a setting");
    assert_eq!(
        flags(&answered(&releases, &fixed)),
        json!({"OCID": {"near": {"R024": 0.005}}, "Tenderer": {"W": {"R024": 0.0}, "N": {"R024": 0.0}}})
    );
    let far = answered(&releases, &only(Indicator::R058));
    assert_eq!(far.flags(Group::Process, "far").and_then(|flags| flags.get(Indicator::R058)), Some(0.9));
    assert_eq!(far.flags(Group::Tenderer, "F").and_then(|flags| flags.get(Indicator::R058)), Some(0.0));
}

#[test]
fn what_has_no_difference_is_left_out_of_the_quartiles() {
    let pending = json!({"ocid": "pending", "bids": {"details": [bid("valid", "W", 1.0), bid("valid", "L", 2.0)]},
        "awards": [{"status": "active", "suppliers": [{"id": "W"}]}, {"status": "pending"}]});
    let releases = [
        process("not lowest", &[bid("valid", "W", 5.0), bid("valid", "L", 4.0)], "W"),
        process("disqualified", &[bid("disqualified", "W", 1.0), bid("valid", "L", 4.0)], "W"),
        process("nothing to divide by", &[bid("valid", "W", 0.0), bid("valid", "L", 4.0)], "W"),
        pending,
        process("counts", &[bid("valid", "W", 1.0), bid("valid", "W", 3.0), bid("valid", "L", 4.0)], "W"),
    ];
    let outcome = answered(&releases, &only(Indicator::R058));
    assert_eq!(outcome.report.indicators[&Indicator::R058].computed, 1);
    assert_eq!((outcome.report.no_positive_price, outcome.meta[&Indicator::R058].get("q1")), (1, Some(3.0)));
}

#[test]
fn identical_prices_need_different_tenderers_and_one_currency() {
    let dollars =
        json!({"status": "valid", "tenderers": [{"id": "C"}], "value": {"amount": 5, "currency": "USD"}});
    let releases = [
        process("same", &[bid("valid", "A", 5.0), bid("disqualified", "B", 5.0), dollars], "A"),
        process("one twice", &[bid("valid", "A", 5.0), bid("valid", "A", 5.0)], "A"),
        process("withdrawn", &[bid("valid", "A", 5.0), bid("withdrawn", "D", 5.0)], "A"),
    ];
    let wanted =
        json!({"OCID": {"same": {"R028": 1.0}}, "Tenderer": {"A": {"R028": 1.0}, "B": {"R028": 1.0}}});
    assert_eq!(flags(&answered(&releases, &only(Indicator::R028))), wanted);
}

#[test]
fn disqualifications_are_counted_by_whom_they_concern() {
    let releases = [
        process(
            "others",
            &[
                bid("disqualified", "B", 1.0),
                bid("disqualified", "C", 2.0),
                bid("disqualified", "C", 2.0),
                bid("valid", "A", 3.0),
            ],
            "A",
        ),
        process("not the winner", &[bid("disqualified", "B", 1.0), bid("valid", "A", 3.0)], "X"),
        process(
            "two valid",
            &[bid("disqualified", "B", 1.0), bid("valid", "A", 3.0), bid("valid", "D", 3.0)],
            "A",
        ),
    ];
    let others = answered(&releases, &only(Indicator::R035));
    assert_eq!(flags(&others), json!({"OCID": {"others": {"R035": 2.0}}, "Tenderer": {"A": {"R035": 0.0}}}));
    let lowest = answered(&releases, &only(Indicator::R036));
    assert_eq!(flags(&lowest)["OCID"].as_object().expect("processes").len(), 3);
}

#[test]
fn unusable_lines_are_counted_and_never_stop_the_run() {
    let text = "not json\n\n[1]\n{\"a\":1}\n{\"ocid\":\"x\",\"tender\":{\"status\":\"cancelled\"}}\n{\"ocid\":\"y\"}\n{\"ocid\":\"y\"}\n{\"ocid\":";
    let report = run(text.as_bytes(), &Settings::default()).expect("an answer").report;
    assert_eq!((report.read, report.invalid, report.invalid_lines), (7, 2, vec![1, 8]));
    assert_eq!((report.without_ocid, report.cancelled, report.evaluated, report.repeated), (2, 1, 2, 1));
    assert!(run(&b"\xff\xfe{\n"[..], &Settings::default()).is_ok());
    assert!(run(&b""[..], &Settings::default()).is_ok());
}

#[test]
fn packages_of_releases_and_records_are_opened() {
    let release = process("o", &[bid("valid", "A", 5.0), bid("valid", "B", 5.0)], "A");
    let wanted = json!({"OCID": {"o": {"R028": 1.0}}, "Tenderer": {"A": {"R028": 1.0}, "B": {"R028": 1.0}}});
    let record = json!({"ocid": "o", "compiledRelease": release.clone()});
    for package in [json!({"releases": [release.clone()]}), json!({"records": [record.clone()]}), record] {
        let one_line = run(package.to_string().as_bytes(), &only(Indicator::R028)).expect("an answer");
        assert_eq!(flags(&one_line), wanted, "{package}");
        let pretty = serde_json::to_string_pretty(&package).expect("JSON");
        assert_eq!(flags(&run(pretty.as_bytes(), &only(Indicator::R028)).expect("an answer")), wanted);
    }
}

#[test]
fn unknown_settings_and_values_are_refused() {
    let mut settings = Settings::default();
    for (name, value) in [
        ("R999.threshold", "1"),
        ("R003.threshold", "x"),
        ("R024.threshold", "NaN"),
        ("R025.percentile", "101"),
    ] {
        assert!(settings.set(name, value).is_err(), "{name}");
    }
    assert_eq!(settings, Settings::default());
}

/// Releases of all kinds, many of them odd.
fn generated(count: usize, seed: u64) -> Vec<Value> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let pick = |random: &mut ChaCha8Rng, from: &[&str]| from[random.random_range(0..from.len())].to_owned();
    let statuses = ["valid", "valid", "valid", "valid", "disqualified", "pending", "withdrawn", "invited"];
    (0..count)
        .map(|at| {
            let random = &mut random;
            let firm = |random: &mut ChaCha8Rng| json!({"id": format!("F{}", random.random_range(0..60))});
            let bids: Vec<Value> = (0..random.random_range(0..6))
                .map(|_| {
                    let tenderers: Vec<Value> = (0..if random.random_bool(0.9) { 1 } else { 2 }).map(|_| firm(random)).collect();
                    let currency = if random.random_bool(0.95) { "CNY" } else { "USD" };
                    json!({
                        "status": pick(random, &statuses), "tenderers": tenderers,
                        "date": format!("2025-03-{:02}T09:00:00Z", random.random_range(1..29)),
                        "value": {"amount": f64::from(random.random_range(95..125)) * 100.5, "currency": currency},
                    })
                })
                .collect();
            let supplier = bids.iter().find(|bid| bid["status"] == "valid").map_or_else(|| firm(random), |bid| bid["tenderers"][0].clone());
            let items: Vec<Value> = (0..random.random_range(0..4))
                .map(|_| json!({"classification": {"id": format!("{}000000", random.random_range(10..40))}}))
                .collect();
            let award = pick(random, &["active", "active", "active", "cancelled", "pending"]);
            let mut awards = vec![json!({"status": award, "suppliers": [supplier], "items": items})];
            if random.random_bool(0.1) {
                awards.push(json!({"status": "active", "suppliers": [firm(random)]}));
            }
            json!({
                "ocid": format!("ocds-{at}"),
                "buyer": {"id": format!("B{}", random.random_range(0..25))},
                "tender": {
                    "status": pick(random, &["complete", "complete", "complete", "cancelled"]),
                    "procurementMethod": pick(random, &["open", "selective", "direct"]),
                    "numberOfTenderers": bids.len(),
                    "procuringEntity": {"id": format!("P{}", random.random_range(0..10))},
                    "tenderPeriod": {"startDate": "2025-03-01T08:00:00Z", "endDate": format!("2025-03-{:02}T08:00:00Z", random.random_range(5..29))},
                },
                "bids": {"details": bids},
                "awards": awards,
            })
        })
        .collect()
}

/// The definitions once more, over whole documents, one after the other.
mod slowly {
    use super::*;

    type Found = BTreeMap<String, BTreeMap<String, BTreeMap<String, f64>>>;

    fn texts(list: &Value) -> Vec<String> {
        list.as_array()
            .map(|list| list.iter().filter_map(|entry| entry["id"].as_str().map(str::to_owned)).collect())
            .unwrap_or_default()
    }

    fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
        values.sort_by(f64::total_cmp);
        let h = (values.len() as f64 + 1.0 / 3.0) * share + 1.0 / 3.0;
        let low = h.floor() as usize;
        match low {
            0 => values[0],
            low if low >= values.len() => values[values.len() - 1],
            low => values[low - 1] + (h - low as f64) * (values[low] - values[low - 1]),
        }
    }

    fn fences(values: &[f64]) -> (f64, f64, f64) {
        let (q1, q3) = (quantile(values.to_vec(), 0.25), quantile(values.to_vec(), 0.75));
        (q1, (q3 - q1).mul_add(-1.5, q1), (q3 - q1).mul_add(1.5, q3))
    }

    pub(super) fn found(releases: &[Value]) -> Value {
        let mut found = Found::new();
        let mut flag = |group: &str, id: &str, code: &str, value: f64| {
            found
                .entry(group.to_owned())
                .or_default()
                .entry(id.to_owned())
                .or_default()
                .insert(code.to_owned(), value);
        };
        let (mut differences, mut wins, mut rejected, mut classes) = (
            Vec::new(),
            BTreeMap::<String, (f64, f64)>::new(),
            BTreeMap::<(String, String), (f64, f64)>::new(),
            BTreeMap::<String, (usize, BTreeSet<String>)>::new(),
        );
        for release in releases.iter().filter(|release| release["tender"]["status"] != "cancelled") {
            let ocid = release["ocid"].as_str().expect("an ocid");
            let tender = &release["tender"];
            let bids = release["bids"]["details"].as_array().expect("bids");
            let awards = release["awards"].as_array().expect("awards");
            let of = |status: &str| bids.iter().filter(|bid| bid["status"] == status).collect::<Vec<_>>();
            let active: Vec<&Value> = awards.iter().filter(|award| award["status"] == "active").collect();
            let settled = awards.iter().all(|award| award["status"] != "pending");
            let instant = |name: &str| {
                chrono::DateTime::parse_from_rfc3339(tender["tenderPeriod"][name].as_str().expect("a date"))
                    .expect("a date")
            };
            if (instant("endDate") - instant("startDate")).num_days() < 15 {
                flag("OCID", ocid, "R003", 1.0);
            }
            if tender["numberOfTenderers"] == 1 && tender["procurementMethod"] != "direct" {
                flag("OCID", ocid, "R018", 1.0);
            }
            if settled && active.len() == 1 {
                let supplier = texts(&active[0]["suppliers"])[0].clone();
                let single: Vec<&Value> =
                    of("valid").into_iter().filter(|bid| texts(&bid["tenderers"]).len() == 1).collect();
                let lowest = |own: bool| {
                    single
                        .iter()
                        .filter(|bid| {
                            bid["value"]["currency"] == "CNY"
                                && (texts(&bid["tenderers"])[0] == supplier) == own
                        })
                        .map(|bid| {
                            (
                                bid["value"]["amount"].as_f64().expect("an amount"),
                                texts(&bid["tenderers"])[0].clone(),
                            )
                        })
                        .fold(None::<(f64, String)>, |held, next| match held {
                            Some(held) if held.0 <= next.0 => Some(held),
                            _ => Some(next),
                        })
                };
                if let (Some(won), Some(other)) = (lowest(true), lowest(false))
                    && other.0 >= won.0
                {
                    differences.push((ocid.to_owned(), (other.0 - won.0) / won.0, won.1, other.1));
                }
                for id in
                    single.iter().map(|bid| texts(&bid["tenderers"])[0].clone()).collect::<BTreeSet<_>>()
                {
                    let held = wins.entry(id.clone()).or_default();
                    held.0 += f64::from(u8::from(id == supplier));
                    held.1 += 1.0;
                }
            }
            let submitted: Vec<&Value> = bids
                .iter()
                .filter(|bid| bid["status"] != "invited" && bid["status"] != "withdrawn")
                .collect();
            for one in &submitted {
                for other in &submitted {
                    let (of_one, of_other): (BTreeSet<_>, BTreeSet<_>) = (
                        texts(&one["tenderers"]).into_iter().collect(),
                        texts(&other["tenderers"]).into_iter().collect(),
                    );
                    if one["value"] == other["value"] && of_one != of_other {
                        flag("OCID", ocid, "R028", 1.0);
                        for id in of_one.union(&of_other) {
                            flag("Tenderer", id, "R028", 1.0);
                        }
                    }
                }
            }
            let awarded: BTreeSet<String> =
                active.iter().flat_map(|award| texts(&award["suppliers"])).collect();
            for bid in of("valid")
                .iter()
                .filter(|bid| bid["date"].as_str() > tender["tenderPeriod"]["endDate"].as_str())
            {
                for id in texts(&bid["tenderers"]).iter().filter(|id| awarded.contains(*id)) {
                    flag("OCID", ocid, "R030", 1.0);
                    flag("Tenderer", id, "R030", 1.0);
                }
            }
            let valid: BTreeSet<String> =
                of("valid").iter().flat_map(|bid| texts(&bid["tenderers"])).collect();
            let out: BTreeSet<String> = of("disqualified")
                .iter()
                .flat_map(|bid| texts(&bid["tenderers"]))
                .filter(|id| !valid.contains(id))
                .collect();
            if settled && valid.len() == 1 && valid == awarded && !out.is_empty() {
                flag("OCID", ocid, "R035", out.len() as f64);
                flag("Tenderer", valid.first().expect("one"), "R035", 0.0);
            }
            let comparable: Vec<&&Value> =
                submitted.iter().filter(|bid| bid["value"]["currency"] == "CNY").collect();
            let lowest = comparable
                .iter()
                .map(|bid| bid["value"]["amount"].as_f64().expect("an amount"))
                .fold(f64::INFINITY, f64::min);
            let first = comparable.iter().find(|bid| bid["value"]["amount"].as_f64() == Some(lowest));
            if !active.is_empty()
                && comparable.iter().any(|bid| bid["status"] == "valid")
                && first.is_some_and(|bid| bid["status"] == "disqualified")
            {
                flag("OCID", ocid, "R036", 1.0);
            }
            for bid in &submitted {
                let part = f64::from(u8::from(bid["status"] == "disqualified"));
                let mut count = |group: &str, id: &str| {
                    let held = rejected.entry((group.to_owned(), id.to_owned())).or_default();
                    held.0 += part;
                    held.1 += 1.0;
                };
                for id in texts(&bid["tenderers"]) {
                    count("Tenderer", &id);
                }
                count("Buyer", release["buyer"]["id"].as_str().expect("a buyer"));
                count("ProcuringEntity", tender["procuringEntity"]["id"].as_str().expect("an entity"));
            }
            let mut seen = BTreeSet::new();
            for award in &active {
                let supplier = texts(&award["suppliers"])[0].clone();
                for item in award["items"].as_array().into_iter().flatten() {
                    let held = classes.entry(supplier.clone()).or_default();
                    held.0 += usize::from(seen.insert(supplier.clone()));
                    held.1.insert(item["classification"]["id"].as_str().expect("a class")[..2].to_owned());
                }
            }
        }
        let ratios: Vec<f64> = differences.iter().map(|difference| difference.1).collect();
        let (q1, low, high) = fences(&ratios);
        for (ocid, ratio, winner, other) in &differences {
            if q1 > 0.0 && low > 0.0 && *ratio <= low {
                flag("OCID", ocid, "R024", *ratio);
                flag("Tenderer", winner, "R024", 0.0);
                flag("Tenderer", other, "R024", 0.0);
            }
            if high > 0.0 && *ratio >= high {
                flag("OCID", ocid, "R058", *ratio);
                flag("Tenderer", winner, "R058", 0.0);
            }
        }
        let (q1, low, _) = fences(&wins.values().map(|(won, all)| won / all).collect::<Vec<_>>());
        let most = quantile(wins.values().map(|(_, all)| *all).collect(), 0.75);
        for (id, (won, all)) in &wins {
            if q1 > 0.0 && low > 0.0 && *all >= most && won / all <= low {
                flag("Tenderer", id, "R025", won / all);
            }
        }
        for group in ["Buyer", "ProcuringEntity", "Tenderer"] {
            let of: Vec<(&String, f64)> = rejected
                .iter()
                .filter(|((held, _), (_, all))| held == group && *all >= 2.0)
                .map(|((_, id), (part, all))| (id, part / all))
                .collect();
            let (_, _, high) = fences(&of.iter().map(|(_, ratio)| *ratio).collect::<Vec<_>>());
            for (id, ratio) in of.into_iter().filter(|(_, ratio)| high > 0.0 && *ratio >= high) {
                flag(group, id, "R038", ratio);
            }
        }
        let many: Vec<(&String, f64)> = classes
            .iter()
            .filter(|(_, (count, _))| *count >= 20)
            .map(|(id, (_, classes))| (id, classes.len() as f64))
            .collect();
        if !many.is_empty() {
            let (_, _, high) = fences(&many.iter().map(|(_, count)| *count).collect::<Vec<_>>());
            for (id, count) in many.into_iter().filter(|(_, count)| *count >= high) {
                flag("Tenderer", id, "R048", count);
            }
        }
        serde_json::to_value(found).expect("JSON")
    }
}

#[test]
fn the_quick_way_agrees_with_the_slow_one_on_generated_releases() {
    let mut settings = Settings::default();
    settings.set("currency", "CNY").expect("a setting");
    for seed in 0..2 {
        let releases = generated(2000, seed);
        assert_eq!(flags(&answered(&releases, &settings)), slowly::found(&releases), "seed {seed}");
    }
}

#[test]
fn the_answer_does_not_depend_on_how_the_file_is_cut() {
    let releases = generated(3500, 9);
    let text = lines(&releases);
    let whole = run(text.as_bytes(), &Settings::default()).expect("an answer");
    for _ in 0..3 {
        assert_eq!(
            serde_json::to_string(&run(text.as_bytes(), &Settings::default()).expect("an answer"))
                .expect("JSON"),
            serde_json::to_string(&whole).expect("JSON")
        );
    }
}

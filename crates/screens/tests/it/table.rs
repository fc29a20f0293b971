//! Files of bids in, tables of screens out.

use std::collections::BTreeMap;

use screens::{
    subsets::Limits,
    table::{Columns, Left, Options, Report, screen_file},
};

use crate::near;

fn columns() -> Columns {
    Columns { tender: "标段".to_owned(), bid: "报价".to_owned(), ..Columns::default() }
}

type Rows = Vec<BTreeMap<String, String>>;

fn screened(data: &[u8], columns: &Columns, options: Options) -> (Rows, Report) {
    let mut out = Vec::new();
    let report = screen_file(data, columns, options, &mut out).expect("screens");
    let mut reader = csv::Reader::from_reader(out.as_slice());
    let rows = reader.deserialize().collect::<Result<Rows, _>>().expect("a table");
    (rows, report)
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|error| panic!("{column} {:?}: {error}", row[column]))
}

#[test]
fn every_tender_has_a_row_in_the_order_of_the_file() {
    let data = "标段,报价\nB,150\nA,100\nB,100\nB,110\nB,120\nA,110\n";
    let (rows, report) = screened(data.as_bytes(), &columns(), Options::default());
    let tenders: Vec<&str> = rows.iter().map(|row| row["tender"].as_str()).collect();
    assert_eq!(tenders, ["B", "A"]);
    near(number(&rows[0], "kurtosis"), 1.5);
    near(number(&rows[0], "ks"), 0.35);
    assert_eq!(rows[1]["rd"], "");
    assert!(rows[1]["not_computable"].contains("rd:too_few"));
    assert_eq!((report.rows, report.bids, report.tenders), (6, 6, 2));
    assert_eq!(report.by_bids, BTreeMap::from([("2".to_owned(), 1), ("4+".to_owned(), 1)]));
}

#[test]
fn files_in_gb18030_and_with_a_mark_are_read() {
    let text = "标段,报价（万元）\n一标段,１２．５\n一标段,13\n";
    let columns = Columns { bid: "报价（万元）".to_owned(), ..columns() };
    let (chinese, _, _) = encoding_rs::GB18030.encode(text);
    let marked = format!("\u{feff}{text}");
    for (data, encoding) in [(chinese.as_ref(), "gb18030"), (marked.as_bytes(), "UTF-8")] {
        let (rows, report) = screened(data, &columns, Options::default());
        assert_eq!(report.encoding, encoding);
        assert_eq!(rows[0]["tender"], "一标段");
        near(number(&rows[0], "diffa"), 5000.0);
        near(number(&rows[0], "diffp"), 0.04);
    }
}

#[test]
fn rows_that_are_no_bids_are_counted_with_their_reason_and_their_tender_stays() {
    let data = "标段,报价\nA,100\nA,0\nA,-5\nA,NaN\nA,废标\nA,\n,7\nA,1,2\nB,x\n";
    let (rows, report) = screened(data.as_bytes(), &columns(), Options::default());
    let left: BTreeMap<Left, u64> = report.left_out.iter().map(|(why, left)| (*why, left.rows)).collect();
    assert_eq!(
        left,
        BTreeMap::from([
            (Left::Zero, 1),
            (Left::Negative, 1),
            (Left::NotFinite, 1),
            (Left::NotANumber, 2),
            (Left::NoBid, 1),
            (Left::NoTender, 1),
            (Left::Ragged, 1),
        ])
    );
    assert_eq!(report.left_out[&Left::Zero].lines, [3]);
    assert_eq!((rows[0]["n"].as_str(), rows[1]["n"].as_str(), rows[1]["cv"].as_str()), ("1", "0", ""));
    assert!(
        report.sentences().iter().any(|sentence| sentence.contains("报价为负数：1 行未采用，如第 4 行。"))
    );
}

#[test]
fn a_bidder_counts_once_and_the_winner_is_ranked() {
    let data = "标段,报价,单位,中标,控制价\nA,110,甲,否,200\nA,100,甲,,200\nA,120,乙,是,200\nA,140,,否,210\nA,140,,?,\n";
    let columns = Columns {
        winner: Some("中标".to_owned()),
        bidder: Some("单位".to_owned()),
        ceiling: Some("控制价".to_owned()),
        ..columns()
    };
    let (rows, report) = screened(data.as_bytes(), &columns, Options::default());
    assert_eq!(rows[0]["n"], "4", "two rows without a bidder are two bidders");
    assert_eq!(report.left_out[&Left::HigherOfSameBidder].lines, [2]);
    assert_eq!((report.unclear_winners, report.several_ceilings), (1, 1));
    assert_eq!(rows[0]["winner_rank"], "2");
    near(number(&rows[0], "winner_premium"), 0.2);
    near(number(&rows[0], "w"), 0.5);
}

#[test]
fn groups_are_added_when_asked_for() {
    let data = "标段,报价\nA,100\nA,110\nA,130\nA,160\n";
    let options = Options { subsets: Some(Limits::default()) };
    let (rows, _) = screened(data.as_bytes(), &columns(), options);
    near(number(&rows[0], "spread3_min"), 0.3);
    assert!(rows[0]["not_computable"].contains("cv4:too_few") && !rows[0].contains_key("kurtosis3_min"));
}

#[test]
fn a_missing_column_is_refused_with_the_columns_there_are() {
    let columns = Columns { bid: "金额".to_owned(), ..columns() };
    let error =
        screen_file("标段,报价\n".as_bytes(), &columns, Options::default(), Vec::new()).expect_err("refused");
    assert_eq!(error.to_string(), "文件里没有名为“金额”的列，表头是：标段、报价。");
}

#[test]
fn names_with_commas_and_quotes_come_out_whole() {
    let data = "标段,报价\n\"A, \"\"一\"\"\",1\n";
    let (rows, _) = screened(data.as_bytes(), &columns(), Options::default());
    assert_eq!(rows[0]["tender"], "A, \"一\"");
}

#[test]
fn many_pieces_keep_the_order_of_the_file() {
    let mut data = "标段,报价\n".to_owned();
    for tender in 0..20_000 {
        for bid in [100 + tender, 200 + tender] {
            data.extend(["T", &tender.to_string(), ",", &bid.to_string(), "\n"]);
        }
    }
    let (rows, report) = screened(data.as_bytes(), &columns(), Options::default());
    assert_eq!(report.tenders, 20_000);
    assert!(rows.iter().enumerate().all(|(at, row)| row["tender"] == format!("T{at}")));
}

#[test]
fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
    let data = std::io::Read::chain("标段,报价\n\"A,1\n".as_bytes(), std::io::repeat(b'x'));
    let error = screen_file(data, &columns(), Options::default(), Vec::new()).expect_err("refused");
    assert!(error.to_string().contains("引号没有配对"), "{error}");
}

//! How long it takes to find out whether an uploaded file was used before. Run alone with `-- --ignored --nocapture`.

use std::{fmt::Write as _, time::Instant};

use db::Sql;
use likeness::{picture, text::Sketch};
use rectification::doubts::{
    Kind,
    watch::{Print, matches},
};
use uuid::Uuid;

use crate::support::World;

const FILES: u64 = 100_000;
const AT_ONCE: u64 = 500;

/// Numbers without pattern that are the same every time.
fn mixed(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

fn words(n: u64) -> String {
    let mut text = String::new();
    for at in 0..60 {
        let sign = 0x4e00 + u32::try_from(mixed(n * 61 + at) % 3_000).unwrap_or(0);
        text.push(char::from_u32(sign).unwrap_or('字'));
    }
    text
}

fn print(n: u64) -> Print {
    let sketch = n.is_multiple_of(2).then(|| Sketch::of(&words(n)));
    Print {
        attachment: Uuid::from_u128(u128::from(n) + 1),
        record: Uuid::from_u128(u128::from(n) + 1),
        problem: None,
        organisation: Uuid::from_u128(0x1001),
        name: String::from("材料"),
        digest: format!("{:064x}", mixed(n)),
        pictures: if sketch.is_none() { vec![mixed(n + 7)] } else { Vec::new() },
        sketch,
    }
}

/// Rows of one portion; written as text, because half a million bound values would be the test.
async fn fill(world: &World, from: u64) {
    let (mut files, mut prints, mut bands) = (String::new(), String::new(), String::new());
    let mut pictures = String::new();
    for n in from..from + AT_ONCE {
        let print = print(n);
        let id = format!("x'{}'", print.attachment.simple());
        let organisation = print.organisation.simple();
        let comma = if files.is_empty() { "" } else { ", " };
        let _ = write!(
            files,
            "{comma}({id}, 'measures', {id}, '材料', 1, '{}', '2023-06-01T00:00:00+00:00', '', 'form', '', '', '', '')",
            print.digest
        );
        let sketch = print.sketch.as_ref().map(Sketch::written).unwrap_or_default();
        let _ =
            write!(prints, "{comma}({id}, {id}, null, x'{organisation}', '{}', '{sketch}')", print.digest);
        for picture in &print.pictures {
            let comma = if pictures.is_empty() { "" } else { ", " };
            let _ = write!(pictures, "{comma}({}, {id})", picture.cast_signed());
        }
        for band in places(&print) {
            let comma = if bands.is_empty() { "" } else { ", " };
            let _ = write!(bands, "{comma}({band}, {id})");
        }
    }
    for (head, rows) in [
        (
            "attachment (id, noun, record_id, name, size, digest, at, by_name, way, source, origin, warnings, key_sealed)",
            files,
        ),
        ("file_print (attachment_id, record_id, problem_id, organisation_id, digest, sketch)", prints),
        ("file_picture (picture, attachment_id)", pictures),
        ("file_band (band, attachment_id)", bands),
    ] {
        world.execute(Sql::new(&format!("insert into {head} values {rows}"))).await;
    }
}

fn places(print: &Print) -> Vec<i64> {
    if let Some(shown) = print.pictures.first() {
        let bands = picture::bands(*shown);
        return (1_000_i64..).zip(bands).map(|(band, value)| (band << 32) | i64::from(value)).collect();
    }
    let bands = print.sketch.as_ref().map(Sketch::bands);
    (0_i64..).zip(bands.into_iter().flatten()).map(|(band, value)| (band << 32) | i64::from(value)).collect()
}

#[tokio::test]
#[ignore = "measures; fills an embedded database with 100,000 files"]
async fn one_upload_is_compared_with_a_hundred_thousand_files_within_200_milliseconds() {
    let world = World::new().await;
    let mut from = 0;
    while from < FILES {
        fill(&world, from).await;
        from += AT_ONCE;
    }
    let cx = world.test.app.read(&world.director);
    let again = Uuid::from_u128(u128::MAX);
    let cases = [
        ("same file", Print { attachment: again, ..print(4_711) }, Kind::SameFile),
        (
            "near picture",
            Print {
                attachment: again,
                digest: String::new(),
                pictures: print(4_711).pictures.iter().map(|shown| shown ^ 0b1_0010_0001).collect(),
                ..print(4_711)
            },
            Kind::NearPicture,
        ),
        (
            "like text",
            Print {
                attachment: again,
                digest: String::new(),
                sketch: Some(Sketch::of(&format!("{}另", words(4_712)))),
                ..print(4_712)
            },
            Kind::LikeText,
        ),
    ];
    for (name, print, kind) in cases {
        let begun = Instant::now();
        let found = matches(&cx, &print).await.unwrap();
        let taken = begun.elapsed();
        println!("{name}: {taken:?}, {} found", found.len());
        assert!(found.iter().any(|found| found.kind == kind), "{name}");
        assert!(taken.as_millis() <= 200, "{name}: {taken:?}");
    }
}

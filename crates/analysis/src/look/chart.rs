//! Pictures as plain SVG with attributes alone: no style, no script.

use std::fmt::Write as _;

use kit::shown::escaped;

const WIDE: f64 = 720.0;
const HIGH: f64 = 260.0;
const LEFT: f64 = 70.0;
const BOTTOM: f64 = 30.0;

/// A point of a scatter: name, value, whether it stands out.
pub(super) struct Dot {
    pub(super) name: String,
    pub(super) value: f64,
    pub(super) marked: bool,
}

fn scale(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (least, most) = values
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| (least.min(value), most.max(value)));
    if !least.is_finite() || !most.is_finite() {
        return (0.0, 1.0);
    }
    let room = if most > least { (most - least) * 0.08 } else { most.abs().max(1.0) * 0.05 };
    (least - room, most + room)
}

fn place(value: f64, (least, most): (f64, f64)) -> f64 {
    10.0 + (HIGH - BOTTOM - 20.0) * (1.0 - (value - least) / (most - least))
}

fn head(label: &str) -> String {
    format!(
        "<figure class=\"panel chart-box\"><figcaption class=\"panel-head\">{0}</figcaption><svg class=\"picture\" \
         viewBox=\"0 0 {WIDE} {HIGH}\" width=\"100%\" role=\"img\" aria-label=\"{0}，数据见下表\">",
        escaped(label)
    )
}

fn axis(svg: &mut String, scale: (f64, f64), words: &impl Fn(f64) -> String) {
    for step in 0..=4 {
        let value = scale.0 + (scale.1 - scale.0) * f64::from(step) / 4.0;
        let y = place(value, scale);
        let _ = write!(
            svg,
            "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{WIDE}\" y2=\"{y:.1}\" stroke=\"#d9dce1\" stroke-width=\"1\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"11\" text-anchor=\"end\" fill=\"#5b6270\">{}</text>",
            LEFT - 6.0,
            y + 4.0,
            escaped(&words(value))
        );
    }
}

/// Prices of a tender side by side, lowest first, with a line for the ceiling.
pub(super) fn scatter(
    label: &str,
    dots: &[Dot],
    line: Option<(&str, f64)>,
    words: impl Fn(f64) -> String,
) -> String {
    let mut svg = head(label);
    let scale = scale(dots.iter().map(|dot| dot.value).chain(line.map(|(_, value)| value)));
    axis(&mut svg, scale, &words);
    if let Some((name, value)) = line {
        let y = place(value, scale);
        let _ = write!(
            svg,
            "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{WIDE}\" y2=\"{y:.1}\" stroke=\"#b3171d\" stroke-dasharray=\"6 4\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"11\" text-anchor=\"end\" fill=\"#b3171d\">{}</text>",
            WIDE - 4.0,
            y - 4.0,
            escaped(name)
        );
    }
    let step = (WIDE - LEFT - 20.0) / dots.len().max(1) as f64;
    for (at, dot) in dots.iter().enumerate() {
        let x = LEFT + 10.0 + step * (at as f64 + 0.5);
        let fill = if dot.marked { "#b3171d" } else { "#2f5fa8" };
        let _ = write!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"{}\" fill=\"{fill}\"><title>{}</title></circle>\
             <text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"11\" text-anchor=\"middle\" fill=\"#5b6270\">{}</text>",
            place(dot.value, scale),
            if dot.marked { 6 } else { 5 },
            escaped(&format!("{}：{}", dot.name, words(dot.value))),
            HIGH - 10.0,
            at + 1
        );
    }
    svg + "</svg></figure>"
}

/// A line through time, with others behind it.
pub(super) fn lines(
    label: &str,
    periods: &[String],
    series: &[(&str, &str, Vec<Option<f64>>)],
    words: impl Fn(f64) -> String,
) -> String {
    let mut svg = head(label);
    let scale = scale(series.iter().flat_map(|(.., values)| values.iter().flatten().copied()));
    axis(&mut svg, scale, &words);
    let step = (WIDE - LEFT - 20.0) / periods.len().max(1) as f64;
    let x = |at: usize| LEFT + 10.0 + step * (at as f64 + 0.5);
    for (name, colour, values) in series {
        let mut path = String::new();
        let mut drawn = false;
        for (at, value) in values.iter().enumerate() {
            match value {
                Some(value) => {
                    let _ = write!(
                        path,
                        "{}{:.1} {:.1} ",
                        if drawn { "L" } else { "M" },
                        x(at),
                        place(*value, scale)
                    );
                    drawn = true;
                }
                None => drawn = false,
            }
        }
        let _ = write!(
            svg,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"><title>{}</title></path>",
            escaped(name)
        );
    }
    let every = periods.len().div_ceil(8).max(1);
    for (at, period) in periods.iter().enumerate().step_by(every) {
        let _ = write!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"11\" text-anchor=\"middle\" fill=\"#5b6270\">{}</text>",
            x(at),
            HIGH - 10.0,
            escaped(period)
        );
    }
    svg.push_str("</svg><figcaption class=\"panel-body row small\">");
    for (name, colour, _) in series {
        let _ = write!(
            svg,
            "<span><svg width=\"18\" height=\"10\" aria-hidden=\"true\"><line x1=\"0\" y1=\"5\" x2=\"18\" y2=\"5\" \
             stroke=\"{colour}\" stroke-width=\"3\"/></svg> {}</span> ",
            escaped(name)
        );
    }
    svg + "</figcaption></figure>"
}

/// Who is tied to whom: firms on a circle, group beside group, ties as thick as they are often.
pub(super) fn network(
    label: &str,
    names: &[String],
    marked: &[bool],
    ties: &[(usize, usize, u32)],
) -> String {
    const SIDE: f64 = 520.0;
    let mut svg = format!(
        "<figure class=\"panel chart-box\"><figcaption class=\"panel-head\">{0}</figcaption><svg class=\"picture\" \
         viewBox=\"-150 -20 {1} {2}\" width=\"100%\" role=\"img\" aria-label=\"{0}，数据见下表\">",
        escaped(label),
        SIDE + 300.0,
        SIDE + 40.0
    );
    let middle = SIDE / 2.0;
    let spot = |at: usize| {
        let turn = std::f64::consts::TAU * at as f64 / names.len().max(1) as f64;
        (middle + middle * 0.88 * turn.cos(), middle + middle * 0.88 * turn.sin(), turn)
    };
    for (one, other, often) in ties {
        let ((x1, y1, _), (x2, y2, _)) = (spot(*one), spot(*other));
        let _ = write!(
            svg,
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"#7a8aa6\" stroke-opacity=\"0.6\" \
             stroke-width=\"{:.1}\"/>",
            (1.0 + f64::from(*often).sqrt() / 2.0).min(6.0)
        );
    }
    for (at, name) in names.iter().enumerate() {
        let (x, y, turn) = spot(at);
        let right = turn.cos() >= 0.0;
        let short: String = name.chars().take(12).collect();
        let _ = write!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\" fill=\"{}\"><title>{}</title></circle>\
             <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"11\" text-anchor=\"{}\" fill=\"#2b2f36\">{}</text>",
            if marked.get(at).copied().unwrap_or_default() { "#b3171d" } else { "#2f5fa8" },
            escaped(name),
            if right { x + 10.0 } else { x - 10.0 },
            y + 4.0,
            if right { "start" } else { "end" },
            escaped(&short)
        );
    }
    svg + "</svg></figure>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_hold_no_style_and_no_script_and_escape_names() {
        let dots = [Dot { name: String::from("<甲>"), value: 1.0, marked: true }];
        let names = [String::from("<乙>"), String::from("丙")];
        let periods = [String::from("2023-01")];
        let series = [("本单位", "#b3171d", vec![Some(1.0)])];
        for svg in [
            scatter("价格", &dots, Some(("限价", 2.0)), |value| value.to_string()),
            network("网络", &names, &[true, false], &[(0, 1, 3)]),
            lines("序列", &periods, &series, |value| value.to_string()),
            scatter("空", &[], None, |value| value.to_string()),
        ] {
            assert!(!svg.contains("style=") && !svg.contains("<script") && !svg.contains("NaN"), "{svg}");
            assert!(!svg.contains("<甲>") && !svg.contains("<乙>"), "{svg}");
        }
    }
}

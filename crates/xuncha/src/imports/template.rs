//! Templates: an empty ledger of a kind, with what to write into each column above its header.

use documents::{
    recognise::ValueKind,
    sheet::{Format, Heading, SheetWriter},
};
use kit::{Error, Result};

use super::{Kind, To};

/// The workbook of `kind`; scratch data goes to `scratch`.
pub fn template(kind: &Kind, scratch: &std::path::Path) -> Result<Vec<u8>> {
    let columns: Vec<_> = kind.columns.iter().filter(|column| !matches!(column.to, To::Told(_))).collect();
    let headings: Vec<Heading> = columns
        .iter()
        .map(|column| {
            let (width, format) = shape(column.spec.kind);
            Heading::new(headed(column.spec.label, column.spec.kind), width, format)
        })
        .collect();
    let mut preamble = vec![format!("{}（导入模板）", kind.label), format!("填写说明：{}", kind.about)];
    for column in columns.iter().filter(|column| column.spec.required || !column.note.is_empty()) {
        let required = if column.spec.required { "必填。" } else { "" };
        preamble.push(format!("{}：{required}{}", column.spec.label, column.note));
    }
    let written = |error: documents::sheet::WriteError| Error::Fault(format!("template: {error}"));
    std::fs::create_dir_all(scratch)?;
    SheetWriter::new_in(scratch, kind.label, &headings, &preamble).map_err(written)?.finish().map_err(written)
}

fn headed(label: &str, kind: ValueKind) -> String {
    match kind {
        ValueKind::Money => format!("{label}（元）"),
        ValueKind::Area => format!("{label}（㎡）"),
        _ => label.to_owned(),
    }
}

fn shape(kind: ValueKind) -> (u16, Format) {
    match kind {
        ValueKind::LongText | ValueKind::Numbered => (40, Format::LongText),
        ValueKind::Date => (14, Format::Date),
        ValueKind::Money | ValueKind::Area | ValueKind::Integer | ValueKind::Year | ValueKind::Percent => {
            (14, Format::Number)
        }
        ValueKind::Text | ValueKind::People | ValueKind::Deadline => (20, Format::Text),
        ValueKind::Choice(_) | ValueKind::YesNo => (12, Format::Text),
    }
}

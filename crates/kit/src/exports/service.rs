//! How exports appear: a list in which a number found on a page is looked up.

use uuid::Uuid;

use super::{ExportId, FileExport, NOUN, store, visible};
use crate::{Column, Cx, RecordView, Result, Secrecy, Service, Shown, Table, service::Group};

const COLUMNS: &[Column] = &[
    Column::number("number", "导出编号", "e.number").opens(),
    Column::instant("at", "时间", "e.at").sortable().filled(),
    Column::text("person", "导出人", "e.person"),
    Column::text("organisation", "单位", "e.organisation"),
    Column::title("label", "内容", "e.label"),
    Column::text("file_name", "文件名", "e.file_name"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "导出登记",
        table: "file_export",
        group: Group::Admin,
        listed: true,
        icon: "download",
        secrecy: Secrecy::Internal,
        about: "从系统带出的每一份公文、台账、统计表：谁、什么时候、什么文件。文件里和每一张打印页上都有导出编号，按编号可以在这里查到。",
        list: Table {
            from: "file_export e",
            alias: "e",
            title: "e.label",
            number: Some("e.number"),
            columns: COLUMNS,
            order: "-at",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: Vec::new(),
        creates: |_| false,
        waiting: Vec::new(),
        governed: None,
    }
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let export = store::find(cx, ExportId(id)).await?;
    let what = cx.app().registry().service(&export.noun).map_or("统计页面", |service| service.label);
    let mut view = RecordView::new(export.label.clone(), export.version)
        .fact("at", "时间", Shown::Instant(export.at))
        .fact("person", "导出人", Shown::text(&export.person))
        .fact("organisation", "单位", Shown::text(&export.organisation))
        .fact("noun", "类别", Shown::text(what))
        .fact("source", "来源记录", source(cx, &export))
        .fact("file_name", "文件名", Shown::text(&export.file_name))
        .fact("digest", "文件摘要（SM3）", Shown::text(&export.digest));
    view.number = export.number;
    Ok(view)
}

/// The record the file was made of, for whoever may see it.
fn source(cx: &Cx, export: &FileExport) -> Shown {
    let (Some(id), true) = (export.record_id, cx.app().registry().service(&export.noun).is_some()) else {
        return Shown::text("");
    };
    Shown::Link { label: String::from("打开"), href: format!("/{}/{id}", export.noun) }
}

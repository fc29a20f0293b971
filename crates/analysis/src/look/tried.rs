//! A dry run of a model of the office's own: on the first rows of real data, with nothing entered.

use kit::{Cx, Refusal, Result, Shown, lookup, shown::escaped, web::Query};
use models::{engine::apart, held};
use uuid::Uuid;

use super::{Sheet, View};
use crate::{
    data_sets::{self, DataSetId},
    office_models::{self, OfficeModelId},
    said,
    work::Work,
};

/// How long somebody waits for it.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
/// Hits that are shown.
const SHOWN: usize = 50;
/// Rows that it may look at.
const MOST: u64 = 100_000;

pub(super) async fn view(cx: &Cx, id: Uuid, query: &Query) -> Result<View> {
    let model = office_models::find(cx, OfficeModelId(id)).await?;
    let called = query.get("set").unwrap_or_default().trim();
    let set = match lookup::record(cx, data_sets::NOUN, called).await? {
        Ok(set) => data_sets::find(cx, DataSetId(set)).await?,
        Err(sentence) => return Err(Refusal::conflict(sentence).into()),
    };
    let rows = query.get("rows").and_then(|rows| rows.parse().ok()).unwrap_or(10_000).clamp(1, MOST);
    let chosen = office_models::compiled(&model.code, &model.domain, &model.card, &model.query)?;
    let filled = data_sets::fill(cx, &chosen, std::slice::from_ref(&set), &[]).await?;
    let work = Work::begin(cx.app())?;
    let running = held::Running {
        recipe: chosen.recipe,
        tables: chosen.tables,
        held: filled.into_iter().map(|(_, held)| held).collect(),
        set: std::collections::BTreeMap::new(),
        key: data_sets::store::person_key(cx),
        folder: work.path("spill"),
        sample: Some(rows),
        watch: None,
    };
    std::fs::create_dir_all(&running.folder)?;
    let answer = apart(PATIENCE, held::over(running)).await.map_err(said)?;
    let mut view = View {
        above: format!(
            "<p class=\"panel-body\">在 {} 的前 {rows} 行上试算，没有登记任何疑点。</p>",
            escaped(&set.number)
        ),
        ..View::default()
    };
    for report in &answer.data {
        view.below.push_str(&data_sets::odd_cells(report));
    }
    for run in &answer.runs {
        let mut sheet = Sheet::new(&format!("疑点（共 {} 条）", run.hits.len()), &["等级", "说明"]);
        for hit in run.hits.iter().take(SHOWN) {
            sheet.rows.push(vec![Shown::text(hit.level.label()), Shown::text(&hit.explanation)]);
        }
        for warning in &run.warnings {
            view.above.push_str(&kit::grid::paragraph(warning));
        }
        view.sheets.push(sheet);
    }
    Ok(view)
}

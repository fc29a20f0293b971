//! Mappings (字段对应) that were saved under a name: which column of a file holds which field of a model's table. They hold
//! names of columns and no data, so every team may use those of the others.

pub mod actions;
mod service;
mod store;

use std::fmt::Write as _;

use kit::{Actor, Pred, Role, shown::escaped, web::Query};
use models::{intake::Kept, library, load::propose, recipe::Table};

use crate::{data_sets::DataSet, said};

pub use service::service;
pub use store::Model as Recipe;
pub use store::{ActiveModel, Column, Entity, find};

/// Path segment of the noun.
pub const NOUN: &str = "data_recipes";

kit::id!(
    /// Identity of a mapping.
    RecipeId
);

const WORKERS: [Role; 4] = [Role::OfficeDirector, Role::OfficeLiaison, Role::TeamHead, Role::TeamMember];

/// Whoever works with data.
pub(crate) fn visible(actor: &Actor) -> Pred {
    if actor.is_any(&WORKERS) { Pred::All } else { Pred::Nothing }
}

/// Tables that the columns may fill, best first, each with the form in which the mapping is saved.
pub(crate) fn proposals(set: &DataSet, kept: &[Kept]) -> kit::Result<String> {
    let headings: Vec<String> = kept.iter().map(|kept| kept.name.clone()).collect();
    let library = library::built_in().map_err(said)?;
    let mut found: Vec<(usize, String, &Table)> = Vec::new();
    for domain in library.domains() {
        for (name, table) in &domain.tables {
            let fields = propose(table, &headings).len();
            if fields > 0 {
                found.push((fields, format!("{}/{name}", domain.code), table));
            }
        }
    }
    found.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    let mut html =
        String::from("<h3 class=\"panel-head\">可以当作哪张表用</h3><ul class=\"panel-body stack\">");
    if found.is_empty() {
        html.push_str("<li>列名与模型库的任何表都对不上；<a href=\"/data_recipes/new\">保存字段对应</a>后即可运行模型。</li>");
    }
    for (fields, code, table) in found.into_iter().take(4) {
        let address = Query::default()
            .with("set", &set.id.0.to_string())
            .with("table", &code)
            .address("/data_recipes/new");
        let _ = write!(
            html,
            "<li>{}：{fields} / {} 个字段按列名认出。<a href=\"{}\">核对并保存字段对应</a></li>",
            escaped(&table.label),
            table.fields.len(),
            escaped(&address)
        );
    }
    html.push_str("</ul>");
    Ok(html)
}

//! The models that are built in, by domain.

use std::{collections::BTreeMap, sync::OnceLock};

use crate::{
    Error, Result,
    recipe::{Recipe, Tables},
};

/// Every file of the library: path below `library/` and text.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// A part of the work that models look at.
#[derive(Clone, Debug)]
pub struct Domain {
    /// Path segment.
    pub code: &'static str,
    /// Chinese name.
    pub label: &'static str,
    /// The tables its models ask of.
    pub tables: Tables,
}

/// Codes and names of the domains, in the order of the catalogue.
pub const DOMAINS: &[(&str, &str)] = &[
    ("bidding", "工程招投标"),
    ("assets", "国有资产"),
    ("medical", "医药"),
    ("education", "职业教育补助"),
    ("benefit", "惠民资金"),
    ("funds", "财政专项资金"),
    ("conduct", "三公和作风"),
];

/// All that is built in.
#[derive(Debug)]
pub struct Library {
    domains: Vec<Domain>,
    recipes: Vec<Recipe>,
    columns: Columns,
}

/// Chinese names of what results say beside the fields of the data: `names` for all models, and by model what means
/// something of its own there.
type Columns = BTreeMap<String, BTreeMap<String, String>>;

/// The section of [`Columns`] for all models.
const NAMES: &str = "names";

/// The library.
///
/// # Errors
/// A sentence when a file of the library does not fit; the tests keep that from being released.
pub fn built_in() -> Result<&'static Library> {
    static LIBRARY: OnceLock<std::result::Result<Library, String>> = OnceLock::new();
    LIBRARY
        .get_or_init(|| read().map_err(|error| error.to_string()))
        .as_ref()
        .map_err(|error| Error::Fault(error.clone()))
}

fn read() -> Result<Library> {
    let mut domains = Vec::new();
    for (code, label) in DOMAINS {
        let path = format!("{code}/tables.toml");
        let text = file(&path).ok_or_else(|| Error::Fault(format!("缺少 {path}")))?;
        let tables = toml::from_str(text).map_err(|error| Error::Fault(format!("{path}：{error}")))?;
        domains.push(Domain { code, label, tables });
    }
    let mut recipes = Vec::new();
    for (path, card) in FILES.iter().filter(|(path, _)| path.ends_with("/model.toml")) {
        let folder = path.trim_end_matches("/model.toml");
        let (code, id) = folder.split_once('/').ok_or_else(|| Error::Fault(format!("{path} 的位置不对")))?;
        let domain = domains.iter().find(|domain| domain.code == code);
        let domain = domain.ok_or_else(|| Error::Fault(format!("{path} 不属于任何领域")))?;
        recipes.push(Recipe::parse(id, code, card, file(&format!("{folder}/model.sql")), &domain.tables)?);
    }
    let place = |recipe: &Recipe| DOMAINS.iter().position(|(code, _)| *code == recipe.domain);
    recipes.sort_by(|one, other| {
        (place(one), &one.card.code, &one.id).cmp(&(place(other), &other.card.code, &other.id))
    });
    let columns = file("columns.toml").ok_or_else(|| Error::Fault(String::from("缺少 columns.toml")))?;
    let columns = toml::from_str(columns).map_err(|error| Error::Fault(format!("columns.toml：{error}")))?;
    Ok(Library { domains, recipes, columns })
}

fn file(path: &str) -> Option<&'static str> {
    FILES.iter().find(|(held, _)| *held == path).map(|(_, text)| *text)
}

impl Library {
    /// The domains in the order of the catalogue.
    pub fn domains(&self) -> &[Domain] {
        &self.domains
    }

    /// The models in the order of the catalogue.
    pub fn recipes(&self) -> &[Recipe] {
        &self.recipes
    }

    /// The domain `code`.
    pub fn domain(&self, code: &str) -> Option<&Domain> {
        self.domains.iter().find(|domain| domain.code == code)
    }

    /// The model with this id or catalogue number.
    pub fn recipe(&self, name: &str) -> Option<&Recipe> {
        self.recipes
            .iter()
            .find(|recipe| recipe.id == name)
            .or_else(|| self.recipes.iter().find(|recipe| recipe.card.code.eq_ignore_ascii_case(name)))
    }

    /// The tables that `recipe` asks of.
    ///
    /// # Errors
    /// A sentence when its domain does not exist.
    pub fn tables(&self, recipe: &Recipe) -> Result<&Tables> {
        self.domain(&recipe.domain)
            .map(|domain| &domain.tables)
            .ok_or_else(|| Error::refused(format!("没有名为 {} 的领域。", recipe.domain)))
    }

    /// The Chinese name of a column of the results of `recipe`.
    pub fn column_label(&self, recipe: &Recipe, name: &str) -> Option<&str> {
        let named = |section: &str| self.columns.get(section)?.get(name).map(String::as_str);
        let domain = self.domain(&recipe.domain)?;
        let of_table = |table| Some(domain.tables.get(table)?.fields.get(name)?.label.as_str());
        let field = || recipe.tables().into_iter().find_map(of_table);
        named(&recipe.id).or_else(field).or_else(|| named(NAMES))
    }

    /// The test data of `recipe`: csv text by table.
    pub fn fixtures(&self, recipe: &Recipe) -> BTreeMap<&'static str, &'static str> {
        let folder = format!("{}/{}/fixtures/", recipe.domain, recipe.id);
        FILES
            .iter()
            .filter_map(|(path, text)| Some((path.strip_prefix(&folder)?.strip_suffix(".csv")?, *text)))
            .collect()
    }

    /// The hits that the test data must give, as csv text.
    pub fn expected(&self, recipe: &Recipe) -> Option<&'static str> {
        file(&format!("{}/{}/expected.csv", recipe.domain, recipe.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_named_by_its_model_before_all_models() {
        let library = built_in().unwrap();
        let label = |model: &str, name| library.column_label(library.recipe(model).unwrap(), name);
        assert_eq!(label("same-ip", "tender"), Some("标段编号"), "a field of the data");
        assert_eq!(label("same-ip", "bidders"), Some("投标人数"));
        assert_eq!(
            (label("cover-bids", "second"), label("exclusive-grants", "second")),
            (Some("次低价"), Some("第二项"))
        );
        assert_eq!(label("same-ip", "no_such_column"), None);
    }

    #[test]
    fn names_of_columns_are_for_models_that_there_are() {
        let library = built_in().unwrap();
        let unknown = |section: &&String| {
            *section != NAMES && library.recipes().iter().all(|recipe| recipe.id != **section)
        };
        assert_eq!(library.columns.keys().find(unknown), None);
    }

    #[test]
    fn every_model_is_whole_and_its_codes_are_its_own() {
        let library = built_in().unwrap();
        let mut ids = std::collections::BTreeSet::new();
        for recipe in library.recipes() {
            assert!(ids.insert(&recipe.id), "{} twice", recipe.id);
            assert!(ids.insert(&recipe.card.code), "{} twice", recipe.card.code);
            assert!(!library.fixtures(recipe).is_empty(), "{} without test data", recipe.id);
            assert!(library.expected(recipe).is_some(), "{} without expected hits", recipe.id);
            for text in
                [&recipe.card.means, &recipe.card.basis, &recipe.card.false_positives, &recipe.card.verify]
            {
                assert!(text.chars().count() >= 8, "{} says too little: {text}", recipe.id);
            }
        }
    }
}

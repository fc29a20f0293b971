//! Every kind of document as it would be drafted today from the newest record it can be made of: for people who want to
//! see the whole catalogue, for the handbook, and for the tests that measure each page against the standard.

use chrono::{DateTime, Utc};
use kit::{App, Cx, Result, exports::Trace};
use papers::Paper;

use crate::{document_templates, documents::actions::sample_paper, facts, official, render};

/// One kind of document, filled in.
#[derive(Clone, Debug)]
pub struct Specimen {
    /// `D24`.
    pub code: String,
    /// What the office calls it.
    pub label: String,
    /// The document.
    pub paper: Paper,
}

/// A specimen of every template in use whose noun has a record that the person sees.
pub async fn specimens(cx: &Cx, trace: Option<&Trace>) -> Result<Vec<Specimen>> {
    let mut made = Vec::new();
    for template in document_templates::in_use(cx).await? {
        let paper = if let Some(kind) = official::kind_of(&template) {
            official::shown(cx, &template, kind).await?
        } else {
            let Some(record) = facts::newest(cx, &template.noun).await? else { continue };
            let facts = facts::of_record(cx, &template.noun, record).await?;
            sample_paper(&template, &facts.values, cx.today())?
        };
        let paper = Paper { trace: trace.map(render::trace), ..paper };
        made.push(Specimen { code: template.code, label: template.label, paper });
    }
    Ok(made)
}

impl Specimen {
    /// The specimen as PDF, and how many pages it has.
    pub async fn pdf(&self, app: &App, at: DateTime<Utc>) -> Result<(Vec<u8>, usize)> {
        let set = render::set(app, self.paper.clone(), at).await?;
        let pages = set.pages();
        Ok((render::pdf(set).await?, pages))
    }

    /// The specimen as docx.
    pub fn docx(&self, at: DateTime<Utc>) -> Result<Vec<u8>> {
        papers::docx(&self.paper, at).map_err(render::fault)
    }
}

//! Reports: the main report and its materials («1+3»), the consultation of office and team over them sentence by sentence,
//! the chain of reviews, the meetings that decide with the instructions given in them, and how good reports are.
//!
//! What an inspected organisation must never learn of lies in this area: it sees none of its nouns.

pub mod instructions;
pub mod meetings;
pub mod prose;
pub mod quality_reviews;
pub mod quality_scores;
pub mod report_comments;
pub mod report_rules;
pub mod reports;
pub mod review_steps;
pub mod rights;
pub mod score_sheets;
pub mod team_contacts;
pub mod word;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![
        reports::service(),
        reports::materials(),
        report_comments::service(),
        team_contacts::service(),
        meetings::service(),
        instructions::service(),
        quality_reviews::service(),
        quality_scores::service(),
        score_sheets::service(),
        report_rules::service(),
        review_steps::service(),
    ]
}

/// Enters the rules, review steps and score sheet an office starts with; what it has changed stays.
pub async fn seed(cx: &mut kit::WriteCx) -> kit::Result<()> {
    report_rules::actions::seed(cx).await?;
    review_steps::actions::seed(cx).await?;
    score_sheets::actions::seed(cx).await
}

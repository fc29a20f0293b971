//! Pages outside the services: signing in, the person's own account, the inbox, imports, boards and
//! figures.

pub mod account;
pub mod asset_board;
pub mod audit_log;
pub mod calendar;
pub mod check;
pub mod coverage;
pub mod data_exports;
pub mod draft_sheet;
pub mod factor;
pub mod figures;
pub mod imports;
pub mod inbox;
pub mod intake;
pub mod onsite;
pub mod operator;
pub mod own_statistics;
pub mod profiles;
pub mod proofs;
pub mod reminders;
pub mod reports;
pub mod review;
pub mod screen;
pub mod selection;
pub mod weights;

use kit::service::Page;

/// All of them, in the order in which the navigation shows them.
pub fn all() -> Vec<Page> {
    let mut pages = account::pages();
    pages.extend(factor::pages());
    pages.extend(coverage::pages());
    pages.extend(calendar::pages());
    pages.extend(selection::pages());
    pages.extend(profiles::pages());
    pages.extend(onsite::pages());
    pages.extend(intake::pages());
    pages.extend(asset_board::pages());
    pages.extend(weights::pages());
    pages.extend(screen::pages());
    pages.extend(figures::pages());
    pages.extend(review::pages());
    pages.extend(check::pages());
    pages.extend(own_statistics::pages());
    pages.extend(draft_sheet::pages());
    pages.extend(reports::pages());
    pages.extend(data_exports::pages());
    pages.extend(proofs::pages());
    pages.extend(imports::pages());
    pages.extend(inbox::pages());
    pages.extend(kit::jobs::pages());
    pages.extend(reminders::pages());
    pages.extend(audit_log::pages());
    pages.extend(operator::pages());
    pages
}

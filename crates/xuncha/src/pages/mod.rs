//! Pages outside the services: signing in, the person's own account, the inbox, boards and figures.

pub mod account;
pub mod figures;
pub mod inbox;
pub mod operator;
pub mod review;

use kit::service::Page;

/// All of them.
pub fn all() -> Vec<Page> {
    let mut pages = account::pages();
    pages.extend(inbox::pages());
    pages.extend(operator::pages());
    pages.extend(figures::pages());
    pages.extend(review::pages());
    pages
}

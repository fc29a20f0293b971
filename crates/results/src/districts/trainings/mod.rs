//! District cadres who work with municipal teams for a while (跟班、参巡), and how they were appraised.

pub mod actions;
mod service;
mod store;

use kit::labelled;

pub use super::visible;
pub use service::service;
pub use store::Model as ShadowTraining;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "shadow_trainings";

kit::id!(
    /// Identity of a training.
    ShadowTrainingId
);

labelled! {
    /// In what way a cadre takes part.
    pub enum TrainingKind: "方式" {
        /// Beside the office's own staff.
        Shadow = "shadow" => "跟班学习", Grey;
        /// As a member of a municipal team.
        Joining = "joining" => "参加巡察", Grey;
    }
}

//! Samples (抽样) of a data set: drawn by a stored seed from a population with a stored digest, so that anybody can draw
//! the same again.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred, labelled, numbers::Series};
use models::sampling;

use crate::data_sets;

pub use service::service;
pub(crate) use service::{draw, fields};
pub use store::Model as DataSample;
pub use store::{ActiveModel, Column, Entity};

/// Path segment of the noun.
pub const NOUN: &str = "data_samples";
/// Numbers of samples: `CY-2023-0007`.
pub const SERIES: Series = Series { prefix: "CY", table: "data_sample" };

kit::id!(
    /// Identity of a sample.
    SampleId
);

labelled! {
    /// How a sample is drawn.
    pub enum Method: "抽样方法" {
        /// Each item with the same chance.
        Simple = "simple" => "简单随机", Grey;
        /// Every k-th item.
        Interval = "interval" => "等距", Grey;
        /// A share from each stratum.
        Stratified = "stratified" => "分层", Grey;
        /// By units of money.
        MonetaryUnit = "monetary_unit" => "货币单元", Grey;
    }
}

impl From<Method> for sampling::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Simple => Self::Simple,
            Method::Interval => Self::Interval,
            Method::Stratified => Self::Stratified,
            Method::MonetaryUnit => Self::MonetaryUnit,
        }
    }
}

/// Whoever sees the data.
pub(crate) fn visible(actor: &Actor) -> Pred {
    data_sets::reach(actor)
}

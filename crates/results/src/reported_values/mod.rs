//! Reported values (上报数据): figures that another body reports and the office enters by hand, with
//! reporter and document. They are shown as reported and never mixed with what the platform computes.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Area, Fen, Pred, Shown, labelled, units};

use crate::shared::whole;

pub use service::service;
pub use store::Model as ReportedValue;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "reported_values";

kit::id!(
    /// Identity of a reported value.
    ReportedValueId
);

labelled! {
    /// In what a value is entered and shown; it decides what the stored whole number counts.
    pub enum ValueUnit: "单位" {
        /// Pieces: the number itself.
        Count = "count" => "个（件、项）", Grey;
        /// Money, entered in yuan; stored in fen.
        Yuan = "yuan" => "元", Grey;
        /// Area, entered in ㎡; stored in square centimetres.
        SquareMetre = "square_metre" => "㎡", Grey;
        /// A rate, entered in percent with two decimals; stored in hundredths of a percent.
        Percent = "percent" => "%", Grey;
    }
}

impl ValueUnit {
    /// How many of what is stored make one of what is entered.
    pub fn per(self) -> i64 {
        match self {
            Self::Count => 1,
            Self::Yuan | Self::Percent => 100,
            Self::SquareMetre => 10_000,
        }
    }

    /// Reads what a person entered; none for what is negative or more exact than can be stored.
    pub fn parse_value(self, text: &str) -> Option<i64> {
        units::parse_decimal(text, self.per()).filter(|value| *value >= 0)
    }

    /// A stored value as it is shown.
    pub fn shown(self, value: i64) -> Shown {
        match self {
            Self::Count => Shown::Integer(value),
            Self::Yuan => Shown::Money(Fen(value)),
            Self::SquareMetre => Shown::Area(Area(value)),
            Self::Percent => Shown::Rate { numerator: value, denominator: 10_000 },
        }
    }

    /// A stored value as a person would enter it.
    pub fn entered(self, value: i64) -> String {
        let per = self.per();
        let decimals = per.ilog10() as usize;
        if decimals == 0 {
            return value.to_string();
        }
        format!("{}.{:0decimals$}", value / per, value % per)
    }
}

/// What an actor can see: office, leading group and committee see all of it, nobody else anything.
pub fn visible(actor: &Actor) -> Pred {
    whole(actor)
}

/// Who enters them.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is_office()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_value_reads_back_as_it_was_entered(value in 0i64..1_000_000_000_000, at in 0usize..4) {
            let unit = ValueUnit::ALL[at];
            prop_assert_eq!(unit.parse_value(&unit.entered(value)), Some(value));
        }
    }

    #[test]
    fn forty_two_point_two_eight_hundred_million_yuan_is_kept_to_the_fen() {
        assert_eq!(ValueUnit::Yuan.parse_value("4228000000"), Some(422_800_000_000));
        assert_eq!(ValueUnit::Percent.parse_value("92.91"), Some(9_291));
        assert_eq!(ValueUnit::Count.parse_value("1.5"), None);
        assert_eq!(ValueUnit::Count.parse_value("-1"), None);
    }
}

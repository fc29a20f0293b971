//! Modes of an inspection: a set, stored as its codes in a fixed order and joined by commas, so that
//! equal sets are equal texts.

use kit::{Labelled as _, labelled};

labelled! {
    /// How an inspection is organised together with others.
    pub enum Mode: "组织方式" {
        /// A special inspection inside a regular one.
        RegularSpecial = "regular_special" => "常规+专项", Grey;
        /// Together with audit.
        Audit = "audit" => "巡审联动", Grey;
        /// Together with discipline inspection.
        Discipline = "discipline" => "巡纪联动", Grey;
        /// Together with the organisation department.
        Organisation = "organisation" => "巡组联动", Grey;
    }
}

/// A set of [`Mode`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Modes(u8);

impl Modes {
    /// No mode.
    pub const NONE: Self = Self(0);

    /// This set and `mode`.
    #[must_use]
    pub fn with(self, mode: Mode) -> Self {
        Self(self.0 | bit(mode))
    }

    /// Whether `mode` is in the set.
    pub fn has(self, mode: Mode) -> bool {
        self.0 & bit(mode) != 0
    }

    /// Every set that `mode` is in.
    pub fn all_with(mode: Mode) -> impl Iterator<Item = Self> {
        (0..1u8 << Mode::ALL.len()).map(Self).filter(move |modes| modes.has(mode))
    }

    /// The modes in their order.
    pub fn iter(self) -> impl Iterator<Item = Mode> {
        Mode::ALL.iter().copied().filter(move |mode| self.has(*mode))
    }

    /// What people read: `常规+专项、巡审联动`.
    pub fn label(self) -> String {
        self.iter().map(kit::Labelled::label).collect::<Vec<_>>().join("、")
    }

    fn text(self) -> String {
        self.iter().map(kit::Labelled::code).collect::<Vec<_>>().join(",")
    }

    fn parse(text: &str) -> Option<Self> {
        text.split(',')
            .filter(|code| !code.is_empty())
            .try_fold(Self::NONE, |modes, code| Mode::parse(code).map(|mode| modes.with(mode)))
    }
}

fn bit(mode: Mode) -> u8 {
    match mode {
        Mode::RegularSpecial => 1,
        Mode::Audit => 2,
        Mode::Discipline => 4,
        Mode::Organisation => 8,
    }
}

impl FromIterator<Mode> for Modes {
    fn from_iter<I: IntoIterator<Item = Mode>>(modes: I) -> Self {
        modes.into_iter().fold(Self::NONE, Self::with)
    }
}

kit::stored_as_text!(Modes, |value: Modes| value.text(), |text: &str| Modes::parse(text));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_reads_back_what_it_writes() {
        for bits in 0..16 {
            assert_eq!(Modes::parse(&Modes(bits).text()), Some(Modes(bits)));
        }
        assert_eq!(Modes::parse("audit,nonsense"), None);
    }

    #[test]
    fn the_order_of_entry_does_not_change_what_is_stored() {
        let one = Modes::NONE.with(Mode::Discipline).with(Mode::Audit);
        let other: Modes = [Mode::Audit, Mode::Discipline].into_iter().collect();
        assert_eq!(one.text(), other.text());
        assert_eq!(one.text(), "audit,discipline");
    }

    #[test]
    fn every_set_with_a_mode_is_found() {
        assert_eq!(Modes::all_with(Mode::Audit).count(), 8);
        assert!(Modes::all_with(Mode::Audit).all(|modes| modes.has(Mode::Audit)));
    }
}

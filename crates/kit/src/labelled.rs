//! Enumerations of the trade: a code that is stored, a Chinese label that is shown, a tone that colours.

use std::fmt;

/// How a state is coloured; the word beside it always says the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to do, or not begun.
    Grey,
    /// Under way.
    Blue,
    /// Done, in order.
    Green,
    /// Attention.
    Yellow,
    /// Urgent.
    Orange,
    /// Overdue or refused.
    Red,
}

impl Tone {
    /// Suffix of the style class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::Blue => "blue",
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
        }
    }
}

/// One value of an enumeration, as pages, exports and the API see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is stored and sent.
    pub code: &'static str,
    /// What people read.
    pub label: &'static str,
    /// How it is coloured.
    pub tone: Tone,
}

/// An enumeration declared with [`labelled!`](crate::labelled).
pub trait Labelled: Copy + Eq + fmt::Debug + Send + Sync + 'static {
    /// What the enumeration is called, in Chinese.
    const TITLE: &'static str;
    /// Every value in its natural order.
    const ALL: &'static [Self];
    /// Every value with code, label and tone.
    const CHOICES: &'static [Choice];

    /// Code, label and tone of this value.
    fn choice(self) -> Choice;

    /// What is stored.
    fn code(self) -> &'static str {
        self.choice().code
    }

    /// What people read.
    fn label(self) -> &'static str {
        self.choice().label
    }

    /// The value with this code; also accepts the label, as imports write it.
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|value| value.code() == text || value.label() == text)
    }
}

/// Declares an enumeration with codes and Chinese labels, storable as text.
///
/// ```
/// kit::labelled! {
///     /// How urgent a matter is.
///     pub enum Urgency: "缓急" {
///         /// In its turn.
///         Ordinary = "ordinary" => "一般", Grey;
///         /// At once.
///         Urgent = "urgent" => "紧急", Red;
///     }
/// }
/// use kit::Labelled as _;
/// assert_eq!(Urgency::parse("紧急"), Some(Urgency::Urgent));
/// ```
#[macro_export]
macro_rules! labelled {
    ($(#[$meta:meta])* pub enum $name:ident : $title:literal {
        $($(#[$vmeta:meta])* $variant:ident = $code:literal => $label:literal, $tone:ident;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $crate::Labelled for $name {
            const TITLE: &'static str = $title;
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const CHOICES: &'static [$crate::Choice] = &[$(
                $crate::Choice { code: $code, label: $label, tone: $crate::Tone::$tone }
            ),+];
            fn choice(self) -> $crate::Choice {
                match self { $(Self::$variant =>
                    $crate::Choice { code: $code, label: $label, tone: $crate::Tone::$tone }),+ }
            }
        }
        $crate::stored_as_text!($name, |value: $name| $crate::Labelled::code(value), |text: &str| {
            <$name as $crate::Labelled>::parse(text)
        });
    };
}

/// Lets a small `Copy` type be stored as text: how to write it, how to read it back.
#[macro_export]
macro_rules! stored_as_text {
    ($name:ident, $write:expr, $read:expr) => {
        impl From<$name> for $crate::sea_orm::Value {
            fn from(value: $name) -> Self {
                $crate::sea_orm::Value::from(String::from($write(value)))
            }
        }
        impl $crate::sea_orm::TryGetable for $name {
            fn try_get_by<I: $crate::sea_orm::ColIdx>(
                row: &$crate::sea_orm::QueryResult,
                index: I,
            ) -> Result<Self, $crate::sea_orm::TryGetError> {
                let text = <String as $crate::sea_orm::TryGetable>::try_get_by(row, index)?;
                $read(&text).ok_or_else(|| {
                    $crate::sea_orm::TryGetError::DbErr($crate::sea_orm::DbErr::Type(format!(
                        "unknown {} {text:?}",
                        stringify!($name)
                    )))
                })
            }
        }
        impl $crate::sea_orm::sea_query::ValueType for $name {
            fn try_from(
                value: $crate::sea_orm::Value,
            ) -> Result<Self, $crate::sea_orm::sea_query::ValueTypeErr> {
                let text = <String as $crate::sea_orm::sea_query::ValueType>::try_from(value)?;
                $read(&text).ok_or($crate::sea_orm::sea_query::ValueTypeErr)
            }
            fn type_name() -> String {
                String::from(stringify!($name))
            }
            fn array_type() -> $crate::sea_orm::sea_query::ArrayType {
                $crate::sea_orm::sea_query::ArrayType::String
            }
            fn column_type() -> $crate::sea_orm::sea_query::ColumnType {
                $crate::sea_orm::sea_query::ColumnType::Text
            }
        }
        impl $crate::sea_orm::sea_query::Nullable for $name {
            fn null() -> $crate::sea_orm::Value {
                <String as $crate::sea_orm::sea_query::Nullable>::null()
            }
        }
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&String::from($write(*self)))
            }
        }
    };
}

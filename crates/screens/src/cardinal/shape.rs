//! The few fields of a compiled release that the indicators read, borrowed from the text of its line.
//!
//! Published data is not always of the type that the standard gives. A field of another type is as if it were missing;
//! it never costs the rest of the release. Of a key that occurs twice the last counts, as in most readers of JSON.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// A text, or nothing when it is missing or no text.
#[derive(Clone, Debug, Default)]
pub(super) struct Text<'a>(Option<Cow<'a, str>>);

impl Text<'_> {
    pub(super) fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.get() == Some(text)
    }
}

/// Methods of a visitor for values that are not what is wanted: they are read to their end and leave nothing behind.
macro_rules! nothing_of {
    ($($what:ident)*) => { $(nothing_of!(@ $what);)* };
    (@ simple) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> { Ok(Self::Value::default()) }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> { Ok(Self::Value::default()) }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> { Ok(Self::Value::default()) }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> { Ok(Self::Value::default()) }
        fn visit_unit<E>(self) -> Result<Self::Value, E> { Ok(Self::Value::default()) }
    };
    (@ text) => {
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> { Ok(Self::Value::default()) }
    };
    (@ list) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
    (@ object) => {
        fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
            while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(Self::Value::default())
        }
    };
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Reader<'a> {
            type Value = Text<'a>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("any value")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Owned(text.to_owned()))))
            }
            nothing_of!(simple list object);
        }
        deserializer.deserialize_any(Reader(PhantomData))
    }
}

/// A number as it is written, so that no digit is lost before it is compared.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Number<'a>(Option<&'a str>);

impl Number<'_> {
    /// As a finite floating number, rounded correctly.
    pub(super) fn float(self) -> Option<f64> {
        self.0?.parse::<f64>().ok().filter(|number| number.is_finite())
    }

    /// As a whole number that is written as one.
    pub(super) fn whole(self) -> Option<u64> {
        self.0?.parse().ok()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Number<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&'de RawValue>::deserialize(deserializer)?.get();
        Ok(Self(
            Some(text).filter(|text| text.starts_with(|first: char| first == '-' || first.is_ascii_digit())),
        ))
    }
}

/// A list, or nothing when it is missing or no list.
#[derive(Clone, Debug)]
pub(super) struct List<T>(Option<Vec<T>>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> List<T> {
    pub(super) fn get(&self) -> Option<&[T]> {
        self.0.as_deref()
    }

    /// Its members; none when it is missing.
    pub(super) fn each(&self) -> std::slice::Iter<'_, T> {
        self.get().unwrap_or_default().iter()
    }

    /// Its member, when there is exactly one.
    pub(super) fn only(&self) -> Option<&T> {
        match self.get() {
            Some([only]) => Some(only),
            _ => None,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = List<T>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("any value")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = list.next_element()? {
                    members.push(member);
                }
                Ok(List(Some(members)))
            }
            nothing_of!(simple text object);
        }
        deserializer.deserialize_any(Reader(PhantomData))
    }
}

/// What was read as an object.
pub(super) trait Object {
    /// Whether the value was an object at all.
    fn there(&self) -> bool;
}

/// An object of which some keys are read; nothing of it when the value is no object.
macro_rules! object {
    ($(#[$doc:meta])* $name:ident { $($key:literal => $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default)]
        pub(super) struct $name<'a> {
            $(pub(super) $field: $type,)*
            there: bool,
            lives: PhantomData<&'a ()>,
        }

        impl Object for $name<'_> {
            fn there(&self) -> bool {
                self.there
            }
        }

        impl<'de: 'a, 'a> Deserialize<'de> for $name<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[expect(non_camel_case_types, reason = "the keys are named like the fields they fill")]
                enum Key { $($field,)* Other }
                impl<'de> Deserialize<'de> for Key {
                    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                        struct Reader;
                        impl Visitor<'_> for Reader {
                            type Value = Key;
                            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                                formatter.write_str("a key")
                            }
                            fn visit_str<E>(self, key: &str) -> Result<Key, E> {
                                Ok(match key { $($key => Key::$field,)* _ => Key::Other })
                            }
                        }
                        deserializer.deserialize_identifier(Reader)
                    }
                }
                struct Reader<'a>(PhantomData<&'a ()>);
                impl<'de: 'a, 'a> Visitor<'de> for Reader<'a> {
                    type Value = $name<'a>;
                    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                        formatter.write_str("any value")
                    }
                    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
                        let mut read = $name { there: true, ..$name::default() };
                        while let Some(key) = object.next_key::<Key>()? {
                            match key {
                                $(Key::$field => read.$field = object.next_value()?,)*
                                Key::Other => { object.next_value::<IgnoredAny>()?; }
                            }
                        }
                        Ok(read)
                    }
                    nothing_of!(simple text list);
                }
                deserializer.deserialize_any(Reader(PhantomData))
            }
        }
    };
}

object!(
    /// A reference to an organisation.
    Party { "id" => id: Text<'a>, }
);
object!(
    /// When bids could be handed in.
    Period { "startDate" => start: Text<'a>, "endDate" => end: Text<'a>, }
);
object!(
    /// The tender of a process.
    Tender {
        "status" => status: Text<'a>,
        "procurementMethod" => method: Text<'a>,
        "procurementMethodDetails" => details: Text<'a>,
        "numberOfTenderers" => tenderers: Number<'a>,
        "tenderPeriod" => period: Period<'a>,
        "procuringEntity" => entity: Party<'a>,
    }
);
object!(
    /// An amount of money.
    Money { "amount" => amount: Number<'a>, "currency" => currency: Text<'a>, }
);
object!(
    /// A bid.
    Bid {
        "status" => status: Text<'a>,
        "date" => date: Text<'a>,
        "value" => value: Money<'a>,
        "tenderers" => tenderers: List<Party<'a>>,
    }
);
object!(
    /// The bids of a process.
    Bids { "details" => details: List<Bid<'a>>, }
);
object!(
    /// What an item is.
    Classification { "id" => id: Text<'a>, }
);
object!(
    /// What was awarded.
    Item { "classification" => classification: Classification<'a>, }
);
object!(
    /// An award.
    Award {
        "status" => status: Text<'a>,
        "suppliers" => suppliers: List<Party<'a>>,
        "items" => items: List<Item<'a>>,
    }
);
object!(
    /// A compiled release.
    Release {
        "ocid" => ocid: Text<'a>,
        "buyer" => buyer: Party<'a>,
        "tender" => tender: Tender<'a>,
        "bids" => bids: Bids<'a>,
        "awards" => awards: List<Award<'a>>,
    }
);
object!(
    /// A record, which holds a compiled release.
    Record { "compiledRelease" => release: Release<'a>, }
);
object!(
    /// A package of records or releases.
    Package { "records" => records: List<Record<'a>>, "releases" => releases: List<Release<'a>>, }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_another_type_is_as_if_missing() {
        let text = r#"{"ocid":"a","buyer":7,"tender":[1,{}],"bids":{"details":[3,{"status":null,"value":"x"}]},"awards":{}}"#;
        let release: Release<'_> = serde_json::from_str(text).expect("JSON");
        assert!(release.ocid.is("a") && !release.tender.there() && release.awards.get().is_none());
        let bids = release.bids.details.get().expect("a list");
        assert_eq!((bids.len(), bids[1].status.get(), bids[1].value.there()), (2, None, false));
    }

    #[test]
    fn numbers_keep_their_digits_and_text_is_no_number() {
        let money = |text: &'static str| serde_json::from_str::<Money<'_>>(text).expect("JSON");
        assert_eq!(money(r#"{"amount":0.1}"#).amount.float(), Some(0.1));
        assert_eq!(money(r#"{"amount":1e999}"#).amount.float(), None);
        assert_eq!(money(r#"{"amount":"5"}"#).amount.float(), None);
        assert_eq!(
            (money(r#"{"amount":1}"#).amount.whole(), money(r#"{"amount":1.0}"#).amount.whole()),
            (Some(1), None)
        );
    }

    #[test]
    fn escaped_keys_and_texts_are_understood() {
        let release: Release<'_> =
            serde_json::from_str(r#"{"\u006fcid":"\u5de1","ocid":"b\n"}"#).expect("JSON");
        assert!(release.ocid.is("b\n"), "the last of two counts");
    }
}

//! Records as sequences of structs, for [serde](https://serde.rs).

use super::leaf::Own;
use super::records::Records;
use super::schema::Record;
use core::fmt;
use core::marker::PhantomData;
use serde_core::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde_core::ser::{Serialize, Serializer};

/// The most bytes of cells that are reserved because a sequence claims to be so long.
const CLAIMED: usize = 1 << 20;

impl<R: Record<Fields: Own> + Serialize> Serialize for Records<R> {
    /// Writes a sequence of the structs, each of which is made for it: so a `Vec` of them reads it, and whatever `serde`'s attributes say
    /// of the struct holds.
    ///
    /// ```
    /// use pennyweight::record::{Record, Records};
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Record, Serialize, Deserialize)]
    /// struct Flight {
    ///     #[record(dict)]
    ///     origin: String,
    ///     delay: Option<i16>,
    /// }
    ///
    /// let json = r#"[{"origin":"JFK","delay":4},{"origin":"LGA","delay":null}]"#;
    /// let flights: Records<Flight> = serde_json::from_str(json)?;
    /// assert_eq!(flights[1].origin(), "LGA");
    /// assert_eq!(serde_json::to_string(&flights)?, json);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let structs =
            self.as_slice().rows().map(|row| R::from_values(row.own(), R::compute(R::row(row))));
        serializer.collect_seq(structs)
    }
}

impl<'de, R: Record + Deserialize<'de>> Deserialize<'de> for Records<R> {
    /// Reads a sequence of the structs. What a column cannot take is an error of the format's type.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rows<R>(PhantomData<R>);
        impl<'de, R: Record + Deserialize<'de>> Visitor<'de> for Rows<R> {
            type Value = Records<R>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence of records")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Records<R>, A::Error> {
                let mut records = Records::new();
                let claimed = rows.size_hint().unwrap_or(0);
                let few = claimed.min(CLAIMED / size_of::<R>().max(1));
                records.try_reserve(few).map_err(Error::custom)?;
                while let Some(record) = rows.next_element()? {
                    records.try_push(record).map_err(Error::custom)?;
                }
                Ok(records)
            }
        }
        deserializer.deserialize_seq(Rows(PhantomData))
    }
}

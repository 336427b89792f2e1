//! What the generated methods say of themselves: what they give, and what that costs where it is not what a struct's field costs.

use super::{Access, Column, Encoding};

impl Column<'_> {
    /// Of the method of a row that reads the field.
    pub(super) fn read_doc(&self) -> String {
        let name = self.name();
        match &self.encoding {
            Encoding::Plain { access: Access::Lent } => {
                format!("The value of `{name}`, where it lies.")
            }
            Encoding::Plain { .. } => format!("The value of `{name}`."),
            Encoding::Nullable { .. } => {
                format!("The value of `{name}`, or `None` where a bit says that there is none.")
            }
            Encoding::Stored { by: "DictField" } => {
                format!("The string of `{name}`, found by its code.")
            }
            Encoding::Stored { by: "TextField" } => {
                format!("The text of `{name}`, where it lies in that of all rows.")
            }
            Encoding::Stored { .. } => format!("The value of `{name}`, unpacked."),
            Encoding::Nested => format!("The row of `{name}`."),
            Encoding::NestedOption { .. } => format!("The row of `{name}`, if there is one."),
            Encoding::Computed(_) => {
                format!("The value of `{name}`: computed of the row each time, and stored nowhere.")
            }
        }
    }

    /// Of the method of a row that replaces the field's value.
    pub(super) fn set_doc(&self) -> String {
        let name = self.name();
        let replaces = format!("Replaces what [`{name}`](Self::{name}) gives.");
        let cost = match &self.encoding {
            Encoding::Stored { by: "DictField" } => {
                "Looks the string up among those of the column, to which it is added where it is new. \
                 One that no row has any more stays there."
            }
            Encoding::Stored { by: "TextField" } => {
                "In place where the new text is as long; else all text of the column is written anew."
            }
            Encoding::Stored { .. } => {
                "A value that needs more bits than the column has makes all of the column wider."
            }
            Encoding::Nested => {
                "The new row is appended to the columns of the record, and takes the place of the old one there as by `swap_remove`."
            }
            Encoding::NestedOption { .. } => {
                "Where there was a record and now is none, or the other way round, up to all rows are looked through: \
                 what went leaves a place, which the last of its kind takes. A record takes the place of another as by `swap_remove`."
            }
            _ => return replaces,
        };
        format!("{replaces}\n\n{cost}")
    }

    /// Of the method of columns that gives this one.
    pub(super) fn column_doc(&self) -> String {
        let name = self.name();
        match &self.encoding {
            Encoding::Plain { .. } => format!("The values of `{name}`, as a slice."),
            Encoding::Nullable { .. } => {
                format!("The values of `{name}`, and which of them are there.")
            }
            Encoding::Stored { by: "DictField" } => {
                format!("The codes of `{name}`, and the strings that they stand for.")
            }
            Encoding::Stored { by: "TextField" } => format!("The texts of `{name}`."),
            Encoding::Stored { .. } => format!("The values of `{name}`, packed."),
            Encoding::Nested => format!("The columns of `{name}`."),
            Encoding::NestedOption { .. } => {
                format!("Which rows have a `{name}`, and the columns of these.")
            }
            Encoding::Computed(_) => unreachable!("what is computed has no column"),
        }
    }
}

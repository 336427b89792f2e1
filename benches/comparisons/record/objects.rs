//! Objects by the hundred thousand: users, whose strings are all different, and points.

use core::fmt::Write;
use std::{collections::HashMap, rc::Rc};

use arrow_array::{Int32Array, StringArray, UInt32Array, builder::StringBuilder};
use columnar::{Borrow, Columnar, ContainerOf, Index, Push};
use pennyweight::record::{Record, Records};
use pennyweight_comparison::{Comparison, Metric, Suite};
use soa_derive::StructOfArray;
use soa_rs::{Soa, Soars};

use crate::comparisons::data::uniform;

const OBJECTS: usize = 100_000;
/// Enough for numbers up to that.
const BITS: u32 = 17;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("record", "users", |sizes| users(sizes.generated(OBJECTS)));
    suite.add("record", "points", |sizes| points(sizes.generated(OBJECTS)));
}

fn bytes_per_object() -> Metric {
    Metric {
        name: "bytes per object",
        unit: "B",
        beside: 0.0,
        of_heap: |heap_bytes, objects| heap_bytes / objects,
    }
}

/// Defines a user with any kind of number, since each crate derives types of the same names from it.
macro_rules! user {
    ($name:ident, $id:ident, $($derive:ident),+) => {
        #[derive($($derive),+)]
        struct $name {
            id: $id,
            name: String,
            email: String,
        }
    };
}

user!(User, u64, Clone);
user!(SoaUser, u32, StructOfArray);
user!(OneUser, u32, Soars);
user!(ColumnUser, u32, Columnar);

#[derive(Record)]
struct RecordUser {
    #[record(packed)]
    id: u32,
    #[record(text)]
    name: String,
    #[record(text)]
    email: String,
}

/// Calls `take` with the number, the name and the address of each user. The text is in buffers that are used again.
fn for_each_user(users: usize, mut take: impl FnMut(u32, &str, &str)) {
    let (mut name, mut email) = (String::new(), String::new());
    for id in 0..users as u32 {
        name.clear();
        email.clear();
        write!(name, "User{id}").expect("a String takes all");
        write!(email, "user{id}@example.com").expect("a String takes all");
        take(id, &name, &email);
    }
}

fn users(len: usize) -> Comparison {
    let mut text = 0;
    for_each_user(len, |_, name, email| text += name.len() + email.len());
    let strings = |name: &str, email: &str| (name.to_owned(), email.to_owned());
    let user = move |id: u32, name: &str, email: &str| {
        let (name, email) = strings(name, email);
        User { id: id.into(), name, email }
    };
    let records = move || {
        let mut users: Records<RecordUser> = Records::with_capacity(len);
        for_each_user(len, |id, name, email| {
            let (name, email) = strings(name, email);
            users.push(RecordUser { id, name, email });
        });
        users.shrink_to_fit();
        users
    };
    let seen = |id: u64, name: usize, email: usize| id as i64 + (name + email) as i64;
    Comparison::of("numbers, User0, user0@example.com and so on", len)
        .about(
            "All users are gone through, their numbers and the lengths of their strings added up: of structs, or of columns, \
             and by `pennyweight, rows` of rows. Every variant is told how many users come, but for columnar, which cannot be \
             told. The limit is 17 bits for a number, and the text.",
        )
        .limit_bits(len as f64 * f64::from(BITS) + text as f64 * 8.0)
        .metric(bytes_per_object())
        .naive(
            move || {
                let mut users = Vec::with_capacity(len);
                for_each_user(len, |id, name, email| users.push(user(id, name, email)));
                users
            },
            move |users| {
                let users = users.iter();
                users.map(|user| seen(user.id, user.name.len(), user.email.len())).sum::<i64>()
            },
        )
        .pennyweight(records, move |users| {
            let users = users.columns();
            let users = users.id().iter().zip(users.name()).zip(users.email());
            users.map(|((id, name), email)| seen(id.into(), name.len(), email.len())).sum::<i64>()
        })
        .variant("pennyweight, rows", records, move |users| {
            let users = users.iter();
            users.map(|row| seen(row.id().into(), row.name().len(), row.email().len())).sum::<i64>()
        })
        .variant(
            "naive, boxes",
            move || {
                let mut users = Vec::with_capacity(len);
                for_each_user(len, |id, name, email| users.push(Box::new(user(id, name, email))));
                users
            },
            move |users| {
                let users = users.iter();
                users.map(|user| seen(user.id, user.name.len(), user.email.len())).sum::<i64>()
            },
        )
        .variant(
            "list of dicts",
            move || {
                let mut users = Vec::with_capacity(len);
                for_each_user(len, |id, name, email| {
                    let fields = [("id", &*id.to_string()), ("name", name), ("email", email)];
                    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned()));
                    users.push(HashMap::from(fields));
                });
                users
            },
            move |users| {
                let users = users.iter().map(|user| {
                    let id = user["id"].parse().expect("a number");
                    seen(id, user["name"].len(), user["email"].len())
                });
                users.sum::<i64>()
            },
        )
        .peer(
            "soa_derive",
            "soa_derive",
            move || {
                let mut users = SoaUserVec::with_capacity(len);
                for_each_user(len, |id, name, email| {
                    let (name, email) = strings(name, email);
                    users.push(SoaUser { id, name, email });
                });
                users
            },
            move |users| {
                let SoaUserVec { id, name, email } = users;
                let users = id.iter().zip(name).zip(email);
                users.map(|((&id, name), email)| seen(id.into(), name.len(), email.len())).sum::<i64>()
            },
        )
        .peer(
            "soa-rs",
            "soa-rs",
            move || {
                let mut users: Soa<OneUser> = Soa::with_capacity(len);
                for_each_user(len, |id, name, email| {
                    let (name, email) = strings(name, email);
                    users.push(OneUser { id, name, email });
                });
                users
            },
            move |users| {
                let users = users.id().iter().zip(users.name()).zip(users.email());
                users.map(|((&id, name), email)| seen(id.into(), name.len(), email.len())).sum::<i64>()
            },
        )
        .peer(
            "columnar",
            "columnar",
            move || {
                let mut users = ContainerOf::<ColumnUser>::default();
                for_each_user(len, |id, name, email| {
                    users.push(ColumnUserReference { id, name, email });
                });
                users
            },
            move |users| {
                let users = users.borrow().into_index_iter();
                users.map(|user| seen((*user.id).into(), user.name.len(), user.email.len())).sum::<i64>()
            },
        )
        .peer(
            "arrow-array",
            "arrow",
            move || {
                let mut ids = UInt32Array::builder(len);
                let mut texts = [(); 2].map(|()| StringBuilder::with_capacity(len, text / 2));
                for_each_user(len, |id, name, email| {
                    ids.append_value(id);
                    texts[0].append_value(name);
                    texts[1].append_value(email);
                });
                (ids.finish(), texts.each_mut().map(StringBuilder::finish))
            },
            move |(ids, [names, emails]): &mut (UInt32Array, [StringArray; 2])| {
                let lengths = names.offsets().lengths().zip(emails.offsets().lengths());
                let users = ids.values().iter().zip(lengths);
                users.map(|(&id, (name, email))| seen(id.into(), name, email)).sum::<i64>()
            },
        )
}

/// Defines a point with any kind of number.
macro_rules! point {
    ($name:ident, $number:ident, $($derive:ident),+) => {
        #[derive($($derive),+)]
        struct $name {
            x: $number,
            y: $number,
        }
    };
}

#[derive(Record)]
struct RecordPoint {
    #[record(packed)]
    x: i32,
    #[record(packed)]
    y: i32,
}

point!(Point, i64, Clone);
point!(PlainPoint, i32, Record);
point!(NarrowPoint, i32, Clone);
point!(SoaPoint, i32, StructOfArray);
point!(OnePoint, i32, Soars);
point!(ColumnPoint, i32, Columnar);

fn points(len: usize) -> Comparison {
    let numbers = uniform(2 * len, BITS);
    /// Returns a closure that makes something of all points.
    fn from<S>(
        numbers: &Rc<[i64]>,
        make: impl Fn(&mut dyn ExactSizeIterator<Item = (i64, i64)>) -> S + 'static,
    ) -> impl Fn() -> S + 'static {
        let numbers = Rc::clone(numbers);
        move || make(&mut numbers.chunks_exact(2).map(|two| (two[0], two[1])))
    }
    let seen = |x: i64, y: i64| x - y;
    Comparison::of(format!("points of two {BITS}-bit numbers, xorshift"), len)
        .about(
            "All points are gone through, and the differences of their numbers added up. Naive has numbers of 64 bits, \
             pennyweight of 17, of which it subtracts two sums, and the peers of 32. `pennyweight, rows` goes through rows. \
             Every variant is told how many points come, but for columnar, which cannot be told.",
        )
        .limit_bits(2.0 * len as f64 * f64::from(BITS))
        .metric(bytes_per_object())
        .naive(
            from(&numbers, |points| points.map(|(x, y)| Point { x, y }).collect::<Vec<_>>()),
            move |points| points.iter().map(|point| seen(point.x, point.y)).sum::<i64>(),
        )
        .pennyweight(
            from(&numbers, |points| {
                let points = points.map(|(x, y)| RecordPoint { x: x as i32, y: y as i32 });
                let mut points: Records<RecordPoint> = points.collect();
                points.shrink_to_fit();
                points
            }),
            |points| {
                let columns = points.columns();
                columns.x().sum() - columns.y().sum()
            },
        )
        .variant(
            "pennyweight, rows",
            from(&numbers, |points| {
                let points = points.map(|(x, y)| RecordPoint { x: x as i32, y: y as i32 });
                let mut points: Records<RecordPoint> = points.collect();
                points.shrink_to_fit();
                points
            }),
            move |points| {
                points.iter().map(|row| seen(row.x().into(), row.y().into())).sum::<i64>()
            },
        )
        .variant(
            "pennyweight, plain i32",
            from(&numbers, |points| {
                let points = points.map(|(x, y)| PlainPoint { x: x as i32, y: y as i32 });
                points.collect::<Records<PlainPoint>>()
            }),
            move |points| {
                let columns = points.columns();
                let points = columns.x().iter().zip(columns.y());
                points.map(|(&x, &y)| seen(x.into(), y.into())).sum::<i64>()
            },
        )
        .variant(
            "naive, as i32",
            from(&numbers, |points| {
                let points = points.map(|(x, y)| NarrowPoint { x: x as i32, y: y as i32 });
                points.collect::<Vec<_>>()
            }),
            move |points| {
                points.iter().map(|point| seen(point.x.into(), point.y.into())).sum::<i64>()
            },
        )
        .variant(
            "naive, boxes",
            from(&numbers, |points| {
                points.map(|(x, y)| Box::new(Point { x, y })).collect::<Vec<_>>()
            }),
            move |points| points.iter().map(|point| seen(point.x, point.y)).sum::<i64>(),
        )
        .variant(
            "list of dicts",
            from(&numbers, |points| {
                let points = points.map(|(x, y)| [("x", x), ("y", y)].map(|(name, value)| (name.to_owned(), value)));
                points.map(HashMap::from).collect::<Vec<_>>()
            }),
            move |points: &mut Vec<HashMap<String, i64>>| {
                points.iter().map(|point| seen(point["x"], point["y"])).sum::<i64>()
            },
        )
        .peer(
            "soa_derive",
            "soa_derive",
            from(&numbers, |points| {
                let mut columns = SoaPointVec::with_capacity(points.len());
                points.for_each(|(x, y)| columns.push(SoaPoint { x: x as i32, y: y as i32 }));
                columns
            }),
            move |points| {
                let points = points.x.iter().zip(&points.y);
                points.map(|(&x, &y)| seen(x.into(), y.into())).sum::<i64>()
            },
        )
        .peer(
            "soa-rs",
            "soa-rs",
            from(&numbers, |points| {
                let mut columns: Soa<OnePoint> = Soa::with_capacity(points.len());
                points.for_each(|(x, y)| columns.push(OnePoint { x: x as i32, y: y as i32 }));
                columns
            }),
            move |points| {
                let points = points.x().iter().zip(points.y());
                points.map(|(&x, &y)| seen(x.into(), y.into())).sum::<i64>()
            },
        )
        .peer(
            "columnar",
            "columnar",
            from(&numbers, |points| {
                let mut columns = ContainerOf::<ColumnPoint>::default();
                points.for_each(|(x, y)| columns.push(ColumnPoint { x: x as i32, y: y as i32 }));
                columns
            }),
            move |points| {
                let points = points.borrow();
                let points = points.x.iter().zip(points.y);
                points.map(|(&x, &y)| seen(x.into(), y.into())).sum::<i64>()
            },
        )
        .peer(
            "arrow-array",
            "arrow",
            from(&numbers, |points| {
                let mut columns = [(); 2].map(|()| Int32Array::builder(points.len()));
                for (x, y) in points {
                    columns[0].append_value(x as i32);
                    columns[1].append_value(y as i32);
                }
                columns.each_mut().map(|column| column.finish())
            }),
            move |[x, y]| {
                let points = x.values().iter().zip(y.values());
                points.map(|(&x, &y)| seen(x.into(), y.into())).sum::<i64>()
            },
        )
}

//! What the derive makes of structs of all kinds.

use pennyweight::record::{Record, Records};
use std::rc::Rc;

#[derive(Record, Clone, Debug, PartialEq)]
struct Point {
    x: i16,
    owned: Rc<u8>,
    y: Option<i64>,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Ship {
    name: String,
    #[record(nested)]
    at: Point,
    crew: Option<Rc<str>>,
    #[record(computed = far_of)]
    far: bool,
    mark: char,
    big: u64,
    #[record(plain)]
    owner: Option<Box<u8>>,
}

fn far_of(ship: &ShipRow) -> bool {
    ship.at().x() > 100
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Pair<'t, T: Clone, const N: usize>(&'t str, [T; N], ());

fn ship(i: i16) -> Ship {
    Ship {
        name: format!("ship {i}"),
        at: Point { x: i, owned: Rc::new(7), y: (i % 3 != 0).then_some(i64::from(i)) },
        crew: (i % 5 == 0).then(|| Rc::from("crew")),
        far: i > 100,
        mark: 'a',
        big: i as u64,
        owner: (i % 2 == 0).then(|| Box::new(i as u8)),
    }
}

#[test]
fn structs_come_back_as_they_were() {
    let ships: Vec<Ship> = (0..200).map(ship).collect();
    let mut records: Records<Ship> = ships.iter().cloned().collect();
    assert_eq!(records.len(), 200);
    assert_eq!(records[7].name(), "ship 7");
    assert_eq!(records[9].at().y(), None);
    assert!(records[101].far() && !records[100].far());
    assert_eq!(records.columns().big()[..3], [0, 1, 2]);
    assert_eq!(records.columns().at().x()[199], 199);
    assert_eq!(records[5].to_owned(), ships[5]);
    records[5].set_at(Point { x: 300, owned: Rc::new(8), y: None });
    records[5].name_mut().push('!');
    assert_eq!((records[5].at().x(), records[5].name().as_str()), (300, "ship 5!"));
    records[5].set_at(ships[5].at.clone());
    records[5].set_name("ship 5".to_owned());
    records.shrink_to_fit();
    assert!(records.iter().zip(&ships).all(|(row, ship)| row.to_owned() == *ship));
    assert_eq!(format!("{:?}", records[3].at()), "Point { x: 3, owned: 7, y: None }");
    let mut back = Vec::new();
    while let Some(ship) = records.pop() {
        back.insert(0, ship);
    }
    assert_eq!(back, ships);
}

#[test]
fn generics_lifetimes_and_tuples() {
    let text = String::from("a b c");
    let pairs = text.split(' ').map(|word| Pair(word, [word.to_owned(), String::new()], ()));
    let mut records: Records<Pair<'_, String, 2>> = pairs.collect();
    assert_eq!(records[1]._0(), "b");
    assert_eq!(records.columns()._1()[2][0], "c");
    records.truncate(1);
    assert_eq!(records.pop(), Some(Pair("a", ["a".to_owned(), String::new()], ())));
    assert_eq!(records.pop(), None);
}

#[derive(Record, Clone, Debug, PartialEq)]
enum Shape {
    Circle { radius: f64, name: Option<Rc<str>> },
    Rect(u8, Rc<u8>),
    Empty,
    Inner(#[record(nested)] Inside),
    Label(#[record(dict)] String),
}

#[derive(Record, Clone, Debug, PartialEq)]
enum Inside {
    Small(Rc<u16>),
    Large { size: u64 },
}

fn shape(i: u64) -> Shape {
    match i % 7 {
        0 => Shape::Circle { radius: i as f64, name: None },
        1 => Shape::Circle { radius: i as f64, name: Some(Rc::from("o")) },
        2 => Shape::Rect(i as u8, Rc::new(3)),
        3 => Shape::Inner(Inside::Small(Rc::new(i as u16))),
        4 => Shape::Inner(Inside::Large { size: i }),
        5 => Shape::Label(format!("label {}", i % 4)),
        _ => Shape::Empty,
    }
}

#[test]
fn enums_come_back_as_they_were() {
    let mut model: Vec<Shape> = (0..300).map(shape).collect();
    let mut records: Records<Shape> = model.iter().cloned().collect();
    let check = |records: &Records<Shape>, model: &[Shape]| {
        assert_eq!(records.len(), model.len());
        assert!(records.iter().zip(model).all(|(row, shape)| row.to_owned() == *shape));
    };
    check(&records, &model);
    assert!(matches!(records[2].variant(), ShapeVariant::Rect(row) if row._0() == 2));
    assert_eq!(records.columns().circle().radius()[..2], [0.0, 1.0]);
    for (step, at) in [(1_u64, 5), (2, 17), (3, 200), (4, 0), (5, 100)] {
        assert_eq!(records.remove(at), model.remove(at));
        assert_eq!(records.swap_remove(at + 3), model.swap_remove(at + 3));
        records.insert(at, shape(step));
        model.insert(at, shape(step));
        records[at].set(shape(step + 1));
        model[at] = shape(step + 1);
        check(&records, &model);
    }
    records.sort_by_key(|row| format!("{row:?}").len());
    model.sort_by_key(|shape| format!("{shape:?}").len());
    check(&records, &model);
    records.truncate(280);
    model.truncate(280);
    check(&records, &model);
    let mut number = 0;
    records.retain(|_| {
        number += 1;
        number % 3 != 0
    });
    let mut number = 0;
    model.retain(|_| {
        number += 1;
        number % 3 != 0
    });
    check(&records, &model);
    let mut tail = records.split_off(40);
    check(&tail, &model[40..]);
    check(&records, &model[..40]);
    tail.append(&mut records);
    model.rotate_left(40);
    check(&tail, &model);
    assert_eq!((records.pop(), tail.pop()), (None, model.pop()));
    tail.truncate(3);
    check(&tail, &model[..3]);
}

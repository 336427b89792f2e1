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

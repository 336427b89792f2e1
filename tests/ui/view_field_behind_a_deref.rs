use pennyweight::view::column;

struct Address {
    zip: u32,
}

struct Person {
    home: Box<Address>,
    work: &'static Address,
}

fn main() {
    let people = [Person { home: Box::new(Address { zip: 1 }), work: &Address { zip: 2 } }];
    column!(people, Person, home.zip);
    column!(people, Person, work.zip);
    column!([&people[0]], &Person, home);
    let _ = (people[0].home.zip, people[0].work.zip);
}

use pennyweight::view::column;

struct Person {
    age: u8,
}

struct Animal {
    age: u8,
}

fn main() {
    let people = [Person { age: 36 }];
    column!(people, Animal, age);
    column!(people, Person, name);
    column!(people[0], Person, age);
    let _ = (people[0].age, Animal { age: 3 }.age);
}

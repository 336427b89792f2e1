use pennyweight::view::{Field, View, column, column_mut, field};
use std::ops::Deref;

struct Age(u8);

impl Deref for Age {
    type Target = u8;
    fn deref(&self) -> &u8 {
        &self.0
    }
}

struct Person {
    name: &'static str,
    age: Age,
}

fn shorter<'a>(people: &mut [Person], name: &'a str) {
    column_mut!(people, Person, name).fill(name);
}

fn longer<'a>(field: Field<Person, &'a str>) -> Field<Person, &'static str> {
    field
}

fn main() {
    let people = [Person { name: "Ada", age: Age(36) }];
    let _: View<'_, u8, 1> = column!(people, Person, age);
    let _ = longer(field!(Person, name));
    shorter(&mut [], "Grace");
}

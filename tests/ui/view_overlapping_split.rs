use pennyweight::view::split_columns_mut;

struct Person {
    age: u8,
    address: (u32, u32),
}

fn main() {
    let mut people = [Person { age: 36, address: (1, 2) }];
    split_columns_mut!(people, Person, age, address.0, age);
    split_columns_mut!(people, Person, address, age, address.1);
    split_columns_mut!(people, Person, age, address.1, address.0);
}

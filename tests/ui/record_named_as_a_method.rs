use pennyweight::record::Record;

#[derive(Record)]
struct Message {
    id: u32,
    to_owned: bool,
}

#[derive(Record)]
struct Setting {
    value: Option<u8>,
    set_value: bool,
}

#[derive(Record)]
struct Counter {
    hits: u32,
    hits_mut: u32,
}

#[derive(Record)]
enum Reading {
    One { value: u8, set_value: u8 },
}

#[derive(Record)]
enum Path {
    Name(u32),
    Super(u32),
}

#[derive(Record)]
enum Field {
    Numbers(u32),
    Text,
}

#[derive(Record)]
#[allow(non_camel_case_types)]
enum Unit {
    KmH(u32),
    Km_h(u32),
}

#[derive(Record)]
struct Twice {
    set_a: u8,
    a_mut: u8,
}

fn main() {}

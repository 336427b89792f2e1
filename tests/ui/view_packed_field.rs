use pennyweight::view::column;

#[repr(C, packed)]
struct Header {
    kind: u8,
    length: u32,
}

struct Message {
    header: Header,
}

fn main() {
    let headers = [Header { kind: 1, length: 2 }];
    column!(headers, Header, kind);
    column!(headers, Header, length);
    let messages = [Message { header: Header { kind: 1, length: 2 } }];
    column!(messages, Message, header.length);
}

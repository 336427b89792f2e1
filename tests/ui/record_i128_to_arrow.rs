use pennyweight::record::{Record, Records};
use std::sync::Arc;

#[derive(Record)]
struct Account {
    balance: i128,
}

fn main() {
    let accounts: Records<Account> = Records::new();
    let _ = Arc::new(accounts).to_c_data();
}

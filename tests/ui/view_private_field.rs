use pennyweight::view::column;

mod bank {
    pub struct Account(pub u64, i64);

    pub fn account() -> Account {
        Account(1, 2)
    }
}

fn main() {
    let accounts = [bank::account()];
    column!(accounts, bank::Account, 0);
    column!(accounts, bank::Account, 1);
}

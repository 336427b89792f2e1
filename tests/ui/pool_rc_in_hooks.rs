//! Hooks run in the threads that use the pool, so what they own must be fit for that.

use pennyweight::pool::Pool;
use std::rc::Rc;
use std::thread;

fn main() {
    let prototype = Rc::new(String::from("one for all"));
    let pool = Pool::new(move || String::clone(&prototype));
    thread::spawn(move || drop(pool.get()));
}

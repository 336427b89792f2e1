//! Maps whose entries die with their values: Python's `WeakValueDictionary`, `WeakKeyDictionary`, `WeakSet` and `finalize`.

"""Takes flights from Rust by Arrow's C data interface, and compares them with what pyarrow reads itself.

    cargo build --release --manifest-path integrations/arrow-c/Cargo.toml
    python integrations/arrow-c/check.py [LIBRARY [CSV]]
"""

import ctypes
import pathlib
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

here = pathlib.Path(__file__).resolve().parent
library = sys.argv[1] if len(sys.argv) > 1 else here / "target/release/libpennyweight_arrow_c.so"
path = sys.argv[2] if len(sys.argv) > 2 else here.parent.parent / "data/flights-2013-01.csv"

read_flights = ctypes.CDLL(str(library)).read_flights
read_flights.restype = ctypes.c_int64
read_flights.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p]

# `struct ArrowSchema` has 9 words, `struct ArrowArray` 10.
schema, array = (ctypes.c_uint64 * 9)(), (ctypes.c_uint64 * 10)()
rows = read_flights(str(path).encode(), ctypes.addressof(schema), ctypes.addressof(array))
assert rows > 0, path
flights = pa.RecordBatch._import_from_c(ctypes.addressof(array), ctypes.addressof(schema))
flights.validate(full=True)

expected = pa.csv.read_csv(
    path, convert_options=pa.csv.ConvertOptions(null_values=["NA"], strings_can_be_null=True)
)
assert flights.num_rows == expected.num_rows == rows
for name in expected.column_names:
    ours, theirs = flights[name], expected[name].combine_chunks()
    if pa.types.is_dictionary(ours.type):
        ours = ours.dictionary_decode()
    if pa.types.is_timestamp(theirs.type):
        theirs = theirs.cast(pa.timestamp("s", theirs.type.tz)).cast(pa.int64())
    assert ours.cast(theirs.type).equals(theirs), name

table = pa.Table.from_batches([flights])
means = table.group_by("carrier").aggregate([("dep_delay", "mean")])
taken = flights["arr_delay"]
del flights, table
print(f"{rows} rows of {len(expected.column_names)} columns are the same, {means.num_rows} carriers")
assert pc.sum(taken).as_py() == pc.sum(expected["arr_delay"]).as_py()

"""Takes flights from Rust by Arrow's C data interface, compares them with what pyarrow reads itself, and gives them back.

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

rust = ctypes.CDLL(str(library))
rust.read_flights.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p]
rust.return_flights.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
rust.return_batches.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
for function in (rust.read_flights, rust.return_flights, rust.return_batches):
    function.restype = ctypes.c_int64

# `struct ArrowSchema` has 9 words, `struct ArrowArray` 10, `struct ArrowArrayStream` 5.
schema, array, stream = ((ctypes.c_uint64 * words)() for words in (9, 10, 5))
rows = rust.read_flights(str(path).encode(), ctypes.addressof(schema), ctypes.addressof(array))
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



def returned(batch):
    """The batch, once Rust has taken it and handed it over again."""
    batch._export_to_c(ctypes.addressof(array), ctypes.addressof(schema))
    taken = rust.return_flights(ctypes.addressof(schema), ctypes.addressof(array))
    assert taken == batch.num_rows
    batch = pa.RecordBatch._import_from_c(ctypes.addressof(array), ctypes.addressof(schema))
    batch.validate(full=True)
    return batch


def same(ours, theirs):
    for name in flights.schema.names:
        values = [batch[name] for batch in (ours, theirs)]
        ours_values, theirs_values = (
            column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
            for column in values
        )
        assert ours_values.equals(theirs_values.cast(ours_values.type)), name


def held_as(type):
    """The flights with strings of another type, and columns in another order."""
    columns = {name: flights[name] for name in reversed(flights.schema.names)}
    for name in ("carrier", "tailnum", "origin", "dest"):
        columns[name] = columns[name].dictionary_decode().cast(type)
    return pa.RecordBatch.from_pydict(columns)


forms = [flights, *(held_as(type) for type in (pa.string(), pa.large_string(), pa.string_view()))]
for form in forms:
    same(returned(form), form)
    for start, length in ((1, 1000), (999, 64), (rows - 1, 1), (0, 0)):
        same(returned(form.slice(start, length)), form.slice(start, length))
    batches = [form.slice(start, 1000) for start in range(0, rows, 1000)]
    reader = pa.RecordBatchReader.from_batches(form.schema, batches)
    reader._export_to_c(ctypes.addressof(stream))
    taken = rust.return_batches(
        ctypes.addressof(stream), ctypes.addressof(schema), ctypes.addressof(array)
    )
    assert taken == rows
    same(pa.RecordBatch._import_from_c(ctypes.addressof(array), ctypes.addressof(schema)), form)

other = flights.drop_columns(["dest"]).append_column("dest", pa.array(range(rows)))
other._export_to_c(ctypes.addressof(array), ctypes.addressof(schema))
assert rust.return_flights(ctypes.addressof(schema), ctypes.addressof(array)) == -1

table = pa.Table.from_batches([flights])
means = table.group_by("carrier").aggregate([("dep_delay", "mean")])
taken = flights["arr_delay"]
del flights, table, forms, form, batches, reader, other
print(f"{rows} rows of {len(expected.column_names)} columns are the same, there and back, {means.num_rows} carriers")
assert pc.sum(taken).as_py() == pc.sum(expected["arr_delay"]).as_py()

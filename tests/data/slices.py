"""Writes what CPython and NumPy make of random slices: the expectations of tests/view/expected.rs.

    pip install numpy && python3 tests/data/slices.py

Some are written as Rust, to slices_macro.rs, since what `s!` selects is a type. The others go to slices.txt, where
every line is one case. `_` stands for an end that is not written.

    1-d     r <len> <start> <stop> <step> = <first> <count>           of range(len)[start:stop:step]
    N-d     a <shape> <permutation> <items> = <shape> : <elements>    of arange(n).reshape(shape).transpose(permutation)[items]
    reshape v <shape> <permutation> <items> > <shape> = <shape> : <elements>, or `copy` where a view does not do

Items are an index, `start:stop:step`, `new`, or `...`, with commas between. Elements are joined by commas; more than
24 are given by their count, and sum of (position + 1) * element.
"""

import random
import sys
from pathlib import Path

import numpy as np

random.seed(20240229)

LENGTHS = [0, 1, 2, 3, 5, 8, 13, 100]
HUGE = [2**63 - 1, -(2**63), 2**62, -(2**62), 10**9, -(10**9)]


def end(length):
    kind = random.random()
    if kind < 0.2:
        return None
    if kind < 0.25:
        return random.choice(HUGE)
    return random.randint(-length - 3, length + 3)


def step():
    kind = random.random()
    if kind < 0.25:
        return None
    if kind < 0.3:
        return random.choice(HUGE)
    return random.choice([-7, -5, -4, -3, -2, -1, -1, 1, 1, 2, 3, 4, 5, 7])


def text(value):
    return "_" if value is None else str(value)


def slice_text(s):
    return f"{text(s.start)}:{text(s.stop)}:{text(s.step)}"


def line_1d():
    length = random.choice(LENGTHS)
    s = slice(end(length), end(length), step())
    indices = range(length)[s]
    assert list(np.arange(length)[s]) == list(indices)
    first = indices[0] if len(indices) else 0
    return f"r {length} {text(s.start)} {text(s.stop)} {text(s.step)} = {first} {len(indices)}"


def elements(array):
    flat = array.ravel().tolist()
    if len(flat) <= 24:
        return ",".join(map(str, flat))
    weighted = sum((i + 1) * e for i, e in enumerate(flat))
    return f"#{len(flat)} {weighted}"


def shape_text(shape):
    return "x".join(map(str, shape)) if shape else "-"


def source(ranks):
    rank = random.choice(ranks)
    shape = [random.choice([0, 1, 2, 3, 4, 5, 6, 7]) if random.random() < 0.15 else random.randint(1, 6) for _ in range(rank)]
    permutation = list(range(rank))
    random.shuffle(permutation)
    array = np.arange(int(np.prod(shape))).reshape(shape).transpose(permutation)
    return array, f"{shape_text(shape)} {','.join(map(str, permutation))}"


def items(array, with_new):
    """Random items that fit the array, and their text."""
    named = random.randint(1, array.ndim)
    ellipsis = random.randint(0, named) if random.random() < 0.4 else None
    chosen, texts = [], []

    def add(item, written):
        chosen.append(item)
        texts.append(written)

    for place in range(named + 1):
        if place == ellipsis:
            add(Ellipsis, "...")
        if with_new and random.random() < 0.15:
            add(None, "new")
        if place == named:
            break
        behind = ellipsis is not None and place >= ellipsis
        axis = array.ndim - named + place if behind else place
        length = array.shape[axis]
        if length > 0 and random.random() < 0.3:
            index = random.randint(-length, length - 1)
            add(index, str(index))
        else:
            s = slice(end(length), end(length), step())
            add(s, slice_text(s))
    return tuple(chosen), ",".join(texts)


def line_nd():
    while True:
        array, head = source([1, 2, 2, 3, 3, 4])
        chosen, written = items(array, True)
        result = array[chosen]
        if result.ndim <= 5:
            break
    assert np.shares_memory(array, result) or result.size == 0 or result.ndim == 0
    return f"a {head} {written} = {shape_text(result.shape)} : {elements(result)}"


def splits(size, rank):
    """A random shape of `rank` axes with `size` elements."""
    shape = []
    left = size
    for _ in range(rank - 1):
        divisors = [d for d in range(1, left + 1) if left % d == 0] if left else [0, 1, 2]
        shape.append(random.choice(divisors))
        left = left // shape[-1] if left else left
    shape.append(left)
    random.shuffle(shape)
    return shape


def rust(item):
    """An item as `s!` takes it."""
    if item is Ellipsis:
        return "..."
    if item is None:
        return "new"
    if isinstance(item, int):
        return str(item)
    ends = [item.start, item.stop]
    big = any(e is not None and abs(e) >= 2**31 for e in ends)
    start, stop = ("" if e is None else str(e) + ("isize" if big else "") for e in ends)
    return f"{start}..{stop}" + ("" if item.step is None else f"; {item.step}")


def line_macro():
    while True:
        array, head = source([1, 2, 2, 3, 3, 4])
        chosen, _ = items(array, True)
        result = array[chosen]
        if result.ndim <= 5:
            break
    shape, permutation = head.split()
    written = ", ".join(map(rust, chosen))
    expected = f"{list(result.shape)}, \"{elements(result)}\""
    return f"check!([{shape.replace('x', ', ')}], [{permutation.replace(',', ', ')}], s![{written}], {expected});"


def line_reshape():
    array, head = source([1, 2, 3, 3, 4])
    chosen, written = items(array, False)
    cut = array[chosen]
    if cut.ndim == 0:
        return line_reshape()
    shape = splits(cut.size, random.randint(1, 4))
    head = f"v {head} {written} > {shape_text(shape)} ="
    try:
        result = cut.reshape(shape, copy=False)
    except ValueError:
        return f"{head} copy"
    return f"{head} {shape_text(result.shape)} : {elements(result)}"


def main():
    lines = [line_1d() for _ in range(3000)]
    lines += [line_nd() for _ in range(2500)]
    lines += [line_reshape() for _ in range(1000)]
    out = Path(__file__).with_suffix(".txt")
    head = f"# Written by slices.py with CPython {sys.version.split()[0]} and NumPy {np.__version__}.\n"
    out.write_text(head + "\n".join(lines) + "\n")
    cases = "".join(f"    {line_macro()}\n" for _ in range(200))
    out = Path(__file__).with_name("slices_macro.rs")
    out.write_text(head.replace("#", "//") + "#[rustfmt::skip]\nfn selections() {\n" + cases + "}\n")


main()

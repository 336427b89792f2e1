#!/usr/bin/env python3
"""Asks polars and pandas what the comparisons `record/...` of the report ask, each where it is installed."""

import argparse
import importlib.util
import json
import os
import pathlib
import platform
import resource
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "flights-2013-01.csv"
REPORT = ROOT / "target" / "pennyweight" / "report.json"

LIBRARIES = ("polars", "pandas")
# What is asked: the name of the comparison in the report, and what is printed of it.
QUESTIONS = {
    "bytes": "bytes a row, as read",
    "bytes-narrow": "bytes a row, narrow types and categories",
    "build": "read into a table, ms",
    "group-mean": "mean of dep_delay by carrier, us",
    "sort": "sort by dep_delay, then by flight, ms",
    "stream-group": "group-by over the file, ms",
    "stream-peak": "group-by over the file, peak KiB",
}
TIMED = ("build", "group-mean", "sort", "stream-group")
UNIT = {"build": 1e3, "group-mean": 1e6, "sort": 1e3, "stream-group": 1e3}

TEXT = ("carrier", "tailnum", "origin", "dest", "time_hour")
NARROW = {"month": "UInt8", "day": "UInt8", "hour": "UInt8", "minute": "UInt8", "dep_delay": "Int16", "arr_delay": "Int16"}
COLUMNS = (
    "year month day dep_time sched_dep_time dep_delay arr_time sched_arr_time arr_delay carrier flight tailnum origin dest "
    "air_time distance hour minute time_hour"
).split()


class Polars:
    def __init__(self):
        import polars

        self.pl = polars
        self.version = f"polars {polars.__version__}, {polars.thread_pool_size()} threads"
        narrow = {name: getattr(polars, NARROW.get(name, "UInt16")) for name in COLUMNS}
        self.narrow = narrow | {name: polars.Categorical for name in TEXT}

    def read(self, file, narrow):
        overrides = self.narrow if narrow else None
        return self.pl.read_csv(file, null_values="NA", schema_overrides=overrides)

    def bytes(self, table):
        # The distinct strings of categories are polars' own, and not counted.
        return table.rechunk().estimated_size()

    def group_mean(self, table):
        return table.group_by("carrier").agg(self.pl.col("dep_delay").mean())

    def sort(self, table):
        return table.sort("dep_delay").sort("flight")

    def stream(self, file):
        lines = self.pl.scan_csv(file, null_values="NA")
        query = lines.group_by("carrier").agg(self.pl.col("dep_delay").mean())
        return self.means(query.collect(engine="streaming"))

    def means(self, groups):
        return dict(groups.select("carrier", "dep_delay").iter_rows())


class Pandas:
    def __init__(self):
        import pandas

        self.pd = pandas
        self.version = f"pandas {pandas.__version__}, 1 thread"
        self.narrow = {name: NARROW.get(name, "UInt16") for name in COLUMNS} | dict.fromkeys(TEXT, "category")

    def read(self, file, narrow):
        return self.pd.read_csv(file, dtype=self.narrow if narrow else None)

    def bytes(self, table):
        return int(table.memory_usage(deep=True, index=False).sum())

    def group_mean(self, table):
        return table.groupby("carrier", observed=True)["dep_delay"].mean()

    def sort(self, table):
        return table.sort_values("dep_delay", kind="stable").sort_values("flight", kind="stable")

    def stream(self, file):
        partial = None
        chunks = self.pd.read_csv(file, usecols=["carrier", "dep_delay"], chunksize=10_000)
        for chunk in chunks:
            sums = chunk.groupby("carrier")["dep_delay"].agg(["sum", "count"])
            partial = sums if partial is None else partial.add(sums, fill_value=0)
        return (partial["sum"] / partial["count"]).to_dict()

    def means(self, groups):
        return groups.to_dict()


def fastest(work, rounds):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def peak_kib():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def ask(library, part, file, rounds):
    """Answers one part, in a process of its own, so that the peak is that of nothing else."""
    library = {"polars": Polars, "pandas": Pandas}[library]()
    if part == "stream":
        before = peak_kib()
        means = library.stream(file)
        peak = peak_kib() - before
        figures = {"stream-peak": peak, "stream-group": fastest(lambda: library.stream(file), rounds)}
    else:
        table, wide = library.read(file, True), library.read(file, False)
        means = library.means(library.group_mean(table))
        figures = {
            "bytes": library.bytes(wide) / len(wide),
            "bytes-narrow": library.bytes(table) / len(table),
            "build": fastest(lambda: library.read(file, True), rounds),
            "group-mean": fastest(lambda: library.group_mean(table), rounds),
            "sort": fastest(lambda: library.sort(table), rounds),
        }
    means = {carrier: round(float(mean), 6) for carrier, mean in means.items()}
    json.dump({"version": library.version, "means": means, "figures": figures}, sys.stdout)


def asked(library, file, rounds):
    """Answers all parts, or says why not."""
    if importlib.util.find_spec(library) is None:
        return f"{library} is not installed: python3 -m pip install {library}"
    answers = {"figures": {}, "means": []}
    for part in ("table", "stream"):
        command = [sys.executable, __file__, "--ask", library, part, "--file", file, "--rounds", str(rounds)]
        child = subprocess.run(command, stdout=subprocess.PIPE, check=False)
        if child.returncode != 0:
            return f"{library} failed where it was asked about the {part}; what it said is above"
        answer = json.loads(child.stdout)
        answers["version"] = answer["version"]
        answers["means"].append(answer["means"])
        answers["figures"] |= answer["figures"]
    return answers


def of_report(report, file):
    """The figures of pennyweight and of naive in the report of the last `cargo bench`, if it was of the same file."""
    if not report.is_file():
        return {}, f"there is no {report}: cargo bench -- record/ writes it"
    columns = {}
    for row in json.loads(report.read_text())["rows"]:
        if row["module"] != "record" or row["variant"] not in ("pennyweight", "naive"):
            continue
        if not row["data"].endswith(pathlib.Path(file).name):
            continue
        figures = columns.setdefault(row["variant"], {})
        question = row["comparison"]
        if question == "bytes" and row["heap_bytes"] is not None:
            figures["bytes-narrow"] = row["heap_bytes"] / row["elements"]
        if question == "stream-group" and row["peak_bytes"] is not None:
            figures["stream-peak"] = row["peak_bytes"] / 1024
        if question in TIMED and row["time_ns"] is not None:
            figures[question] = row["time_ns"] / 1e9
    return columns, None if columns else f"{report} has no rows of record/ on {pathlib.Path(file).name}"


def shown(question, figures):
    value = figures.get(question)
    return "" if value is None else f"{value * UNIT.get(question, 1):,.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", default=os.environ.get("PENNYWEIGHT_FLIGHTS", str(SAMPLE)), help="a file of flights")
    parser.add_argument("--rounds", type=int, default=5, help="how often what is timed is done; the fastest counts")
    parser.add_argument("--report", type=pathlib.Path, default=REPORT, help="the report.json of a run of cargo bench")
    parser.add_argument("--ask", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        ask(*options.ask, options.file, options.rounds)
        return 0
    if not os.path.isfile(options.file):
        print(f"error: no file {options.file}", file=sys.stderr)
        return 1

    columns, missing = of_report(options.report, options.file)
    notes = [missing] if missing else []
    versions, means = [], []
    for library in LIBRARIES:
        answer = asked(library, options.file, options.rounds)
        if isinstance(answer, str):
            notes.append(answer)
        else:
            columns[library] = answer["figures"]
            versions.append(answer["version"])
            means += answer["means"]
    if any(other != means[0] for other in means):
        print("error: the means of the carriers differ", file=sys.stderr)
        return 1

    print(f"{pathlib.Path(options.file).name}; Python {platform.python_version()}; {'; '.join(versions) or 'no library'}")
    if columns:
        print("".join([f"{'':<44}"] + [f"{name:>14}" for name in columns]))
    for question, title in QUESTIONS.items() if columns else ():
        print("".join([f"{title:<44}"] + [f"{shown(question, figures):>14}" for figures in columns.values()]))
    for note in notes:
        print(f"missing: {note}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: MIT
"""docs/vectors.tsv and docs/functions.tsv say the truth.

    classes.py [--functions]

docs/vectors.tsv has a line for each deviation that real peers send (peer-NN), for each input that broke another parser (broke-NN) and for
each class of input that every codec has to meet (class-NN), and says what holds it, items between " | ":

    stem/name            the vector tests/vectors/stem/name.in
    stem/name: text      and a line of it that has this text
    test_stem.c: name    the test of this name

docs/functions.tsv has a line for each function of the codecs' headers that reads octets of others or writes into a buffer, with the test
of each property. --functions prints the names that must stand there.
"""
import pathlib
import re
import sys

COUNTS = {"peer": 40, "broke": 32, "class": 15}
HEADERS_OF_PROCEDURES = {"cpm.h", "procedure.h", "model.h", "agent.h", "event.h"}
READERS = {"cpm_sip_check", "cpm_msrp_read", "cpm_multipart_open", "cpm_param_find", "cpm_release_find", "cpm_accept_takes", "cpm_mime_header",
           "cpm_uri_text_equal", "cpm_msrp_uri_text_equal", "cpm_icsi_in", "cpm_icsi_of", "cpm_token_in", "cpm_sdp_types_take",
           "cpm_auth_param_find", "cpm_uri_param_find", "cpm_sdp_connection_of", "cpm_multipart_next", "cpm_imdn_walk_next",
           "cpm_sdp_msrp_decode", "cpm_body_open", "cpm_body_next"}   # beside those whose name and arguments say it
STREAMS = {"cpm_sip_decode_stream", "cpm_msrp_read"}

complaints = 0


def complain(text):
    global complaints
    complaints += 1
    print(text, file=sys.stderr)


def read(path):
    return pathlib.Path(path).read_text(errors="surrogateescape")


def rows_of(path, columns):
    lines = read(path).split("\n")
    if lines[0].split("\t") != columns:
        complain(f"{path}:1: not the columns {columns}")
    for number, line in enumerate(lines[1:], 2):
        if not line:
            continue
        cells = line.split("\t")
        if len(cells) != len(columns) or not all(cells):
            complain(f"{path}:{number}: {len(columns)} columns, none of them empty")
        else:
            yield f"{path}:{number}", cells


def body_of_test(file, name):
    """The text of a test that runs, and of what its file has beside tests; None if there is no such test."""
    path = pathlib.Path("tests", file)
    if not path.exists():
        return None
    text = read(path)
    if not re.search(rf"\bcmocka_unit_test\w*\({name}[,)]", text):
        return None
    found = re.search(rf"^static void {name}\(.*?^}}", text, re.M | re.S)
    return found.group(0) if found else None


def evidence(where, item):
    """What a test or a vector shows, to look for quirks in; None after a complaint."""
    name, _, text = item.partition(": ")
    if name.endswith(".c"):
        body = body_of_test(name, text)
        if body is None:
            complain(f"{where}: there is no test {item}")
        return body
    if name.endswith((".sh", ".tsv")):
        path = pathlib.Path(name if "/" in name else f"tests/{name}")
        if not path.exists():
            complain(f"{where}: there is no {name}")
        return ""
    given, dump = (pathlib.Path("tests/vectors", name + end) for end in (".in", ".out"))
    if not (given.exists() and dump.exists()):
        complain(f"{where}: there is no vector {name}")
        return None
    if text and not any(text in line for line in read(given).split("\n")):
        complain(f"{where}: {name}.in has no line with {text}")
    return read(dump)


def check_classes(quirks):
    path = "docs/vectors.tsv"
    headers = {p.stem for p in pathlib.Path("include/cpm").glob("*.h")}
    ids = []
    for where, (name, _, _, codecs, named, held) in rows_of(path, ["id", "seen in", "class of input", "codecs", "quirks", "held by"]):
        ids.append(name)
        for codec in codecs.split():
            if codec != "-" and codec not in headers:
                complain(f"{where}: there is no include/cpm/{codec}.h")
        shown = "\n".join(evidence(where, item) or "" for item in held.split(" | "))
        for quirk in named.split():
            if quirk != "-" and quirk not in quirks:
                complain(f"{where}: there is no quirk {quirk}")
            elif quirk != "-" and not re.search(rf"\b{quirk}\b", shown):
                complain(f"{where}: nothing that holds it shows the quirk {quirk}")
    wanted = [f"{kind}-{number:02d}" for kind, count in COUNTS.items() for number in range(1, count + 1)]
    for name in sorted(set(wanted) ^ set(ids)):
        complain(f"{path}: {name} {'is missing' if name in wanted else 'is none of the classes'}")
    if len(ids) != len(set(ids)):
        complain(f"{path}: an id stands twice")
    return len(ids)


def check_quirks(quirks):
    dumps = "\n".join(read(p) for p in pathlib.Path("tests/vectors").rglob("*.out"))
    tests = "\n".join(read(p) for p in pathlib.Path("tests").glob("test_*.c"))
    for quirk in quirks:
        if not re.search(rf"\b{quirk}\b", dumps) and f"CPM_QUIRK({quirk})" not in tests:
            complain(f"include/cpm/str.h: {quirk} is in no dump of a vector and in no test")


def functions():
    """(readers, writers) of the codecs' headers."""
    text = ""
    for path in sorted(pathlib.Path("include/cpm").glob("*.h")):
        if path.name not in HEADERS_OF_PROCEDURES:
            text += re.sub(r"/\*.*?\*/", "", read(path), flags=re.S)
    declared = {name: args for name, args in re.findall(r"\b(cpm_\w+)\(([^;{}]*?)\)\s*;", text)}
    writers = {name for name, args in declared.items() if re.search(r"\b((char|uint8_t) \*dst, size_t cap, size_t \*len|cpm_sip_writer \*w)\b", args)}
    readers = {name for name, args in declared.items() if re.search(r"_(decode|next|decode_stream)$", name) and "cpm_str " in args} | READERS
    for name in sorted(READERS - set(declared)):
        complain(f"tests/classes.py: {name} is not declared any more")
    return readers, writers


def check_functions():
    path = "docs/functions.tsv"
    readers, writers = functions()
    columns = ["function", "truncation", "split", "stable", "injection", "sizes"]
    seen = set()
    for where, cells in rows_of(path, columns):
        name = cells[0]
        if name not in readers | writers:
            complain(f"{where}: no header of the codecs has a {name}")
            continue
        seen.add(name)
        due = {"truncation": name in readers, "split": name in STREAMS, "stable": name in writers, "injection": name in writers,
               "sizes": name in writers}
        for column, cell in zip(columns[1:], cells[1:]):
            check_property(where, name, column, cell, due[column])
    for name in sorted((readers | writers) - seen):
        complain(f"{path}: {name} is missing")
    return len(seen)


def check_property(where, name, column, cell, due):
    if cell == "-" or cell.startswith("- "):
        if due and cell == "-":
            complain(f"{where}: {column} of {name} needs a test, or a reason behind the -")
        return
    for item in cell.split(" | "):
        file, _, test = item.partition(": ")
        if body_of_test(file, test) is None:
            complain(f"{where}: there is no test {item}")
        elif name not in read(pathlib.Path("tests", file)):
            complain(f"{where}: {file} does not name {name}")


def main():
    if sys.argv[1:] == ["--functions"]:
        readers, writers = functions()
        for name in sorted(readers | writers):
            print(name, "reads" * (name in readers), "writes" * (name in writers), "stream" * (name in STREAMS))
        return 0
    quirks = set(re.findall(r'^  X\((\w+), +\d+, "', read("include/cpm/str.h").split("#define CPM_QUIRKS(X)")[1], re.M))
    classes = check_classes(quirks)
    check_quirks(sorted(quirks))
    count = check_functions()
    if complaints:
        return 1
    print(f"{classes} classes of input, {len(quirks)} quirks and {count} functions of the codecs have what holds them")
    return 0


if __name__ == "__main__":
    sys.exit(main())

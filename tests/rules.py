# SPDX-License-Identifier: MIT
"""Every named rule of grammars/ has a string that it takes and one just outside of it.

    rules.py <ragel> [--list | --missing] [grammar ...]

tests/vectors/rules/<grammar>.txt names a rule at the start of a line and, indented under it, its vectors:

    + string    the rule takes the whole of it
    - string    it does not, and one octet more, less or changed would do: that is "just outside"
    = rule      the rule takes the same strings as this other one, no more and no fewer

\\r \\n \\t \\0 \\\\ and \\xHH stand for octets. A line that starts with # is a comment.

Each grammar goes through Ragel once, with every rule instantiated, and what Ragel makes of it is run here. A rule without vectors, a
vector of no rule, and a rule that neither a grammar nor a host uses (nor the head of its grammar names under Public:) are complaints.
"""
import bisect
import pathlib
import re
import subprocess
import sys
import tempfile

LEXEME = re.compile(r'''"(?:\\.|[^"\\])*"i?|'(?:\\.|[^'\\])*'i?|\[(?:\\.|[^\]\\])*\]|\#[^\n]*|:=|[A-Za-z_]\w*|\S''')
ESCAPES = {"r": 13, "n": 10, "t": 9, "0": 0, "\\": 92}

complaints = 0


def complain(text):
    global complaints
    complaints += 1
    print(text, file=sys.stderr)


class Source:
    """The rules of one .rl file: {name: the names in its body}, what it includes, and the names that its other statements hold."""

    def __init__(self, path):
        text = path.read_text()
        self.includes = re.findall(r'^\s*include \w+ "(\w+)\.rl";', text, re.M)
        public = re.search(r"^# Public:(.*?)^# [A-Z]\w*:", text, re.M | re.S)
        self.public = set(re.findall(r"\w+", public.group(1).split("(")[0])) if public else set()
        self.rules, self.other, statement = {}, set(), []
        for lexeme in LEXEME.findall("\n".join(re.findall(r"%%\{(.*?)\}%%", text, re.S))):
            if lexeme.startswith("#"):
                continue
            if lexeme != ";":
                statement.append(lexeme)
                continue
            names = {word for word in statement[2:] if re.fullmatch(r"[A-Za-z_]\w*", word)}
            if len(statement) > 2 and statement[1] == "=":
                self.rules[statement[0]] = names
            else:
                self.other |= names
            statement = []


def closure(sources, name):
    found, todo = set(), [name]
    while todo:
        at = todo.pop()
        if at not in found:
            found.add(at)
            todo += sources[at].includes
    return found


def actions_of(path):
    head = re.search(r"^# Required actions:(.*?)^# [A-Z]\w*:", path.read_text(), re.M | re.S).group(1)
    words = re.sub(r"\([^)]*\)|[#,]", " ", head).split()
    return [] if words == ["none"] else [w for w in words if re.fullmatch(r"[a-z_0-9]+", w) and w != "none"]


def check_head(path):
    """Deviations: names vectors, and there are such vectors."""
    head = re.match(r"(?:#.*\n)+", path.read_text()).group(0)
    text = re.sub(r"\n#\s*", " ", head.partition("# Deviations:")[2]).strip()
    cited = re.findall(r"vectors? ([a-z_0-9]+(?:/[\w*-]+)*)", text)
    for name in cited:
        if not any(list(pathlib.Path("tests/vectors").glob(name + end)) for end in (".in", ".txt", ".dat")):
            complain(f"{path}: Deviations: there is no vector {name}")
    if not cited and not re.match(r"none\b", text):
        complain(f"{path}: Deviations: without a vector")


class Machines:
    """What Ragel makes of a grammar's rules: one automaton with an entry a rule."""

    def __init__(self, ragel, grammar, rules, actions):
        host = ["%%{", f"  machine {grammar}_rules;", "  alphtype unsigned char;"]
        host += [f"  action {a} {{}}" for a in sorted(actions)]
        host += [f'  include {grammar} "{grammar}.rl";']
        host += [f"  rule_{rule} := {rule};" for rule in sorted(rules)] + ["}%%", ""]
        with tempfile.TemporaryDirectory() as scratch:
            file = pathlib.Path(scratch, "host.rl")
            file.write_text("\n".join(host))
            out = subprocess.run([ragel, "-x", "-I", "grammars", "-o", f"{scratch}/out.xml", str(file)], capture_output=True, text=True)
            if out.returncode or out.stderr:
                raise SystemExit(f"grammars/{grammar}.rl: {out.stderr}")
            xml = pathlib.Path(scratch, "out.xml").read_text()
        self.entry = {name: int(at) for name, at in re.findall(r'<entry name="rule_(\w+)">(\d+)</entry>', xml)}
        self.final, self.edges = set(), {}
        for head, body in re.findall(r"<state (.*?)>(.*?)</state>", xml, re.S):
            state = int(re.search(r'id="(\d+)"', head).group(1))
            if 'final="t"' in head:
                self.final.add(state)
            rows = [tuple(map(int, row)) for row in re.findall(r"<t>(\d+) (\d+) (\d+)", body)]
            self.edges[state] = ([row[0] for row in rows], rows)

    def step(self, state, octet):
        starts, rows = self.edges[state]
        at = bisect.bisect_right(starts, octet) - 1
        return rows[at][2] if at >= 0 and octet <= rows[at][1] else None

    def run(self, state, octets):
        for octet in octets:
            state = self.step(state, octet)
            if state is None:
                return None
        return state

    def takes(self, state, octets):
        return state is not None and self.run(state, octets) in self.final

    def near(self, rule, octets):
        """Does the rule take the octets with one of them dropped or changed, or one more put in?"""
        state = self.entry[rule]
        for at in range(len(octets) + 1):
            if self.takes(state, octets[at + 1:]):
                return True
            for target in {row[2] for row in self.edges[state][1]}:
                if self.takes(target, octets[at:]) or self.takes(target, octets[at + 1:]):
                    return True
            state = self.step(state, octets[at]) if at < len(octets) else None
            if state is None:
                return False
        return False

    def same(self, rule, other):
        """None if both take the same strings, else a string that one of them takes."""
        start = (self.entry[rule], self.entry[other])
        seen, todo = {start}, [(start, b"")]
        for pair, path in todo:
            if len({state in self.final for state in pair}) == 2:
                return path
            bounds = sorted({edge for state in pair if state is not None for row in self.edges[state][1] for edge in (row[0], row[1] + 1)})
            for octet in bounds:
                target = tuple(None if state is None or octet > 255 else self.step(state, octet) for state in pair)
                if target != (None, None) and target not in seen:
                    seen.add(target)
                    todo.append((target, path + bytes([octet])))
        return None


def octets_of(text):
    out, at = bytearray(), 0
    raw = text.encode()
    while at < len(raw):
        if raw[at] != 92:
            out.append(raw[at])
            at += 1
        elif raw[at + 1:at + 2] == b"x":
            out.append(int(raw[at + 2:at + 4], 16))
            at += 4
        else:
            out.append(ESCAPES[chr(raw[at + 1])])
            at += 2
    return bytes(out)


def compared(grammar):
    """The rules behind "=" in a grammar's vectors."""
    path = pathlib.Path("tests/vectors/rules", grammar + ".txt")
    return set(re.findall(r"^  = (\w+)$", path.read_text(), re.M)) if path.exists() else set()


def vectors_of(path):
    """(line number, rule, sign, text) for each vector; (number, rule, None, "") for each rule's own line."""
    rule = None
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        if line != line.rstrip():
            complain(f"{path}:{number}: space at the end of a line: write \\x20")
        if re.fullmatch(r"[A-Za-z_]\w*", line):
            rule = line
            yield number, rule, None, ""
        elif rule and re.fullmatch(r"  [-+=]( .*)?", line):
            yield number, rule, line[2], line[4:]
        else:
            complain(f"{path}:{number}: neither a rule nor a vector")


def check_vector(machines, where, rule, sign, text):
    if sign == "=":
        if text not in machines.entry:
            return complain(f"{where}: there is no rule {text}")
        differs = machines.same(rule, text)
        return None if differs is None else complain(f"{where}: {rule} and {text} differ at {differs!r}")
    try:
        octets = octets_of(text)
    except (KeyError, IndexError, ValueError):
        return complain(f"{where}: an escape that there is not")
    taken = machines.takes(machines.entry[rule], octets)
    if sign == "+" and not taken:
        complain(f"{where}: {rule} does not take this")
    elif sign == "-" and taken:
        complain(f"{where}: {rule} takes this")
    elif sign == "-" and not machines.near(rule, octets):
        complain(f"{where}: far outside of {rule}: no one octet would mend it")


def check_grammar(grammar, rules, machines, only_missing):
    path = pathlib.Path("tests/vectors/rules", grammar + ".txt")
    count, has, seen = 0, {rule: set() for rule in rules}, set()
    for number, rule, sign, text in vectors_of(path) if path.exists() else []:
        where = f"{path}:{number}"
        if rule not in has:
            if sign is None:
                complain(f"{where}: {grammar}.rl has no rule {rule}")
            continue
        if sign is None or (rule, sign, text) in seen:
            if sign or has[rule]:
                complain(f"{where}: stands there twice")
            continue
        seen.add((rule, sign, text))
        count += 1
        has[rule].add(sign)
        if not only_missing:
            check_vector(machines, where, rule, sign, text)
    for rule in rules:
        # What equals a rule with vectors needs none of its own.
        if not has[rule] >= {"+", "-"} and "=" not in has[rule]:
            complain(f"grammars/{grammar}.rl: {rule} has no vector {' and no vector '.join(sorted({'+', '-'} - has[rule]))}")
    return count


def main():
    options = [word for word in sys.argv[2:] if word.startswith("--")]
    chosen = [word for word in sys.argv[2:] if not word.startswith("--")]
    grammars = {path.stem: Source(path) for path in sorted(pathlib.Path("grammars").glob("*.rl"))}
    hosts = [Source(path) for path in sorted(pathlib.Path("codecs").glob("*_parse.rl"))]
    actions = {stem: actions_of(pathlib.Path("grammars", stem + ".rl")) for stem in grammars}
    rules_count = vectors_count = 0
    for stem, source in grammars.items():
        if chosen and stem not in chosen:
            continue
        if "--list" in options:
            print("\n".join(f"{stem} {rule}" for rule in source.rules))
            continue
        check_head(pathlib.Path("grammars", stem + ".rl"))
        users = [g for name, g in grammars.items() if stem in closure(grammars, name)]
        inherited = set().union(*(grammars[name].rules for name in closure(grammars, stem)))
        used = set().union(*(compared(name) for name in grammars if stem in closure(grammars, name)), *(names for g in users for names in g.rules.values()))
        used |= set().union(set(), *(h.other for h in hosts if any(stem in closure(grammars, i) for i in h.includes)))
        for rule in sorted(set(source.rules) - used - source.public):
            complain(f"grammars/{stem}.rl: nothing uses {rule}")
        for rule in sorted(source.public & used):
            complain(f"grammars/{stem}.rl: {rule} is used: it needs no word under Public")
        needed = {action for name in closure(grammars, stem) for action in actions[name]}
        machines = Machines(sys.argv[1], stem, set(source.rules) | compared(stem) & inherited, needed)
        vectors_count += check_grammar(stem, source.rules, machines, "--missing" in options)
        rules_count += len(source.rules)
    for path in sorted(pathlib.Path("tests/vectors/rules").glob("*.txt")):
        if path.stem not in grammars:
            complain(f"{path}: there is no grammar of this name")
    if complaints:
        return 1
    if "--list" not in options:
        print(f"{rules_count} rules of {len(grammars)} grammars hold with {vectors_count} vectors")
    return 0


if __name__ == "__main__":
    sys.exit(main())

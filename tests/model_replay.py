# SPDX-License-Identifier: MIT
"""Is the model enough to choose rows? usage: model_replay.py MODEL CHOICES

Reads rows from the JSON model alone, as docs/model.md says, and compares what it chooses with what the engine chose
(tests/model_choices.c), for every machine, state, event and set of facts.
"""
import json
import sys

ALL = 14    # facts of which every set is tried; of more a sample


class Table:
    """The rows of a machine's call or leg."""

    def __init__(self, model, machine, name):
        groups = {g['name']: set(g['members']) for g in model['groups']}
        self.by_event = {}      # (state, event) -> rows in order
        for row in machine[name]:
            for state in groups.get(row['state'], {row['state']}):
                self.by_event.setdefault((state, row['event']), []).append(row)

    def facts(self, state, event):
        names = []
        for row in self.by_event[state, event]:
            names += [g['fact'] for g in row['guard'] if g['fact'] not in names]
        return names


def choose(rows, facts):
    """The index plus one of the row that is taken; 0: none."""
    for row, guard in rows:
        if all(facts[fact] == holds for fact, holds in guard):
            return 0 if row['ignore'] else row['row'] + 1
    return 0


def sets_of_facts(count):
    """Numbers whose bits are facts: all of them, or the sample that the engine was asked for."""
    if count <= ALL:
        yield from range(1 << count)
        return
    random = 1
    for _ in range(1 << ALL):
        random = (random * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        yield random >> (64 - count)


def replay(table, state, event, chosen):
    """The first set of facts for which the row is another one, or None."""
    names = table.facts(state, event)
    rows = [(row, [(names.index(g['fact']), g['holds']) for g in row['guard']]) for row in table.by_event[state, event]]
    expected = iter(chosen)
    for number in sets_of_facts(len(names)):
        facts = [bool(number >> i & 1) for i in range(len(names))]
        mine, theirs = choose(rows, facts), next(expected, None)
        if str(mine) != theirs:
            return f'{dict(zip(names, facts))}: row {mine}, the engine takes {theirs}'
    return None if next(expected, None) is None else 'the engine has more sets of facts'


def main(model_path, choices_path):
    with open(model_path, encoding='utf-8') as file:
        model = json.load(file)
    tables = {(m['name'], name): Table(model, m, name) for m in model['machines'] for name in ('call', 'leg')}
    wrong, seen, count = [], set(), 0
    with open(choices_path, encoding='utf-8') as file:
        for line in file:
            machine, name, state, event, facts, chosen = line.rstrip('\n').split('\t')
            where, table, chosen = f'{machine}, {name}, {state}, {event}', tables[machine, name], chosen.split(' ')
            seen.add((machine, name, state, event))
            count += len(chosen)
            if (state, event) not in table.by_event:
                wrong.append(f'{where}: no row in the model')
            elif table.facts(state, event) != [f for f in facts.split(',') if f]:
                wrong.append(f'{where}: other facts: {facts}')
            else:
                bad = replay(table, state, event, chosen)
                wrong += [f'{where}: {bad}'] if bad else []
    for (machine, name), table in tables.items():
        for state, event in table.by_event:
            if (machine, name, state, event) not in seen:
                wrong.append(f'{machine}, {name}, {state}, {event}: the engine has no row')
    for text in wrong[:20]:
        print(text, file=sys.stderr)
    print(f'{count} choices in {len(seen)} pairs of state and event, {len(wrong)} of them wrong')
    return 1 if wrong or not seen else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))

# SPDX-License-Identifier: MIT
"""Is the model enough for an engine? usage: model_engine.py MODEL TRACES...

An engine that knows docs/model.md and the JSON model alone goes through what the engine of the library did while the scenarios ran and
the explorer walked (tests/model_traces.c): which guards it looks at, one after the other and for whom, what it takes, refuses and calls late, the states
of call and legs, and the effects in their order. What facts say comes from the traces: fields and messages are not looked at here.
"""
import json
import sys


class Wrong(Exception):
    """The library did something else."""


class Machine:
    def __init__(self, model, machine):
        self.groups = {g['name']: set(g['members']) for g in model['groups']}
        self.effect_of = {op['name']: op['effect'] for op in model['ops']}
        self.name, self.init, self.leg_init = machine['name'], machine['init'], machine['leg_init']
        self.rows = {'call': machine['call'], 'leg': machine['leg']}

    def has(self, row, state):
        return state in self.groups.get(row['state'], {row['state']})


class Run:
    """One procedure: call, legs, pending effects, what may still be answered."""

    def __init__(self, machine):
        self.machine, self.state, self.over = machine, machine.init, False
        self.legs = []                      # [kind, state]
        self.enabled = {}                   # leg or None -> events
        self.pending = []                   # (leg or None, op)

    # ---- a step

    def step(self, event, leg, members, guards, kinds_after):
        self.guards, self.members, self.kinds_after, self.event_leg, self.raised = guards, members, kinds_after, leg, None
        row = None
        if not self.over:
            row = self.choose('call' if leg is None else 'leg', self.state if leg is None else self.legs[leg][1], event, leg)
        if row is None:
            return 'CPM_LATE' if event in self.enabled.get(leg, ()) else 'CPM_IGNORED'
        self.pending += self.take(row, leg)
        if self.raised:
            row = self.choose('call', self.state, self.raised, None)
            self.pending += self.take(row, None) if row else []
        if self.guards:
            raise Wrong(f'looks at more guards: {self.guards[0]}')
        return 'CPM_OK'

    def choose(self, table, state, event, leg):
        for row in self.machine.rows[table]:
            if row['event'] != event or not self.machine.has(row, state):
                continue
            if not self.guards:
                raise Wrong(f'does not look at row {row["row"]} of {table} for {event} in {state}')
            of, facts = self.guards.pop(0)
            if of != leg or list(facts) != [g['fact'] for g in row['guard']]:
                raise Wrong(f'looks at {facts} for {of}, row {row["row"]} of {table} has another guard')
            if all(facts[g['fact']] == g['holds'] for g in row['guard']):
                return None if row['ignore'] else row
        return None

    def take(self, row, leg):
        """Changes states and gives the effects of the row, in order."""
        if row['next'] != 'stays':
            if leg is None:
                self.state = row['next']
            else:
                self.legs[leg][1] = row['next']
        effects = []
        for op in row['ops']:
            if self.machine.effect_of[op['op']]:
                effects.append((leg, op))
            elif op['op'] == 'RAISE':
                self.raised = op['operands']['event']
            elif op['op'] in ('FORK', 'SPLIT', 'FILES', 'OFFERED', 'REFORK'):
                effects += self.new_legs(op)
            elif op['op'] in ('EACH', 'MATCH'):
                effects += self.give(range(len(self.legs)), op['operands']['event'])
        return effects

    def new_legs(self, op):
        first = len(self.legs)
        count = {'FORK': self.members, 'REFORK': 1}.get(op['op'], len(self.kinds_after) - first)
        kinds = [op['operands']['kind']] * count if 'kind' in op['operands'] else self.kinds_after[first:]
        self.legs += [[kind, self.machine.leg_init] for kind in kinds]
        return self.give(range(first, len(self.legs)), 'go')

    def give(self, legs, event):
        effects = []
        for leg in legs:
            row = self.choose('leg', self.legs[leg][1], event, leg)
            effects += self.take(row, leg) if row else []
        return effects

    # ---- effects

    def did(self, kind, leg, name, code):
        if not self.pending:
            raise Wrong(f'has an effect {kind} {name} more')
        of, op = self.pending.pop(0)
        operands = op['operands']
        names = [value for operand, value in operands.items() if operand not in ('code', 'index', 'warning', 'field')]
        want = 'refusal' if op['op'] == 'REFUSE' else names[0] if names else '-'
        if (self.machine.effect_of[op['op']], of, want) != (kind, leg, name):
            raise Wrong(f'gives {kind} {name} of {leg}, not {op["op"]} {want} of {of}')
        if operands.get('code') and operands['code'] != code:
            raise Wrong(f'gives {kind} {name} with {code}, not {operands["code"]}')
        self.enabled.setdefault(leg, set()).update(op['enables'])
        self.over |= op['op'] == 'DONE'


# ---- traces ---------------------------------------------------------------------------------------------------------

def leg_of(word):
    return None if word == '-' else int(word)


def legs_of(word):
    return [] if word == '-' else [leg.split(':') for leg in word.split(',')]


class Replay:
    def __init__(self, model):
        self.machines = {m['name']: Machine(model, m) for m in model['machines']}
        self.run = self.begun = self.jumped = None
        self.steps = self.effects = self.runs = 0
        self.seen = set()

    def line(self, words):
        getattr(self, 'line_' + words[0])(*words[1:])

    def line_I(self, name):
        self.run, self.runs = Run(self.machines[name]), self.runs + 1
        self.seen.add(name)

    def line_J(self, name):
        self.drained()
        self.line_I(name)
        self.jumped = True

    def line_S(self, event, leg, members, answers, state, legs):
        self.drained()
        answers, run = set() if answers == '-' else set(answers.split(',')), self.run
        if self.jumped:
            run.state, run.enabled[leg_of(leg)], run.over = state, answers, state == 'ended'
        if not run.legs:        # legs that are there when a procedure starts
            run.legs = legs_of(legs)
        self.same(state, legs)
        if run.enabled.get(leg_of(leg), set()) != answers:
            raise Wrong(f'waits for {sorted(answers)}, not for {run.enabled.get(leg_of(leg))}')
        self.begun, self.guards, self.jumped = (event, leg_of(leg), int(members)), [], False

    def line_G(self, leg, *facts):
        self.guards.append((leg_of(leg), {fact: value == '1' for fact, value in (f.split('=') for f in facts)}))

    def line_R(self, status, state, legs):
        event, leg, members = self.begun
        if not status.startswith('CPM_E_'):     # a step that fails leaves everything as it was
            mine = self.run.step(event, leg, members, self.guards, [kind for kind, _ in legs_of(legs)])
            if mine != status:
                raise Wrong(f'says {status}, not {mine}')
            self.steps += 1
        self.same(state, legs)

    def line_E(self, kind, leg, name, code):
        self.run.did(kind, leg_of(leg), name, int(code))
        self.effects += 1

    def drained(self):
        if self.run and self.run.pending:
            raise Wrong(f'lacks the effect {self.run.pending[0]}')

    def same(self, state, legs):
        if (state, legs_of(legs)) != (self.run.state, self.run.legs):
            raise Wrong(f'is in {state} {legs}, not in {self.run.state} {self.run.legs}')


def read(replay, path):
    """Up to the first thing that the library does otherwise."""
    with open(path, encoding='utf-8') as file:
        for number, line in enumerate(file, 1):
            try:
                replay.line(line.split())
            except Wrong as wrong:
                print(f'{path}:{number}: the library {wrong}\n  {line.strip()}\n  {replay.run.machine.name}, {replay.begun}',
                      file=sys.stderr)
                return False
    return replay.steps > 0


def main(model_path, *traces):
    with open(model_path, encoding='utf-8') as file:
        model = json.load(file)
    replays = [Replay(model) for _ in traces]
    for replay, path in zip(replays, traces):
        if not read(replay, path):
            return 1
    print(f'{len(set().union(*(r.seen for r in replays)))} machines, {sum(r.steps for r in replays)} steps, '
          f'{sum(r.effects for r in replays)} effects: all as the model says')
    return 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))

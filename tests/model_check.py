# SPDX-License-Identifier: MIT
"""Holds the JSON model against its schema and against itself. usage: model_check.py SCHEMA MODEL TRACE

Run in the project's folder. TRACE is what tools/trace prints.
"""
import copy
import glob
import json
import re
import sys

import jsonschema

complaints = []


def complain(text):
    complaints.append(text)


# ---- the schema -----------------------------------------------------------------------------------------------------

def resolve(schema, node):
    """A schema without its $ref; what stands beside the $ref counts first."""
    while '$ref' in node:
        target = schema
        for key in node['$ref'].lstrip('#/').split('/'):
            target = target[key]
        node = {**target, **{k: v for k, v in node.items() if k != '$ref'}}
    return node


def schema_is_documented(schema, node, path='model'):
    """Every property says what it is; objects are closed, and list what they must have."""
    node = resolve(schema, node)
    if 'properties' in node:
        if node.get('additionalProperties') is not False:
            complain(f'schema: {path}: takes unknown members')
        for name, inner in node['properties'].items():
            if not resolve(schema, inner).get('description'):
                complain(f'schema: {path}.{name}: no description')
            schema_is_documented(schema, inner, f'{path}.{name}')
    if 'items' in node:
        schema_is_documented(schema, node['items'], f'{path}[]')


def smaller(value):
    """The model with the largest item of each list alone: enough to try what the schema refuses."""
    if isinstance(value, dict):
        return {k: smaller(v) for k, v in value.items()}
    if isinstance(value, list):
        return [smaller(max(value, key=lambda item: len(json.dumps(item))))] if value else []
    return value


def objects(value, path=()):
    if isinstance(value, dict):
        yield path
        for key, inner in value.items():
            yield from objects(inner, path + (key,))
    elif isinstance(value, list):
        for key, inner in enumerate(value):
            yield from objects(inner, path + (key,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def schema_refuses(schema, model):
    """An unknown member, a missing member and a member of another type are refused, in every object."""
    validator = jsonschema.Draft202012Validator(schema)
    small, tried = smaller(model), 0
    for error in validator.iter_errors(small):
        complain(f'schema: refuses a smaller model: {error.message}')
    for path in objects(small):
        if path and path[-1] == 'operands' and path != ('operands',):
            continue        # their names are data: consistent() looks at them
        where = '.'.join(str(p) for p in path)
        for member in [*at(small, path), None]:
            other = copy.deepcopy(small)
            if member is None:
                at(other, path)['unknown'] = 1
            else:
                at(other, path)[member] = [[[0]]]
            tried += 1
            if validator.is_valid(other):
                complain(f'schema: {where}: takes ' + ('an unknown member' if member is None else f'anything as {member}'))
            if member is not None and member != 'values':
                del at(other, path)[member]
                if validator.is_valid(other):
                    complain(f'schema: {where}: does not miss {member}')
    return tried


# ---- names refer to things that exist -------------------------------------------------------------------------------

class Names:
    def __init__(self, model):
        self.model = model
        self.lists = {key: self.unique(key, value) for key, value in model.items()
                      if isinstance(value, list) and key != 'clauses'}
        self.used = set()

    @staticmethod
    def unique(key, items):
        names = [item['name'] for item in items]
        for name in names:
            if names.count(name) > 1:
                complain(f'{key}: two are called {name}')
        return dict(zip(names, items))

    def has(self, where, key, name):
        """Is the name in that list of the model?"""
        self.used.add((key, name))
        if name not in self.lists[key]:
            complain(f'{where}: {name} is not in {key}')

    def state(self, where, name):
        if name not in self.lists['groups']:
            self.has(where, 'states', name)

    def operand(self, where, operand, value, given):
        of = self.lists['operands'][operand]['of']
        values = [v['name'] for name in given.values() for v in self.lists['fields'].get(name, {}).get('values', [])]
        if of == 'field_values' and values:
            if value not in values:
                complain(f'{where}: {value} is no value of the field')
        elif of in ('number', 'field_values'):
            if not isinstance(value, int):
                complain(f'{where}: {operand} is no number')
        elif of == 'states':
            self.state(where, value)
        elif of == 'headers' and value in ('Request-URI', '*'):
            pass
        elif of != 'text':
            self.has(where, of, value)

    def given(self, where, key, name, given):
        """The operands are those that the test, source, op or value takes; a field may be left out."""
        self.has(where, key, name)
        taken = self.lists[key][name]['operands'] if name in self.lists[key] else []
        optional = {operand for operand in taken if self.lists['operands'].get(operand, {}).get('of') == 'fields'}
        if not set(taken) - optional <= set(given) <= set(taken):
            complain(f'{where}: {name} takes {taken}, not {list(given)}')
        for operand, value in given.items():
            self.has(where, 'operands', operand)
            if operand in self.lists['operands']:
                self.operand(where, operand, value, given)

    def guard(self, where, guard):
        facts = [g['fact'] for g in guard]
        for fact in facts:
            self.has(where, 'facts', fact)
            if facts.count(fact) > 1:
                complain(f'{where}: asks {fact} twice')


def words_are_consistent(names, model):
    for key in ('tests', 'sources', 'ops', 'recipe_values'):
        for item in model[key]:
            for operand in item['operands']:
                names.has(f'{key} {item["name"]}', 'operands', operand)
    for operand in model['operands']:
        if operand['of'] not in ('number', 'text', 'field_values') and operand['of'] not in model:
            complain(f'operand {operand["name"]}: the model has no {operand["of"]}')
    for fact in model['facts']:
        names.given(f'fact {fact["name"]}', 'tests', fact['test'], fact['operands'])
    for source in model['sources']:
        if source['gives'] != 'ANY':
            names.has(f'source {source["name"]}', 'field_types', source['gives'])
    for op in model['ops']:
        if op['effect']:
            names.has(f'op {op["name"]}', 'effects', op['effect'])
    for event in model['events']:
        names.has(f'event {event["name"]}', 'event_kinds', event['kind'])
    for field in model['fields']:
        names.has(f'field {field["name"]}', 'field_types', field['type'])
        if (field['type'] == 'ENUM') != ('values' in field):
            complain(f'field {field["name"]}: values are for ENUM')
        if [v['value'] for v in field.get('values', [])] != list(range(1, 1 + len(field.get('values', [])))):
            complain(f'field {field["name"]}: its values do not count from 1')
    for timer in model['timers']:
        names.has(f'timer {timer["name"]}', 'agent_numbers', timer['agent_number'])
        for event in timer['enables']:
            names.has(f'timer {timer["name"]}', 'events', event)
        if len(timer['enables']) != 1:
            complain(f'timer {timer["name"]}: fires as {timer["enables"]}')
    for group in model['groups']:
        for state in group['members']:
            names.has(f'group {group["name"]}', 'states', state)
    for number in model['agent_numbers']:
        if not number['min'] <= number['default'] <= number['max']:
            complain(f'agent number {number["name"]}: its default is out of its range')
    for key, member in (('places', 'name_is'), ('recipe_kinds', 'starts_with')):
        for item in model[key]:
            if item[member]:
                names.has(f'{key} {item["name"]}', 'operands', item[member])


def members_of(names, state):
    group = names.lists['groups'].get(state)
    return set(group['members']) if group else {state}


def row_is_consistent(names, machine, table, index, row):
    where = f'{machine["name"]}, {table} {index}'
    states = machine['call_states' if table == 'call' else 'leg_states']
    if row['row'] != index:
        complain(f'{where}: says that it is row {row["row"]}')
    names.state(where, row['state'])
    names.has(where, 'events', row['event'])
    names.guard(where, row['guard'])
    if not members_of(names, row['state']) & set(states):
        complain(f'{where}: the machine has no state {row["state"]}')
    if row['next'] not in states + ['stays']:
        complain(f'{where}: the machine has no state {row["next"]}')
    if row['ignore'] == bool(row['ops']):
        complain(f'{where}: ignored and does something, or neither')
    for op in row['ops']:
        names.given(where, 'ops', op['op'], op['operands'])
        for event in op['enables']:
            names.has(where, 'events', event)
        recipe = names.lists['recipes'].get(op['operands'].get('recipe'))
        if recipe and op['op'] == 'SEND' and recipe['enables'] != op['enables']:
            complain(f'{where}: {recipe["name"]} enables other events')


def recipes_below(names, recipes):
    """Those, and the recipes inside of them."""
    found, new = set(), set(recipes)
    while new:
        found |= new
        new = {line['value']['operands']['recipe'] for name in new for line in names.lists['recipes'][name]['lines']
               if line['value'] and 'recipe' in line['value']['operands']} - found
    return found


def machine_uses(names, machine):
    used = set()
    for row in machine['call'] + machine['leg']:
        used |= {op['operands']['recipe'] for op in row['ops'] if 'recipe' in op['operands']}
        used |= {'refusal' for op in row['ops'] if op['op'] == 'REFUSE'}
        facts = [names.lists['facts'][g['fact']] for g in row['guard']]
        used |= {fact['operands']['recipe'] for fact in facts if 'recipe' in fact['operands']}
    return recipes_below(names, used)


def machine_is_consistent(names, machine):
    name = machine['name']
    names.has(name, 'roles', machine['role'])
    for key, of in (('fields', 'fields'), ('leg_fields', 'fields'), ('call_states', 'states'), ('leg_states', 'states'),
                    ('leg_kinds', 'leg_kinds'), ('recipes', 'recipes'), ('random', 'events')):
        for item in machine[key]:
            names.has(f'{name}, {key}', of, item)
    if machine['init'] not in machine['call_states']:
        complain(f'{name}: begins in {machine["init"]}')
    if machine['leg_init'] not in (machine['leg_states'] or [None]):
        complain(f'{name}: legs begin in {machine["leg_init"]}')
    if machine_uses(names, machine) != set(machine['recipes']):
        complain(f'{name}: uses {sorted(machine_uses(names, machine))}, says {machine["recipes"]}')
    for table in ('call', 'leg'):
        for index, row in enumerate(machine[table]):
            row_is_consistent(names, machine, table, index, row)
    for index, capture in enumerate(machine['captures']):
        where = f'{name}, capture {index}'
        names.given(where, 'sources', capture['source'], capture['operands'])
        names.has(where, 'events', capture['event'])
        if capture['capture'] != index:
            complain(f'{where}: says that it is capture {capture["capture"]}')
        if capture['field'] not in machine['fields'] + (machine['leg_fields'] if capture['of'] == 'leg' else []):
            complain(f'{where}: the {capture["of"]} has no field {capture["field"]}')
    for table in ('call', 'leg', 'captures'):
        parts = [part['part'] for part in machine['parts'] for _ in range(part[table])]
        if parts != [item['part'] for item in machine[table]]:
            complain(f'{name}: {table}: not the parts that it says')


def recipe_is_consistent(names, recipe):
    name = f'recipe {recipe["name"]}'
    names.has(name, 'recipe_kinds', recipe['kind'])
    starts = names.lists['recipe_kinds'][recipe['kind']]['starts_with']
    if recipe['method']:
        names.has(name, 'methods', recipe['method'])
    if (recipe['method'] is not None) != (starts == 'method') or (recipe['status'] is not None and starts != 'code'):
        complain(f'{name}: starts with {starts}')
    for index, line in enumerate(recipe['lines']):
        where = f'{name}, line {index}'
        if line['line'] != index:
            complain(f'{where}: says that it is line {line["line"]}')
        names.has(where, 'levels', line['level'])
        names.has(where, 'places', line['place'])
        names.guard(where, line['guard'])
        if line['value']:
            names.given(where, 'recipe_values', line['value']['value'], line['value']['operands'])
        operand = names.lists['places'][line['place']]['name_is']
        if (operand is None) != (line['name'] is None):
            complain(f'{where}: its name is {line["name"]}')
        elif operand:
            names.operand(where, operand, line['name'], {})


def clauses_are_where_they_say(names, model):
    """The list of ids is the index of the tables, nothing more and nothing less."""
    listed, found = set(), set()
    for clause in model['clauses']:
        listed |= {(clause['id'], at_['of'], at_['in'], at_['index']) for at_ in clause['at']}
    for machine in model['machines']:
        found |= {(id_, machine['name'], table, index) for table in ('captures', 'call', 'leg')
                  for index, item in enumerate(machine[table]) for id_ in item['clauses']}
    for recipe in model['recipes']:
        found |= {(id_, recipe['name'], 'lines', index) for index, line in enumerate(recipe['lines']) for id_ in line['clauses']}
    for item in sorted(listed ^ found)[:10]:
        complain(f'clauses: {item} is in one of list and tables alone')
    ids = [clause['id'] for clause in model['clauses']]
    if ids != sorted(ids, key=lambda id_: id_.encode()) or len(ids) != len(set(ids)):
        complain('clauses: not in order')


def consistent(model):
    names = Names(model)
    words_are_consistent(names, model)
    for machine in model['machines']:
        machine_is_consistent(names, machine)
    for recipe in model['recipes']:
        recipe_is_consistent(names, recipe)
    clauses_are_where_they_say(names, model)


# ---- the project's other files --------------------------------------------------------------------------------------

def requirements_are_there(model, trace_path):
    """Ids that tables carry, as tools/trace counts them, and those that docs/trace.tsv says they do."""
    ids = {clause['id'] for clause in model['clauses']}
    with open('fsm/requirements.tsv', encoding='utf-8') as file:
        known = {line.split('\t')[0] for line in file}
    with open('docs/trace.tsv', encoding='utf-8') as file:
        said = [line.split('\t') for line in file if not line.startswith('#')]
    for fields in said:
        if len(fields) > 1 and fields[1] == 'table' and ':' not in fields[0] and fields[0] not in ids:
            complain(f'docs/trace.tsv: {fields[0]} is not in the model')
    with open(trace_path, encoding='utf-8') as file:
        lines = [line.split() for line in file]
    column = next(words for words in lines if words[:2] == ['procedure', 'ids']).index('table')
    carried = int(next(words for words in lines if words[:1] == ['all'])[column])
    if len(ids & known) != carried:
        complain(f'the model has {len(ids & known)} requirement ids, tools/trace counts {carried}')
    with open('docs/rulings.md', encoding='utf-8') as file:
        rulings = set(re.findall(r'\*\*R(\d+)\*\*', file.read()))
    for id_ in ids - known:
        ruling = re.match(r'O-R(\d+)', id_)
        if not ruling or ruling.group(1) not in rulings:
            complain(f'clauses: {id_} is no requirement and no ruling')


# A version and what only shifts a bit are no constants of the model.
NOT_LISTED = re.compile(r'CPM_VERSION_|CPM_.*_H$|CPM_QUIRKS_ALL$')


def constants_are_there(model):
    """Every #define of the core's public headers that is a number or a text."""
    names = {item['name'] for key in ('constants', 'limits') for item in model[key]}
    for path in sorted(set(glob.glob('include/cpm/*.h')) - {'include/cpm/xml.h'}):
        with open(path, encoding='utf-8') as file:
            for name, value in re.findall(r'^#define (CPM_[A-Z0-9_]+) +(.+)', file.read(), re.M):
                if re.match(r'["0-9(]|UINT', value) and not NOT_LISTED.match(name) and name not in names:
                    complain(f'{path}: {name} is not in the model')


def main(schema_path, model_path, trace_path):
    with open(schema_path, encoding='utf-8') as file:
        schema = json.load(file)
    with open(model_path, encoding='utf-8') as file:
        model = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    schema_is_documented(schema, schema)
    for error in jsonschema.Draft202012Validator(schema).iter_errors(model):
        complain(f'{"/".join(str(p) for p in error.absolute_path)}: {error.message[:200]}')
    tried = schema_refuses(schema, model)
    if not complaints:
        consistent(model)
        requirements_are_there(model, trace_path)
        constants_are_there(model)
    for text in complaints[:20]:
        print(text, file=sys.stderr)
    print(f'{len(model["machines"])} machines, {len(model["facts"])} facts, {len(model["clauses"])} ids; '
          f'{tried} changes refused; {len(complaints)} complaints')
    return 1 if complaints else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))

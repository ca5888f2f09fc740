#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""amalgamate.py - writes cpm.c, cpm.h, cpm_xml.c and cpm_xml.h: the library as files that one C compiler takes.

    amalgamate.py --out DIR --version V [--include DIR] --core FILE... --xml FILE...

CMake's target `dist` calls it in the project's folder and names every source, parsers generated. What it does to them:

- public headers stand in cpm.h and cpm_xml.h, in order of their includes; internal ones in front of their first user;
- what is internal (cpmi_) becomes static; with CPM_EXPOSE_INTERNALS it stays visible, for tests that look inside;
- macros of a source end with it, those of internal headers with cpm.c unless they begin with CPMI_;
- warnings that generated code gives on purpose are switched off around it.

The same sources give the same bytes: no date, no path outside of the project.
"""
import argparse
import hashlib
import os
import re
import sys

PUBLIC = 'include/cpm/'
LOCAL = re.compile(r'[ \t]*#[ \t]*include[ \t]*"([^"]+)"')
LINE = re.compile(r'#line \d+ "')
MACRO = re.compile(r'[ \t]*#[ \t]*(define|undef)[ \t]+(\w+)')
GUARD = re.compile(r'#ifndef (\w+_H)\n#define \1\n')
# A function that begins a line, and data that does or that a macro's whole body is.
FUNCTION = re.compile(r'(?!static\b|extern\b|typedef\b|return\b|else\b)(?=[A-Za-z_][\w \t*]*\bcpmi_\w+\()')
EXTERN = re.compile(r'\bextern (?=const\b)')
DATA = re.compile(r'(#define \w+\([^)]*\)\s+)?(?=const [\w *]*\bcpmi_\w+(##\w+)?(\[\w*\])? = )')

MARKS = '''\
#ifndef CPMI_FUNCTION
#ifdef CPM_EXPOSE_INTERNALS   /* for tests */
#define CPMI_FUNCTION
#define CPMI_EXTERN extern
#define CPMI_DATA
#else
#define CPMI_FUNCTION static
#define CPMI_EXTERN static
#define CPMI_DATA static
#endif
#endif
'''


def fail(message):
    sys.exit('amalgamate.py: ' + message)


def pragmas(why, *warnings):
    lines = ['#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 7)', '#pragma GCC diagnostic push   /* %s */' % why]
    return lines + ['#pragma GCC diagnostic ignored "-W%s"' % w for w in warnings] + ['#endif']


POP = ['#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 7)', '#pragma GCC diagnostic pop', '#endif']


class Sources:
    """What was read, and the sum of it. Public headers may be elsewhere, with a prefix in them: they are named as in the project."""

    def __init__(self, include):
        self.texts, self.include = {}, include

    def real(self, path):
        return os.path.join(self.include, path[len('include/'):]) if path.startswith(PUBLIC) else path

    def exists(self, path):
        return os.path.exists(self.real(path))

    def read(self, path):
        if path not in self.texts:
            with open(self.real(path), encoding='utf-8', newline='') as f:
                text = f.read()
            self.texts[path] = ''.join(line for line in text.splitlines(True) if not LINE.match(line))
        return self.texts[path]

    def sum(self):
        h = hashlib.sha256()
        for path in sorted(self.texts, key=shown):
            h.update(('%s\0%d\0%s' % (shown(path), len(self.texts[path]), self.texts[path])).encode())
        return h.hexdigest()


def shown(path):
    """How a file is named in what is written: a parser by its host."""
    return re.sub(r'.*/(\w+_parse)\.c$', r'codecs/\1.c', path)


def is_generated(path):
    return path.endswith('_parse.c')


def found(sources, name, where):
    """The file that an include means; parsers include as their hosts do."""
    folder = os.path.dirname(shown(where))
    for candidate in ([PUBLIC + name[4:]] if name.startswith('cpm/') else [folder + '/' + name, 'codecs/' + name, 'fsm/' + name]):
        if sources.exists(candidate):
            return candidate
    fail('%s: "%s" is nowhere' % (where, name))


class Output:
    def __init__(self, sources, public):
        self.sources, self.public = sources, public   # public: headers that need no copy here
        self.lines, self.seen, self.header_macros = [], set(), []

    def head(self, path):
        self.lines += ['', '/* ==== %s %s */' % (shown(path), '=' * (100 - len(shown(path)))), '']

    def add(self, path, change=lambda line: line):
        """The file, its includes resolved; returns the macros that are defined at its end."""
        self.seen.add(path)
        macros = {}
        text = self.sources.read(path)
        guard = GUARD.search(text)
        lines = [line for line in text.splitlines() if 'SPDX-License-Identifier' not in line]
        headed = False
        for line in lines:
            local, macro = LOCAL.match(line), MACRO.match(line)
            if local:
                self.include(found(self.sources, local[1], path), change)
                headed = False
                continue
            if not headed and line.strip():
                self.head(path)
                headed = True
            if macro and not (guard and macro[2] == guard[1]):
                macros[macro[2]] = macro[1] == 'define'
            self.lines.append(change(line))
        return [name for name, defined in macros.items() if defined]

    def include(self, path, change):
        if path in self.public or path in self.seen:
            return
        if not GUARD.search(self.sources.read(path)):
            fail('%s has no include guard' % path)
        self.header_macros += self.add(path, change)

    def add_source(self, path):
        if is_generated(path):
            self.lines += [''] + pragmas('states fall through', 'implicit-fallthrough', 'unused-const-variable', 'unused-label')
        macros = self.add(path, internal)
        self.lines += ['#undef ' + name for name in macros]
        if is_generated(path):
            self.lines += POP

    def write(self, path, before, after=()):
        text = re.sub(r'\n{3,}', '\n\n', '\n'.join(before + self.lines + list(after)) + '\n')
        with open(path, 'w', encoding='utf-8', newline='\n') as f:
            f.write(text)


def internal(line):
    line = EXTERN.sub('CPMI_EXTERN ', line)
    data = DATA.match(line)
    if data:
        return (data[1] or '') + 'CPMI_DATA ' + line[data.end():]
    return ('CPMI_FUNCTION ' if FUNCTION.match(line) else '') + line


def public_headers(sources, top, without=()):
    """`top` and what it includes, each once and after what it includes itself."""
    out = Output(sources, set(without))
    out.add(PUBLIC + top)
    return out


def head(title, version, total):
    with open('LICENSE', encoding='utf-8') as f:
        licence = f.read().rstrip().splitlines()
    lines = [title % version, 'Written by `./dev dist` from the sources, sha256 %s.' % total, ''] + licence
    return ['/* SPDX-License-Identifier: MIT'] + [(' * ' + line).rstrip() for line in lines] + [' */']


def main():
    parser = argparse.ArgumentParser(description='writes the library as two files, and cpm_xml as two more')
    parser.add_argument('--out', required=True, metavar='DIR')
    parser.add_argument('--version', required=True)
    parser.add_argument('--include', default='include', metavar='DIR')
    parser.add_argument('--core', nargs='+', required=True, metavar='FILE')
    parser.add_argument('--xml', nargs='*', default=[], metavar='FILE')
    args = parser.parse_args()

    sources = Sources(args.include)
    core_h = public_headers(sources, 'cpm.h')
    xml_h = public_headers(sources, 'xml.h', core_h.seen)
    for name in sorted(os.listdir(sources.real(PUBLIC))):
        if PUBLIC + name not in core_h.seen | xml_h.seen:
            fail('%s is included neither by cpm.h nor by xml.h' % (PUBLIC + name))
    parts = []
    for files in (args.core, args.xml):
        part = Output(sources, core_h.seen | xml_h.seen)
        for path in sorted(map(os.path.relpath, files), key=shown):
            part.add_source(path)
        parts.append(part)
    core_c, xml_c = parts

    total = sources.sum()
    unused = [''] + pragmas('some internals are for tools', 'unused-function')
    os.makedirs(args.out, exist_ok=True)
    core_h.write(args.out + '/cpm.h', head('cpmkit %s: cpm.h, all that the core offers.', args.version, total) + ['#ifndef CPM_ALL_H', '#define CPM_ALL_H'], ['#endif'])
    core_c.write(args.out + '/cpm.c', head('cpmkit %s: the core. Needs cpm.h and a C11 compiler.', args.version, total) +
                 ['#include "cpm.h"', '', MARKS] + unused,
                 [''] + ['#undef ' + name for name in core_c.header_macros if not name.startswith('CPMI_')] + POP)
    xml_h.write(args.out + '/cpm_xml.h', head('cpmkit %s: cpm_xml.h, what is read with libxml2.', args.version, total) + ['#include "cpm.h"'])
    xml_c.write(args.out + '/cpm_xml.c', head('cpmkit %s: cpm_xml. Needs cpm_xml.h, cpm.c and libxml2.', args.version, total) +
                ['#include "cpm_xml.h"', '', MARKS] + unused, [''] + POP)


main()

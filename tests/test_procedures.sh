#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A procedure is tables: no file of fsm/client, fsm/participating and fsm/controlling defines a function.
. tests/support.sh

# definitions <file>: heads of functions: text that ends in `) {` outside of all braces and holds no `=`.
definitions() {
  awk '
    { line = $0
      while (comment || (i = index(line, "/*"))) {      # block comments, over lines too
        if (!comment) { text = text substr(line, 1, i - 1); line = substr(line, i + 2); comment = 1 }
        if (!(i = index(line, "*/"))) { line = ""; break }
        line = substr(line, i + 2); comment = 0
      }
      sub(/\/\/.*/, "", line); gsub(/\\./, "", line); gsub(/"[^"]*"/, "\"\"", line); gsub(/\047[^\047]*\047/, "0", line)
      text = text line
      if (text ~ /^[ \t]*#/) text = ""                   # directives and the lines that continue them
      if (directive || $0 ~ /^[ \t]*#/) { text = ""; directive = /\\$/ }
      for (k = 1; k <= length(text); k++) {
        c = substr(text, k, 1)
        if (c == "{") {
          if (depth == 0 && head ~ /\)[ \t]*$/ && head !~ /=/) print NR ": " head
          depth++
        } else if (c == "}") { depth--; head = "" }
        else if (c == ";" && depth == 0) head = ""
        else if (depth == 0) head = head c
      }
      if (depth == 0) head = head " "
      text = ""
    }' "$1"
}

count=0
for file in $(files '*' | grep -E '^fsm/(client|participating|controlling)/'); do
  found=$(definitions "$file")
  [[ -z $found ]] || complain "$file defines a function at line $found"
  count=$((count + 1))
done
finish "$count procedure files hold tables only"

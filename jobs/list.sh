#!/usr/bin/env bash
# list.sh: how a list of runs is read, for arrays; sourced. belay submit --runs reads the same lists.
#
#   - A line is a run directory and options of belay, separated by blanks, or by tabs alone where the
#     line has one, so that a name may hold blanks.
#   - # begins a line that is a comment.
#   - Lines without anything, the CR of an editor of Windows and a byte-order mark count for nothing.
#   - No shell evaluates a line: there are no quotes, and $ and * are letters.
#
# The lines that remain are counted from 1; do not change them while jobs wait.

# list_runs LIST: the lines that name a run.
list_runs() {
    LC_ALL=C awk '{ gsub(/\r/, "") } NR == 1 { sub(/^\357\273\277/, "") } !/^[ \t]*(#|$)/' <"$1"
}

# read_run LIST NUMBER: leaves run and options of a line in $fields. Fails where there is none.
read_run() {
    local line separators=$' \t'
    line=$(list_runs "$1" | sed -n "$2{p;q}") && [[ $line ]] || return
    [[ $line != *$'\t'* ]] || separators=$'\t'
    # shellcheck disable=SC2034 # for whoever sources this
    IFS=$separators read -ra fields <<<"$line"
}

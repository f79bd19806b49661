// SPDX-License-Identifier: Apache-2.0
//
// What runs beside Debian's installer and tells this PC over the serial port how far it is: the installer's log as it
// is, and every few seconds what its own screen shows of progress. When nothing moves and a question is on the screen,
// the text of that question.
//
// The screen is read from /dev/vcs1, where Linux keeps the characters of the first console; everything that is no
// plain letter is left out. The installer's shell is that of busybox.

/** Seconds between two looks. */
const pause = 3;
/** A screen that shows no progress and stays as it is for so many looks, while the processor has next to nothing to do. */
const still = 5;

/** @param port where what is said goes */
export const debianFollower = (port: string): string => `#!/bin/sh
exec </dev/null >${port} 2>/dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
tail -n +1 -f /var/log/syslog &
before=
same=0
asked=
busy=0
all=0
going() {
  [ -z "$asked" ] || echo '@phyllome@ going'
  asked=
  same=0
}
while sleep ${pause}; do
  screen=$(tr -c '\\040-\\176' ' ' </dev/vcs1 | tr -s ' ' | cut -c1-600)
  percent=$(printf '%s' "$screen" | sed -n 's/.* \\([0-9][0-9]*\\)% .*/\\1/p')
  read -r cpu user nice system idle wait rest </proc/stat
  now=$((user + nice + system))
  total=$((now + idle + wait))
  idle=
  [ $(((now - busy) * 4)) -lt $((total - all)) ] && idle=yes
  busy=$now
  all=$total
  if [ -n "$percent" ]; then
    going
    echo "@phyllome@ percent $percent"
  elif [ "$screen" = "$before" ]; then
    case $screen in
    *[A-Za-z]*) [ -z "$idle" ] || same=$((same + 1)) ;;
    esac
    if [ "$same" = ${still} ]; then
      asked=yes
      printf '@phyllome@ question %s\\n' "$screen"
    fi
  else
    going
  fi
  before=$screen
done
`;

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs a program with a folder as its root file system, so that it uses the tools in it rather than those of this PC:
#
#   unshare --mount --propagation private enter.sh TREE [FOLDER=PLACE...] -- PROGRAM...
#
# FOLDER of this PC is seen at PLACE in there. Everything mounted here is gone when the program ends.
set -eu
tree=$1
shift
mount --bind "$tree" "$tree"
mount -t proc proc "$tree/proc"
mount --rbind /sys "$tree/sys"
mount --rbind /dev "$tree/dev"
mount -t tmpfs tmpfs "$tree/run"
while [ "$1" != -- ]; do
  mkdir -p "$tree${1#*=}"
  mount --bind "${1%%=*}" "$tree${1#*=}"
  shift
done
shift
# Names of hosts are found as on this PC.
if [ -e /etc/resolv.conf ]; then
  touch "$tree/etc/resolv.conf"
  mount --bind "$(readlink -f /etc/resolv.conf)" "$tree/etc/resolv.conf"
fi
cd "$tree"
mkdir -p .outside
pivot_root . .outside
umount --lazy /.outside
cd /
exec "$@"

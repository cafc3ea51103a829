# root_of_debian: makes $WORK/debian the root of a small Debian, the oldest whose C library runs the binary, with the files
# of docs/examples. It is made once, in the user's cache, by mmdebstrap, and copied. `inside COMMAND...` runs a command there.
# shellcheck shell=bash
root_of_debian() {
  run_as_root "a chroot"
  has mmdebstrap || skip "mmdebstrap is not installed (apt-get install mmdebstrap)"
  local suite cache floor
  floor=$(scripts/dist/floor.py .build/release/gatecheck)
  suite=bullseye # 2.31
  if [ "$(printf '%s\n' "$floor" 2.31 | sort -V | tail -n 1)" != 2.31 ]; then
    suite=$(scripts/suite.sh) || skip "this system's release has no name"
    skipped "on Debian 11: this binary needs glibc $floor, so Debian $suite is taken"
  fi
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/gatecheck/debian-$suite
  if [ ! -e "$cache/complete" ]; then
    scripts/apt-of.sh deb "$suite" "$WORK/apt-of" >/dev/null || skip "packages of Debian $suite cannot be had"
    rm -rf "$cache"
    mkdir -p "$cache"
    # shellcheck disable=SC2016 # the first argument is one of the hook
    mmdebstrap --quiet --mode=root --variant=minbase --include=bash-completion,ca-certificates,curl,man-db "$suite" \
      --customize-hook='rm -rf "$1"/usr/share/locale "$1"/usr/share/zoneinfo "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*' \
      "$cache/root" "$WORK/apt-of/sources.list" || skip "no root of Debian $suite can be made"
    touch "$cache/complete"
  fi
  cp -a "$cache/root" "$WORK/debian"
  cp docs/examples/*.yaml "$WORK/debian/root"
  mkdir -p "$WORK/debian$DIST"
}

inside() {
  chroot "$WORK/debian" env -i -C /root PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "$@"
}

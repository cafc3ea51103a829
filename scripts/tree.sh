#!/usr/bin/env bash
# tree.sh install PROGRAM | uninstall: puts the program, its manual pages and what shells complete it with below
# $DESTDIR$PREFIX, or takes them out again. Folders stay, as others may use them; below a DESTDIR the empty ones go.
set -euo pipefail
prefix=${PREFIX:-/usr/local}
root=${DESTDIR:-}$prefix
man=share/man/man1
bash=share/bash-completion/completions/gatecheck
zsh=share/zsh/site-functions/_gatecheck
fish=share/fish/vendor_completions.d/gatecheck.fish
case $prefix in
  /*) ;;
  *) echo "tree.sh: PREFIX wants an absolute path, not $prefix" >&2; exit 2 ;;
esac

case ${1:-} in
  install)
    program=${2:?usage: tree.sh install PROGRAM}
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    "$(dirname "$0")/man.sh" "$work" "$program"
    for shell in bash zsh fish; do "$program" completion $shell >"$work/$shell"; done
    for file in bin/gatecheck $man/gatecheck.1 $bash $zsh $fish; do install -d "$root/${file%/*}"; done
    install -m 755 "$program" "$root/bin/gatecheck"
    install -m 644 "$work"/*.1 "$root/$man"
    for shell in bash zsh fish; do install -m 644 "$work/$shell" "$root/${!shell}"; done
    ;;
  uninstall)
    rm -f "$root/bin/gatecheck" "$root/$man/gatecheck.1" "$root/$man"/gatecheck-*.1
    rm -f "$root/$bash" "$root/$zsh" "$root/$fish"
    [ -n "${DESTDIR:-}" ] && cd "$DESTDIR" 2>/dev/null || exit 0
    for folder in bin $man ${bash%/*} ${zsh%/*} ${fish%/*}; do
      folder=.$prefix/$folder
      while [ "$folder" != . ] && rmdir "$folder" 2>/dev/null; do folder=${folder%/*}; done
    done
    ;;
  *) echo "usage: tree.sh install PROGRAM | uninstall" >&2; exit 2 ;;
esac

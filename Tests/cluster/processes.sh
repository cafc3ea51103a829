# Sourced by up.sh and down.sh: the processes of a run folder, as lines "NAME PID START" in its file `pids`.

# The start time of a process that lives, else nothing. With it a number used again is told apart; a zombie is dead.
start_of() { # PID
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  # After the name, which may hold blanks, field 1 is the state and field 20 the start.
  set -- ${stat##*) }
  [ "$1" = Z ] || [ "$1" = X ] || echo "${20}"
}

# Whether every process that was started still lives.
all_alive() { # RUN
  local name pid start
  [ -s "$1/pids" ] || return 1
  while read -r name pid start; do
    [ "$(start_of "$pid")" = "$start" ] || return 1
  done <"$1/pids"
}

# A command in a session of its own. A caller may learn of the end of a script by a descriptor that it gave it: nothing
# may hold one for longer. To be put in the background.
detached() { # COMMAND...
  local descriptor
  for descriptor in "/proc/$BASHPID/fd/"*; do
    descriptor=${descriptor##*/}
    [ "$descriptor" -le 2 ] || eval "exec $descriptor>&-"
  done
  exec setsid "$@"
}

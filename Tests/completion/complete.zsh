# The .zshrc of a zsh that has a terminal: writes into $FOUND each of $LINES_TO_COMPLETE behind "> ", and what zsh
# completes it with, and ends.
if [[ -n $ZSH_FILES ]]; then
  fpath=($ZSH_FILES/usr/share/zsh/functions/**/*(/))
  module_path=($ZSH_FILES/usr/lib/*/zsh/*(/))
fi
autoload -Uz compinit
compinit -u -D
source $COMPLETION_SCRIPT

compadd() {
  local -a hits
  builtin compadd -O hits "$@"
  print -rl -- $hits >>$FOUND
  builtin compadd "$@"
}
zle-line-init() {
  local line
  for line in "${(@f)LINES_TO_COMPLETE}"; do
    print -r -- "> $line" >>$FOUND
    BUFFER=$line CURSOR=${#line}
    zle list-choices
  done
  exit
}
zle -N zle-line-init

# complete.bash SCRIPT, with lines on standard input: prints each line behind "> ", and what bash completes it with.
source "$1"
function=$(complete -p gatecheck)
function=${function#*-F } function=${function%% *}
while IFS= read -r line; do
  printf '> %s\n' "$line"
  # As readline splits it: = : and @ are words, too.
  COMP_LINE=$line COMP_POINT=${#line} COMP_WORDS=() COMPREPLY=() rest=$line
  while [[ $rest =~ ^[[:space:]]*([=:@]+|[^[:space:]=:@]+)(.*)$ ]]; do
    COMP_WORDS+=("${BASH_REMATCH[1]}") rest=${BASH_REMATCH[2]}
  done
  [[ $line != *[[:space:]] ]] || COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  current=${COMP_WORDS[COMP_CWORD]}
  [[ $current != [=:@]* ]] || current=''
  "$function" "${COMP_WORDS[0]}" "$current" "${COMP_WORDS[COMP_CWORD - 1]}" </dev/null
  [ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}"
done

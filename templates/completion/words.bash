# Readline ends a word at = : @ as well; here it goes on, and what is behind --flag= is the word after the flag.
__gatecheck_words() {
    local line="${COMP_LINE:0:${COMP_POINT}}" word=''
    local -a words=()
    local -i index last=-1
    for ((index = 0; index <= COMP_CWORD; index++)); do
        if ((index == 0)) || [[ "${line}" = [[:space:]]* ]]; then
            last+=1
            words[last]=''
            line="${line#"${line%%[![:space:]]*}"}"
        fi
        word="${COMP_WORDS[index]}"
        ((index < COMP_CWORD)) || word="${line}"
        words[last]+="${word}"
        line="${line#"${word}"}"
    done
    word="${words[last]}"
    if [[ "${word}" = --*=* ]]; then
        words[last]="${word%%=*}"
        word="${word#*=}"
        words+=("${word}")
        last+=1
    fi
    # As for the command that help is asked about.
    if ((last > 1)) && [[ "${words[1]}" = help ]]; then
        words=("${words[0]}" "${words[@]:2}")
        last+=-1
    fi

    local -a COMP_WORDS=("${words[@]}")
    local -i COMP_CWORD=last
    _gatecheck "${1}" "${word}" "${words[last - 1]}" 2>/dev/null
    # Readline puts in what stands behind its own beginning of the word.
    COMPREPLY=("${COMPREPLY[@]#"${word%"${2}"}"}")
}

complete -F __gatecheck_words gatecheck

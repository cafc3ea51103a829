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
    local choices
    if [[ "${word}" = --*=* ]]; then
        # Those whose value stands behind = or not at all.
        case "${word%%=*}" in
{{optional}}
        esac
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
    if [[ -n "${choices+set}" ]]; then
        mapfile -t COMPREPLY < <(compgen -W "${choices}" -- "${word}")
    elif [[ "${words[last - 1]}" =~ ^(-o|--output)$ && "${word}" = *=* ]]; then
        # FORMAT=FILE
        word="${word#*=}"
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "${word}")
    else
        _gatecheck "${1}" "${word}" "${words[last - 1]}" 2>/dev/null
    fi
    # Readline puts in what stands behind its own beginning of the word.
    COMPREPLY=("${COMPREPLY[@]#"${word%"${2}"}"}")
}

complete -F __gatecheck_words gatecheck

# Readline ends a word at = : @ as well; here it goes on, and what is behind --flag= or -f is the word after the flag.
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
    local -r whole="${words[last]}"
    local choices
    word="${whole}"
    if [[ "${whole}" =~ ^(--[^=]+)=(.*)$ || "${whole}" =~ ^-[{{alone}}]*([{{valued}}])=?(.*)$ ]]; then
        # Those whose value stands behind = or not at all.
        case "${BASH_REMATCH[1]}" in
{{optional}}
        esac
        words[last]="-${BASH_REMATCH[1]#-}"
        word="${BASH_REMATCH[2]}"
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
    local -r glued="${whole%"${word}"}" before="${whole%"${2}"}"
    for index in "${!COMPREPLY[@]}"; do
        word="${glued}${COMPREPLY[index]}"
        COMPREPLY[index]="${word#"${before}"}"
    done
}

complete -F __gatecheck_words gatecheck

# Folders, and files whose names end so; also behind --flag= and ~.
function __gatecheck_paths
    set -l typed (commandline -t | string replace -r '^--[^=]*=' '')
    set -l ends (string escape --style=regex -- / .$argv | string join '|')
    complete -C "__gatecheck_no_command $typed" | string replace -r '\t.*' '' | string match -r ".*(?:$ends)\$"
end


# FORMAT=FILE
function __gatecheck_format_files
    set -l parts (commandline -t | string match -r '^(?:--output=|-\w*?o)?(\w+=)(.*)$')
    and printf '%s\n' $parts[2](complete -C "__gatecheck_no_command $parts[3]" | string replace -r '\t.*' '')
end
complete -c gatecheck -n 'commandline -t | string match -q "*=*"' -s o -l output -rfka '(__gatecheck_format_files)'

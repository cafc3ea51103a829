# Folders, and files whose names end so; also behind --flag= and ~.
function __gatecheck_paths
    set -l typed (commandline -t | string replace -r '^--[^=]*=' '')
    set -l ends (string escape --style=regex -- / .$argv | string join '|')
    complete -C "__gatecheck_no_command $typed" | string replace -r '\t.*' '' | string match -r ".*(?:$ends)\$"
end


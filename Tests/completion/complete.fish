# complete.fish SCRIPT, with lines on standard input: prints each line behind "> ", and what fish completes it with.
source $argv[1]
while read -l line
    echo "> $line"
    complete -C $line </dev/null | string replace -r '\t.*' ''
end

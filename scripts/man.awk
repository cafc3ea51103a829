# A page in roff's man(7), from what `COLUMNS=100000 gatecheck help COMMAND` says: a line for each flag and paragraph.
# Variables: name, date, version; status, the rows of README's table of exit statuses, for the page of gatecheck itself.

# Nothing in it is an escape, a dash is one that can be pasted, and no line begins with a control character.
function plain(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  return text ~ /^[.']/ ? "\\&" text : text
}

function add(part, line) { parts[part] = parts[part] line "\n" }

function paragraph(part, text,   words, count, i, line) {
  count = split(text, words, " ")
  for (i = 1; i <= count; i++) {
    if (line != "" && length(line " " words[i]) > 70) { add(part, plain(line)); line = "" }
    line = line (line == "" ? "" : " ") words[i]
  }
  if (line != "") add(part, plain(line))
}

function item(part, head, text) {
  add(part, ".TP")
  add(part, ".B " plain(head))
  paragraph(part, text)
}

/^OVERVIEW: / {
  paragraph("NAME", name " - " substr($0, 11))
  part = "DESCRIPTION"
  next
}
/^USAGE: / { add("SYNOPSIS", ".B " plain(substr($0, 8))); part = ""; next }
/^(ARGUMENTS|OPTIONS|SUBCOMMANDS):$/ { part = substr($0, 1, length($0) - 1); next }
/^$/ || /^  See / { next }
# Its text stands behind it, or in the next line.
part != "DESCRIPTION" && match($0, /^  (-[A-Za-z], )?[A-Za-z<>-]+( \[?<[^>]+>\]?)?/) {
  if (part == "SUBCOMMANDS") also = also ", " name "-" $1
  item(part, substr($0, 3, RLENGTH - 2), substr($0, RLENGTH + 1))
  next
}
{ paragraph(part, $0) }

END {
  count = split(status, rows, "\n")
  for (i = 1; i <= count; i++) {
    split(rows[i], cells, / *\| */)
    if (cells[2] ~ /^[0-9]+$/) { gsub(/`/, "", cells[3]); item("EXIT STATUS", cells[2], cells[3]) }
  }
  if (name != "gatecheck") also = ", gatecheck" also
  count = split(substr(also, 3), pages, ", ")
  for (i = 1; i <= count; i++) add("SEE ALSO", ".BR " plain(pages[i]) " (1)" (i < count ? "," : ""))
  print ".TH " toupper(plain(name)) " 1 \"" date "\" \"" version "\" \"User Commands\""
  count = split("NAME,SYNOPSIS,DESCRIPTION,ARGUMENTS,SUBCOMMANDS,OPTIONS,EXIT STATUS,SEE ALSO", order, ",")
  for (i = 1; i <= count; i++) if (order[i] in parts) printf ".SH %s\n%s", order[i], parts[order[i]]
}

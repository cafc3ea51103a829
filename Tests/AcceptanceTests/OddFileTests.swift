import Foundation
import SourceText
import TestSupport
import Testing

/// Whatever lies in a folder: a finding or a clear error, the right status, and the other files are judged all the
/// same.
@Suite struct OddFileTests {
  struct Row: CustomTestStringConvertible {
    let testDescription: String
    let script: String
    /// The status and the rules that are told of it: found in a folder, and named.
    let told: [String]
  }

  @Test(arguments: rows) func anOddFile(row: Row) throws {
    let config = "discovery:\n  kubernetes:\n    service:\n      host: 10.96.0.1\n      port: 6443\n"
    let folder = try Folder(["config.yaml": config])
    let script = """
      shopt -s dotglob; umask 022; mkdir odd; cd odd; \(row.script); cd ..
      files=(odd/config.yaml); [ -e odd/config.yaml ] || [ -L odd/config.yaml ] || files=(odd/*)
      [ "$(id -u)" != 0 ] || set -- setpriv --reuid 65534 --regid 65534 --clear-groups
      chmod a+rx .
      "$@" gatecheck lint -o json . </dev/null >0; echo $?
      "$@" gatecheck lint -o json -- "${files[-1]}" config.yaml </dev/null >1; echo $?
      "$@" gatecheck lint -- "${files[-1]}" . </dev/null >text 2>&1
      "$@" gatecheck lint -o github . </dev/null >>text 2>&1
      chmod -R u+rwx .
      """
    let ended = try bash(script, in: folder.path)
    let statuses = ended.output.split(separator: "\n").map(String.init)
    try #require(statuses.count == 2, "\(ended.output)\(ended.errors)")
    for (index, status) in statuses.enumerated() {
      let document = Ended(status: 0, output: try folder.read("\(index)"), errors: "")
      var rules: Set<String> = []
      var others = 0
      for finding in try document.json()["findings"] as? [[String: Any]] ?? [] {
        let rule = finding["rule"] as? String ?? ""
        if finding["file"] as? String == "config.yaml" { others += 1 } else { rules.insert(rule) }
      }
      #expect(others == 1, "the other file is judged")
      #expect(
        ([status] + rules.sorted()).joined(separator: " ") == row.told[index], "\(index == 0 ? "found" : "named")")
    }
    let text = try folder.read("text")
    #expect(text.contains("config.yaml:5:13: error:") && text.contains("::error file=config.yaml,"), "\(text)")
    #expect(!text.unicodeScalars.contains { $0.isHiding && $0 != "\n" })
  }

  @Test func theTableIsWhole() { #expect(Self.rows.count >= 91) }

  private static let rows = table.split(separator: "\n").map { line in
    let cells = line.components(separatedBy: " | ")
    return Row(
      testDescription: cells[0], script: cells[1...(cells.count - 3)].joined(separator: " | "),
      told: Array(cells.suffix(2)))
  }

  private static let table = #"""
    empty | : > config.yaml | 1 | 1
    one newline | echo > config.yaml | 1 | 1
    spaces only | printf '   \n  \n' > config.yaml | 1 | 1
    a comment only | echo '# nothing' > config.yaml | 1 | 1
    three dashes | echo '---' > config.yaml | 1 | 1
    three dots | echo '...' > config.yaml | 1 | 1 input/other-program
    a BOM alone | printf '\xef\xbb\xbf' > config.yaml | 1 | 1 input/other-program
    a BOM before | printf '\xef\xbb\xbf' | cat - ../config.yaml > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    two BOMs | printf '\xef\xbb\xbf\xef\xbb\xbf' | cat - ../config.yaml > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a BOM in the middle | sed 's/    service/\xef\xbb\xbf    service/' ../config.yaml > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a BOM at the end | { cat ../config.yaml; printf '\xef\xbb\xbf'; } > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    UTF-16LE | iconv -t UTF-16LE ../config.yaml | { printf '\xff\xfe'; cat; } > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    UTF-16BE | iconv -t UTF-16BE ../config.yaml | { printf '\xfe\xff'; cat; } > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    UTF-16 without a mark | iconv -t UTF-16LE ../config.yaml > config.yaml | 1 | 1 input/other-program
    UTF-16 cut in a letter | iconv -t UTF-16LE ../config.yaml | { printf '\xff\xfe'; head -c 31; } > config.yaml | 1 | 1 input/other-program
    UTF-32 | iconv -t UTF-32LE ../config.yaml | { printf '\xff\xfe\0\0'; cat; } > config.yaml | 1 | 1 input/other-program
    Latin-1 | printf 'discovery: {dns: {servers: ["\xe9"]}}\n' > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    a lone continuation byte | { cat ../config.yaml; printf 'x: \x80\n'; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    an overlong form | { cat ../config.yaml; printf 'x: \xc0\xaf\n'; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    a surrogate | { cat ../config.yaml; printf 'x: \xed\xa0\x80\n'; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    a cut letter at the end | { cat ../config.yaml; printf 'x: \xe2\x82'; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    0xFF throughout | head -c 4096 /dev/zero | tr '\0' '\377' > config.yaml | 1 | 1 input/other-program
    a NUL byte | printf 'discovery:\0\n' > config.yaml | 1 | 1 yaml/syntax
    a NUL byte far behind | { cat ../config.yaml; head -c 9000 /dev/zero | tr '\0' '#'; printf '\n\0'; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    NUL bytes only | head -c 5000 /dev/zero > config.yaml | 1 | 1 input/other-program
    random bytes | for i in $(seq 4000); do printf "\\x$(printf %02x $((i * i * 7 % 251)))"; done > config.yaml | 1 | 1 input/other-program
    a gzip file | gzip -c ../config.yaml > config.yaml | 1 | 1 input/other-program
    an ELF file | head -c 30000 /bin/true > config.yaml | 1 | 1 input/other-program
    a zip's beginning | printf 'PK\3\4\24\0\0' > config.yaml | 1 | 1 input/other-program
    CR only | tr '\n' '\r' < ../config.yaml > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    CR LF | sed 's/$/\r/' ../config.yaml > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    CR and LF mixed | sed '1~2s/$/\r/' ../config.yaml > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    no newline at the end | printf %s "$(cat ../config.yaml)" > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    NEL for line breaks | sed ':a;N;$!ba;s/\n/\xc2\x85/g' ../config.yaml > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    line separators | sed ':a;N;$!ba;s/\n/\xe2\x80\xa8/g' ../config.yaml > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    form feeds | sed 's/^/\f/' ../config.yaml > config.yaml | 1 | 1 input/other-program
    tabs for blanks | sed 's/  /\t/g' ../config.yaml > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    no-break spaces | sed 's/  /\xc2\xa0\xc2\xa0/g' ../config.yaml > config.yaml | 1 yaml/input-method | 1 yaml/input-method
    vertical tabs | sed 's/service:/service:\v/' ../config.yaml > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    escape codes | { cat ../config.yaml; printf 'x: \e[31mred\e[0m\n'; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    escape codes in a key | { cat ../config.yaml; printf '"\\e]0;t\\a": 1\n'; } > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    bidirectional marks | { cat ../config.yaml; printf 'x\xe2\x80\xae: 1\n'; } > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a line of a megabyte | { cat ../config.yaml; printf 'x: '; head -c 1000000 /dev/zero | tr '\0' a; echo; } > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a key of a megabyte | { cat ../config.yaml; head -c 1000000 /dev/zero | tr '\0' a; echo ': 1'; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    a line of 15 MB | { head -c 15000000 /dev/zero | tr '\0' '#'; echo; cat ../config.yaml; } > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    exactly 16 MiB | { cat ../config.yaml; head -c 16777216 /dev/zero | tr '\0' '#'; } | head -c 16777216 > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a byte over 16 MiB | { cat ../config.yaml; head -c 16777216 /dev/zero | tr '\0' '#'; } | head -c 16777217 > config.yaml | 1 | 3 input/too-large
    a hole of a gigabyte | cp ../config.yaml config.yaml; truncate -s 1G config.yaml | 1 | 3 input/too-large
    300,000 empty lines | yes '' | head -n 300000 | cat - ../config.yaml > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    5,000 brackets | head -c 5000 /dev/zero | tr '\0' '[' > config.yaml | 1 | 1 input/other-program
    5,000 braces | yes '{a: ' | head -n 5000 | tr -d '\n' > config.yaml | 1 | 1 input/other-program
    indented 2,000 times | for i in $(seq 0 1999); do printf '%*sa:\n' $i ''; done > config.yaml | 1 | 1 input/other-program
    2,000 documents | for i in $(seq 2000); do echo '---'; echo 'a: 1'; done > config.yaml | 1 | 1 input/other-program
    an open quote | { cat ../config.yaml; echo 'x: "open'; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    an open bracket | { cat ../config.yaml; echo 'x: [open'; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    an alias of nothing | { cat ../config.yaml; echo 'x: *nothing'; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    an alias of itself | { cat ../config.yaml; echo 'x: &a [*a]'; } > config.yaml | 1 kubernetes/port-not-string yaml/syntax | 1 kubernetes/port-not-string yaml/syntax
    aliases that multiply | { echo 'a: &a [x,x]'; for i in b c d e f g h i j k l m n o p q r s; do p=$(echo $i | tr b-s a-r); echo "$i: &$i [*$p,*$p]"; done; cat ../config.yaml; } > config.yaml | 1 yaml/limit | 1 yaml/limit
    merge keys of itself | { cat ../config.yaml; echo 'x: &x {<<: *x}'; } > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    keys that are maps | { cat ../config.yaml; echo '{a: b}: c'; } > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a key twice | cat ../config.yaml ../config.yaml > config.yaml | 1 kubernetes/port-not-string yaml/duplicate-key | 1 kubernetes/port-not-string yaml/duplicate-key
    a tag of a program | { cat ../config.yaml; echo 'x: !!python/object:os.system y'; } > config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a YAML of 2.0 | { echo '%YAML 2.0'; echo '---'; cat ../config.yaml; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    an unknown directive | { echo '%FOO bar'; echo '---'; cat ../config.yaml; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    a text alone | echo 'just words' > config.yaml | 1 | 1 input/other-program
    a number alone | echo 12 > config.yaml | 1 discovery/start-failure | 1 discovery/start-failure
    a list alone | echo '- a' > config.yaml | 1 | 1 input/other-program
    JSON cut off | printf '{"discovery": {"kubernetes": {"service"' > config.json | 1 yaml/syntax | 1 yaml/syntax
    JSON with a comment | printf '{"discovery": {} /* c */}' > config.json | 1 yaml/syntax | 1 yaml/syntax
    JSON of a number | echo 1e999 > config.json | 1 discovery/start-failure | 1 discovery/start-failure
    two JSON texts | printf '{"a": 1}{"b": 2}' > config.json | 1 | 1 input/other-program
    HTML | echo '<html><body>404</body></html>' > config.yaml | 1 | 1 input/other-program
    a diff | printf -- '--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n' > config.yaml | 1 | 1 input/other-program
    merge conflict marks | { echo '<<<<<<< HEAD'; cat ../config.yaml; echo '======='; cat ../config.yaml; echo '>>>>>>> x'; } > config.yaml | 1 yaml/syntax | 1 yaml/syntax
    a template | echo '{{ if .Values.x }}' > config.yaml | 1 | 1 input/other-program
    a link to a file | cp ../config.yaml real; ln -s real config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a link to nothing | ln -s nothing config.yaml | 1 | 3 input/not-found
    a link to itself | ln -s config.yaml config.yaml | 1 | 3 input/unreadable
    links in a circle | ln -s b.yaml config.yaml; ln -s config.yaml b.yaml | 1 | 3 input/unreadable
    a link to its folder | ln -s . config.yaml | 1 | 1
    a link of 41 steps | cp ../config.yaml l0; for i in $(seq 41); do ln -s l$((i-1)) l$i; done; ln -s l41 config.yaml | 1 | 3 input/unreadable
    a hard link | ln ../config.yaml config.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a socket | python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("config.yaml")' | 1 | 3 input/unreadable
    a device of zeros | ln -s /dev/zero config.yaml | 1 | 3 input/too-large
    the null device | ln -s /dev/null config.yaml | 1 | 1
    a file of the kernel | ln -s /proc/self/environ config.yaml | 1 | 1 input/other-program
    the memory of the process | ln -s /proc/self/mem config.yaml | 3 input/unreadable | 3 input/unreadable
    a folder called so | mkdir config.yaml | 1 | 1
    a folder called so, full | mkdir config.yaml; cp ../config.yaml config.yaml/in.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    an unreadable file | cp ../config.yaml config.yaml; chmod 0 config.yaml | 3 input/unreadable | 3 input/unreadable
    an unreadable folder | mkdir config.yaml; chmod 0 config.yaml | 3 input/unreadable | 3 input/unreadable
    a folder without x | mkdir config.yaml; cp ../config.yaml config.yaml/in.yaml; chmod 644 config.yaml | 3 input/unreadable | 3 input/unreadable
    a name with a line break | cp ../config.yaml $'odd\nb.yaml' | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a name with escape codes | cp ../config.yaml $'odd\e[31m.yaml' | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a name with a tab | cp ../config.yaml $'odd\t.yaml' | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a name with a bidirectional mark | cp ../config.yaml $'odd\xe2\x80\xae.yaml' | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a name that is not UTF-8 | cp ../config.yaml $'odd\xff.yaml' | 3 input/unreadable | 3 input/not-found
    a name of blanks | cp ../config.yaml ' .yaml' | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a name like a flag | cp ../config.yaml -- --fix.yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a name like a command of a runner | cp ../config.yaml '::error::x.yaml' | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a name with colons | cp ../config.yaml 'a:1:2:.yaml' | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a name with quotes | cp ../config.yaml $'odd\'"`$(x).yaml' | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a name of 255 bytes | cp ../config.yaml "$(head -c 250 /dev/zero | tr '\0' n).yaml" | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    a name of dots | cp ../config.yaml ....yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    no name but an ending | cp ../config.yaml .yaml | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    an upper-case ending | cp ../config.yaml ODD.YAML | 1 kubernetes/port-not-string | 1 kubernetes/port-not-string
    """#
}

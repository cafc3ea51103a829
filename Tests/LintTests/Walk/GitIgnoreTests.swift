import Foundation
import Inputs
import TestSupport
import Testing

@testable import Lint

/// git itself says what is ignored; the walk must find the rest and nothing else.
@Suite struct GitIgnoreTests {
  private static func hasGit() -> Bool { (try? execute("git", ["--version"], in: "/"))?.status == 0 }

  private static let tree = [
    "a.yaml", "b.yml", "c.json", "deploy/a.yaml", "deploy/prod/a.yaml", "deploy/prod/secret.yaml",
    "deploy/test/a.yaml", "build/x.yaml", "src/build/x.yaml", "src/build.yaml", "node/a/b/c/d.yaml", "node/d.yaml",
    "file with blank.yaml", "trailing .yaml", "!bang.yaml", "#hash.yaml", "a1.yaml", "a2.yaml", "ab.yaml", "a-.yaml",
    "UPPER.yaml", "x/y/z.yaml", "x/z.yaml", "x.yaml/inner.yaml", "foo/bar/baz.json", "bar/foo/baz.json", "ä.yaml",
    "a[b].yaml", "a*b.yaml", "back\\slash.yaml", ".hidden.yaml", ".github/w.yml", "aXb/c.yaml", "abc/x/def/e.yaml",
    "abc/def/e.yaml", "abc/x/y/def/e.yaml", "a]b.yaml", "a^b.yaml", "a!b.yaml",
  ]

  /// Each a whole .gitignore of the top directory.
  static let patterns = [
    "*.yaml", "*.yaml\n!a.yaml", "build/", "/build/", "build", "/build", "deploy/prod", "deploy/*", "deploy/**",
    "**/prod", "**/prod/", "deploy/**/a.yaml", "node/**/d.yaml", "**/d.yaml", "abc/**/def", "abc/*/def", "abc/**def",
    "abc/**/", "**", "*", "/*", "/*\n!/deploy", "/*\n!/deploy\n/deploy/*\n!/deploy/prod", "deploy/\n!deploy/a.yaml",
    "\\!bang.yaml", "!bang.yaml", "\\#hash.yaml", "#hash.yaml", "file\\ with*", "file with blank.yaml",
    "trailing\\ .yaml", "a.yaml   ", "a.yaml\\ ", "a.yaml\r\nb.yml\r\n", "a?.yaml", "a[0-9].yaml", "a[!0-9].yaml",
    "a[^0-9].yaml", "a[12b].yaml", "a[]-]*", "a[]b].yaml", "a[b-].yaml", "a[[:digit:]].yaml", "a[[:alpha:]].yaml",
    "[[:upper:]]*.yaml", "[[:nonsense:]]*.yaml", "a[.yaml", "a\\", "a\\*b.yaml", "a\\[b\\].yaml", "back\\\\slash.yaml",
    "x/z.yaml", "/x/z.yaml", "x/*.yaml", "x.yaml", "x.yaml/", "*/z.yaml", "**/z.yaml", "x/**/z.yaml", "x/***/z.yaml",
    "foo/bar", "/foo", "foo/", "bar/foo/", "?.yaml", "??.yaml", "\u{FEFF}a.yaml", "\n\n  \na.yaml", ".*", ".*/",
    "/**", "**/", "**/**", "/", "//", "!", "a//b", "/a.yaml/", "**/*.json", "src/**/*.yaml", "*b*", "a*[!1].yaml",
    "[a-c].yaml", "[c-a].yaml", "a[\\]]b.yaml", "aXb/", "a[/]b", "a[X/]b", "deploy/prod/../a.yaml", "./a.yaml",
    "*.y*ml\n!*.yml\n!deploy/\n!*/", "a[[:digit:]a-b].yaml", "a[[:digit]].yaml", "a[!]^]b.yaml", "a[^!]b.yaml",
  ]

  @Test(.enabled(if: hasGit(), "git is not installed"))
  func eachPatternAgreesWithGit() throws {
    let folder = try Folder(Dictionary(uniqueKeysWithValues: Self.tree.map { ($0, "a: 1\n") }))
    #expect(try execute("git", ["init", "-q"], in: folder.path).status == 0)
    for patterns in Self.patterns {
      try folder.write(".gitignore", patterns)
      let expected = try notIgnored(in: folder)
      #expect(FileList([folder.path]).files.map { $0.path.dropFirst(folder.path.count + 1) } == expected, "\(patterns)")
    }
  }

  @Test(.enabled(if: hasGit(), "git is not installed"))
  func nestedFilesAndExcludesAgreeWithGit() throws {
    let folder = try Folder(Dictionary(uniqueKeysWithValues: Self.tree.map { ($0, "a: 1\n") }))
    #expect(try execute("git", ["init", "-q"], in: folder.path).status == 0)
    try folder.write(".gitignore", "*.json\nsecret.yaml\n")
    try folder.write("deploy/.gitignore", "/a.yaml\n!secret.yaml\n")
    try folder.write("deploy/prod/.gitignore", "!a.yaml\n")
    try folder.write("foo/.gitignore", "!*.json\n")
    try folder.write("src/.gitignore", "*\n")
    try folder.write(".git/info/exclude", "x/\n")
    #expect(
      try FileList([folder.path]).files.map { $0.path.dropFirst(folder.path.count + 1) } == notIgnored(in: folder))
    // From a directory below, the patterns above still hold.
    let below = try notIgnored(in: folder).filter { $0.hasPrefix("deploy/") }
    #expect(FileList([folder["deploy"]]).files.map { $0.path.dropFirst(folder.path.count + 1) } == below)
  }

  /// The candidates that git does not ignore, in the order of the bytes of their paths.
  private func notIgnored(in folder: Folder) throws -> [Substring] {
    let candidates = Self.tree
    let answer = try execute(
      "git", ["-c", "core.excludesFile=/dev/null", "check-ignore", "-z", "--stdin"], in: folder.path,
      input: candidates.joined(separator: "\0"))
    let ignored = Set(answer.output.split(separator: "\0").map(String.init))
    return candidates.filter { !ignored.contains($0) }
      .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }.map { $0[...] }
  }

  @Test func hostilePatternsEndSoon() {
    let name = Array(repeating: UInt8(ascii: "a"), count: 4096)
    let stars = Glob(Array(String(repeating: "a*", count: 2000).utf8) + [UInt8(ascii: "b")])
    #expect(stars?.matches([name[...]]) == false)
    let names = Array(repeating: name.prefix(2), count: 2000)
    let globstars = Glob(Array(String(repeating: "**/aa/", count: 900).utf8) + [UInt8(ascii: "b")])
    #expect(globstars?.matches(names[...]) == false)
  }
}

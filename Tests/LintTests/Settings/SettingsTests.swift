import Findings
import Inputs
import SourceText
import Templates
import TestSupport
import Testing

@testable import Lint

@Suite struct SettingsTests {
  private func read(_ text: String) throws -> Settings {
    try Settings(path: ".gatecheck.yaml", directory: "/repo", bytes: Array(text.utf8))
  }

  /// `LINE:COLUMN message (help)` of everything wrong.
  private func errors(_ text: String) throws -> [String] {
    let error = #expect(throws: SettingsError.self) { try read(text) }
    return try #require(error).findings.map {
      "\($0.range.map { "\($0.start.line):\($0.start.column) " } ?? "")\($0.message)\($0.help.map { " (\($0))" } ?? "")"
    }
  }

  @Test func allKeysAreRead() throws {
    let settings = try read(
      """
      apisix-version: 3.10   # not the number 3.1
      fail-on: warning
      ignore: [token/, kubernetes/port-not-string]
      ignores:
        - paths: [test/**]
          rules: [rbac/]
      paths: [deploy/, test/]
      exclude:
        - deploy/generated
      registries: [my_registry]
      """)
    #expect(settings.apisixVersion == "3.10")
    #expect(settings.failOn == .warning)
    #expect(settings.registries == ["my_registry"])
    #expect(settings.ignores("token/expired", in: "/repo/a.yaml"))
    #expect(settings.ignores("kubernetes/port-not-string", in: "/repo/a.yaml"))
    #expect(!settings.ignores("kubernetes/port-not-strings", in: "/repo/a.yaml"))
    #expect(settings.ignores("rbac/x", in: "/repo/test/deep/a.yaml"))
    #expect(!settings.ignores("rbac/x", in: "/repo/a.yaml"))
    #expect(!settings.ignores("rbac/x", in: "/elsewhere/test/a.yaml"))
    #expect(settings.skips("/repo/deploy/generated", isDirectory: true))
    #expect(settings.skips("/repo/deploy/generated/a.yaml", isDirectory: false))
    #expect(!settings.skips("/repo/deploy/a.yaml", isDirectory: false))
    #expect(!settings.skips("/repo/other", isDirectory: true), "something in it may be wanted")
    #expect(settings.skips("/repo/other/a.yaml", isDirectory: false))
    #expect(!settings.skips("/elsewhere/a.yaml", isDirectory: false))
  }

  @Test(arguments: ["", "# nothing\n", "---\n", "ignore:\npaths: ~\napisix-version:\nignores: null\n", "{}"])
  func nothingIsNoMistake(text: String) throws {
    let settings = try read(text)
    #expect(settings.apisixVersion == nil && settings.ignore == [] && settings.failOn == nil)
  }

  @Test func everyMistakeIsToldAtItsPlace() throws {
    #expect(
      try errors(
        """
        apisix-verison: 3.2
        ignore: token/
        fail-on: warnings
        paths: [1, [x]]
        registries: [../../etc]
        ignores:
          - path: [a]
            rules: [b/]
        """) == [
          "1:1 unknown key (did you mean apisix-version?)",
          "2:9 ignore must be a list (write it as a list: ignore: [...])",
          "3:10 fail-on is none of error, warning, note (did you mean warning? write error, warning or note)",
          "4:12 paths must hold strings only",
          "5:14 this is not the name of a registry module (write the key that it has under discovery)",
          "7:5 unknown key (did you mean paths?)",
          "7:5 this entry of ignores has no paths (write {paths: [PATTERN], rules: [RULE]})",
        ])
    #expect(
      try errors("[]\n") == [
        "1:1 the file must be a mapping "
          + "(it knows the keys apisix-version, exclude, fail-on, ignore, ignores, paths, registries)"
      ])
    #expect(try errors("apisix-version: latest") == ["1:17 apisix-version is not a release (write it as 3.2 or 3.2.1)"])
    #expect(try errors("ignore: []\nignore: []") == ["2:1 ignore is here twice"])
    #expect(try errors("a: 1\n---\nb: 1").first == "3:1 there is a second document; one is read")
    #expect(try errors("a: [").count == 1)
  }

  @Test func rulesThatDoNotExistAreToldWithTheNearest() throws {
    let catalogue = Catalogue(InputRules.all + IgnoreRules.all)
    try read("ignore: [input/, ignore/unused]").check(against: catalogue)
    let error = #expect(throws: SettingsError.self) {
      try read("ignore: [input/]\nignores:\n- {paths: [a], rules: [ignore/unusd]}").check(against: catalogue)
    }
    #expect(error?.findings.map(\.help) == ["did you mean ignore/unused?"])
    #expect(error?.findings.map(\.range?.start.line) == [3])
  }

  @Test func theTemplateIsReadAndSoIsEveryLineOfItWithoutItsHash() throws {
    _ = try read(Templates.settings)
    let lines = Templates.settings.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let on = lines.map { line in
      // A setting starts with its key, a list item or its continuation; an explanation with a capital or a word.
      line.wholeMatch(of: /# ([a-z-]+:.*|  .*)/).map { String($0.1) } ?? line
    }
    let settings = try read(on.joined(separator: "\n"))
    try settings.check(against: Catalogue(LintRules.all))
    #expect(settings.apisixVersion == "3.2")
    #expect(settings.ignore == ["token/inline", "rbac/"])
    #expect(settings.registries == ["my_registry"])
    #expect(settings.ignores("token/expired", in: "/repo/x.example.yaml"))
  }
}

@Suite struct SettingsFinderTests {
  @Test func theNearestFileAboveCounts() throws {
    let folder = try Folder([
      ".gatecheck.yaml": "apisix-version: '3.2'\n", "a/b/config.yaml": "", "a/c/.gatecheck.yaml": "fail-on: note\n",
      "a/c/d/config.yaml": "",
    ])
    var finder = SettingsFinder()
    #expect(try finder.settings(forFile: folder["a/b/config.yaml"])?.apisixVersion == "3.2")
    #expect(try finder.settings(forFile: folder["a/b/not-there.yaml"])?.directory == folder.path)
    let inner = try finder.settings(forFile: folder["a/c/d/config.yaml"])
    #expect(inner?.failOn == .note)
    #expect(inner?.apisixVersion == nil, "files are not merged")
  }

  @Test func aFileIsTheSameHoweverItIsNamed() throws {
    let folder = try Folder(["a/config.yaml": "", "a/.gatecheck.yaml": "exclude: [config.yaml]\n"])
    try folder.link("link", to: "a")
    var finder = SettingsFinder()
    let path = finder.absolute(folder["link/../a/./config.yaml"])
    #expect(path == folder["a/config.yaml"])
    #expect(try finder.settings(forFile: folder["link/config.yaml"])?.skips(path, isDirectory: false) == true)
  }

  @Test func aWrongFileIsNamedInTheError() throws {
    let folder = try Folder([".gatecheck.yaml": "nonsense: 1\n"])
    var finder = SettingsFinder()
    let error = #expect(throws: SettingsError.self) { try finder.settings(forFile: folder["x.yaml"]) }
    #expect(error?.findings.map(\.file) == [folder[".gatecheck.yaml"]])
    #expect(error?.findings.map(\.rule.id) == ["usage/settings"])
  }

  @Test func theWalkAsksTheSettings() throws {
    let folder = try Folder([
      ".gatecheck.yaml": "exclude: [generated/, '*.json']\n", "a.yaml": "", "b.json": "", "generated/c.yaml": "",
    ])
    var finder = SettingsFinder()
    let inputs = try FileList([folder.path, folder["b.json"]]) { directory, hasSettings throws(SettingsError) in
      let settings = try finder.settings(forFolder: directory, hasSettings: hasSettings)
      return settings.map { settings in { settings.skips($0, isDirectory: $1) } }
    }
    #expect(inputs.files.map(\.path) == [folder["a.yaml"], folder["b.json"]])
  }
}

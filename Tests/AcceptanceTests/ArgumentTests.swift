import APISIX
import ArgumentParser
import Findings
import TestSupport
import Testing

@testable import gatecheck

/// A right call is read without ArgumentParser, which knows the commands from the same table: both must understand the
/// same by it.
@Suite struct ArgumentTests {
  @Test(arguments: Commands.all.map { $0.name }) func everyFlagIsReadBothWays(name: String) throws {
    func check<Called: Command>(_ command: Called.Type) throws {
      let required = Called.argument?.kind == .argument(isRequired: true) ? ["a"] : []
      #expect(try understood(required, command).count == 1)
      for parameter in Called.parameters {
        for words in try forms(of: parameter) {
          let both = try understood(parameter.isFlag ? required + words : words, command)
          #expect(both.count == 1, "\(name) \(words): \(both)")
          #expect(both != (try understood(required, command)), "\(name) \(words) changes nothing")
        }
      }
      for words in groups(of: Called.flags) {
        let both = try understood(required + words, command)
        #expect(both.count == 1, "\(name) \(words): \(both)")
      }
    }
    for command in Commands.all where command.name == name { try check(command) }
  }

  @Test(arguments: [
    "lint -- -x", "lint -", "lint a -- b -c", "lint -q a -v b -o json c", "lint --select a --select b --select=c",
    "lint -vqo json a", "resolve a/b:c --from x --from=y", "resolve --probe tls a/b:c",
    "resolve --etcd --from x", "resolve --etcd http://h", "resolve a/b:c -o hosts --server=https://h:6443",
    "token inspect -- -x", "rbac generate --token-secret --no-token-secret",
    "rbac generate --watch-endpoint-slices --minimal", "resolve a/b:c -o apisix -o hosts", "explain -- -x",
    "lint --color never --color always", "token create --duration 90m --into x --timeout 1e1",
  ])
  func wholeCallsAreReadBothWays(call: String) throws {
    let words = call.split(separator: " ").map(String.init)
    let (command, arguments) = try #require(Commands.called(by: words))
    let both = try understood(Array(arguments), command)
    #expect(both.count == 1, "\(both)")
  }

  @Test(arguments: OutputFormat.allCases.filter { $0 != .text })
  func theREADMENamesEveryFormat(format: OutputFormat) throws {
    #expect(try Checkout.text("README.md").contains("`\(format.rawValue)`"))
  }

  @Test func helpNamesTheReleases() {
    let span = "\(Release.oldest) to \(Release.newest)."
    #expect(ReleaseFlags.flags.contains { $0.name == "apisix-version" && $0.help.hasSuffix(span) })
    #expect(SchemaCommand.flags.contains { $0.name == "apisix-version" && $0.help.hasSuffix(span) })
  }

  /// What is no right call is left to ArgumentParser, or refused for its value.
  @Test(arguments: [
    "lint --nonsense", "lint -x", "lint -qx", "lint -ojson", "lint --quiet=1", "lint -q=1", "lint -o", "lint --jobs -5",
    "lint --jobs x", "lint --color", "lint ---x", "explain", "explain a b", "schema a",
    "resolve a/b:c d", "rbac verify a", "lint -quiet", "lint --fix=yes", "lint --jobs=", "lint -qo=json a",
    "resolve a/b:c --timeout 0", "resolve a/b:c --timeout -5", "resolve a/b:c --timeout nan", "rules -o yaml",
  ])
  func whatIsWrongIsNotRead(call: String) throws {
    let words = call.split(separator: " ").map(String.init)
    let (command, arguments) = try #require(Commands.called(by: words))
    let read = try? command.read(arguments)
    #expect(read == nil)
    #expect(throws: (any Error).self) { try Gatecheck.parseAsRoot(words) }
  }

  /// What the two ways understand by the words, in words: one text where they agree.
  private func understood<Called: Command>(_ words: [String], _: Called.Type) throws -> Set<String> {
    let read = try #require(try Called.read(words[...]), "\(Called.name) \(words) is not read")
    return [String(reflecting: read), String(reflecting: try Described<Called>.parse(words).called)]
  }

  /// Every form in which it can be given.
  private func forms<Target: Flags>(of parameter: Parameter<Target>) throws -> [[String]] {
    let names = ["--" + parameter.name] + (parameter.short.map { ["-\($0)"] } ?? [])
    if parameter.kind == .flag { return names.map { [$0] } }
    let samples = parameter.words().reversed() + ["7", "1h", "a=b", "1.24", "json", "x"]
    let value = try #require(
      samples.first {
        var target = Target()
        return parameter.set(&target, $0) && $0 != parameter.preset(Target())
      }, "\(parameter.name) takes none of \(samples)")
    switch parameter.kind {
    case .argument:
      return parameter.isRepeatable ? [[value], [value, "b"], ["--", value]] : [[value], ["--", value]]
    // ArgumentParser forgets the value of --flag=value where it may be left out and another option follows.
    case .optionalValue: return names.flatMap { [[$0], [$0, value], ["-" + $0.dropFirst() + "=" + value]] }
    default: return names.flatMap { [[$0, value], [$0 + "=" + value], [$0, value, $0, value]] }
    }
  }

  /// Short flags that stand together, the last with a value.
  private func groups<Target>(of parameters: [Parameter<Target>]) -> [[String]] {
    let alone = parameters.filter { $0.kind == .flag }.compactMap(\.short)
    let all = alone.isEmpty ? [] : [["-" + String(alone)]]
    let last = parameters.filter { $0.kind == .option && $0.short != nil }.compactMap { parameter -> [String]? in
      parameter.short.map { ["-" + String(alone) + String($0), parameter.words().last ?? "json"] }
    }
    return all + last
  }
}

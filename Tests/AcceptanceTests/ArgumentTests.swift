import APISIX
import Findings
import TestSupport
import Testing

@testable import gatecheck

/// Every form in which a flag can be given is read, and all forms say the same.
@Suite struct ArgumentTests {
  @Test(arguments: Commands.all.map { $0.name }) func everyFlagIsRead(name: String) throws {
    func check<Called: Command>(_ command: Called.Type) throws {
      let required =
        Called.argument?.kind == .argument(isRequired: true) ? [Called.argument?.words().first ?? "a"] : []
      let without = try understood(required, command)
      for parameter in Called.parameters {
        let read = try forms(of: parameter).map { try understood(parameter.isFlag ? required + $0 : $0, command) }
        #expect(!read.contains(without), "\(name) \(parameter.name) changes nothing")
        if parameter.isFlag, parameter.kind != .optionalValue, !parameter.isRepeatable {
          #expect(Set(read).count == 1, "\(name) \(parameter.name): \(read)")
        }
      }
      for words in groups(of: Called.flags) { _ = try understood(required + words, command) }
    }
    for command in Commands.all where command.name == name { try check(command) }
  }

  @Test(arguments: [
    "lint -- -x", "lint -", "lint a -- b -c", "lint -q a -v b -o json c", "lint --select a --select b --select=c",
    "lint -vqo json a", "resolve a/b:c --from x --from=y", "resolve --probe tls a/b:c",
    "resolve --etcd --from x", "resolve --etcd http://h", "resolve a/b:c -o hosts --server=https://h:6443",
    "token inspect -- -x", "rbac generate --token-secret --no-token-secret",
    "rbac generate --watch-endpoint-slices --minimal", "resolve a/b:c -o apisix -o hosts", "explain -- -x",
    "lint --color never --color always", "lint -ojson a", "lint -qo=json a", "lint -vojson=report.json", "explain a b",
    "resolve -A --from x", "token verify -A", "rbac verify --all-namespaces", "token verify config.yaml",
    "token verify --request-timeout 10s --timeout 2m", "token create --duration 90m --into x --timeout 1e1",
  ])
  func wholeCallsAreRead(call: String) throws {
    let words = call.split(separator: " ").map(String.init)
    let (command, arguments) = try #require(Commands.called(by: words))
    _ = try understood(Array(arguments), command)
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

  /// What is no right call is refused.
  @Test(arguments: [
    "lint --nonsense", "lint -x", "lint -qx", "lint --quiet=1", "lint -q=1", "lint -o", "lint --jobs -5",
    "lint --jobs x", "lint --color", "lint ---x", "explain", "schema a",
    "resolve a/b:c d", "rbac verify a", "lint -quiet", "lint --fix=yes", "lint --jobs=",
    "resolve a/b:c --timeout 0", "resolve a/b:c --timeout -5", "resolve a/b:c --timeout nan", "rules -o yaml",
  ])
  func whatIsWrongIsNotRead(call: String) throws {
    let words = call.split(separator: " ").map(String.init)
    let (command, arguments) = try #require(Commands.called(by: words))
    #expect(throws: Mistake.self) { _ = try command.read(arguments) }
  }

  /// What is understood by the words, in words.
  private func understood<Called: Command>(_ words: [String], _: Called.Type) throws -> String {
    String(reflecting: try Called.read(words[...]))
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
    case .optionalValue: return names.flatMap { [[$0], [$0, value], [$0 + "=" + value]] }
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

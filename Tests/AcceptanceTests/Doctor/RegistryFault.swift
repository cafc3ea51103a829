import Foundation
import TestSupport
import Testing

/// One mistake with a registry, and its twin, which differs from it in one thing only.
struct RegistryFault: Sendable, CustomTestStringConvertible {
  let name: String
  /// What doctor says first.
  let rule: String
  /// What `IT` is in the fault, and in the twin.
  let bad, good: String
  /// What config.yaml has, with `IT` and `URL`.
  let config: String
  /// What the upstream of the one route has, with the same.
  let upstream: String
  /// More for doctor, with the same.
  let flags: [String]

  init(
    _ name: String, _ rule: String, bad: String, good: String, _ config: String, _ upstream: String,
    flags: [String] = []
  ) {
    (self.name, self.rule, self.bad, self.good) = (name, rule, bad, good)
    (self.config, self.upstream, self.flags) = (config, upstream, flags)
  }

  /// Of the upstream: from a registry, or its own.
  private var nodes: String { upstream.isEmpty ? "nodes: {\"10.0.0.1:80\": 1}" : upstream }

  var testDescription: String { name }

  /// - Parameter values: what else stands for something of the server.
  func judge(_ values: [String: String], sourceLocation: SourceLocation = #_sourceLocation) throws {
    for (it, isFault) in [(bad, true), (good, false)] {
      let filled = { (text: String) in
        values.sorted { $0.key.count > $1.key.count }.reduce(text.replacingOccurrences(of: "IT", with: it)) {
          $0.replacingOccurrences(of: $1.key, with: $1.value)
        }
      }
      let folder = try Folder([
        "config.yaml": filled(config) + "\n",
        "apisix.yaml":
          "routes:\n  - uri: /\n    upstream: {type: roundrobin, \(filled(nodes))}\n#END\n",
      ])
      let ended = try gatecheck(
        [
          "doctor", "--config", "config.yaml", "--apisix-file", "apisix.yaml", "--request-timeout", "3", "-o", "json",
          "--bundle", "b.tar.gz",
        ] + flags.map(filled), in: folder.path)
      let findings = try ended.json()["findings"] as? [[String: Any]] ?? []
      let told = findings.filter { $0["severity"] as? String != "note" }.compactMap { $0["rule"] as? String }
      let errors = findings.count { $0["severity"] as? String == "error" }
      let place =
        "\(name), \(isFault ? "fault" : "twin"): \(told) \(ended.errors)\(ended.status == 0 ? "" : ended.output)"
      // Elsewhere the same is said.
      let again = try gatecheck("doctor", "--from-bundle", "b.tar.gz", "-o", "json", in: folder.path)
      #expect(
        again.rules == ended.rules && again.status == ended.status, "\(place)\n\(again.output)\(again.errors)",
        sourceLocation: sourceLocation)
      if isFault {
        #expect(told.first == rule && errors <= 1, "\(place)", sourceLocation: sourceLocation)
      } else {
        #expect(told == [] && ended.status == 0, "\(place)", sourceLocation: sourceLocation)
      }
    }
  }
}

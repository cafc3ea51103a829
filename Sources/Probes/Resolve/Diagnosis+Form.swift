import APISIX
import Common
import Findings
import Inputs
import SourceText

/// A name that no service has for its form, and what it was probably meant to be.
extension Diagnosis {
  func several(_ names: [String]) -> Finding {
    Finding(
      ServiceNameForm.malformed, "\(name) holds \(names.count) names, and an upstream takes one",
      help: "ask for each: \(names.joined(separator: ", ")); in APISIX make an upstream of each, and share the "
        + "traffic out with the plugin traffic-split")
  }

  /// What a name of the wrong form was probably meant to be, so that it can be looked for; NAMESPACE and PORT stand for
  /// what nothing seen tells. nil for a name of the right form.
  var meant: String? { allMeant.first }

  /// The same for each cluster that it may have been meant for; none for a name of the right form.
  var allMeant: [String] {
    if let parsed = try? ServiceName(name, mode: discovery.mode), !Self.isHopeless(name, parsed) { return [] }
    return suggestions(ids)
  }

  private var ids: [String] { discovery.clusters.compactMap(\.store.settings.id) }

  /// Whether APISIX takes the name apart into what no object is called.
  static func isHopeless(_ name: String, _ parsed: ServiceName) -> Bool {
    !parsed.canExist || ServiceName.hasWhiteSpace(name) || parsed.key.split(separator: "/").count > 2
  }

  /// What is wrong with the form, and the way without discovery for who wrote a DNS name.
  func malformed(_ ids: [String]) -> [Finding] {
    let form = discovery.mode == .single ? "NAMESPACE/NAME:PORT" : "ID/NAMESPACE/NAME:PORT"
    let shape = advice(ids)?.shape
    let isQuotable = SecretPatterns.quotable(name) == name
    let told: (rule: Rule, problem: String) =
      if name.isEmpty {
        (ServiceNameForm.malformed, "the service name is empty; APISIX wants \(form)")
      } else if ServiceName.hasWhiteSpace(name) {
        (ServiceNameForm.malformed, "\"\(name)\" has white space in it; APISIX wants \(form)")
      } else if isAddress {
        (ServiceNameForm.dnsName, "\(name) is an address; the kubernetes registry wants \(form)")
      } else if isDNSName {
        (
          ServiceNameForm.dnsName,
          "\(name) is \(name.has("://") ? "a URL" : "a DNS name"); the kubernetes registry wants \(form)"
        )
      } else if !name.contains(":") {
        (ServiceNameForm.portMissing, "\(name) names no port; APISIX wants \(form)")
      } else if shape == .missingCluster {
        (
          ServiceNameForm.clusterMissing,
          "\(name) lacks the id of its cluster; with a list of clusters APISIX wants \(form)"
        )
      } else if shape == .needlessCluster {
        (
          ServiceNameForm.clusterExtra, "\(name) has a cluster's id, and discovery.kubernetes is one cluster"
        )
      } else {
        (ServiceNameForm.malformed, "\(name) is not of the form \(form)")
      }
    let node = ServiceName.nodes(ofAddress: name).map { "write \(form), or without discovery nodes: \($0)" }
    let finding = Finding(told.rule, told.problem, help: node ?? formHelp(ids) ?? "write \(form)")
    return [finding] + (isDNSName && isQuotable ? [meantNode(ids)].compactMap { $0 } : [])
  }

  /// Whether it is an IP address, with or without a port.
  var isAddress: Bool { ServiceName.nodes(ofAddress: name) != nil }

  /// Whether it is a host, or a URL with one.
  var isDNSName: Bool {
    [.url, .clusterDomain, .dotted, .host].contains(advice(ids)?.shape) || SecretPatterns.quotable(name) != name
  }

  private func advice(_ ids: [String]) -> ServiceName.Advice? {
    ServiceName.Advice(
      name, mode: discovery.mode, clusters: ids,
      exists: { key in discovery.clusters.contains { $0.observation.names[key] != nil } })
  }

  /// What to write. Only what is there, where it was seen what is there.
  private func formHelp(_ ids: [String]) -> String? {
    let all = suggestions(ids)
    guard let first = all.first else { return nil }
    let there = all.filter { place($0).map { !$0.cluster.observation.ports(of: $0.name.key).isEmpty } ?? false }
    if !there.isEmpty || !discovery.clusters.contains(where: { !$0.observation.names.isEmpty }) {
      return "write \((there.isEmpty ? all : there).joined(separator: " or "))"
    }
    guard let (parsed, cluster) = place(first) else {
      let service = first.prefix { $0 != ":" }.split(separator: "/").last
      return first.has("NAMESPACE/") ? service.map { "there is no service \($0) in any namespace" } : nil
    }
    let absent = cluster.observation.names[parsed.key] == nil
    let near = absent ? meantInstead(cluster.observation.nearest(to: parsed.key), parsed.port, cluster) : nil
    return absent
      ? "there is no \(parsed.key)" + (near.map { "; \($0)" } ?? "") : "\(parsed.key) is there, but has no address"
  }

  /// A name of the right form, taken apart; nil where its namespace or cluster is not known.
  private func place(_ text: String) -> (name: ServiceName, cluster: ClusterView)? {
    guard !text.has("NAMESPACE/"), let (parsed, index) = discovery.place(of: text) else { return nil }
    return (parsed, discovery.clusters[index])
  }

  /// The name in the right form, with what has been seen in place of NAMESPACE and PORT; three services at most.
  private func suggestions(_ ids: [String]) -> [String] {
    // What is made of an address with a password holds pieces of it.
    if SecretPatterns.quotable(name) != name { return [] }
    guard let text = advice(ids)?.suggestion else { return [] }
    // Of several clusters those that have it, else all.
    if text.hasPrefix("CLUSTER/"), !ids.isEmpty {
      let rest = String(text.dropFirst("CLUSTER/".count))
      let having = discovery.clusters.flatMap { cluster in
        Self.fitting(rest, Set(cluster.observation.names.keys)).map { "\(cluster.store.settings.id ?? "")/\($0)" }
      }
      if !having.isEmpty { return having.prefix(3).flatMap(withPort) }
      return ids.count > 3 ? [text] : ids.map { "\($0)/\(rest)" }
    }
    let fitting = Self.fitting(text, Set(discovery.clusters.flatMap { $0.observation.names.keys }))
    return fitting.isEmpty ? [text] : fitting.prefix(3).flatMap(withPort)
  }

  /// The name with each service of these in it that it may mean: where its namespace is not said, of any namespace.
  private static func fitting(_ text: String, _ known: Set<String>) -> [String] {
    guard let end = text.lastIndex(of: ":") else { return [] }
    guard let unknown = text.firstBytes(of: "NAMESPACE/"), unknown.upperBound < end else {
      return known.contains(String(text[..<end])) ? [text] : []
    }
    let service = text[text.index(before: unknown.upperBound)..<end]
    return known.filter { $0.hasSuffix(service) }.sorted().map { text[..<unknown.lowerBound] + $0 + text[end...] }
  }

  /// With the port that was meant, or each of three at most, where the service's ports have been seen.
  private func withPort(_ text: String) -> [String] {
    guard let (parsed, cluster) = place(text) else { return [text] }
    let right = meant(parsed.port, of: parsed.key, cluster).ports
    return right.isEmpty ? [text] : right.prefix(3).map { text.dropLast(parsed.port.count) + $0.key }
  }

  /// Names of other services that were probably meant, each with a port that it has; nil without any.
  /// - Parameter isSure: it was the first of them.
  func meantInstead(_ keys: [String], _ port: String, _ cluster: ClusterView, isSure: Bool = false) -> String? {
    let prefix = cluster.store.settings.id.map { $0 + "/" } ?? ""
    let names = keys.flatMap { key in
      let ports = meant(port, of: key, cluster).ports.filter { $0.ready > 0 }
      return ports.prefix(2).map { "\(prefix)\(key):\($0.key)" }
    }
    if isSure, !names.isEmpty { return "write \(names.joined(separator: " or "))" }
    if !names.isEmpty { return "did you mean \(names.prefix(3).joined(separator: ", or "))?" }
    return keys.first.map { "did you mean \(prefix)\($0)? It has no ready address either" }
  }

  func unknownCluster(_ parsed: ServiceName, _ ids: [String]) -> Finding {
    let wanted = parsed.cluster ?? ""
    let near = nearest(wanted, among: ids)
    return Finding(
      ServiceNameForm.clusterUnknown, "no cluster has the id \(wanted.isEmpty ? "\"\"" : wanted)",
      help: near.map { "did you mean \($0)/\(parsed.key):\(parsed.port)?" }
        ?? "the configured ids are: \(ids.joined(separator: ", "))")
  }
}

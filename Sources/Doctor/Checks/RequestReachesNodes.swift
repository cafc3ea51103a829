import APISIX
import Findings
import Probes
import SourceText

/// What came of the nodes of one registry.
struct NodeFacts: Sendable {
  let services: Fact<ResolveAnswer>
  let tried: Fact<[RegistryService: [Finding]]>
}

extension Check {
  /// Follows one request from its route to the nodes, up to the first link that is broken.
  static func requestReachesNodes(
    _ uri: String, host: String?, _ inventory: Fact<Inventory>, _ nodes: [RegistryKind: NodeFacts]
  ) -> Check {
    let request = uri + (host.map { " of \($0)" } ?? "")
    return Check(.upstreams, "\(request) reaches nodes") { _ throws(Unmet) in
      var way = Way(request: request, path: try inventory().table.path(of: uri, host: host), nodes: nodes)
      way.follow()
      var outcome = Outcome(way.findings)
      (outcome.chain, outcome.worst) = (way.chain, way.isBroken ? .error : nil)
      if !way.isBroken { outcome.unmet = way.end }
      return outcome
    }
  }
}

/// The way of one request.
private struct Way {
  let request: String
  let path: RouteTable.Path
  let nodes: [RegistryKind: NodeFacts]
  var chain: [Link] = []
  var findings: [Finding] = []
  /// Why it could not be followed to its end.
  var end: Unmet?

  var isBroken: Bool { chain.last?.status == .error }

  mutating func follow() {
    guard let route = path.route else { return breaks("route", RouteRules.none(request, path)) }
    add("route", route + (path.isConditional ? ", where its vars, methods or filter let the request through" : ""))
    if let service = path.service {
      if path.missing == service { return breaks("service", RouteRules.missing(service, named: route)) }
      add("service", service)
    }
    guard let upstream = path.upstream else {
      if let plugin = path.plugin {
        end = .skipped("\(route) has no upstream, and its plugin \(plugin) may answer")
        return add("upstream", "none; the plugin \(plugin) may answer", .skipped)
      }
      return breaks("upstream", RouteRules.noUpstream(route))
    }
    if path.missing == upstream {
      return breaks("upstream", RouteRules.missing(upstream, named: path.service ?? route))
    }
    add("upstream", upstream == route || upstream == path.service ? "in \(upstream)" : upstream)
    guard let discovery = path.discovery else {
      return path.isStatic
        ? add("nodes", "in the upstream itself, from no registry")
        : breaks("registry", text: "the upstream names no registry that comes with APISIX")
    }
    guard let facts = nodes[discovery.registry] else {
      return breaks("registry", text: "\(discovery.registry.key) is not enabled: \(discovery.name)")
    }
    let name = "\(discovery.name) of \(discovery.registry.key)"
    do throws(Unmet) {
      let answer = try facts.services()
      let count = answer.kept?.first { $0.service == discovery }?.nodes.count ?? answer.count(of: discovery)
      add("registry", name)
      guard count > 0 else {
        let why = answer.findings.first { $0.severity == .error && $0.message.has("\(upstream)") }
        return breaks("nodes", text: why?.message ?? "none")
      }
      add("nodes", counted(count, "node"))
    } catch {
      end = error
      return add("registry", "\(name): \(error.reason)", error.isSkipped ? .skipped : .unknown)
    }
    do throws(Unmet) {
      let told = try facts.tried()[discovery] ?? []
      if let first = told.first(where: { $0.severity == .error }) { return breaks("reachability", text: first.message) }
      add("reachability", told.first?.message ?? "each node takes a connection", told.isEmpty ? .ok : .warning)
    } catch {
      // Who does not ask for it hears of it all the same.
      if error.kind == .unknown { end = error }
      add("reachability", error.reason, error.isSkipped ? .skipped : .unknown)
    }
  }

  private mutating func add(_ name: String, _ text: String, _ status: CheckResult.Status = .ok) {
    chain.append(Link(name: name, text: text, status: status))
  }

  private mutating func breaks(_ name: String, text: String) { add(name, text, .error) }

  private mutating func breaks(_ name: String, _ finding: Finding) {
    add(name, finding.message, .error)
    findings.append(finding)
  }
}

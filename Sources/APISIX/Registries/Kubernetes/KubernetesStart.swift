import Inputs
import SourceText
import YAML

/// How the kubernetes registry reads its configuration when a process starts.
struct KubernetesStart {
  private let conditions: Conditions
  private(set) var log: [Remark] = []
  private(set) var open = OpenVariables()

  init(_ conditions: Conditions) { self.conditions = conditions }

  mutating func run(_ value: LuaValue) -> Refusal? {
    guard let clusters = value.items else {
      return refusal(of: value).map {
        Refusal(.worker, $0, process: .privilegedAgent, location: "apisix/discovery/kubernetes/init.lua:81")
      }
    }
    // Every process goes through the ids; only the privileged agent reads more.
    var ids: Set<String> = []
    for cluster in clusters {
      guard let id = cluster["id"]?.string else { continue }
      if !ids.insert(id).inserted {
        return Refusal(
          .worker, Words(.idTwice), at: cluster["id"]?.node, process: .all,
          location: "apisix/discovery/kubernetes/init.lua:131")
      }
      // A final newline passes the pattern, and is gone from nginx.conf.
      if id.hasSuffix("\n") {
        return Refusal(
          .worker, Words(.dictMissing, "ngx.shared.kubernetes-\(id)"), at: cluster["id"]?.node, process: .all)
      }
    }
    for cluster in clusters {
      guard let remark = refusal(of: cluster) else { continue }
      return Refusal(
        .worker, remark, process: .privilegedAgent, location: "apisix/discovery/kubernetes/init.lua:144")
    }
    return nil
  }

  private mutating func refusal(of cluster: LuaValue) -> Remark? {
    let service = cluster["service"]
    let client = cluster["client"]
    var failures: [Remark] = []
    // APISIX stops at the first; the others are asked for what they leave open.
    do throws(Remark) {
      if let host = try read(service?["host"]), host.isEmpty {
        failures.append(Remark(Words(.hostEmpty), at: service?["host"]?.node))
      }
    } catch { failures.append(error) }
    do throws(Remark) {
      if let port = try read(service?["port"]) { try checkPort(port, at: service?["port"]?.node) }
    } catch { failures.append(error) }
    if let first = failures.first { return first }
    do throws(Remark) {
      try checkToken(client, isHTTPS: service?["schema"]?.string == "https")
    } catch { return error }
    return nil
  }

  private func checkPort(_ text: String, at node: Tree.ID?) throws(Remark) {
    let port = LuaNumber.parse(text)
    if let port, port > 0, port <= 65535 { return }
    throw Remark(Words(.portInvalid, port.map { LuaNumber.text($0) } ?? "nil"), at: node)
  }

  private mutating func checkToken(_ client: LuaValue?, isHTTPS: Bool) throws(Remark) {
    if let token = client?["token"] {
      if let text = try read(token), isHTTPS, text.utf8.allSatisfy(\.isSpace) {
        throw Remark(Words(.tokenEmpty), at: token.node)
      }
      return
    }
    guard let file = client?["token_file"] else { return }
    let empty = Remark(Words(.tokenEmpty), at: file.node)
    // Since 3.13.0 the file is read whenever the token is asked for, so its absence is only a line in the log.
    let isLazy = conditions.release.has(.rereadsTokenFile)
    if isLazy, !isHTTPS {
      // Read only for what it leaves open.
      _ = try? read(file)
      return
    }
    let path: String?
    do throws(Remark) { path = try read(file) } catch {
      guard isLazy else { throw error }
      log.append(Remark(Words(.tokenPathUnread, cause: error.words), at: error.node))
      return
    }
    guard let path else { return }
    switch conditions.files(path) {
    case .unknown: return
    case .content(let bytes): if isHTTPS, bytes.allSatisfy(\.isSpace) { throw empty }
    case .missing:
      guard isLazy else { throw Remark(.noSuchFile(path), at: file.node) }
      log.append(Remark(Words(.tokenUnread, cause: .noSuchFile(path)), at: file.node))
      throw empty
    }
  }

  /// The value, or that of the variable which it is as a whole; nil when that is not known.
  private mutating func read(_ value: LuaValue?) throws(Remark) -> String? {
    guard let value, let text = value.string else { return nil }
    switch conditions.environment.reading(text) {
    case .text(let found): return found
    case .unset(let name): throw Remark(Words(.variableUnset, name), at: value.node)
    case .unknown(let name):
      open.add(OpenVariable(name: name, syntax: .kubernetes, node: value.node))
      return nil
    }
  }
}

import Inputs
import YAML

/// How the kubernetes registry reads its configuration when a process starts.
struct KubernetesStart {
  private let conditions: Conditions
  private(set) var log: [String] = []
  private(set) var open = OpenVariables()

  private struct Failure: Error {
    let message: String
  }

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
          .worker, "duplicate id value", process: .all, location: "apisix/discovery/kubernetes/init.lua:131")
      }
      // A final newline passes the pattern, and is gone from nginx.conf.
      if id.hasSuffix("\n") {
        return Refusal(
          .worker,
          "failed to get lua_shared_dict: ngx.shared.kubernetes-\(id), please check your APISIX version",
          process: .all)
      }
    }
    for cluster in clusters {
      guard let message = refusal(of: cluster) else { continue }
      return Refusal(
        .worker, message, process: .privilegedAgent, location: "apisix/discovery/kubernetes/init.lua:144")
    }
    return nil
  }

  private mutating func refusal(of cluster: LuaValue) -> String? {
    let service = cluster["service"]
    let client = cluster["client"]
    var failures: [String] = []
    // APISIX stops at the first; the others are asked for what they leave open.
    do throws(Failure) {
      if let host = try read(service?["host"]), host.isEmpty {
        failures.append("service.host should set to non-empty string")
      }
    } catch { failures.append(error.message) }
    do throws(Failure) {
      if let port = try read(service?["port"]) { try checkPort(port) }
    } catch { failures.append(error.message) }
    if let first = failures.first { return first }
    do throws(Failure) {
      try checkToken(client, isHTTPS: service?["schema"]?.string == "https")
    } catch { return error.message }
    return nil
  }

  private func checkPort(_ text: String) throws(Failure) {
    guard let port = LuaNumber.parse(text) else { throw Failure(message: "invalid port value: nil") }
    if port <= 0 || port > 65535 { throw Failure(message: "invalid port value: " + LuaNumber.text(port)) }
  }

  private mutating func checkToken(_ client: LuaValue?, isHTTPS: Bool) throws(Failure) {
    let empty = Failure(message: "apiserver.token should set to non-empty string when service.schema is https")
    if let token = client?["token"] {
      if let text = try read(token), isHTTPS, Self.isBlank(Array(text.utf8)) { throw empty }
      return
    }
    guard let file = client?["token_file"] else { return }
    // Since 3.13.0 the file is read whenever the token is asked for, so its absence is only a line in the log.
    let isLazy = conditions.release >= Release(3, 13)
    if isLazy, !isHTTPS {
      // Read only for what it leaves open.
      _ = try? read(file)
      return
    }
    let path: String?
    do throws(Failure) { path = try read(file) } catch {
      guard isLazy else { throw error }
      log.append("error: failed to read token file path: " + error.message)
      return
    }
    guard let path else { return }
    switch conditions.files(path) {
    case .unknown: return
    case .content(let bytes): if isHTTPS, Self.isBlank(bytes) { throw empty }
    case .missing:
      let reason = "failed to open file: \(path), error info:\(path): No such file or directory"
      guard isLazy else { throw Failure(message: reason) }
      log.append("error: failed to read token from file: " + reason)
      throw empty
    }
  }

  /// The value, or that of the variable which it is as a whole; nil when that is not known.
  private mutating func read(_ value: LuaValue?) throws(Failure) -> String? {
    guard let value, let text = value.string else { return nil }
    switch conditions.environment.reading(text) {
    case .text(let found): return found
    case .unset(let name): throw Failure(message: "not found environment variable " + name)
    case .unknown(let name):
      open.add(OpenVariable(name: name, syntax: .kubernetes, node: value.node))
      return nil
    }
  }

  private static func isBlank(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { LuaNumber.isSpace($0) } }
}

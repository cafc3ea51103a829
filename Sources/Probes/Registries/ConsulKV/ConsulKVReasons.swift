import APISIX
import Findings
import HTTP
import JSON
import Registries
import SourceText

extension RegistryReasons {
  static let consulKV = RegistryReasons(
    unasked: unaskedKey, unreached: consulUnreached, refusal: refusedKeys, misread: misreadKey, empty: noKeys,
    unknown: unknownKey, unusable: { ConsulKeys($0).faults().first }, remarks: keyRemarks,
    saved: "save what APISIX reads: curl -s 'http://HOST:8500/v1/kv/PREFIX?recurse=true'",
    hint: { _ in "the service name is the whole URL of the key's folder: http://HOST:8500/v1/kv/PREFIX/NAME/" })

  /// A name that is none of those under which APISIX keeps services.
  @Sendable private static func unaskedKey(_ lookup: RegistryLookup) -> Finding? {
    let (name, prefix) = (lookup.serviceName, lookup.consulPrefix)
    guard let first = lookup.consulServers.first else { return nil }
    let server = lookup.consulServers.first { name.hasPrefix($0 + "/v1/kv/") }
    var rest = name[...]
    // What is a server there, of whatever spelling, and the API's own path are no folders.
    if let scheme = rest.firstBytes(of: "://") { rest = rest[scheme.upperBound...].drop { $0 != "/" } }
    if rest.hasPrefix("/v1/kv/") { rest = rest.dropFirst("/v1/kv/".count) }
    let folders = rest.parts(between: "/").map { String($0) }.filter { !$0.isEmpty }
    // A prefix is a part of an expression; a plain one stands for itself.
    let isPlain = prefix.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil || "-_/".unicodeScalars.contains($0)
    }
    let isBelow = !isPlain || (folders + [""]).joined(separator: "/").hasPrefix(prefix + "/")
    let meant = ([server ?? first, "v1/kv"] + (isBelow ? [] : [prefix]) + folders).joined(separator: "/") + "/"
    var help = "write service_name: \(meant)"
    let fault: String
    if server == nil {
      fault =
        name.has("://") ? "does not begin with a server as \(RegistryKind.consulKV.path).servers has it" : "is no URL"
    } else if !isBelow {
      fault = "is not below the prefix \(prefix)"
      if folders.count > 1 {
        help = "write \(RegistryKind.consulKV.path).prefix: \(folders[0]), or \(help.dropFirst(6))"
      }
    } else if !name.hasSuffix("/") {
      fault = "has no slash at its end"
    } else {
      return nil
    }
    return Finding(ConsulKVRules.serviceName, "the service name \(name) \(fault)", help: help)
  }

  @Sendable private static func refusedKeys(_ refusal: RegistryRefusal) -> (Rule, help: String)? {
    guard refusal.response.status == 404, refusal.response.header("X-Consul-Index") != nil else {
      return consulRefusal(refusal)
    }
    let (access, prefix) = (refusal.consulAccess, refusal.lookup.consulPrefix)
    if let hidden = access.hidden([.init(resource: "key", segment: prefix + "/")], "no key below \(prefix)") {
      return (hidden.rule, "\(hidden.message)\n\(hidden.help ?? "")")
    }
    let url = access.server + "/v1/kv/?keys&separator=/"
    let keys = refusal.conversation.json(url, refusal.lookup.consulToken)?.array?.compactMap(\.string) ?? []
    let folders = keys.filter { $0.hasSuffix("/") }.map { String($0.dropLast()) }
    let path = refusal.kind.path
    let help =
      if let near = nearest(prefix, among: folders) ?? (folders.count == 1 ? folders.first : nil) {
        "there are keys below \(near): write \(path).prefix: \(near)"
      } else if folders.isEmpty {
        "make one:\nconsul kv put -http-addr=\(Shell.quoted(access.server)) "
          + Shell.quoted("\(prefix)/NAME/HOST:PORT") + " '{\"weight\": 1}'"
      } else {
        "write one of its folders into \(path).prefix: \(folders.prefix(8).joined(separator: ", "))"
      }
    return (ConsulKVRules.noPrefix, "Consul has no key below \(prefix); \(help)")
  }

  /// The key whose value ends APISIX's loop.
  @Sendable private static func misreadKey(_ inquiry: RegistryInquiry) -> Finding? {
    guard case .form? = inquiry.found.none else { return nil }
    return ConsulKeys(inquiry).deadly
  }

  @Sendable private static func noKeys(_ inquiry: RegistryInquiry) -> Finding? {
    let keys = ConsulKeys(inquiry)
    if let last = inquiry.conversation.last, let stale = inquiry.noIndex(last) { return stale }
    return keys.names.isEmpty ? keys.faults(ofAll: true).first : nil
  }

  @Sendable private static func unknownKey(_ inquiry: RegistryInquiry) -> Finding? {
    let names = ConsulKeys(inquiry).names
    // They differ in little but the last folder.
    func last(_ name: String) -> String { String(name.dropLast().split(separator: "/").last ?? "") }
    let wanted = last(inquiry.name)
    let near = nearest(wanted, among: names.map(last)).flatMap { near in names.first { last($0) == near } }
    let few = names.prefix(3).joined(separator: ", ")
    return inquiry.unknown(
      among: [],
      near.map { "did you mean service_name: \($0)?" }
        ?? (few.isEmpty ? consulKV.hint(inquiry.lookup) : "there is \(few)"))
  }

  /// Keys that are left out beside those that were found.
  @Sendable private static func keyRemarks(_ inquiry: RegistryInquiry) -> [Finding] {
    let faults = ConsulKeys(inquiry).faults().map {
      $0.asWarning
    }
    return [inquiry.conversation.last.flatMap(inquiry.noIndex)].compactMap { $0 } + faults
  }
}

/// The keys that Consul answered, as APISIX reads them.
struct ConsulKeys {
  private let inquiry: RegistryInquiry
  private let server: String
  private let entries: [(key: String, service: String?, value: [UInt8]?)]

  init(_ inquiry: RegistryInquiry) {
    self.inquiry = inquiry
    server = (inquiry.consulServer ?? "") + "/v1/kv/"
    let all = inquiry.conversation.document?.array ?? []
    let keys = all.map { $0["Key"]?.string ?? "" }
    entries = zip(zip(keys, inquiry.lookup.consulServices(of: keys)), all).map {
      ($0.0, $0.1, $1["Value"]?.string.flatMap { Base64.decode($0.utf8) })
    }
  }

  /// The service names that there are.
  var names: [String] { Set(entries.compactMap(\.service)).sorted().map { server + $0 } }

  /// What ends the loop: JSON that is neither an object nor what Lua can look into.
  var deadly: Finding? {
    for (key, service, value) in entries where service != nil {
      switch value.flatMap({ try? JSONValue.parse($0) }) {
      case nil, .object, .array, .string: continue
      default:
        return Finding(
          ConsulKVRules.value,
          "the value of \(key) is no object: it ends APISIX's loop, and every service of this Consul is gone",
          help: "write an object, then apisix reload:\n\(put(key))")
      }
    }
    return nil
  }

  /// Why keys of the name are left out, a finding a reason.
  /// - Parameter ofAll: those of every name.
  func faults(ofAll: Bool = false) -> [Finding] {
    let own = String(inquiry.name.dropFirst(server.count))
    var odd: [String] = []
    var unread: [(key: String, why: String)] = []
    var off: [String] = []
    for (key, service, value) in entries where ofAll || key.hasPrefix(own) {
      // A folder has a key of its own, where somebody made it in Consul's pages.
      if key.hasSuffix("/") { continue }
      guard service != nil else {
        odd.append(key)
        continue
      }
      guard let value, let json = try? JSONValue.parse(value) else {
        unread.append((key, value?.isEmpty ?? true ? "empty" : "no JSON"))
        continue
      }
      if json["check_status"] == false || json["check_status"] == "false" { off.append(key) }
    }
    let skipped = inquiry.lookup.section["skip_keys"]?.items?.compactMap(\.string) ?? []
    return [
      skipped.contains(own)
        ? Finding(
          ConsulRules.skipped, "APISIX passes over \(own) in Consul",
          help: "take it out of \(inquiry.kind.path).skip_keys")
        : nil,
      odd.first.map {
        Finding(
          ConsulKVRules.key,
          "APISIX cannot read the key \(told(odd)): it is no \(inquiry.lookup.consulPrefix)/NAME/HOST:PORT with "
            + "letters, digits and dots alone in HOST",
          help: "write the address instead:\n\(put(nil))\nconsul kv delete\(at) \(Shell.quoted($0))")
      },
      unread.first.map {
        Finding(
          ConsulKVRules.value,
          "APISIX cannot read the value of \(told(unread.map { "\($0.key), which is \($0.why)" }))",
          help: "write an object:\n\(put($0.key))")
      },
      off.first.map {
        Finding(
          ConsulKVRules.checkStatus, "check_status is false in \(told(off)): APISIX leaves the node out",
          help: "if it is well again:\n\(put($0))")
      },
    ].compactMap { $0 }
  }

  private func told(_ keys: [String]) -> String {
    keys.prefix(3).joined(separator: ", ") + (keys.count > 3 ? " and \(keys.count - 3) more" : "")
  }

  private var at: String { inquiry.consulServer.map { " -http-addr=\(Shell.quoted($0))" } ?? "" }

  private func put(_ key: String?) -> String {
    "consul kv put\(at) " + Shell.quoted(key ?? "\(inquiry.lookup.consulPrefix)/NAME/HOST:PORT") + " '{\"weight\": 1}'"
  }
}

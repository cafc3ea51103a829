import APISIX
import Findings
import SourceText

/// What was found for a name, and whom to ask for more: what was meant, and what keeps its instances out.
struct RegistryInquiry {
  let lookup: RegistryLookup
  let kind: RegistryKind
  let found: Resolution
  let conversation: RegistryConversation
  /// Why another of the servers that the release draws one from has no nodes.
  var missed: NoNodes?

  var name: String { lookup.serviceName }
  /// The server that answered, as it may be shown.
  var place: String { conversation.place ?? kind.key }

  /// What APISIX cannot read, or reads as nothing though the registry itself says no such thing.
  var misread: Finding? { kind.reasons.misread(self) ?? conversation.misread(found) }

  /// What the server says is not in the form of this registry.
  func odd(_ message: String) -> Finding {
    Finding(
      RegistryRules.oddAnswer, "\(place) \(message)",
      help: "write the address of \(kind.key) itself into \(kind.path).\(kind.servers ?? "servers")")
  }

  /// Nothing at all is there, or nothing that may be seen.
  var empty: Finding? { kind.reasons.empty(self) }
  /// There is nothing under the name.
  var unknown: Finding {
    if !conversation.files.isEmpty, !conversation.names.isEmpty {
      // What is not in the files cannot be asked for.
      return conversation.names.contains(name)
        ? unusable : unknown(among: conversation.names, kind.reasons.hint(lookup))
    }
    return kind.reasons.unknown(self) ?? unknown(among: conversation.names, kind.reasons.hint(lookup))
  }

  /// There are instances, and none is taken.
  var unusable: Finding { kind.reasons.unusable(self) ?? unusable([]) }

  /// There is nothing under the name, and perhaps under one like it.
  func unknown(among names: [String], _ hint: String) -> Finding {
    let near = names.first { $0.lowercased() == name.lowercased() } ?? nearest(name, among: names)
    return Finding(
      RegistryRules.unknownService, "\(kind.key) has nothing under \(name)",
      help: near.map { "did you mean service_name: \($0)?" } ?? hint)
  }

  /// - Parameter states: why each instance is not taken.
  func unusable(_ states: [String]) -> Finding {
    let told = states.prefix(3).joined(separator: ", ")
    return Finding(
      RegistryRules.nothingUsable, "no instance of \(name) is usable\(told.isEmpty ? "" : ": \(told)")",
      help: "look at the instances in \(kind.key): up, healthy, with an address and a port?")
  }
}

import APISIX
import Findings
import JSON
import Registries
import SourceText

/// Entries of Consul's answers that keep APISIX from taking others. Consul itself gives none of them; what stands
/// before it does.
extension RegistryInquiry {
  /// Those of the service that was asked for, as APISIX gets them.
  private var entries: [JSONValue] {
    let answer =
      conversation.files.isEmpty ? consul("/health/service/\(name)?passing")?.json(200) : conversation.document
    return answer?.array ?? []
  }

  /// What APISIX makes of one entry alone.
  private func found(in entry: JSONValue) -> Resolution? { kind.nodes(lookup, by: .array([entry]), after: .init()) }

  /// An entry without a service, where it costs nodes.
  var nameless: Finding? {
    let entries = lookup.release.has(.consulHealth) ? entries : []
    guard let index = entries.firstIndex(where: { found(in: $0)?.none == .unknown }) else { return nil }
    let isSkipped = lookup.release.has(.consulSkipsNameless)
    if isSkipped, entries.contains(where: { found(in: $0)?.none == nil }) { return nil }
    let isWhole = isSkipped || index == 0
    let lost = counted(entries.count - (isWhole ? 0 : index), "instance") + (isWhole ? "" : " from it on")
    let newer = isSkipped ? "" : "; APISIX \(Feature.consulSkipsNameless.since.line) and newer pass over it"
    return Finding(
      ConsulRules.noService,
      "\(told(entries[index], index + 1, of: name)) has no Service, and APISIX \(lookup.release) takes none of the "
        + lost,
      help: "let what stands before Consul leave its answers as they are, or ask an agent itself\(newer)" + shown(name))
  }

  /// The entry at which APISIX's reading ends, of this service or of another.
  var unreadEntry: Finding? {
    guard found.isUnread else { return nil }
    let all = conversation.files.isEmpty ? answered : [(name, entries)]
    for (service, entries) in all {
      for (index, entry) in entries.enumerated() {
        guard case .form(let words)? = found(in: entry)?.none else { continue }
        let isOther = service != name
        return Finding(
          RegistryRules.oddAnswer,
          "APISIX \(lookup.release) cannot read \(told(entry, index + 1, of: service)), and takes no service of this "
            + "Consul: \(words.text(in: lookup.release))",
          help: "correct what registers it"
            + (isOther ? ", or leave it out: \(kind.path).skip_services: [\(Shell.quoted(service))]" : "")
            + shown(service))
      }
    }
    return nil
  }

  /// The entries of each service that was asked for, first those of the name in question.
  private var answered: [(service: String, entries: [JSONValue])] {
    let all = conversation.answers.all.compactMap { question, reply -> (String, [JSONValue])? in
      guard case .http(let request) = question,
        let start = request.url.firstBytes(of: "/v1/health/service/")?.upperBound,
        let entries = reply.document?.array
      else { return nil }
      return (String(request.url[start...].prefix { $0 != "?" }), entries)
    }
    return all.sorted { left, right in
      if left.0 == name || right.0 == name { return left.0 == name && right.0 != name }
      return left.0 < right.0
    }
  }

  /// `entry 2 of web (node n1)`
  private func told(_ entry: JSONValue, _ number: Int, of service: String) -> String {
    "entry \(number) of \(service)" + (entry["Node"]?["Node"]?.string.map { " (node \($0))" } ?? "")
  }

  /// How to see it.
  private func shown(_ service: String) -> String {
    guard conversation.files.isEmpty, let server = consulServer else { return "" }
    return "; it shows here:\ncurl -s \(Shell.quoted("\(server)/v1/health/service/\(service)?passing"))"
  }
}

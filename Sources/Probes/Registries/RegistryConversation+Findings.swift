import APISIX
import DNS
import Findings
import HTTP
import Inputs
import JSON
import Registries
import SourceText

extension RegistryConversation {
  /// Whether a server said anything that could be read.
  var isAnswered: Bool { lastServer != nil }

  /// The server that was asked last, as it may be shown, without what was asked of it.
  var place: String? {
    if let file = files.first { return file == "-" ? InputFile.standardInputName : file }
    return (lastServer ?? asked?.url).map { Self.server(of: URLText($0).withoutUser) }
  }

  /// Why the question itself was never asked, though no server refused anything; nil where it was.
  var silence: Finding? {
    guard troubles.isEmpty, files.isEmpty else { return nil }
    let key = "\(kind.path).\(kind.servers ?? "servers")"
    guard isAnswered || asked != nil else {
      return Finding(
        RegistryRules.silent, "no server of \(kind.key) is asked: \(key) names none that APISIX takes",
        help: "write \(key): [\"http://HOST:PORT\"], without a path")
    }
    return kind.reasons.silent(self)
  }

  /// Why an answer of status 200 is none to APISIX; nil where it is one.
  func misread(_ found: Resolution) -> Finding? {
    let place = place ?? kind.key
    let odd = { (words: Words) in
      let said = { (words: Words) in words.text(in: access.release) }
      let later = found.exception.map { $0 == words ? "" : "; then each request gets 500: \(said($0))" } ?? ""
      return Finding(
        RegistryRules.oddAnswer, "APISIX \(access.release) cannot read what \(place) answers: \(said(words))\(later)",
        help: "correct what registers so in \(kind.key)")
    }
    switch found.none {
    case .form(let words): return odd(words)
    // Why it cannot be read is told already.
    case .notJSON where troubles.contains(where: \.isTold): return nil
    case .notJSON:
      if let own = kind.reasons.notJSON(self) { return own }
      return Finding(
        RegistryRules.notJSON, "\(place) answers with something else than JSON",
        help: "write the address of the registry itself into \(kind.path).\(kind.servers ?? "servers")")
    case .notKnown:
      return Finding(
        RegistryRules.notKnown, "what APISIX \(access.release) asks of \(kind.key) is not known",
        help: "name the release that you run: --apisix-version")
    default: return found.exception.map(odd)
    }
  }

  /// Whether not one of the servers could be asked.
  var isUnreached: Bool {
    !isAnswered && !troubles.isEmpty
      && troubles.allSatisfy { trouble in
        switch trouble {
        case .refused, .told, .silent(_, .unaskable): false
        case .silent(_, .unanswered(let silences)): !silences.values.contains { $0 == .noAddress || $0 == .cut }
        case .connection, .silent, .noServers: true
        }
      }
  }

  /// Why APISIX cannot read an answer of status 200, whatever is in it.
  func unreadable(_ response: Response) -> Finding? {
    guard let encoding = response.header("content-encoding"), encoding.lowercased() != "identity" else { return nil }
    return Finding(
      RegistryRules.compressed,
      "\(place ?? kind.key) compresses its answers (\(encoding)), which nobody asked for: APISIX cannot read them",
      help: kind.reasons.uncompressed)
  }

  /// What went wrong on the way, each once.
  var findings: [Finding] {
    var seen: Set<String> = []
    return troubles.compactMap { trouble in
      let finding = finding(trouble)
      return seen.insert(finding.message).inserted ? finding : nil
    } + [DNSReasons.passedOver(self)].compactMap { $0 }
  }

  private func finding(_ trouble: Trouble) -> Finding {
    switch trouble {
    case .told(let finding): return finding
    case .connection(let error, let endpoint):
      if let own = kind.reasons.unreached(error, URLText(endpoint.server), self) { return own }
      let cure: String? =
        if case .untrustedCertificate = error.kind {
          "name its CA: --certificate-authority FILE, or send the credential all the same: --insecure-skip-tls-verify"
        } else { nil }
      return APISIXEndpoint.finding(
        kind.key, error, endpoint, help: "\(kind.path).\(kind.servers ?? "servers") of config.yaml lists its addresses",
        cure, odd: RegistryRules.oddAnswer)
    case .silent(let question, let failure): return DNSReasons.silence(question, failure, lookup)
    case .noServers:
      return Finding(
        RegistryRules.silent, "no name server is named for \(kind.path)",
        help: "write \(kind.path).servers: [\"ADDRESS:PORT\"]")
    case .refused(let response, let server):
      let said = said(response)
      let (rule, help) =
        RegistryRefusal(response: response, said: said, server: server, conversation: self).reason
      return Finding(rule, "\(server) answers \(response.status)\(said.isEmpty ? "" : ": \(said)")", help: help)
    }
  }

  /// The first words of an answer that is no page.
  private func said(_ response: Response) -> String {
    if (300..<400).contains(response.status), let target = response.header("location") {
      let shown = URLText(target).withoutUser.prefix { $0 != "?" && $0 != "#" && $0 != ";" }
      return "a redirect to \(withoutSecrets(String(shown))), which APISIX does not follow"
    }
    if AnswerText(response).isLoginPage { return "a login page" }
    let message = (try? JSONValue.parse(response.body))?["message"]?.string
    let text = message ?? String(decoding: response.body.prefix(64 << 10), as: UTF8.self)
    if text.hasPrefix("<") { return "" }
    let hidden = withoutSecrets(text)
    return String(hidden.prefix { $0 != "\n" }.prefix(160))
  }

  /// A server's text without what was sent to prove who asks.
  func withoutSecrets(_ text: String) -> String { Secret.redacted(secrets.lazy.map { Secret($0) }, in: text) }
}

extension RegistryConversation.Trouble {
  var isTold: Bool { if case .told = self { true } else { false } }
}

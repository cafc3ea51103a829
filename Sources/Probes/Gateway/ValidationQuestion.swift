import APISIX
package import Findings
import HTTP
package import Inputs
import JSON
import SourceText

/// What the gateway itself would say of a file with routes and upstreams: by its `configs/validate`, which looks at
/// what it gets and keeps nothing of it.
package struct ValidationQuestion: Sendable {
  private let sources: UpstreamSources
  private let access: AccessOptions

  package struct Answer: Sendable {
    package var findings: [Finding] = []
    package var sources: [String: SourceFile] = [:]
    package var secrets: [String] = []
    /// Why there is none.
    package var unsaid: String?
  }

  package init(_ sources: UpstreamSources, _ access: AccessOptions) { (self.sources, self.access) = (sources, access) }

  /// APISIX reads no longer body.
  private static let most = 3 << 19

  package func ask(_ file: String, in context: Context) throws(FileError) -> Answer {
    var answer = Answer()
    guard let admin = sources.admin else { return answer }
    let bytes = try context.read(file)
    let text = String(decoding: bytes, as: UTF8.self)
    guard bytes.count <= Self.most else {
      answer.unsaid = "\(file) is too long for it"
      return answer
    }
    // APISIX fills them in when it reads the file, not here.
    guard !text.has("${{") else {
      answer.unsaid = "\(file) takes values from variables, which are not filled in here"
      return answer
    }
    let key = try sources.adminKey(context)
    if let key { answer.secrets = [key] }
    let endpoint = APISIXEndpoint(.admin, url: admin, key: key.map { Secret($0) }, access)
    let type = Documents.isJSON(bytes) == true ? "application/json" : "application/yaml"
    do throws(Finding) {
      let response = try endpoint.validated(bytes, type: type, context.http(traced: true))
      switch response.status {
      case 200: break
      case 400: take(response, of: file, bytes, &answer)
      case 404: answer.unsaid = "this APISIX has no /apisix/admin/configs/validate yet"
      default: answer.findings = [endpoint.refusal(response)]
      }
    } catch { answer.findings = [error] }
    return answer
  }

  /// Each object that is refused, at its place in the file.
  private func take(_ response: Response, of file: String, _ bytes: [UInt8], _ answer: inout Answer) {
    let told = try? JSONValue.parse(response.body)
    guard let errors = told?["errors"]?.array else {
      answer.unsaid = told?["error_msg"]?.string.map(Self.plain) ?? "it answers 400"
      return
    }
    var places = UpstreamPlaces([file: bytes])
    answer.findings = errors.prefix(100).compactMap { error in
      guard let kind = error["resource_type"]?.string, let words = error["error"]?.string else { return nil }
      var origin = UpstreamOrigin(source: file)
      origin.path = [.key(kind)] + (error["index"]?.int.map { [.index($0)] } ?? [])
      let finding = Finding(
        GatewayRules.refuses, "the gateway refuses it: \(Self.plain(words))", help: "correct it as the message says")
      return places.place(finding, at: [Self.property(words)].compactMap { $0 }, of: origin)
    }
    answer.sources = places.sources
  }

  /// Without the value that does not fit, which may be a key, and on one line.
  private static func plain(_ words: String) -> String {
    let shown = words.parts(between: " with \"").first.map { String($0) } ?? words
    let line = shown.prefix { !$0.isNewline }
    return String(line.prefix(300))
  }

  /// `uri` of `property "uri" validation failed`.
  private static func property(_ words: String) -> String? {
    let parts = words.parts(between: "property \"")
    return parts.count > 1 ? String(parts[1].prefix { $0 != "\"" }) : nil
  }
}

import APISIX
import Findings
import JSON
import Lint
import SourceText
import YAML

/// The clusters of a config.yaml, their placeholders filled in as APISIX would.
struct ConfigClusters {
  let path: String
  let text: SourceText
  let release: Release
  let variables: [String: String]
  let verdict: Verdict
  private let tree: Tree

  /// One item of `discovery.kubernetes`, or the whole of it.
  struct Cluster {
    let id: String?
    let value: LuaValue
    /// `discovery.kubernetes[0]`
    let path: String
  }

  init(_ bytes: [UInt8], path: String, release: Release, variables: [String: String]) {
    self.path = path
    self.release = release
    self.variables = variables
    let (tree, error) = Tree.partial(bytes)
    self.tree = tree
    text = SourceText(bytes)
    verdict = judge(tree, error: error, Conditions(release: release, environment: .known(variables)))
  }

  /// The `discovery.kubernetes` section; nil without one.
  private var section: LuaValue? { (verdict.resolved ?? verdict.discovery)?["kubernetes"] }

  var hasKubernetes: Bool { section?.table != nil }
  var isList: Bool { section?.items != nil }

  var clusters: [Cluster] {
    guard let section else { return [] }
    guard let items = section.items else {
      return [Cluster(id: nil, value: section, path: "discovery.kubernetes")]
    }
    return items.enumerated().map {
      Cluster(id: $1["id"]?.string, value: $1, path: "discovery.kubernetes[\($0)]")
    }
  }

  /// `apisix.ssl.ssl_trusted_certificate`
  var trustedCertificate: String? { verdict.root?["apisix"]?["ssl"]?["ssl_trusted_certificate"]?.string }

  /// What APISIX says when it will not start with this file, unless a variable is all it lacks: that is looked at
  /// where the variable is used.
  var refusal: String? {
    guard let refusal = verdict.refusal, refusal.stage != .worker, refusal.words.sentence != .variableMissing else {
      return nil
    }
    return verdict.message
  }

  enum Value {
    case text(String)
    /// A variable that is not set.
    case unset(String)
    case absent
  }

  /// A setting as APISIX reads it when its process starts: `${NAME}`, as a whole, is that variable.
  func value(_ setting: LuaValue?, default fallback: String? = nil) -> Value {
    let text: String
    switch setting?.kind {
    case .string(let written): text = written
    // APISIX refuses a number; what was meant is plain all the same.
    case .number(let number): text = Int(exactly: number).map(String.init) ?? String(number)
    case .open(let written): return .unset(Self.openName(written))
    default:
      guard let fallback else { return .absent }
      text = fallback
    }
    guard text.hasPrefix("${"), text.hasSuffix("}"), text.utf8.count > 3 else { return .text(text) }
    let name = String(text.dropFirst(2).dropLast())
    return variables[name].map { .text($0) } ?? .unset(name)
  }

  private static func openName(_ text: String) -> String {
    guard let start = text.firstRange(of: "${{")?.upperBound, let end = text[start...].firstRange(of: "}}")?.lowerBound
    else { return text }
    let inner = text[start..<end]
    return String(inner.drop { $0 == " " }.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
  }

  func place(_ setting: LuaValue?, _ dotted: String) -> Target.Place {
    Target.Place(file: path, range: setting?.node.map { tree.range($0) }, path: dotted)
  }

  /// The file with its credentials marked, for findings that quote it.
  var source: SourceFile { SourceFile(tree, isBroken: verdict.yamlError != nil) }
}

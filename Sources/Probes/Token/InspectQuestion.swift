import APISIX
public import Findings
import Inputs
public import JSON
public import Kubernetes
import Lint
import YAML

/// `token inspect`: what tokens say of themselves, and what is wrong with them; nothing is asked.
public struct TokenInspect: Sendable {
  /// One token, and the cluster of the configuration that has it.
  public struct Item: Sendable {
    public let id: String?
    public let token: GivenToken
    /// It was taken out of a document that is meant to hold it.
    let fromDocument: Bool

    let now: Int

    /// What releases do with it; what is in a document is no file of APISIX's.
    var handling: [TokenHandling] { fromDocument ? [] : TokenHandling.all(of: token, now: now) }
    var json: JSONValue { tokenJSON(token.text, handling: handling) }
  }

  public private(set) var items: [Item] = []
  public private(set) var findings: [Finding] = []
  public private(set) var sources: [String: SourceFile] = [:]
  public private(set) var secrets: [String] = []
  private let release: Release
  private let now: Int

  /// - Parameters:
  ///   - file: a token, a Secret, a config.yaml or a kubeconfig; `-` is standard input. Nil: what the options name, else
  ///     GATECHECK_TOKEN, else standard input.
  ///   - now: seconds since 1970.
  public init(file: String?, _ options: AccessOptions, _ context: Context, now: Int) {
    release = options.release
    self.now = now
    if let config = options.config {
      read(config, options, context, isConfig: true)
    } else if let file = file ?? options.tokenFile {
      read(file, options, context)
    } else if let kubeconfig = options.kubeconfig {
      read(kubeconfig: kubeconfig, options, context)
    } else if let token = context.environment["GATECHECK_TOKEN"], !token.isEmpty {
      add(nil, GivenToken(Array(token.utf8), source: .file, release: release))
    } else {
      read("-", options, context)
    }
    for item in items { findings += flaws(of: item) }
  }

  private mutating func read(
    _ path: String, _ options: AccessOptions, _ context: Context, isConfig: Bool = false
  ) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try context.read(path) } catch {
      findings.append(error.finding)
      return
    }
    let (tree, _) = Tree.partial(bytes)
    let root = tree.documents.first
    if isConfig || root.flatMap({ tree.value("discovery", in: $0) }) != nil {
      var options = options
      options.config = path == "-" ? InputFile.standardInputName : path
      options.tokenFile = nil
      read(config: options, bytes, context)
    } else if root.flatMap({ tree.value("clusters", in: $0) }) != nil {
      read(kubeconfig: path, options, context)
    } else {
      let isDocument = root.flatMap { tree.value("kind", in: $0) } != nil
      let token = GivenToken(bytes, source: .file, release: release)
      guard isDocument, let mended = token.text.mended else { return add(nil, token) }
      // A Secret is where tokens live: what counts is the token in it.
      let inner = GivenToken(Array(mended.value.utf8), source: .file, release: release)
      let wrapped = token.text.flaws.contains { if case .document = $0 { false } else { true } }
      add(nil, wrapped ? token : inner, fromDocument: true)
    }
  }

  private mutating func read(config options: AccessOptions, _ bytes: [UInt8], _ context: Context) {
    var builder = PlanBuilder(options, context)
    let config = ConfigClusters(
      bytes, path: options.config ?? "", release: release, variables: options.variables ?? context.environment)
    sources[config.path] = config.source
    let chosen = config.clusters.filter { options.cluster == nil || $0.id == options.cluster }
    if chosen.isEmpty {
      findings.append(
        Finding(
          rule: AccessRules.noKubernetes, message: "there is no token of discovery.kubernetes in this file",
          file: config.path, help: "gatecheck lint \(Shell.quoted(config.path))"))
    }
    for cluster in chosen {
      if let token = builder.token(of: cluster, in: config).token { add(cluster.id, token) }
    }
    findings += builder.plan.findings
  }

  private mutating func read(kubeconfig: String, _ options: AccessOptions, _ context: Context) {
    var overrides = ClusterAccess.Overrides()
    overrides.context = options.context
    do throws(KubeconfigError) {
      let access = try Kubeconfig.load(file: kubeconfig, read: context.contents)
        .access(overrides, read: context.contents)
      guard let token = access.token else {
        findings.append(
          Finding(
            rule: .tokenEmpty, message: "the kubeconfig's user has no token", file: kubeconfig,
            help: "APISIX logs in with a token only: gatecheck rbac generate"))
        return
      }
      add(nil, GivenToken(Array(token.value.utf8), source: .file, release: release))
    } catch { findings.append(error.finding) }
  }

  private mutating func add(_ id: String?, _ token: GivenToken, fromDocument: Bool = false) {
    items.append(Item(id: id, token: token, fromDocument: fromDocument, now: now))
    secrets.append(token.raw.value)
    if let mended = token.text.mended { secrets.append(mended.value) }
  }

  private func flaws(of item: Item) -> [Finding] {
    let place = item.token.place
    return TokenFlaw.all(of: item.token.text, source: item.token.source, release: release, now: now)
      .filter { !item.fromDocument || $0.rule.id != Rule.tokenDocument.id }
      .map {
        Finding(
          rule: $0.rule, severity: $0.severity, message: (item.id.map { "cluster \($0): " } ?? "") + $0.message,
          file: place?.file, range: place?.range, path: place?.path, help: $0.help)
      }
  }
}

extension TokenInspect {
  /// What the tokens say, a few lines for each.
  public var preface: [String] {
    items.flatMap { item -> [String] in
      let text = item.token.text
      var lines = [(item.id.map { "cluster \($0): " } ?? "") + describe(text.kind)]
      let handling = item.handling.map(\.line)
      guard let jwt = text.jwt else { return lines + ["sha256:    \(fingerprint(item))"] + handling }
      func time(_ seconds: Int) -> String { Timestamp.iso(seconds) ?? "\(seconds)" }
      if let subject = jwt.subject { lines.append("subject:   \(subject)") }
      if let issuer = jwt.issuer { lines.append("issuer:    \(issuer)") }
      if !jwt.audiences.isEmpty { lines.append("audiences: \(jwt.audiences.joined(separator: ", "))") }
      if let issued = jwt.issuedAt { lines.append("issued:    \(time(issued))") }
      lines.append("expires:   \(jwt.expiresAt.map(time) ?? "never")")
      lines.append("sha256:    \(fingerprint(item))")
      return lines + handling
    }
  }

  private func describe(_ kind: TokenKind) -> String {
    switch kind {
    case .legacy: "a ServiceAccount's token from a Secret"
    case .bound: "a ServiceAccount's token that expires (TokenRequest or projected volume)"
    case .foreign: "a JWT of somebody else's than a ServiceAccount"
    case .opaque: "an opaque token, or a damaged one"
    }
  }

  private func fingerprint(_ item: Item) -> String {
    tokenJSON(item.token.text)["sha256"]?.string ?? ""
  }

  /// The members of the JSON document.
  public var members: [JSONObject.Member] {
    guard items.count > 1 else {
      return [
        .init(
          key: "token",
          value: items.first.map(\.json) ?? .null),
        .init(key: "identity", value: .null), .init(key: "probes", value: []),
      ]
    }
    return [
      .init(key: "token", value: .null), .init(key: "identity", value: .null), .init(key: "probes", value: .null),
      .init(
        key: "clusters",
        value: .array(
          items.map {
            [
              "id": .string($0.id ?? ""), "server": .null,
              "token": $0.json, "identity": .null,
              "probes": [],
            ]
          })),
    ]
  }

  /// The one token that was meant, for `--unwrap`; nil when there is none, or more than one.
  public var mended: TokenSecret? {
    items.count == 1 ? items[0].token.text.mended : nil
  }
}

import APISIX
import Common
public import Findings
import Inputs
import Kubernetes
import YAML

/// `token inspect`: what tokens say of themselves, and what is wrong with them; nothing is asked of a server.
public struct InspectQuestion: Sendable {
  private let file: String?
  private let options: AccessOptions

  /// - Parameter file: a token, a Secret, a config.yaml or a kubeconfig; `-` is standard input. Nil: what the options
  ///   name, else GATECHECK_TOKEN, else standard input.
  public init(file: String?, _ options: AccessOptions) {
    self.file = file
    self.options = options
  }

  public func ask(in context: Context) -> InspectAnswer {
    var reader = TokenReader(options: options, context: context, now: context.now())
    if let config = options.config {
      reader.read(config, options, isConfig: true)
    } else if let file = file ?? options.tokenFile {
      reader.read(file, options)
    } else if let kubeconfig = options.kubeconfig {
      reader.read(kubeconfig: kubeconfig)
    } else if let token = context.environment["GATECHECK_TOKEN"], !token.isEmpty {
      reader.add(nil, GivenToken(Array(token.utf8), source: .file, release: options.release))
    } else {
      reader.read("-", options)
    }
    for item in reader.answer.items { reader.answer.findings += reader.flaws(of: item) }
    return reader.answer
  }
}

public struct InspectAnswer: Sendable {
  /// One token, and the cluster of the configuration that has it.
  public struct Item: Sendable {
    public let id: String?
    public let token: GivenToken
    /// It was taken out of a document that is meant to hold it.
    let fromDocument: Bool
    let now: Int
    /// Where another one can be put in its place.
    let home: Target.TokenHome?

    /// The command that takes the token of its account anew.
    var renewal: String? { home?.renewal(of: token, cluster: id) }
  }

  public internal(set) var items: [Item] = []
  public internal(set) var findings: [Finding] = []
  public internal(set) var sources: [String: SourceFile] = [:]
  public internal(set) var secrets: [String] = []
}

/// Takes tokens out of what holds them.
private struct TokenReader {
  let options: AccessOptions
  let context: Context
  let now: Int
  var answer = InspectAnswer()

  mutating func read(_ path: String, _ options: AccessOptions, isConfig: Bool = false) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try context.read(path) } catch {
      answer.findings.append(error.finding)
      return
    }
    let (tree, _) = Tree.partial(bytes)
    let root = tree.documents.first
    if isConfig || root.flatMap({ tree.value("discovery", in: $0) }) != nil {
      var options = options
      options.config = path == "-" ? InputFile.standardInputName : path
      options.tokenFile = nil
      read(config: options, bytes)
    } else if root.flatMap({ tree.value("clusters", in: $0) }) != nil {
      read(kubeconfig: path)
    } else {
      let first = root.flatMap { tree.items($0)?.first } ?? root
      let isDocument = first.flatMap { tree.value("kind", in: $0) } != nil
      let token = GivenToken(bytes, source: .file, release: options.release)
      if token.text.mended == nil, let output = KubectlOutput(bytes) {
        answer.findings += Finding(
          rule: TokenRules.document, message: "this is \(output.words), not a token", file: path,
          help: "get the token: kubectl get secret NAME -o jsonpath='{.data.token}' | base64 -d")
        return
      }
      if token.text.mended == nil, token.text.isDocument {
        answer.findings += TokenFlaw.all(of: token.text, source: .file, release: options.release, now: now)
          .filter { $0.rule == TokenRules.document }
          .map { Finding(rule: $0.rule, message: $0.message, file: path, help: $0.help) }
        return
      }
      let home = path == "-" ? nil : Target.TokenHome(file: path)
      guard isDocument, let mended = token.text.mended else { return add(nil, token, home: home) }
      // A Secret is where tokens live: what counts is the token in it.
      let inner = GivenToken(Array(mended.value.utf8), source: .file, release: options.release)
      let wrapped = token.text.flaws.contains { if case .document = $0 { false } else { true } }
      add(nil, wrapped ? token : inner, fromDocument: true)
    }
  }

  mutating func read(config options: AccessOptions, _ bytes: [UInt8]) {
    var builder = PlanBuilder(options, context)
    let config = DiscoveryConfig(bytes, path: options.config ?? "", options.conditions(in: context))
    answer.sources[config.path] = config.source
    let (chosen, problems) = config.chosen(options.cluster)
    if chosen.isEmpty { answer.findings += problems }
    for cluster in chosen {
      let (token, _, file) = builder.token(of: cluster, in: config)
      guard let token else { continue }
      add(cluster.id, token, home: file.map(Target.TokenHome.init(file:)) ?? builder.home(of: cluster, in: config))
    }
    answer.findings += builder.plan.findings
  }

  mutating func read(kubeconfig: String) {
    do throws(KubeconfigError) {
      let access = try Kubeconfig.load(file: kubeconfig, read: context.contents)
        .access(context: options.context, read: context.contents)
      guard let token = access.token else {
        answer.findings += Finding(
          rule: TokenRules.empty, message: "the kubeconfig's user has no token", file: kubeconfig,
          help: "APISIX logs in with a token only: \(TokenClaims.create(nil))")
        return
      }
      add(nil, GivenToken(Array(token.value.utf8), source: .file, release: options.release))
    } catch { answer.findings.append(error.finding) }
  }

  mutating func add(
    _ id: String?, _ token: GivenToken, fromDocument: Bool = false, home: Target.TokenHome? = nil
  ) {
    answer.items.append(.init(id: id, token: token, fromDocument: fromDocument, now: now, home: home))
    answer.secrets.append(token.raw.value)
    if let mended = token.text.mended { answer.secrets.append(mended.value) }
  }

  func flaws(of item: InspectAnswer.Item) -> [Finding] {
    let prefix = item.id.map { "cluster \($0): " } ?? ""
    let other = item.token.text.jwt?.otherAudience.map { audience in
      Finding(
        TokenVerifyRules.wrongAudience, severity: .warning,
        "\(prefix)the token is for \(SecretPatterns.quoted(audience)); an API server answers 401 to what is not for it",
        at: item.token.place,
        help: "if that is not your API server's own name, get one without an audience: "
          + (item.renewal ?? TokenClaims.create(item.token.text.jwt)))
    }
    let flaws = TokenFlaw.all(of: item.token.text, source: item.token.source, release: options.release, now: now)
      .filter { !item.fromDocument || $0.rule != TokenRules.document }
      .map {
        Finding(
          $0.rule, severity: $0.severity, prefix + $0.message, at: item.token.place,
          help: $0.help + command(against: $0, item))
      }
    return flaws.filter { $0.severity == .error } + [other].compactMap { $0 } + flaws.filter { $0.severity != .error }
  }

  /// The command that helps, on a line of its own.
  private func command(against flaw: TokenFlaw, _ item: InspectAnswer.Item) -> String {
    if flaw.rule == TokenRules.expired { return "\n" + (item.renewal ?? TokenClaims.create(item.token.text.jwt)) }
    guard flaw.mends, item.token.source == .file else { return "" }
    return "\n" + (item.home?.mend ?? "gatecheck token inspect FILE --unwrap NEW")
  }
}

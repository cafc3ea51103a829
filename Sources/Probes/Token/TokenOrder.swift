public import Findings
public import HTTP
import JSON
public import Kubernetes
import Lint
import Registries
import SourceText

/// `token create`: gets a token of a ServiceAccount, from its Secret or by TokenRequest. Without `confirmed` it sends GET
/// only, and says what it would do.
public struct TokenCreation {
  public struct Order: Sendable {
    public var account: ServiceAccount
    public var secretName: String
    /// Make the Secret where it is missing.
    public var createSecret = false
    /// Ask for a token that expires, in place of the Secret's.
    public var isRequest = false
    /// Seconds; nil: what the server gives, an hour as a rule. At least 600.
    public var duration: Int?
    /// Empty: the API server's own.
    public var audiences: [String] = []
    /// Whether the cluster may be changed.
    public var confirmed = false

    public init(account: ServiceAccount, secretName: String) {
      self.account = account
      self.secretName = secretName
    }
  }

  public private(set) var token: TokenSecret?
  public private(set) var findings: [Finding] = []
  /// What was done, or would be.
  public private(set) var preface: [String] = []
  private let order: Order
  private let target: Target
  private let client: KubernetesClient
  private var answers: TokenProbe

  /// - Parameters:
  ///   - deadline: how long to wait for a Secret to be filled.
  ///   - pause: waits between two looks at it.
  ///   - trace: is told each request and its answer, without any secret.
  public init(
    _ order: Order, _ target: Target, http: HTTPClient, now: Int, deadline: ContinuousClock.Instant,
    pause: () -> Void, trace: @escaping (String) -> Void = { _ in }
  ) {
    trace(target.summary)
    self.order = order
    self.target = target
    client = KubernetesClient(target.connection, http: http, trace: trace)
    answers = TokenProbe(target, http: http, now: now, trace: trace)
    let path = APIResource.serviceAccounts.path(namespace: namespace, object: order.account.name)
    guard let answer = send("see the ServiceAccount", { [client] () throws(HTTPError) in try client.get(path) }) else {
      return
    }
    guard answer.status != 404 else {
      findings.append(
        Finding(
          rule: RBACRules.accountMissing,
          message: "there is no ServiceAccount \(order.account.name) in the namespace \(namespace)",
          help: "make it: \(generate)"))
      return
    }
    if order.isRequest { request() } else { takeFromSecret(until: deadline, pause) }
  }

  private var namespace: String { order.account.namespace }
  private var generate: String {
    RBACOptions(name: order.account.name, namespace: namespace, secretName: order.secretName).command
      + " | kubectl apply -f -"
  }

  // MARK: TokenRequest

  private mutating func request() {
    let life = order.duration.map { "for \($0) seconds" } ?? "for as long as the server gives, an hour as a rule"
    let audience = order.audiences.isEmpty ? "the API server" : order.audiences.joined(separator: ", ")
    guard confirmed("ask for a token of \(namespace)/\(order.account.name), \(life), for \(audience)") else { return }
    var spec: [JSONObject.Member] = []
    if !order.audiences.isEmpty {
      spec.append(.init(key: "audiences", value: .array(order.audiences.map { .string($0) })))
    }
    if let duration = order.duration { spec.append(.init(key: "expirationSeconds", value: .number(Double(duration)))) }
    let body: JSONValue = [
      "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": .object(JSONObject(spec)),
    ]
    let path = APIResource.serviceAccounts.path(
      namespace: namespace, object: order.account.name, subresource: "token")
    let answer = send("ask for a token", accepting: [201]) { [client] () throws(HTTPError) in
      try client.post(path, body)
    }
    guard let answer, let issued = (try? JSONValue.parse(answer.body))?["status"], let text = issued["token"]?.string,
      !text.isEmpty
    else { return }
    token = TokenSecret(text)
    let ends = issued["expirationTimestamp"]?.string
    preface.append("it ends at \(ends ?? "a time that the server does not say")")
    if let duration = order.duration, let ends = ends.flatMap(Timestamp.parse), let jwt = JWT(text),
      let begins = jwt.issuedAt, ends - begins < duration - 5
    {
      findings.append(
        Finding(
          rule: TokenCreateRules.shorter,
          message: "the server gave \(ends - begins) seconds, not \(duration): it sets a limit",
          help: "APISIX needs a new token before that: use token_file, and a job that renews it"))
    }
  }

  // MARK: Secret

  private mutating func takeFromSecret(until deadline: ContinuousClock.Instant, _ pause: () -> Void) {
    guard var answer = look() else { return }
    if answer.status == 404 {
      guard createSecret() else { return }
      guard let created = look() else { return }
      answer = created
    }
    while answer.status == 200 {
      guard let secret = try? JSONValue.parse(answer.body) else { break }
      let owner = secret["metadata"]?["annotations"]?["kubernetes.io/service-account.name"]?.string
      guard secret["type"]?.string == "kubernetes.io/service-account-token", owner == order.account.name else {
        findings.append(
          Finding(
            rule: TokenCreateRules.otherSecret,
            message: "the Secret \(order.secretName) is no token Secret of the ServiceAccount \(order.account.name)",
            help: "name another: --secret-name NAME"))
        return
      }
      if let data = secret["data"]?["token"]?.string, let bytes = Base64.decode(data.utf8), !bytes.isEmpty {
        token = TokenSecret(String(decoding: bytes, as: UTF8.self))
        preface.append("the token is that of the Secret \(namespace)/\(order.secretName); it does not expire")
        return
      }
      guard ContinuousClock.now < deadline else { break }
      pause()
      guard let next = look() else { return }
      answer = next
    }
    findings.append(
      Finding(
        rule: RBACRules.secretEmpty, severity: .error,
        message: answer.status == 404
          ? "the Secret \(order.secretName) was deleted again: the controller does so when the account is not there"
          : "the Secret \(order.secretName) holds no token yet", help: "is kube-controller-manager running?"))
  }

  private mutating func look() -> Response? {
    let path = APIResource.secrets.path(namespace: namespace, object: order.secretName)
    return send("see the Secret \(order.secretName)") { [client] () throws(HTTPError) in try client.get(path) }
  }

  /// Whether it is there now.
  private mutating func createSecret() -> Bool {
    guard order.createSecret else {
      findings.append(
        Finding(
          rule: TokenCreateRules.secretMissing,
          message: "there is no Secret \(order.secretName) in the namespace \(namespace)",
          help: "add --create-secret, or ask for a token that expires: --duration 24h\nor: \(generate)"))
      return false
    }
    let options = RBACOptions(name: order.account.name, namespace: namespace, secretName: order.secretName)
    guard let manifest = try? RBACManifests(options).manifests.last(where: { $0.kind == "Secret" }),
      let body = RBACManifests.json(ofDocument: manifest.yaml)
    else { return false }
    let lines = manifest.yaml.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { "  \($0)" }
    guard confirmed("create this Secret:", lines) else { return false }
    let path = APIResource.secrets.path(namespace: namespace)
    let answer = send("create the Secret", accepting: [201, 409]) { [client] () throws(HTTPError) in
      try client.post(path, body)
    }
    return answer != nil
  }

  // MARK: parts

  /// Says what is to be done; whether it may be.
  private mutating func confirmed(_ words: String, _ lines: [String] = []) -> Bool {
    preface.append("\(order.confirmed ? "now to" : "would") \(words)")
    preface += lines
    if order.confirmed { return true }
    findings.append(
      Finding(
        rule: TokenCreateRules.notConfirmed, message: "nothing was changed, and there is no token yet",
        help: "to do it: add --confirm"))
    return false
  }

  /// - Parameter accepting: statuses besides 200 and 404 that are no failure.
  private mutating func send(
    _ purpose: String, accepting: [Int] = [200, 404], _ action: () throws(HTTPError) -> Response
  ) -> Response? {
    do throws(HTTPError) {
      let response = try action()
      if accepting.contains(response.status) { return response }
      let answer = AnswerText(response)
      if let message = answer.status?.message, response.status != 401 {
        findings.append(
          Finding(
            rule: TokenCreateRules.refused, message: "\(target.prefix)may not \(purpose) (\(answer.code)): \(message)",
            help: "use a kubeconfig that may: --kubeconfig FILE"))
      } else {
        _ = answers.refused("GET", answer)
        findings += answers.server
      }
      return nil
    } catch {
      if let finding = error.finding(for: target) { findings.append(finding) }
      return nil
    }
  }
}

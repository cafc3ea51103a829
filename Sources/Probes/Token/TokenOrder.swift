public import Findings
import HTTP
public import Inputs
import JSON
public import Kubernetes
import SourceText

/// `token create`: which token of a ServiceAccount is wanted, from its Secret or by TokenRequest.
public struct TokenOrder: Sendable {
  public var account: ServiceAccount
  public var secretName: String
  /// Where there is no Secret of that name, one that the account itself names will do.
  public var takesNamed = false
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

  /// Gets the token. Without `confirmed` it sends GET only, and says what it would do.
  public func place(at target: Target, in context: Context) -> TokenDelivery {
    context.trace(target.summary)
    var clerk = TokenClerk(self, at: target, in: context)
    clerk.work()
    return clerk.delivery
  }
}

/// What came of an order.
public struct TokenDelivery: Sendable {
  public internal(set) var token: Secret?
  public internal(set) var findings: [Finding] = []
  /// What was done, or would be.
  public var preface: [String] = []

  public init() {}
}

/// Carries an order out.
private struct TokenClerk {
  let order: TokenOrder
  /// Of the Secret that is looked at.
  var secretName: String
  var server: Conversation
  let context: Context
  var delivery = TokenDelivery()

  init(_ order: TokenOrder, at target: Target, in context: Context) {
    self.order = order
    self.context = context
    secretName = order.secretName
    server = Conversation(target, in: context)
  }

  mutating func work() {
    let path = APIResource.serviceAccounts.path(namespace: namespace, object: order.account.name)
    guard let answer = get("see the ServiceAccount", path) else { return }
    guard answer.status != 404 else {
      return tell(
        RBACRules.accountMissing, "there is no ServiceAccount \(order.account.name) in the namespace \(namespace)",
        help: "make it: \(account)")
    }
    if order.isRequest { request() } else { takeFromSecret(of: answer) }
  }

  private var namespace: String { order.account.namespace }

  /// The command that makes the account, what it needs, and the Secret.
  private var account: String {
    let objects = AdministratorView(client: server.client).objects
    var mend = RBACMend(
      needed: ["list", "watch"].map { AccessRequest($0, .endpoints) }, user: order.account.username, objects: objects)
    mend.makesSecret = true
    var options = mend.options ?? RBACOptions(name: order.account.name, namespace: namespace)
    options.secretName = order.secretName
    return options.apply
  }

  // MARK: TokenRequest

  private mutating func request() {
    let life = order.duration.map { "for \($0) seconds" } ?? "for as long as the server gives, an hour as a rule"
    let audience = order.audiences.isEmpty ? "the API server" : order.audiences.joined(separator: ", ")
    guard confirmed("ask for a token of \(namespace)/\(order.account.name), \(life), for \(audience)") else { return }
    let spec: JSONObject = [
      "audiences": order.audiences.isEmpty ? .none : JSONValue(order.audiences),
      "expirationSeconds": order.duration.map { JSONValue($0) },
    ]
    let body: JSONValue = [
      "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": .object(spec),
    ]
    let path = APIResource.serviceAccounts.path(
      namespace: namespace, object: order.account.name, subresource: "token")
    guard let answer = post("ask for a token", path, body, accepting: [201]),
      let issued = (try? JSONValue.parse(answer.body))?["status"], let text = issued["token"]?.string, !text.isEmpty
    else { return }
    delivery.token = Secret(text)
    let ends = issued["expirationTimestamp"]?.string
    delivery.preface.append("it ends at \(ends ?? "a time that the server does not say")")
    if let duration = order.duration, let ends = ends.flatMap(Timestamp.parse), let jwt = JWT(text),
      let begins = jwt.issuedAt, ends - begins < duration - 5
    {
      tell(
        TokenCreateRules.shorter, "the server gave \(ends - begins) seconds, not \(duration): it sets a limit",
        help: "APISIX needs a new token before that: use token_file, and a job that renews it")
    }
  }

  // MARK: Secret

  private mutating func takeFromSecret(of account: Response) {
    guard var answer = look() else { return }
    if answer.status == 404, order.takesNamed {
      guard let named = lookAtNamed(by: account, before: answer) else { return }
      answer = named
    }
    if answer.status == 404 {
      guard createSecret() else { return }
      guard let created = look() else { return }
      answer = created
    }
    while answer.status == 200 {
      guard let secret = try? JSONValue.parse(answer.body) else { break }
      let owner = secret["metadata"]?["annotations"]?["kubernetes.io/service-account.name"]?.string
      guard secret["type"]?.string == "kubernetes.io/service-account-token", owner == order.account.name else {
        return tell(
          TokenCreateRules.otherSecret,
          "the Secret \(secretName) is not a token Secret of the ServiceAccount \(order.account.name)",
          help: "name another: --secret-name NAME")
      }
      if let data = secret["data"]?["token"]?.string, let bytes = Base64.decode(data.utf8), !bytes.isEmpty {
        delivery.token = Secret(String(decoding: bytes, as: UTF8.self))
        delivery.preface.append("the token is that of the Secret \(namespace)/\(secretName); it does not expire")
        return
      }
      // So long that there is time left to say so.
      let hasTime = context.deadline.map { .now < $0 - .milliseconds(500) } ?? true
      guard hasTime, !context.isCancelled() else { break }
      context.pause(.milliseconds(200))
      guard let next = look() else { return }
      answer = next
    }
    tell(
      RBACRules.secretEmpty, severity: .error,
      answer.status == 404
        ? "the Secret \(secretName) was deleted again: the controller does so when the account is not there"
        : "the Secret \(secretName) holds no token yet", help: "is kube-controller-manager running?")
  }

  private mutating func look() -> Response? {
    get("see the Secret \(secretName)", APIResource.secrets.path(namespace: namespace, object: secretName))
  }

  /// The first token Secret among those that the account names, as Kubernetes before 1.24 makes one for each account.
  /// - Returns: the answer before where it names none; nil for a failure that was told.
  private mutating func lookAtNamed(by account: Response, before answer: Response) -> Response? {
    let named = (try? JSONValue.parse(account.body))?["secrets"]?.array ?? []
    for case let name? in named.map({ $0["name"]?.string }) where name != order.secretName {
      secretName = name
      guard let other = look() else { return nil }
      let type = (try? JSONValue.parse(other.body))?["type"]?.string
      if other.status == 200, type == "kubernetes.io/service-account-token" { return other }
    }
    secretName = order.secretName
    return answer
  }

  /// Whether it is there now.
  private mutating func createSecret() -> Bool {
    guard order.createSecret else {
      tell(
        TokenCreateRules.secretMissing, "there is no Secret \(secretName) in the namespace \(namespace)",
        help: "add --create-secret, or ask for a token that expires: --duration 24h\nor: \(account)")
      return false
    }
    let options = RBACOptions(name: order.account.name, namespace: namespace, secretName: secretName)
    guard let manifest = try? RBACManifests(options).manifests.last(where: { $0.kind == "Secret" }),
      let body = RBACManifests.json(ofDocument: manifest.yaml)
    else { return false }
    let lines = manifest.yaml.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { "  \($0)" }
    guard confirmed("create this Secret:", lines) else { return false }
    let path = APIResource.secrets.path(namespace: namespace)
    return post("create the Secret", path, body, accepting: [201, 409]) != nil
  }

  // MARK: parts

  /// Says what is to be done; whether it may be.
  private mutating func confirmed(_ words: String, _ lines: [String] = []) -> Bool {
    delivery.preface.append("\(order.confirmed ? "now to" : "would") \(words)")
    delivery.preface += lines
    if order.confirmed { return true }
    tell(
      TokenCreateRules.notConfirmed, "nothing was changed, and there is no token yet", help: "to do it: add --confirm")
    return false
  }

  private mutating func tell(_ rule: Rule, severity: Severity? = nil, _ message: String, help: String) {
    delivery.findings += Finding(rule, severity: severity, message, help: help)
  }

  private mutating func get(_ purpose: String, _ path: String) -> Response? {
    answer(purpose, accepting: [200, 404]) { server throws(HTTPError) in try server.get(purpose, path) }
  }

  private mutating func post(_ purpose: String, _ path: String, _ body: JSONValue, accepting: [Int]) -> Response? {
    answer(purpose, accepting: accepting) { server throws(HTTPError) in try server.post(purpose, path, body) }
  }

  /// - Parameter accepting: statuses that are no failure.
  private mutating func answer(
    _ purpose: String, accepting: [Int], _ ask: (inout Conversation) throws(HTTPError) -> Response
  ) -> Response? {
    do throws(HTTPError) {
      let response = try ask(&server)
      if accepting.contains(response.status) { return response }
      let answer = AnswerText(response)
      if let message = answer.status?.message, response.status != 401 {
        delivery.findings += server.finding(
          TokenCreateRules.refused, "may not \(purpose) (\(answer.code)): \(message)",
          help: "use a kubeconfig that may: --kubeconfig FILE")
      } else {
        delivery.findings += server.explain("GET", answer).findings
      }
    } catch { delivery.findings += server.finding(error) }
    return nil
  }
}

/// The rules of `token create`.
public enum TokenCreateRules {
  public static let all = [notConfirmed, secretMissing, otherSecret, refused, shorter, notPlaced]

  public static let notConfirmed: Rule = """
    token/not-confirmed (error): token create would change the cluster, and was not told to
    Checks: Whether --confirm is given where a Secret is to be made or a token to be issued.
    Why: gatecheck changes nothing in a cluster unless that is asked for in words.
    Example: gatecheck token create --create-secret --output-file token
    Fix: gatecheck token create --create-secret --output-file token --confirm
    """

  public static let secretMissing: Rule = """
    token/secret-missing (error): The ServiceAccount has no token Secret of that name
    Checks: The Secret NAME-token, else those that the ServiceAccount names under `secrets`; or that of --secret-name.
    Why: Since Kubernetes 1.24 no Secret is made for a ServiceAccount by itself.
    Example: gatecheck token create --name apisix --output-file token
    Fix: gatecheck token create --name apisix --create-secret --output-file token --confirm
    """

  public static let otherSecret: Rule = """
    token/other-secret (error): The Secret is of another type or of another ServiceAccount
    Checks: Its type and its annotation kubernetes.io/service-account.name.
    Why: Its token, if it has one, would be another identity's.
    Example: type: Opaque
    Fix: Name another Secret: --secret-name NAME.
    """

  public static let refused: Rule = """
    token/create-refused (error): The API server did not let the token be had
    Checks: The answers to GET of the ServiceAccount and Secret, and to the creation of Secret or token.
    Why: The user of the kubeconfig lacks the right to get or create Secrets, or to create serviceaccounts/token.
    Example: cannot create resource "serviceaccounts/token"
    Fix: Use a kubeconfig whose user may.
    """

  public static let shorter: Rule = """
    token/shorter-than-asked (warning): The token ends sooner than was asked
    Checks: The end that the server gave against --duration.
    Why: The API server limits it (--service-account-max-token-expiration). APISIX gets 401 from then on.
    Example: gatecheck token create --duration 8760h --output-file token --confirm
    Fix: Use token_file and renew the file, or a Secret's token: --create-secret.
    """

  public static let notPlaced: Rule = """
    token/not-placed (error): The config.yaml has no place for the token
    Checks: That discovery.kubernetes is there, that one cluster is meant, and that its token is not a variable.
    Why: The file is as it was.
    Example:
    client:
      token: ${APISIX_TOKEN}
    Fix: Write the token to a file, --output-file FILE, and name it there: client.token_file.
    """
}

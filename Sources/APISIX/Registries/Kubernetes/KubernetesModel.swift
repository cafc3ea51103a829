enum KubernetesModel: RegistryModel {
  static let modules: Set = ["schema", "core", "informer_factory"]
  static let failure: LoadFailure? = (Words(.badLength, "local 'discovery_conf'", "nil"), .all, 176)
  static let tokenFile = RegistryKind.podTokenFile

  /// One cluster as a map; since 2.99.0 also several as a list, and since then every reason is dropped by `anyOf`.
  static func schema(_ release: Release) -> Schema {
    guard release.has(.severalClusters) else { return single(release) }
    return Schema(anyOf: [single(release), .array(of: cluster(release))])
  }

  private static func single(_ release: Release) -> Schema {
    let host = "${KUBERNETES_SERVICE_HOST}"
    let port = "${KUBERNETES_SERVICE_PORT}"
    let service = Schema.object(
      service(release, host: host, port: port),
      fallback: .object([("schema", .string("https")), ("host", .string(host)), ("port", .string(port))]))
    let isLenient = release.has(.optionalCredential)
    let client = Schema.object(
      credentials, oneOf: isLenient ? [] : eitherCredential,
      fallback: .object([("token_file", .string(tokenFile))]),
      fallbackUnless: isLenient ? (["token", "token_file"], "token_file", .string(tokenFile)) : nil)
    return .object([("service", service), ("client", client)] + common(release))
  }

  private static func cluster(_ release: Release) -> Schema {
    let service = Schema.object(service(release), required: ["host", "port"])
    let client = Schema.object(credentials, oneOf: eitherCredential)
    let id = Schema.string(release.has(.longIDs) ? .id : .shortID)
    return .object(
      [("id", id), ("service", service), ("client", client)] + common(release),
      required: ["id", "service", "client"])
  }

  private static func service(_ release: Release, host: String? = nil, port: String? = nil) -> [(String, Schema)] {
    [
      ("schema", .word(["http", "https"], fallback: "https")),
      ("host", .string(oneOf: [.placeholder, .host], fallback: host)),
      ("port", .string(oneOf: [.placeholder, .port], fallback: port)),
    ] + release.with(.sslVerify, ("ssl_verify", .boolean()))
  }

  private static var credentials: [(String, Schema)] {
    [
      ("token", .string(oneOf: [.endsInPlaceholder, .token])),
      ("token_file", .string(.tokenFile, minLength: 1, maxLength: 500)),
    ]
  }

  private static var eitherCredential: [Schema] { [.requiring(["token"]), .requiring(["token_file"])] }

  private static func common(_ release: Release) -> [(String, Schema)] {
    [
      ("namespace_selector", selector),
      ("label_selector", .string()),
      ("default_weight", .integer(0, fallback: 50)),
    ] + release.with(.sharedSize, ("shared_size", .sharedSize(release)))
      + release.with(.slicesKey, ("watch_endpoint_slices", .boolean(fallback: false)))
  }

  private static var selector: Schema {
    let regexes = Schema.array(of: .string(.namespaceRegex))
    return .object(
      [("equal", .string(.namespace)), ("not_equal", .string(.namespace)), ("match", regexes), ("not_match", regexes)],
      oneOf: [[], ["equal"], ["not_equal"], ["match"], ["not_match"]].map { .requiring($0) })
  }
}

extension RegistryKind {
  /// Where Kubernetes puts the token of a pod's account, and where APISIX looks for it by itself.
  public static let podTokenFile = "/var/run/secrets/kubernetes.io/serviceaccount/token"
}

extension KubernetesModel {
  static func refusal(of section: LuaValue, in release: Release) -> Refusal? {
    NginxEnvironment.refusal(of: section, in: release)
  }

  static func start(_ section: LuaValue, _ conditions: Conditions) -> RegistryStart {
    var start = KubernetesStart(conditions)
    let refusal = start.run(section)
    return RegistryStart(refusal: refusal, log: start.log, open: start.open)
  }
}

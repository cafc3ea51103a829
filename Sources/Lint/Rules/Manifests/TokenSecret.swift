import Findings
import YAML

extension Rule {
  static let secretAccountMissing = Rule(
    id: "secret/account-missing", severity: .error,
    summary: "A token Secret does not say for which ServiceAccount it is",
    checks: "The annotation kubernetes.io/service-account.name of Secrets of type kubernetes.io/service-account-token.",
    why: "The API server refuses such a Secret without it: `metadata.annotations[kubernetes.io/service-account.name]: "
      + "Required value`. Nobody would know whose token to put in.",
    example: """
      kind: Secret
      metadata:
        name: apisix-test-kubeapi
      type: kubernetes.io/service-account-token
      """,
    fix: """
      kind: Secret
      metadata:
        name: apisix-test-kubeapi
        annotations:
          kubernetes.io/service-account.name: apisix-test
      type: kubernetes.io/service-account-token
      """)
  static let secretType = Rule(
    id: "secret/not-a-token-secret", severity: .error,
    summary: "A Secret names a ServiceAccount and is not of the type that gets a token",
    checks: "Secrets with the annotation kubernetes.io/service-account.name and another type than "
      + "kubernetes.io/service-account-token.",
    why: "Kubernetes fills in a token only for that type. This Secret stays without one.",
    example: """
      kind: Secret
      metadata:
        annotations:
          kubernetes.io/service-account.name: apisix-test
      type: Opaque
      """,
    fix: "type: kubernetes.io/service-account-token   # the type cannot be changed later: delete the Secret first")
  static let secretAccount = Rule(
    id: "secret/account-not-found", severity: .error,
    summary: "A token Secret is for a ServiceAccount that is somewhere else",
    checks: "The account and namespace of token Secrets against the ServiceAccounts in the run: the same name in "
      + "another namespace, or nearly the same name.",
    why: "A token Secret works only for an account of its own namespace. Where that does not exist, Kubernetes deletes "
      + "the Secret within seconds, and no token ever appears.",
    example: """
      kind: ServiceAccount
      metadata: {name: apisix-test, namespace: apisix}
      ---
      kind: Secret
      metadata:
        name: apisix-test-kubeapi
        namespace: default
        annotations:
          kubernetes.io/service-account.name: apisix-test
      type: kubernetes.io/service-account-token
      """,
    fix: "namespace: apisix")
  static let secretTokenEncoding = Rule(
    id: "secret/token-encoding", severity: .error,
    summary: "The token in a Secret is encoded once too little or too much",
    checks: "The value `token` under data and stringData of Secrets, told by how it begins: a JWT with `eyJ`, a JWT in "
      + "base64 with `ZXlK`, one encoded twice with `WlhsS`.",
    why: "Values under data are base64, those under stringData plain. A plain token under data is refused as illegal "
      + "base64; one that is encoded once more than that reaches APISIX wrapped, and the API server answers 401.",
    example: """
      stringData:
        token: ZXlKaGJHY2lPaUpTVXpJMU5pSj...
      """,
    fix: "leave data out of a Secret of type kubernetes.io/service-account-token: Kubernetes fills it in")
  static let secretTokenInFile = Rule(
    id: "secret/token-in-file", severity: .warning,
    summary: "A ServiceAccount's token stands in a manifest",
    checks: "Secrets of type kubernetes.io/service-account-token whose data.token is filled.",
    why: "Such a token never expires and works for everyone who can read the file. Kubernetes fills the value in "
      + "itself, so the manifest need not have it.",
    example: """
      type: kubernetes.io/service-account-token
      data:
        token: ZXlKaGJHY2lPaUpTVXpJMU5pSj...
      """,
    fix: "remove data, and delete and make anew the Secret in the cluster, so that the published token becomes invalid")
}

enum TokenSecret {
  static let type = "kubernetes.io/service-account-token"
  static let annotation = "kubernetes.io/service-account.name"

  static func check(_ secret: Manifest, in project: Project) -> [Finding] {
    guard secret.kind == "Secret" else { return [] }
    let written = secret.object["type"]?.string
    let account = secret.annotation(annotation)
    guard written == type else {
      guard let account, account.string != nil, written?.isTemplated != true else { return token(secret, live: false) }
      return [
        (secret.object["type"] ?? account).finding(
          .secretType, "this Secret is of type \(written ?? "Opaque"), so it gets no token of \(account.string ?? "")",
          help: "write type: \(type)", fix: secret.object["type"]?.replacing(with: type))
      ] + token(secret, live: false)
    }
    guard let account, let name = account.string, !name.isEmpty else {
      return [
        (account ?? secret.metadata ?? secret.object).finding(
          .secretAccountMissing, "\(secret.title) has no annotation \(annotation)",
          help: "add metadata.annotations: \(annotation): ACCOUNT")
      ] + token(secret, live: true)
    }
    return home(secret, account, name, project.cluster) + token(secret, live: true)
  }

  private static func home(_ secret: Manifest, _ field: Field, _ name: String, _ cluster: Cluster) -> [Finding] {
    guard !name.isTemplated, name != "default", secret.namespace?.isTemplated != true else { return [] }
    let same = cluster.accounts[name] ?? []
    // Who leaves the namespace to kubectl gives both objects the same.
    if same.contains(where: { $0.namespace == nil || secret.namespace == nil || $0.namespace == secret.namespace }) {
      return []
    }
    if let home = References.beside(secret, [name: same]).first?.namespace, let own = secret.metadata?["namespace"],
      !home.isTemplated
    {
      return [
        own.finding(
          .secretAccount, "ServiceAccount \(name) is in namespace \(home), this Secret is in \(own.string ?? "")",
          help: "write namespace: \(home)", fix: own.replacing(with: home, safe: false))
      ]
    }
    guard same.isEmpty else { return [] }
    let here = References.beside(secret, cluster.accounts).filter {
      $0.namespace == secret.namespace || $0.namespace == nil || secret.namespace == nil
    }
    guard let near = References.closest(name, among: here.compactMap(\.name)) else { return [] }
    return [
      field.finding(
        .secretAccount, "there is no ServiceAccount \(name) in these files; there is \(near)",
        help: "did you mean \(near)?", fix: field.replacing(with: near, safe: false))
    ]
  }

  /// - Parameter live: whether Kubernetes takes the value for an account's token.
  private static func token(_ secret: Manifest, live: Bool) -> [Finding] {
    for (key, plain) in [("data", false), ("stringData", true)] {
      guard let field = secret.object[key]?["token"], let text = field.string, !text.isTemplated else { continue }
      let layers =
        text.hasPrefix("eyJ") && text.contains(".")
        ? 0
        : text.hasPrefix("ZXlK")
          ? 1
          : text.hasPrefix("WlhsS") ? 2 : nil
      guard let layers else { continue }
      if layers == (plain ? 0 : 1) {
        guard live else { return [] }
        return [field.finding(.secretTokenInFile, "a token that works stands in this file", help: "remove it")]
      }
      let message =
        plain
        ? "the token under stringData is base64; Kubernetes encodes stringData itself"
        : layers == 0
          ? "data.token is a plain token; values under data must be base64"
          : "data.token is base64 twice"
      return [
        field.finding(
          .secretTokenEncoding, message,
          help: live ? "remove it: Kubernetes fills it in" : "decode it once with base64 -d, or move it to stringData")
      ]
    }
    return []
  }
}

import Findings
import Kubernetes
import SourceText
import YAML

enum TokenSecret {
  static let accountMissing: Rule = """
    secret/account-missing (error): A token Secret does not say for which ServiceAccount it is
    Checks: The annotation kubernetes.io/service-account.name of Secrets of type kubernetes.io/service-account-token.
    Why: The API server refuses such a Secret without it: `metadata.annotations[kubernetes.io/service-account.name]: \
    Required value`. Nobody would know whose token to put in.
    Example:
    kind: Secret
    metadata:
      name: apisix-test-kubeapi
    type: kubernetes.io/service-account-token
    Fix: kind: Secret
    metadata:
      name: apisix-test-kubeapi
      annotations:
        kubernetes.io/service-account.name: apisix-test
    type: kubernetes.io/service-account-token
    """

  static let wrongType: Rule = """
    secret/not-a-token-secret (error): A Secret names a ServiceAccount and is not of the type that gets a token
    Checks: Secrets with the annotation kubernetes.io/service-account.name and another type than \
    kubernetes.io/service-account-token.
    Why: Kubernetes fills in a token only for that type. This Secret stays without one.
    Example:
    kind: Secret
    metadata:
      annotations:
        kubernetes.io/service-account.name: apisix-test
    type: Opaque
    Fix: type: kubernetes.io/service-account-token   # the type cannot be changed later: delete the Secret first
    """

  static let accountNotFound: Rule = """
    secret/account-not-found (error): A token Secret is for a ServiceAccount that is somewhere else
    Checks: The account and namespace of token Secrets against the ServiceAccounts in the run: the same name in \
    another namespace, nearly the same name, or one that a kustomization's namePrefix or nameSuffix changes: the \
    annotation stays as it is.
    Why: A token Secret works only for an account of its own namespace. Where that does not exist, Kubernetes deletes \
    the Secret within seconds, and no token ever appears.
    Example:
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
    Fix: namespace: apisix
    """

  static let tokenEncoding: Rule = """
    secret/token-encoding (error): The token in a Secret is encoded once too little or too much
    Checks: The value `token` under data and stringData of Secrets, told by how it begins: a JWT with `eyJ`, a JWT in \
    base64 with `ZXlK`, one encoded twice with `WlhsS`.
    Why: Values under data are base64, those under stringData plain. A plain token under data is refused as illegal \
    base64; one that is encoded once more than that reaches APISIX wrapped, and the API server answers 401.
    Example:
    stringData:
      token: ZXlKaGJHY2lPaUpTVXpJMU5pSj...
    Fix: leave data out of a Secret of type kubernetes.io/service-account-token: Kubernetes fills it in
    """

  static let tokenInFile: Rule = """
    secret/token-in-file (warning): A ServiceAccount's token stands in a manifest
    Checks: Secrets of type kubernetes.io/service-account-token whose data.token is filled.
    Why: Such a token never expires and works for everyone who can read the file. Kubernetes fills the value in \
    itself, so the manifest need not have it.
    Example:
    type: kubernetes.io/service-account-token
    data:
      token: ZXlKaGJHY2lPaUpTVXpJMU5pSj...
    Fix: remove data, and delete and recreate the Secret in the cluster, so that the published token becomes invalid
    """

  static let rules = [accountMissing, wrongType, accountNotFound, tokenEncoding, tokenInFile]

  static let type = "kubernetes.io/service-account-token"
  static let annotation = "kubernetes.io/service-account.name"

  static func check(_ secret: Manifest, in project: Project) -> [Finding] {
    let live = secret.object["type"]?.string == type
    return [account(secret, project.cluster), token(secret, live: live)].compactMap { $0 }
  }

  /// What is wrong with the account that the Secret names.
  private static func account(_ secret: Manifest, _ cluster: Cluster) -> Finding? {
    let written = secret.object["type"]?.string
    let account = secret.annotation(annotation)
    guard written == type else {
      guard let account, account.string?.isTemplated == false, written?.isTemplated != true else { return nil }
      return (secret.object["type"] ?? account).finding(
        wrongType, "this Secret is of type \(written ?? "Opaque"), so it gets no token of \(account.string ?? "")",
        help: "write type: \(type)", fix: secret.object["type"]?.replacing(with: type))
    }
    guard let account, let name = account.string, !name.isEmpty else {
      return (account ?? secret.metadata ?? secret.object).finding(
        accountMissing, "\(secret.title) has no annotation \(annotation)",
        help: "add annotations: {\(annotation): ACCOUNT} under metadata")
    }
    return renamed(secret, account, name, cluster) ?? home(secret, account, name, cluster)
  }

  /// kustomize knows the names that refer to an account, and this annotation is none of them.
  private static func renamed(_ secret: Manifest, _ field: Field, _ name: String, _ cluster: Cluster) -> Finding? {
    let layers = cluster.kustomizations.layers(over: secret.object.file.path)
    guard !layers.isEmpty, !layers.contains(where: \.isOpen) else { return nil }
    let files = Set(
      (cluster.accounts[name] ?? []).flatMap { account in
        cluster.kustomizations.layers(over: account.object.file.path).map(\.manifest.object.file.path)
      })
    let changing = layers.first { $0.renamed(name) != name && files.contains($0.manifest.object.file.path) }
    guard let changing else { return nil }
    let file = changing.manifest.object.file.path
    return field.finding(
      accountNotFound,
      "\(file) renames ServiceAccount \(name) to \(changing.renamed(name)), and leaves this annotation as it is",
      help: "write \(annotation): \(changing.renamed(name)), in a patch where others use this file as well")
  }

  private static func home(_ secret: Manifest, _ field: Field, _ name: String, _ cluster: Cluster) -> Finding? {
    guard !name.isTemplated, name != "default", secret.namespace?.isTemplated != true else { return nil }
    let same = cluster.accounts[name] ?? []
    // Who leaves the namespace to kubectl gives both objects the same.
    if same.contains(where: { $0.namespace == nil || secret.namespace == nil || $0.namespace == secret.namespace }) {
      return nil
    }
    if let home = References.beside(secret, [name: same]).first?.namespace, let own = secret.metadata?["namespace"],
      !home.isTemplated, !cluster.kustomizations.mayChange(secret.object.file)
    {
      return own.finding(
        accountNotFound, "ServiceAccount \(name) is in namespace \(home), this Secret is in \(own.string ?? "")",
        help: "write namespace: \(YAMLScalar.written(home))", fix: own.replacing(withName: home))
    }
    guard same.isEmpty else { return nil }
    let here = References.beside(secret, cluster.accounts).filter {
      ($0.namespace == secret.namespace || $0.namespace == nil || secret.namespace == nil)
        && !cluster.mayBeCalled($0, name)
    }
    guard let near = References.closest(name, among: here.compactMap(\.name)) else { return nil }
    return field.finding(
      accountNotFound, "there is no ServiceAccount \(name) in these files; there is \(near)",
      help: "did you mean \(near)?", fix: field.replacing(withName: near))
  }

  /// - Parameter live: whether Kubernetes takes the value for an account's token.
  private static func token(_ secret: Manifest, live: Bool) -> Finding? {
    for (key, plain) in [("data", false), ("stringData", true)] {
      guard let field = secret.object[key]?["token"], let text = field.string, !text.isTemplated else { continue }
      // A token as it is, in base64, and twice so.
      guard let layers = ["eyJ", "ZXlK", "WlhsS"].firstIndex(where: text.hasPrefix), layers > 0 || text.has(".") else {
        continue
      }
      if layers == (plain ? 0 : 1) {
        guard live else { return nil }
        return field.finding(tokenInFile, "a token that works stands in this file", help: "remove it")
      }
      let message =
        plain
        ? "the token under stringData is base64; Kubernetes encodes stringData itself"
        : layers == 0
          ? "data.token is a plain token; values under data must be base64"
          : "data.token is base64 twice"
      return field.finding(
        tokenEncoding, message,
        help: live ? "remove it: Kubernetes fills it in" : "decode it once with base64 -d, or move it to stringData")
    }
    return nil
  }
}

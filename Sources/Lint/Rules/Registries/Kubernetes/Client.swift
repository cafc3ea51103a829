import APISIX
import Findings
import SourceText

enum Client {
  static let tokenFileInvalid: Rule = """
    kubernetes/token-file-invalid (error, since 2.13.0): token_file is not a path that APISIX accepts
    Checks: That `client.token_file` is a string of 1 to 500 characters without `:`, `*`, `?`, `"`, `<`, `>` and `|`.
    Why: URLs and Windows paths fail the schema: `object matches none of the required`.
    Example: token_file: file:///etc/apisix/token
    Fix: token_file: /etc/apisix/token
    """

  static let tokenFileNotExpanded: Rule = """
    kubernetes/token-file-not-expanded (error, since 2.13.0): token_file holds something that nobody expands
    Checks: That `client.token_file` has no `~/` and no variable inside a longer path.
    Why: APISIX opens the text as it is. Only `${NAME}` as the whole value is replaced. The file is then missing, and \
    every list fails.
    Example: token_file: ${HOME}/token
    Fix: token_file: /home/apisix/token
    """

  static let tokenAndFile: Rule = """
    kubernetes/token-and-file (warning, since 3.0.0): Both token and token_file are given
    Checks: That `client` has only one of the two.
    Why: From 3.0 on a single cluster accepts both, and `token` wins without a word: the file, and its renewal, are \
    never looked at.
    Example:
    client:
      token: ${TOKEN}
      token_file: /var/run/secrets/kubernetes.io/serviceaccount/token
    Fix: Keep the file, which Kubernetes renews:
      client:
        token_file: /var/run/secrets/kubernetes.io/serviceaccount/token
    """

  static let loopbackServer: Rule = """
    kubernetes/loopback-server (note, since 2.13.0): The API server's address is this machine itself
    Checks: Whether `service.host` is a loopback address.
    Why: Inside a container 127.0.0.1 is the container, not the machine. Unless a proxy of the API server runs in the \
    same network namespace, APISIX logs `connect apiserver failed … connection refused` every 40 seconds.
    Example: host: 127.0.0.1
    Fix: Inside the cluster:
      host: ${KUBERNETES_SERVICE_HOST}
      port: ${KUBERNETES_SERVICE_PORT}
    Outside it, the address that `kubectl cluster-info` shows.
    zh: API Server 的地址是本机
    Checks: `service.host` 是否是回环地址。
    Why: 在容器里，127.0.0.1 是容器自己，不是宿主机。除非同一个网络命名空间里有 API Server 的代理，否则 APISIX 每 40 秒\
    记录一次 `connect apiserver failed … connection refused`。
    Fix: 在集群内：
      host: ${KUBERNETES_SERVICE_HOST}
      port: ${KUBERNETES_SERVICE_PORT}
    在集群外，写 `kubectl cluster-info` 显示的地址。
    """

  static let rules = [tokenFileInvalid, tokenFileNotExpanded, tokenAndFile, loopbackServer]

  static func check(_ cluster: KubernetesCluster) -> [Finding] {
    var findings: [Finding] = []
    let token = cluster["client", "token"]
    let tokenFile = cluster["client", "token_file"]
    if let tokenFile, !tokenFile.isOpen {
      let path = tokenFile.string
      if let path, !path.isEmpty, path.utf8.count <= 500 || path.count <= 500,
        Pattern.tokenFile.matches(path)
      {
        // `${A=/x}` is put into nginx.conf as `env A=/x`, and APISIX does not start.
        let isVariable = Placeholder.isWhole(path) && !path.utf8.contains(UInt8(ascii: "="))
        if path.hasPrefix("~") || path.utf8.contains(UInt8(ascii: "$")) && !isVariable {
          findings += tokenFile.finding(
            tokenFileNotExpanded, "nobody expands \(quoted(path)); APISIX opens a file of exactly this name",
            help: "write the absolute path, or ${NAME} as the whole value")
        }
      } else {
        let problem = path.map { $0.isEmpty ? "empty" : "not a plain path" } ?? tokenFile.described
        findings += tokenFile.finding(
          tokenFileInvalid,
          "token_file is \(problem); APISIX accepts "
            + (path == nil ? "a path" : "1 to 500 characters without : * ? \" < > |"),
          help: "write the absolute path of the file")
      }
    }
    if let token, tokenFile != nil, !cluster.isItem, cluster.release.has(.optionalCredential) {
      findings += token.finding(
        tokenAndFile, "token and token_file are both given; token wins, the file is never read", at: token.keyNode,
        help: "remove the one you do not mean")
    }
    if let host = cluster["service", "host"], let text = host.string, !text.hasPrefix("$"),
      text == "localhost" || text.hasPrefix("127.")
    {
      findings += host.finding(
        loopbackServer, "host \(text) is the gateway's own machine or container",
        help: "in a container give the API server's own address; `kubectl cluster-info` shows it")
    }
    return findings
  }
}

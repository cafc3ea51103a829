import APISIX
import Findings
import Inputs

enum ClusterList {
  static let idInvalid: Rule = """
    kubernetes/id-invalid (error, since 3.0.0): A cluster's id is missing or not accepted
    Checks: That every cluster of the list form has an `id`: a string of lower-case letters and digits, at most 64 (8 \
    before 3.14).
    Why: The id is the first part of each service name. Hyphens, upper case, numbers without quotes and, before 3.14, \
    more than 8 characters fail the schema: `object matches none of the required`.
    Example:
    kubernetes:
      - id: prod-eu
    Fix: kubernetes:
      - id: prodeu
    """

  static let idDuplicate: Rule = """
    kubernetes/id-duplicate (error, since 3.0.0): Two clusters have the same id
    Checks: That the ids of the list form differ.
    Why: The schema lets it pass. Then every worker stops with `duplicate id value` while it starts, before routes and \
    plugins are set up: the whole gateway is broken, not just discovery.
    Example:
    kubernetes:
      - id: a
      - id: a
    Fix: Give each cluster an id of its own.
    """

  static let incomplete: Rule = """
    kubernetes/cluster-incomplete (error, since 3.0.0): A cluster of the list form lacks a required key
    Checks: That each cluster of the list form has `service` with `host` and `port`, and `client`.
    Why: In the list form nothing is taken from the pod's environment: host, port and a credential must be there, or \
    the schema fails: `object matches none of the required`. A list with one cluster is a list all the same.
    Example:
    kubernetes:
      - id: a
        client: {token_file: /etc/apisix/a}
    Fix: kubernetes:
      - id: a
        service: {host: a.example.org, port: "6443"}
        client: {token_file: /etc/apisix/a}
    """

  static let credentialChoice: Rule = """
    kubernetes/credential-choice (error, since 2.13.0): client does not hold exactly one of token and token_file
    Checks: That `client` of the list form, and of every form before 3.0, has exactly one of `token` and `token_file`.
    Why: With both or none the schema fails: `object matches none of the required`. Inside a list a key without a \
    value counts as there.
    Example:
    client:
      token: ${TOKEN}
      token_file: /etc/apisix/token
    Fix: client:
      token_file: /etc/apisix/token
    zh: client 必须在 token 和 token_file 中二选一
    Checks: 列表形式的 `client`，以及 3.0 以前任何形式的 `client`，必须有且只有 `token` 和 `token_file` 中的一个。
    Why: 两个都写或者都不写，就通不过 schema 校验：`object matches none of the required`。在列表里，只有键没有值也算\
    写了。
    """

  static let tooOld: Rule = """
    kubernetes/list-too-old (error, since 2.13.0): This release knows no list of clusters
    Checks: That the list form of `kubernetes` is used with 3.0 or newer.
    Why: 2.13 to 2.15 accept one cluster, as a map: `wrong type: expected object, got table`.
    Example:
    kubernetes:
      - id: a
    Fix: Use APISIX 3.0 or newer, or configure one cluster as a map.
    """

  static let rules = [idInvalid, idDuplicate, incomplete, credentialChoice, tooOld]

  static func check(_ context: ConfigContext) -> [Finding] {
    let clusters = context.clusters
    guard let list = context[.kubernetes], clusters.first?.isItem == true else {
      return clusters.compactMap(credential)
    }
    if !context.release.has(.severalClusters) {
      return [
        list.finding(
          tooOld, "APISIX \(context.release) accepts one cluster, as a map; lists came with 3.0",
          help: "use APISIX 3.0 or newer")
      ]
    }
    var seen: Set<String> = []
    var findings: [Finding] = []
    for cluster in clusters where cluster.setting.isMapOrEmpty {
      findings += [identifier(of: cluster), completeness(of: cluster), credential(of: cluster)].compactMap { $0 }
      guard let id = cluster["id"], let text = id.string else { continue }
      if !seen.insert(text).inserted {
        findings += id.finding(
          idDuplicate, "the id \(quoted(text)) is there twice; every worker stops with `duplicate id value`",
          help: "give this cluster an id of its own")
      }
    }
    return findings
  }

  private static func identifier(of cluster: KubernetesCluster) -> Finding? {
    guard let id = cluster["id"] else {
      return cluster.setting.finding(
        idInvalid, "this cluster has no id",
        help: "add id: with lower-case letters and digits; service names then read ID/NAMESPACE/NAME:PORT")
    }
    guard !id.isOpen else { return nil }
    guard let text = id.string else {
      return id.finding(
        idInvalid, "id is \(id.described); APISIX accepts a string", help: "quote it", fix: id.inQuotes)
    }
    let name = text.hasSuffix("\n") ? text.dropLast() : text[...]
    guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isNumber || ($0.isLetter && $0.isLowercase)) }) else {
      let mended = SecretPatterns.quotable(text).lowercased().filter { $0.isASCII && ($0.isNumber || $0.isLetter) }
      return id.finding(
        idInvalid, "id \(quoted(text)) has other characters than lower-case letters and digits",
        help: "write id: \(mended.isEmpty ? "a" : mended), and the same in every service name")
    }
    let limit = cluster.release.has(.longIDs) ? 64 : 8
    guard name.count > limit else { return nil }
    return id.finding(
      idInvalid, "id has \(name.count) characters; APISIX \(cluster.release) accepts \(limit) at most",
      help: limit == 8 ? "shorten it, or use 3.14 or newer, which accepts 64" : "shorten it")
  }

  private static func completeness(of cluster: KubernetesCluster) -> Finding? {
    var missing: [String] = []
    if cluster["service"] == nil {
      missing.append("service")
    } else {
      missing += ["host", "port"].filter { cluster["service", $0] == nil }.map { "service.\($0)" }
    }
    if cluster["client"] == nil { missing.append("client") }
    guard !missing.isEmpty, cluster.setting.isMapOrEmpty else { return nil }
    return cluster.setting.finding(
      incomplete, "this cluster lacks \(missing.joined(separator: " and ")); a list has no defaults for it",
      at: cluster["service"]?.keyNode,
      help: "add \(missing.joined(separator: " and "))")
  }

  private static func credential(of cluster: KubernetesCluster) -> Finding? {
    guard cluster.isItem || !cluster.release.has(.optionalCredential), let client = cluster["client"],
      client.isMapOrEmpty, !client.isOpen
    else { return nil }
    let given = client.keys.filter { $0.name == "token" || $0.name == "token_file" }
    guard given.count != 1 else { return nil }
    return client.finding(
      credentialChoice,
      given.isEmpty
        ? "client has neither token nor token_file; here APISIX wants exactly one"
        : "client has both token and token_file; here APISIX accepts exactly one",
      at: given.last?.node,
      help: given.isEmpty ? "add token_file: /path/to/token" : "keep token_file")
  }
}

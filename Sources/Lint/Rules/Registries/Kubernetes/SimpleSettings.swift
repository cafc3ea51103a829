import APISIX
import Findings

extension Rule {
  static let labelSelectorNotString = Rule(
    id: "kubernetes/label-selector-not-string", severity: .error,
    summary: "label_selector is not a string",
    checks: "That `label_selector` is one string in kubectl's grammar.",
    why: "APISIX sends it as it is, and its schema accepts only a string: `object matches none of the required`.",
    example: """
      label_selector:
        app: web
      """,
    fix: """
      label_selector: app=web
      """,
    since: "2.13.0")

  static let weightInvalid = Rule(
    id: "kubernetes/weight-invalid", severity: .error,
    summary: "default_weight is no whole number from 0 on",
    checks: "That `default_weight` is a whole number of at least 0, and not a string.",
    why: "Anything else fails the schema: `object matches none of the required`.",
    example: """
      default_weight: "50"
      """,
    fix: """
      default_weight: 50
      """,
    since: "2.13.0")

  static let sharedSizeInvalid = Rule(
    id: "kubernetes/shared-size-invalid", severity: .error,
    summary: "shared_size is no size in MiB",
    checks: """
      That `shared_size` is digits with an `m` behind them, such as `64m`. Up to 3.12 at most two digits.
      """,
    why: """
      nginx's other units are not accepted here: `64`, `1g` and `64M` fail the schema with \
      `object matches none of the required`.
      """,
    example: """
      shared_size: 1g
      """,
    fix: """
      shared_size: 1024m
      """,
    since: "3.0.0")

  static let flagNotBoolean = Rule(
    id: "kubernetes/flag-not-boolean", severity: .error,
    summary: "A switch is not true or false",
    checks: "That `watch_endpoint_slices` (from 3.9 on) and `service.ssl_verify` (from 3.17 on) are booleans.",
    why: """
      Quoted `"true"` is a string, and a string fails the schema: `object matches none of the required`.
      """,
    example: """
      watch_endpoint_slices: "true"
      """,
    fix: """
      watch_endpoint_slices: true
      """,
    since: "3.9.0")

  static let notAMap = Rule(
    id: "kubernetes/not-a-map", severity: .error,
    summary: "A section is not a map",
    checks: "That `kubernetes`, `service` and `client` hold a map (`kubernetes` also a list of maps, one a cluster).",
    why: "Anything else fails the schema: `object matches none of the required`.",
    example: """
      discovery:
        kubernetes: in-cluster
      """,
    fix: """
      For a gateway inside the cluster, with all its defaults:
        discovery:
          kubernetes: {}
      """,
    since: "2.13.0")
}

enum SimpleSettings {
  static func check(_ cluster: KubernetesCluster) -> [Finding] {
    let file = cluster.file
    var findings: [Finding] = []
    for keys in [["service"], ["client"]] {
      guard let section = cluster[keys], !section.isMapOrEmpty, !section.isOpen else { continue }
      findings.append(
        file.finding(
          .notAMap, "\(section.key) is \(section.described); APISIX accepts a map", at: section.node,
          path: section.path, help: "write the keys of \(section.key) below it"))
    }
    if let labels = cluster["label_selector"], !labels.isString, !labels.isOpen {
      findings.append(
        file.finding(
          .labelSelectorNotString, "label_selector is \(labels.described); APISIX accepts a string", at: labels.node,
          path: labels.path, help: "write it as kubectl does: label_selector: \(labels.asLabelSelector ?? "app=web")"))
    }
    if let weight = cluster["default_weight"], !weight.isOpen,
      !(weight.number.map { $0 >= 0 && $0 == $0.rounded() } ?? false)
    {
      let digits = weight.string.flatMap { Int($0) }.flatMap { $0 >= 0 ? String($0) : nil }
      findings.append(
        file.finding(
          .weightInvalid, "default_weight is \(weight.described); APISIX accepts a whole number from 0 on",
          at: weight.node, path: weight.path, help: "write default_weight: \(digits ?? "50")",
          fix: digits.flatMap { file.replace(weight.node, with: $0) }))
    }
    if let size = cluster["shared_size"], !size.isOpen, cluster.release.has(.sharedSize),
      !SharedSize.isAccepted(size.string, release: cluster.release)
    {
      findings.append(SharedSize.finding(size, in: cluster))
    }
    for (keys, feature) in [(["watch_endpoint_slices"], Feature.slicesKey), (["service", "ssl_verify"], .sslVerify)] {
      guard cluster.release.has(feature), let flag = cluster[keys], flag.boolean == nil, !flag.isOpen else { continue }
      let word = flag.string.flatMap { ["true", "false"].contains($0.lowercased()) ? $0.lowercased() : nil }
      findings.append(
        file.finding(
          .flagNotBoolean, "\(flag.key) is \(flag.described); APISIX accepts true or false", at: flag.node,
          path: flag.path, help: "write \(flag.key): \(word ?? "true")",
          fix: word.flatMap { file.replace(flag.node, with: $0) }))
    }
    return findings
  }
}

enum SharedSize {
  static func isAccepted(_ text: String?, release: Release) -> Bool {
    let pattern = release.has(.longSharedSize) ? Pattern.sharedSize : Pattern.shortSharedSize
    return text.map(pattern.matches) ?? false
  }

  static func finding(_ size: Setting, in cluster: KubernetesCluster) -> Finding {
    let mended = size.string.flatMap(mend) ?? size.integer.map { "\($0)m" }
    let tooLong = isAccepted(size.string, release: .newest)
    let fits = mended.map { isAccepted($0, release: cluster.release) } ?? false
    return cluster.file.finding(
      .sharedSizeInvalid,
      tooLong
        ? "shared_size \(quoted(size.string ?? "")) is above 99m, which APISIX \(cluster.release) does not accept"
        : "shared_size is \(size.described); APISIX accepts digits with an m behind them",
      at: size.node, path: size.path,
      help: tooLong ? "write at most 99m, or use 3.13 or newer" : "write shared_size: \(mended ?? "64m")",
      fix: !tooLong && fits
        ? mended.flatMap {
          cluster.file.replace(
            size.node, with: $0, safe: size.string?.hasSuffix("g") ?? false || size.string?.hasSuffix("M") ?? false)
        } : nil)
  }

  private static func mend(_ text: String) -> String? {
    let digits = text.prefix { $0.isNumber }.drop { $0 == "0" }
    guard let number = Int(digits), number > 0, number < 1 << 20 else { return nil }
    switch text.drop(while: { $0.isNumber }).lowercased() {
    case "m", "mb", "mi", "mib", "": return "\(number)m"
    case "g", "gb", "gi", "gib": return "\(number * 1024)m"
    default: return nil
    }
  }
}

import APISIX
import Findings

enum SharedSize {
  static let rule: Rule = """
    kubernetes/shared-size-invalid (error, since 3.0.0): shared_size is not a size in MiB
    Checks: That `shared_size` is digits with an `m` behind them, such as `64m`. Up to 3.12 at most two digits.
    Why: nginx's other units are not accepted here: `64`, `1g` and `64M` fail the schema with `object matches none of \
    the required`.
    Example: shared_size: 1g
    Fix: shared_size: 1024m
    zh: shared_size 不是以 MiB 为单位的大小
    Checks: `shared_size` 必须是数字加 `m`，例如 `64m`。3.12 及以前最多两位数字。
    Why: nginx 的其他单位在这里不被接受：`64`、`1g` 和 `64M` 都通不过 schema 校验，报 `object matches none of the \
    required`。
    """

  private static func isAccepted(_ text: String?, release: Release) -> Bool {
    let pattern = release.has(.longSharedSize) ? Pattern.sharedSize : Pattern.shortSharedSize
    return text.map(pattern.matches) ?? false
  }

  static func check(_ cluster: KubernetesCluster) -> Finding? {
    guard let size = cluster["shared_size"], !size.isOpen, cluster.release.has(.sharedSize),
      !isAccepted(size.string, release: cluster.release)
    else { return nil }
    let mended = size.string.flatMap(mend) ?? size.integer.map { "\($0)m" }
    let tooLong = isAccepted(size.string, release: .newest)
    let fits = mended.map { isAccepted($0, release: cluster.release) } ?? false
    return size.finding(
      rule,
      tooLong
        ? "shared_size \(quoted(size.string ?? "")) is above 99m, which APISIX \(cluster.release) does not accept"
        : "shared_size is \(size.described); APISIX accepts digits with an m behind them",
      help: tooLong ? "write at most 99m, or use 3.13 or newer" : "write shared_size: \(mended ?? "64m")",
      fix: !tooLong && fits
        ? mended.flatMap {
          size.replacing(
            withYAML: $0, safe: size.string?.hasSuffix("g") ?? false || size.string?.hasSuffix("M") ?? false)
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

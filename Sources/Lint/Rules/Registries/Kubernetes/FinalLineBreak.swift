import Findings
import SourceText
import YAML

enum FinalLineBreak {
  static let rule: Rule = """
    kubernetes/final-line-break (warning, since 2.13.0): A value ends in a line break
    Checks: That `service.host`, the values of `namespace_selector` and `id` do not end in a line break, as a block \
    scalar written with `|` or `>` does.
    Why: APISIX's patterns let one final line break pass, and then use the value with it: no host and no namespace has \
    such a name. With an `id` the worker stops: `failed to get lua_shared_dict`.
    Example:
    host: |
      kube.example.org
    Fix: host: kube.example.org
    or, with a block scalar, |- in place of |
    zh: 值的末尾有换行
    Checks: `service.host`、`namespace_selector` 的值以及 `id` 的末尾不能有换行。用 `|` 或 `>` 写的块标量就会带上换\
    行。
    Why: APISIX 的正则允许末尾有一个换行，之后却连换行一起使用：没有哪个主机或命名空间叫这个名称。如果是 \
    `id`，worker 进程会停止：`failed to get lua_shared_dict`。
    Fix: host: kube.example.org
    如果要用块标量，就用 |- 代替 |
    """

  static func check(_ cluster: KubernetesCluster) -> [Finding] {
    let selector = cluster["namespace_selector"]
    var settings = [cluster["service", "host"], selector?["equal"], selector?["not_equal"]].compactMap { $0 }
    settings += selector?["match"]?.items ?? []
    settings += selector?["not_match"]?.items ?? []
    if cluster.isItem, let id = cluster["id"] { settings.append(id) }
    return settings.compactMap { setting in
      guard let text = setting.string, text.utf8.last == 0x0A else { return nil }
      return setting.finding(
        rule, severity: ["id", "host", "equal"].contains(setting.key) ? .error : .warning,
        "\(name(setting)) ends in a line break, which APISIX takes as part of it",
        help: "write it on one line, or |- in place of |", fix: chomp(setting, in: cluster.file))
    }
  }

  private static func name(_ setting: Setting) -> String { Int(setting.key) == nil ? setting.key : "this expression" }

  /// `|` becomes `|-`.
  private static func chomp(_ setting: Setting, in file: LintFile) -> Fix? {
    let node = file.tree[setting.node]
    let bytes = file.tree.text.bytes
    guard node.style == .literal || node.style == .folded, let mark = bytes[node.range].first,
      mark == UInt8(ascii: "|") || mark == UInt8(ascii: ">")
    else { return nil }
    let after = node.range.lowerBound + 1
    let keeps = after < bytes.count && bytes[after] == UInt8(ascii: "+")
    return Fix(safe: true, edits: [file.edit(after..<(keeps ? after + 1 : after), "-")])
  }
}

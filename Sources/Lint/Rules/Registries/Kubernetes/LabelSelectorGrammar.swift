import APISIX
import Findings
import SourceText

enum LabelSelectorGrammar {
  static let rule: Rule = """
    kubernetes/label-selector-grammar (error, since 2.13.0): Kubernetes cannot read the label_selector
    Checks: That `label_selector` is in kubectl's grammar: `a=b`, `a!=b`, `a in (b,c)`, `a`, `!a`, joined by commas.
    Why: APISIX sends it as it is, and the API server answers 400 to every list: no service resolves. APISIX's own \
    sample, `first="a",second="b"`, has quotes that Kubernetes does not accept.
    Example: label_selector: first="a",second="b"
    Fix: label_selector: first=a,second=b
    zh: label_selector 不符合 Kubernetes 的语法
    Checks: `label_selector` 要符合 kubectl 的语法：`a=b`、`a!=b`、`a in (b,c)`、`a`、`!a`，用逗号连接。
    Why: APISIX 会原样发送，API Server 对每次 list 都返回 400：所有服务都没有节点。APISIX 自己的示例 \
    `first="a",second="b"` 带有引号，Kubernetes 不接受。
    """

  static func check(_ cluster: KubernetesCluster) -> Finding? {
    guard let setting = cluster["label_selector"], let text = setting.string,
      // What nobody fills in has a rule of its own.
      !text.has("${"), let fault = fault(text)
    else { return nil }
    let plain = text.filter { $0 != "\"" && $0 != "'" }
    let trimmed = plain.filter { !$0.isNewline }
    let mended = trimmed != text && !trimmed.isEmpty && self.fault(trimmed) == nil ? trimmed : nil
    let message =
      mended == nil
      ? "the API server cannot read this label_selector and answers 400: \(fault)"
      : "Kubernetes accepts no quotes in a label_selector and answers 400 to every list"
    return setting.finding(
      rule, message,
      help: mended.map { "write label_selector: \($0)" } ?? "write it as for kubectl -l: app=web,tier in (a,b)",
      fix: mended.flatMap { setting.replacing(withYAML: "\"\($0)\"") })
  }

  private static func fault(_ text: String) -> String? {
    do throws(LabelSelector.Fault) { _ = try LabelSelector(text) } catch { return error.message }
    return nil
  }
}

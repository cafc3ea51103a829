import APISIX
import Findings

enum PortBecomesNumber {
  static let rule: Rule = """
    kubernetes/port-becomes-number (error, since 2.13.0): A ${{…}} placeholder turns the port into a number
    Checks: That `service.port` holds no `${{NAME}}`.
    Why: APISIX replaces `${{NAME}}` after the YAML is read and makes a number of every result that looks like one; \
    quotes do not help. The port must be a string, so this can never start: the message is `object matches none of the \
    required`.
    Example: port: "${{KUBE_PORT}}"
    Fix: Use the form that the kubernetes registry reads itself, with single braces, as the whole value:
      port: ${KUBE_PORT}
    zh: ${{…}} 占位符会把端口变成数值
    Checks: `service.port` 里不能有 `${{NAME}}`。
    Why: APISIX 在读完 YAML 之后才替换 `${{NAME}}`，结果只要看起来像数字就变成数值，加引号也没用。而端口必须是字符串\
    ，所以这样写永远无法启动，报错是 `object matches none of the required`。
    Fix: 改用 kubernetes 注册中心自己读取的写法，用单层花括号，并且整个值只写它：
      port: ${KUBE_PORT}
    """

  static func check(_ cluster: KubernetesCluster) -> Finding? {
    guard let port = cluster["service", "port"], let text = port.written, let name = Placeholder.filled(in: text) else {
      return nil
    }
    // A variable whose value is itself `${NAME}` stays a string; that is known only with the environment.
    if port.substituted, port.isString { return nil }
    let usable = !(name.last?.isNumber ?? true)
    return port.finding(
      rule, "${{\(name)}} gives a number here, also in quotes; APISIX accepts only a string",
      help: usable
        ? "use single braces, which the kubernetes registry resolves itself: port: ${\(name)}"
        : "use single braces and a variable whose name does not end in a digit: port: ${KUBE_PORT}")
  }
}

import Findings
import YAML

enum NumberInBraces {
  static let rule: Rule = """
    upstream/number-in-braces (error): A number between brackets is a text before 3.10
    Checks: With a release before 3.10: that ports, weights, priorities and timeouts of upstreams in apisix.yaml do \
    not stand between brackets.
    Why: These releases read YAML with tinyyaml, which takes all between brackets for a text. APISIX refuses the \
    upstream, and the object that holds it is dropped: `wrong type: expected integer, got string`.
    Example:
    upstream:
      nodes: {"10.5.10.109:8080": 1}
    Fix: upstream:
      nodes:
        "10.5.10.109:8080": 1
    """

  static func check(_ upstream: Upstream) -> [Finding] {
    let tree = upstream.field.file.tree
    guard tree.reader != .libyaml else { return [] }
    let nodes = upstream.nodes
    let ofNodes = (nodes?.items ?? []).flatMap { node in ["port", "weight", "priority"].compactMap { node[$0] } }
    let weights = nodes?.members.map(\.value) ?? []
    let times = upstream.given("timeout")?.members.map(\.value) ?? []
    return (weights + ofNodes + times).compactMap { value in
      guard let text = value.string, tree[value.id].style == .plain, case .number = TinyScalar(text.utf8),
        tree.isTextOnly(value.id)
      else { return nil }
      return value.finding(
        rule, "\(text) is a text here, not a number; the upstream is refused",
        help: "write it in block style, on a line of its own")
    }
  }
}

import APISIX
import Findings
import SourceText
import YAML

enum EmptyStandalone {
  static let rule: Rule = """
    standalone/empty (error): There is nothing in apisix.yaml
    Checks: That the file that APISIX reads its routes from holds more than comments and `#END`, and is a map.
    Why: From an empty file APISIX loads nothing, and from 3.17 on `apisix start` ends with 1: `invalid apisix.yaml \
    file`. With a text in place of a map it starts, and every request gets 404.
    Example:
    # routes come later
    #END
    Fix: routes: []
    #END
    """

  static func check(_ file: LintFile, in project: Project) -> Finding? {
    guard file.error == nil, file.tree.templates == nil, EndMarker.isRead(file, in: project) else { return nil }
    let line = file.tree.text.lineBytes(1) ?? 0..<0
    guard let top = file.top, !top.isNull else {
      let stops = project.release(file.path).has(.fillsInStandaloneText)
      return file.finding(
        rule,
        "the file is empty\(stops ? "; APISIX does not start: invalid apisix.yaml file" : ": APISIX loads nothing")",
        range: line, help: "write routes: [], and #END on the last line")
    }
    guard !top.isMapping else { return nil }
    return top.finding(
      rule, severity: .warning, "APISIX wants a map of lists here; it starts, and every request gets 404",
      help: "write routes: [], and #END on the last line")
  }
}

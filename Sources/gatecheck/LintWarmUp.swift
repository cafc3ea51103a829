import APISIX
import Findings
import Lint
import Probes

/// Checks a small file while a folder is still being walked: what Swift sets up when it is first used, a millisecond of
/// types and tables, is then there.
enum LintWarmUp {
  static let run: @Sendable () -> Void = {
    let input = LintInput(path: "", bytes: Array(sample.utf8), named: true)
    let result = Linter(rules, now: 0) { _ in Conditions() }.check([input])
    let report = Report(
      command: "lint", version: Version.current, files: result.files, findings: result.findings,
      sources: result.sources)
    _ = report.rendered(as: .text)
  }

  private static let sample = """
    discovery:
      kubernetes:
        service: {schema: https, host: 127.0.0.1, port: "6443"}
        client: {token_file: /t}
        namespace_selector: {match: [default, ^my-[a-z]+$]}
    """
}

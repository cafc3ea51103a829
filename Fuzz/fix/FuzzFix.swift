import APISIX
import Findings
import JSON
import Lint
import SourceText
import YAML

/// Fixing: a file that is YAML stays so, every edit lies in the file, nothing gets worse, what is promised is done, and
/// what is fixed stays fixed.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let all = UnsafeBufferPointer(start: data, count: count)
  guard let choice = all.first else { return 0 }
  let bytes = Array(all.dropFirst())
  let unsafe = choice & 1 == 1
  let conditions = Conditions(release: Release.known[Int(choice >> 1) % Release.known.count])
  let linter = Linter(Catalogue(LintRules.all), now: 1_700_000_000) { _ in conditions }
  let look = { (inputs: [LintInput]) in linter.check(inputs) }
  let input = [LintInput(path: "f.yaml", bytes: bytes, named: true)]
  let found = look(input)
  for edit in found.findings.compactMap(\.fix).flatMap(\.edits) {
    precondition(edit.offset >= 0 && edit.length >= 0 && edit.offset + edit.length <= bytes.count)
  }
  let fixed = FixedFiles(input, found, unsafe: unsafe, look: look)
  precondition(fixed.unsettled.isEmpty, "the fixes do not come to an end")
  let after = fixed.inputs[0].bytes
  let isYAML = Tree.partial(bytes).error == nil
  if isYAML { precondition(Tree.partial(after).error == nil) }
  let promised = fixed.result.findings.compactMap(\.fix).filter { $0.safe || unsafe }
  precondition(promised.isEmpty, "a fix that is promised is not made")
  let (before, now) = (found.files.first?.verdict?["accepts"], fixed.result.files.first?.verdict?["accepts"])
  if before == true { precondition(now == true || unsafe && now == .null, "APISIX no longer takes it") }
  let errors = { (result: LintResult) in result.findings.count { $0.severity == .error } }
  let wasRead =
    isYAML && found.files.first?.verdict?["stage"] != "yaml"
    && !found.findings.contains { $0.rule.id.hasPrefix("yaml/") }
  if wasRead, !unsafe { precondition(errors(fixed.result) <= errors(found), "an error is new") }
  let again = FixedFiles(fixed.inputs, look(fixed.inputs), unsafe: unsafe, look: look)
  precondition(again.inputs[0].bytes == after)
  return 0
}

import APISIX
import Findings
import Lint
import SourceText
import YAML

/// Fixing: a file that is YAML stays so, every edit lies in the file, what is fixed stays fixed.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let all = UnsafeBufferPointer(start: data, count: count)
  guard let choice = all.first else { return 0 }
  let bytes = Array(all.dropFirst())
  let unsafe = choice & 1 == 1
  let conditions = Conditions(release: Release.known[Int(choice >> 1) % Release.known.count])
  let linter = Linter(Catalogue(LintRules.all), now: 1_700_000_000) { _ in conditions }
  func findings(_ bytes: [UInt8]) -> [Finding] {
    linter.check([LintInput(path: "f.yaml", bytes: bytes, named: true)]).findings
  }
  for edit in findings(bytes).compactMap(\.fix).flatMap(\.edits) {
    precondition(edit.offset >= 0 && edit.length >= 0 && edit.offset + edit.length <= bytes.count)
  }
  let outcome = FixPlan.settle(bytes, unsafe: unsafe, lint: findings)
  precondition(outcome.settled, "the fixes do not come to an end")
  if Tree.partial(bytes).error == nil { precondition(Tree.partial(outcome.bytes).error == nil) }
  let again = FixPlan.settle(outcome.bytes, unsafe: unsafe, lint: findings)
  precondition(again.applied == 0 && again.bytes == outcome.bytes)
  return 0
}

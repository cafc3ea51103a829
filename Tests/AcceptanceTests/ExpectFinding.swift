import TestSupport
import Testing

/// That this finding is told in these words, with this status, and the password of the stubs of registries nowhere.
func expect(
  _ ended: Ended, _ rule: String, _ words: String..., status: Int32 = 1,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(ended.status == status, "\(ended.output)\(ended.errors)", sourceLocation: sourceLocation)
  #expect(ended.output.contains("[\(rule)]"), "\(ended.output)", sourceLocation: sourceLocation)
  for text in words {
    #expect(ended.output.contains(text), "\(text):\n\(ended.output)", sourceLocation: sourceLocation)
  }
  #expect(!ended.output.contains("Zq7Wx9Lm2Rt5"), sourceLocation: sourceLocation)
}

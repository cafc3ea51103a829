public import APISIX
import Findings

/// The release to judge as.
public struct ReleaseChoice: Sendable {
  public let release: Release
  /// What there is to say about it.
  public let note: String?

  /// A text that names none, or one before the oldest.
  public struct Bad: Error, CustomStringConvertible { public let description: String }

  /// - Parameters:
  ///   - text: as the user wrote it; nil for the newest release.
  ///   - flag: where it was given.
  public init(_ text: String?, _ flag: String = "--apisix-version") throws(Bad) {
    guard let text else {
      (release, note) = (.newest, nil)
      return
    }
    guard let release = Release(parsing: text) else {
      throw Bad(description: "\(flag) wants X.Y or X.Y.Z, such as 3.16, not \(terminalSafe(text))")
    }
    guard release >= .oldest else {
      throw Bad(description: "\(flag): \(Release.oldest) is the oldest that gatecheck knows")
    }
    let (judged, known) = release.judged
    self.release = judged
    note = known ? nil : "APISIX \(release) is newer than gatecheck knows; judged as \(judged)"
  }
}

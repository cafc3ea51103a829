public import Findings

/// One link of the way of a request.
public struct Link: Sendable, Hashable {
  /// `route`, `service`, `upstream`, `registry`, `nodes`, `reachability`
  public let name: String
  public let text: String
  public let status: CheckResult.Status
}

/// Of which installation something is told, where there are several.
struct Place: Sendable, Hashable {
  /// The context that leads to it.
  var cluster: String?
  /// What runs it there: `Deployment apisix/gateway`.
  var workload: String?

  var shown: String? {
    let parts = [cluster, workload].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ": ")
  }
}

/// What came of one check.
public struct CheckResult: Sendable {
  public enum Status: String, Sendable, Hashable, CaseIterable { case ok, warning, error, skipped, unknown }

  public let category: Category
  /// What is so where all is well.
  public let name: String
  var place = Place()
  /// The installation, where there are several.
  public var installation: String? { place.shown }
  /// Without those that another check told already.
  public internal(set) var findings: [Finding] = []
  /// The way of a request, up to the first link that is broken.
  public internal(set) var chain: [Link] = []
  /// What was found where all is well: a version, a number.
  public internal(set) var detail: String?
  var unmet: Unmet?
  /// The worst that is to be said of it, here or there.
  var worst: Severity?

  init(category: Category, name: String) { (self.category, self.name) = (category, name) }

  public var status: Status {
    switch unmet?.kind {
    case .skipped, .refused: .skipped
    case .unknown, .untried: .unknown
    case nil:
      switch worst ?? findings.map(\.severity).max() {
      case .error: .error
      case .warning: .warning
      case .note, nil: .ok
      }
    }
  }

  /// Why nothing was found out; nil where something was.
  public var reason: String? { unmet?.reason }
  /// Whether it was not looked at now, but in the bundle that is told of.
  public internal(set) var isRecorded = false
  /// Whether what is wrong is told with another check alone.
  var isToldElsewhere: Bool { findings.isEmpty && [.error, .warning].contains(status) }
  /// What stands behind its name.
  var remark: String? {
    let told = reason ?? (isToldElsewhere ? "told with another check" : detail)
    let parts = [told, isRecorded ? "from the bundle" : nil].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
  /// Whether it was asked and there was no answer.
  var isUnanswered = false
}

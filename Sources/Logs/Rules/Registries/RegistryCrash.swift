import APISIX
import Findings
import SourceText

enum RegistryCrash {
  static let rule: Rule = """
    log/registry-crash (error, since 2.13.0): The code of a registry failed with a Lua error
    Checks: A Lua error in apisix/discovery/NAME, outside of the start and other than those that have a page.
    Why: In a request, that request is answered with 500. In a timer, the fetch ends there: an answer of the registry \
    has a shape that this release cannot take.
    Example: lua entry thread aborted: runtime error: apisix/discovery/nacos/init.lua:361: attempt to index upvalue \
    'applications' (a nil value)
    Fix: Use a newer release. dns before 3.2 cannot serve streams; nacos before 3.13 cannot take an answer without \
    `hosts`; eureka takes no `metadata: null`, and no instance that stands outside of a list.
    """

  static let check = LogCheck(
    rule, .badArgument, .badIndex, .badConcatenation, .badLength, .badCall, .badComparison, .badArithmetic
  ) {
    // What a process raises when it starts is a start failure.
    guard $0.text.hasPrefix("lua "), let words = $0.words?.root else { return nil }
    // A library that the fetch of a timer calls fails for it: the trace says who called.
    guard let kind = kind(of: $0.file) ?? ($0.tail.client == nil ? kind(of: $0.text) : nil) else { return nil }
    let what = shown(words.text(in: .newest))
    let help: String =
      switch (kind, words[.what] ?? "") {
      case (.dns, "upvalue 'dns_client'"): "use APISIX 3.2 or newer, whose dns serves streams as well"
      case (.nacos, "field 'accessToken'"):
        NacosLoginFailed.tokenless
      case (.nacos, "upvalue 'applications'"):
        "use APISIX 3.13 or newer; here no fetch has worked yet, or Nacos answers without hosts"
      default: unexpected
      }
    return Explanation(
      rule, "the code of \(kind.key) failed: \(what)", help: help,
      $0.tail.client == nil ? .cause(kind) : .request(kind),
      values: [(.registry, kind.key), (.reason, what)])
  }

  static let unexpected = "use a newer release of APISIX, or see what shape the registry's answer has"

  /// The registry whose code is named first.
  private static func kind(of text: String) -> RegistryKind? {
    let places = RegistryKind.allCases.compactMap { kind in
      ["discovery/\(kind.key)/", "discovery/\(kind.key).lua"].compactMap { text.firstBytes(of: $0)?.lowerBound }.min()
        .map { (kind, $0) }
    }
    return places.min { $0.1 < $1.1 }?.0
  }
}

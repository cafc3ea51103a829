/// Colours of a terminal, or none.
package struct Style: Sendable {
  package enum Ink: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "1;31"
    case yellow = "1;33"
    case cyan = "1;36"
    case green = "32"
    case plainRed = "31"
    case blue = "34"
  }

  let isOn: Bool

  package init(isOn: Bool) { self.isOn = isOn }

  package func callAsFunction(_ ink: Ink, _ text: String) -> String {
    isOn && !text.isEmpty ? start(ink) + text + end : text
  }

  func start(_ ink: Ink) -> String { isOn ? "\u{1b}[\(ink.rawValue)m" : "" }
  var end: String { isOn ? "\u{1b}[0m" : "" }
}

extension Severity {
  var ink: Style.Ink {
    switch self {
    case .error: .red
    case .warning: .yellow
    case .note: .cyan
    }
  }
}

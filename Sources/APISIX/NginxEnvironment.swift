/// The variables that `apisix init` names in nginx.conf (`env NAME;`), so that the kubernetes registry can read them.
public enum NginxEnvironment {
  private static let places = [
    ["service", "host"], ["service", "port"], ["client", "token"], ["client", "token_file"],
  ]

  /// Why `apisix init` does not write nginx.conf. Source: APISIX 3.18.0, which no more lets a line break in a
  /// placeholder add a line of its own.
  static func refusal(of kubernetes: LuaValue, in release: Release) -> Refusal? {
    guard release >= Release(3, 18, 0) else { return nil }
    for cluster in kubernetes.items ?? [kubernetes] {
      for place in places where cluster[place[0]]?[place[1]]?.string.map(isRefused) ?? false {
        return Refusal(.cli, "invalid environment variable entry: control characters are not allowed")
      }
    }
    return nil
  }

  /// Whether a text is `${NAME}` with a control character in the name.
  public static func isRefused(_ text: String) -> Bool {
    text.utf8.starts(with: "${".utf8) && text.utf8.last == UInt8(ascii: "}") && !text.utf8.starts(with: "${{".utf8)
      && text.utf8.contains { $0 < 0x20 || $0 == 0x7F }
  }
}

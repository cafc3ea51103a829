import Foundation

/// A real Chromium without a window, from Tests/servers/fetch.sh.
public enum Browser {
  private static let program: DebianProgram? = {
    let found = DebianProgram("chromium-headless-shell", in: ["/usr/lib/chromium"])
    // Its libraries may be missing.
    guard let found, let ended = try? run(found, ["--version"], in: Folder()), ended.status == 0 else { return nil }
    return found
  }()
  public static var isThere: Bool { program != nil }

  /// What a script gives of a page, once that is shown in a window so wide. The script is added to a copy of the page.
  public static func value(of script: String, in page: String, width: Int, isDark: Bool) throws -> [String: Any] {
    guard let program else { throw Unusable(description: "there is no Chromium") }
    let folder = try Folder([
      "page.html": page + "<script>document.title = JSON.stringify((() => {\(script)})())</script>"
    ])
    let ended = try run(
      program,
      [
        "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--user-data-dir=\(folder["profile"])",
        "--window-size=\(width),900", "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)", "--dump-dom",
        "file://\(folder["page.html"])",
      ], in: folder)
    let title = ended.output.components(separatedBy: "<title>").last?.components(separatedBy: "</title>").first ?? ""
    let text = [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")].reduce(title) {
      $0.replacingOccurrences(of: $1.0, with: $1.1)
    }
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    guard let value else { throw Unusable(description: "\(ended.output)\(ended.errors)") }
    return value
  }

  private static func run(_ program: DebianProgram, _ arguments: [String], in folder: Folder) throws -> Ended {
    try execute(
      program.path, arguments, environment: program.environment.merging(["HOME": folder.path]) { $1 })
  }
}

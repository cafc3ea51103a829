/// A language that pages may be in. Messages, ids and what APISIX writes are English in each: people search for them.
public enum Language: String, CaseIterable, Sendable {
  case english = "en"
  case chinese = "zh"

  /// Of a locale as LANG names it, `zh_CN.UTF-8`, or the web, `zh-CN`; nil for another language, and where pages could
  /// not be read: they are UTF-8.
  public init?(locale: String) {
    let name = locale.prefix { $0 != "@" }
    let parts = name.split(separator: ".", maxSplits: 1)
    guard let first = parts.first else { return nil }
    if parts.count == 2, !["utf8", "utf-8"].contains(parts[1].lowercased()) { return nil }
    self.init(rawValue: first.prefix { $0 != "_" && $0 != "-" }.lowercased())
  }

  /// The headings of a page.
  var headings: (checks: String, why: String, example: String, fix: String, since: String) {
    switch self {
    case .english: ("What it checks", "Why it matters", "Example", "Fix", "Since")
    case .chinese: ("检查内容", "原因与影响", "示例", "处理方法", "起始版本")
    }
  }

  /// What stands above a page that is not there in it; every page is there in English.
  public var missing: String? { self == .chinese ? "该规则暂无中文说明，以下为英文原文。" : nil }
}

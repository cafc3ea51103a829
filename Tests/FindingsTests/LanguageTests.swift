import SourceText
import Testing

@testable import Findings

/// A rule's page in a second language, beside the English one.
@Suite struct LanguageTests {
  private let rule: Rule = """
    token/inline (warning, since 3.0.0): A token stands in the file
    Checks: `client.token` has a value.
    Why: Whoever reads the file has the token.
    Example: token: x
    Fix: token: ${TOKEN}
    zh: 文件里写着 token
    Checks: `client.token` 有值。
    Why: 能读到文件的人，就能拿到 token。
    """

  @Test func `what the second language lacks is that of the first`() {
    let chinese = rule.translated(to: .chinese)
    #expect(chinese.language == .chinese && chinese == rule)
    #expect(chinese.id == "token/inline" && chinese.severity == .warning && chinese.since == "3.0.0")
    #expect(chinese.summary == "文件里写着 token" && chinese.checks == "`client.token` 有值。")
    #expect(chinese.why == "能读到文件的人，就能拿到 token。")
    #expect(chinese.example == "token: x" && chinese.fix == "token: ${TOKEN}")
  }

  @Test func `the first language is as it is without the second`() {
    #expect(rule.language == .english && rule.translated(to: .english) === rule)
    #expect(rule.summary == "A token stands in the file" && rule.why == "Whoever reads the file has the token.")
    #expect(rule.fix == "token: ${TOKEN}")
    for shown in [rule.page(), rule.markdown] { #expect(!shown.has("zh:") && !shown.has("有值")) }
    #expect(Samples.refused.translated(to: .chinese) === Samples.refused)
    #expect(Samples.refused.translated(to: .chinese).language == .english)
  }

  @Test func `the page has its headings, and code stays code`() {
    #expect(
      rule.translated(to: .chinese).page() == """
        token/inline (warning)

        文件里写着 token

        检查内容
        `client.token` 有值。

        原因与影响
        能读到文件的人，就能拿到 token。

        示例
            token: x

        处理方法
            token: ${TOKEN}

        起始版本
        APISIX 3.0.0

        """)
  }

  /// Two columns a letter; no line begins with a comma or ends with an opening bracket, and words stay whole, as does
  /// what stands between backticks. No letter is alone on the last line.
  @Test(arguments: [
    (10, "能读到文件的人，就能", ["能读到文件", "的人，就能"]), (10, "能读到文件，好", ["能读到文", "件，好"]),
    (9, "一二三（四五）", ["一二三", "（四五）"]), (12, "用 gatecheck 检查", ["用 gatecheck", "检查"]),
    (10, "plain words here", ["plain", "words here"]), (4, "gatecheck", ["gatecheck"]),
    (14, "看 `a b` 的值，再改", ["看 `a b` 的", "值，再改"]), (12, "记录 `one two` 两次", ["记录", "`one two`", "两次"]),
    (12, "says `one two`, so", ["says", "`one two`,", "so"]), (6, "是 `one two`。", ["是", "`one", "two`。"]),
    (10, "一二三四五六。", ["一二三四", "五六。"]), (10, "one two a", ["one two a"]),
    (2, "一二", ["一", "二"]), (10, "一 `two 34` 五", ["一", "`two 34`", "五"]),
  ])
  func `a line breaks between letters`(_ width: Int, _ text: String, _ lines: [String]) {
    #expect(fill(text.split(separator: " "), width: width) == lines)
  }

  @Test(arguments: [
    ("zh_CN.UTF-8", Language.chinese), ("zh_TW.utf8", .chinese), ("zh_CN", .chinese), ("zh", .chinese),
    ("zh_CN.UTF-8@x", .chinese), ("zh_CN.GB18030", nil), ("en_US.UTF-8", .english), ("de_DE.UTF-8", nil), ("C", nil),
    ("C.UTF-8", nil), ("POSIX", nil), ("", nil), (".", nil), ("zhx", nil),
    ("zh-CN", .chinese), ("zh-Hans-CN", .chinese), ("ZH", .chinese), ("en-US", .english),
  ])
  func `the language of a locale`(_ locale: String, _ language: Language?) {
    #expect(Language(locale: locale) == language)
  }

  /// Chinese has no blanks: what stands together in the question and in the page decides.
  @Test func `a search in Chinese finds what is said in Chinese`() {
    let catalogue = Catalogue([rule, Samples.refused, Samples.portNotString])
    for text in ["文件", "文件里写着什么", "读到token了"] { #expect(catalogue.search(text).rules.first == rule, "\(text)") }
    #expect(catalogue.search("没有的词").rules.isEmpty)
    #expect(catalogue.search("Whoever reads").rules.first == rule)
    #expect(catalogue.search("xyzzy文件 Whoever 没有").missing == ["xyzzy", "没有"])
  }
}

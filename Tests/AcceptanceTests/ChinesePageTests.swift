import Findings
import Foundation
import TestSupport
import Testing

@testable import gatecheck

/// The pages of `gatecheck explain --lang zh` beside the English ones.
@Suite struct ChinesePageTests {
  static let translated = rules.rules.filter { $0.translated(to: .chinese).language == .chinese }

  /// What users ask for most, the most frequent first, each with the rules that tell it.
  @Test(arguments: [
    "log/no-valid-upstream-node log/unexpected-service-name service-name/dns-name service-name/malformed",
    "log/list-forbidden log/watch-forbidden rbac/list-missing rbac/not-bound rbac/namespaced-role",
    "log/discovery-uninitialized discovery/not-top-level discovery/helm-style discovery-type/not-enabled",
    "log/list-unauthorized token/expired token/expires kubernetes/token-file-read-once",
    "log/placeholder-unset config/unset-variable placeholder/not-exported",
    "log/invalid-discovery-configuration kubernetes/port-not-string kubernetes/host-upper-case yaml/input-method",
    "log/watch-restarted log/node-unreachable", "log/dict-full resolve/shared-size kubernetes/shared-size-invalid",
    "log/token-file-unreadable token/whitespace", "kubernetes/watch-slices-inert kubernetes/watch-slices-wrong",
    "log/not-ready", "resolve/apisix-differs", "upstream/discovery-type-missing log/discovery-type-missing",
    "log/unknown-cluster service-name/cluster-id-missing service-name/cluster-id-unknown",
    "service-name/consul-kv-url registry/consul-kv-service-name log/consul-service-not-found",
    "connect/refused connect/timeout kubernetes/loopback-server rbac/role-lacks-permission",
    "log/connect-failed log/consul-unreachable log/consul-refused consul/kv-prefix registry/silent",
    "log/nacos-unreachable log/nacos-login-failed log/nacos-fetch-failed log/nacos-service-not-found nacos/address",
    "log/eureka-fetch-failed log/dns-failed log/invalid-node",
    "upstream/service-name-missing upstream/nodes-and-service-name upstream/without-nodes upstream/outside",
    "kubernetes/label-selector-grammar kubernetes/expression-is-glob",
  ])
  func theMostFrequentTroublesAreToldInChinese(ids: String) {
    let told = Set(Self.translated.map(\.id))
    for id in ids.split(separator: " ").map(String.init) { #expect(told.contains(id), "\(id)") }
  }

  /// Whoever reads of a rule in Chinese asks `explain` for it next.
  @Test func whatDocumentsNameIsToldInChinese() throws {
    let told = Set(Self.translated.map(\.id))
    let known = Set(rules.rules.map(\.id))
    for name in ChineseDocumentTests.pairs.map(\.chinese) {
      let named = try Checkout.text(name).matches(of: #/[a-z][a-z-]*\/[a-z0-9-]+/#).map { String($0.0) }
      #expect(named.filter { known.contains($0) && !told.contains($0) } == [], "\(name)")
    }
  }

  @Test func thereAreManyOfThem() { #expect(Self.translated.count >= 145) }

  /// The same keys, commands, numbers and texts of APISIX's; nothing else in Latin letters.
  @Test(arguments: translated) func aPageSaysTheSameInBoth(rule: Rule) {
    let (chinese, page) = (rule.translated(to: .chinese), rule.page(width: .max))
    for (english, own) in [
      (rule.summary, chinese.summary), (rule.checks, chinese.checks), (rule.why, chinese.why),
      (rule.example, chinese.example), (rule.fix, chinese.fix),
    ] where english != own {
      #expect(!own.hasSuffix(".") && Twin.missing(of: english, in: own) == [], "\(own)")
      #expect(Twin.missing(of: own, in: page) == [])
      #expect(Twin.strangers(in: own, beside: page) == [])
    }
    #expect(chinese.checks != rule.checks && chinese.why != rule.why && chinese.summary != rule.summary)
    #expect(!chinese.summary.hasSuffix("。") && !chinese.summary.contains("\n"))
  }

  /// One kind of signs: full-width ones in Chinese, a half-width blank between it and Latin letters.
  @Test(arguments: translated) func signsAreThoseOfChinese(rule: Rule) {
    let chinese = rule.translated(to: .chinese)
    for text in [chinese.summary, chinese.checks, chinese.why, chinese.fix] {
      #expect(Twin.slips(in: text) == [], "\(text)")
    }
    for text in [chinese.summary, chinese.checks, chinese.why] {
      let prose = text.replacing(#/`[^`]*`/#, with: "…")
      #expect(!prose.contains(#/[,;!?] /#), "\(prose)")
    }
  }

  /// On a terminal of 80 columns: no letter alone in a line, and a sentence of a log in one.
  @Test(arguments: translated) func linesBreakWhereReadersExpectIt(rule: Rule) {
    let page = rule.translated(to: .chinese).page()
    for line in page.split(separator: "\n") where !line.hasPrefix(" ") {
      #expect(line.count { $0.isLetter || $0.isNumber || $0 == "`" } > 1, "\(page)")
      #expect(line.count { $0 == "`" }.isMultiple(of: 2), "\(page)")
    }
  }

  // MARK: explain

  private static let page = "token/expired (error)\n\ntoken 已过期\n\n检查内容\n"

  @Test func theFlagAsksForChinese() throws {
    let told = try gatecheck("explain", "token/expired", "--lang", "zh")
    #expect(told.status == 0 && told.output.hasPrefix(Self.page) && told.errors.isEmpty, "\(told.output)")
    let english = try gatecheck("explain", "token/expired")
    #expect(english.output.hasPrefix("token/expired (error)\n\nThe token has expired\n\nWhat it checks\n"))
    for name in ["zh", "zh-CN", "zh_CN", "ZH"] {
      #expect(try gatecheck("explain", "expired", "--lang=\(name)").output == told.output)
    }
    for width in ["40", "60"] {
      let lines = try gatecheck("explain", "token/expired", "--lang", "zh", environment: ["COLUMNS": width])
        .output.split(separator: "\n").filter { !$0.hasPrefix(" ") }
      let columns = lines.map { $0.reduce(0) { $0 + ($1.isASCII ? 1 : 2) } }
      #expect((columns.max() ?? 0) <= Int(width) ?? 0, "\(lines)")
    }
  }

  @Test func anotherLanguageIsRefused() throws {
    let refused = try gatecheck("explain", "token/expired", "--lang", "fr")
    #expect(refused.status == 2 && refused.errors.contains("--lang wants en or zh, not 'fr'"), "\(refused.errors)")
    #expect(refused.output.isEmpty)
    #expect(try gatecheck("explain", "--help").output.contains("en, zh"))
  }

  /// The first that is set and not empty decides.
  @Test(arguments: [
    (["LANG": "zh_CN.UTF-8"], true), (["LANG": "zh_CN"], true), (["LC_MESSAGES": "zh_TW.UTF-8"], true),
    (["LC_ALL": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"], true), (["LC_ALL": "C", "LANG": "zh_CN.UTF-8"], false),
    (["LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"], true),
    (["LC_MESSAGES": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"], false), (["LC_CTYPE": "zh_CN.UTF-8"], false),
    (["LANG": "zh_CN.GB18030"], false), (["LANG": "ja_JP.UTF-8"], false), (["LANG": ""], false), ([:], false),
  ])
  func theLocaleAsksForChinese(environment: [String: String], isChinese: Bool) throws {
    let told = try gatecheck("explain", "token/expired", environment: environment)
    #expect(told.output.hasPrefix(Self.page) == isChinese, "\(told.output)")
    let english = try gatecheck("explain", "token/expired", "--lang", "en", environment: environment)
    #expect(english.output.hasPrefix("token/expired (error)\n\nThe token has expired\n"))
  }

  @Test func aPageThatIsNotThereIsShownInEnglish() throws {
    let without = try #require(rules.rules.first { !Self.translated.contains($0) })
    let told = try gatecheck("explain", without.id, "--lang", "zh")
    let english = try gatecheck("explain", without.id, environment: ["LANG": "en_US.UTF-8"]).output
    #expect(told.status == 0 && told.output == "该规则暂无中文说明，以下为英文原文。\n\n" + english)
  }

  @Test func aPastedLineAndWordsOfIt() throws {
    let line = "list failed, kind: Endpoints, reason: Unauthorized, message : Unauthorized"
    let told = try gatecheck("explain", line, "--lang", "zh")
    #expect(told.output.hasPrefix("log/list-unauthorized (error)\n\nAPI Server 不接受 APISIX 的 token\n"))
    for text in ["Unauthorized", "token 过期了怎么办"] {
      let found = try gatecheck("explain", text, "--lang", "zh")
      #expect(found.status == 0 && found.output.contains { Twin.isChinese($0) }, "\(found.output)")
    }
    #expect(try gatecheck("explain", "token 过期了", "--lang", "zh").output.contains("token/expired"))
    let area = try gatecheck("explain", "token", "--lang", "zh").output
    #expect(area.contains(#/\ntoken\/expired +error +token 已过期\n/#), "\(area)")
    #expect(try gatecheck("explain", "嘛呢哞喵", "--lang", "zh").status == 2)
  }

  /// Chinese is for `explain` alone.
  @Test(arguments: Commands.all.map { $0.name }.filter { $0 != "explain" })
  func otherCommandsStayAsTheyAre(name: String) throws {
    let words = name.split(separator: " ").map(String.init)
    let calls = [
      words + ["--help"], words + ["--lang", "zh"], words + ["broken.yaml"], words,
      words + ["--from", "endpoints.yaml"],
    ]
    for call in calls {
      let here = try Folder(copyOf: Checkout.examples)
      let there = try Folder(copyOf: Checkout.examples)
      let chinese = try gatecheck(call, in: here.path, environment: ["LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"])
      let english = try gatecheck(call, in: there.path, environment: ["LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"])
      #expect(chinese.status == english.status && chinese.output == english.output, "\(call)")
      #expect(chinese.errors == english.errors, "\(call)")
    }
    #expect(try gatecheck(words + ["--lang", "zh"]).status == 2)
  }
}

import APISIX
import Findings
import Testing

@testable import Logs

@Suite struct NacosLogTests {
  private static let query =
    "get_url:ns/instance/list?healthyOnly=true&serviceName=web&namespaceId=public"
    + "&groupName=DEFAULT_GROUP err:"

  /// The newest release, and those that drew one of several hosts.
  @Test(arguments: ["client.lua:237: fetch_from_host(): ", "init.lua:277: fetch_full_registry(): ", "init.lua:249: "])
  func aServerThatIsNotReachedIsOneGroup(_ place: String) throws {
    let refused = try #require(explain(timer(place + Self.query + "connection refused")))
    #expect(refused.rule.id == "log/nacos-unreachable" && refused.part == .cause(.nacos))
    #expect(refused.message == "Nacos refuses connections" && refused.settings == ["host"])
    #expect(refused.values.map(\.text) == ["nacos", "connection refused"])
    let name = "failed to parse domain: failed to query the DNS server: dns server error: 3 name error"
    #expect(explain(timer(place + Self.query + name))?.rule.id == "log/nacos-unreachable")
    let certificate = try #require(explain(timer(place + Self.query + "18: self-signed certificate")))
    #expect(certificate.help?.contains("ssl_trusted_certificate") == true)
  }

  @Test func aRefusalNamesTheServiceAndNotTheToken() throws {
    let line = timer(
      "client.lua:237: fetch_from_host(): get_url:ns/instance/list?healthyOnly=true&serviceName=secret&accessToken=tok-1"
        + "&namespaceId=dev&groupName=G err:status = 403")
    let refused = try #require(explain(line))
    #expect(refused.rule.id == "log/nacos-fetch-failed" && refused.severity == .error)
    #expect(refused.message == "Nacos refuses the service secret of group G in namespace dev: status 403")
    #expect(refused[.service] == "secret" && refused[.status] == "403")
    #expect(!refused.whole.contains("tok-1"))
    let gone = try #require(explain(timer("client.lua:237: " + Self.query + "status = 410")))
    #expect(gone.help?.contains("3.2") == true && gone.settings.first == "prefix")
  }

  @Test func aPageIsNoListOfInstances() throws {
    let page = Self.query + "Expected value but found invalid token at character 1"
    let found = try #require(explain(timer("client.lua:237: fetch_from_host(): " + page)))
    #expect(found.rule.id == "log/nacos-fetch-failed" && found[.status] == nil && found[.service] == "web")
    let blank = try #require(
      explain(
        timer(
          "client.lua:237: " + "get_url:ns/instance/list?healthyOnly=true&serviceName=my web&namespaceId=public"
            + "&groupName=DEFAULT_GROUP err:invalid characters found in query")))
    #expect(blank.help?.contains("my web") == true)
  }

  /// As 3.15 and 3.16 say it, with the server.
  @Test func aServiceThatIsNotListedNamesTheServer() throws {
    let line =
      "client.lua:190: failed to fetch instances for service [web] from http://u:pa55word@10.0.0.9:8848/nacos/v1/, "
    let refused = try #require(explain(timer(line + "error: status = 503")))
    #expect(refused.rule.id == "log/nacos-fetch-failed" && refused[.server] == "http://10.0.0.9:8848/nacos/v1/")
    #expect(explain(timer(line + "error: timeout"))?.rule.id == "log/nacos-unreachable")
    #expect(!refused.whole.contains("pa55word"))
  }

  @Test func whatFollowsIsAnEffect() throws {
    for text in [
      "init.lua:139: fetch_from_host: http://127.0.0.1:30310/nacos/v1/ err:all nacos services fetch failed",
      "init.lua:143: failed to fetch nacos registry from all hosts, id: default",
      "init.lua:366: failed to fetch nacos registry from all hosts",
      "init.lua:249: get_token_param error:status = 403",
    ] {
      #expect(explain(timer(text))?.part == .effect(.nacos), "\(text)")
    }
  }

  /// Up to 3.16 the password stands behind the user.
  @Test(arguments: [
    "nacos desc:status = 403", "nacos QPT7&(&*!#9$%24 desc:status = 403", "nacos a b c desc:status = 403",
  ])
  func aRefusedLoginNamesTheUserAlone(_ rest: String) throws {
    let refused = try #require(explain(timer("init.lua:124: get_token_param(): nacos login fail:" + rest)))
    #expect(refused.rule.id == "log/nacos-login-failed" && refused[.user] == "nacos" && refused[.status] == "403")
    #expect(refused.message == "Nacos refuses the login as nacos: status 403")
    for word in ["QPT7", "%24", "a b c"] { #expect(!refused.whole.contains(word)) }
  }

  @Test func aLoginWithoutAToken() throws {
    let host = "fetch_from_host: http://127.0.0.1:30303/nacos/v1/ err:nacos login response missing accessToken"
    let found = try #require(explain(timer("init.lua:139: " + host)))
    #expect(found.rule.id == "log/nacos-login-failed" && found.part == .cause(.nacos))
    #expect(found[.server] == "http://127.0.0.1:30303/nacos/v1/")
    #expect(
      explain(timer("client.lua:110: nacos login response missing accessToken"))?.rule.id == "log/nacos-login-failed")
  }

  @Test func aNameThatNacosDoesNotHave() {
    let found = explain(request("[lua] init.lua:389: nodes(): nacos service not found: web"))
    #expect(found?.rule.id == "log/nacos-service-not-found" && found?[.service] == "web")
    #expect(found?.part == .request(.nacos))
  }

  @Test func waitingIsHarmless() {
    let waits = explain(request("[lua] init.lua:354: nodes(): wait init", level: "warn"))
    #expect(waits?.rule.id == "log/harmless" && waits?.severity == .note)
  }

  @Test func aSignedQueryHasKeys() {
    let query = "ns/instance/list?healthyOnly=true&serviceName=web&namespaceId=prod-1&ak=a&data=b&signature=c"
    let found = explain(timer("client.lua:237: fetch_from_host(): get_url:\(query) err:status = 403"))
    #expect(found?.help?.contains("access_key") == true && found?.help?.contains("prod-1") == true)
  }

  @Test func aLoginOfAnOldReleaseWithoutAToken() {
    let found = explain(
      "2026/11/28 11:00:00 [error] 40#40: *6 lua entry thread aborted: runtime error: "
        + "/usr/local/apisix/apisix/discovery/nacos/init.lua:128: attempt to concatenate field 'accessToken' (a nil value)"
        + "\nstack traceback:\ncoroutine 0:\n\tx: in function 'get_token_param', context: ngx.timer")
    #expect(found?.rule.id == "log/registry-crash" && found?.help == NacosLoginFailed.tokenless)
  }
}

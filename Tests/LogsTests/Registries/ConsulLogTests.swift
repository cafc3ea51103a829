import APISIX
import Findings
import Testing

@testable import Logs

@Suite struct ConsulLogTests {
  private static let catalogue =
    "connect consul: http://127.0.0.1:18599/v1 by sub url: /catalog/services, got watch result: "

  @Test(arguments: [
    "client.lua:156: " + catalogue + "null, with error: connection refused",
    "init.lua:225: " + catalogue + "null, with error: connection refused",
    "client.lua:280: connect consul: http://127.0.0.1:18599/v1 by sub url: /health/state/any, got health result: null, "
      + "with error: connection refused",
    "init.lua:301: connect consul: http://127.0.0.1:18599/v1, by service url: /catalog/service/web, with error: "
      + "connection refused",
    "init.lua:301: connect consul: http://127.0.0.1:18599/v1 by svc url: /catalog/service/web, with error: "
      + "connection refused",
  ])
  func aServerThatIsDownIsOneGroup(_ text: String) throws {
    let found = try #require(explain(timer(text)))
    #expect(found.rule.id == "log/consul-unreachable" && found.part == .cause(.consul))
    #expect(found.message == "Consul at http://127.0.0.1:18599 refuses connections")
    #expect(found.values.map(\.text) == ["consul", "http://127.0.0.1:18599", "connection refused"])
  }

  @Test func aClosedConnectionMayBeAnOldRelease() {
    #expect(
      explain(timer("init.lua:225: " + Self.catalogue + "null, with error: closed"))?.help?.contains("3.4") == true)
  }

  @Test func aStatusIsARefusal() throws {
    let token = try #require(explain(timer("client.lua:156: " + Self.catalogue + ", with error: 403")))
    #expect(token.rule.id == "log/consul-refused" && token[.status] == "403" && token.settings.first == "token")
    let health =
      "connect consul: http://127.0.0.1:18599/v1 by sub url: /health/state/any, got watch result: , with error: 500"
    let leader = try #require(explain(timer("client.lua:185: " + health)))
    #expect(leader.rule.id == "log/consul-refused" && leader.message.contains("no leader"))
    let keys =
      "init.lua:259: connect consul: http://127.0.0.1:18500/v1/kv/ by key: /kv/nothing, got result: "
      + #"{"status":404,"body":"","reason":"Not Found"}, with error: 404"#
    let prefix = try #require(explain(timer(keys)))
    #expect(prefix.rule.id == "log/consul-refused" && prefix.part == .cause(.consulKV))
    #expect(prefix[.server] == "http://127.0.0.1:18500" && prefix.settings.first == "prefix")
  }

  @Test func theCredentialsOfAServerAreNotShown() throws {
    let line =
      "connect consul: http://me:pa55word@10.0.0.8:8500/v1 by sub url: /catalog/services, got watch result: null, "
    let found = try #require(explain(timer("client.lua:156: " + line + "with error: timeout")))
    #expect(found[.server] == "http://10.0.0.8:8500" && !found.whole.contains("pa55word"))
  }

  @Test func askingAgainFollowsFromIt() {
    for text in [
      "init.lua:300: get all svcs got err, retry connecting consul after 16 seconds",
      "init.lua:231: retry connecting consul after 1 seconds",
    ] {
      let again = explain(timer(text, level: "warn"))
      #expect(again?.rule.id == "log/harmless" && again?.severity == .note && again?.part == .effect(nil))
    }
    let late = explain(timer("init.lua:270: retry connecting consul after 4096 seconds", level: "warn"))
    #expect(late?.rule.id == "log/consul-unreachable" && late?.severity == .warning && late?.part == .effect(.consulKV))
  }

  @Test func theLoopEndsForGood() throws {
    let front = "2026/11/28 11:07:14 [error] 19996#19996: *6 lua entry thread aborted: runtime error: "
    let trace =
      "\nstack traceback:\ncoroutine 0:\n\t...consul/client.lua: in function 'watch_result_is_valid', "
      + "context: ngx.timer"
    let page = try #require(
      explain(front + "...html/apisix/discovery/consul/client.lua:206: attempt to compare number with nil" + trace))
    #expect(page.rule.id == "log/consul-loop-dead" && page.part == .cause(.consul))
    #expect(page.help?.hasPrefix("apisix reload") == true)
    let port =
      "/usr/local/apisix/apisix/discovery/consul/init.lua:525: attempt to concatenate local 'svc_port' (a nil value)"
    #expect(explain(front + port + trace)?.message.contains("without a port") == true)
    // Caught, and asked again.
    let client =
      "/usr/local/apisix/deps/resty/http.lua:365: bad argument #1 to 'str_sub' (string expected, got boolean)"
    #expect(explain(front + client + trace) == nil)
    // The same words of other code.
    #expect(explain(front + "apisix/core/config_etcd.lua:260: attempt to compare number with nil" + trace) == nil)
  }

  @Test func aServiceThatIsNotThere() throws {
    let newest = "[lua] init.lua:549: nodes(): fetch nodes failed by web, error: consul service not found: default/web"
    let found = try #require(explain(request(newest)))
    #expect(
      found.rule.id == "log/consul-service-not-found" && found[.service] == "web" && found.part == .request(.consul))
    #expect(found.help?.contains("/v1/health/service/web?passing=true") == true)
    let older = explain(request("[lua] init.lua:91: nodes(): fetch nodes failed by web, return default service"))
    #expect(older?.rule.id == "log/consul-service-not-found" && older?[.registry] == nil)
    let key = "http://127.0.0.1:8500/v1/kv/upstreams/pages/"
    let keys = explain(
      request("[lua] consul_kv.lua:130: nodes(): fetch nodes failed by \(key), return default service"))
    #expect(keys?[.registry] == "consul_kv" && keys?[.service] == key)
    #expect(
      explain(request("[lua] init.lua:80: nodes(): all_services is nil, failed to fetch nodes for : web"))?[.service]
        == "web")
  }

  /// The name goes into a command.
  @Test func aNameIsNoPartOfTheCommand() throws {
    let found = explain(request("[lua] init.lua:91: nodes(): fetch nodes failed by a'; rm x, return default service"))
    let help = try #require(found?.help)
    #expect(help.contains("/service/a%27%3B%20rm%20x?passing=true'") && help.contains("of consul_kv, write the whole"))
  }

  @Test(arguments: ["consul", "consul_kv"])
  func anAddressThatIsNotTaken(_ registry: String) throws {
    let front =
      "2026/11/28 11:07:03 [error] 19186#19186: init_worker_by_lua error: ...apisix/discovery/\(registry)/init.lua:"
    let trace = "\nstack traceback:\n\t[C]: in function 'error'"
    let scheme = try #require(
      explain(front + "402: only support consul http schema address, eg: http://address:port" + trace))
    #expect(scheme.rule.id == "log/consul-address-invalid" && scheme[.registry] == registry)
    let slash = try #require(
      explain(
        front + "435: format consul config got error: invalid consul server address, the valid format: "
          + "http://address:port" + trace))
    #expect(slash.message == "an address in discovery.\(registry).servers has a path, or a slash at its end")
  }

  @Test func anEntryThatIsNoNodeIsAWarning() throws {
    let node = #"node: {"LockIndex":0,"Key":"upstreams\/web\/my-host:8080","Value":""}"#
    let prefix = "init.lua:130: parse_instance(): "
    let key = try #require(
      explain(timer(prefix + "server name parse error, server_name_prefix: http://127.0.0.1:8500/v1/kv/, " + node)))
    #expect(key.rule.id == "log/consul-kv-entry-invalid" && key.severity == .warning)
    #expect(key[.object] == "upstreams/web/my-host:8080")
    for text in [
      "error: consul_value_empty, server_name_prefix: http://127.0.0.1:8500/v1/kv/, ",
      "invalid upstream value, server_name_prefix: http://127.0.0.1:8500/v1/kv/,err: Expected value, ",
      "server node unhealthy, server_name_prefix: http://127.0.0.1:8500/v1/kv/, ",
      "consul_key_empty, server_name_prefix: http://127.0.0.1:8500/v1/kv/, ",
    ] {
      #expect(explain(timer(prefix + text + node))?.rule.id == "log/consul-kv-entry-invalid", "\(text)")
    }
    let nameless = explain(
      timer("client.lua:398: invalid consul service entry without Service field, skip it", level: "warn"))
    #expect(nameless?.rule.id == "log/consul-kv-entry-invalid" && nameless?[.registry] == "consul")
  }
}

import APISIX
import Findings
import Testing

@testable import Logs

/// What stands in a log, or on a terminal, when APISIX starts; and what of its own files it does not take.
@Suite struct StartLogTests {
  @Test func aSectionThatIsRefused() throws {
    let newest =
      "failed to read local yaml config of apisix: invalid discovery kubernetes configuration: object matches none "
      + "of the required"
    let any = try #require(explain(newest))
    #expect(any.rule.id == "log/invalid-discovery-configuration" && any[.registry] == "kubernetes")
    #expect(any.help?.contains("port: \"6443\"") == true && any.part == .cause(.kubernetes))
    // Before 3.12 without the front; before 3.0 with the field.
    #expect(
      explain("invalid discovery kubernetes configuration: object matches none of the required")?[.registry]
        == "kubernetes")
    let port =
      "invalid discovery kubernetes configuration: property \"service\" validation failed: property \"port\" "
      + "validation failed: wrong type: expected string, got number"
    let named = try #require(explain(port))
    #expect(named[.property] == "service.port" && named.settings == ["service.port"])
    #expect(named.message.contains("discovery.kubernetes.service.port"))
    let slash =
      "failed to read local yaml config of apisix: invalid discovery nacos configuration: property \"host\" "
      + "validation failed: failed to validate item 1: failed to match pattern \"^http\" with \"http://u:pa55word@h:8848/\""
    let host = try #require(explain(slash))
    #expect(host[.property] == "host[0]" && host.help?.contains("http://host:port") == true)
    #expect(!host.whole.contains("pa55word"))
    let missing = explain("invalid discovery nacos configuration: property \"host\" is required")
    #expect(missing?[.reason] == "host is missing" && missing?.help?.hasPrefix("add host to discovery.nacos") == true)
  }

  @Test func aRegistryThatIsUnknown() throws {
    let front = "2026/11/28 11:07:38 [error] 22625#22625: init_by_lua error: ...apisix/discovery/init.lua:28: "
    let upper = try #require(
      explain(
        front + "module 'apisix.discovery.Nacos' not found:\n\tno field package.preload['apisix.discovery.Nacos']"))
    #expect(upper.rule.id == "log/unknown-registry" && upper[.registry] == "Nacos")
    #expect(upper.help == "write nacos in its place")
    let seed = explain(
      "nginx: [error] init_by_lua error: apisix/discovery/init.lua:28: module 'apisix.discovery.zookeeper' not found:")
    #expect(seed?[.registry] == "zookeeper" && seed?.help?.contains("take discovery.zookeeper out") == true)
  }

  @Test func whatACommandPrints() throws {
    let certificate = try #require(explain("certificate path /nonexistent/ca.pem doesn't exist"))
    #expect(certificate.rule.id == "log/start-failure" && certificate[.path] == "/nonexistent/ca.pem")
    func yaml(_ line: Int) -> Explanation? {
      explain(
        "/opt/luajit/bin/luajit: 28:1: found character that cannot start any token\nstack traceback:\n\t[C]: in function "
          + "'error'\n\t./apisix/cli/file.lua:\(line): in function 'read_yaml_conf'\n\t./apisix/cli/ops.lua:251: in function 'init'"
      )
    }
    #expect(
      yaml(268)?.rule.id == "log/start-failure" && yaml(268)?.message.contains("config.yaml is no YAML at 28:1") == true
    )
    #expect(yaml(325)?.rule.id == "log/standalone-refused")
    #expect(
      explain("nginx: [emerg] bind() to 0.0.0.0:9080 failed (98: Address already in use)")?[.address] == "0.0.0.0:9080")
    #expect(explain("nginx: [emerg] host not found in upstream")?.rule.id == "log/start-failure")
    let helps = [
      ("bind() to 0.0.0.0:443 failed (13: Permission denied)", "a port below 1024 is for root"),
      ("bind() to 10.9.9.9:9080 failed (99: Cannot assign requested address)", "no interface of this machine has"),
      (
        "mmap(MAP_ANON|MAP_SHARED, 1099511627776) failed (12: Cannot allocate memory)",
        "write less than there is memory"
      ),
      ("invalid lua shared dict size \"abc\" in /a/nginx.conf:30", "write a size such as 10m into config.yaml"),
    ]
    for (line, help) in helps { #expect(explain("nginx: [emerg] \(line)")?.help?.hasPrefix(help) == true, "\(line)") }
    #expect(explain("/usr/local/openresty/luajit/bin/luajit ./apisix/cli/apisix.lua init") == nil)
  }

  @Test func aProcessThatFails() throws {
    let front = "2021/08/14 19:48:35 [error] 76#76: init_worker_by_lua error: "
    let plugin = try #require(
      explain(
        front + "/usr/local/apisix/apisix/plugin.lua:235: attempt to index upvalue 'local_conf' (a nil value)\nstack "
          + "traceback:\n\t/usr/local/apisix/apisix/plugin.lua:235: in function 'load'"))
    #expect(plugin.rule.id == "log/start-failure" && plugin.part == .cause(nil))
    let format = "[string \"jsonschema:anonymous\"]:43: invalid option '%]' to 'format'\nstack traceback:"
    #expect(explain(front + format)?.rule.id == "log/start-failure")
    let zone = "/usr/local/apisix/apisix/discovery/nacos/init.lua:40: lua_shared_dict \"nacos\" not configured"
    #expect(explain(front + zone)?.help?.hasPrefix("apisix restart") == true)
    let socket =
      "2025/05/07 13:33:16 [emerg] 1#1: chmod() \"/usr/local/apisix/logs/worker_events.sock\" failed (22: Invalid argument)"
    #expect(explain(socket)?.rule.id == "log/start-failure" && explain(socket)?.severity == .warning)
  }

  @Test func theAgentIsDead() {
    let bind = explain(
      "2026/11/28 11:12:24 [emerg] 7142#7142: bind() to 127.0.0.1:36102 failed (98: Address already in use)")
    #expect(bind?.rule.id == "log/start-failure" && bind?[.address] == "127.0.0.1:36102")
    for text in [
      "7140#7140: privileged agent process 7142 exited with fatal code 2 and cannot be respawned",
      "7142#7142: failed to init privileged agent listeners (98: Address already in use)",
    ] {
      let dead = explain("2026/11/28 11:12:27 [alert] " + text)
      #expect(dead?.rule.id == "log/agent-dead" && dead?.part == .cause(nil))
    }
    let front = "lua entry thread aborted: runtime error: /usr/local/apisix/apisix/init.lua:"
    for error in [
      "1148: attempt to concatenate local 'role' (a nil value)",
      "784: attempt to index upvalue 'local_conf' (a nil value)",
    ] {
      let follows = explain(request(front + error))
      #expect(follows?.rule.id == "log/agent-dead" && follows?.part == .effect(nil))
    }
    #expect(explain(request(front + "99: attempt to index local 'other' (a nil value)")) == nil)
  }

  @Test func anObjectOfSeed() throws {
    let object = #" ,val: {"uri":"/a","upstream":{"_discovery_type":"zookeeper","_service_name":"web"}}"#
    let file =
      "config_yaml.lua:323: failed to check item data of [routes] err:property \"upstream\" validation failed: "
      + "additional properties forbidden, found _discovery_type" + object
    let seed = try #require(explain(timer(file)))
    #expect(seed.rule.id == "log/seed-object-refused" && seed[.object] == "routes" && seed[.service] == "web")
    let etcd =
      "config_etcd.lua:843: failed to fetch data from etcd: failed to check item data of [/apisix/upstreams] "
      + "err:additional properties forbidden, found _discovery_type,  etcd key: /apisix/upstreams"
    #expect(explain(timer(etcd))?.rule.id == "log/seed-object-refused")
  }

  @Test func anObjectThatIsRefused() throws {
    let text =
      "config_yaml.lua:323: failed to check item data of [upstreams] err:value should match only one schema, but "
      + #"matches none ,val: {"key":"s3cret-in-the-object"}"#
    let found = try #require(explain(timer(text)))
    #expect(found.rule.id == "log/object-refused" && found[.object] == "upstreams")
    #expect(!found.whole.contains("s3cret"))
  }

  @Test func apisixYAML() throws {
    let end = "missing valid end flag in file /usr/local/apisix/conf/apisix.yaml"
    for text in [
      "config_yaml.lua:197: failed to parse the content of file /usr/local/apisix/conf/apisix.yaml: " + end,
      "config_yaml.lua:95: read_apisix_yaml(): " + end,
    ] {
      let found = try #require(explain(timer(text)))
      #expect(found.rule.id == "log/standalone-refused" && found[.path] == "/usr/local/apisix/conf/apisix.yaml")
      #expect(found.help?.hasPrefix("write #END") == true)
    }
    let broken = explain(
      timer(
        "config_yaml.lua:197: failed to parse the content of file /usr/local/apisix/conf/apisix.yaml: 2:10: did not find"
      ))
    #expect(broken?[.reason] == "2:10: did not find")
    let unread =
      "config_yaml.lua:514: new(): failed to fetch data from local file /usr/local/apisix/conf/apisix.yaml: failed to "
      + "read local file /usr/local/apisix/conf/apisix.yaml, routes"
    #expect(explain(timer(unread))?.part == .effect(nil))
    #expect(
      explain("failed to read local yaml config of apisix: invalid apisix.yaml file")?.rule.id
        == "log/standalone-refused")
  }

  @Test func harmless() {
    for text in [
      "config_yaml.lua:203: read_apisix_config(): config file /usr/local/apisix/conf/apisix.yaml reloaded.",
      "config_yaml.lua:217: wait for more time",
      #"core.lua:449: on_added(): skipping endpoint with missing metadata: {"subsets":[]}"#,
    ] {
      let found = explain(timer(text, level: "warn"))
      #expect(found?.rule.id == "log/harmless" && found?.severity == .note, "\(text)")
    }
  }
}

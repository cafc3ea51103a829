import Findings
import TestSupport
import Testing

@testable import Logs

/// Which group stands first, and which explains which, in logs of two lines and more.
@Suite struct CauseOrderTests {
  private static let request =
    #", client: 10.0.0.9, server: _, request: "GET /a HTTP/1.1", host: "gw.example.com""#
  private static let noNode =
    "2026/11/28 11:01:05 [error] 31#31: *1136 [lua] init.lua:646: handle_upstream(): failed to set upstream: no valid "
    + "upstream node: nil" + request

  private static func line(_ text: String, _ clock: String = "11:00:05", id: Int = 6) -> String {
    "2026/11/28 \(clock) [error] 31#31: *\(id) [lua] \(text)"
  }

  private static let key =
    #"init.lua:150: parse_instance(): server name parse error, server_name_prefix: http://127.0.0.1:8500/v1/kv/, "#
    + #"node: {"LockIndex":0,"Key":"upstreams\/web\/my-host:8080","Flags":0}, context: ngx.timer"#
  private static let fetched =
    "init.lua:78: nodes(): fetch nodes failed by http://127.0.0.1:8500/v1/kv/upstreams/NAME/, return default service"
    + request

  private func answer(_ lines: [String]) throws -> LogAnswer {
    let folder = try Folder(["error.log": lines.map { $0 + "\n" }.joined()])
    var reading = LogReading(range: Int.min...Int.max)
    try reading.read([folder["error.log"]])
    return LogAnswer(LogRead(reading))
  }

  private func told(_ lines: String...) throws -> [(rule: String, cause: String?)] {
    let answer = try answer(lines)
    return answer.entries.indices.map { index in
      (answer.entries[index].finding.rule.id, answer.causes[index].map { answer.entries[$0].finding.rule.id })
    }
  }

  /// What APISIX ends a request with explains nothing of it, in whatever order the lines come within a second.
  @Test func theNewestLineFirst() throws {
    let name = Self.line(
      "core.lua:498: resolve_nodes(): get unexpected upstream service_name: cms" + Self.request, "11:01:05", id: 1136)
    for lines in [[name, Self.noNode], [Self.noNode, name]] {
      let answer = try answer(lines)
      #expect(answer.entries.map(\.finding.rule.id) == ["log/unexpected-service-name", "log/no-valid-upstream-node"])
      #expect(answer.causes == [nil, 0])
    }
  }

  /// At level info APISIX says that it knows no such name: while nothing can be listed, that comes of it.
  @Test func aNameThatCannotBeKnown() throws {
    let list = Self.line(
      "informer_factory.lua:316: list failed, kind: Endpoints, reason: Unauthorized, message : Unauthorized, "
        + "context: ngx.timer", "11:01:00")
    let unknown =
      "2026/11/28 11:01:05 [info] 31#31: *1136 [lua] core.lua:716: nodes(): get empty endpoint version from discovery "
      + "DICT shop/web" + Self.request
    let answer = try answer([list, unknown, Self.noNode])
    #expect(answer.causes == [nil, 0, 1], "\(answer.entries.map(\.finding.message))")
    #expect(try self.answer([unknown, Self.noNode]).causes == [nil, 0])
  }

  /// What was left out explains why there is no node, where nothing else does.
  @Test func whatWasLeftOut() throws {
    let one = try told(
      Self.line(Self.key), Self.line(Self.fetched.replacing("NAME", with: "web"), "11:00:06", id: 60), Self.noNode)
    #expect(one.first?.rule == "log/consul-kv-entry-invalid" && one.dropFirst().allSatisfy { $0.cause != nil })
    // Of another service it explains nothing that has a name.
    let other = try told(
      Self.line(Self.key), Self.line(Self.fetched.replacing("NAME", with: "shop"), "11:00:06", id: 60))
    #expect(other.map(\.cause) == [nil, nil] && other[0].rule == "log/consul-service-not-found")
    let eureka = try told(
      Self.line(
        "init.lua:130: failed to resolve web-1.local: failed to query the DNS server: dns server error: 3 name "
          + "error, context: ngx.timer"), Self.noNode)
    #expect(eureka.map(\.rule) == ["log/eureka-instance-invalid", "log/no-valid-upstream-node"])
    let slice = try told(
      Self.line(
        "informer_factory.lua:200: endpoint_slice validation fail: endpoint_slice has no service-name, "
          + "endpointSlice: {}, context: ngx.timer"), Self.noNode)
    #expect(slice.first?.rule == "log/slice-invalid")
  }

  /// Two services, or two servers, of one run of a timer are two causes.
  @Test func twoOfOneRun() throws {
    func fetch(_ name: String, _ status: Int) -> String {
      Self.line(
        "client.lua:237: fetch_from_host(): get_url:ns/instance/list?healthyOnly=true&serviceName=\(name)"
          + "&namespaceId=public&groupName=DEFAULT_GROUP err:status = \(status), context: ngx.timer")
    }
    #expect(try told(fetch("a", 403), fetch("b", 500)).map(\.cause) == [nil, nil])
  }

  /// What explains stands before what it explains, in every format.
  @Test func causesStandFirst() throws {
    let parsed = Self.line(
      "resolver.lua:83: parse_domain(): failed to parse domain: backend.internal, error: failed to "
        + "query the DNS server: dns server error: 3 name error" + Self.request, id: 80)
    let unset = Self.line(
      "init.lua:646: handle_upstream(): failed to set upstream: no valid upstream node"
        + Self.request, id: 80)
    for told in [try told(parsed, unset), try told(unset, parsed)] {
      for (index, entry) in told.enumerated() {
        guard let cause = entry.cause else { continue }
        #expect(told[..<index].contains { $0.rule == cause }, "\(told)")
      }
    }
  }

  @Test(
    arguments: [
      // Other files than the token's.
      (
        "failed to read local yaml config of apisix: failed to open file: /usr/local/apisix/conf/config-/x.yaml, error "
          + "info:/usr/local/apisix/conf/config-/x.yaml: No such file or directory", "log/start-failure"
      ),
      (
        line(
          "init.lua:200: read_dump_services(): read dump file get error: failed to open file: logs/consul.dump, error "
            + "info:logs/consul.dump: No such file or directory, context: init_worker_by_lua*"), nil
      ),
      (
        line(
          "file-logger.lua:130: write_file_data(): failed to open file: logs/file.log, error info:logs/file.log: "
            + "Permission denied, context: ngx.timer"), nil
      ),
      // Memory that is full, in each sentence.
      (
        line(
          "core.lua:300: failed to update endpoint dict for endpoint: shop/web, err: set endpoint into discovery DICT "
            + "failed, no memory, context: ngx.timer"), "log/dict-full"
      ),
      (
        line(
          "init.lua:62: consul shared dict is full, forcibly evicting items while setting nodes for service: "
            + "default/pay, please consider increasing lua_shared_dict consul size, context: ngx.timer"),
        "log/dict-full"
      ),
      (
        line(
          "core.lua:560: post_list(): set discovery_ready flag into discovery DICT failed, no memory, "
            + "context: ngx.timer"), "log/dict-full"
      ),
      (
        line(
          "core.lua:240: get empty endpoint content from discovery DIC, this should not happen shop/web, "
            + "client: 10.1.4.7, server: _, request: \"GET / HTTP/1.1\", host: \"gw\""), "log/dict-full"
      ),
      // No plugin's: what so short a text says elsewhere.
      (
        line(
          "authz.lua:50: phase_func(): failed to connect mysql: timeout, client: 10.1.4.7, server: _, "
            + "request: \"GET / HTTP/1.1\", host: \"gw\""), nil
      ),
      (
        line(
          "authz.lua:30: phase_func(): id not exist, client: 10.1.4.7, server: _, request: \"GET / HTTP/1.1\", "
            + "host: \"gw\""), nil
      ),
      (
        line(
          "env.lua:60: get(): not found environment variable FOO, client: 10.1.4.7, server: _, "
            + "request: \"GET / HTTP/1.1\", host: \"gw\""), nil
      ),
      (
        line(
          "config_etcd.lua:850: failed to check item data of [/apisix/ssls] err:failed to parse cert ,val: {}, "
            + "context: ngx.timer"), nil
      ),
      (
        line(
          "resolver.lua:83: parse_domain(): failed to parse domain: idp.example, error: failed to query the DNS server: "
            + "dns lookup pool exceeded retries (1): failed to create a resolver: no nameservers specified, "
            + "client: 10.1.4.7, server: _, request: \"GET / HTTP/1.1\", host: \"gw\""), "log/node-unreachable"
      ),
      (
        line(
          "init.lua:549: nodes(): fetch nodes failed by web, error: consul shared dict not available, "
            + "client: 10.1.4.7, server: _, request: \"GET / HTTP/1.1\", host: \"gw\""), "log/start-failure"
      ),
      (
        line(
          "init.lua:549: nodes(): fetch nodes failed by web, error: failed to decode nodes for key: default/web, "
            + "error: x, client: 10.1.4.7, server: _, request: \"GET / HTTP/1.1\", host: \"gw\""),
        "log/consul-service-not-found"
      ),
      (
        "2026/11/28 11:00:05 [error] 41#41: *6 connect() to 10.244.1.7:8080 failed (101: Network is unreachable) while "
          + "connecting to upstream, client: 10.1.4.7, server: _, request: \"GET / HTTP/1.1\", "
          + "upstream: \"http://10.244.1.7:8080/\", host: \"gw\"", "log/node-unreachable"
      ),
      (
        "2023/04/06 14:14:08 [error] 12#12: *28 lua entry thread aborted: runtime error: "
          + "/usr/local/apisix//deps/share/lua/5.1/resty/http.lua:365: bad argument #1 to 'str_sub' (string expected, "
          + "got boolean)\nstack traceback:\ncoroutine 0:\n\t[C]: in function 'str_sub'\n"
          + "\t/usr/local/apisix/apisix/discovery/consul/init.lua:342: in function <x:1>, context: ngx.timer",
        "log/registry-crash"
      ),
      (
        line(
          "informer_factory.lua:316: list failed, kind: Endpoints, reason: Unauthorized, message : <html>\n"
            + "<head><title>401 Authorization Required</title></head>\n</html>\n, context: ngx.timer"),
        "log/not-an-api-server"
      ),
      (
        line(
          "init.lua:352: failed to set nodes for service: web, error: no memory, please consider increasing "
            + "lua_shared_dict consul size, context: ngx.timer"), "log/dict-full"
      ),
      (
        line(
          "init.lua:600: connect(): post_event failure with consul_update_all_services, update all services error: "
            + "payload exceeds the limitation (65536), context: ngx.timer"), "log/consul-event-too-large"
      ),
      (
        line("init.lua:200: set endpoint into nginx shared dict failed, no memory, context: ngx.timer"), "log/dict-full"
      ),
      (
        line("init.lua:130: nacos host at index 1 is invalid, skip, context: ngx.timer"), "log/nacos-unreachable"
      ), (line("init.lua:370: nodes(): nacos shared dict not available" + request), "log/start-failure"),
      ("failed to open file: conf/config-prod.yaml, error info:conf/config-prod.yaml: No such file or directory", nil),
      // Of another program, and of the reader of YAML before 3.10.
      ("12:30: backup done", nil),
      (
        "/usr/local/openresty/luajit/bin/luajit: /usr/local/apisix//deps/share/lua/5.1/tinyyaml.lua:562: failed to "
          + "classify line: \thost: x", "log/start-failure"
      ),
      // Without words of the status.
      (
        line(
          #"informer_factory.lua:316: list failed, kind: Endpoints, reason: , message : {"kind":"Status","status":"#
            + #""Failure","message":"Unauthorized","reason":"Unauthorized","code":401}, context: ngx.timer"#),
        "log/list-unauthorized"
      ),
      (
        line(
          "informer_factory.lua:316: list failed, kind: Endpoints, reason: Not Acceptable, message : no, context: "
            + "ngx.timer"), "log/api-server-trouble"
      ),
    ] as [(String, String?)])
  func oneLine(_ line: String, _ rule: String?) throws {
    #expect(try told(line).map(\.rule) == (rule.map { [$0] } ?? []))
  }

  /// A failure hours after a watch ended is not that the watch did not come back.
  @Test func whatIsNoLog() throws {
    #expect(try !answer(["root:x:0:0:root:/root:/bin/bash"]).isLog)
    #expect(try answer([Self.noNode]).isLog)
    #expect(try answer([]).isLog)
  }

  @Test func whatWasMendedExplainsNothingLater() throws {
    func list(_ reason: String, _ clock: String, _ verb: String = "list") -> String {
      Self.line(
        "informer_factory.lua:316: \(verb) failed, kind: Endpoints, reason: \(reason), message : {}, "
          + "context: ngx.timer", clock)
    }
    let request = Self.line(
      "init.lua:646: handle_upstream(): failed to set upstream: no valid upstream node: nil, client: 10.1.4.7, "
        + "server: _, request: \"GET / HTTP/1.1\", host: \"gw\"", "11:00:50")
    let answered = try told(list("Unauthorized", "11:00:00"), list("Forbidden", "11:00:40"), request)
    #expect(answered.first { $0.rule == "log/no-valid-upstream-node" }?.cause == "log/list-forbidden")
    // A list that fails as the watch did is no other fault.
    let watched = try told(list("Unauthorized", "11:00:00", "watch"), list("Unauthorized", "11:00:40"))
    #expect(watched.first { $0.rule == "log/list-unauthorized" }?.cause == "log/watch-unauthorized")
  }

  @Test func aWatchThatCameBack() throws {
    let watch = Self.line(
      "informer_factory.lua:335: watch failed, kind: Endpoints, reason: ReadBodyError, message : "
        + "closed, context: ngx.timer", "09:00:00")
    func refused(_ clock: String) -> String {
      Self.line(
        "informer_factory.lua:302: connect apiserver failed, apiserver.host: 10.0.0.1, apiserver.port: 6443, "
          + "message : connection refused, context: ngx.timer", clock, id: 4725)
    }
    func message(_ lines: String...) throws -> String {
      return try answer(lines).entries.first { $0.finding.rule.id == "log/watch-restarted" }?.finding.message ?? ""
    }
    #expect(try message(watch, refused("15:00:00")).contains("it healed: nothing failed in the "))
    #expect(try message(watch, refused("09:00:40")).hasSuffix("did not heal at once: log/connect-failed came after it"))
    let later = Self.line("client.lua:1: hello, context: ngx.timer", "09:05:40")
    #expect(
      try message(watch, refused("09:00:40"), later)
        .hasSuffix("log/connect-failed came after it, and then nothing failed for 5 minutes"))
    #expect(try message(watch, refused("09:00:40"), refused("09:05:20"), later).hasSuffix("came after it"))
  }
}

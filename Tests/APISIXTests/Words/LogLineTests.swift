import Testing

@testable import APISIX

/// Lines of real gateways' logs, with the release that wrote them.
@Suite struct LogLineTests {
  @Test(
    arguments: [
      // 3.18.0
      (
        "2026/11/28 11:02:16 [error] 27797#27797: *6 [lua] informer_factory.lua:316: list failed, kind: Endpoints, "
          + #"reason: Unauthorized, message : {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","#
          + "\"message\":\"Unauthorized\",\"reason\":\"Unauthorized\",\"code\":401}\n, context: ngx.timer",
        [Sentence.raised, .listFailed], [Blank.kind: "Endpoints", .reason: "Unauthorized"]
      ),
      (
        "2026/11/28 11:09:17 [error] 26334#26334: *23 [lua] informer_factory.lua:335: watch failed, kind: Endpoints, "
          + "reason: ReadBodyError, message : closed, context: ngx.timer",
        [.raised, .watchFailed], [.reason: "ReadBodyError", .cause: "closed"]
      ),
      (
        "2026/11/28 11:03:00 [error] 759#759: *24 [lua] informer_factory.lua:302: connect apiserver failed, "
          + "apiserver.host: 127.0.0.1, apiserver.port: 26999, message : connection refused, context: ngx.timer",
        [.raised, .connectFailed], [.host: "127.0.0.1", .port: "26999", .cause: "connection refused"]
      ),
      (
        "2026/11/28 11:02:33 [error] 29698#29698: *7 [lua] resolver.lua:83: parse_domain(): failed to parse domain: "
          + "api.elsewhere.invalid, error: failed to query the DNS server: dns server error: 5 refused, "
          + "context: ngx.timer",
        [.raised, .domainUnresolved, .dnsFailed, .dnsServerError], [.number: "5", .problem: "refused"]
      ),
      (
        "2026/11/28 11:02:54 [error] 32241#32241: *22 [lua] core.lua:676: list_watch failed, kind: Endpoints, "
          + "reason: RuntimeException, message : ...v-unset/apisix/discovery/kubernetes/informer_factory.lua:53: "
          + "attempt to concatenate field 'token' (a nil value), context: ngx.timer",
        [.raised, .listWatchFailed, .raised, .badConcatenation], [.what: "field 'token'", .got: "nil"]
      ),
      (
        "2026/11/28 11:02:53 [error] 32241#32241: *1 [lua] core.lua:142: __index(): failed to read token file path: "
          + "not found environment variable KUBE_TOKEN_FILE, context: init_worker_by_lua*",
        [.raised, .tokenPathUnread, .variableUnset], [.name: "KUBE_TOKEN_FILE"]
      ),
      (
        "2026/11/28 11:02:54 [error] 32386#32386: init_worker_by_lua error: ...un/k8s-env-port-url/apisix/discovery/"
          + "kubernetes/init.lua:81: invalid port value: nil",
        [.raised, .portInvalid], [.value: "nil"]
      ),
      (
        "2026/11/28 11:05:22 [warn] 13165#13165: *6 [lua] core.lua:449: on_added(): skipping endpoint with missing "
          + #"metadata: {"subsets":[]}, context: ngx.timer"#,
        [.raised, .noMetadata], [.object: #"{"subsets":[]}"#]
      ),
      (
        "2026/11/28 11:02:20 [warn] 27797#27797: *104 [lua] init.lua:225: check_ready(): kubernetes discovery not "
          + #"ready, client: 127.0.0.1, server: , request: "GET /status/ready HTTP/1.1", host: "127.0.0.1:31012""#,
        [.raised, .notReady], [:]
      ),
      (
        "2026/11/28 11:02:21 [error] 28490#28490: *6 stream [lua] informer_factory.lua:316: list failed, "
          + "kind: Endpoints, reason: RequestError, message : timeout, context: ngx.timer",
        [.raised, .listFailed], [.cause: "timeout"]
      ),
      (
        "2026/11/28 11:03:08 [error] 3246#3246: *101 [lua] init.lua:646: handle_upstream(): failed to set upstream: "
          + "discovery kubernetes is uninitialized, client: 127.0.0.1, server: _",
        [.raised, .upstreamUnset, .uninitialized], [.registry: "kubernetes"]
      ),
      (
        "2026/11/28 11:06:50 [error] 16954#16954: *120 [lua] init.lua:646: handle_upstream(): failed to set upstream: "
          + "invalid nodes format: failed to validate item 1: property \"weight\" validation failed: wrong type: "
          + "expected integer, got string, client: 127.0.0.1, server: _",
        [.raised, .upstreamUnset, .nodesInvalid, .inItem, .inProperty, .wrongType],
        [.wanted: "integer", .got: "string"]
      ),
      (
        "2026/11/28 11:07:30 [error] 21304#21304: *112 [lua] init.lua:646: handle_upstream(): failed to set upstream: no "
          + "valid upstream node: failed to query the DNS server: dns server error: 3 name error, client: 127.0.0.1",
        [.raised, .upstreamUnset, .nodesRefused, .dnsFailed, .dnsServerError], [.number: "3", .problem: "name error"]
      ),
      (
        "2026/11/28 11:07:38 [error] 22625#22625: init_by_lua error: ...isix/run/unknown-registry-case/apisix/discovery/"
          + "init.lua:28: module 'apisix.discovery.Nacos' not found:",
        [.raised, .moduleMissing], [.registry: "Nacos"]
      ),
      (
        "2026/11/28 11:07:03 [error] 19186#19186: init_worker_by_lua error: ...apisix/run/consul-https/apisix/discovery/"
          + "consul/init.lua:435: format consul config got error: only support consul http schema address, "
          + "eg: http://address:port",
        [.raised, .addressesUnread, .onlyHTTP], [:]
      ),
      (
        "2026/11/28 11:07:14 [error] 19996#19996: *6 lua entry thread aborted: runtime error: ...pisix/run/consul-html/"
          + "apisix/discovery/consul/client.lua:206: attempt to compare number with nil",
        [.raised, .badComparison], [.what: "number with nil"]
      ),
      (
        "2026/11/28 11:03:10 [error] 4881#4881: *1 [lua] config_yaml.lua:323: failed to check item data of [routes] "
          + "err:property \"upstream\" validation failed: additional properties forbidden, found _discovery_type ,val: "
          + #"{"status":1,"uri":"/a"}, context: init_worker_by_lua*"#,
        [.raised, .objectRefused, .inProperty, .forbidden], [.name: "_discovery_type"]
      ),
      (
        "failed to read local yaml config of apisix: failed to handle configuration: can't find environment variable "
          + "KUBE_HOST\n",
        [.configUnread, .variableMissing], [.name: "KUBE_HOST"]
      ),
      (
        "failed to read local yaml config of apisix: invalid discovery kubernetes configuration: object matches none of "
          + "the required\n",
        [.configUnread, .registryInvalid, .noneOfAny], [:]
      ),
      // 2.15.3
      (
        "invalid discovery kubernetes configuration: property \"service\" validation failed: property \"port\" "
          + "validation failed: wrong type: expected string, got number\n",
        [.registryInvalid, .inProperty, .inProperty, .wrongType], [.wanted: "string", .got: "number"]
      ),
      // 3.3.0
      (
        "2026/11/28 11:24:14 [error] 32020#32020: *78 [lua] init.lua:400: nodes(): get unexpected upstream "
          + "service_name:\u{3000}cms.default.svc.cluster.local, client: 127.0.0.1, server: _, request: \"GET /cms\"",
        [.raised, .nameUnexpected], [.name: "cms.default.svc.cluster.local"]
      ),
      (
        "2026/11/28 11:24:41 [error] 7573#7573: *78 [lua] init.lua:505: nodes(): id not exist, client: 127.0.0.1",
        [.raised, .clusterUnknown], [:]
      ),
      (
        "2026/11/28 11:24:20 [error] 2219#2219: init_worker_by_lua error: ...-token-file-missing/apisix/discovery/"
          + "kubernetes/init.lua:365: failed to open file: /opt/t/no-such, error info:/opt/t/no-such: No such file or "
          + "directory",
        [.raised, .fileUnread], [.path: "/opt/t/no-such", .problem: "/opt/t/no-such: No such file or directory"]
      ),
    ] as [(String, [Sentence], [Blank: String])])
  func aLineOfARealLogIsRead(_ line: String, _ sentences: [Sentence], _ values: [Blank: String]) {
    var found: [Words] = []
    var next = Words(line: line)
    while let words = next {
      found.append(words)
      next = words.cause
    }
    #expect(found.map(\.sentence) == sentences)
    for (blank, value) in values { #expect(found.last?[blank] == value) }
  }

  /// As recorded from whole gateways of these releases.
  @Test(arguments: [
    (Release(3, 3, 0), "init.lua:400: ", "nodes(): ", "get unexpected upstream service_name:\u{3000}a"),
    (Release(3, 3, 0), "init.lua:498: ", "nodes(): ", "get unexpected upstream service_name:\u{3000}shop/web:http"),
    (
      Release(3, 3, 0), "init.lua:492: ", "handle_upstream(): ", "failed to set upstream: no valid upstream node: nil"
    ),
    (
      Release(3, 8, 0), "informer_factory.lua:295: ", "",
      "list failed, kind: Endpoints, reason: Unauthorized, message : {}"
    ),
    (Release(3, 16, 0), "init.lua:616: ", "nodes(): ", "get unexpected upstream service_name:\u{3000}a"),
    (
      Release(3, 16, 0), "init.lua:575: ", "handle_upstream(): ",
      "failed to set upstream: discovery server need appoint"
    ),
    (
      .newest, "informer_factory.lua:302: ", "",
      "connect apiserver failed, apiserver.host: a, apiserver.port: 1, message : connection refused"
    ),
    (
      .newest, "informer_factory.lua:335: ", "",
      "watch failed, kind: Endpoints, reason: ReadBodyError, message : closed"
    ),
    (.newest, "core.lua:704: ", "nodes(): ", "get unexpected upstream service_name: a"),
    (.newest, "init.lua:646: ", "handle_upstream(): ", "failed to set upstream: no valid upstream node"),
  ])
  func aSentenceStandsWhereTheReleaseHasIt(_ release: Release, _ place: String, _ function: String, _ text: String) {
    let line = "2026/11/28 11:24:14 [error] 41#41: *78 [lua] \(place)\(function)\(text), context: ngx.timer"
    let raised = Words(line: line)
    #expect(raised?.text(in: release) == place + text)
    #expect(raised?.cause?.sentence.places(in: release).contains { $0 + ": " == place } == true)
  }
}

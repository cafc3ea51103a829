import APISIX
import Findings
import Testing

@testable import Logs

/// What kubernetes' discovery writes, of several releases.
@Suite struct KubernetesLogTests {
  private static let status = #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"#

  private static func list(_ reason: String, _ text: String, kind: String = "Endpoints") -> String {
    timer("informer_factory.lua:295: list failed, kind: \(kind), reason: \(reason), message : \(text)")
  }

  private static func watch(_ reason: String, _ text: String) -> String {
    timer("informer_factory.lua:310: watch failed, kind: Endpoints, reason: \(reason), message : \(text)")
  }

  private static let forbidden =
    status + #""endpoints is forbidden: User \"system:serviceaccount:default:nobody\" cannot list resource "#
    + #"\"endpoints\" in API group \"\" at the cluster scope","reason":"Forbidden","code":403}"#

  static let lines: [(entry: String, rule: String)] = [
    (list("Unauthorized", status + #""Unauthorized","reason":"Unauthorized","code":401}"#), "log/list-unauthorized"),
    (watch("Unauthorized", "Unauthorized"), "log/watch-unauthorized"),
    (list("Forbidden", forbidden), "log/list-forbidden"), (watch("Forbidden", forbidden), "log/watch-forbidden"),
    (list("Bad Request", ""), "log/plain-http-to-tls-port"),
    (list("Bad Request", "Client sent an HTTP request to an HTTPS server."), "log/plain-http-to-tls-port"),
    (list("Bad Request", status + #""unable to parse requirement: found '=='"}"#), "log/list-bad-request"),
    (list("Not Found", "404 page not found", kind: "EndpointSlice"), "log/list-not-found"),
    (list("UnexpectedBody", "<!doctype html><title>Sign in</title>"), "log/not-an-api-server"),
    (list("Moved Permanently", ""), "log/not-an-api-server"),
    (list("Service Unavailable", "no healthy upstream"), "log/api-server-trouble"),
    (watch("UnexpectedBody", #"{"type":"ERROR","object":{"kind":"Status","code":500}}"#), "log/api-server-trouble"),
    (list("RequestError", "timeout"), "log/list-broken"), (list("ReadBodyError", "closed"), "log/list-broken"),
    (watch("ReadBodyError", "timeout"), "log/list-broken"), (watch("ReadBodyError", "closed"), "log/watch-restarted"),
    (watch("Gone", status + #""too old resource version"}"#), "log/watch-restarted"),
    (
      timer(
        "informer_factory.lua:281: connect apiserver failed, apiserver.host: 127.0.0.1, apiserver.port: 26999, message "
          + ": connection refused"), "log/connect-failed"
    ),
    (
      timer(
        "core.lua:148: __index(): failed to read token from file: failed to open file: /opt/t, error info:/opt/t: No "
          + "such file or directory"), "log/token-file-unreadable"
    ),
    (
      timer("core.lua:142: __index(): failed to read token file path: not found environment variable KUBE_TOKEN_FILE"),
      "log/placeholder-unset"
    ),
    (
      "2026/11/28 11:02:54 [error] 32386#32386: init_worker_by_lua error: .../apisix/discovery/kubernetes/init.lua:81: "
        + "invalid port value: nil", "log/placeholder-unset"
    ),
    (
      timer(
        "core.lua:676: list_watch failed, kind: EndpointSlice, reason: RuntimeException, message : core.lua:362: bad "
          + "argument #1 to 'ipairs' (table expected, got userdata)"), "log/object-crash"
    ),
    (timer("init.lua:131: set endpoint into discovery DICT failed, no memory"), "log/dict-full"),
    (
      timer("init.lua:75: endpoint_slice validation fail: endpoint_slice has no service-name, endpointSlice: {}"),
      "log/slice-invalid"
    ),
    (
      timer(
        "core.lua:203: namespace_selector(): ngx.re.match failed: pcre2_compile() failed: quantifier does not follow a "
          + #"repeatable item in "*" at "*""#), "log/namespace-expression-broken"
    ),
    (
      request(
        "[lua] init.lua:400: nodes(): get unexpected upstream service_name:\u{3000}cms.default.svc.cluster.local"),
      "log/unexpected-service-name"
    ),
    (request("[lua] init.lua:505: nodes(): id not exist"), "log/unknown-cluster"),
    (
      request("[lua] core.lua:600: failed to resolve endpoint dict for service: c2/shop/web:http"),
      "log/unknown-cluster"
    ),
    (request("[lua] init.lua:225: check_ready(): kubernetes discovery not ready", level: "warn"), "log/not-ready"),
  ]

  @Test(arguments: lines) func aLineHasItsRule(entry: String, rule: String) throws {
    let found = try #require(explain(entry))
    #expect(found.rule.id == rule && (rule != "log/list-broken" || found.severity == .error))
  }

  @Test func aRefusalNamesTheAccountAndTheCommand() throws {
    let found = try #require(explain(Self.list("Forbidden", Self.forbidden)))
    #expect(
      found.message == "system:serviceaccount:default:nobody may not list endpoints in the whole cluster: 403")
    #expect(found.help == "gatecheck rbac generate --name nobody --namespace default | kubectl apply -f -")
    #expect(found[.user] == "system:serviceaccount:default:nobody" && found[.verb] == "list")
    #expect(found[.resource] == "endpoints" && found[.group] == "" && found[.scope] == "cluster")
    let anonymous = Self.forbidden.replacing("system:serviceaccount:default:nobody", with: "system:anonymous")
    #expect(explain(Self.list("Forbidden", anonymous))?.message.contains("no token reached") == true)
    let odd = Self.forbidden.replacing("default:nobody", with: "default:$(id)")
    #expect(explain(Self.list("Forbidden", odd))?.help?.contains("$(") == false)
  }

  @Test func aNameIsMended() throws {
    let found = try #require(
      explain(
        request("[lua] init.lua:400: nodes(): get unexpected upstream service_name: cms.default.svc.cluster.local"))
    )
    #expect(found[.service] == "cms.default.svc.cluster.local" && found.part == .request(.kubernetes))
    #expect(found.help?.hasPrefix("write service_name: default/cms:PORT") == true)
  }

  /// Up to 3.16 the line of the source tells whether there are several clusters.
  @Test(arguments: [
    ("init.lua:728", "shop/web:http", "ID/shop/web:http, with a cluster's id for ID"),
    (
      "init.lua:498", "web.shop.svc",
      "ID/shop/web:PORT, with a cluster's id for ID and the port's name or number for PORT"
    ),
    ("core.lua:704", "shop/web:http", "ID/shop/web:http, with a cluster's id for ID"),
    ("init.lua:582", "10.0.0.1:80", "ID/NAMESPACE/NAME:PORT, with"),
  ]) func aNameLacksTheCluster(_ place: String, _ name: String, _ help: String) throws {
    let found = try #require(
      explain(request("[lua] \(place): nodes(): get unexpected upstream service_name: \(name)")))
    #expect(
      found.message
        == "service_name \(name) is not ID/NAMESPACE/NAME:PORT, which Kubernetes' discovery needs where it is "
        + "a list of clusters")
    #expect(found.help?.hasPrefix("write service_name: \(help)") == true, "\(found.help ?? "")")
  }

  /// A line that is cut off within the password of a name.
  @Test func aNameWithAPassword() throws {
    let entry =
      "2026/11/28 11:00:00 [error] 52#52: *6 [lua] init.lua:400: nodes(): get unexpected upstream service_name: "
    let found = try #require(explain(entry + "http://u:hunter-Canary-77"))
    #expect(!"\(found)".contains("hunter") && found.message.contains("http://u:***"))
  }

  @Test func anAddressIsNamed() throws {
    let entry = timer(
      "informer_factory.lua:302: connect apiserver failed, apiserver.host: 10.0.0.9, apiserver.port: 6443, message : "
        + "21: unable to verify the first certificate")
    let found = try #require(explain(entry))
    #expect(found[.cluster] == "10.0.0.9:6443" && found.help?.contains("ssl_trusted_certificate") == true)
  }
}

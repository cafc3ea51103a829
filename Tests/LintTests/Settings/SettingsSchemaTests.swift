import Foundation
import TestSupport
import Testing

@testable import Lint

/// docs/schemas/settings.schema.json says the same as the reader, by Python's jsonschema.
@Suite struct SettingsSchemaTests {
  private static let hasValidator =
    (try? execute("python3", ["-c", "import jsonschema, yaml"], in: "/"))?.status == 0
  private static let schema = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("docs/schemas/settings.schema.json").path

  @Test(
    .enabled(if: hasValidator, "python3 has no jsonschema and yaml"),
    arguments: [
      "", "apisix-version: 3.2.1", "apisix-version: 3.2", "fail-on: note", "ignore: [token/, a/b]", "paths: [a]",
      "ignores: [{paths: [a], rules: [b/]}]", "registries: [my_one]", "exclude: ~",
      "apisix-version: latest", "fail-on: all", "ignore: token/", "ignores: [{paths: [a]}]", "nonsense: 1",
      "registries: [a/b]", "paths: {}", "[]", "ignores: [{paths: [a], rules: [b/], more: 1}]",
    ])
  func schemaAndReaderAgree(text: String) throws {
    let script = """
      import json, sys, jsonschema, yaml
      schema = json.load(open(sys.argv[1]))
      sys.exit(not jsonschema.validators.validator_for(schema)(schema).is_valid(yaml.safe_load(sys.stdin)))
      """
    let valid = try execute("python3", ["-c", script, Self.schema], in: "/", input: text)
    #expect(valid.status < 2, "\(valid.errors)")
    let read = (try? Settings(path: "f", directory: "/", bytes: Array(text.utf8))) != nil
    #expect(read == (valid.status == 0), "\(valid.errors)")
  }
}

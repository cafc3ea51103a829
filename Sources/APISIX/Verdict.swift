public import Inputs
public import JSON
public import YAML

/// The conditions under which a file is judged.
public struct Conditions: Sendable {
  public var release: Release {
    get { schemas.release }
    set { schemas = Schemas(newValue) }
  }
  /// Whether somebody said that it is this one.
  public var isReleaseSaid = false
  /// Those of the release.
  public var schemas: Schemas
  public var environment: Environment
  /// What is known of a file on APISIX's host, by the path as the configuration has it.
  public var files: @Sendable (String) -> FileAnswer
  /// Names of registry modules of one's own: they are there, and have no schema.
  public var declared: Set<String>

  public init(
    release: Release = .newest, environment: Environment = .unknown,
    files: @escaping @Sendable (String) -> FileAnswer = { _ in .unknown }, declared: Set<String> = []
  ) {
    self.schemas = Schemas(release)
    self.environment = environment
    self.files = files
    self.declared = declared
  }
}

/// What APISIX would do with a config.yaml's `discovery` section.
public struct Verdict: Sendable {
  /// The release as which it was judged.
  public let release: Release
  /// nil when the answer hangs on a variable that is not known, or the file is beyond gatecheck's own limits.
  public let accepts: Bool?
  /// The first refusal that APISIX would meet; nil when it accepts.
  public let refusal: Refusal?
  /// What APISIX logs at warn or above while it starts.
  public let log: [Remark]
  /// Variables whose value is not known.
  public let open: [OpenVariable]
  /// Why the YAML could not be read.
  public let yamlError: YAMLError?
  /// The whole first document as typed by lyaml, placeholders filled in; nil when there is none.
  public let root: LuaValue?
  /// The `discovery` section after placeholders and the removal of nulls, without defaults; there whenever the YAML can
  /// be read and has one, refused or not.
  public let discovery: LuaValue?
  /// The same with defaults; nil when it is refused before the worker stage, or hangs on a variable.
  public let resolved: LuaValue?
  /// Every rule of the schemas that the section breaks, with the true places behind `object matches none of the
  /// required`.
  public let violations: [Violation]
  /// The registry modules of one's own that the section names and the files of APISIX's host have.
  public let ownModules: [OwnModule]

  /// nil when accepted or not known.
  public var stage: Stage? { refusal?.stage }
  /// APISIX's message, word for word but with `***` for a credential; nil when accepted or not known.
  public var message: String? { refusal?.words.text(in: release) }
  public var process: Process? { refusal?.process }
}

extension JSONValue {
  /// An empty table becomes an empty object; keys that are no texts are written as Lua would; a number that JSON lacks
  /// and an open text become null and the text as written.
  public init(_ value: LuaValue) {
    switch value.kind {
    case .null: self = .null
    case .bool(let bool): self = .bool(bool)
    case .number(let number): self = number.isFinite ? .number(number) : .null
    case .string(let text), .open(let text): self = .string(text)
    case .table(let table):
      if table.shape == .array {
        self = .array(table.entries.map { JSONValue($0.value) })
      } else {
        self = .object(
          JSONObject(
            table.entries.compactMap { entry in
              entry.key.concatenated.map { JSONObject.Member(key: $0, value: JSONValue(entry.value)) }
            }))
      }
    }
  }
}

enum TarsModel: RegistryModel {
  static let since: Feature? = .tars
  static let credentials = [["db_conf", "password"]]
  static let failure: LoadFailure? = (Words(.badIndex, "local 'conf'", "nil"), .privilegedAgent, nil)

  static func schema(_ release: Release) -> Schema {
    let name = Schema.string(minLength: 1, maxLength: 64)
    let database = Schema.object(
      [
        ("host", .string(.databaseHost, minLength: 1, maxLength: 500)),
        ("port", .integer(1, 65535, fallback: 3306)),
        ("database", name), ("user", name), ("password", name),
      ], required: ["host", "database", "user", "password"])
    return .object(
      [
        ("db_conf", database),
        ("full_fetch_interval", .integer(90, 3600, fallback: 300)),
        ("incremental_fetch_interval", .integer(5, 60, fallback: 15)),
        ("default_weight", .integer(0, 100, fallback: 100)),
      ], required: ["db_conf"])
  }

  /// What its database is asked, and what it answers, is known by no example.
  static func nodes(_ lookup: RegistryLookup, _ answers: RegistryAnswers) throws(RegistryStop) -> Resolution {
    throw .none(.notKnown)
  }
}

import APISIX
import Findings
import SourceText

enum TarsDatabaseFailed {
  static let rule: Rule = """
    log/tars-database-failed (error, since 2.14.1): APISIX cannot read the database of Tars
    Checks: `failed to connect mysql`, `failed to instantiate mysql`, `query failed, error` and `read result failed`.
    Why: tars reads the servants from the MySQL database of the Tars registry. Until it can, they keep the nodes of \
    before, and have none after a start.
    Example: failed to connect mysql: connection refused, nil, nil
    Fix: See that `db_conf` of tars has the host, port, database, user and password of db_tars, and that its user may \
    read t_server_conf and t_adapter_conf.
    """

  static let check = LogCheck(rule, .databaseUnreached, .databaseUnmade, .databaseRefused, .databaseUnread) {
    // In a request that is a plugin's: tars reads the database in timers alone.
    guard $0.tail.client == nil,
      let words = $0.said(anyOf: [.databaseUnreached, .databaseUnmade, .databaseRefused, .databaseUnread])
    else { return nil }
    // Behind the complaint come a number and a state of MySQL's, or two words nil.
    let said = (words[.problem] ?? "").replacing(", nil, nil", with: "").replacing(", nil nil", with: "")
    // Whether there was a password is none.
    let reason = shown(
      said.replacing("(using password: YES)", with: "(with a password)")
        .replacing("(using password: NO)", with: "(without a password)"))
    let problem = Unreached(reason)
    let help =
      if reason.has("Access denied") {
        "write the user and password of the database into discovery.tars.db_conf"
      } else if reason.has("Unknown database") {
        "write the name of the Tars database into discovery.tars.db_conf.database, by default db_tars"
      } else {
        problem?.help("MySQL", "discovery.tars.db_conf")
          ?? "try the same with mysql: its user must be allowed to read t_server_conf and t_adapter_conf"
      }
    return Explanation(
      rule, "the database of Tars " + (problem?.told ?? "refuses APISIX: \(reason)"), help: help, .cause(.tars),
      values: [(.registry, RegistryKind.tars.key), (.reason, reason)], settings: ["db_conf"])
  }
}

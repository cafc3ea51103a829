import APISIX
import Findings
import YAML

enum IncompleteModule {
  static let rule: Rule = """
    discovery/module-incomplete (error, since 2.1.0): A registry module of your own lacks what APISIX calls
    Checks: With --root: that a module of your own, in apisix/discovery or under `extra_lua_path`, has the functions \
    `init_worker` and `nodes`.
    Why: APISIX calls `init_worker` in each worker as it starts, and the worker fails without it: `attempt to call \
    field 'init_worker' (a nil value)`. It calls `nodes` for each request to an upstream of that registry, which then \
    answers 500.
    Example:
    -- apisix/discovery/my.lua
    local _M = {}
    return _M
    Fix: local _M = {}
    function _M.init_worker() end
    function _M.nodes(service_name)
      return { { host = "127.0.0.1", port = 1980, weight = 1 } }
    end
    return _M
    """

  static func check(_ context: ConfigContext) -> [Finding] {
    context.verdict.ownModules.compactMap { module in
      guard !module.missing.isEmpty else { return nil }
      let starts = !module.missing.contains("init_worker")
      let setting = context[module.name]
      return context.file.finding(
        rule, severity: starts ? .warning : nil,
        "\(module.path) has no \(module.missing.joined(separator: " and no ")); "
          + (starts ? "each request to its services fails" : "every worker fails while it starts"),
        at: setting?.keyNode, path: setting?.path,
        help: "add to the module: " + module.missing.map { signatures[$0] ?? $0 }.joined(separator: ", "))
    }
  }

  private static let signatures = [
    "init_worker": "function _M.init_worker()", "nodes": "function _M.nodes(service_name)",
  ]
}

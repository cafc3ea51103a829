import APISIX
import Findings
import SourceText

enum AgentDead {
  static let rule: Rule = """
    log/agent-dead (error, since 2.13.0): A process of APISIX is dead, or runs without its configuration
    Checks: `privileged agent process N exited … and cannot be respawned`, `failed to init privileged agent \
    listeners`, and the Lua errors `attempt to concatenate local 'role'` and `attempt to index upvalue 'local_conf'` \
    of requests.
    Why: kubernetes and consul live in the privileged agent. It dies when the port of /status is taken: the gateway \
    serves on, and neither has any nodes. The Lua errors come where a registry failed at the process's start: \
    /status/ready, or every route of that worker, is answered with 500.
    Example: privileged agent process 7142 exited with fatal code 2 and cannot be respawned
    Fix: Free the port that the `bind()` line names, or set another as `apisix.status.port`, and restart APISIX. For \
    the Lua errors mend what `init_worker_by_lua error` says at the start.
    """

  static let check = LogCheck(rule, .agentExited, .agentUnheard, .badConcatenation, .badIndex) {
    if $0.said(.agentExited) != nil || $0.said(.agentUnheard) != nil {
      return Explanation(
        rule, "the privileged agent is dead, and is not started again: kubernetes and consul have no nodes",
        help: "free the port of the bind() line before it, 7085 by default, or set apisix.status.port to another; then "
          + "restart APISIX", .cause(nil), values: [(.object, "privileged agent")])
    }
    guard $0.file.hasSuffix("apisix/init.lua"), let words = $0.words?.root else { return nil }
    switch (words.sentence, words[.what]) {
    case (.badConcatenation, "local 'role'"):
      return Explanation(
        rule, "/status/ready is answered with 500: a registry failed when the privileged agent started",
        help: "mend what init_worker_by_lua error says at the start of the log, then restart APISIX", .effect(nil),
        values: [(.object, "privileged agent"), (.variable, "role")])
    case (.badIndex, "upvalue 'local_conf'"):
      return Explanation(
        rule, "every request to one worker is answered with 500: a registry failed when the worker started",
        help: "mend what init_worker_by_lua error says at the start of the log, then restart APISIX", .effect(nil),
        values: [(.object, "worker"), (.variable, "local_conf")])
    default: return nil
    }
  }
}

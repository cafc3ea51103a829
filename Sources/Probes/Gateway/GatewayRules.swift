import Findings

/// The rules of what a running APISIX says of itself.
enum GatewayRules {
  static let all = [notReady, refuses]

  static let notReady: Rule = """
    gateway/not-ready (error): The running APISIX says that it is not ready
    Checks: With `doctor --control URL`, where config.yaml has `apisix.status`: what `/status/ready` answers on the \
    host of the control API, at the port of `apisix.status`.
    Why: A worker has no configuration yet, or the first list of a registry has not come. Kubernetes sends no traffic \
    to such a pod. What it says once it is ready proves nothing of later: it stays `ok`, whatever happens.
    Example: 503 with `kubernetes discovery not ready`: no list of Kubernetes has succeeded
    Fix: Mend what keeps it: the token, its rights, the way to etcd or to conf/apisix.yaml; error.log names it.
    """

  static let refuses: Rule = """
    gateway/refuses (error): The running APISIX would refuse an object of the file
    Checks: With `doctor --admin URL --apisix-file FILE`: what the gateway's own `/apisix/admin/configs/validate` says \
    of the file, plugins and their schemas included. Nothing is stored by that. Older releases do not have it.
    Why: The Admin API answers 400 to such an object, and from apisix.yaml it is left out.
    Example: invalid routes at index 0, err: property "uri" validation failed: wrong type: expected string, got number
    Fix: Correct the object as the message says.
    """
}

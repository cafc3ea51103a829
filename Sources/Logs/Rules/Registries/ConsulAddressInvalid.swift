import APISIX
import Findings
import SourceText

enum ConsulAddressInvalid {
  static let rule: Rule = """
    log/consul-address-invalid (error, since 2.13.0): An address of Consul is one that APISIX does not take
    Checks: `only support consul http schema address` and `invalid consul server address`, when a process starts.
    Why: consul and consul_kv speak plain HTTP only, to `http://host:port`, without a path and without a slash at the \
    end. The process that fetches stops there: consul has no nodes; with consul_kv every request to that worker is \
    answered with 500.
    Example: format consul config got error: only support consul http schema address, eg: http://address:port
    Fix: Write `http://host:port` into `servers`. Where Consul has HTTPS only, run a Consul agent beside APISIX, and \
    give its address.
    """

  static let check = LogCheck(rule, .onlyHTTP, .addressInvalid) {
    let kind: RegistryKind = $0.file.has("consul_kv") ? .consulKV : .consul
    let isScheme = $0.said(.onlyHTTP) != nil
    return Explanation(
      rule,
      isScheme
        ? "an address in \(kind.serversPath) does not begin with http://, and APISIX asks Consul over plain HTTP only"
        : "an address in \(kind.serversPath) has a path, or a slash at its end",
      help: "write http://host:port into \(kind.serversPath)"
        + (isScheme
          ? "; where Consul has HTTPS only, that of a Consul agent beside APISIX" : ", and nothing behind it"),
      .cause(kind), values: [(.registry, kind.key), (.reason, isScheme ? "scheme" : "path")], settings: ["servers"])
  }
}

public import Findings

/// What keeps a service name of the kubernetes registry from being that of any service, in a file as on a command line.
public enum ServiceNameForm {
  public static let dnsName: Rule = """
    service-name/dns-name (error): A DNS name is where namespace/name:port is needed
    Checks: Service names of the kubernetes registry that are written as a host, `plat-dev.default.svc.cluster.local` \
    or `plat-dev.default`, as an IP address or as a URL.
    Why: APISIX does not resolve the name, it looks it up among the Endpoints as namespace/name:port-name. A DNS name \
    gives `get unexpected upstream service_name` and 503; with a port behind it, 503 and no word of why.
    Example: service_name: cms.default.svc.cluster.local
    Fix: service_name: default/cms:http
    """

  public static let portMissing: Rule = """
    service-name/port-missing (error): The name of the port is missing
    Checks: Service names of the kubernetes registry without a colon, or with nothing behind it.
    Why: APISIX splits the name at its last colon. Without one it logs `get unexpected upstream service_name`, and the \
    request gets 503. Nothing behind the colon finds only unnamed ports of EndpointSlices.
    Example: service_name: default/plat-dev
    Fix: service_name: default/plat-dev:http   # the name of the port in the Service
    """

  public static let malformed: Rule = """
    service-name/malformed (error): A service name cannot be that of any Service
    Checks: Service names of the kubernetes registry: the namespace must be there, namespace and name must be names \
    that Kubernetes allows, there are no spaces and no more slashes than `id/namespace/name:port` has, and it is one \
    name.
    Why: APISIX looks the text up as it stands. What no Service can be called is never found: 503 `no valid upstream \
    node`, usually without another line in the log.
    Example: service_name: plat-dev:http
    Fix: service_name: default/plat-dev:http
    """

  public static let clusterMissing: Rule = """
    service-name/cluster-id-missing (error, since 3.0.0): With several clusters a service name needs the id of its \
    cluster
    Checks: Service names `namespace/name:port` when the config of the run has discovery.kubernetes as a list, even of \
    one item.
    Why: APISIX then wants id/namespace/name:port and logs `get unexpected upstream service_name`; requests get 503.
    Example:
    # config.yaml: discovery.kubernetes is a list with id: release
    service_name: default/plat-dev:http
    Fix: service_name: release/default/plat-dev:http
    """

  public static let clusterExtra: Rule = """
    service-name/cluster-id-extra (error): With one cluster a service name has no id
    Checks: Service names `id/namespace/name:port` when the config of the run has discovery.kubernetes as an object.
    Why: APISIX takes id/namespace/name for the name of the Endpoints, which is never found: 503 `no valid upstream \
    node: nil` and no other line in the log.
    Example: service_name: release/default/plat-dev:http
    Fix: service_name: default/plat-dev:http
    """

  public static let clusterUnknown: Rule = """
    service-name/cluster-id-unknown (error, since 3.0.0): No cluster has this id
    Checks: The id in `id/namespace/name:port` against the ids under discovery.kubernetes in the config of the run.
    Why: APISIX logs `id not exist`, and requests get 503.
    Example:
    # config.yaml: ids are release and debug
    service_name: relaese/default/plat-dev:http
    Fix: service_name: release/default/plat-dev:http
    """
}

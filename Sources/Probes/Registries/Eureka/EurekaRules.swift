import Findings

/// What only Eureka has.
enum EurekaRules {
  static let all = [
    prefix, xml, outOfService, starting, noPort, securePort, weight, hostName, atSign, serverStarting, stale,
  ]

  static let prefix: Rule = """
    registry/eureka-prefix (error): Eureka has its API under another path
    Checks: After a 404, whether Eureka answers under `/eureka/`, `/eureka/v2/`, `/v2/` or `/`.
    Why: APISIX asks under discovery.eureka.prefix alone. Spring Cloud's server has /eureka/, Netflix' own /eureka/v2/.
    Example: prefix: /eureka/v2/
    Fix: prefix: /eureka/
    """

  static let xml: Rule = """
    registry/eureka-xml (error): Eureka answers with XML
    Checks: Whether the answer to a question for JSON is XML.
    Why: Eureka writes XML where the header Accept does not say JSON. APISIX says it, so something between takes the \
    header away or answers from a cache. APISIX cannot read XML.
    Example: <applications><versions__delta>1</versions__delta>…
    Fix: Let the proxy before Eureka pass the header Accept, or write the address of Eureka itself.
    """

  static let outOfService: Rule = """
    registry/eureka-out-of-service (error): Somebody took the instances out of service
    Checks: Whether each instance of the application has an overridden status.
    Why: The overridden status goes before the instance's own until it is taken away; a restart of the instance does \
    not do that. APISIX leaves out what is not UP.
    Example: "status": "OUT_OF_SERVICE", "overriddenStatus": "OUT_OF_SERVICE"
    Fix: curl -X DELETE 'http://eureka:8761/eureka/apps/ORDERS/ID/status?value=UP'
    """

  static let starting: Rule = """
    registry/eureka-starting (error): The instances are still starting
    Checks: Whether no instance of the application is UP, and one is STARTING.
    Why: A client registers as STARTING and says UP when it is ready. APISIX leaves out what is not UP.
    Example: "status": "STARTING"
    Fix: Wait; if it stays so, look at the log of the service.
    """

  static let noPort: Rule = """
    registry/eureka-no-port (error): The instances have no port that is enabled
    Checks: Whether an instance that is UP has `port` or `securePort` with `@enabled` true.
    Why: APISIX takes the port that is enabled, and leaves out an instance without one.
    Example: "port": {"$": 8080, "@enabled": "false"}, "securePort": {"$": 443, "@enabled": "false"}
    Fix: eureka.instance.non-secure-port-enabled: true
    """

  static let securePort: Rule = """
    registry/eureka-secure-port (warning): APISIX takes the secure port of the instances
    Checks: Whether an instance that is UP has its secure port enabled.
    Why: Where both ports are enabled APISIX takes the secure one, whatever the scheme of the upstream; with scheme \
    http, which is the default, it speaks plain http to it.
    Example: "port": {"$": 8080, "@enabled": "true"}, "securePort": {"$": 8443, "@enabled": "true"}
    Fix: scheme: https
    """

  static let weight: Rule = """
    registry/eureka-weight (error): The weight in an instance's metadata is a text
    Checks: Whether APISIX refuses the nodes for a weight that comes from `metadata.weight`.
    Why: Eureka keeps metadata as text. APISIX takes `metadata.weight` as it is, and refuses all nodes of the \
    application for it: 503 `invalid nodes format`.
    Example: "metadata": {"weight": "10"}
    Fix: Take weight out of the metadata; discovery.eureka.weight is the weight of all nodes.
    """

  static let hostName: Rule = """
    registry/eureka-host-name (warning): An instance has a name in place of an address
    Checks: Whether `ipAddr` of an instance that is UP is an IP address, and what APISIX makes of a name.
    Why: Up to 3.15 APISIX leaves such an instance out. From 3.16 on it looks the name up, with the servers of \
    apisix.dns_resolver, and leaves it out where they do not know it.
    Example: "ipAddr": "orders-7d9c.internal"
    Fix: eureka.instance.ip-address: 10.0.0.1
    """

  static let atSign: Rule = """
    registry/eureka-at-sign (error): The password of Eureka has an @ in it
    Checks: Whether an item of discovery.eureka.host has more than one `@`.
    Why: APISIX ends user and password at the first `@`, takes the rest for the name of the server, and finds none of \
    that name. It decodes no %40 either.
    Example: host: ["http://apisix:p@ss@eureka:8761"]
    Fix: Give the user a password without @.
    """

  static let serverStarting: Rule = """
    registry/eureka-server-starting (error): The Eureka server has just started
    Checks: An answer of 403 without a word.
    Why: Netflix' own server answers nobody for up to five minutes after its start, where it got nothing from another \
    server (waitTimeInMsWhenSyncEmpty).
    Example: 403, and an empty body
    Fix: Wait, or set eureka.waitTimeInMsWhenSyncEmpty=0 for a server that stands alone.
    """

  static let stale: Rule = """
    registry/eureka-stale (warning): Instances are UP, and were not heard of for long
    Checks: By the server's clock, whether an instance that is UP was last renewed more than twice its lease and three \
    minutes ago.
    Why: Eureka takes away what does not renew its lease, but for self-preservation: where too many stop at once it \
    keeps all. APISIX goes on sending requests to them.
    Example: "lastRenewalTimestamp" an hour ago with "durationInSecs": 90
    Fix: Look whether the instances run; eureka.server.enable-self-preservation: false where few instances are usual.
    """
}

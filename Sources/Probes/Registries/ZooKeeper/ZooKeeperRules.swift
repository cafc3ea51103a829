import Findings

/// The rules of ZooKeeper as apisix-seed reads it, and of what it writes into etcd.
enum ZooKeeperRules {
  static let all = [
    notServing, otherServer, login, notAllowed, prefix, noData, notNodes, otherLayout, weightless, notWritten, differs,
    refused,
  ]

  static let notServing: Rule = """
    registry/zookeeper-not-serving (error): ZooKeeper is there, and serves nobody
    Checks: What the server says to `srvr`.
    Why: Without more than half of its ensemble a server takes connections and answers no question. apisix-seed waits, \
    and what is in etcd stays as it was.
    Example: This ZooKeeper instance is not currently serving requests
    Fix: Start the other servers of the ensemble.
    """

  static let otherServer: Rule = """
    registry/zookeeper-other-server (error): Something else than ZooKeeper listens there
    Checks: Whether the port answers as ZooKeeper does.
    Why: apisix-seed speaks ZooKeeper's own protocol, without TLS, on its client port.
    Example: hosts: ["zk:8080"], the port of the AdminServer
    Fix: hosts: ["zk:2181"]
    """

  static let login: Rule = """
    registry/zookeeper-login (error): ZooKeeper wants a login, and apisix-seed has none
    Checks: Whether the server closes sessions that did not log in.
    Why: apisix-seed can neither log in by SASL nor by digest.
    Example: sessionRequireClientSASLAuth=true
    Fix: Let clients in without a login on a port that only apisix-seed reaches.
    """

  static let notAllowed: Rule = """
    registry/zookeeper-not-allowed (error): The access list of a znode keeps apisix-seed out
    Checks: Whether the znode may be read by who has not logged in (-102, NoAuth).
    Why: apisix-seed never logs in, so it sees what `world` may see.
    Example: setAcl /zookeeper/orders auth:user:password:cdrwa
    Fix: setAcl /zookeeper/orders world:anyone:r,auth::cdrwa
    """

  static let prefix: Rule = """
    registry/zookeeper-no-prefix (error): The prefix of apisix-seed is no znode
    Checks: Whether `discovery.zookeeper.prefix` is there and can be the way to a znode.
    Why: apisix-seed reads PREFIX/SERVICE_NAME. It makes a prefix that is missing, empty; with a slash at its end \
    every \
    path is one that ZooKeeper refuses.
    Example: prefix: /service, where the services are below /services
    Fix: prefix: /services
    """

  static let noData: Rule = """
    registry/zookeeper-no-data (error): The znode holds nothing
    Checks: Whether the znode was created without data, or with an empty text.
    Why: apisix-seed reads the znode's own data, and never what is below it. It logs `unexpected end of JSON input` \
    and \
    leaves in etcd what was there.
    Example: create /zookeeper/orders
    Fix: set /zookeeper/orders '[{"host":"10.0.0.1","port":80,"weight":100}]'
    """

  static let notNodes: Rule = """
    registry/zookeeper-not-nodes (error): The znode holds no JSON list of nodes
    Checks: What apisix-seed makes of the data: a list of objects with `host` (a text), `port` and `weight` (whole \
    numbers).
    Why: One value of another type and apisix-seed takes none of it: it logs `cannot unmarshal`, and what was in etcd \
    stays there.
    Example: {"host":"10.0.0.1","port":"80"}
    Fix: set /zookeeper/orders '[{"host":"10.0.0.1","port":80,"weight":100}]'
    """

  static let otherLayout: Rule = """
    registry/zookeeper-other-layout (error): The services are there in a form that apisix-seed does not read
    Checks: Whether the znodes are those of Dubbo (`/dubbo/INTERFACE/providers/URL`) or of Spring Cloud \
    (`/services/NAME/ID`).
    Why: Both have a znode for each instance. apisix-seed reads one znode for each service, and never what is below it.
    Example: /services/orders/7f3c… {"name":"orders","address":"10.0.0.1","port":80}
    Fix: set /services/orders '[{"host":"10.0.0.1","port":80,"weight":100}]', and again whenever an instance comes \
    or goes
    """

  static let weightless: Rule = """
    registry/zookeeper-weight (warning): A node without a weight gets no traffic
    Checks: Whether each node in the znode has a `weight`.
    Why: apisix-seed takes a weight that is missing for 0, and does not use that of its configuration here. APISIX \
    sends \
    nothing to a node of weight 0.
    Example: [{"host":"10.0.0.1","port":80}]
    Fix: [{"host":"10.0.0.1","port":80,"weight":100}]
    """

  static let notWritten: Rule = """
    registry/zookeeper-not-written (error): apisix-seed has not written the nodes into etcd
    Checks: Whether the upstream in etcd is still as it was made: with `discovery_type: zookeeper`.
    Why: APISIX itself knows no ZooKeeper: 503, `discovery zookeeper is uninitialized`, until apisix-seed has put \
    nodes \
    in place of the name.
    Example: {"service_name": "orders", "discovery_type": "zookeeper"}
    Fix: Start apisix-seed, and look at its log; its etcd and prefix must be those of APISIX.
    """

  static let differs: Rule = """
    registry/zookeeper-differs (error): etcd holds other nodes than the znode
    Checks: The nodes of the upstream in etcd against those of the znode.
    Why: APISIX sends the traffic where etcd says. apisix-seed writes each change of the znode; where it stopped, or \
    could not read the znode, the old nodes stay.
    Example: etcd has 10.0.0.1:80, the znode 10.0.0.2:80
    Fix: Restart apisix-seed, and look at its log for `fetch service` and `storer`.
    """

  static let refused: Rule = """
    registry/zookeeper-seed-refused (error, since 3.6.0): APISIX drops what apisix-seed writes
    Checks: Whether the upstream in etcd has the keys `_service_name` and `_discovery_type`, or, where etcd was not \
    asked, whether the release is 3.6 or newer (a warning).
    Why: apisix-seed renames the two keys when it writes nodes. From 3.6.0 on APISIX refuses keys that it does not \
    know: \
    `additional properties forbidden, found _discovery_type`, and drops the whole object: 404 or 503.
    Example: {"nodes": [...], "_service_name": "orders", "_discovery_type": "zookeeper"}
    Fix: Write the nodes into the upstream yourself, without the two keys; or use a registry that APISIX has: Nacos, \
    Consul, DNS.
    """
}

import Findings

/// What is wrong with names and name servers, each with a mend of its own.
enum DNSRules {
  static let all = [
    noSuchName, shortName, noRecord, order, loop, target, serverFailure, refused, serverName, deadServer, cut, fewer,
    noPort,
  ]

  static let noSuchName: Rule = """
    registry/dns-no-such-name (error): The name server knows no such name (NXDOMAIN)
    Checks: The code of the answer: 3.
    Why: The name is spelt otherwise, belongs to a zone that this server does not have, or nothing is registered under \
    it now. APISIX answers 503. Each of its workers keeps the answer for 30 seconds, and so may name servers on the \
    way, for the time that the zone's SOA record says: a name that comes into being is found only then.
    Example: service_name: web.service.consul:80, where no instance of web passes its checks
    Fix: Write the name as it stands in the zone, or let APISIX ask the server that has it.
    """

  static let shortName: Rule = """
    registry/dns-short-name (error): A name without a dot is found only by way of a search list
    Checks: Whether a name that the server does not know has no dot.
    Why: APISIX tries a short name with each word of `search` in its resolv.conf behind it: that of `resolv_conf`, or \
    /etc/resolv.conf of its own host or container. gatecheck knows it by `resolv_conf` or --root.
    Example: service_name: web:80
    Fix: service_name: web.default.svc.cluster.local:80
    """

  static let noRecord: Rule = """
    registry/dns-no-record (error): The name is there, without an address
    Checks: Whether an answer of code 0 has a record of the types of `order`, or of any other.
    Why: The name has other records, as TXT or MX, or is only part of longer names. APISIX says `empty record \
    received` \
    and answers 503. Each worker keeps that for 30 seconds.
    Example: service_name: example.org:80, where only www.example.org has an address
    Fix: Give the name an A, AAAA or SRV record, or write the one that has it.
    """

  static let order: Rule = """
    registry/dns-order (error): The name has records of a type that order leaves out
    Checks: Where the types of `order` give nothing, the others; IPv6 addresses too, where `apisix.enable_ipv6` is \
    false.
    Why: APISIX asks only for the types that `order` lists, from the first on, and takes those of the first that has \
    any. Before 3.15 an alias is followed only where it lists CNAME.
    Example: dns: {servers: ["127.0.0.1:8600"], order: [A]}, for a name with SRV records
    Fix: dns: {servers: ["127.0.0.1:8600"], order: [last, SRV, A, AAAA, CNAME]}
    """

  static let loop: Rule = """
    registry/dns-loop (error): The records of the name lead back to itself
    Checks: Where the CNAME records of the name lead.
    Why: APISIX follows them until it is where it was before, and says `recursion detected`. Resolvers answer SERVFAIL.
    Example: a.example.org CNAME b.example.org, and b.example.org CNAME a.example.org
    Fix: Let the last of them be an A, AAAA or SRV record.
    """

  static let target: Rule = """
    registry/dns-target (error): A target of the SRV records has no address
    Checks: Each target, as APISIX looks each up.
    Why: One that is not found takes all others with it: the request gets 503. A target of `.` says that there is no \
    such service.
    Example: web.example.org SRV 10 50 8080 gone.example.org
    Fix: Give each target an A or AAAA record, or take its SRV record away.
    """

  static let serverFailure: Rule = """
    registry/dns-server-failure (error): The name server could not find out (SERVFAIL)
    Checks: The code of the answer: 2.
    Why: The servers that it asks do not answer or refuse, a DNSSEC signature is wrong, aliases lead in a circle, or \
    Consul has no leader. To APISIX that is an answer: it asks no other server, and tries again after a second.
    Example: unbound whose forward-addr is down
    Fix: Look at the log of the name server.
    """

  static let refused: Rule = """
    registry/dns-refused (error): The name server refuses to answer for this name
    Checks: The code of the answer: 5.
    Why: It serves other zones only, as Consul's does all but `.consul`, or does not let APISIX's address ask. To \
    APISIX \
    that is an answer: it asks no other server.
    Example: dns: {servers: ["127.0.0.1:8600"]} of Consul, for service_name: web.example.org
    Fix: Write a server that answers for all names, as one that forwards `.consul` to Consul.
    """

  static let serverName: Rule = """
    registry/dns-server-name (error): A name server is given by its name, or without a port that is one
    Checks: Each of `servers`, and each `nameserver` of resolv_conf.
    Why: APISIX cannot look up the server that it looks names up with. One such is enough: `failed to set peer name`, \
    and no name is found, whatever the others are.
    Example: servers: ["consul:8600"]
    Fix: servers: ["10.0.0.5:8600"]
    """

  static let deadServer: Rule = """
    registry/dns-dead-server (warning): One of the name servers does not answer
    Checks: Whether a server before the one that answered gave no answer.
    Why: APISIX begins with the first server for each new question, and waits two seconds for it before it asks the \
    next: requests wait so long whenever a name is not in its cache.
    Example: servers: ["10.0.0.2:53", "10.0.0.3:53"], where 10.0.0.2 is down
    Fix: Take it out of servers, or write it last.
    """

  static let cut: Rule = """
    registry/dns-cut (error): The answer does not fit into a datagram, and the server gives none over TCP
    Checks: Whether a whole answer comes over TCP where that over UDP is marked as cut (TC).
    Why: APISIX asks without EDNS: more than 512 bytes, some ten SRV records, come over TCP alone. Where a firewall or \
    the server lets none through, that type of record counts as not there.
    Example: sixty A records, and port 53 open for UDP only
    Fix: Open the server's port for TCP as well.
    """

  static let fewer: Rule = """
    registry/dns-fewer (warning): The server gives APISIX fewer instances than there are
    Checks: Where Consul's DNS answers with three records, how many there are with EDNS.
    Why: To a question without EDNS, as APISIX asks, Consul answers with three instances of its choice, others each \
    time, and does not say that there are more. The others get no traffic until the next question.
    Example: service_name: web.service.consul:80, with six instances
    Fix: Let Consul mark its answers as cut: `dns_config {enable_truncate = true}`, or take discovery_type: consul.
    """

  static let noPort: Rule = """
    registry/dns-no-port (note): The nodes have no port: that of the upstream's scheme is taken
    Checks: Whether service_name names a port, or an SRV record does.
    Why: Addresses have no port, and an SRV record may have 0. APISIX takes 80 for http and grpc, 443 for https and \
    grpcs; the upstream of a stream route has no such port and loses these nodes.
    Example: service_name: web.example.org
    Fix: service_name: web.example.org:8080
    """
}

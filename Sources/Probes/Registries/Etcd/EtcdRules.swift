import Findings

/// The rules of the etcd in which APISIX keeps its configuration.
enum EtcdRules {
  static let all = [login, role, readOnly, noUsers, noGateway, certificateUsers, noLeader, tooOld, majority]

  static let login: Rule = """
    registry/etcd-login (error): etcd wants a user, and not the one of config.yaml
    Checks: What etcd says to `deployment.etcd.user` and `password`, or to who names none.
    Why: An etcd with users answers nobody else. APISIX reads no route, and does not start.
    Example: etcdserver: user name is empty
    Fix: deployment:
      etcd:
        user: apisix
        password: ${{ETCD_PASSWORD}}
    """

  static let role: Rule = """
    registry/etcd-role (error): The user of etcd may not read below the prefix
    Checks: Whether the user may read every key below `deployment.etcd.prefix`: `etcdserver: permission denied`.
    Why: APISIX reads all of it and follows each change. It also writes there: its folders when it starts, and what \
    the \
    Admin API is given.
    Example: deployment: {etcd: {user: apisix, prefix: /apisix}}, where the role has /apisix/routes only
    Fix: etcdctl role grant-permission apisix --prefix=true readwrite /apisix/
    """

  static let readOnly: Rule = """
    registry/etcd-read-only (warning): The user of etcd may read below the prefix, and not write
    Checks: Whether the roles of the user cover the prefix for writing. Nothing is written.
    Why: `apisix start` writes its folders. Where etcd 3.4 refuses, it ends with `got malformed key-put message`; with \
    3.5 it goes on. The Admin API can store nothing in either.
    Example: etcdctl role grant-permission apisix --prefix=true read /apisix/
    Fix: etcdctl role grant-permission apisix --prefix=true readwrite /apisix/
    """

  static let noUsers: Rule = """
    registry/etcd-no-users (error): config.yaml has a user for etcd, and etcd has no users
    Checks: Whether etcd refuses the login with `authentication is not enabled`.
    Why: `apisix start` logs in first and ends with `got malformed auth message`.
    Example: deployment: {etcd: {user: apisix, password: secret}}, before `etcdctl auth enable`
    Fix: Take user and password out, or let etcd have the user, then: etcdctl auth enable
    """

  static let noGateway: Rule = """
    registry/etcd-no-gateway (error): etcd does not speak JSON
    Checks: Whether `/v3/kv/range` is there.
    Why: APISIX asks etcd over its JSON gateway. Without it `apisix start` ends with `gRPC gateway is not enabled`.
    Example: etcd --enable-grpc-gateway=false
    Fix: Start etcd with --enable-grpc-gateway=true.
    """

  static let certificateUsers: Rule = """
    registry/etcd-certificate-users (error): etcd takes its users from client certificates
    Checks: Whether etcd refuses with `CommonName of client sending a request against gateway will be ignored`.
    Why: With users and `--client-cert-auth` together etcd refuses a certificate with a CommonName over its JSON \
    gateway, \
    the only way that APISIX knows. `apisix start` ends.
    Example: etcd --client-cert-auth, with users, asked by a certificate CN=apisix
    Fix: Give APISIX a certificate without a CommonName, and deployment.etcd.user and password.
    """

  static let noLeader: Rule = """
    registry/etcd-no-leader (error): etcd has no leader
    Checks: An answer of 503, or `etcdserver: no leader`.
    Why: Without more than half of its members etcd answers no question. A running APISIX keeps what it had; one that \
    starts now does not.
    Example: etcdserver: request timed out, with two of three members down
    Fix: Start the other members: etcdctl endpoint status --cluster -w table
    """

  static let tooOld: Rule = """
    registry/etcd-too-old (error): etcd is older than APISIX takes
    Checks: `etcdcluster` of `/version`: 3.4.0 or newer.
    Why: `apisix start` ends with `etcd cluster version … is less than the required version 3.4.0`. A cluster has the \
    version of its oldest member.
    Example: {"etcdserver": "3.4.23", "etcdcluster": "3.3.0"}
    Fix: Upgrade every member to 3.4 or newer.
    """

  static let majority: Rule = """
    registry/etcd-majority (error): Too few of the addresses of etcd answer
    Checks: Whether more than half of `deployment.etcd.host` answer to `/version`.
    Why: Otherwise `apisix start` ends with `the etcd cluster needs at least 50% and above healthy nodes`: one of \
    two is \
    too few.
    Example: host: ["http://etcd-0:2379", "http://etcd-1:2379"], where etcd-1 is down
    Fix: Start the others, or list those that answer.
    """
}

import Testing

/// A mistake on real servers, and its healthy twin, which differs from it in one thing only.
struct FaultRow: Sendable, CustomTestStringConvertible {
  let name: String
  /// The first of the errors; of the warnings where there are no errors.
  private let rule: String
  /// What lint says of the same.
  private let lintRule: String?
  let commands: [Command]
  /// What `$IT` is in the fault, and in the twin.
  let bad, good: String
  /// Bash, with `words`. `$ME` is a name of its own, `$NS` the account's and its namespace's.
  let setup: String

  var testDescription: String { name }

  func rule(_ command: Command) -> String {
    ["lint", "doctor"].contains { command.text.hasPrefix($0) } ? lintRule ?? rule : rule
  }

  struct Command: Sendable, ExpressibleByStringLiteral {
    let text: String

    init(stringLiteral text: String) { self.text = text }

    static let token: Self = "token verify $C"
    static let tokenAdmin: Self = "token verify $C $A"
    static let rbac: Self = "rbac verify $C"
    static let rbacAdmin: Self = "rbac verify $C $A"
    static let resolve: Self = "resolve $NS/web:http $C"
    static let resolveAdmin: Self = "resolve $NS/web:http $C $A"
    static let lint: Self = "lint config.yaml"
    static let lintObjects: Self = "lint objects.yaml"
  }

  init(
    _ name: String, _ rule: String, lint: String? = nil, on commands: [Command], bad: String, good: String,
    _ setup: String = "given"
  ) {
    self.name = name
    self.rule = rule
    lintRule = lint
    self.commands = commands
    self.bad = bad
    self.good = good
    self.setup = setup
  }

  /// The same, asked by another command.
  /// - Parameter step: what is set up as well.
  func asked(_ command: String, then step: String = "") -> FaultRow {
    FaultRow(
      name, rule, lint: Self.byDoctor[name] ?? lintRule, on: [Command(stringLiteral: command)], bad: bad, good: good,
      setup + "\n" + step)
  }

  /// What doctor says where it knows more than the others, or another error comes of a warning.
  private static let byDoctor = [
    "variable": "placeholder/missing", "misspelt": "input/not-found", "selector": "kubernetes/label-selector-grammar",
    "slash": "service-name/malformed",
  ]

  static let all = tokens + refusals + rights + excess + connections + fronts + configs + services + stored

  /// What the set-ups are made of.
  static let words = #"""
    apply() { # YAML, which lint may look at as well
      tee -a objects.yaml | kubectl apply -f - >&2
    }
    account() { # what a healthy one has: a namespace, an account, its role, its token, a service; and a config.yaml
      apply <<END
    ---
    {apiVersion: v1, kind: Namespace, metadata: {name: $NS}}
    ---
    {apiVersion: v1, kind: ServiceAccount, metadata: {name: $NS, namespace: $NS}}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ${ROLE:-ClusterRole}
    metadata: {name: $NS, namespace: ${SPACE-$NS}}
    rules:
      - {apiGroups: [${GROUP-'""'}], resources: [${RESOURCES-endpoints}], verbs: [${VERBS-list, watch}]${LIMIT-}}
    ${AGGREGATION-}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ${BINDING-ClusterRoleBinding}
    metadata: {name: $NS, namespace: $NS}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${ROLE-ClusterRole}, name: ${BOUND-$NS}}
    subjects: [{${SUBJECT-kind: ServiceAccount, name: $NS, namespace: $NS}}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: $NS}
    spec: {type: ${TYPE-ClusterIP}${EXTERNAL-}, ports: [{name: http, port: 80}]}
    ---
    apiVersion: v1
    kind: Endpoints
    metadata: {name: ${ENDPOINTS-web}, namespace: $NS}
    subsets: [{${STATE-addresses}: [{ip: 10.1.0.1}], ports: [{${NAMED-name: http,} port: 8080}]}]
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: seen-$NS}
    rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: {name: seen-$NS}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: seen-$NS}
    subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: seen-$NS}]
    END
      # What was made before is seen by the server when this is.
      may get pods seen-$NS
      token
    }
    may() { # VERB RESOURCE USER: waits until it may
      until kubectl auth can-i $1 $2 -A --as $3 >&2; do sleep 0.1; done
    }
    given() { # the config.yaml of an account that is there and healthy
      config "$(cat "$GIVEN/token")"
    }
    token() { # of the account, for AUDIENCE and as long as the object FOR lives
      config "$(kubectl create --raw "/api/v1/namespaces/$NS/serviceaccounts/$NS/token" -f - <<END |
    {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
     "spec": {"expirationSeconds": 31536000, "audiences": [${AUDIENCE-}]${FOR-}}}
    END
        sed 's/.*"token":"\([^"]*\)".*/\1/')"
    }
    config() { # TOKEN
      printf %s "$1" >token
      cat >config.yaml <<END
    discovery:
      kubernetes:
        service: {schema: ${SCHEMA-https}, host: ${SERVER-127.0.0.1}, port: "$PORT"}
        client:
          token: "$1"
        ${MORE-}
    END
    }
    changed() { # the token in config.yaml by a command
      config "$(eval "$1" <token)"
    }
    in_file() { # the token in a file, by a command
      eval "$1" <token >t && mv t token
      sed -i "s|token: .*|token_file: $PWD/token|" config.yaml
    }
    signed() { # KEY ID CLAIMS: the token with other claims, signed by a key that the server knows by this ID
      config "$(python3 "$SIGN" "$1" "$2" "$3" <token)"
    }
    swap() { # TEXT OTHER: once, in config.yaml
      sed -i "0,\~$1~s~~$2~" config.yaml
    }
    front() { # MODE, see front.py; config.yaml leads to it
      coproc FRONT { exec python3 "$FRONT_PY" $1 $CLUSTER; }
      read -r PORT <&"${FRONT[0]}"
      SERVER=localhost config "$(cat token)"
    }
    clusters() { # ID ID: config.yaml in the form with several
      cat >config.yaml <<END
    discovery:
      kubernetes:
    $(for id; do echo "    - id: $id
          service: {schema: https, host: 127.0.0.1, port: '$PORT'}
          client: {token: '$(cat token)'}"; done)
    END
    }
    sliced_account() { # LABEL: with an EndpointSlice of the service sliced, whose name stands in this label
      GROUP='"", discovery.k8s.io' RESOURCES='endpoints, endpointslices' account
      kubectl apply -f - >&2 <<END
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: sliced-1, namespace: $NS, labels: {$1: sliced}}
    addressType: IPv4
    endpoints: [{addresses: [10.1.0.2], conditions: {ready: true}}]
    ports: [{name: http, port: 8080, protocol: TCP}]
    END
    }
    etcd() { # [PREFIX]: config.yaml leads to ETCD
      echo "deployment: {etcd: {host: ['$ETCD'], prefix: ${1-/$ME}}}" >>config.yaml
    }
    upstream() { # SERVICE:PORT [REGISTRY]
      echo "{\"type\": \"roundrobin\", \"service_name\": \"$NS/$1\", \"discovery_type\": \"${2-kubernetes}\"}"
    }
    put() { # KEY VALUE, in etcd below the prefix /$ME
      curl -sS "$ETCD/v3/kv/put" >&2 \
        -d "{\"key\": \"$(printf %s "/$ME/$1" | base64 -w0)\", \"value\": \"$(printf %s "$2" | base64 -w0)\"}"
    }
    """#
}

/// A mistake that people make in a cluster or with a token, how it is found, and what its mend may touch.
struct HelpLineFault: Sendable {
  let name: String
  /// Bash, with `words`; `$NS` is a namespace of its own.
  let setup: String
  let ways: [Way]
  /// In place of the way's command.
  var verify: String?
  /// Objects that a mend may change or delete: `ClusterRole $NS`.
  var own: [String] = []
  /// Kinds of the objects that it may make, each once for each time it stands here.
  var makes = ["ClusterRole", "ClusterRoleBinding"]
  /// Bash, with `words`, once it was found.
  var before = "true"
  /// Whether the commands only show what there is: they change nothing, and mend nothing.
  var looks = false
  private let blind: String?
  private let rule: String

  func rule(_ way: Way) -> String { [.token, .rbac, .resolve].contains(way) ? blind ?? rule : rule }

  /// All that it is told as.
  var rules: [String] { ways.map(rule) }

  /// `$ADMIN` is an administrator's kubeconfig; where it is given, kubectl's own is of another cluster.
  enum Way: String, Sendable {
    case token, tokenadmin, rbac, rbacadmin, resolve, other

    var command: String {
      let config = " --config config.yaml --certificate-authority $CA"
      return switch self {
      case .token, .other: "token verify" + config
      case .tokenadmin: "token verify --kubeconfig $ADMIN" + config
      case .rbac: "rbac verify" + config
      case .rbacadmin: "rbac verify --kubeconfig $ADMIN" + config
      case .resolve: "resolve default/web:http" + config
      }
    }
  }

  /// - Parameter blind: the rule where no administrator's kubeconfig is given.
  init(
    _ name: String, _ rule: String, blind: String? = nil, on ways: [Way] = [.token, .rbacadmin],
    _ setup: String, verify: String? = nil, own: [String] = [],
    makes: [String] = ["ClusterRole", "ClusterRoleBinding"], before: String = "true", looks: Bool = false
  ) {
    self.name = name
    self.rule = rule
    self.ways = verify == nil ? ways : [.other]
    self.setup = setup
    self.verify = verify
    self.own = own
    self.makes = looks ? [] : makes
    self.before = before
    self.looks = looks
    self.blind = blind
  }

  static let all = rights + tooMuch + accounts + spoiled + refused + signed + inspected + others + looking

  /// What the set-ups are made of.
  static let words = #"""
    kubectl() { command kubectl --kubeconfig "$ADMIN" "$@"; }
    account() { # NAME: a ServiceAccount of $NS, its token, and a config.yaml with it
      kubectl -n $NS create serviceaccount $1
      secret $1-token $1
      local token=
      while [ -z "$token" ]; do
        token=$(kubectl -n $NS get secret $1-token -o jsonpath={.data.token} | base64 -d); sleep 0.1
      done
      config "$token"
    }
    secret() { # NAME OF
      kubectl apply -f - <<END
    ---
    {apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token,
     metadata: {name: $1, namespace: $NS, annotations: {kubernetes.io/service-account.name: $2}}}
    END
    }
    config() { # TOKEN [MORE]
      printf '%s' "$1" >token
      cat >config.yaml <<END
    discovery:
      kubernetes:
        service: {schema: https, host: 127.0.0.1, port: "$PORT"}
        client:
          token: "$1"
        ${2:-}
    END
    }
    in_file() { sed -i "s|token: .*|token_file: $PWD/token|" config.yaml; }
    role() { # NAME RULES [MORE]
      kubectl apply -f - <<END
    ---
    {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: $1}, rules: $2 ${3:-}}
    END
    }
    bind() { kubectl create clusterrolebinding $1 --clusterrole=$2 "${@:3}"; } # NAME ROLE SUBJECT...
    service() { # default/web, for those who resolve it
      kubectl -n default create service clusterip web --tcp=80:80
      kubectl apply -f - <<END
    ---
    {apiVersion: v1, kind: Endpoints, metadata: {name: web, namespace: default},
     subsets: [{addresses: [{ip: 10.1.0.1}], ports: [{name: http, port: 80}]}]}
    END
    }
    healthy() { # an account that has what it needs
      account $NS
      gatecheck rbac generate --name $NS -n $NS --no-token-secret | kubectl apply -f -
    }
    request() { # SPEC: a token of the account by a TokenRequest
      kubectl create --raw /api/v1/namespaces/$NS/serviceaccounts/$NS/token -f - <<END |
    {"kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "spec": {$1}}
    END
        sed 's/.*"token":"\([^"]*\).*/\1/'
    }
    signed() { # CLAIMS [KEY ID]: such a token with other claims, by the cluster's key or another one
      config "$(request | python3 "$SIGN" ${2:-$HOME/sa.key} "${3-}" "$1")"
    }
    pod() { # a pod of the account
      kubectl apply -f - <<END
    ---
    {apiVersion: v1, kind: Pod, metadata: {name: gateway, namespace: $NS},
     spec: {serviceAccountName: $NS, containers: [{name: c, image: none}]}}
    END
    }
    controllers() { kill -$1 $(sed -n 's/^kube-controller-manager \([0-9]*\).*/\1/p' $HOME/pids); }
    me=--serviceaccount=$NS:$NS
    both='[{apiGroups: [""], resources: [endpoints], verbs: [list, watch]}]'
    rule() { echo "[{apiGroups: [${2:-'""'}], resources: [${3:-endpoints}], verbs: [$1] ${4:-}}]"; }

    """#
}

/// What a person does whom a `help:` tells more than a machine reads from it: bash in the fixture's folder. `s` edits
/// the file that is meant, `jwt` prints a token that a Secret could hold.
extension HelpTests {
  static let words = #"""
    s() { sed -E -i "$1" "${2:-$FILE}"; }
    url() { base64 -w0 | tr +/ -_ | tr -d =; }
    jwt() {
      local sub=${1:-system:serviceaccount:default:apisix-test} name=${1##*:}
      printf '%s.%s.%s' "$(printf '{"alg":"RS256","kid":"made-up"}' | url)" \
        "$(printf '{"iss":"kubernetes/serviceaccount","sub":"%s"}' "$sub" | url)" "$(head -c 256 /dev/zero | url)"
    }

    """#

  static let byHand: [String: String] = [
    "adc/nodes-not-a-list": #"s 's/nodes:/nodes: [{host: 10.5.10.109, port: 8080, weight: 1}]/; /10.5.10.109:8080/d'"#,
    "apisixupstream/as-backend": #"""
    s '/^      backends:/,$d'; echo '      upstreams: [{name: plat-dev-upstream}]' >>$FILE
    """#,
    "upstream/outside":
      "s '3s/.*/    upstream: {type: roundrobin, service_name: web, discovery_type: consul}/; 4d; 8d'",
    "config/etcd-section":
      #"s '/^etcd:/,/host:/d'; printf 'deployment:\n  etcd: {host: ["http://127.0.0.1:2379"]}\n' >>$FILE"#,
    "config/trusted-certificate":
      "openssl req -x509 -newkey ed25519 -nodes -subj /CN=ca -keyout key -out root/etc/ssl/kube-ca.crt 2>/dev/null",
    "consul/default-service-in-one-worker+consul": "s 's/worker_processes: 4/worker_processes: 1/'",
    "consul/fetch-interval-unused": "s '/fetch_interval/d'",
    "consul/server-address": "s 's|https://consul.example.org:8501/|http://consul.example.org:8501|'",
    "discovery-type/not-enabled": "echo '  kubernetes: {}' >>config.yaml",
    "discovery/fetch-interval-load": "s 's/fetch_interval: 1/fetch_interval: 30/'",
    "discovery/helm-style": "s '/enabled:|registry:/d; s/^    (dns:)/  \\1/; s/^      (servers)/    \\1/'",
    "discovery/inline-credential": #"s 's|nacos:a-made-up-one@|\$\{\{NACOS_USER\}\}@|'"#,
    "discovery/invalid-value+older":
      #"s 's/timeout: .*/timeout:\n      connect: 2000\n      send: 2000\n      read: 5000/'"#,
    "discovery/module-incomplete": #"""
    echo 'function _M.init_worker() end' >>host/usr/local/apisix/apisix/discovery/inventory.lua
    s 's/^return _M/function _M.nodes(service_name) end\nreturn _M/' host/opt/gateway/apisix/discovery/static_list/init.lua
    """#,
    "discovery/not-a-map": "s 's/discovery: .*/discovery: {kubernetes: {}}/'",
    "discovery/not-top-level": "s 's/^  (discovery:)/\\1/; s/^    dns/  dns/; s/^      servers/    servers/'",
    "discovery/not-top-level+older": #"s '1s/^\xEF\xBB\xBF//'"#,
    "discovery/number-form": "s 's/010/10/'",
    "discovery/placeholder-host": "s 's/192.168.xx.xx/192.168.33.1/'",
    "discovery/registry-empty": "s 's/kubernetes:/kubernetes: {}/'",
    "discovery/start-failure": "mkdir -p host/etc/apisix; jwt >host/etc/apisix/token",
    "discovery/start-log": #"s 's|\$\{KUBERNETES_CLIENT_TOKEN_FILE\}|/etc/apisix/token|'"#,
    "discovery/weight-zero": "s 's/default_weight: 0/default_weight: 1/'",
    "dns/no-nameserver": "s 's|/etc/resolv.cnf|/etc/resolv.conf|'",
    "dns/server-not-ip": "s 's/dns.example.org:53/10.96.0.10:53/'",
    "dns/servers-and-file": "s '/resolv_conf/d'",
    "endpoints/address": "s 's/db.example.com/10.5.10.109/'",
    "endpoints/address+refused": #"""
    s 's/- ip: 0\.0\.0\.0/- ip: 10.5.10.101/; s/224\.0\.0\.251/10.5.10.102/; s/224\.0\.1\.1/10.5.10.103/'
    s 's/ff02::1/10.5.10.104/; s/"::ffff:127.0.0.1"/10.5.10.105/; s/"::"/10.5.10.106/; s/fe80::1/10.5.10.107/'
    s 's/fd00:1$/10.5.10.108/; s/\[0\.0\.0\.0\]/[10.5.10.101]/; /\[fd00::1\]/d'
    cat >>$FILE <<END
    ---
    {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice,
     metadata: {name: legacy-db-2, namespace: edge, labels: {kubernetes.io/service-name: legacy-db}},
     addressType: IPv6, endpoints: [{addresses: ["fd00::1"]}], ports: [{name: mysql, port: 3306}]}
    END
    """#,
    "endpoints/null-list": "s '/subsets:/d'",
    "endpoints/slices-not-read": "echo '    watch_endpoint_slices: true' >>config.yaml",
    "endpoints/unnamed-port": "s 's/- port: 3306/- {name: mysql, port: 3306}/'",
    "helm/discovery-disabled": "s 's/^  discovery:/&\\n    enabled: true/'",
    "helm/discovery-place": #"""
    s '/^serviceAccount:|^  create: true|^rbac:/d'; s '/^discovery:/,$s/^/  /'
    printf 'rbac: {create: true}\nserviceAccount: {create: true}\n' >>$FILE
    """#,
    "helm/discovery-place+argo":
      "s '/^        discovery:/,/port: 6443/s/^        /          /; s/^          (discovery:)/        apisix:\\n          \\1/'",
    "helm/rbac-off": "printf 'rbac: {create: true}\\nserviceAccount: {create: true}\\n' >>$FILE",
    "helm/role-lacks-endpointslices":
      "gatecheck rbac generate --form helm --watch-endpoint-slices=both >more.yaml; cat more.yaml >>$FILE",
    "ignore/malformed": "s '1s/.*/# gatecheck: ignore[kubernetes\\/port-not-string] it is made so/'",
    "input/no-file": "echo 'discovery: {dns: {servers: [\"10.0.0.1:53\"]}}' >config.yaml",
    "input/not-found": "cp conf/config.yaml config.yml",
    "kubernetes/cluster-incomplete": "s 's/- id: a/&\\n      service: {host: 10.96.0.1, port: \"6443\"}/'",
    "kubernetes/credential-choice": "s '/token: /d'",
    "kubernetes/expression-first-alternative": #"s 's/\["dev\|dev-1"\]/["dev", "dev-1"]/'"#,
    "kubernetes/expression-never-matches": "s 's/my_namespace/my-namespace/'",
    "kubernetes/host-invalid": "s 's/kube_api/kube-api/'",
    "kubernetes/host-ipv6": "s 's/\"fd00::1\"/10.96.0.1/'",
    "kubernetes/host-is-url": "s 's|host: .*|schema: https\\n      host: kube.example.org|'",
    "kubernetes/id-duplicate": "tac $FILE | sed '0,/id: prod/s//id: test/' | tac >new; mv new $FILE",
    "kubernetes/label-selector-not-string": "s '/^      app: web/d; s/label_selector:/label_selector: app=web/'",
    "kubernetes/loopback-server": "s 's/127.0.0.1/10.96.0.1/'",
    "kubernetes/map-of-clusters": #"""
    s 's/^    (prod|test):/    - id: \1/; s/^      (service:)/      client: {token_file: \/etc\/apisix\/token}\n      \1/'
    """#,
    "kubernetes/not-a-map": "s 's/in-cluster/{}/'",
    "kubernetes/port-becomes-number": #"s 's/"\$\{\{KUBE_PORT\}\}"/${KUBE_PORT}/'"#,
    "kubernetes/selector-several": "s '/equal:/d'",
    "kubernetes/ssl-verify-needs-ca": "s 's|node_listen.*|&\\n  ssl: {ssl_trusted_certificate: /etc/ssl/ca.crt}|'",
    "kubernetes/token-and-file": "s '/token: /d'",
    "kubernetes/token-file-invalid": "s 's|file://||'",
    "kubernetes/token-file-not-expanded": #"s 's|\$\{HOME\}|/home/apisix|'"#,
    "manifest/not-a-string+map": #"s 's/config.yaml:/& |/; s/owners: .*/owners: "[edge, platform]"/'"#,
    "manifest/token-path": "s 's|token_file: .*|token_file: /var/run/secrets/tokens/token|'",
    "manifest/unknown-field":
      "s '/^spec:/,$d'; echo 'subsets: [{addresses: [{ip: 10.5.10.109}], ports: [{name: http, port: 80}]}]' >>$FILE",
    "nacos/half-a-key": "echo '    secret_key: ${{NACOS_SECRET}}' >>$FILE",
    "placeholder/ends-in-digit": "s 's/KUBE_HOST1/KUBE_HOST_A/'",
    "placeholder/missing": #"s 's/"\$\{\{KUBE_HOST\}\}"/10.96.0.1/'"#,
    "placeholder/missing+port":
      #"s 's/\$\{KUBERNETES_SERVICE_PORT\}/"6443"/; s/token: .*/token_file: \/etc\/apisix\/token/'"#,
    "placeholder/not-exported": "printf 'nginx_config:\\n  envs: [KUBE_HOST]\\n' >>$FILE",
    "placeholder/prefix-collision": "s 's/KUBE\\}/KUBE_HOST}/'",
    "rbac/namespaced-role": #"""
    s '/^kind: Role$/,/^rules/{/^  namespace:/d}; /^kind: RoleBinding/,/^roleRef/{/^  namespace:/d}'
    s 's/kind: Role(Binding)?$/kind: ClusterRole\1/'
    """#,
    "rbac/role-lacks-permission": #"""
    s 's/^rules:/&\n  - {apiGroups: ["discovery.k8s.io"], resources: [endpointslices], verbs: [list, watch]}/' rbac.yaml
    """#,
    "rbac/token-subject": "s \"s/token: .*/token: $(jwt)/\" config.yaml",
    "secret/account-missing":
      "tac $FILE | sed '0,/^metadata:/s//  annotations: {kubernetes.io\\/service-account.name: apisix-test}\\n&/' | tac >new; mv new $FILE",
    "service-name/cluster-id-missing": "s 's|service_name: |&prod/|' apisix.yaml",
    "service-name/consul-url": "s 's/discovery_type: consul/discovery_type: consul_kv/'",
    "service-name/dns-host": "s 's|http://example.com/|example.com:80|'",
    "service-name/length": "s 's|\"\"|default/plat-dev:http|'",
    "service-name/malformed+several": #"""
    s 's|shop/cart:tcp8080;default/web:http|shop/cart:tcp8080|; s|cart:http,metrics|cart:http|'
    """#,
    "service-name/nacos-name":
      "s 's/DEFAULT_GROUP@@user-service/user-service\\n    discovery_args: {group_name: DEFAULT_GROUP}/'",
    "service-name/port-number": "s 's/:80/:http/'",
    "standalone/reference-not-found": "s 's/plat-dve/plat-dev/'",
    "standalone/route-overrides-service": "s '/service_id/d'",
    "standalone/variable-missing": #"s 's/\$\{\{REGION\}\}/REGION/; s/\$\{\{NAMESPACE\}\}/${{NAMESPACE:=shop}}/'"#,
    "standalone/wrong-file": #"""
    s '/^  routes:/,/discovery_type: consul/d; /^upstreams:/,$d; s/^  discovery:/discovery:/'
    printf 'deployment:\n  role: data_plane\n  role_data_plane: {config_provider: yaml}\n' >>$FILE
    cat >apisix.yaml <<END
    routes:
      - {uri: /service1/*, upstream: {type: roundrobin, service_name: app-1, discovery_type: consul}}
    upstreams:
      - {id: two, type: roundrobin, service_name: app-2, discovery_type: consul}
    #END
    END
    """#,
    "token/base64-wrapped+file": "base64 -d root/etc/apisix/token >t; mv t root/etc/apisix/token",
    "token/inline": #"s 's/token: .*/token: ${KUBERNETES_CLIENT_TOKEN}/'"#,
    "token/placeholder+words": "s \"s/token: [^}]*/token: $(jwt)/\"",
    "token/strange-character+opaque": "s 's/token: .*/token_file: \\/etc\\/apisix\\/token/'",
    "upgrade/default-changed": "s 's/^    client/    shared_size: 1m\\n&/'",
    "upgrade/now-read": "s '/ssl_verify/d'",
    "upgrade/read-otherwise":
      "s 's/node_listen: .*/node_listen:\\n    - 9080\\n    - 9443/; s/weight: 010/weight: 10/'",
    "upstream/discovery-type-missing+answer": #"s 's/"service_name"/"discovery_type": "kubernetes", &/'"#,
    "upstream/node-incomplete": "s 's/- port: 8080/- host: 10.5.10.111\\n          port: 8080/; s/ eight:/ weight:/'",
    "upstream/nodes-and-service-name": "s '/nodes:/,/8080/d'",
    "upstream/number-in-braces": #"s 's/nodes: .*/nodes:\n        "10.5.10.109:8080": 1/'"#,
    "upstream/service-name-missing": "s 's|discovery_type|service_name: default/plat-dev:http\\n    &|'",
    "upstream/traffic-split-inline": #"""
    s '/- upstream:/,/discovery_type/d; s/( +)weight: 1$/&/; s/^                weight: 1/              - weight: 1\n                upstream_id: other/'
    s 's/^upstreams:/&\n  - {id: other, service_name: "default\/plat-dev:http", discovery_type: kubernetes}/'
    """#,
    "upstream/unknown-key+elsewhere":
      "s '/service_namespace|service_port/d; s/groupName: production/discovery_args: {group_name: production}/'",
    "upstream/unknown-key+registry": #"""
    s 's/namespace: prod/discovery_args: {namespace_id: prod, group_name: gateway}/; /^    group: gateway/d'
    s '/^    port: 8080/d; s/orders.example.com/&:8080/; /service_namespace|namespaceId|namespace: shop/d'
    """#,
    "upstream/value-refused+host":
      "s 's/pass_host: rewrite/&\\n    upstream_host: web.example.org/; s/pass_host: upstream/pass_host: pass/'",
    "upstream/value-refused+resource-port":
      "s 's/passHost: rewrite/&\\n  upstreamHost: web.example.org/; s/scheme: tls/scheme: https/'",
    "upstream/without-nodes": "s 's/type: roundrobin/&\\n    nodes: {\"10.5.10.109:80\": 1}/'",
    "usage/settings": "s 's/verison/version/' .gatecheck.yaml",
    "yaml/duplicate-key": "s '4d'",
    "yaml/duplicate-key+older": "s '4,5d'",
    "yaml/several-documents": "s '/^---/d'",
    "yaml/syntax": #"s 's/host: \$\{KUBERNETES_SERVICE_HOST\}/host: "${KUBERNETES_SERVICE_HOST}"/'"#,
    "token/empty": newToken, "token/expired": newToken, "token/expires": newToken,
    "token/not-a-service-account": newToken, "token/placeholder": newToken, "token/placeholder+braces": newToken,
    "token/strange-character": newToken, "token/truncated": newToken,
  ]

  private static let newToken = "s \"s/token: .*/token: $(jwt)/\""

  /// With these arguments in place of the fixture's own.
  static let byArguments = ["placeholder/unknown": "--env WEIGHT=5"]

  /// What nobody can do in the fixture.
  static let untold = [
    "input/other-program+workflow": "it is what the rule takes it for",
    "upgrade/behaviour": "what is told is to grant a right in the cluster",
    "token/not-yet-valid": "what is told is to look at the clock",
  ]
}

import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// Whole files that a chart, Ansible, envsubst or Compose fills in: right ones, of which there is nothing to say.
@Suite struct UnrenderedTests {
  func rules(_ text: String, path: String = "config.yaml") -> [String] {
    LintResult.of((path, text)).findings.lines
  }

  /// A template's line behind a block of text is no part of it.
  @Test(arguments: [
    """
    {{- if .Values.gateway.routes }}
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: {{ .Release.Name }}-routes
    data:
      apisix.yaml: |-
        routes:
          - uri: /orders
            upstream:
              type: roundrobin
              nodes: {"orders:8080": 1}
        #END
    {{- end }}
    """,
    """
    {{- /*
    The routes of the gateway.
    */ -}}
    {{- $name := include "gateway.name" . -}}
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: {{ $name }}
    data:
      apisix.yaml: |
        routes:
          - uri: /orders
    {{- if .Values.host }}
            host: {{ .Values.host }}
    {{- end }}
            upstream:
              type: roundrobin
              nodes: {"orders:8080": 1}
    {{- if .Values.more }}
          - uri: /more
            upstream_id: 1
    {{- end }}
        #END
    {{- if .Values.account }}
    ---
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: {{ $name }}
    {{- end }}
    """,
  ]) func theLineBehindABlock(_ text: String) {
    #expect(rules(text, path: "templates/routes.yaml") == [])
    let marked = text.replacing("    #END\n", with: "")
    #expect(rules(marked, path: "templates/routes.yaml").allSatisfy { $0.hasSuffix("standalone/end-marker") })
  }

  @Test func theMarkerInABranch() {
    let routes = """
      routes:
        - uri: /orders
          upstream: {type: roundrobin, nodes: {"orders:8080": 1}}

      """
    #expect(rules(routes + "{% if is_last %}\n#END\n{% endif %}\n", path: "apisix.yaml") == [])
    #expect(rules(routes + "#END\n{{- end }}\n", path: "apisix.yaml") == [])
    #expect(rules(routes + "{{ include \"gateway.end\" . }}\n", path: "apisix.yaml") == [])
    let item = "  - uri: /more\n    upstream_id: 1\n"
    let branches = "{% if x %}\n\(item){% else %}\n\(item){% endif %}\n"
    #expect(rules(routes + branches, path: "apisix.yaml") == ["10 standalone/end-marker"])
    #expect(rules(routes + "# {{ x }}\n", path: "apisix.yaml") == ["4 standalone/end-marker"])
  }

  /// APISIX knows no `:-`, and no `$NAME`: somebody else fills them in. A note says what is not judged.
  @Test(arguments: [
    """
    deployment:
      role: data_plane
      role_data_plane:
        config_provider: yaml
    discovery:
      kubernetes:
        - id: ${CLUSTER:-a}
          service:
            schema: ${SCHEMA:-https}
            host: ${HOST:-k8s.example.com}
            port: ${PORT:-6443}
          client:
            token_file: ${TOKEN_FILE:-/etc/token}
          default_weight: ${WEIGHT:-1}
          shared_size: ${SIZE:-1}
          watch_endpoint_slices: ${SLICES:-1}
    """,
    """
    discovery:
      kubernetes:
        service:
          schema: $SCHEMA
          host: $HOST
          port: $PORT
        client:
          token_file: $TOKEN_FILE
        default_weight: $WEIGHT
        label_selector: $LABELS
        namespace_selector:
          equal: $NAMESPACE
    """,
    """
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: gateway
    data:
      LEVEL: ${LEVEL:-info}
      config.yaml: |
        deployment:
          role: data_plane
          role_data_plane:
            config_provider: yaml
        discovery:
          nacos:
            host: ["http://${NACOS_HOST:-nacos}:8848"]
            prefix: ${PREFIX:-/nacos/v1/}
          dns:
            servers: ["${DNS:-10.0.0.10}:53"]
          eureka:
            host: ["http://${EUREKA}:${EUREKA_PORT:-8761}"]
            prefix: /eureka/
            weight: ${WEIGHT:-100}
          consul:
            servers: ["http://${CONSUL:-consul}:8500"]
    """,
    """
    routes:
      - uri: /orders
        upstream:
          service_name: ${NAMESPACE}/orders:${PORT:-http}
          discovery_type: kubernetes
          type: $BALANCER
    #END
    """,
  ]) func whatOthersFillIn(_ text: String) {
    let isStandalone = text.contains("#END")
    let found = LintResult.of((isStandalone ? "apisix.yaml" : "config.yaml", text)).findings
    #expect(found.map { "\($0.severity) \($0.rule.id)" } == (isStandalone ? [] : ["note placeholder/unknown"]))
  }

  @Test func whatSOPSDecrypts() {
    let secret = "ENC[AES256_GCM,data:p673w==,iv:YY=,aad:UQ=,tag:A=,type:str]"
    let text = """
      discovery:
        kubernetes:
          service:
            host: \(secret)
            port: \(secret)
          client:
            token: \(secret)
        nacos:
          host:
            - \(secret)
      sops:
        version: 3.8.0
      """
    #expect(rules(text, path: "config.yaml") == [])
    let object = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: \"\(secret)\"}\nsops: {mac: a}\n"
    #expect(rules(object, path: "secret.yaml") == [])
  }

  /// A fix doubles the braces of each variable.
  @Test func everyVariableOfAText() throws {
    let text = """
      routes:
        - uri: /orders
          upstream:
            service_name: ${NAMESPACE}/${SERVICE}:${PORT}
            discovery_type: kubernetes
            type: roundrobin
      #END
      """
    let findings = LintResult.of(("apisix.yaml", text)).findings
    let finding = try #require(findings.first)
    #expect(findings.count == 1)
    #expect(finding.fix?.edits.map(\.text) == ["${{NAMESPACE}}/${{SERVICE}}:${{PORT}}"])
  }

  /// What stands in two branches may never come together.
  @Test(arguments: [
    """
    routes:
      - uri: /orders
        upstream:
          type: roundrobin
    {{- if .Values.discovery }}
          discovery_type: kubernetes
          service_name: shop/orders:http
    {{- end }}
    {{- if not .Values.discovery }}
          nodes: {"orders:80": 1}
    {{- end }}
    #END
    """,
    """
    discovery:
    {% if dns %}
      dns:
      {% if servers %}
        servers: ["10.0.0.1:53"]
      {% endif %}
      {% if resolv_conf %}
        resolv_conf: /etc/resolv.conf
      {% endif %}
    {% endif %}
      kubernetes:
        service:
    {% if dev %}
          host: dev.example.com
    {% endif %}
    {% if prod %}
          host: prod.example.com
    {% endif %}
          port: "6443"
        client:
          token_file: /etc/token
    """,
  ]) func branchesThatExcludeEachOther(_ text: String) {
    #expect(rules(text, path: text.contains("#END") ? "apisix.yaml" : "config.yaml") == [])
  }

  /// Remarks leave nothing, branches on one line a value that is not known; the rest is judged.
  @Test func remarksAndBranchesOnALine() {
    let config = { (size: String) in
      """
      {# The gateway's configuration #}
      deployment: {role: data_plane, role_data_plane: {config_provider: yaml}}
      discovery:
        kubernetes:   {{- /* the cluster */}}
          service:
            schema: {{ if .tls }}https{{ else }}http{{ end }}
            host: {{ host }}{# the API server #}
            port: "6443"   {# fixed #}
          client: {token_file: {{ if .dir }}{{ .dir }}/{{ else }}/etc/{{ end }}token}
          {{ if .weight }}default_weight: {{ .weight }}{{ end }}
          shared_size: \(size)
      """
    }
    #expect(rules(config("1m {# small #}")) == [])
    #expect(rules(config("1g {# large #}")) == ["11 kubernetes/shared-size-invalid"])
  }

}

import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// Texts that Helm, Jinja, ERB and envsubst have yet to fill in: what they give is judged by no rule, the rest is.
@Suite struct TemplateTests {
  private func lint(_ text: String, path: String = "templates/file.yaml") -> LintResult {
    Linter(Catalogue([]), now: 0) { _ in Conditions() }.check([
      LintInput(path: path, bytes: Array(text.utf8), named: true)
    ])
  }

  private func rules(_ text: String) -> [String] {
    lint(text).findings.map { "\($0.range?.start.line ?? 0) \($0.rule.id)" }
  }

  @Test(arguments: [
    // The namespace of a subject, as a value, as a line of its own, in a branch.
    """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata:
      name: apisix
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: ClusterRole
      name: apisix
    subjects:
      - kind: ServiceAccount
        name: apisix
        namespace: {{ .Release.Namespace }}
      - kind: ServiceAccount
        name: {{ include "apisix.serviceAccountName" . }}
        {{- with .Values.namespace }}
        namespace: {{ . }}
        {{- end }}
      - kind: ServiceAccount
        name: apisix
        {{- include "namespace" . | nindent 4 }}
    {{ toYaml .Values.subjects | indent 2 }}
    """,
    // The annotations of a Secret.
    """
    apiVersion: v1
    kind: Secret
    metadata:
      name: apisix-token
      annotations:
        kubernetes.io/service-account.name: {{ .Values.account }}
    type: kubernetes.io/service-account-token
    ---
    apiVersion: v1
    kind: Secret
    metadata:
      name: apisix-token
      annotations:
        {{- toYaml .Values.annotations | nindent 4 }}
    type: kubernetes.io/service-account-token
    ---
    apiVersion: v1
    kind: Secret
    metadata:
      name: apisix-token
      {{- with .Values.annotations }}
      annotations: {{- toYaml . | nindent 4 }}
      {{- end }}
    type: kubernetes.io/service-account-token
    """,
    // Addresses and ports, by Helm and by envsubst.
    """
    apiVersion: v1
    kind: Endpoints
    metadata:
      name: db
    subsets:
      - addresses:
          - ip: {{ .Values.ip }}
        ports:
          - port: {{ .Values.port }}
    ---
    apiVersion: v1
    kind: Endpoints
    metadata:
      name: db
      namespace: $NAMESPACE
    subsets:
      - addresses:
          - ip: ${DB_IP}
        ports:
          - name: db
            port: ${DB_PORT}
    """,
    // A role whose rules come from elsewhere.
    """
    {{- if .Values.rbac.create -}}
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata:
      name: apisix
      labels: {{- include "labels" . | nindent 4 }}
        app: apisix
    rules:
    {{- range .Values.rules }}
      - apiGroups: {{ .groups }}
        resources: {{ .resources }}
        verbs: {{ .verbs }}
    {{- end }}
      - apiGroups: [""]
        resources: [endpoints]
        verbs: [list, {{ .Values.verb }}]
      - apiGroups: [""]
        resources: [endpoints]
        verbs:
          - list
          {{- toYaml .Values.verbs | nindent 6 }}
    {{- end }}
    """,
    // Every setting of a config.yaml, keys and whole lines as well.
    """
    apisix:
      node_listen: {{ port | default(9080) }}
    {% if discovery %}
    discovery:
      {{ registry }}:
        host: ["http://192.168.33.1:8848"]
      {{ whole_line }}
      nacos:
        host:
    {% for host in hosts %}
          - "http://{{ host.user }}:{{ host.password }}@{{ host.ip }}:8848"
    {% endfor %}
        weight: {{ weight }}
        fetch_interval: "{{ interval }}"
      kubernetes:
        {{ key }}: x
        service: {schema: {{ schema }}, host: "{{ host }}", port: {{ port }}}
        client: {token: "{{ token }}"}
        namespace_selector:
          match: ["{{ namespace }}", default]
        default_weight: {{ weight }}
      consul: {{ consul }}
      eureka:
        {{ eureka | to_nice_yaml | indent(4) }}
      dns:
        servers: {{ dns_servers }}
    {% endif %}
    """,
    // ERB, and branches of which only one will be there.
    """
    deployment:
      role: traditional
    discovery:
      kubernetes:
        service:
          schema: <%= @schema %>
          host: <%= @host %>
          port: <%= @port %>
        client:
    <% if @token %>
          token: <%= @token %>
    <% else %>
          token_file: /var/run/secrets/kubernetes.io/serviceaccount/token
    <% end %>
      <% @registries.each do |registry| %>
      <%= registry.name %>:
        host: <%= registry.hosts %>
      <% end %>
    """,
    """
    routes:
      - uri: /{{ prefix }}/*
        upstream:
          service_name: {{ service }}
          discovery_type: {{ type }}
          type: roundrobin
      - uri: /orders
        upstream:
          service_name: "{{ namespace }}/orders:http"
          discovery_type: kubernetes
          type: {{ balancer }}
    {% for route in routes %}
      - uri: {{ route.uri }}
        upstream: {{ route.upstream | to_json }}
    {% endfor %}
      {{ extra }}
    #END
    """,
    // No YAML comes of it whatever it gives.
    """
    discovery:
      kubernetes: {{ "}}" }}: {
       - {% x %}
    """,
  ]) func whatATemplateGivesIsNotJudged(_ text: String) {
    #expect(rules(text) == [])
  }

  @Test func whatStandsBesideItIs() throws {
    let chart = """
      {{- if .Values.create }}
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: {{ include "apisix.fullname" . }}
      data:
        config.yaml: |-
          apisix:
            node_listen: {{ .Values.port }}
          {{- if .Values.discovery }}
          discovery:
            kubernetes:
              service:
                schema: https
                host: {{ .Values.host | quote }}
                port: 6443
              {{- if .Values.token }}
              client:
                token: {{ .Values.token }}
              {{- else }}
              client:
                token_file: {{ .Values.file }}
              {{- end }}
            nacos:
              host:
      {{ toYaml .Values.nacos.hosts | indent 10 }}
              wieght: {{ .Values.weight }}
          {{- end }}
      {{- end }}
      """
    let findings = lint(chart).findings
    #expect(
      findings.map { "\($0.range?.start.line ?? 0) \($0.rule.id)" } == [
        "16 kubernetes/port-not-string", "27 discovery/unknown-key",
      ])
    #expect(findings.map { $0.fix == nil } == [false, true])
    #expect(
      rules(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: {{ .Release.Name }}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: {{ .Release.Name }}
        subjects:
          {{- range .Values.more }}
          - kind: ServiceAccount
            name: {{ .name }}
            namespace: {{ .namespace }}
          {{- end }}
          - kind: ServiceAccount
            name: apisix
        {{- if .Values.extra }}
        ---
        {{- end }}
        """) == ["16 rbac/subject-namespace-missing"])
    #expect(
      rules(
        """
        routes:
          - uri: {{ uri }}
            upstream:
              service_name: orders
              discovery_type: kubernetes
              type: roundrobin
        #END
        """) == ["4 service-name/port-missing"])
  }

  /// What is missing among objects may be the one that a template names.
  @Test func objectsThatATemplateNamesMayBeAny() {
    let objects = { (name: String, namespace: String) in
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata:
        name: \(name)
        namespace: \(namespace)
      ---
      apiVersion: v1
      kind: Secret
      metadata:
        name: apisix-token
        namespace: apisix
        annotations:
          kubernetes.io/service-account.name: apisix
      type: kubernetes.io/service-account-token
      """
    }
    #expect(rules(objects("apisix", "default")) == ["11 secret/account-not-found"])
    #expect(rules(objects("apisix", "{{ .Release.Namespace }}")) == [])
    #expect(rules(objects("${NAME}", "default")) == [])
    #expect(rules(objects("apisix", "$NAMESPACE")) == [])
  }

  /// APISIX's own variables are no templates.
  @Test func variablesOfAPISIXAreJudged() {
    let config = { (port: String) in
      """
      discovery:
        kubernetes:
          service: {host: "${{HOST:=10.0.0.1}}", port: \(port)}
          client: {token: "${TOKEN}"}
      """
    }
    #expect(rules(config("\"${{PORT:=6443}}\"")) == ["3 kubernetes/port-becomes-number"])
    #expect(rules(config("\"{{ port }}\"")) == [])
  }

  /// The objects of a chart are rendered for many clusters.
  @Test func noFixTouchesAChartsObject() throws {
    let result = lint(
      """
      apiVersion: rbac.authorization.k8s.io/v1beta1
      kind: ClusterRole
      metadata:
        name: {{ .Release.Name }}
      rules: []
      """)
    #expect(try #require(result.findings.first).rule.id == "manifest/removed-api-version")
    #expect(result.findings.allSatisfy { $0.fix == nil })
  }
}

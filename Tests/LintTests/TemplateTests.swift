import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// Texts that Helm, Jinja, ERB and envsubst have yet to fill in: what they give is judged by no rule, the rest is.
@Suite struct TemplateTests {
  static func lint(_ text: String) -> [Finding] { LintResult.of(("templates/file.yaml", text)).findings }

  @Test(arguments: [
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
    #expect(Self.lint(text).lines.filter { $0 != "0 input/other-program" } == [])
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
    let findings = Self.lint(chart)
    #expect(findings.lines == ["16 kubernetes/port-not-string", "27 discovery/unknown-key"])
    #expect(findings.map { $0.fix == nil } == [false, true])
    #expect(
      Self.lint(
        """
        routes:
          - uri: {{ uri }}
            upstream:
              service_name: orders
              discovery_type: kubernetes
              type: roundrobin
        #END
        """
      ).lines == ["4 service-name/port-missing"])
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
    #expect(Self.lint(config("\"${{PORT:=6443}}\"")).lines == ["3 kubernetes/port-becomes-number"])
    #expect(Self.lint(config("\"{{ port }}\"")).lines == [])
  }

  /// What a template gives is no wrong token; where APISIX starts with the file, it is none at all.
  @Test(arguments: ["\"{{token}}\"", "\"{{ .Values.token }}\"", "{{ token }}"])
  func aTokenThatATemplateGives(token: String) {
    let config = """
      discovery:
        kubernetes:
          service: {host: 10.0.0.1}
          client:
            token: \(token)
      """
    #expect(Self.lint(config).lines == [])
    guard token.hasPrefix("\"") else { return }
    let found = ConfigSample("", config, [], environment: [:]).found
    #expect(found.map(ConfigSample.line) == ["!5:14 token/placeholder"])
  }
}

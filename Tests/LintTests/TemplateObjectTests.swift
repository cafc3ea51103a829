import APISIX
import Findings
import SourceText
import Testing

@testable import Lint

/// Objects of Kubernetes whose names, namespaces and rules templates give.
@Suite struct TemplateObjectTests {
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
  ]) func whatATemplateGivesIsNotJudged(_ text: String) {
    #expect(TemplateTests.lint(text).lines.filter { $0 != "0 input/other-program" } == [])
  }

  @Test func whatStandsBesideItIs() {
    #expect(
      TemplateTests.lint(
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
        """
      ).lines == ["16 rbac/subject-namespace-missing"])
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
    #expect(TemplateTests.lint(objects("apisix", "default")).lines == ["11 secret/account-not-found"])
    #expect(TemplateTests.lint(objects("apisix", "{{ .Release.Namespace }}")).lines == [])
    #expect(TemplateTests.lint(objects("${NAME}", "default")).lines == [])
    #expect(TemplateTests.lint(objects("apisix", "$NAMESPACE")).lines == [])
  }

  /// The objects of a chart are rendered for many clusters.
  @Test func noFixTouchesAChartsObject() throws {
    let found = TemplateTests.lint(
      """
      apiVersion: rbac.authorization.k8s.io/v1beta1
      kind: ClusterRole
      metadata:
        name: {{ .Release.Name }}
      rules: []
      """)
    #expect(try #require(found.first).rule.id == "manifest/removed-api-version")
    #expect(found.allSatisfy { $0.fix == nil })
  }
}

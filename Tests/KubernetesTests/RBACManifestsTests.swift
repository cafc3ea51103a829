import JSON
import Kubernetes
import Testing
import YAML

@Suite struct RBACManifestsTests {
  /// The user's own scenario, whole.
  @Test func theDocumentsExample() throws {
    let manifests = try RBACManifests(RBACOptions(name: "apisix-test"))
    #expect(
      manifests.yaml == """
        # The identity under which APISIX asks the Kubernetes API.
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: apisix-test
          namespace: default
        ---
        # What APISIX needs: it lists and watches in all namespaces at once, so a Role is not enough.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: apisix-test
        rules:
          - apiGroups: [""]
            resources: [endpoints]
            verbs: [get, list, watch]
        ---
        # Gives the role to the account. roleRef cannot be changed later: to change it, delete the binding and make it anew.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: apisix-test
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: apisix-test
        subjects:
          - kind: ServiceAccount
            name: apisix-test
            namespace: default
        ---
        # Kubernetes fills in a token that does not expire; since 1.24 it makes no such Secret by itself.
        # Read it with: kubectl -n default get secret apisix-test-token -o jsonpath='{.data.token}' | base64 -d
        apiVersion: v1
        kind: Secret
        metadata:
          name: apisix-test-token
          namespace: default
          annotations:
            kubernetes.io/service-account.name: apisix-test
        type: kubernetes.io/service-account-token

        """)
  }

  /// Names that YAML would take for numbers, null and booleans; both rules; labels and annotations.
  @Test func everyOptionAtOnce() throws {
    let manifests = try RBACManifests(
      RBACOptions(
        name: "1e3", namespace: "0x10", clusterRole: "null", clusterRoleBinding: "system:on", secretName: "on",
        watches: .both, minimal: true, labels: ["b": "true", "app.kubernetes.io/name": "1.0"],
        annotations: ["note": "a: \"b\"\n{{name}} # c"]))
    #expect(
      manifests.manifests.map(\.yaml).dropFirst().joined(separator: "---\n") == """
        # What APISIX needs: it lists and watches in all namespaces at once, so a Role is not enough.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: "null"
          labels:
            app.kubernetes.io/name: "1.0"
            b: "true"
          annotations:
            note: "a: \\"b\\"\\n{{name}} # c"
        rules:
          - apiGroups: [""]
            resources: [endpoints]
            verbs: [list, watch]
          - apiGroups: [discovery.k8s.io]
            resources: [endpointslices]
            verbs: [list, watch]
        ---
        # Gives the role to the account. roleRef cannot be changed later: to change it, delete the binding and make it anew.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata:
          name: "system:on"
          labels:
            app.kubernetes.io/name: "1.0"
            b: "true"
          annotations:
            note: "a: \\"b\\"\\n{{name}} # c"
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: ClusterRole
          name: "null"
        subjects:
          - kind: ServiceAccount
            name: "1e3"
            namespace: "0x10"
        ---
        # Kubernetes fills in a token that does not expire; since 1.24 it makes no such Secret by itself.
        # Read it with: kubectl -n 0x10 get secret on -o jsonpath='{.data.token}' | base64 -d
        apiVersion: v1
        kind: Secret
        metadata:
          name: "on"
          namespace: "0x10"
          labels:
            app.kubernetes.io/name: "1.0"
            b: "true"
          annotations:
            kubernetes.io/service-account.name: "1e3"
            note: "a: \\"b\\"\\n{{name}} # c"
        type: kubernetes.io/service-account-token

        """)
    let items = try #require(manifests.json["items"]?.array)
    #expect(items[0]["metadata"]?["name"] == "1e3")
    #expect(items[1]["metadata"]?["name"] == "null")
    #expect(items[1]["metadata"]?["labels"]?["b"] == "true")
    #expect(items[3]["metadata"]?["annotations"]?["note"] == "a: \"b\"\n{{name}} # c")
  }

  @Test func jsonIsAListForKubectl() throws {
    let json = try RBACManifests(RBACOptions(watches: .endpointSlices)).json
    #expect(json["apiVersion"] == "v1")
    #expect(json["kind"] == "List")
    let items = try #require(json["items"]?.array)
    #expect(items.map { $0["kind"]?.string } == ["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Secret"])
    #expect(
      items[1]["rules"] == [
        ["apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": ["get", "list", "watch"]]
      ])
    // A ServiceAccount as a subject has a namespace and no apiGroup.
    #expect(items[2]["subjects"] == [["kind": "ServiceAccount", "name": "apisix", "namespace": "default"]])
  }

  @Test func theSecretIsLeftOutOnRequest() throws {
    let manifests = try RBACManifests(RBACOptions(secretName: "UPPER", includeSecret: false))
    #expect(manifests.files.map(\.name) == ["service-account.yaml", "cluster-role.yaml", "cluster-role-binding.yaml"])
    #expect(!manifests.yaml.contains("Secret"))
  }

  @Test func namesAreCheckedAsKubernetesDoes() {
    let options = RBACOptions(
      name: "Apisix", namespace: "a.b", clusterRole: "a/b", clusterRoleBinding: "..", labels: ["x": "a b"],
      annotations: ["kubernetes.io/service-account.name": "other"])
    #expect(
      options.problems().map(\.message) == [
        #"--name "Apisix" has upper-case letters; only a-z, 0-9 and '-' are allowed"#,
        #"--namespace "a.b" must not contain a dot"#,
        #"--cluster-role "a/b" must not contain '/'"#,
        #"--cluster-role-binding ".." must not be '..'"#,
        #"--secret-name "Apisix-token" has upper-case letters; only a-z, 0-9 and '-' are allowed"#,
        #"--label "x" has a value that may hold only letters, digits, '-', '_' and '.'"#,
        #"--annotation "kubernetes.io/service-account.name" is set by gatecheck itself"#,
      ])
    #expect(throws: options.problems()[0]) { try RBACManifests(options) }
  }

  /// A role may be named nearly anything; no name may break out of its place.
  @Test(arguments: [
    "x\n- apiGroups: [\"*\"]", "\u{2028}", "a: b", "# c", "'", "\"", "\\", "{{namespace}}", "-", "~", "=", "<<", "*a",
    "&a", "!x", "é", "\u{FEFF}", "\u{85}", "\u{7F}", "2026-11-23", "1_000", "0o7", ".inf", "y",
  ])
  func anyRoleNameComesBackAsItIs(name: String) throws {
    let manifests = try RBACManifests(RBACOptions(clusterRole: name, annotations: ["x": name]))
    let items = try #require(manifests.json["items"]?.array)
    #expect(items.count == 4)
    #expect(items[1]["metadata"]?["name"] == .string(name))
    #expect(items[1]["metadata"]?["annotations"]?["x"] == .string(name))
    #expect(items[2]["roleRef"]?["name"] == .string(name))
    #expect(items[1]["rules"]?.array?.count == 1)
    let values = try Tree.parse(Array(manifests.helmValues.utf8))
    #expect(values.json(values.documents[0])["extraDeploy"]?.array?.count == 4)
  }

  @Test(arguments: RBACOptions.Watches.allCases)
  func noPlaceholderIsLeft(watches: RBACOptions.Watches) throws {
    let manifests = try RBACManifests(RBACOptions(watches: watches))
    let texts =
      [manifests.yaml, manifests.helmValues, manifests.projectedToken()] + manifests.kustomization.map(\.text)
    for text in texts {
      #expect(!text.contains("{{"))
      #expect(!text.contains("}}"))
      #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
    }
  }
}

@Suite struct RBACFormsTests {
  @Test func kustomizationListsTheFiles() throws {
    let files = try RBACManifests(RBACOptions()).kustomization
    #expect(
      files[0].text == """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources:
          - service-account.yaml
          - cluster-role.yaml
          - cluster-role-binding.yaml
          - secret.yaml

        """)
    #expect(
      files.dropFirst().map(\.name) == [
        "service-account.yaml", "cluster-role.yaml", "cluster-role-binding.yaml", "secret.yaml",
      ])
  }

  @Test func helmValuesCarryTheObjects() throws {
    let values = try RBACManifests(RBACOptions(namespace: "ingress", watches: .endpointSlices, includeSecret: false))
      .helmValues
    #expect(
      values == """
        # Values for the chart apache/apisix: discovery on, under an account of its own.
        apisix:
          discovery:
            enabled: true
            registry:
              kubernetes:
                watch_endpoint_slices: true
        # The chart's own ClusterRole covers Endpoints only, so account and role come with extraDeploy.
        # Install the release into namespace ingress: pods use accounts of their own namespace only.
        serviceAccount:
          create: false
          name: apisix
        rbac:
          create: false
        extraDeploy:
          - apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: apisix
              namespace: ingress
          - apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: apisix
            rules:
              - apiGroups: [discovery.k8s.io]
                resources: [endpointslices]
                verbs: [get, list, watch]
          - apiVersion: rbac.authorization.k8s.io/v1
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
                namespace: ingress

        """)
  }

  @Test func aProjectedTokenIsAPatchForADeployment() throws {
    let patch = try RBACManifests(RBACOptions(namespace: "1e3")).projectedToken(
      container: "gateway", expirationSeconds: 1)
    #expect(
      patch == """
        # A patch for the Deployment of APISIX: a token that Kubernetes renews, as a file.
        #   kubectl -n 1e3 patch deployment NAME --patch-file FILE
        # In config.yaml: client.token_file: /var/run/secrets/apisix/token
        # APISIX reads the file again for each request since 3.13; older releases read it once, at the start.
        spec:
          template:
            spec:
              serviceAccountName: apisix
              containers:
                - name: gateway
                  volumeMounts:
                    - name: kubernetes-api-token
                      mountPath: "/var/run/secrets/apisix"
                      readOnly: true
              volumes:
                - name: kubernetes-api-token
                  projected:
                    defaultMode: 0444
                    sources:
                      - serviceAccountToken:
                          path: token
                          expirationSeconds: 600
                      - configMap:
                          name: kube-root-ca.crt
                          items:
                            - key: ca.crt
                              path: ca.crt

        """)
  }
}

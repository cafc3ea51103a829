import Findings
import Testing

@testable import Lint

@Suite struct RBACRuleTests {
  static let good = """
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: apisix-test
      namespace: default
    ---
    kind: ClusterRole
    apiVersion: rbac.authorization.k8s.io/v1
    metadata:
      name: apisix-test
    rules:
      - apiGroups: [""]
        resources: [endpoints]
        verbs: [ get,list,watch ]
    ---
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
    apiVersion: v1
    kind: Secret
    metadata:
      name: apisix-test-kubeapi
      namespace: default
      annotations:
        kubernetes.io/service-account.name: "apisix-test"
    type: kubernetes.io/service-account-token
    data:

    """

  static func changed(_ old: String, _ new: String) throws -> Run {
    #expect(good.contains(old))
    return try Run(good.replacing(old, with: new, maxReplacements: 1))
  }

  @Test func theManifestsOfTheDocumentAreFine() throws {
    #expect(try Run(Self.good).rules == [])
  }

  @Test func aCommaInsideAStringIsTakenApart() throws {
    let run = try Self.changed("[ get,list,watch ]", "[\"get,list,watch\"]")
    #expect(run.rules == ["rbac/comma-in-string"])
    #expect(try run.fixed("rbac/comma-in-string").contains("verbs: [\"get\", \"list\", \"watch\"]"))
    let block = try Self.changed("[ get,list,watch ]", "\n      - 'list,watch'")
    #expect(try block.fixed("rbac/comma-in-string").contains("\n      - \"list\"\n      - \"watch\"\n"))
    #expect(try block.rulesAfterFix("rbac/comma-in-string") == [])
  }

  @Test func aStringInPlaceOfAListIsRefused() throws {
    let run = try Self.changed("resources: [endpoints]", "resources: endpoints")
    #expect(run.rules == ["rbac/not-a-list"])
    #expect(try run.rulesAfterFix("rbac/not-a-list") == [])
    let core = try Self.changed("apiGroups: [\"\"]", "apiGroups: \"\"")
    #expect(try core.first("rbac/not-a-list").help == "write apiGroups: [\"\"]")
    #expect(try core.rulesAfterFix("rbac/not-a-list") == [])
  }

  @Test func aMissingVerbIsAddedInTheStyleOfTheList() throws {
    let run = try Self.changed("[ get,list,watch ]", "[ get, list ]")
    #expect(try run.first("rbac/missing-verb").message == "ClusterRole apisix-test lacks watch on endpoints")
    #expect(try run.fixed("rbac/missing-verb").contains("verbs: [ get, list, watch ]"))
    let block = try Self.changed("[ get,list,watch ]", "\n    - get # why\n")
    #expect(try block.fixed("rbac/missing-verb").contains("    - get\n    - list\n    - watch # why\n"))
    #expect(try block.rulesAfterFix("rbac/missing-verb") == [])
  }

  @Test func rolesOfOthersMayLackVerbs() throws {
    let other = Self.good.replacing("[ get,list,watch ]", with: "[get]")
    #expect(try Run(other.replacing("apisix-test", with: "metrics")).rules == [])
    #expect(try Run(other.replacing("apisix-test", with: "apisix-ingress-controller")).rules == [])
  }

  @Test func endpointSlicesAreInAGroupOfTheirOwn() throws {
    let run = try Self.changed("[endpoints]", "[endpoints, endpointslices]")
    #expect(run.rules == ["rbac/wrong-api-group"])
    #expect(try run.marked("rbac/wrong-api-group") == "endpointslices")
    #expect(try run.fixed("rbac/wrong-api-group").contains("apiGroups: [\"\", discovery.k8s.io]"))
    #expect(try run.rulesAfterFix("rbac/wrong-api-group") == [])
  }

  @Test func apiVersionsGoWithTheirKinds() throws {
    let account = try Self.changed("apiVersion: v1", "apiVersion: rbac.authorization.k8s.io/v1")
    #expect(account.rules == ["manifest/api-version"])
    #expect(try account.rulesAfterFix("manifest/api-version") == [])
    let beta = try Self.changed(
      "apiVersion: rbac.authorization.k8s.io/v1", "apiVersion: rbac.authorization.k8s.io/v1beta1")
    #expect(beta.rules == ["manifest/removed-api-version"])
    #expect(try beta.rulesAfterFix("manifest/removed-api-version") == [])
    #expect(
      try Self.changed(
        "kind: ClusterRole\napiVersion: rbac.authorization.k8s.io/v1", "kind: ClusterRole\napiVersion: v1"
      )
      .rules == ["manifest/api-version"])
  }

  @Test func subjectsAreWhole() throws {
    #expect(
      try Self.changed(
        "    name: apisix-test\n    namespace: default\n---\napiVersion: v1\nkind: Secret",
        "    name: apisix-test\n---\napiVersion: v1\nkind: Secret"
      ).rules == ["rbac/subject-namespace-missing"])
    let group = try Self.changed(
      "- kind: ServiceAccount", "- kind: ServiceAccount\n    apiGroup: rbac.authorization.k8s.io")
    #expect(group.rules == ["rbac/subject-api-group"])
    #expect(try group.rulesAfterFix("rbac/subject-api-group") == [])
    #expect(try Self.changed("  kind: ClusterRole\n", "  kind: Role\n").rules.contains("rbac/cluster-binding-of-role"))
  }

  @Test func namesThatShouldBeTheSameAreCompared() throws {
    let typo = try Self.changed("  kind: ClusterRole\n  name: apisix-test", "  kind: ClusterRole\n  name: apsisix-test")
    #expect(typo.rules == ["rbac/role-not-found"])
    #expect(try typo.first("rbac/role-not-found").help == "did you mean apisix-test?")
    #expect(
      try Self.changed(
        "    namespace: default\n---\napiVersion: v1\nkind: Secret",
        "    namespace: apisix\n---\napiVersion: v1\nkind: Secret"
      ).rules == ["rbac/subject-not-found"])
    #expect(
      try Self.changed(
        "name: apisix-test-kubeapi\n  namespace: default", "name: apisix-test-kubeapi\n  namespace: apisix"
      )
      .rules == ["secret/account-not-found"])
    #expect(
      try Self.changed("account.name: \"apisix-test\"", "account.name: \"apsisix-test\"").rules == [
        "secret/account-not-found"
      ])
  }

  @Test func aTokenSecretIsForSomebody() throws {
    #expect(
      try Self.changed("    kubernetes.io/service-account.name: \"apisix-test\"", "    other: x").rules
        == ["secret/account-missing"])
    #expect(
      try Self.changed("type: kubernetes.io/service-account-token", "type: Opaque").rules == [
        "secret/not-a-token-secret"
      ])
  }

  @Test(arguments: [
    ("data", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln", "secret/token-encoding"),
    ("data", "ZXlKaGJHY2lPaUp1YjI1bEluMC5leUp6ZFdJaU9pSjRJbjAuYzJsbg==", "secret/token-in-file"),
    ("data", "WlhsS2FHSkhZMmxQYVVwMWIyNWxJbjA9", "secret/token-encoding"),
    ("stringData", "ZXlKaGJHY2lPaUp1YjI1bEluMC5leUp6ZFdJaU9pSjRJbjAuYzJsbg==", "secret/token-encoding"),
  ])
  func aTokenInASecretIsEncodedOnce(key: String, token: String, rule: String) throws {
    let run = try Self.changed("\ndata:\n", "\n\(key):\n  token: \(token)\n")
    #expect(run.rules == [rule])
    #expect(!run.findings.contains { ($0.message + ($0.help ?? "")).contains(token.prefix(8)) })
  }

  @Test func aRoleInOneNamespaceIsNotEnough() throws {
    let text = Self.good.replacing("ClusterRoleBinding", with: "RoleBinding").replacing("ClusterRole", with: "Role")
    #expect(try Run(text).rules == ["rbac/namespaced-role"])
    #expect(try Run(text.replacing("apisix-test", with: "apisix-ingress-controller")).rules == [])
    // Whatever else is wrong with it.
    let inWrongGroup = try Run(text.replacing(#"apiGroups: [""]"#, with: "apiGroups: [v1]"))
    #expect(inWrongGroup.rules == ["rbac/wrong-api-group", "rbac/namespaced-role"])
  }

  @Test func theTokenInTheConfigIsOfTheBoundAccount() throws {
    let facts = ConfigFacts(
      path: "config.yaml", registries: ["kubernetes"], kubernetes: .single,
      subjects: ["system:serviceaccount:apisix:default"])
    let run = try Run(Self.good, configs: [facts])
    #expect(run.rules == ["rbac/token-subject"])
    #expect(
      run.findings[0].message == "the token in config.yaml is of system:serviceaccount:apisix:default; this binding is "
        + "for system:serviceaccount:default:apisix-test")
  }

  @Test func theRoleGrantsWhatTheConfigWatches() throws {
    let facts = ConfigFacts(
      path: "config.yaml", registries: ["kubernetes"], kubernetes: .single,
      subjects: ["system:serviceaccount:default:apisix-test"], watchesEndpointSlices: true)
    #expect(try Run(Self.good, configs: [facts]).rules == ["rbac/role-lacks-permission"])
  }

  @Test func fieldsOfOtherKindsAreNamed() throws {
    let run = try Run(
      """
      apiVersion: v1
      kind: Endpoints
      metadata:
        name: plat-dev
        namespace: default
      spec:
        addresses:
          - ip: 10.5.10.109
      """)
    #expect(run.rules == ["manifest/unknown-field"])
    #expect(try run.first("manifest/unknown-field").severity == .error)
    let role = try Self.changed("rules:", "roleBindingName: x\nsubjects: []\nrules:")
    #expect(role.rules == ["manifest/unknown-field", "manifest/unknown-field"])
  }

  /// In a List the same is said of an object as when it stands alone.
  @Test func anItemOfAListIsJudgedAsAnObject() throws {
    let objects = ["Secret", "Endpoints"].map { kind in
      let field = kind == "Secret" ? "data:\n  pw: 12345678" : "spec: {}"
      return "apiVersion: v1\nkind: \(kind)\nmetadata:\n  name: plat-dev\n\(field)"
    }
    let items = objects.map { "  - " + $0.replacing("\n", with: "\n    ") }
    let alone = try Run(objects.joined(separator: "\n---\n")).findings
    let listed = try Run("apiVersion: v1\nkind: List\nitems:\n" + items.joined(separator: "\n")).findings
    #expect(alone.map(\.rule.id) == ["manifest/not-a-string", "manifest/unknown-field"])
    #expect(listed.map(\.rule.id) == alone.map(\.rule.id))
    #expect(listed.map(\.severity) == alone.map(\.severity))
    #expect(listed.map(\.help) == alone.map(\.help))
    #expect(listed.map { $0.fix == nil } == [true, true])
  }
}

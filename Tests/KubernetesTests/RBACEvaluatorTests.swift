import JSON
import Kubernetes
import Testing
import YAML

private func objects(_ text: String) throws -> RBACObjects {
  let tree = try Tree.parse(Array(text.utf8))
  return RBACObjects(tree.documents.map(tree.json))
}

/// A role, a binding of it, and a subject, written short.
private func cluster(
  rules: String, role: String = "ClusterRole", binding: String = "ClusterRoleBinding", roleName: String = "r",
  subject: String = "{kind: ServiceAccount, name: apisix, namespace: default}"
) throws -> RBACObjects {
  try objects(
    """
    {kind: \(role), metadata: {name: r, namespace: shop}, rules: [\(rules)]}
    ---
    {kind: \(binding), metadata: {name: b, namespace: shop}, roleRef: {kind: \(role), name: \(roleName)}, subjects: [\(subject)]}
    """)
}

@Suite struct RBACEvaluatorTests {
  let apisix = Identity(ServiceAccount(namespace: "default", name: "apisix"))
  let list = AccessRequest("list", .endpoints)
  let all = #"{apiGroups: [""], resources: [endpoints], verbs: [get, list, watch]}"#

  @Test(arguments: RBACOptions.Watches.allCases, [true, false])
  func theGeneratedManifestsAllowWhatTheyAreFor(watches: RBACOptions.Watches, minimal: Bool) throws {
    let json = try RBACManifests(RBACOptions(watches: watches, minimal: minimal)).json
    let objects = RBACObjects([json])
    for verb in ["list", "watch"] {
      let endpoints = objects.decide(AccessRequest(verb, .endpoints), for: apisix)
      #expect(endpoints.allowed == (watches != .endpointSlices))
      #expect(objects.decide(AccessRequest(verb, .endpointSlices), for: apisix).allowed == (watches != .endpoints))
    }
    #expect(!objects.decide(AccessRequest("list", .secrets), for: apisix).allowed)
    #expect(!objects.decide(list, for: Identity(ServiceAccount(namespace: "other", name: "apisix"))).allowed)
  }

  @Test func theChainIsNamed() throws {
    let grant = try #require(try cluster(rules: "{}, \(all)").decide(list, for: apisix).grants.first)
    #expect(grant.binding.name == "b" && grant.binding.kind == "ClusterRoleBinding")
    #expect(grant.role.name == "r" && grant.role.kind == "ClusterRole" && grant.ruleIndex == 1)
    #expect(grant.subject.name == "apisix")
  }

  @Test(arguments: [
    #"{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}"#, #"{apiGroups: [""], resources: ["*"], verbs: [list]}"#,
    #"{apiGroups: ["", discovery.k8s.io], resources: [endpoints, endpointslices], verbs: [list]}"#,
  ])
  func wildcardsAndListsAllow(rule: String) throws {
    #expect(try cluster(rules: rule).decide(list, for: apisix).allowed)
  }

  @Test(arguments: [
    (#"{apiGroups: [""], resources: [endpoints], verbs: [get]}"#, RBACNearMiss.Break.verb(["get"])),
    (
      #"{apiGroups: [""], resources: [endpoints], verbs: ["get,list,watch"]}"#,
      .commaInString(field: "verbs", text: "get,list,watch")
    ),
    (
      #"{apiGroups: [",discovery.k8s.io"], resources: ["endpoints, pods"], verbs: [list]}"#,
      .commaInString(field: "resources", text: "endpoints, pods")
    ),
    ("{apiGroups: [v1], resources: [endpoints], verbs: [list]}", .group(["v1"])),
    (#"{apiGroups: [""], resources: [endpoints], verbs: [list], resourceNames: [db]}"#, .resourceNames(["db"])),
  ])
  func whereARuleBreaks(rule: String, reason: RBACNearMiss.Break) throws {
    let decision = try cluster(rules: rule).decide(list, for: apisix)
    #expect(!decision.allowed)
    #expect(decision.nearMisses.map(\.reason) == [reason])
  }

  @Test func aRoleBindingIsGoodInItsNamespaceOnly() throws {
    for role in ["Role", "ClusterRole"] {
      let objects = try cluster(rules: all, role: role, binding: "RoleBinding")
      #expect(objects.decide(list, for: apisix).nearMisses.map(\.reason) == [.namespaceOnly("shop")])
      #expect(objects.decide(AccessRequest("list", .endpoints, namespace: "shop"), for: apisix).allowed)
      #expect(!objects.decide(AccessRequest("list", .endpoints, namespace: "other"), for: apisix).allowed)
    }
  }

  @Test func aBindingToARoleThatIsNotThere() throws {
    let decision = try cluster(rules: all, roleName: "gone").decide(list, for: apisix)
    #expect(decision.nearMisses.map(\.reason) == [.roleMissing])
  }

  @Test func anAccountOfAnotherNamespace() throws {
    let decision = try cluster(rules: all, subject: "{kind: ServiceAccount, name: apisix, namespace: ingress}")
      .decide(list, for: apisix)
    #expect(decision.nearMisses.map(\.reason) == [.subjectNamespace("ingress")])
  }

  @Test(arguments: [
    "{kind: Group, name: \"system:serviceaccounts\"}", "{kind: Group, name: \"system:serviceaccounts:default\"}",
    "{kind: Group, name: \"system:authenticated\"}", "{kind: User, name: \"system:serviceaccount:default:apisix\"}",
  ])
  func groupsAndUsersAreSubjectsToo(subject: String) throws {
    #expect(try cluster(rules: all, subject: subject).decide(list, for: apisix).allowed)
  }

  @Test func resourceNamesAllowThatObject() throws {
    let objects = try cluster(rules: #"{apiGroups: [""], resources: [endpoints], verbs: [get], resourceNames: [db]}"#)
    #expect(
      objects.decide(AccessRequest(verb: "get", resource: "endpoints", namespace: "x", name: "db"), for: apisix).allowed
    )
    #expect(
      !objects.decide(AccessRequest(verb: "get", resource: "endpoints", namespace: "x", name: "web"), for: apisix)
        .allowed)
  }

  @Test func subresourcesAreResourcesOfTheirOwn() throws {
    let create = AccessRequest(verb: "create", resource: "serviceaccounts", subresource: "token", namespace: "x")
    for (resource, allowed) in [("serviceaccounts", false), ("serviceaccounts/token", true), ("\"*/token\"", true)] {
      let objects = try cluster(rules: #"{apiGroups: [""], resources: [\#(resource)], verbs: [create]}"#)
      #expect(objects.decide(create, for: apisix).allowed == allowed)
    }
  }

  /// The items of a typed list, as the API server sends them, carry no kind.
  @Test func listsOfTheServer() throws {
    let objects = try objects(
      """
      kind: ClusterRoleList
      items: [{metadata: {name: r}, aggregationRule: {clusterRoleSelectors: []}, rules: [\(all)]}]
      ---
      kind: ClusterRoleBindingList
      items: [{metadata: {name: b}, roleRef: {kind: ClusterRole, name: r}, subjects: [{kind: User, name: u}]}]
      """)
    #expect(objects.roles.first?.isAggregated == true)
    #expect(objects.decide(list, for: Identity(username: "u", groups: [])).allowed)
    #expect(objects.bindings(for: Identity(username: "u", groups: [])).count == 1)
  }
}

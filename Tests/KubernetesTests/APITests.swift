import JSON
import Testing

@testable import Kubernetes

@Suite struct APITests {
  @Test func paths() {
    #expect(APIResource.endpoints.path() == "/api/v1/endpoints")
    #expect(APIResource.endpoints.path(namespace: "a b") == "/api/v1/namespaces/a%20b/endpoints")
    #expect(APIResource.endpointSlices.path() == "/apis/discovery.k8s.io/v1/endpointslices")
    #expect(
      APIResource.serviceAccounts.path(namespace: "ns", object: "x", subresource: "token")
        == "/api/v1/namespaces/ns/serviceaccounts/x/token")
    #expect(
      APIResource.clusterRoles.path(namespace: "ns", object: "system:a b")
        == "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Aa%20b")
  }

  @Test func queries() {
    #expect(
      ListQuery.list(limit: 1, fieldSelector: "metadata.namespace!=a").text
        == "?limit=1&fieldSelector=metadata.namespace%21%3Da")
    #expect(
      ListQuery.watch(timeoutSeconds: 1).text == "?watch=true&allowWatchBookmarks=true&timeoutSeconds=1")
  }

  @Test func reviews() {
    #expect(
      SelfSubjectAccessReview.body(AccessRequest("list", .endpoints)) == [
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": ["resourceAttributes": ["verb": "list", "resource": "endpoints"]],
      ])
    #expect(
      SelfSubjectAccessReview.body(AccessRequest("watch", .endpointSlices, namespace: "a"))["spec"] == [
        "resourceAttributes": [
          "namespace": "a", "verb": "watch", "group": "discovery.k8s.io", "resource": "endpointslices",
        ]
      ])
    let answer: JSONValue = [
      "kind": "SelfSubjectAccessReview",
      "status": ["allowed": false, "reason": "RBAC: clusterrole.rbac.authorization.k8s.io \"x\" not found"],
    ]
    #expect(SelfSubjectAccessReview.allowed(answer) == false)
    #expect(SelfSubjectAccessReview.allowed(["kind": "Status"]) == nil)
    let review: JSONValue = [
      "kind": "SelfSubjectReview",
      "status": ["userInfo": ["username": "system:serviceaccount:demo:reader", "groups": ["system:authenticated"]]],
    ]
    let identity = SelfSubjectReview.identity(review)
    #expect(identity?.serviceAccount == ServiceAccount(namespace: "demo", name: "reader"))
    #expect(identity?.groups == ["system:authenticated"])
    #expect(SelfSubjectReview.identity(["kind": "Status"]) == nil)
  }

  @Test func aStatus() throws {
    let status = try #require(
      Status([
        "kind": "Status", "code": 403, "reason": "Forbidden",
        "message":
          "endpoints is forbidden: User \"u\" cannot list resource \"endpoints\" in API group \"\" at the cluster scope",
        "details": ["kind": "endpoints", "group": "g"],
      ]))
    #expect(status.reason == "Forbidden" && status.resource == "endpoints" && status.group == "g")
    #expect(status.forbidden?.verb == "list")
    #expect(Status(["kind": "EndpointsList"]) == nil && Status("x") == nil)
  }

  @Test func aForbiddenMessageOfAMissingRole() throws {
    let message = try #require(
      ForbiddenMessage(
        """
        endpoints is forbidden: User "system:serviceaccount:demo:dangling" cannot list resource "endpoints" in API group \
        "" in the namespace "demo": RBAC: [clusterrole.rbac.authorization.k8s.io "no-such-role" not found, \
        role.rbac.authorization.k8s.io "nor-this" not found]
        """))
    #expect(message.user == "system:serviceaccount:demo:dangling" && message.verb == "list" && message.group == "")
    #expect(message.scope == .namespace("demo"))
    #expect(
      message.missingRoles == [.init(kind: "ClusterRole", name: "no-such-role"), .init(kind: "Role", name: "nor-this")])
  }

  /// As it stands in APISIX's log: JSON within a line.
  @Test func aForbiddenMessageInALogLine() throws {
    let message = try #require(
      ForbiddenMessage(
        #"reason: Forbidden, message : {"kind":"Status","message":"endpointslices.discovery.k8s.io is forbidden: User "#
          + #"\"system:anonymous\" cannot watch resource \"endpointslices\" in API group \"discovery.k8s.io\" at the "#
          + #"cluster scope","reason":"Forbidden","code":403}"#))
    #expect(message.user == "system:anonymous" && message.verb == "watch" && message.group == "discovery.k8s.io")
    #expect(message.scope == .cluster && message.detail == nil)
  }

  @Test(arguments: [
    "", "Unauthorized", "User \"", "User \"a\" cannot ", "forbidden: User \"a\" cannot get path \"/api\"",
  ])
  func otherMessages(text: String) {
    #expect(ForbiddenMessage(text) == nil)
  }
}

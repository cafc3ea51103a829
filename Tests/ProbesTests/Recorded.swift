import Foundation
import TestSupport

/// Answers that a Kubernetes 1.36 API server gave.
enum Recorded {
  typealias Answer = StubServer.Answer

  static let unauthorized = Answer(
    status: 401,
    body: """
      {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized",\
      "reason":"Unauthorized","code":401}

      """)

  static func forbidden(_ verb: String, user: String, tail: String = "") -> Answer {
    let message =
      #"endpoints is forbidden: User \"\#(user)\" cannot \#(verb) resource \"endpoints\" in API group \"\" "#
      + "at the cluster scope" + tail
    return Answer(
      status: 403,
      body: """
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"\(message)",\
        "reason":"Forbidden","details":{"kind":"endpoints"},"code":403}

        """)
  }

  static let list = Answer(
    headers: [#"Warning: 299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice""#],
    body: #"{"kind":"EndpointsList","apiVersion":"v1","metadata":{"resourceVersion":"338"},"items":[]}"# + "\n")
  static let watch = Answer(staysOpen: true)
  static let expiredWatch = Answer(
    body: #"{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","#
      + #""message":"too old resource version: 1 (518)","reason":"Expired","code":410}}"# + "\n", staysOpen: true)
  static let identity = Answer(
    status: 201,
    body: #"{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1","status":{"userInfo":{"username":"#
      + #""system:serviceaccount:demo:reader","groups":["system:serviceaccounts","system:authenticated"]}}}"# + "\n")

  static func access(allowed: Bool) -> Answer {
    Answer(
      status: 201,
      body:
        #"{"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1","status":{"allowed":\#(allowed)}}"#)
  }

  /// A SelfSubjectRulesReview with one rule.
  static func rules(_ rule: String) -> Answer {
    Answer(
      status: 201,
      body:
        #"{"kind":"SelfSubjectRulesReview","apiVersion":"authorization.k8s.io/v1","status":{"resourceRules":[\#(rule)],"#
        + #""nonResourceRules":[],"incomplete":false}}"#)
  }

  static let loginPage = Answer(status: 200, type: "text/html", body: "<html><form>Log in</form></html>")

  /// A token of the old kind, for system:serviceaccount:demo:reader; its signature is made up.
  static let token = token([
    "iss": "kubernetes/serviceaccount", "sub": "system:serviceaccount:demo:reader",
    "kubernetes.io/serviceaccount/namespace": "demo", "kubernetes.io/serviceaccount/secret.name": "reader-token",
    "kubernetes.io/serviceaccount/service-account.name": "reader",
  ])

  static func token(_ claims: [String: Any]) -> String {
    func part(_ object: Any) -> String {
      let data = (try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys)) ?? Data()
      return url(data)
    }
    return "\(part(["alg": "RS256", "kid": "k1"])).\(part(claims)).\(url(Data(repeating: 7, count: 256)))"
  }

  private static func url(_ data: Data) -> String {
    data.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }
}

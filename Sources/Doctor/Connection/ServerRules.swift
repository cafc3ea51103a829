public import Findings

/// Answers that are none of a Kubernetes API server that works.
public enum ServerRules {
  public static let all = [notKubernetes, redirect, error, badRequest, noSuchResource]

  public static let notKubernetes = Rule(
    id: "server/not-kubernetes", severity: .error,
    summary: "Who answers is no Kubernetes API server",
    checks: "That a list answers with an EndpointsList or EndpointSliceList, and a refusal with a Status.",
    why: """
      A proxy, a login page or another service stands at this address. APISIX logs `UnexpectedBody`, or a 401 or 403 \
      that no token and no binding can mend.
      """,
    example: "200 with text/html",
    fix: "kubectl cluster-info names the API server's own address. APISIX can use one without a path only.")

  public static let redirect = Rule(
    id: "server/redirect", severity: .error,
    summary: "The server sends the client elsewhere",
    checks: "That the answer is no redirect. None is followed: the token is for this server only.",
    why:
      "An API server does not redirect; a login page, an ingress or a load balancer does. APISIX follows none either.",
    example: "302 to https://login.example/",
    fix: "Use the API server's own address: kubectl cluster-info")

  public static let error = Rule(
    id: "server/error", severity: .error,
    summary: "The server cannot answer now",
    checks: "That the answer is no 429 and no 5xx, and a watch brings no ERROR event at its start.",
    why: "The server is overloaded, starting, or cannot reach etcd. APISIX tries again every 40 seconds.",
    example: "503 Service Unavailable",
    fix: "Try again; kubectl get --raw /readyz?verbose says what the server lacks.")

  public static let badRequest = Rule(
    id: "server/bad-request", severity: .error,
    summary: "The server does not accept what APISIX asks",
    checks: "That the list with the configuration's selectors is no 400.",
    why: "APISIX sends label_selector as it stands, gets 400 and has no nodes.",
    example: "label_selector: \"app in (a\"",
    fix: "Correct label_selector; kubectl get endpoints -A -l 'SELECTOR' tries it.")

  public static let noSuchResource = Rule(
    id: "server/no-such-resource", severity: .error,
    summary: "The server does not have what APISIX asks for",
    checks: "That discovery.k8s.io/v1 is there when watch_endpoint_slices is true: from Kubernetes 1.21 on.",
    why: "APISIX gets 404 and has no nodes.",
    example: "watch_endpoint_slices: true with Kubernetes 1.20",
    fix: "Leave watch_endpoint_slices out, or use Kubernetes 1.21 or newer.", since: "3.14.0")
}

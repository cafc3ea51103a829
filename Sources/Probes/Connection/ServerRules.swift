public import Findings

/// Answers that are none of a Kubernetes API server that works.
public enum ServerRules {
  public static let all = [
    notKubernetes, loginPage, proxyRefused, behindPath, redirect, error, badRequest, noSuchResource, clockSkew, warning,
    endpointsDeprecated,
  ]

  public static let notKubernetes = Rule(
    id: "server/not-kubernetes", severity: .error, summary: "Who answers is no Kubernetes API server",
    checks: "That a list answers with an EndpointsList or EndpointSliceList, and a refusal with a Status.",
    why: "Another service stands at this address. APISIX logs `UnexpectedBody`, or a failed list.",
    example: "200 with application/json, and no EndpointsList in it",
    fix: "kubectl cluster-info names the API server's own address. APISIX can use one without a path only.")

  public static let redirect = Rule(
    id: "server/redirect", severity: .error, summary: "The server sends the client elsewhere",
    checks: "That the answer is no redirect. None is followed: the token is for this server only.",
    why:
      "An API server does not redirect; a login page, an ingress or a load balancer does. APISIX follows none either.",
    example: "302 to https://login.example/", fix: "Use the API server's own address: kubectl cluster-info")

  public static let error = Rule(
    id: "server/error", severity: .error, summary: "The server cannot answer now",
    checks: "That the answer is no 429 and no 5xx, and a watch brings no ERROR event at its start.",
    why: "The server is overloaded, starting, or cannot reach etcd. APISIX tries again every 40 seconds.",
    example: "503 Service Unavailable", fix: "Try again; kubectl get --raw /readyz?verbose says what the server lacks.")

  public static let badRequest = Rule(
    id: "server/bad-request", severity: .error, summary: "The server does not accept what APISIX asks",
    checks: "That the list with the configuration's selectors is no 400.",
    why: "APISIX sends label_selector as it stands, gets 400 and has no nodes.",
    example: "label_selector: \"app in (a\"",
    fix: "Correct label_selector; kubectl get endpoints -A -l 'SELECTOR' tries it.")

  public static let noSuchResource = Rule(
    id: "server/no-such-resource", severity: .error, summary: "The server does not have what APISIX asks for",
    checks: "That discovery.k8s.io/v1 is there when watch_endpoint_slices is true: from Kubernetes 1.21 on.",
    why: "APISIX gets 404 and has no nodes.",
    example: "watch_endpoint_slices: true with Kubernetes 1.20",
    fix: "Leave watch_endpoint_slices out, or use Kubernetes 1.21 or newer.", since: "3.14.0")

  public static let loginPage = Rule(
    id: "server/login-page", severity: .error, summary: "A login page answers in place of the API server",
    checks: "Whether the answer is a page for people: HTML with 200, or with a form or a word about logging in.",
    why: "A proxy that logs people in stands before the server. APISIX logs `UnexpectedBody`, 401 or 403.",
    example: "200 with text/html", fix: "Use the API server's own address: kubectl cluster-info")

  public static let proxyRefused = Rule(
    id: "server/proxy-refused", severity: .error, summary: "A proxy refuses, not the API server",
    checks: "That a 401 or 403 has a Kubernetes Status in it.",
    why: "Something before the API server wants another credential. No token and no binding of Kubernetes mends that.",
    example: "403 with text/html from nginx",
    fix: "Use the API server's own address: kubectl cluster-info, or let the proxy pass what APISIX asks.")

  public static let behindPath = Rule(
    id: "server/behind-path", severity: .error,
    summary: "The API server is reached behind a path, which APISIX cannot ask for",
    checks: """
      That the server's address has no path, and that where it answers no Kubernetes, the kubeconfig does not reach \
      the same server behind one.
      """,
    why: "APISIX builds its requests from schema, host and port. Behind Rancher and such it gets 404, or a page.",
    example: "https://rancher.example/k8s/clusters/c-m-abc",
    fix: "Use an address of the API server itself; Rancher calls it the authorized cluster endpoint.")

  public static let clockSkew = Rule(
    id: "server/clock-skew", severity: .note, summary: "The server's clock and this machine's differ",
    checks: """
      The Date of the server's first answer against the clock here; more than a minute counts. A warning where the \
      token is in its time by one of them only.
      """,
    why: "The server judges a token's times, and this machine the server's certificate, each by its own clock.",
    example: "the server's clock is 7 minutes behind this machine's",
    fix: "Let both be set by NTP: timedatectl, or chronyc tracking.")

  public static let warning = Rule(
    id: "server/warning", severity: .note, summary: "The server warns of something",
    checks: "The Warning headers of its answers; the message has the server's words.",
    why: "APISIX does not read them.",
    example: """
      Warning: 299 - "the provided Authorization header contains extra space before the bearer token, and is ignored"
      """,
    fix: "Do what the warning says.")

  public static let endpointsDeprecated = Rule(
    id: "server/endpoints-deprecated", severity: .note,
    summary: "The server calls Endpoints, which APISIX lists, deprecated",
    checks: "The Warning header that Kubernetes sends with Endpoints from 1.33 on.",
    why: """
      Endpoints still work. They hold at most 1000 addresses and one IP family, and a later Kubernetes may not write \
      them any more.
      """,
    example: "Warning: 299 - \"v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\"",
    fix: """
      discovery:
        kubernetes:
          watch_endpoint_slices: true
      It is right from APISIX 3.15 on, and needs its own right: gatecheck rbac generate --watch-endpoint-slices
      """)
}

public import Findings

/// Answers that are none of a Kubernetes API server that works.
public enum ServerRules {
  public static let all = [
    notKubernetes, loginPage, proxyRefused, behindPath, redirect, error, badRequest, noSuchResource, clockSkew, warning,
    endpointsDeprecated,
  ]

  public static let notKubernetes: Rule = """
    server/not-kubernetes (error): Who answers is no Kubernetes API server
    Checks: That a list answers with an EndpointsList or EndpointSliceList, and a refusal with a Status.
    Why: Another service stands at this address. APISIX logs `UnexpectedBody`, or a failed list.
    Example: 200 with application/json, and no EndpointsList in it
    Fix: kubectl cluster-info names the API server's own address. APISIX can use one without a path only.
    """

  public static let redirect: Rule = """
    server/redirect (error): The server sends the client elsewhere
    Checks: That the answer is no redirect. None is followed: the token is for this server only.
    Why: An API server does not redirect; a login page, an ingress or a load balancer does. APISIX follows none either.
    Example: 302 to https://login.example/
    Fix: Use the API server's own address: kubectl cluster-info
    """

  public static let error: Rule = """
    server/error (error): The server cannot answer now
    Checks: That the answer is no 429 and no 5xx, and a watch brings no ERROR event at its start.
    Why: The server is overloaded, starting, or cannot reach etcd. APISIX tries again every 40 seconds.
    Example: 503 Service Unavailable
    Fix: Try again; kubectl get --raw /readyz?verbose says what the server lacks.
    """

  public static let badRequest: Rule = """
    server/bad-request (error): The server does not accept what APISIX asks
    Checks: That the list with the configuration's selectors is no 400.
    Why: APISIX sends label_selector as it stands, gets 400 and has no nodes.
    Example: label_selector: "app in (a"
    Fix: Correct label_selector; kubectl get endpoints -A -l 'SELECTOR' tries it.
    """

  public static let noSuchResource: Rule = """
    server/no-such-resource (error, since 3.14.0): The server does not have what APISIX asks for
    Checks: That discovery.k8s.io/v1 is there when watch_endpoint_slices is true: from Kubernetes 1.21 on.
    Why: APISIX gets 404 and has no nodes.
    Example: watch_endpoint_slices: true with Kubernetes 1.20
    Fix: Leave watch_endpoint_slices out, or use Kubernetes 1.21 or newer.
    """

  public static let loginPage: Rule = """
    server/login-page (error): A login page answers in place of the API server
    Checks: Whether the answer is a page for people: HTML with 200, or with a form or a word about logging in.
    Why: A proxy that logs people in stands before the server. APISIX logs `UnexpectedBody`, 401 or 403.
    Example: 200 with text/html
    Fix: Use the API server's own address: kubectl cluster-info
    """

  public static let proxyRefused: Rule = """
    server/proxy-refused (error): A proxy refuses, not the API server
    Checks: That a 401 or 403 has a Kubernetes Status in it.
    Why: Something before the API server wants another credential. No token and no binding of Kubernetes mends that.
    Example: 403 with text/html from nginx
    Fix: Use the API server's own address: kubectl cluster-info, or let the proxy pass what APISIX asks.
    """

  public static let behindPath: Rule = """
    server/behind-path (error): The API server is reached behind a path, which APISIX cannot ask for
    Checks: That the server's address has no path, and that where it answers no Kubernetes, the kubeconfig does not \
    reach the same server behind one.
    Why: APISIX builds its requests from schema, host and port. Behind Rancher and such it gets 404, or a page.
    Example: https://rancher.example/k8s/clusters/c-m-abc
    Fix: Use an address of the API server itself; Rancher calls it the authorized cluster endpoint.
    """

  public static let clockSkew: Rule = """
    server/clock-skew (note): The server's clock and this machine's differ
    Checks: The Date of the server's first answer against the clock here; more than a minute counts. A warning where \
    the token is in its time by one of them only.
    Why: The server judges a token's times, and this machine the server's certificate, each by its own clock.
    Example: the server's clock is 7 minutes behind this machine's
    Fix: Let both be set by NTP: timedatectl, or chronyc tracking.
    """

  public static let warning: Rule = """
    server/warning (note): The server warns of something
    Checks: The Warning headers of its answers; the message has the server's words.
    Why: APISIX does not read them.
    Example: Warning: 299 - "the provided Authorization header contains extra space before the bearer token, and is \
    ignored"
    Fix: Do what the warning says.
    """

  public static let endpointsDeprecated: Rule = """
    server/endpoints-deprecated (note): The server calls Endpoints, which APISIX lists, deprecated
    Checks: The Warning header that Kubernetes sends with Endpoints from 1.33 on.
    Why: Endpoints still work. They hold at most 1000 addresses and one IP family, and a later Kubernetes may not \
    write them any more.
    Example: Warning: 299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
    Fix: discovery:
      kubernetes:
        watch_endpoint_slices: true
    It is right from APISIX 3.15 on, and needs its own right: gatecheck rbac generate --watch-endpoint-slices
    """
}

public import APISIX
import Registries

/// What a command line says about the way to an API server: the values of the flags of the same names.
public struct AccessOptions: Sendable {
  public var config: String?
  /// Whether the command has a flag for one, so that help may name it.
  public var takesConfig = false
  /// Whether to look for a config.yaml in the usual places where neither one nor a server is given.
  public var looksForConfig = false
  public var cluster: String?
  /// As which release tokens are trimmed and endpoints asked for.
  public var release = Release.newest
  /// As it was given; nil where nothing was.
  public var givenRelease: String?
  /// Of `--env` and `--env-file`; nil: the process's own.
  public var variables: [String: String]?
  public var root: String?
  public var server: String?
  public var tokenFile: String?
  public var certificateAuthority: String?
  public var insecureSkipTLSVerify = false
  public var kubeconfig: String?
  public var context: String?
  /// Whether an API server is asked as the kubeconfig's user, where that is not who APISIX is.
  package var asAdministrator = false
  public var impersonate: String?
  public var allowPlainHTTP = false
  /// For the whole command, so for a program that a kubeconfig gets its credential from, too.
  public var timeout: Duration { givenTimeout ?? .seconds(30) }
  /// What somebody said, which ends also what else goes on until Ctrl-C.
  public var givenTimeout: Duration?
  public var requestTimeout = Duration.seconds(10)

  public init() {}

  /// A server as these options speak to it.
  func endpoint(_ server: String) -> Endpoint {
    var endpoint = Endpoint(server)
    endpoint.requestTimeout = requestTimeout
    endpoint.allowPlainHTTP = allowPlainHTTP
    return endpoint
  }
}

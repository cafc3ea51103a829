import APISIX
import ArgumentParser
import Doctor
import Findings
import Lint

extension AccessOptions {
  /// What the flags say.
  /// - Throws: for a release that is none, and for an --env-file that cannot be read.
  init(_ config: ConfigOptions, _ connection: ConnectionOptions) throws {
    self.init()
    self.config = config.config
    cluster = config.cluster
    release = try config.release.choice().release
    if case .known(let variables) = try config.release.environment() { self.variables = variables }
    root = config.release.root
    server = connection.server
    tokenFile = connection.tokenFile
    certificateAuthority = connection.certificateAuthority
    insecureSkipTLSVerify = connection.insecureSkipTlsVerify
    kubeconfig = connection.kubeconfig
    context = connection.context
    impersonate = connection.impersonate
    allowPlainHTTP = connection.allowPlainHttp
    requestTimeout = .milliseconds(Int64(connection.requestTimeout * 1000))
    execTimeout = .milliseconds(Int64(connection.timeout * 1000))
  }
}

extension ConnectionOptions {
  /// What ArgumentParser does not check by itself.
  func check() throws {
    try checkTimes()
    if insecureSkipTlsVerify, certificateAuthority != nil {
      throw ValidationError("--certificate-authority and --insecure-skip-tls-verify exclude each other.")
    }
  }

  func checkTimes() throws {
    for (name, seconds) in [("--timeout", timeout), ("--request-timeout", requestTimeout)]
    where !(seconds > 0 && seconds <= 86_400) {
      throw ValidationError("\(name) wants a number of seconds above 0.")
    }
  }
}

extension Session {
  /// For what the flags name and cannot be used.
  func refuse(_ error: any Error) -> ExitStatus {
    if let error = error as? FileError {
      notices.write("gatecheck: \(terminalSafe(error.path)): \(terminalSafe(error.reason))\n")
      return .unfinished
    }
    notices.write("gatecheck: \(error)\n")
    return .usage
  }
}

import APISIX
import Common
import Findings
import Inputs
import JSON
import Lint
import Probes

/// How to reach an API server, in kubectl's words.
extension AccessOptions: Flags {
  static var flags: [Parameter<Self>] {
    [
      Parameter("server", \.server, "url", "The API server, https://host:port."),
      Parameter(
        "token-file", \.tokenFile, "file", "A file with the token, - for standard input. Or set GATECHECK_TOKEN.",
        completion: .files()),
      Parameter(
        "certificate-authority", \.certificateAuthority, "file", "The cluster's CA certificate.", completion: .files()),
      Parameter(
        "insecure-skip-tls-verify", \.insecureSkipTLSVerify,
        "Do not verify the server's certificate. The token then goes to any server that answers."),
      Parameter("kubeconfig", \.kubeconfig, "file", "A kubeconfig.", completion: .files()),
      Parameter("context", \.context, "name", "The context of the kubeconfig.", completion: .contexts),
      Parameter("as", \.impersonate, "user", "Act as this user, as kubectl does."),
      Parameter("allow-plain-http", \.allowPlainHTTP, "Send a credential over plain http as well."),
      Parameter(
        "timeout", \.givenTimeout, "seconds", "Seconds for the whole command; without it 30, and no end for --watch."),
      Parameter("request-timeout", \.requestTimeout, "seconds", "Seconds for one request."),
    ]
  }

  func validate() throws(Mistake) {
    if insecureSkipTLSVerify, certificateAuthority != nil {
      throw Mistake("--certificate-authority and --insecure-skip-tls-verify exclude each other.")
    }
  }

  /// With what the flags say about the configuration.
  /// - Parameter read: gives the bytes of an --env-file.
  /// - Throws: for a release that is none, and for an --env-file that cannot be read.
  func with(_ flags: ConfigFlags, reading read: (String) throws(FileError) -> [UInt8]) throws -> AccessOptions {
    var access = self
    access.config = flags.config
    access.takesConfig = true
    access.cluster = flags.cluster
    access.release = try flags.release.choice().release
    access.givenRelease = flags.release.apisixVersion
    if case .known(let variables) = try flags.release.environment(read) { access.variables = variables }
    access.root = flags.release.root
    return access
  }
}

extension Session {
  /// For what the flags name and cannot be used: a line for people, a document for programs that asked for one.
  /// - Parameter members: what the command's JSON document always has.
  func refuse(
    _ error: any Error, _ command: String = "", _ plan: [OutputPlan] = [], members: JSONObject = [:]
  ) -> ExitStatus {
    let file = error as? FileError
    if let failure = error as? DiscoveryConfig.Unusable {
      return finish(
        Report(
          command: command, version: Version.current, findings: failure.findings, members: members,
          sources: [failure.config.path: failure.config.source]), plan, color: .auto)
    }
    let finding = file?.finding ?? Finding(rule: Usage.arguments, message: "\(error)")
    let status = file == nil ? ExitStatus.usage : .unfinished
    let told =
      file.map { error in
        let what = error.isToken ? error.finding.help ?? error.reason : error.reason
        return terminalSafe("\(error.kind == .notWritten ? "cannot write " : "")\(error.shownPath): \(what)")
      } ?? viewerSafe("\(error)")
    notices.write("gatecheck: \(SecretPatterns.shownCall(told))\n")
    let lost = file?.kind == .notWritten ? file?.path : nil
    let documents = plan.filter { ![.text, .short].contains($0.format) && ($0.file == nil || $0.file != lost) }
    guard !documents.isEmpty else { return status }
    let report = Report(command: command, version: Version.current, findings: [finding], members: members)
    _ = finish(report, documents, color: .never)
    return status
  }
}

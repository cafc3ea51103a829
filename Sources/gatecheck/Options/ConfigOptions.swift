import ArgumentParser

/// The release and the environment that APISIX will have.
struct ReleaseOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Judge as this release of APISIX does, 2.13.0 to 3.18.0.", valueName: "version"))
  var apisixVersion: String?

  @Option(
    help: ArgumentHelp(
      "A variable that APISIX will have; then nothing else counts as set. Repeatable.", valueName: "name=value"))
  var env: [String] = []

  @Option(
    help: ArgumentHelp(
      "A file of NAME=VALUE lines with the variables that APISIX will have. Repeatable.", valueName: "file"))
  var envFile: [String] = []

  @Option(
    help: ArgumentHelp(
      "The file system of the APISIX host, where files that the config names are looked up.", valueName: "dir"))
  var root: String?
}

/// Where the configuration of APISIX stands.
struct ConfigOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("APISIX's config.yaml.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  @Option(help: ArgumentHelp("One cluster of a configuration with several.", valueName: "id"))
  var cluster: String?

  @OptionGroup var release: ReleaseOptions
}

/// How to reach an API server, in kubectl's words.
struct ConnectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The API server, https://host:port.", valueName: "url"))
  var server: String?

  @Option(
    help: ArgumentHelp("A file with the token, - for standard input. Or set GATECHECK_TOKEN.", valueName: "file"),
    completion: .file())
  var tokenFile: String?

  @Option(help: ArgumentHelp("The cluster's CA certificate.", valueName: "file"), completion: .file())
  var certificateAuthority: String?

  @Flag(help: "Do not verify the server's certificate. The token then goes to whoever answers.")
  var insecureSkipTlsVerify = false

  @Option(help: ArgumentHelp("A kubeconfig.", valueName: "file"), completion: .file())
  var kubeconfig: String?

  @Option(help: ArgumentHelp("The context of the kubeconfig.", valueName: "name"))
  var context: String?

  @Option(name: .customLong("as"), help: ArgumentHelp("Act as this user, as kubectl does.", valueName: "user"))
  var impersonate: String?

  @Flag(help: "Send a credential over plain http as well.")
  var allowPlainHttp = false

  @Option(help: ArgumentHelp("Seconds for the whole command.", valueName: "seconds"))
  var timeout = ConnectionFlags().timeout

  @Option(help: ArgumentHelp("Seconds for one request.", valueName: "seconds"))
  var requestTimeout = ConnectionFlags().requestTimeout
}

extension ConfigOptions {
  var flags: ConfigFlags { ConfigFlags(config: config, cluster: cluster, release: release.flags) }
}

extension ConnectionOptions {
  var flags: ConnectionFlags {
    ConnectionFlags(
      server: server, tokenFile: tokenFile, certificateAuthority: certificateAuthority,
      insecureSkipTLSVerify: insecureSkipTlsVerify, kubeconfig: kubeconfig, context: context,
      impersonate: impersonate, allowPlainHTTP: allowPlainHttp, timeout: timeout, requestTimeout: requestTimeout)
  }
}

/// `ConfigOptions` as a plain value.
struct ConfigFlags {
  var config: String?
  var cluster: String?
  var release = ReleaseFlags()
}

/// `ConnectionOptions` as a plain value.
struct ConnectionFlags {
  var server: String?
  var tokenFile: String?
  var certificateAuthority: String?
  var insecureSkipTLSVerify = false
  var kubeconfig: String?
  var context: String?
  var impersonate: String?
  var allowPlainHTTP = false
  /// Seconds for the whole command.
  var timeout: Double = 30
  /// Seconds for one request.
  var requestTimeout: Double = 10
}

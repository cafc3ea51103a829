import APISIX
import Findings
import Inputs
import SourceText

/// Source: cli/file.lua and cli/ops.lua; nginx' `lua_ssl_trusted_certificate`.
enum TrustedCertificate {
  static let rule: Rule = """
    config/trusted-certificate (error): The trusted certificate is not there, or is none
    Checks: With --root: that each file of `apisix.ssl.ssl_trusted_certificate` is there, and that the only one holds \
    a certificate in PEM.
    Why: Without the file `apisix start` ends with `certificate path … doesn't exist`. With one that holds no \
    certificate nginx does not start.
    Example:
    apisix:
      ssl:
        ssl_trusted_certificate: /etc/ssl/kube-ca.crt   # not on this host
    Fix: apisix:
      ssl:
        ssl_trusted_certificate: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    """

  static func check(_ context: ConfigContext) -> [Finding] {
    guard let setting = context.verdict.root?["apisix"]?["ssl"]?["ssl_trusted_certificate"], let text = setting.string
    else { return [] }
    let paths = text.split(separator: ",").map { $0.drop(while: \.isWhitespace) }
    return paths.compactMap { path in
      let path = String(path.prefix { !$0.isWhitespace })
      if path == "system" { return nil }
      let problem: String
      switch context.conditions.files(path) {
      case .missing: problem = "APISIX does not start: certificate path \(quoted(path)) doesn't exist"
      case .content(let bytes) where paths.count == 1 && !String(decoding: bytes, as: UTF8.self).has("-----BEGIN"):
        problem = "nginx does not start: \(quoted(path)) holds no certificate in PEM"
      default: return nil
      }
      return context.file.finding(
        rule, problem, at: setting.node, path: "apisix.ssl.ssl_trusted_certificate",
        help: "put the certificate of the CA there, or name the file where it is")
    }
  }
}

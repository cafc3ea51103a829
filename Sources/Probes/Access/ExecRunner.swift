import Findings
import Glibc
import HTTP
import Inputs
import JSON
public import Kubernetes
import SourceText
import Synchronization

/// Runs the programs that kubeconfigs name to get credentials from, and keeps what they gave for as long as it is good
/// and this process runs. Nothing is written anywhere.
public final class ExecRunner: Sendable {
  private let kept = Mutex<[String: ExecCredential]>([:])

  public init() {}

  /// What a run gave, and what the program had to say.
  public struct Outcome: Sendable {
    public let credential: ExecCredential
    /// Lines of standard error, with credentials masked; empty for a kept credential.
    public let words: [String]
  }

  /// Why there is no credential.
  public struct Failure: Error, Sendable, Hashable {
    /// Follows "the program NAME ".
    public let message: String
    public let words: [String]
  }

  /// The credential of `plugin`, kept from before or from a run of it.
  /// - Parameters:
  ///   - environment: of this process. The program gets it without gatecheck's own secrets.
  ///   - timeout: the program and what it started are killed then.
  ///   - now: seconds since 1970.
  public func credential(
    _ plugin: ExecPlugin, for access: ClusterAccess, environment: [String: String], timeout: Duration, now: Int
  ) throws(Failure) -> Outcome {
    let isTerminal = isatty(0) == 1
    guard plugin.interactiveMode != "Always" || isTerminal else {
      throw Failure(message: "wants a terminal on standard input, and there is none", words: [])
    }
    let interactive = isTerminal && plugin.interactiveMode != "Never"
    let input = plugin.input(interactive: interactive, access: access).text()
    let key = ([plugin.command] + plugin.arguments + plugin.environment.flatMap { [$0.name, $0.value] } + [input])
      .joined(separator: "\u{0}")
    if let credential = kept.withLock({ $0[key] }), credential.expiresAt.map({ $0 > now }) ?? true {
      return Outcome(credential: credential, words: [])
    }
    var variables = environment
    for name in environment.keys where name.hasPrefix("GATECHECK_") { variables[name] = nil }
    for variable in plugin.environment { variables[variable.name] = variable.value }
    variables["KUBERNETES_EXEC_INFO"] = input
    var secrets = plugin.environment.filter { Self.isSecret($0.name) }.map(\.value)
    secrets += Self.secrets(in: plugin.arguments) + plugin.arguments.filter(SecretPatterns.isToken)
    secrets += environment.filter { CredentialName.isOne($0.key.utf8) }.map(\.value).filter { value in
      value.utf8.count >= 8 && !value.hasPrefix("/")
    }

    let ended: ChildProcess.Ended
    do throws(ChildProcess.Failure) {
      ended = try ChildProcess.run(
        plugin.command, plugin.arguments, variables, interactive: interactive, timeout: timeout)
    } catch {
      throw Failure(
        message: error.message, words: plugin.installHint.map { $0.split(separator: "\n").map(String.init) } ?? [])
    }
    func failed(_ message: String) -> Failure {
      let words = Self.shown(ended.errors, hiding: secrets + Self.words(of: ended.output))
      return Failure(message: message, words: words)
    }
    guard ended.status == 0 else { throw failed(ended.summary) }
    let credential: ExecCredential
    do throws(ExecCredential.Problem) {
      credential = try ExecCredential(ended.output, expecting: plugin.apiVersion)
    } catch { throw failed(error.message) }
    secrets += [credential.token?.value, credential.clientKey?.value].compactMap { $0 }
    let words = Self.shown(ended.errors, hiding: secrets)
    if let expiresAt = credential.expiresAt, expiresAt <= now {
      throw Failure(message: "gave a credential that has expired", words: words)
    }
    kept.withLock { $0[key] = credential }
    return Outcome(credential: credential, words: words)
  }

  private static func isSecret(_ name: String) -> Bool {
    CredentialName.isOne(name.utf8)
      || ["TOKEN", "SECRET", "PASSWORD", "KEY", "CREDENTIAL"].contains(where: name.uppercased().has)
  }

  /// `--client-secret SECRET`, `--password=SECRET`, `API_KEY=SECRET`.
  private static func secrets(in arguments: [String]) -> [String] {
    var follows = false
    return arguments.compactMap { argument in
      defer { follows = argument.hasPrefix("-") && isSecret(argument) }
      guard let equals = argument.utf8.firstIndex(of: UInt8(ascii: "=")), isSecret(String(argument[..<equals])) else {
        return follows && !argument.hasPrefix("-") ? argument : nil
      }
      return String(argument[argument.utf8.index(after: equals)...])
    }
  }

  /// The last lines, without the secrets and without anything that looks like a token.
  private static func shown(_ bytes: [UInt8], hiding secrets: [String]) -> [String] {
    let scrubber = Scrubber(secrets)
    var text = String(decoding: bytes.suffix(8192), as: UTF8.self)
    text = Secret.redacted(secrets.map { Secret($0) }, in: text)
    return scrubber.scrub(text).split(whereSeparator: \.isNewline).suffix(20).map { line in
      line.split(separator: " ", omittingEmptySubsequences: false).map { word in
        word.has("eyJ") && word.utf8.count > 20 ? "***" : String(word)
      }.joined(separator: " ")
    }
  }

  /// What an answer that cannot be read may hold: each of its words that could be a credential.
  private static func words(of output: [UInt8]) -> [String] {
    output.split { byte in
      !(0x30...0x39).contains(byte) && !(0x41...0x5A).contains(byte) && !(0x61...0x7A).contains(byte)
        && !"+/.-_=".utf8.contains(byte)
    }.map { String(decoding: $0, as: UTF8.self) }
      .filter { $0.utf8.count >= 16 && !$0.hasPrefix("client.authentication.k8s.io/") }
  }
}

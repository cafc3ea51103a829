import APISIX
import Common
import Inputs
import JSON
import Kubernetes

/// What each line of releases does with exactly these bytes, and until when the token works there.
struct TokenHandling: Sendable {
  let reading: TokenReading
  let fate: TokenReading.Fate
  /// Read from a file, not out of config.yaml.
  let isFile: Bool
  let jwt: JWT?
  let isCut: Bool
  let now: Int

  static func all(of token: GivenToken, now: Int) -> [TokenHandling] {
    let bytes = Array(token.raw.value.utf8)
    return TokenReading.all.map { reading in
      TokenHandling(
        reading: reading,
        fate: reading.fate(
          of: bytes, meant: token.text.mended.map { Array($0.value.utf8) }, inline: token.source == .inline),
        isFile: token.source == .file, jwt: token.text.jwt, isCut: token.text.isCut, now: now)
    }
  }

  /// `2.13 to 2.15`
  private var releases: String { "\(reading.first.announced.line) to \(reading.last.line)" }

  private var words: String {
    let does =
      switch reading.trim {
      case .none: "sends it as it is"
      case .everywhere: "takes out all white space"
      case .ends: "trims it at both ends"
      }
    let reads = isFile ? reading.rereadsFile ? ", reads the file for each request" : ", reads the file once" : ""
    return "\(does)\(reads): \(outcome)"
  }

  private var outcome: String {
    switch fate {
    case .refused: "its schema refuses the configuration"
    case .missing: "nothing is left; with https it does not start"
    case .breaksRequest: "the line break breaks the request, 400"
    case .ignored: "the space before it makes the server ignore it, 403"
    case .differs: "the server gets something else than a token, 401"
    case .arrives:
      if isCut {
        "it arrives, and looks cut off: 401"
      } else if case .notYetValid(let start) = jwt?.timeProblem(now: now) {
        "it arrives, and is not valid before \(Timestamp.iso(start) ?? "\(start)"), 401"
      } else if let jwt, let audience = jwt.otherAudience {
        "it arrives, and is for \(SecretPatterns.quoted(audience)): 401"
      } else if let end = jwt?.expiresAt, end < now {
        "it arrives, and expired at \(Timestamp.iso(end) ?? "\(end)"), 401"
      } else if let end = jwt?.expiresAt {
        "works until \(Timestamp.iso(end) ?? "\(end)")"
          + (isFile ? reading.rereadsFile ? ", and on if the file is renewed" : ", then 401 until a reload" : "")
      } else {
        jwt == nil ? "arrives as it is" : "works; it does not expire"
      }
    }
  }

  var line: String { "APISIX \(releases): \(words)" }

  /// `apisix` of the JSON document.
  var json: JSONValue {
    let arrives = fate == .arrives
    return [
      "from": .string(reading.first.announced.description), "to": .string(reading.last.description),
      "does": .string(words), "arrives": .bool(arrives), "rereadsFile": .bool(isFile && reading.rereadsFile),
      "until": JSONValue((arrives ? jwt?.expiresAt : nil).flatMap(Timestamp.iso)),
    ]
  }
}

import APISIX
import ArgumentParser
import Findings
import Inputs
import Probes
import SourceText

/// What a shell completes a value with.
enum Completion {
  /// Files whose names end so, and folders on the way to them; all files where no ending is named.
  case files([String] = [])
  case folders
  case words(() -> [String])
  /// Asked of gatecheck at each tab, with what is typed so far.
  case asked(@Sendable (_ words: [String]) -> [Candidate])

  struct Candidate {
    let text: String
    /// Shown beside it.
    var about = ""
  }
}

extension Completion {
  static var yaml: Self { .files(["yaml", "yml"]) }

  static var releases: Self { .words { Release.known.filter { $0 != .preview }.map(\.description) } }

  /// Their ids, and the prefixes of their areas.
  static var rules: Self {
    .asked { _ in
      gatecheck.rules.areas.flatMap { area in
        [Candidate(text: area.prefix)] + area.rules.map { Candidate(text: $0.id, about: $0.summary) }
      }
    }
  }

  /// Those of the kubeconfig that is named so far, or that is found without one.
  static var contexts: Self {
    .asked { words in
      let environment = ProcessEnvironment()
      var access = AccessOptions()
      access.kubeconfig = value(of: "--kubeconfig", in: words).map { path in
        // Where it is typed the shell has not filled it in yet.
        path.hasPrefix("~/") ? (environment["HOME"] ?? "~") + path.dropFirst() : path
      }
      // A pipe would be emptied before the command reads it.
      let context = Context(environment: environment.all, now: Session.now) { path, _ throws(FileError) in
        try FileSystem.read(path, limit: InputFile.limit) ?? []
      }
      return access.contexts(in: context).filter { SecretPatterns.shownName($0) == $0 }.map { Candidate(text: $0) }
    }
  }

  /// The last that was given.
  private static func value(of flag: String, in words: [String]) -> String? {
    for (index, word) in words.enumerated().reversed() {
      if word == flag, index + 1 < words.count { return words[index + 1] }
      if word.hasPrefix(flag + "=") { return String(word.dropFirst(flag.count + 1)) }
    }
    return nil
  }

  /// As ArgumentParser knows it.
  var kind: CompletionKind {
    switch self {
    case .files(let endings): .file(extensions: endings)
    case .folders: .directory
    case .words(let words): .list(words())
    case .asked(let ask):
      .custom { words, _, _ in
        let shell = CompletionShell.requesting
        return ask(words).filter(\.isPlain).map { $0.line(for: shell) }
      }
    }
  }
}

extension Completion.Candidate {
  /// bash runs what looks like a command in a word that is offered, and a terminal obeys what it is shown.
  fileprivate var isPlain: Bool {
    terminalSafe(text) == text
      && text.utf8.allSatisfy { $0 >= 0x80 || $0.isAlphanumeric || "._-:/@+=,%".utf8.contains($0) }
  }

  /// As the shell's script splits it into word and explanation.
  fileprivate func line(for shell: CompletionShell?) -> String {
    switch shell?.rawValue {
    case "zsh": text.replacing("\\", with: "\\\\").replacing(":", with: "\\:") + (about.isEmpty ? "" : ":" + about)
    case "fish": about.isEmpty ? text : "\(text)\t\(about)"
    default: text
    }
  }
}

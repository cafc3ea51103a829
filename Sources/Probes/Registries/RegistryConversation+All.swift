import APISIX
import DNS
import Findings
import HTTP
import Inputs
import JSON

/// Many services at once, and answers that stand in files.
extension RegistryConversation {
  /// Every service there is, and what APISIX makes of what the registry says of it.
  /// - Parameter tell: a service that is in several places of an answer comes several times.
  /// - Returns: what became of the question itself; nil where the registry has no list of its services.
  mutating func all(_ tell: @escaping (String, Resolution) -> Void) -> Resolution? {
    let (kind, lookup) = (kind, lookup)
    if kind == .dns { return nil }
    guard files.isEmpty, !kind.answersWhole else {
      var later: [(RegistryLookup, JSONValue, RegistryAnswers)] = []
      var whole = lookup
      whole.asksAll = true
      // In a file stands what was asked for any name.
      let found = nodes(of: kind.answersWhole ? whole : lookup.named("any")) { name, answer, before in
        let named = lookup.named(name)
        if let found = kind.nodes(named, by: answer, after: before) {
          tell(name, found)
        } else {
          later.append((named, answer, before))
        }
      }
      for (named, answer, before) in later { tell(named.serviceName, nodes(of: named, by: answer, after: before)) }
      return found
    }
    answers = RegistryAnswers()
    switch serviceNames() {
    case .gives(let names):
      guard let names else { return nil }
      context.progress("asking for \(counted(names.count, "service"))")
      nodes(of: names.map { ($0, lookup.named($0)) }, after: answers) { tell($0, $1) }
      return .nothing()
    case .fails(let none): return .nothing(none)
    case .asks: return .nothing(.unanswered)
    }
  }

  /// The names of all services; what is answered already is not asked again.
  /// - Returns: `asks` where it was ended before.
  mutating func serviceNames() -> RegistryNames {
    while true {
      let names = kind.names(lookup, after: answers)
      guard case .asks(let questions) = names, !context.isCancelled() else { return names }
      answer(questions, of: lookup)
    }
  }

  /// Where an address in the answer is to be looked up first.
  private mutating func nodes(
    of lookup: RegistryLookup, by document: JSONValue, after before: RegistryAnswers
  ) -> Resolution {
    answers = before
    while case .asks(let questions) = kind.step(lookup, after: answers) {
      for question in questions {
        if case .http = question { answers[question] = .read(document) } else { answer([question], of: lookup) }
      }
    }
    return kind.nodes(lookup, answers)
  }

  /// How many requests are under way at once.
  private static let concurrency = 50

  /// Asks for many names at once; what is answered already is not asked again.
  mutating func nodes<Key>(
    of lookups: [(Key, RegistryLookup)], after answers: RegistryAnswers, _ tell: (Key, Resolution) -> Void
  ) {
    var waiting = lookups.map { (key: $0, lookup: $1, answers: answers) }
    // A login is of no name.
    var logins = RegistryAnswers()
    while !waiting.isEmpty, !context.isCancelled() {
      var asked: [(key: Key, lookup: RegistryLookup, answers: RegistryAnswers, request: RegistryRequest)] = []
      var named: [(key: Key, lookup: RegistryLookup, answers: RegistryAnswers, questions: [RegistryQuestion])] = []
      for (key, lookup, known) in waiting {
        var answers = known
        switch next(lookup, &answers, &logins) {
        case .gives(let found): tell(key, found)
        case .asks(let questions):
          if case .http(let request)? = questions.first, questions.count == 1 {
            asked.append((key, lookup, answers, request))
          } else if questions.allSatisfy(\.isOfName) {
            named.append((key, lookup, answers, questions))
          } else {
            tell(key, nodes(of: lookup, after: answers))
          }
        }
      }
      // All names at once.
      answer(named.flatMap(\.questions), of: lookup)
      waiting = named.map { key, lookup, known, questions in
        var answers = known
        for question in questions { answers[question] = self.answers[question] }
        return (key, lookup, answers)
      }
      // A server that never answered is asked for fifty at first (`concurrency`): silent, it costs one timeout.
      var unasked = 0
      asked = asked.filter { item in
        guard state(of: item.request) == .unasked else { return true }
        unasked += 1
        guard unasked > Self.concurrency else { return true }
        waiting.append((item.key, item.lookup, item.answers))
        return false
      }
      let sender = self
      let requests = asked.map(\.request)
      http.send((0..<requests.count).lazy.map { sender.request(requests[$0]) }, concurrency: Self.concurrency) {
        index, result in
        var (key, lookup, answers, request) = asked[index]
        answers[.http(request)] = note(result, request, isOfMany: true)
        if case .gives(let found) = kind.step(lookup, after: answers) {
          tell(key, found)
        } else {
          waiting.append((key, lookup, answers))
        }
      }
    }
  }

  /// What is asked next for one of many; servers that are known not to answer are passed over.
  private mutating func next(
    _ lookup: RegistryLookup, _ answers: inout RegistryAnswers, _ logins: inout RegistryAnswers
  ) -> RegistryStep {
    while true {
      let step = kind.step(lookup, after: answers)
      guard case .asks(let questions) = step, questions.count == 1, case .http(let request) = questions[0] else {
        return step
      }
      note(asking: request)
      if request.method == .post {
        if logins[questions[0]] == nil { logins[questions[0]] = reply(to: request, of: lookup, nil) }
        answers[questions[0]] = logins[questions[0]]
      } else if let unsent = kind.reasons.unsent(request, lookup) {
        note(trouble: .told(unsent))
        answers[questions[0]] = .nothing
      } else if state(of: request) == .silent {
        answers[questions[0]] = .nothing
      } else {
        return step
      }
    }
  }

  /// What stands in the files, in place of the server's answer.
  mutating func read(_ pieces: inout RegistryPieces, _ tell: RegistryPieces.Take) -> RegistryReply {
    // A pipe gives its text once.
    if let document { return .read(document) }
    var path = ""
    do {
      for file in files {
        path = file
        var stream = try ByteStream(path, patience: context.patience)
        while let piece = try stream.next() { try pieces.feed(piece, tell) }
      }
      if let answer = try pieces.finish(tell) { return keep(pieces, answer) }
      problem = unreadable(path, "there is nothing in it")
    } catch let error as FileError {
      problem = ResolveQuestion.Stop(finding: error.finding)
    } catch {
      problem = unreadable(path, "not JSON: \(error)")
    }
    return .nothing
  }

  /// The same of a name server's.
  mutating func read(_ name: String, _ type: DNSType) -> RegistryReply {
    if zone == nil, problem == nil {
      do throws(FileError) {
        var bytes: [UInt8] = []
        for file in files { bytes += try context.read(file) + [0x0A] }
        let text = DigText(bytes)
        zone = text.isAnswer ? text : nil
        if zone == nil { problem = unreadable(files[0], "no answer as dig prints it") }
      } catch { problem = ResolveQuestion.Stop(finding: error.finding) }
    }
    return zone.map { zone in
      let (code, records) = zone.answer(name, type)
      return .dns(code: code, records)
    } ?? .nothing
  }

  private func unreadable(_ path: String, _ problem: String) -> ResolveQuestion.Stop {
    ResolveQuestion.Stop(
      finding: Finding(
        rule: InputRules.unreadable, message: "cannot read this: \(problem)",
        file: path == "-" ? InputFile.standardInputName : path, help: kind.reasons.saved))
  }
}

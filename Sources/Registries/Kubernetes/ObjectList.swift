import APISIX
public import HTTP
public import JSON

/// Why a list could not be read.
public enum ListFailure: Error, Sendable {
  case connection(HTTPError)
  /// Anything but 200; the first 64 KiB of its body.
  case refused(ResponseHead, [UInt8])
  /// 200, but no list of the kind that was asked for; what it was instead.
  case notTheList(String)
  /// The list changed under the pages, again and again.
  case keepsExpiring
  /// After so many pages the next would be one that was there before, or they have held nothing for long.
  case endless(pages: Int)
}

extension KubernetesClient {
  /// Reads a list page by page, object by object, and never holds more of it than one object.
  ///
  /// When the server has forgotten the version that the pages belong to (410), the list begins anew.
  /// - Parameters:
  ///   - kind: `EndpointsList`
  ///   - skipping: keys whose values are not wanted.
  ///   - target: path and query of the page behind a continue token.
  ///   - startOver: what was taken so far is void.
  public func list(
    _ kind: String, skipping: [String] = [], target: (String?) -> String, startOver: () -> Void = {},
    take: (JSONStream.Piece) -> Void
  ) throws(ListFailure) {
    var token: String?
    var restarts = 0
    var progress = Progress()
    while true {
      do throws(ListFailure) {
        var first: JSONValue?
        var count = 0
        token = try page(target(token), kind, skipping) { piece in
          if case .item(let item, _) = piece {
            count += 1
            if count == 1 { first = item["metadata"] }
          }
          take(piece)
        }
        guard let token else { return }
        if progress.leadsNowhere(next: token, first?["namespace"]?.string, first?["name"]?.string, count) {
          throw .endless(pages: progress.pages)
        }
      } catch {
        guard case .refused(let head, _) = error, head.status == 410, token != nil else { throw error }
        guard restarts < 3 else { throw .keepsExpiring }
        restarts += 1
        token = nil
        progress = Progress()
        startOver()
      }
    }
  }

  /// Tells a list whose pages lead nowhere: round in circles, with the same objects, or through pages of nothing.
  private struct Progress {
    private(set) var pages = 0
    /// Hashes: a token may be long.
    private var tokens: Set<Int> = []
    private var starts: Set<Int> = []
    private var emptyPages = 0

    /// Takes a page: what leads on from it, its first object's names, and how many it has.
    mutating func leadsNowhere(next token: String, _ namespace: String?, _ name: String?, _ count: Int) -> Bool {
      pages += 1
      emptyPages = count == 0 ? emptyPages + 1 : 0
      let isOld = name != nil && !starts.insert([namespace, name].hashValue).inserted
      return !tokens.insert(token.hashValue).inserted || isOld || emptyPages == 5
    }
  }

  /// - Returns: the token of the next page.
  private func page(
    _ target: String, _ kind: String, _ skipping: [String], _ take: (JSONStream.Piece) -> Void
  ) throws(ListFailure) -> String? {
    var list: JSONValue?
    try pieces(of: target, skipping: skipping) { piece in
      switch piece {
      case .item(_, let envelope):
        // A list of custom resources says what it is behind its items.
        guard envelope["kind"] == nil || envelope["kind"]?.string == kind else { return true }
        take(piece)
      case .document(let document, _):
        list = document
        if document["kind"]?.string == kind { take(piece) }
      }
      return true
    }
    guard let list, list["kind"]?.string == kind else {
      throw .notTheList(list?["kind"]?.string.map { "a \($0)" } ?? "no object of Kubernetes")
    }
    return ClusterView.continuation(of: list)
  }

  /// Hands over what a JSON answer holds as it arrives.
  /// - Parameters:
  ///   - isWatch: the answer has no end of its own, and may break off anywhere.
  ///   - take: false for no more.
  public func pieces(
    of target: String, skipping: [String], isWatch: Bool = false, take: (JSONStream.Piece) -> Bool
  ) throws(ListFailure) {
    var stream = JSONStream(skipping: skipping)
    var head: ResponseHead?
    var refusal: [UInt8] = []
    var problem: String?
    var goesOn = true
    func read(_ body: (inout JSONStream) throws -> Void) {
      do { try body(&stream) } catch { problem = isWatch ? "no watch events: \(error)" : "no JSON: \(error)" }
    }
    let response: Response
    do throws(HTTPError) {
      response = try self.stream(target, timeout: isWatch ? .some(nil) : .none) { event in
        switch event {
        case .head(let answer): head = answer
        case .bytes(let bytes):
          guard head?.status == 200 else {
            refusal += bytes.prefix(65536 - refusal.count)
            return refusal.count < 65536 ? .proceed : .stop
          }
          read { try $0.feed(bytes) { piece in if goesOn { goesOn = take(piece) } } }
        }
        return problem == nil && goesOn ? .proceed : .stop
      }
    } catch { throw .connection(error) }
    guard response.status == 200 else { throw .refused(response.head, refusal) }
    if problem == nil, !isWatch { read { try $0.finish { piece in if goesOn { goesOn = take(piece) } } } }
    if let problem { throw .notTheList(problem) }
  }
}

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
    while true {
      do throws(ListFailure) {
        token = try page(target(token), kind, skipping, take)
        if token == nil { return }
      } catch {
        guard case .refused(let head, _) = error, head.status == 410, token != nil else { throw error }
        guard restarts < 3 else { throw .keepsExpiring }
        restarts += 1
        token = nil
        startOver()
      }
    }
  }

  /// - Returns: the token of the next page.
  private func page(
    _ target: String, _ kind: String, _ skipping: [String], _ take: (JSONStream.Piece) -> Void
  ) throws(ListFailure) -> String? {
    var stream = JSONStream(skipping: skipping)
    var refusal: [UInt8] = []
    var head: ResponseHead?
    var problem: String?
    var list: JSONValue?
    func read(_ body: (inout JSONStream) throws -> Void) {
      guard problem == nil else { return }
      do { try body(&stream) } catch { problem = "no JSON: \(error)" }
    }
    func piece(_ piece: JSONStream.Piece) {
      switch piece {
      case .item(_, let envelope):
        // A list of custom resources says what it is behind its items.
        guard envelope["kind"] == nil || envelope["kind"]?.string == kind else { return }
        take(piece)
      case .document(let document, _):
        list = document
        if document["kind"]?.string == kind { take(piece) }
      }
    }
    let response: Response
    do throws(HTTPError) {
      response = try self.stream(target) { event in
        switch event {
        case .head(let answer): head = answer
        case .bytes(let bytes):
          guard head?.status == 200 else {
            refusal += bytes.prefix(65536 - refusal.count)
            return refusal.count < 65536 ? .proceed : .stop
          }
          read { try $0.feed(bytes, piece) }
        }
        return problem == nil ? .proceed : .stop
      }
    } catch {
      throw .connection(error)
    }
    guard response.status == 200 else { throw .refused(response.head, refusal) }
    read { try $0.finish(piece) }
    if let problem { throw .notTheList(problem) }
    guard let list, list["kind"]?.string == kind else {
      throw .notTheList(list?["kind"]?.string.map { "a \($0)" } ?? "no object of Kubernetes")
    }
    return list["metadata"]?["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }
}

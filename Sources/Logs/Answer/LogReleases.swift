import APISIX
import SourceText

/// The releases that may have written a log, told by the lines of APISIX's source that its entries name. A hint, never
/// a proof: images may be patched.
struct LogReleases {
  /// In order; none where no release fits all entries.
  private var fitting = Release.known
  /// Whether an entry told anything.
  private var isTold = false
  /// What told it already: a log says one thing again and again.
  private var heard: Set<Place> = []

  private struct Place: Hashable {
    let sentence: Sentence
    let text: String
  }

  init(_ samples: some Sequence<String>) {
    for sample in samples { add(sample) }
  }

  private mutating func add(_ sample: String) {
    guard let words = Words(line: sample), words.sentence == .raised, let sentence = words.cause?.sentence,
      let place = words.place
    else { return }
    guard heard.insert(Place(sentence: sentence, text: place)).inserted else { return }
    let places = Release.known.filter { !sentence.places(in: $0).isEmpty }
    guard !places.isEmpty else { return }
    isTold = true
    let own = places.filter { sentence.places(in: $0).contains(place) }
    fitting.removeAll { !own.contains($0) }
  }

  /// All where nothing is told, or no release fits.
  var possible: [Release] { fitting.isEmpty ? Release.known : fitting }

  /// The oldest and the newest; nil where that is not known.
  var span: (min: Release, max: Release)? {
    guard isTold, let first = fitting.first, let last = fitting.last else { return nil }
    return (first.announced, last.announced)
  }

  /// `APISIX 3.8.0 or 3.8.1`
  var text: String? {
    guard let span else { return nil }
    if span.min == span.max { return "APISIX \(span.min)" }
    return "APISIX \(span.min) \(fitting.count == 2 ? "or" : "to") \(span.max)"
  }
}

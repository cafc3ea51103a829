import Findings

/// docs/rules/ is written from the rules themselves, so that the pages cannot differ.
enum RulePages {
  static func write(_ catalogue: Catalogue, below folder: String, _ session: Session) -> ExitStatus {
    for page in catalogue.pages {
      guard session.save(page.text, to: "\(folder)/\(page.path)", makingFolders: true) else { return .unfinished }
    }
    return .passed
  }
}

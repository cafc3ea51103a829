public import Findings
import Lint

/// Every rule that gatecheck has.
public let rules = Catalogue(LintRules.all + ResolveRules.all + ProbeRules.all)

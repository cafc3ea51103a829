import Findings
import Lint
import Probes

/// Every rule that gatecheck has.
let rules = Catalogue(
  LintRules.all + ProbeRules.all, retired: ["resolve/malformed-service-name", "resolve/unknown-cluster"])

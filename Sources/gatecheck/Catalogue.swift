import Doctor
import Findings
import Lint
import Logs
import Probes

/// Every rule that gatecheck has.
let rules = Catalogue(
  LintRules.all + ProbeRules.all + LogRules.all + DoctorRules.all,
  retired: ["resolve/malformed-service-name", "resolve/unknown-cluster"])

import PatchbayAPI
import PatchbayCore

/// What a rule would do to its pool if it were saved now.
struct RuleTrial: Sendable {
    /// Devices that the rule matches by itself.
    var matching: [API.Device] = []
    /// Devices of the pool as it is.
    var before: [API.Device] = []
    /// Devices of the pool with the rule in place.
    var after: [API.Device] = []
    /// What to know of the pool as it would be, and of what leaves it.
    var findings: [API.Finding] = []
    /// Why it cannot be tried, or be saved as it is.
    var problem: Problem?
    /// Some of what was typed cannot be read yet and is left out.
    var isUnfinished = false
}

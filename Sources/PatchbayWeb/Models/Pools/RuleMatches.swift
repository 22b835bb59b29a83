import PatchbayAPI
import PatchbayCore

/// The devices that a rule would match.
struct RuleMatches: Sendable, Hashable {
    let heading: String
    let matches: [DeviceRow]
    let matchesNothing: Bool
    let previewFindings: [FindingNote]

    init(_ preview: API.RulePreview, isEnabled: Bool) {
        let count = preview.devices.count
        self.heading =
            (count == 0 ? "Matches no device" : "Matches \(count) device\(count == 1 ? "" : "s")")
            + (isEnabled ? "" : ", once it is enabled")
        self.matches = preview.devices.map { DeviceRow($0) }
        self.matchesNothing = count == 0
        self.previewFindings = preview.findings.map(FindingNote.init)
    }
}
